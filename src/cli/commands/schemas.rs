//! `kollate schemas`: the Kubernetes versions and kinds that are embedded.

use std::fmt::Write;

use crate::cli::args::SchemasArgs;
use crate::cli::{Exit, Failure, Terminal};
use crate::schema::{Catalog, KubernetesVersion};

pub fn run(args: &SchemasArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let versions: Vec<_> = KubernetesVersion::embedded().map(|version| version.to_string()).collect();
    let mut text = format!("Kubernetes {}\n", versions.join(", "));
    if let Some(wanted) = &args.kind {
        text.clear();
        let wanted = wanted.to_ascii_lowercase();
        let catalog = Catalog::new(KubernetesVersion::latest());
        for gvk in catalog.native_kinds().filter(|gvk| gvk.kind.to_ascii_lowercase().contains(&wanted)) {
            let _ = write!(text, "{:40} {:32}", gvk.api_version(), gvk.kind);
            if let Some(lifetime) = catalog.lifetime(gvk) {
                let added = lifetime.added_in.map(|version| format!(" from {version}")).unwrap_or_default();
                let removed = lifetime.removed_in.map(|version| format!(" gone in {version}")).unwrap_or_default();
                let _ = write!(text, "{added}{removed}");
            }
            text.push('\n');
        }
        if text.is_empty() {
            return Err(Failure::with_help(
                format!("no kind has `{wanted}` in its name"),
                "`kollate schemas` lists the versions",
            ));
        }
    }
    let lines: String = text.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    terminal.data(lines.as_bytes())?;
    Ok(Exit::Fine)
}
