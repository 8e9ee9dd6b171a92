//! What the comment says, at each step of shortening, as the template sees it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::escape::fence;
use crate::diff::{Change, ChangeSet, Class, EnvironmentStatus, Impact, Op, ResourceChange, Shown, Status};
use crate::report::changes::summary_of;
use crate::report::environments::failed;
use crate::report::hunk::{Line, hunks};
use crate::report::style::{clean, count, cut, one_line};
use crate::report::{Report, value, words};
use crate::source::{PathStep, SourceMap};

/// How much the comment tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Everything, with lines around changed lines.
    Full,
    /// No lines around changed lines; of long values the beginning.
    Tight,
    /// Which fields change, without their values.
    Fields,
    /// No changes, only the table of environments and the impacts.
    Impacts,
    /// The first environments and the worst impacts.
    Counts,
}

impl Step {
    /// All, longest first.
    pub const ALL: [Step; 5] = [Step::Full, Step::Tight, Step::Fields, Step::Impacts, Step::Counts];

    fn cut(self) -> Option<&'static str> {
        match self {
            Step::Full => None,
            Step::Tight => Some("lines around changes and the rest of long values are left out"),
            Step::Fields => Some("values are left out"),
            Step::Impacts => Some("the changes are left out"),
            Step::Counts => Some("the changes, some environments and some impacts are left out"),
        }
    }

    fn rows(self) -> usize {
        if self == Step::Counts { 30 } else { usize::MAX }
    }
}

/// The context of the template.
#[derive(Serialize)]
pub struct Comment {
    heading: String,
    table: Table,
    alerts: Vec<Alert>,
    images: Vec<Image>,
    groups: Vec<Group>,
    cut: Option<&'static str>,
    footer: String,
}

#[derive(Serialize)]
struct Table {
    head: Vec<String>,
    rows: Vec<Row>,
    more: Option<String>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    cells: Vec<String>,
}

#[derive(Serialize)]
struct Alert {
    kind: &'static str,
    rows: Vec<Item>,
    more: usize,
}

#[derive(Serialize)]
struct Item {
    environments: String,
    resource: String,
    what: String,
    message: String,
    place: Option<String>,
}

#[derive(Serialize, PartialEq)]
struct Image {
    name: String,
    from: String,
    to: String,
    environments: String,
}

#[derive(Serialize)]
struct Group {
    title: String,
    fence: String,
    body: String,
}

impl Comment {
    pub fn new(set: &ChangeSet, report: &Report, step: Step) -> Self {
        let cut = step.cut().filter(|_| !set.is_empty());
        Comment {
            heading: heading(set),
            table: table(set, step),
            alerts: alerts(set, report.sources, step),
            images: if step <= Step::Fields { images(set) } else { Vec::new() },
            groups: if step <= Step::Fields { groups(set, report.sources, step) } else { Vec::new() },
            cut,
            footer: footer(set),
        }
    }

    /// About how many bytes it will be, at least.
    pub fn length(&self) -> usize {
        self.groups.iter().map(|group| group.body.len()).sum()
    }
}

fn heading(set: &ChangeSet) -> String {
    let having = |class| set.impacts().filter(|(_, impact)| impact.class == class).count();
    let with = |wanted: fn(&Status) -> bool| set.environments.iter().filter(|e| wanted(&e.status)).count();
    let (same, failed) = (with(|s| *s == Status::Unchanged), with(|s| matches!(s, Status::Failed(_))));
    let changed = set.environments.len() - same - failed;
    let mut parts = Vec::new();
    match having(Class::Rejected) {
        0 => {}
        rejected => parts.push(format!("❌ {} will be rejected", count(rejected, "change"))),
    }
    match having(Class::DataLoss) {
        0 => {}
        lost => parts.push(format!("⚠️ {} may lose data", count(lost, "change"))),
    }
    match (changed, failed) {
        (0, 0) => parts.push(format!("✅ no change in {}", count(same, "environment"))),
        (0, _) => {}
        (1, _) => parts.push("1 environment changes".to_owned()),
        (many, _) => parts.push(format!("{many} environments change")),
    }
    if changed + failed > 0 && same > 0 {
        parts.push(if same == 1 { "1 does not".to_owned() } else { format!("{same} do not") });
    }
    if failed > 0 {
        parts.push(format!("{failed} could not be compared"));
    }
    parts.join(" · ")
}

type Counts<'a> = BTreeMap<(&'a str, Class), usize>;

fn table(set: &ChangeSet, step: Step) -> Table {
    let counts = words::impact_counts(set);
    let told: Vec<_> = set.environments.iter().filter(|e| e.status != Status::Unchanged).collect();
    let classes: Vec<Class> =
        Class::ALL.into_iter().filter(|&class| set.impacts().any(|(_, impact)| impact.class == class)).collect();
    let head =
        ["environment", "resources"].into_iter().map(str::to_owned).chain(classes.iter().map(|&c| words::class(c)));
    let more = told.len().saturating_sub(step.rows());
    Table {
        head: head.collect(),
        rows: told.iter().take(step.rows()).map(|e| row(e, &counts, &classes)).collect(),
        more: (more > 0).then(|| format!("and {} more", count(more, "environment"))),
    }
}

fn row(environment: &EnvironmentStatus, counts: &Counts, classes: &[Class]) -> Row {
    let number = |class| counts.get(&(environment.name.as_str(), class)).copied().unwrap_or(0);
    let c = environment.counts;
    let signed = [(c.added, "+"), (c.modified, "~"), (c.removed, "−"), (c.renamed, "→")];
    let counted: Vec<_> = signed.iter().filter(|(n, _)| *n > 0).map(|(n, sign)| format!("{sign}{n}")).collect();
    let resources = match environment.status {
        Status::Failed(side) => failed(side).to_owned(),
        Status::Changed | Status::Unchanged => counted.join(" "),
        status => format!("{} ({})", counted.join(" "), status.as_str()),
    };
    let marked = |class| match number(class) {
        n if n > 0 && class <= Class::DataLoss => format!("**{n}**"),
        n => n.to_string(),
    };
    Row {
        name: environment.name.clone(),
        cells: std::iter::once(resources).chain(classes.iter().map(|&c| marked(c))).collect(),
    }
}

/// One alert for each rejected change and each loss of data, one for all else that is outstanding.
fn alerts(set: &ChangeSet, sources: &SourceMap, step: Step) -> Vec<Alert> {
    let outstanding = set.impacts().filter(|(_, impact)| words::is_outstanding(impact));
    let (worst, other): (Vec<_>, Vec<_>) = outstanding.partition(|(_, impact)| impact.class <= Class::DataLoss);
    let alert = |kind, impacts: &[(&ResourceChange, &Impact)]| Alert {
        kind,
        rows: impacts.iter().take(step.rows()).map(|(entry, impact)| item(entry, impact, set, sources)).collect(),
        more: impacts.len().saturating_sub(step.rows()),
    };
    let alerts = [alert("CAUTION", &worst), alert("WARNING", &other)];
    alerts.into_iter().filter(|alert| !alert.rows.is_empty()).collect()
}

fn item(entry: &ResourceChange, impact: &Impact, set: &ChangeSet, sources: &SourceMap) -> Item {
    let source = words::source_of(entry, impact);
    let place = source.and_then(|(change, _)| change.cause).map(|at| cut(&words::place(at, sources), 200));
    let what = source.map(|(change, _)| match change.path.is_root() {
        true => entry.kind.as_str().to_owned(),
        false => cut(&format!("{}{}", change.path, summary_of(change)), 200),
    });
    Item {
        environments: cut(&words::environments(&entry.environments, set), 200),
        resource: cut(&entry.resource.to_string(), 200),
        what: what.unwrap_or_default(),
        message: cut(&impact.message, 300),
        place,
    }
}

fn images(set: &ChangeSet) -> Vec<Image> {
    let mut images = Vec::new();
    for entry in &set.entries {
        for change in entry.changes.iter().filter(|change| is_image(change)) {
            let (Some(before), Some(after)) = (change.before.as_ref(), change.after.as_ref()) else { continue };
            let (Some(before), Some(after)) = (before.text(), after.text()) else { continue };
            let ((name, from), (other, to)) = (split_image(before), split_image(after));
            let name = if name == other { name.to_owned() } else { format!("{name} → {other}") };
            let environments = words::environments(&entry.environments, set);
            let image = Image { name, from: short(from), to: short(to), environments };
            if !images.contains(&image) {
                images.push(image);
            }
        }
    }
    images
}

fn is_image(change: &Change) -> bool {
    matches!(change.path.steps().last(), Some(PathStep::Key(key)) if *key == *"image")
}

/// The name and what pins it: a digest, a tag, or nothing.
fn split_image(image: &str) -> (&str, &str) {
    let tag = || image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/'));
    image.split_once('@').or_else(tag).unwrap_or((image, ""))
}

fn short(pin: &str) -> String {
    match pin.strip_prefix("sha256:") {
        Some(digits) if digits.len() == 64 && digits.is_ascii() => format!("sha256:{}…", &digits[..12]),
        _ => pin.to_owned(),
    }
}

/// The entries by the environments that share them.
fn groups(set: &ChangeSet, sources: &SourceMap, step: Step) -> Vec<Group> {
    let mut groups: Vec<(&[String], Vec<&ResourceChange>)> = Vec::new();
    for entry in &set.entries {
        match groups.iter_mut().find(|(names, _)| *names == entry.environments) {
            Some((_, entries)) => entries.push(entry),
            None => groups.push((&entry.environments, vec![entry])),
        }
    }
    let group = |(names, entries): (&[String], Vec<&ResourceChange>)| {
        let resources = count(entries.len(), "resource");
        let title = match words::environments(names, set) {
            said if said.is_empty() => resources,
            said => format!("{said}: {resources}"),
        };
        let body: String = entries
            .iter()
            .flat_map(|entry| body(entry, sources, step))
            .flat_map(|line| [line, "\n".to_owned()])
            .collect();
        Group { title, fence: fence(&body), body }
    };
    groups.into_iter().map(group).collect()
}

fn body(entry: &ResourceChange, sources: &SourceMap, step: Step) -> Vec<String> {
    let happened = words::happened(&entry.kind).map(|said| format!(" {said}")).unwrap_or_default();
    let rollout = entry.impacts.iter().filter(|impact| !words::is_outstanding(impact));
    let rollout: String =
        rollout.map(|impact| format!(" · {}: {}", words::class(impact.class), one_line(&impact.message))).collect();
    let mut lines = vec![format!("@@ {}{happened} @@{rollout}", one_line(&entry.resource.to_string()))];
    let follows = entry.changes.iter().filter(|change| change.follows).count();
    for change in entry.changes.iter().filter(|change| !change.follows) {
        let place = change.cause.map(|at| format!("  {}", words::place(at, sources))).unwrap_or_default();
        let path = one_line(&change.path.to_string());
        if !path.is_empty() || !place.is_empty() {
            lines.push(format!(" # {path}{place}"));
        }
        if step < Step::Fields {
            lines.extend(values(change, step));
        }
    }
    if follows > 0 {
        lines.push(format!(
            " # {} a new name",
            crate::report::style::plural(follows, "reference follows", "references follow")
        ));
    }
    lines
}

fn values(change: &Change, step: Step) -> Vec<String> {
    let (context, limit) = if step == Step::Full { (3, 400) } else { (0, 12) };
    let text = |side: &Option<Shown>| {
        side.as_ref().map(|side| value::lines_of(side).map_or_else(|| value::yaml(side).join("\n"), str::to_owned))
    };
    let signed =
        |sign: &str, text: String| text.lines().map(|line| format!("{sign}{}", clean(line))).collect::<Vec<_>>();
    let mut lines = match (text(&change.before), text(&change.after)) {
        (Some(before), Some(after)) if before == after => {
            vec![format!("!{} (masked, changed)", cut(&one_line(&after), 200))]
        }
        (Some(before), Some(after)) if before.contains('\n') || after.contains('\n') => {
            hunks(&before, &after, context).iter().map(Line::plain).collect()
        }
        (before, after) => {
            let removed = before.into_iter().flat_map(|text| signed("-", text));
            removed.chain(after.into_iter().flat_map(|text| signed("+", text))).collect()
        }
    };
    if change.op == Op::Moved {
        lines.insert(0, " # another order".to_owned());
    }
    let more = lines.len().saturating_sub(limit);
    if more > 0 {
        lines.truncate(limit);
        lines.push(format!(" # … {} more", count(more, "line")));
    }
    let longest = if step == Step::Full { 2000 } else { 200 };
    lines.iter().map(|line| cut(line, longest)).collect()
}

fn footer(set: &ChangeSet) -> String {
    let failed = set.environments.iter().filter(|e| matches!(e.status, Status::Failed(_))).count();
    let compared = count(set.environments.len() - failed, "environment");
    let (from, to) = (cut(&set.from.label, 100), cut(&set.to.label, 100));
    format!("{from} → {to} · {compared} compared, {failed} failed · secrets masked · kollate")
}
