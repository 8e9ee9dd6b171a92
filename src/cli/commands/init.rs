//! `kollate init`: a small project that builds, checks and diffs at once.

use crate::cli::args::InitArgs;
use crate::cli::{Exit, Failure, Terminal};
use crate::project::{BadName, scaffold};
use crate::schema::KubernetesVersion;
use crate::source::{Disk, Files, write_file};

pub fn run(args: &InitArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let newest = KubernetesVersion::latest().to_string();
    let files = scaffold(&args.name, &newest).map_err(|BadName(name)| {
        Failure::with_help(
            format!("`{name}` cannot be the name of an application"),
            "use lower case letters, digits and `-`, beginning with a letter, at most 58 of them",
        )
    })?;
    let taken: Vec<_> = files.iter().filter(|(path, _)| Disk.kind(&args.folder.join(path)).is_some()).collect();
    if !taken.is_empty() {
        let names: Vec<_> = taken.iter().map(|(path, _)| format!("`{path}`")).collect();
        return Err(Failure::with_help(
            format!("{} exist in `{}`", names.join(", "), args.folder.display()),
            "nothing was written; name an empty folder: `kollate init my-app`",
        ));
    }
    for (path, text) in &files {
        write_file(&args.folder.join(path), text).map_err(|error| Failure::new(error.to_string()))?;
    }
    let listed: String = files.iter().map(|(path, _)| format!("  {}\n", args.folder.join(path).display())).collect();
    let enter =
        if args.folder.as_os_str() == "." { String::new() } else { format!("  cd {}\n", args.folder.display()) };
    terminal.message(&format!(
        "wrote\n{listed}try\n{enter}  kollate check\n  kollate diff dev prod\n  kollate explain prod deployment/{} spec.replicas\n",
        args.name
    ));
    Ok(Exit::Fine)
}
