//! One run of a function: the `ResourceList` that it is given, the program, and its answer.

use std::ffi::OsString;
use std::path::PathBuf;

use super::answer::Answer;
use super::spec::Spec;
use super::{failure, results};
use crate::compile::{LoadRestrictor, Loader, Session};
use crate::finding::{Finding, Findings};
use crate::resource::{Resource, ResourceSet};
use crate::source::{
    Entry, EntryKind, Environment, Finished, Key, Limits, Node, Program, ProgramError, ScalarKind, Scratch, Signature,
    program, yaml,
};

/// Marks an object that is not to be deployed.
pub const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";

/// How much a function may print.
const MAX_OUTPUT: u64 = 64 << 20;

/// A function about to run.
pub struct Call<'a> {
    /// The program.
    pub spec: &'a Spec,
    /// The object that configures it.
    pub config: &'a Resource,
    /// Signs what is made for the function.
    pub sign: &'a Signature,
}

/// The program's file, the folder it works in, and what must live until it has run.
type Home = (PathBuf, PathBuf, Option<Scratch>);

impl Call<'_> {
    /// Runs the function over `items`. A failure is reported.
    pub fn run(
        &self,
        session: &Session,
        items: &[Node],
        loader: &mut Loader,
        findings: &mut Findings,
    ) -> Option<Answer> {
        let input = match self.resource_list(items) {
            Ok(input) => input,
            Err(error) => {
                findings.push(self.failed(&format!("the function cannot be given the resources: {error}")));
                return None;
            }
        };
        let (command, folder, _scratch) = match self.home(loader, findings) {
            Ok(home) => home,
            Err(finding) => {
                findings.push(*finding);
                return None;
            }
        };
        let functions = &session.options().functions;
        let result = program::run(&Program {
            command: command.into(),
            arguments: self.spec.arguments.clone(),
            folder: Some(folder),
            input: input.clone().into_bytes(),
            environment: Environment::Only(self.environment(&functions.environment)),
            limits: Limits { time: functions.time, bytes: MAX_OUTPUT },
        });
        let answer = self.answer(result, &input, findings);
        answer.map_err(|finding| findings.push(*finding)).ok()
    }

    /// What the function's own description says, and over it what the user lets it see.
    fn environment(&self, allowed: &[(String, OsString)]) -> Vec<(String, OsString)> {
        let is_free = |(name, _): &&(String, String)| !allowed.iter().any(|(known, _)| known == name);
        let own = self.spec.environment.iter().filter(is_free).map(|(name, value)| (name.clone(), value.into()));
        own.chain(allowed.iter().cloned()).collect()
    }

    fn answer(
        &self,
        result: Result<Finished, ProgramError>,
        input: &str,
        findings: &mut Findings,
    ) -> Result<Answer, Box<Finding>> {
        let path = &self.spec.path;
        let finished = result.map_err(|error| {
            let finding = self.failed(&format!("the function `{path}` did not work: {error}"));
            Box::new(match error {
                ProgramError::NotExecutable => finding.help(format!("run `chmod +x {path}`")),
                ProgramError::NotFound => finding.help("see whether the program named in the file's first line exists"),
                ProgramError::TooLong(_) => {
                    finding.help("mend the function, or give it more time with `--function-timeout`")
                }
                _ => finding.help("mend the function"),
            })
        })?;
        let answer = Answer::read(&String::from_utf8_lossy(&finished.output), input, self.spec);
        if finished.code == Some(0) {
            return answer;
        }
        // A function that fails may still have said what is wrong.
        if let Ok(answer) = &answer {
            results::report(&answer.results, self.spec, &ResourceSet::new(), findings);
        }
        let how =
            finished.code.map_or("was ended by a signal".to_owned(), |code| format!("ended with exit code {code}"));
        let finding =
            self.failed(&format!("the function `{path}` {how}")).help("mend the function or what it is given");
        Err(Box::new(if finished.words.is_empty() { finding } else { finding.note(finished.words) }))
    }

    fn failed(&self, message: &str) -> Finding {
        failure(message, self.spec.path_at)
    }

    /// Finds the program. What is not on disk is copied there.
    fn home(&self, loader: &mut Loader, findings: &mut Findings) -> Result<Home, Box<Finding>> {
        let files = loader.store.files();
        let written = loader.path(&self.spec.path);
        let real = files.resolve(&written);
        if files.kind(&written) != Some(EntryKind::File) {
            let finding = self.failed(&format!("there is no program `{}`", self.spec.path));
            return Err(Box::new(match loader.near(&written, findings) {
                Some(near) => finding.help(format!("did you mean `./{near}`?")),
                None => finding.help("write its path as seen from the kustomization's folder"),
            }));
        }
        if loader.restrictor == LoadRestrictor::RootOnly && !real.starts_with(&loader.folder) {
            let finding = self.failed(&format!("`{}` lies outside of the kustomization's folder", self.spec.path));
            return Err(Box::new(
                finding.help(
                    "move the program into the folder, or allow it with `--load-restrictor LoadRestrictionsNone`",
                ),
            ));
        }
        let home = if files.on_disk(&real) {
            (real, loader.folder.clone(), None)
        } else {
            let copy = || {
                let scratch = Scratch::new()?;
                let folder = scratch.copy(files, &loader.folder, "app")?;
                Ok((folder, scratch))
            };
            let (folder, scratch) = copy().map_err(|error: std::io::Error| {
                Box::new(self.failed(&format!("the function cannot be copied to a temporary folder: {error}")))
            })?;
            let inside = real
                .strip_prefix(&loader.folder)
                .map_err(|_| Box::new(self.failed("a function outside of the folder runs from the work tree only")))?;
            (folder.join(inside), folder, Some(scratch))
        };
        loader.reads.insert(written);
        Ok(home)
    }

    /// What the function reads.
    fn resource_list(&self, items: &[Node]) -> Result<String, yaml::PrintError> {
        let sign = self.sign;
        let numbered = items.iter().enumerate().map(|(index, item)| {
            let mut item = item.clone();
            let (index, id) = (index.to_string(), (index + 1).to_string());
            for (name, value) in [
                ("config.kubernetes.io/index", &index),
                ("internal.config.kubernetes.io/index", &index),
                ("config.k8s.io/id", &id),
                ("internal.config.kubernetes.io/id", &id),
            ] {
                annotate(&mut item, name, value, sign);
            }
            item
        });
        let text = |text: &str| Node::new_scalar(text, ScalarKind::String, sign);
        let entry = |key: &str, value: Node| Entry { key: Key::new(key, sign.at), value };
        let list = Node::new_mapping(
            vec![
                entry("apiVersion", text("config.kubernetes.io/v1")),
                entry("kind", text("ResourceList")),
                entry("items", Node::new_sequence(numbered.collect(), sign)),
                entry("functionConfig", function_config(self.config, sign)),
            ],
            sign,
        );
        let mut out = String::new();
        yaml::print(&list, &mut out)?;
        Ok(out)
    }
}

/// The configuration object as the function sees it.
pub fn function_config(config: &Resource, sign: &Signature) -> Node {
    let mut root = config.root.clone();
    annotate(&mut root, LOCAL_CONFIG, "true", sign);
    root
}

/// Sets an annotation.
fn annotate(root: &mut Node, name: &str, value: &str, sign: &Signature) {
    let Some(metadata) = root.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
    if metadata.get("annotations").is_none_or(|annotations| annotations.as_mapping().is_none()) {
        metadata.set_key("annotations", Node::new_mapping(Vec::new(), sign), sign);
    }
    if let Some(annotations) = metadata.get_mut("annotations").and_then(Node::as_mapping_mut) {
        annotations.set_key(name, Node::new_string(value, sign), sign);
    }
}
