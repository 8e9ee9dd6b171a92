//! Whole trees: bases, overlays and components with every field of a kustomization.

use super::identity::{Thing, any_clash};
use super::objects::{Object, object, text};
use super::random::Random;
use super::referrers::referrer;

/// The files of a tree; the one to build is in `root`.
pub type Files = Vec<(String, String)>;

pub(super) struct Maker {
    pub(super) random: Random,
    files: Files,
    folders: usize,
    /// How much there is in a layer, in percent of the usual.
    density: usize,
    /// A base that several overlays share, and what it has.
    shared: Option<(String, Vec<Thing>)>,
}

/// What a layer is for.
#[derive(Clone, Copy, Default)]
pub(super) struct Plan {
    /// How many layers stand above it.
    pub(super) depth: usize,
    pub(super) is_component: bool,
    /// One of several overlays over the shared base; its number.
    pub(super) distinct: Option<usize>,
}

/// The tree of a seed. The folder to build is `root`.
pub fn tree(seed: u64) -> Files {
    let mut random = Random::new(seed);
    let density = random.pick(&[30, 60, 100, 100, 150]);
    let mut maker = Maker { random, files: Vec::new(), folders: 0, density, shared: None };
    if maker.random.chance(15) {
        let things = maker.layer("shared", Plan { depth: 2, ..Plan::default() }, Vec::new());
        maker.shared = Some(("shared".to_owned(), things));
    }
    maker.layer("root", Plan::default(), Vec::new());
    maker.files
}

impl Maker {
    /// True in `percent` of a hundred cases in a usual tree, more or less often in a dense or sparse one.
    pub(super) fn wish(&mut self, percent: usize) -> bool {
        self.random.chance((percent * self.density / 100).min(90))
    }

    pub(super) fn file(&mut self, path: String, text: String) {
        // Some files come from Windows.
        let text = if self.random.chance(4) { text.replace('\n', "\r\n") } else { text };
        self.raw_file(path, text);
    }

    /// A file whose bytes count.
    pub(super) fn raw_file(&mut self, path: String, text: String) {
        self.files.push((path, text));
    }

    /// A number that no other folder or file of the tree bears.
    pub(super) fn number(&mut self) -> usize {
        self.folders += 1;
        self.folders
    }

    /// Makes the layer in `folder`; `above` is what a component finds. Answers with what the layer has.
    pub(super) fn layer(&mut self, folder: &str, plan: Plan, above: Vec<Thing>) -> Vec<Thing> {
        let mut known = above;
        let mut entries = self.bases(plan, &mut known);
        let own = if entries.is_empty() { 1 + self.random.below(2) } else { self.random.below(2) };
        let tag = self.tag(folder, plan);
        for number in 0..own {
            entries.push(self.manifests(folder, number, &tag, &mut known));
        }
        let mut out = String::new();
        self.entries(&entries, &mut out);
        self.generators(folder, &mut known, &mut out);
        if plan.depth < 2 && self.wish(20) {
            self.components(plan, &mut known, &mut out);
        }
        let objects = self.spoken(&known);
        self.patches(folder, &objects, &mut out);
        self.names(plan, &mut known, &mut out);
        self.marks(&mut out);
        self.numbers(&known, &mut out);
        self.replacements(folder, &known, &mut out);
        self.vars(&known, &mut out);
        self.extensions(folder, plan, &mut known, &mut out);
        let file = self.kustomization(plan, &out);
        self.file(format!("{folder}/{}", file.0), file.1);
        known
    }

    /// What keeps the names of two folders apart; some folders share one.
    fn tag(&mut self, folder: &str, plan: Plan) -> String {
        let number = folder.trim_start_matches(char::is_alphabetic);
        match self.random.below(4) {
            0 if plan.depth > 0 => self.random.pick(&["", "-x", "-y"]).to_owned(),
            _ => number.to_owned(),
        }
    }

    /// The layers below, which do not clash with what is there.
    fn bases(&mut self, plan: Plan, known: &mut Vec<Thing>) -> Vec<String> {
        let mut entries = Vec::new();
        let mut add = |maker: &mut Self, folder: &str, things: Vec<Thing>| {
            let mut both = known.clone();
            both.extend(things);
            if !any_clash(&both) || maker.random.chance(5) {
                *known = both;
                let style = maker.random.pick(&["../", "../", "../", "./../"]);
                let end = maker.random.pick(&["", "", "", "/", "/."]);
                entries.push(format!("{style}{folder}{end}"));
            }
        };
        if plan.distinct.is_some()
            && let Some((folder, things)) = self.shared.clone()
        {
            add(self, &folder, things);
        } else if plan.depth == 0 && self.shared.is_some() {
            for number in 0..2 + self.random.below(2) {
                let folder = format!("overlay{}", self.number());
                let below = Plan { depth: 1, is_component: false, distinct: Some(number) };
                let things = self.layer(&folder, below, Vec::new());
                add(self, &folder, things);
            }
        } else if plan.depth < 2 && (!plan.is_component || self.random.chance(20)) {
            for _ in 0..self.random.below(3) {
                let folder = format!("base{}", self.number());
                let things = self.layer(&folder, Plan { depth: plan.depth + 1, ..Plan::default() }, Vec::new());
                add(self, &folder, things);
            }
        }
        entries
    }

    fn components(&mut self, plan: Plan, known: &mut Vec<Thing>, out: &mut String) {
        *out += "components:\n";
        for _ in 0..=self.random.below(2) {
            let folder = format!("component{}", self.number());
            let below = Plan { depth: plan.depth + 1, is_component: true, distinct: None };
            *known = self.layer(&folder, below, known.clone());
            *out += &format!("- ../{folder}\n");
        }
    }

    /// `resources`, and `bases` for some of those that are folders.
    fn entries(&mut self, entries: &[String], out: &mut String) {
        let old = self.random.chance(6);
        let (bases, resources): (Vec<&String>, Vec<&String>) =
            entries.iter().partition(|entry| old && !entry.ends_with(".yaml"));
        for (field, entries) in [("resources", resources), ("bases", bases)] {
            if !entries.is_empty() {
                *out += &format!("{field}:\n");
                entries.iter().for_each(|entry| *out += &format!("- {entry}\n"));
            }
        }
    }

    /// A file of objects, in one of the forms that files have.
    fn manifests(&mut self, folder: &str, number: usize, tag: &str, known: &mut Vec<Thing>) -> String {
        let mut documents = Vec::new();
        for _ in 0..=self.random.below(4) {
            let made = if self.random.chance(45) {
                referrer(&mut self.random, known, tag)
            } else {
                let taken: Vec<Object> = known.iter().map(Thing::now).collect();
                object(&mut self.random, &taken, tag).map(|object| {
                    let text = text(&object, &mut self.random);
                    (object, text)
                })
            };
            let Some((object, text)) = made else { continue };
            let thing = Thing::new(&object, &text);
            if !known.iter().any(|other| other.clashes(&thing)) {
                known.push(thing);
                documents.push(text);
            }
        }
        let separator = self.random.pick(&["---\n", "---\n", "---\n# next\n", "--- # next\n", "\n---\n\n"]);
        let mut all = documents.join(separator);
        if self.random.chance(10) && !documents.is_empty() {
            let items: String = documents.iter().map(|document| indented(document, "- ", "  ")).collect();
            all = format!("apiVersion: v1\nkind: List\nitems:\n{items}");
        } else if self.random.chance(15) {
            all = format!("# head\n---\n{all}---\n");
        }
        let name = format!("r{number}.yaml");
        self.file(format!("{folder}/{name}"), all);
        name
    }

    /// The kustomization file of a layer: its name, and the text in one of the forms it may have.
    fn kustomization(&mut self, plan: Plan, out: &str) -> (String, String) {
        let mut fields = split_fields(out);
        if self.random.chance(15) {
            for at in (1..fields.len()).rev() {
                fields.swap(at, self.random.below(at + 1));
            }
        }
        if self.random.chance(3)
            && let Some(field) = fields.first_mut()
        {
            *field = field[..1].to_uppercase() + &field[1..];
        }
        let mut text = if plan.is_component {
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n".to_owned()
        } else {
            self.random
                .pick(&[
                    "",
                    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
                    "kind: Kustomization\n",
                ])
                .to_owned()
        };
        if self.random.chance(4) {
            text += self.random.pick(&[
                "metadata: {name: kust}\n",
                "metadata:\n  name: x\n  annotations: {config.kubernetes.io/local-config: \"true\"}\n",
            ]);
        }
        self.double(&mut fields);
        let mut fields = fields.concat();
        if self.random.chance(5) {
            fields = self.with_alias(fields);
        }
        text += &fields;
        if self.random.below(200) == 0 {
            text += "unknownField: 1\n";
        }
        if !text.contains("<<")
            && self.random.chance(4)
            && let Ok(value) = serde_yaml::from_str::<serde_json::Value>(&text)
        {
            text = value.to_string();
        }
        let name =
            self.random.pick(&["kustomization.yaml", "kustomization.yaml", "kustomization.yml", "Kustomization"]);
        (name.to_owned(), text)
    }

    /// Lets a field stand twice, with another value or the same: the last one counts.
    fn double(&mut self, fields: &mut Vec<String>) {
        if fields.is_empty() || !self.random.chance(3) {
            return;
        }
        let at = self.random.below(fields.len());
        let first = match self.random.below(3) {
            0 => fields[at].clone(),
            1 => format!("{}:\n", fields[at].split(':').next().unwrap_or_default()),
            _ => {
                let mut lines: Vec<&str> = fields[at].lines().collect();
                lines.truncate(2.max(lines.len() / 2));
                lines.join("\n") + "\n"
            }
        };
        let place = self.random.below(at + 1);
        fields.insert(place, first);
    }

    /// Names the value of a field by an anchor, and repeats or merges it in another one.
    fn with_alias(&mut self, text: String) -> String {
        let named = ["commonLabels:\n", "commonAnnotations:\n", "images:\n", "patches:\n", "configMapGenerator:\n"];
        let (key, other) = match named.iter().find(|key| text.starts_with(**key) || text.contains(&format!("\n{key}")))
        {
            Some(&key) => {
                (key.trim_end(), ["commonAnnotations", "commonLabels", "images", "imageTags", "secretGenerator"])
            }
            None => return text,
        };
        let line = format!("{key} &value\n");
        let text = text.replacen(&format!("{key}\n"), &line, 1);
        let other = self.random.pick(&other);
        match self.random.below(3) {
            _ if text.contains(other) && key.trim_end_matches(':') != other => text,
            0 => format!("{text}generatorOptions: {{labels: *value}}\n"),
            1 => format!("{text}generatorOptions:\n  labels:\n    <<: *value\n    own: x\n"),
            _ if key.trim_end_matches(':') == other => text,
            _ => format!("{text}{other}: *value\n"),
        }
    }

    pub(super) fn some(&mut self, known: &[Object], kinds: &[&str]) -> Option<Object> {
        let fit: Vec<&Object> =
            known.iter().filter(|object| kinds.is_empty() || kinds.contains(&object.kind)).collect();
        if fit.is_empty() { None } else { Some(fit[self.random.below(fit.len())].clone()) }
    }
}

/// The fields of a text, each with what is below it.
fn split_fields(text: &str) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        match fields.last_mut() {
            Some(field) if !line.starts_with(char::is_alphabetic) => field.push_str(line),
            _ => fields.push(line.to_owned()),
        }
    }
    fields
}

pub(super) fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

pub(super) fn indented(text: &str, first: &str, rest: &str) -> String {
    let mut out = String::new();
    for (number, line) in text.lines().enumerate() {
        let pad = if number == 0 { first } else { rest };
        out += if line.is_empty() { "" } else { pad };
        out += line;
        out.push('\n');
    }
    out
}
