//! What tests share: where the corpora lie, and how a project in memory is made.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kollate::compile::{Build, Options, Session};
use kollate::finding::{Finding, Findings, Severity};
use kollate::source::{Disk, FileId, Memory, Node, SourceMap, Store, yaml};

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

/// The first document of a text.
pub fn read(text: &str) -> Node {
    let parsed = yaml::parse(text, FileId::default());
    parsed.documents.into_iter().find_map(|document| document.root).unwrap()
}

/// A node as text.
pub fn print(node: &Node) -> String {
    let mut out = String::new();
    yaml::print(node, &mut out).unwrap();
    out
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

/// Whether the run is to write expected outputs anew.
pub fn update() -> bool {
    std::env::var_os("UPDATE").is_some()
}

/// Whether there is git; said if there is none.
pub fn has_git() -> bool {
    let there = Command::new("git").arg("--version").output().is_ok();
    if !there {
        eprintln!("skipped: the program git is not installed");
    }
    there
}

/// A folder of its own for one test, outside of any repository, removed with it.
pub struct Sandbox {
    /// The folder.
    pub path: PathBuf,
}

impl Sandbox {
    /// An empty folder.
    pub fn empty() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("kollate-sandbox-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Sandbox { path: path.canonicalize().unwrap() }
    }

    /// A copy of a folder of the project, symlinks as they are.
    pub fn copy_of(folder: &Path) -> Self {
        let sandbox = Sandbox::empty();
        copy(folder, &sandbox.path);
        sandbox
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces a text in a file, in which it stands.
    pub fn replace(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "`{from}` does not stand in {name}");
        self.write(name, &text.replace(from, to));
    }

    /// A file's text.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path.join(name)).unwrap()
    }

    /// The files in a folder, by name.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path.join(folder)).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Commits everything, in a repository that is made if there is none. Gives the commit.
    pub fn commit(&self, message: &str) -> String {
        self.commit_in(".", message)
    }

    /// The same in a folder of it.
    pub fn commit_in(&self, folder: &str, message: &str) -> String {
        if !self.path.join(folder).join(".git").exists() {
            self.git_in(folder, &["init", "--quiet", "--initial-branch=main"]);
        }
        self.git_in(folder, &["add", "--all"]);
        self.git_in(folder, &["commit", "--quiet", "--allow-empty", "-m", message]);
        self.git_in(folder, &["rev-parse", "HEAD"])
    }

    /// Runs git, which must do it, without this machine's settings. Gives what it printed.
    pub fn git(&self, arguments: &[&str]) -> String {
        self.git_in(".", arguments)
    }

    /// The same in a folder of it.
    pub fn git_in(&self, folder: &str, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        let user = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
        git.current_dir(self.path.join(folder)).args(user).args(arguments);
        let done = git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").output().unwrap();
        assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        let kind = entry.file_type().unwrap();
        if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path()).unwrap(), target).unwrap();
        } else if kind.is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What a run of the program gave.
pub struct Ran {
    output: Output,
}

impl Ran {
    /// Its data.
    pub fn stdout(&self) -> String {
        String::from_utf8(self.output.stdout.clone()).unwrap()
    }

    /// Its messages.
    pub fn stderr(&self) -> String {
        String::from_utf8(self.output.stderr.clone()).unwrap()
    }

    /// Its exit code.
    pub fn code(&self) -> i32 {
        self.output.status.code().unwrap()
    }
}

/// The program in a folder, with nothing of this machine's settings but the path to git.
pub fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kollate"));
    command.current_dir(folder).args(arguments).env_clear().env("COLUMNS", "120");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("LC_ALL", "C");
    command
}

/// Runs the program to its end.
pub fn kollate(folder: &Path, arguments: &[&str]) -> Ran {
    Ran { output: program(folder, arguments).stdin(Stdio::null()).output().unwrap() }
}

/// Runs the program with a text on its standard input.
pub fn kollate_reading(folder: &Path, arguments: &[&str], input: &str) -> Ran {
    let mut command = program(folder, arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    Ran { output: child.wait_with_output().unwrap() }
}

/// Runs the program with variables of its environment set.
pub fn kollate_with(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let mut command = program(folder, arguments);
    Ran { output: command.envs(variables.iter().copied()).stdin(Stdio::null()).output().unwrap() }
}

/// The documents of a text; texts in them that are JSON or YAML count by their content.
pub fn meaning(text: &str) -> Vec<serde_json::Value> {
    use serde::Deserialize;
    use serde_json::Value;

    fn open(value: Value) -> Value {
        match value {
            Value::Object(map) => Value::Object(map.into_iter().map(|(key, value)| (key, open(value))).collect()),
            Value::Array(items) => items.into_iter().map(open).collect(),
            Value::String(text) => match serde_yaml::from_str::<Value>(&text) {
                Ok(inner @ (Value::Object(_) | Value::Array(_))) => open(inner),
                _ => Value::String(text),
            },
            other => other,
        }
    }
    let documents = serde_yaml::Deserializer::from_str(text).map(|document| Value::deserialize(document).unwrap());
    documents.filter(|value| !value.is_null()).map(open).collect()
}
