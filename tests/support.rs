//! What tests share: where the corpora lie, and how a project in memory is made.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kollate::compile::{Build, Options, Session};
use kollate::finding::{Finding, Findings, Severity};
use kollate::source::{Disk, Memory, SourceMap, Store, yaml};

/// A folder of the corpora, which lie beside the project on some machines and are not part of it.
pub fn corpus(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(name);
    match path.canonicalize() {
        Ok(path) => Some(path),
        Err(_) => {
            eprintln!("skipped: no corpus `{name}` beside the project");
            None
        }
    }
}

/// A session over files on disk.
pub fn on_disk(shown_from: &Path, options: Options) -> Session {
    Session::new(Arc::new(Store::new(Box::new(Disk), SourceMap::new(), shown_from)), options)
}

/// A session over files in memory, whose root is `/`.
pub fn in_memory(files: &[(&str, &str)]) -> Session {
    in_memory_with(files, Options::default())
}

/// The same with options.
pub fn in_memory_with(files: &[(&str, &str)], options: Options) -> Session {
    let memory = files.iter().fold(Memory::new(), |memory, (path, text)| memory.with(path, *text));
    Session::new(Arc::new(Store::new(Box::new(memory), SourceMap::new(), "/")), options)
}

/// The manifests of a build, or its findings as text.
pub fn printed(session: &Session, build: &Build) -> Result<String, String> {
    if build.findings.has_errors() {
        return Err(plain(session.store().map(), &build.findings));
    }
    let mut out = String::new();
    yaml::print_documents(build.resources.iter().map(|resource| &resource.root), &mut out)
        .map_err(|error| error.to_string())?;
    Ok(out)
}

/// Findings as plain lines: severity, rule, message, places, help.
pub fn plain(map: &SourceMap, findings: &Findings) -> String {
    findings.iter().map(|finding| plain_one(map, finding)).collect()
}

fn plain_one(map: &SourceMap, finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let mut text = format!("{severity}[{}]: {}\n", finding.rule, finding.message);
    for label in finding.primary.iter().chain(&finding.related) {
        let place = map.place(label.at);
        text += &format!("  {}:{}:{}: {}\n", place.file, place.line, place.column, label.text);
    }
    for note in &finding.notes {
        text += &format!("  note: {note}\n");
    }
    if let Some(help) = &finding.help {
        text += &format!("  help: {help}\n");
    }
    text
}
