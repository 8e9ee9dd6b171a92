//! `helmCharts`: charts that the user's `helm` renders, if the user allows it.
//!
//! Owns: which `helm` commands kustomize runs for an entry, with which values, and how what they print becomes
//! resources. Must not: run anything unless [`Options::helm`](super::Options::helm) is set.

mod chart;
mod inflate;
mod output;
mod values;

use std::path::PathBuf;
use std::sync::LazyLock;

use self::chart::Chart;
use self::inflate::Inflation;
use super::accumulate::Gathered;
use super::generate::field;
use super::layer::{Layer, Trail};
use super::{Loader, Session};
use crate::finding::{Finding, Findings};
use crate::resource::Resource;
use crate::source::Node;

/// How charts are rendered.
#[derive(Clone, Debug)]
pub struct Helm {
    /// The program: a name in `PATH`, or a path.
    pub command: String,
    /// API versions for charts that name none.
    pub api_versions: Vec<String>,
    /// The version of Kubernetes for charts that name none.
    pub kube_version: String,
    /// Whether helm is to say more when it fails.
    pub debug: bool,
}

impl Default for Helm {
    fn default() -> Self {
        Helm { command: "helm".into(), api_versions: Vec::new(), kube_version: String::new(), debug: false }
    }
}

/// What holds where no helm may run.
static UNSAID: LazyLock<Helm> = LazyLock::new(Helm::default);

/// The field.
const FIELD: &str = "helmCharts";
/// The kind of a `generators:` entry that asks for the same.
pub const KIND: &str = "HelmChartInflationGenerator";

/// `helmCharts`, then the deprecated `helmChartInflationGenerator`.
pub fn charts(session: &Session, layer: &Layer, trail: &Trail<'_>, loader: &mut Loader, gathered: &mut Gathered) {
    let kustomization = &layer.kustomization;
    let globals = kustomization.get("helmGlobals");
    let old = kustomization.list("helmChartInflationGenerator");
    // kustomize: the last one written holds for all charts, of either field, unless there is `helmGlobals`.
    let homes = globals.map_or_else(
        || (last(old, "chartHome"), last(old, "helmHome")),
        |globals| (global(globals, "chartHome"), global(globals, "configHome")),
    );
    let charts = kustomization.list(FIELD);
    let told = gathered.compat.tells_charts_the_namespace() && !(charts.is_empty() && old.is_empty());
    let namespace = if told { trail.namespace().unwrap_or_default() } else { "" };
    gathered.depends_on_trail |= told && layer.namespace().is_none();
    for entry in charts {
        let read = |helm, findings: &mut Findings| Some(Chart::read(entry, homes, helm, findings)?.told(namespace));
        one(session, entry, read, loader, gathered);
    }
    for entry in old {
        let read = |helm, findings: &mut Findings| Some(Chart::read_old(entry, homes, helm, findings)?.told(namespace));
        one(session, entry, read, loader, gathered);
    }
}

/// A `generators:` entry, which is chart and globals in one.
pub fn configured(session: &Session, config: &Resource, loader: &mut Loader, gathered: &mut Gathered) {
    let root = &config.root;
    let homes = (global(root, "chartHome"), global(root, "configHome"));
    let read = |helm, findings: &mut Findings| Chart::read(root, homes, helm, findings);
    one(session, root, read, loader, gathered);
}

/// The folder of charts and that of helm's own settings.
type Homes<'a> = (&'a str, &'a str);

fn global<'a>(node: &'a Node, name: &str) -> &'a str {
    field(node, name).and_then(Node::text).unwrap_or_default()
}

fn last<'a>(entries: &'a [Node], name: &str) -> &'a str {
    entries.iter().map(|entry| global(entry, name)).rfind(|text| !text.is_empty()).unwrap_or_default()
}

fn one<'a>(
    session: &'a Session,
    entry: &Node,
    read: impl FnOnce(&'a Helm, &mut Findings) -> Option<Chart<'a>>,
    loader: &mut Loader,
    gathered: &mut Gathered,
) {
    let Some(helm) = &session.options().helm else {
        gathered.findings.push(refusal(entry));
        if let Some(chart) = read(&UNSAID, &mut gathered.findings) {
            inflate::note_reads(&chart, loader);
        }
        return;
    };
    let Some(chart) = read(helm, &mut gathered.findings) else { return };
    let inflated =
        Inflation::new(&chart, helm, loader, &mut gathered.findings).and_then(|run| run.run(session.pulls()));
    let charted = gathered.compat.tells_charts_the_namespace();
    inflated.into_iter().flatten().for_each(|mut resource| {
        resource.charted = charted;
        gathered.add(resource);
    });
}

fn refusal(entry: &Node) -> Finding {
    let name = field(entry, "name").or_else(|| field(entry, "chartName")).and_then(Node::text);
    let name = name.map_or_else(|| "this chart".to_owned(), |name| format!("the chart `{name}`"));
    Finding::error("build/helm", format!("{name} needs the `helm` program"))
        .at(entry.location(), "kollate starts no other program unless you allow it")
        .help("allow it with `--enable-helm`, or render the chart into a file (`helm template`) and list the file under `resources:`")
}

/// Where the files of one chart lie.
struct Places {
    /// The folder of the folder of the chart.
    home: PathBuf,
    /// The chart's folder.
    chart: PathBuf,
}
