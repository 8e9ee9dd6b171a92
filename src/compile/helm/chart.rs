//! What an entry of `helmCharts` says, and the arguments of `helm` that follow from it.

use std::path::Path;

use super::{Helm, Homes};
use crate::compile::generate::field;
use crate::finding::{Finding, Findings, nearest};
use crate::source::yaml::scalar::bool_value_v2;
use crate::source::{Node, Style};

/// How `valuesInline` meets the values file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValuesMerge {
    /// The inline values win.
    Override,
    /// The file's values win.
    Merge,
    /// The file is not used.
    Replace,
}

const MERGES: [(&str, ValuesMerge); 3] =
    [("merge", ValuesMerge::Merge), ("override", ValuesMerge::Override), ("replace", ValuesMerge::Replace)];

/// One chart to inflate.
#[derive(Debug)]
pub struct Chart<'a> {
    /// The entry, for what concerns all of it.
    pub entry: &'a Node,
    /// The node that names the chart.
    pub named: &'a Node,
    /// The chart's name, which is the name of its folder too.
    pub name: &'a str,
    /// Its version, if it is to be pulled.
    pub version: &'a str,
    /// Where to pull it from.
    pub repo: &'a str,
    /// The folder of charts, as written.
    pub home: &'a str,
    /// The folder of helm's own settings; a temporary one if empty.
    pub config_home: &'a str,
    /// The values file in place of the chart's own.
    pub values_file: Option<&'a Node>,
    /// Values files on top of that.
    pub more_values: Vec<&'a Node>,
    /// Values written in place.
    pub values: Option<&'a Node>,
    /// How they meet the values file.
    pub merge: ValuesMerge,
    release: &'a str,
    namespace: &'a str,
    name_template: &'a str,
    api_versions: Vec<&'a str>,
    kube_version: &'a str,
    flags: Vec<&'static str>,
}

/// Switches, in the order in which kustomize passes them on.
const SWITCHES: [(&str, &str); 5] = [
    ("includeCRDs", "--include-crds"),
    ("skipTests", "--skip-tests"),
    ("skipHooks", "--no-hooks"),
    ("debug", "--debug"),
    // Not in kustomize 5.5, which refuses the field.
    ("devel", "--devel"),
];

fn text<'a>(node: &'a Node, name: &str) -> &'a str {
    field(node, name).and_then(Node::text).unwrap_or_default()
}

fn filled<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    field(node, name).filter(|node| node.text().is_some_and(|text| !text.is_empty()))
}

fn list<'a>(node: &'a Node, name: &str) -> Vec<&'a Node> {
    let items = field(node, name).and_then(Node::as_sequence).unwrap_or_default();
    items.iter().filter(|item| item.text().is_some()).collect()
}

/// The names of an entry's fields, which the deprecated list calls differently.
struct Names {
    name: &'static str,
    version: &'static str,
    repo: &'static str,
    values_file: &'static str,
    values: &'static str,
}

const NEW: Names =
    Names { name: "name", version: "version", repo: "repo", values_file: "valuesFile", values: "valuesInline" };

const OLD: Names = Names {
    name: "chartName",
    version: "chartVersion",
    repo: "chartRepoUrl",
    values_file: "values",
    values: "valuesLocal",
};

impl<'a> Chart<'a> {
    /// Reads an entry of `helmCharts`, or a configuration object, which holds the globals itself.
    pub fn read(entry: &'a Node, homes: Homes<'a>, helm: &'a Helm, findings: &mut Findings) -> Option<Self> {
        let mut chart = Chart::named(entry, &NEW, findings)?;
        chart.release = text(entry, "releaseName");
        chart.namespace = text(entry, "namespace");
        chart.name_template = text(entry, "nameTemplate");
        chart.more_values = list(entry, "additionalValuesFiles");
        chart.api_versions = list(entry, "apiVersions").into_iter().filter_map(Node::text).collect();
        chart.kube_version = text(entry, "kubeVersion");
        let says_yes = |node: &Node| node.style() == Style::Plain && node.text().and_then(bool_value_v2) == Some(true);
        let asked = |name: &str| field(entry, name).is_some_and(says_yes);
        chart.flags = SWITCHES
            .iter()
            .filter(|(name, _)| asked(name) || (*name == "debug" && helm.debug))
            .map(|(_, flag)| *flag)
            .collect();
        chart.complete(homes, helm);
        Some(chart)
    }

    /// Reads an entry of the deprecated `helmChartInflationGenerator`, of which kustomize takes over only some fields.
    pub fn read_old(entry: &'a Node, homes: Homes<'a>, helm: &'a Helm, findings: &mut Findings) -> Option<Self> {
        let mut chart = Chart::named(entry, &OLD, findings)?;
        chart.release = text(entry, "releaseName");
        chart.flags = if helm.debug { vec!["--debug"] } else { Vec::new() };
        chart.complete(homes, helm);
        Some(chart)
    }

    /// The chart, which is told this namespace if its entry names none.
    pub fn told(mut self, namespace: &'a str) -> Self {
        if self.namespace.is_empty() {
            self.namespace = namespace;
        }
        self
    }

    fn named(entry: &'a Node, names: &Names, findings: &mut Findings) -> Option<Self> {
        let Some(named) = filled(entry, names.name) else {
            let finding = Finding::error("build/helm", "a chart must have a name").at(entry.location(), "");
            findings.push(finding.help(format!("add `{}:` with the name of the chart", names.name)));
            return None;
        };
        let name = named.text().unwrap_or_default();
        for word in [Some(named), filled(entry, "releaseName")].into_iter().flatten() {
            // helm would take it for one of its options, of which some start programs.
            if word.text().is_some_and(|text| text.starts_with('-')) {
                let finding = Finding::error("build/helm", "the name of a chart or release cannot begin with `-`");
                findings.push(finding.at(word.location(), "").help("choose another name"));
                return None;
            }
        }
        if name.contains(['/', '\\']) || name == ".." || name == "." {
            let finding = Finding::error("build/helm", format!("`{name}` is a path and not the name of a chart"));
            findings.push(finding.at(named.location(), "").help(
                "write the name of the chart's folder, and the folder around it as `chartHome` below `helmGlobals`",
            ));
            return None;
        }
        Some(Chart {
            entry,
            named,
            name,
            version: text(entry, names.version),
            repo: text(entry, names.repo),
            home: "",
            config_home: "",
            values_file: filled(entry, names.values_file),
            more_values: Vec::new(),
            values: inline(entry, names.values, findings)?,
            merge: merge(entry, findings)?,
            release: "",
            namespace: "",
            name_template: "",
            api_versions: Vec::new(),
            kube_version: "",
            flags: Vec::new(),
        })
    }

    /// What the entry leaves open is for the globals and the command line.
    fn complete(&mut self, (home, config_home): Homes<'a>, helm: &'a Helm) {
        self.home = if home.is_empty() { "charts" } else { home };
        self.config_home = config_home;
        if self.api_versions.is_empty() {
            self.api_versions = helm.api_versions.iter().map(String::as_str).collect();
        }
        if self.kube_version.is_empty() {
            self.kube_version = &helm.kube_version;
        }
    }

    /// The arguments that render the chart in `folder` with these values files.
    pub fn template_arguments(&self, folder: &Path, values: &[String]) -> Vec<String> {
        let mut arguments = vec!["template"];
        arguments.push(if self.release.is_empty() { "--generate-name" } else { self.release });
        let folder = folder.to_string_lossy();
        arguments.push(&folder);
        let given = |flag: &'static str, value: &'a str| [flag, value].into_iter().filter(move |_| !value.is_empty());
        arguments.extend(given("--namespace", self.namespace));
        arguments.extend(given("--name-template", self.name_template));
        arguments.extend(values.iter().flat_map(|file| ["-f", file]));
        arguments.extend(self.api_versions.iter().flat_map(|version| ["--api-versions", version]));
        arguments.extend(given("--kube-version", self.kube_version));
        arguments.extend(&self.flags);
        arguments.into_iter().map(str::to_owned).collect()
    }

    /// The arguments that pull the chart into the folder `home`.
    pub fn pull_arguments(&self, home: &Path) -> Vec<String> {
        let home = home.to_string_lossy();
        let image = format!("{}/{}", self.repo.strip_suffix('/').unwrap_or(self.repo), self.name);
        let mut arguments = vec!["pull", "--untar", "--untardir", &home];
        if self.repo.starts_with("oci://") {
            arguments.push(&image);
        } else {
            arguments.extend(["--repo", self.repo, self.name]);
        }
        if !self.version.is_empty() {
            arguments.extend(["--version", self.version]);
        }
        if self.flags.contains(&"--devel") {
            arguments.push("--devel");
        }
        arguments.into_iter().map(str::to_owned).collect()
    }
}

fn inline<'a>(entry: &'a Node, name: &str, findings: &mut Findings) -> Option<Option<&'a Node>> {
    let Some(values) = field(entry, name) else { return Some(None) };
    match values.as_mapping() {
        Some(mapping) => Some((!mapping.is_empty()).then_some(values)),
        None => {
            let finding = Finding::error("build/helm", format!("`{name}` must be a mapping"));
            findings.push(finding.at(values.location(), "").help("write values as in a chart's `values.yaml`"));
            None
        }
    }
}

fn merge(entry: &Node, findings: &mut Findings) -> Option<ValuesMerge> {
    let Some(node) = filled(entry, "valuesMerge") else { return Some(ValuesMerge::Override) };
    let word = node.text().unwrap_or_default();
    if let Some((_, merge)) = MERGES.iter().find(|(name, _)| *name == word) {
        return Some(*merge);
    }
    let finding = Finding::error("build/helm", format!("`{word}` is no way to merge values")).at(node.location(), "");
    findings.push(match nearest(word, MERGES.map(|(name, _)| name)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("write `override`, `merge` or `replace`"),
    });
    None
}
