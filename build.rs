//! Links the released program of Linux without shared libraries, where it can be: to find them and move them into their
//! place takes a third of the time of a small build.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Linked in the end, over and over, since each of these needs others.
const LIBRARIES: [&str; 6] = ["-Wl,--start-group", "-lgcc_eh", "-lgcc", "-lc", "-lm", "-Wl,--end-group"];

/// Shared libraries, and those that hold the same.
const SHARED: [(&str, &str); 7] =
    [("gcc_s", "gcc_eh"), ("c", "c"), ("m", "m"), ("dl", "dl"), ("rt", "rt"), ("util", "util"), ("pthread", "pthread")];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|known| known == value);
    let is_gnu = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    let is_native = env::var("HOST").ok() == env::var("TARGET").ok();
    let Some(out) = env::var_os("OUT_DIR").map(PathBuf::from) else { return };
    if !(is_gnu && is_native && is("PROFILE", "release")) {
        return;
    }
    // The compiler asks for shared libraries by these names. Here they lead to those that are not shared.
    for (name, meant) in SHARED {
        if fs::write(out.join(format!("lib{name}.so")), format!("INPUT(-l:lib{meant}.a)\n")).is_err() {
            return;
        }
    }
    let mut arguments = vec![format!("-L{}", out.display()), "-static".into(), "-no-pie".into()];
    arguments.extend(LIBRARIES.map(str::to_owned));
    if runs(&arguments, &out) {
        arguments.iter().for_each(|argument| println!("cargo::rustc-link-arg-bins={argument}"));
    }
}

/// Whether a program that is linked so runs: the libraries are not installed everywhere.
fn runs(arguments: &[String], out: &Path) -> bool {
    let linker = env::var_os("RUSTC_LINKER").unwrap_or_else(|| "cc".into());
    let (source, trial) = (out.join("trial.c"), out.join("trial"));
    let quietly = |command: &mut Command| command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    let as_compiler = ["-nodefaultlibs", "-Wl,-Bdynamic"].map(str::to_owned);
    let names = SHARED.iter().map(|(name, _)| format!("-l{name}"));
    let mut link = Command::new(linker);
    link.arg(&source).arg("-o").arg(&trial).args(as_compiler).args(names).args(arguments);
    fs::write(&source, "int main(void) { return 0; }\n").is_ok()
        && quietly(&mut link).is_ok_and(|status| status.success())
        && quietly(&mut Command::new(&trial)).is_ok_and(|status| status.success())
}
