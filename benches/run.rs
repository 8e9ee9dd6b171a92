//! Processes to be measured.

use std::path::{Path, PathBuf};
use std::process::{self, Stdio};
use std::time::Instant;

/// A program and its arguments.
pub type Command = Vec<String>;

/// Our build of these folders or files, in one process.
pub fn ours(targets: &[PathBuf]) -> Command {
    let targets = targets.iter().map(|target| target.display().to_string());
    [env!("CARGO_BIN_EXE_kollate"), "build", "--compat", "5.5"].map(str::to_owned).into_iter().chain(targets).collect()
}

/// Their build of a folder.
pub fn theirs(folder: &Path) -> Command {
    vec!["kubectl".to_owned(), "kustomize".to_owned(), folder.display().to_string()]
}

fn process(command: &Command) -> process::Command {
    let mut process = process::Command::new(&command[0]);
    process.args(&command[1..]).stderr(Stdio::null()).stdout(Stdio::null());
    process
}

/// Seconds that it takes to run the commands one after the other; `None` if one is not there or fails.
pub fn time(commands: &[Command]) -> Option<f64> {
    let start = Instant::now();
    let done = commands.iter().all(|command| process(command).status().is_ok_and(|status| status.success()));
    (done && !commands.is_empty()).then(|| start.elapsed().as_secs_f64())
}

/// What the command prints.
pub fn output(command: &Command) -> Option<Vec<u8>> {
    Some(process(command).stdout(Stdio::piped()).output().ok()?.stdout)
}

/// Peak resident memory in MiB, as the `time` program reports it.
pub fn peak(command: &Command) -> Option<f64> {
    let measured =
        process::Command::new("/usr/bin/time").args(["-f", "%M"]).args(command).stdout(Stdio::null()).output();
    let text = String::from_utf8(measured.ok()?.stderr).ok()?;
    let kib: f64 = text.lines().last()?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

/// The one in the middle.
pub fn median(mut times: Vec<f64>) -> Option<f64> {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied()
}
