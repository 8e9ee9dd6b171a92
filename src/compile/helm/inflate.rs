//! Runs `helm` for one chart: version, pull if the chart is not there, template.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::chart::{Chart, ValuesMerge};
use super::{Helm, Places, output, values};
use crate::compile::Loader;
use crate::compile::patch::MergeSchema;
use crate::finding::{Finding, Findings};
use crate::resource::Resource;
use crate::source::{
    Disk, EntryKind, Environment, Files, Finished, Limits, Node, Program, ProgramError, Scratch, normalize, program,
};

/// A pull goes over the network.
const LIMITS: Limits = Limits { time: Duration::from_secs(300), bytes: 64 << 20 };

/// One chart being rendered.
pub struct Inflation<'a> {
    chart: &'a Chart<'a>,
    helm: &'a Helm,
    loader: &'a mut Loader,
    findings: &'a mut Findings,
    scratch: Scratch,
    config_home: String,
}

impl<'a> Inflation<'a> {
    /// Prepares a temporary folder.
    pub fn new(
        chart: &'a Chart<'a>,
        helm: &'a Helm,
        loader: &'a mut Loader,
        findings: &'a mut Findings,
    ) -> Option<Self> {
        let scratch = match Scratch::new() {
            Ok(scratch) => scratch,
            Err(error) => {
                findings.push(no_scratch(chart.named, &error));
                return None;
            }
        };
        let config_home = match chart.config_home {
            "" => scratch.path().join("helm").to_string_lossy().into_owned(),
            given => given.to_owned(),
        };
        Some(Inflation { chart, helm, loader, findings, scratch, config_home })
    }

    /// Renders the chart. `pulls` lets one chart be pulled at a time: environments that are built side by side share
    /// the folder of charts.
    pub fn run(mut self, pulls: &Mutex<()>) -> Option<Vec<Resource>> {
        let more_values = self.more_values()?;
        self.check_version()?;
        let places = self.places(pulls)?;
        let mut files = vec![self.values(&places)?];
        files.extend(more_values);
        let finished = self.call(self.chart.template_arguments(&places.chart, &files))?;
        let text = String::from_utf8_lossy(&finished.output);
        Some(output::resources(&text, self.chart.entry, self.findings))
    }

    /// `additionalValuesFiles`, which the load restrictor speaks to.
    fn more_values(&mut self) -> Option<Vec<String>> {
        let mut files = Vec::new();
        for (number, node) in self.chart.more_values.iter().enumerate() {
            let written = node.text()?;
            let loaded = self.loader.file(written, node.location(), self.findings)?;
            let path = match self.loader.store.files().on_disk(&self.loader.folder) {
                true => self.loader.path(written),
                false => self.write(&format!("more-values-{number}.yaml"), loaded.bytes())?,
            };
            files.push(path.to_string_lossy().into_owned());
        }
        Some(files)
    }

    fn check_version(&mut self) -> Option<()> {
        let finished = self.call(["version", "--short"].map(str::to_owned).to_vec())?;
        let said = String::from_utf8_lossy(&finished.output).trim().to_owned();
        let problem = match major(&said) {
            Some("3" | "4") => return Some(()),
            Some(other) => format!("`{}` is helm {other}, and helm 3 or 4 is needed", self.helm.command),
            None => format!("`{} version` names no version: `{said}`", self.helm.command),
        };
        let finding = Finding::error("build/helm", problem).at(self.chart.named.location(), "");
        self.findings.push(finding.help("install helm 3, or name it with `--helm-command`"));
        None
    }

    /// Finds the chart, or pulls it.
    fn places(&mut self, pulls: &Mutex<()>) -> Option<Places> {
        let _one_at_a_time = pulls.lock().unwrap_or_else(PoisonError::into_inner);
        let Places { home, chart } = local(self.chart, self.loader);
        let on_disk = self.loader.store.files().on_disk(&self.loader.folder);
        if self.loader.store.kind(&chart) == Some(EntryKind::Folder) {
            self.loader.note_folder(&chart);
            if on_disk {
                return Some(Places { home, chart });
            }
            // helm sees the disk only; this may be the tree of a git revision.
            let copied = self.scratch.copy(self.loader.store.files(), &chart, self.chart.name);
            let there = self.told(copied)?;
            return Some(Places { home, chart: there });
        }
        if self.chart.repo.is_empty() {
            let finding = self.missing(&home);
            self.findings.push(finding);
            return None;
        }
        let into = if on_disk { home } else { self.scratch.path().join("charts") };
        self.call(self.chart.pull_arguments(&into))?;
        Some(Places { chart: into.join(self.chart.name), home: into })
    }

    fn missing(&mut self, home: &Path) -> Finding {
        let name = self.chart.name;
        let finding = Finding::error("build/helm", format!("there is no chart `{name}`"))
            .at(self.chart.named.location(), format!("no folder `{name}` in `{}`", self.loader.store.shown(home)));
        match self.loader.near(&home.join(name), self.findings) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("put the chart there, or add `repo:` to have it pulled"),
        }
    }

    /// The values file to render with, which is a copy or a mixture.
    fn values(&mut self, places: &Places) -> Option<String> {
        let needed = self.chart.values.is_none() || self.chart.merge != ValuesMerge::Replace;
        let file = if needed { Some(self.values_file(places)?) } else { None };
        let text = match (self.chart.values, &file) {
            (None, Some(bytes)) => bytes.clone(),
            _ => {
                let text = file.as_deref().map(String::from_utf8_lossy);
                values::merged(self.chart, text.as_deref(), &MergeSchema::built_in(), self.findings)?.into_bytes()
            }
        };
        let path = self.write(&format!("{}-kustomize-values.yaml", self.chart.name), &text)?;
        Some(path.to_string_lossy().into_owned())
    }

    fn values_file(&mut self, places: &Places) -> Option<Vec<u8>> {
        if let Some(node) = self.chart.values_file {
            return Some(self.loader.file(node.text()?, node.location(), self.findings)?.bytes().to_vec());
        }
        if !self.loader.store.files().on_disk(&self.loader.folder) {
            let read = Disk.read(&places.chart.join("values.yaml"));
            return self.told(read.map_err(|error| std::io::Error::other(format!("`values.yaml`: {error}"))));
        }
        let path = places.home.join(self.chart.name).join("values.yaml");
        let at = self.chart.named.location();
        Some(self.loader.file(&path.to_string_lossy(), at, self.findings)?.bytes().to_vec())
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> Option<PathBuf> {
        let written = self.scratch.write(name, bytes);
        self.told(written)
    }

    fn told<T>(&mut self, result: std::io::Result<T>) -> Option<T> {
        result.map_err(|error| self.findings.push(no_scratch(self.chart.named, &error))).ok()
    }

    /// Runs helm; a failure is reported.
    fn call(&mut self, arguments: Vec<String>) -> Option<Finished> {
        let action = arguments.first().cloned().unwrap_or_default();
        let home = &self.config_home;
        let variables = vec![
            ("HELM_CONFIG_HOME".to_owned(), home.into()),
            ("HELM_CACHE_HOME".to_owned(), format!("{home}/.cache").into()),
            ("HELM_DATA_HOME".to_owned(), format!("{home}/.data").into()),
        ];
        let result = program::run(&Program {
            command: self.helm.command.clone().into(),
            arguments,
            folder: None,
            input: Vec::new(),
            environment: Environment::Inherited(variables),
            limits: LIMITS,
        });
        match result {
            Ok(finished) if finished.code == Some(0) => Some(finished),
            Ok(finished) => {
                let finding = self.failure(format!("`helm {action}` failed for the chart `{}`", self.chart.name));
                let finding =
                    finding.help("mend the chart, its values or this entry; `--helm-debug` makes helm say more");
                let words = self.presentable(&finished.words);
                self.findings.push(if words.is_empty() { finding } else { finding.note(words) });
                None
            }
            Err(error) => {
                let command = &self.helm.command;
                let finding = self.failure(format!("`{command} {action}` did not work: {error}"));
                self.findings.push(finding.help(match error {
                    ProgramError::NotFound => "install helm 3, or name it with `--helm-command`",
                    _ => "see whether the program works by itself",
                }));
                None
            }
        }
    }

    fn failure(&self, message: String) -> Finding {
        Finding::error("build/helm", message).at(self.chart.named.location(), "")
    }

    /// helm's words without the temporary folder, which is another in each run, and without the repository's password.
    fn presentable(&self, words: &str) -> String {
        let words = words.replace(&*self.scratch.path().to_string_lossy(), "<temporary folder>");
        match self.chart.repo.split_once("://").and_then(|(_, rest)| rest.split('/').next()?.rsplit_once('@')) {
            Some((password, _)) => words.replace(password, "***"),
            None => words,
        }
    }
}

/// Where the chart lies, or would lie.
fn local(chart: &Chart<'_>, loader: &Loader) -> Places {
    let home = match (chart.version, chart.repo) {
        ("", _) | (_, "") => loader.path(chart.home),
        (version, _) => normalize(&loader.path(chart.home).join(format!("{}-{version}", chart.name))),
    };
    let folder = normalize(&home.join(chart.name));
    Places { home, chart: folder }
}

/// Counts the files of a chart that is not rendered as read all the same: they decide what it would be.
pub fn note_reads(chart: &Chart<'_>, loader: &mut Loader) {
    let places = local(chart, loader);
    loader.note_folder(&places.chart);
    for node in chart.values_file.iter().chain(&chart.more_values) {
        let path = loader.path(node.text().unwrap_or_default());
        loader.reads.insert(path);
    }
}

fn no_scratch(at: &Node, error: &std::io::Error) -> Finding {
    Finding::error("build/helm", format!("the chart cannot be prepared in a temporary folder: {error}"))
        .at(at.location(), "")
        .help("see whether the folder for temporary files can be written to")
}

/// The first number of the first thing in `text` that looks like a version, with a `v` or without.
fn major(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let mut start = 0;
    while start < bytes.len() {
        let digits = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let rest = &bytes[start + digits..];
        if digits > 0 && rest.first() == Some(&b'.') && rest.get(1).is_some_and(u8::is_ascii_digit) {
            return text.get(start..start + digits);
        }
        start += digits.max(1);
    }
    None
}
