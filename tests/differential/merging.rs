//! Objects of every kind whose lists merge, and strategic-merge patches of them, right and odd.

use std::fmt::Write;
use std::sync::OnceLock;

use serde_json::Value;

use super::comments::with_schemas;
use super::random::Random;
use super::scalars::value;
use super::tree::{Files, indented};
use crate::support::corpus;

/// The merge keys of all kinds; nothing without the corpus.
fn schema() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = corpus("openapi").map(|folder| std::fs::read_to_string(folder.join("merge_schema.json")).unwrap());
        text.map_or(Value::Null, |text| serde_json::from_str(&text).unwrap())
    })
}

/// Some objects and patches of them.
pub fn tree(random: &mut Random) -> Files {
    let mut kinds: Vec<(String, String, String)> = Vec::new();
    let mut text = String::new();
    for number in 0..=random.below(2) {
        let (api, kind) = gvk(random);
        let name = format!("{}{number}", random.pick(&["web", "api"]));
        if number > 0 {
            text += "---\n";
        }
        text += &format!(
            "{}{}",
            identity(random, &api, &kind, &name, true),
            Shape { random, patch: false, directed: false }.of(&api, &kind)
        );
        kinds.push((api, kind, name));
    }
    let commented = random.chance(25);
    if commented {
        text = with_schemas(random, &text);
    }
    let mut files = vec![("root/r.yaml".to_owned(), text)];
    let mut kustomization = String::from("resources: [r.yaml]\n");
    if random.chance(12) {
        kustomization += random.pick(&[
            "namePrefix: p-\n",
            "namespace: ns\n",
            "commonLabels: {l: m}\n",
            "commonAnnotations: {x: z}\n",
            "buildMetadata: [transformerAnnotations]\n",
        ]);
    }
    let mut fields = [String::new(), String::new()];
    for number in 0..=random.below(2) {
        let legacy = random.chance(20);
        let mut patch = patch(random, &kinds);
        let several = random.chance(8);
        if several {
            patch += &format!("---\n{}", self::patch(random, &kinds));
        }
        if commented && random.chance(50) {
            patch = with_schemas(random, &patch);
        }
        if !several && random.chance(4) {
            patch = format!("apiVersion: v1\nkind: List\nitems:\n{}", indented(&patch, "- ", "  "));
        }
        if random.chance(30) {
            let name = format!("p{number}.yaml");
            files.push((format!("root/{name}"), patch));
            fields[usize::from(legacy)] += &if legacy { format!("- {name}\n") } else { format!("- path: {name}\n") };
        } else if legacy {
            fields[1] += &format!("- |-\n{}", indented(&patch, "  ", "  "));
        } else {
            fields[0] += &format!("- patch: {}\n{}", random.pick(&["|-", "|", "|+"]), indented(&patch, "    ", "    "));
        }
        if !legacy && random.chance(45) {
            fields[0] += &target(random, &kinds);
        }
        if !legacy && random.chance(10) {
            fields[0] += random.pick(&[
                "  options: {allowNameChange: true}\n",
                "  options: {allowKindChange: true}\n",
                "  options:\n    allowNameChange: true\n    allowKindChange: true\n",
                "  options: {}\n",
            ]);
        }
    }
    for (field, text) in ["patches", "patchesStrategicMerge"].iter().zip(fields) {
        if !text.is_empty() {
            kustomization += &format!("{field}:\n{text}");
        }
    }
    files.push(("root/kustomization.yaml".to_owned(), kustomization));
    files
}

fn gvk(random: &mut Random) -> (String, String) {
    const COMMON: &[(&str, &str)] = &[
        ("apps/v1", "Deployment"),
        ("v1", "Pod"),
        ("v1", "Service"),
        ("apps/v1", "StatefulSet"),
        ("v1", "ServiceAccount"),
        ("e.x/v1", "Gadget"),
        ("apps/v9", "Deployment"),
        ("batch/v1", "CronJob"),
    ];
    let known: Vec<&String> = schema()["gvk"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name)
        .filter(|name| !name.ends_with("List"))
        .collect();
    if known.is_empty() || random.chance(50) {
        let (api, kind) = random.pick(COMMON);
        return (api.to_owned(), kind.to_owned());
    }
    let (api, kind) = known[random.below(known.len())].split_once('|').unwrap();
    (api.to_owned(), kind.to_owned())
}

fn identity(random: &mut Random, api: &str, kind: &str, name: &str, base: bool) -> String {
    let mut out = format!("apiVersion: {api}\nkind: {kind}\nmetadata:\n  name: {name}\n");
    if base && random.chance(60) {
        out += random.pick(&[
            "  labels: {app: web}\n",
            "  labels: {app: api, tier: \"1\"}\n",
            "  annotations: {note: x}\n  labels:\n    app: web\n",
        ]);
    } else if !base && random.chance(20) {
        out += random.pick(&[
            "  labels: {app: null, new: x}\n",
            "  annotations: {note: null}\n",
            "  annotations: null\n",
            "  labels: {}\n",
            "  annotations: {n: 1, t: 2020-01-01}\n",
            "  labels:\n    $patch: replace\n    only: x\n",
            "  annotations:\n    $patch: delete\n",
        ]);
    }
    out
}

fn patch(random: &mut Random, kinds: &[(String, String, String)]) -> String {
    let (api, kind, name) = &kinds[random.below(kinds.len())];
    let name = if random.chance(3) { "other" } else { name };
    let api = if random.chance(3) { "v1" } else { api };
    let head = identity(random, api, kind, name, false);
    let directive = if random.chance(5) {
        random.pick(&["$patch: delete\n", "$patch: replace\n", "$patch: merge\n", "$patch: odd\n"])
    } else {
        ""
    };
    let directed = !directive.is_empty();
    format!("{head}{}{directive}", Shape { random, patch: true, directed }.of(api, kind))
}

fn target(random: &mut Random, kinds: &[(String, String, String)]) -> String {
    let (api, kind, name) = &kinds[random.below(kinds.len())];
    let group = api.split_once('/').map_or("", |(group, _)| group);
    let version = api.rsplit('/').next().unwrap();
    let fields = match random.below(14) {
        0 => "{}".to_owned(),
        1 => format!("{{kind: {kind}, name: {name}}}"),
        2 => format!("{{group: \"{group}\", version: {version}, kind: {kind}}}"),
        3 => format!("{{name: {}.*}}", &name[..2]),
        4 => format!("{{name: \"{name}|nothing\"}}"),
        5 => "{labelSelector: \"app in (web,api),tier!=2\"}".to_owned(),
        6 => "{labelSelector: \"app\"}".to_owned(),
        7 => "{labelSelector: \"!tier\"}".to_owned(),
        8 => "{labelSelector: \"app notin (web)\", annotationSelector: \"\"}".to_owned(),
        9 => "{annotationSelector: note=x}".to_owned(),
        10 => "{namespace: default}".to_owned(),
        11 => format!("{{kind: \"{}.+\", name: \"^{name}$\"}}", &kind[..1]),
        12 => "{labelSelector: \"app==web\"}".to_owned(),
        _ => format!("{{kind: {kind}}}"),
    };
    format!("  target: {fields}\n")
}

/// Writes what a kind has or a patch says of it, without single values where there are lists or mappings: kustomize
/// refuses these when it looks for names to follow, even if there are none, and kollate looks only if there are.
struct Shape<'r> {
    random: &'r mut Random,
    patch: bool,
    /// Whether the next mapping has its directive already.
    directed: bool,
}

impl Shape<'_> {
    fn of(&mut self, api: &str, kind: &str) -> String {
        let name = schema()["gvk"][format!("{api}|{kind}")].as_str();
        // What the schema does not know merges without keys; it looks like a deployment all the same.
        let name = name.unwrap_or("io.k8s.api.apps.v1.Deployment");
        let mut out = self.fields(name, 0, 0, &["metadata"]);
        if self.random.chance(30) {
            let finalizers = self.random.pick(&[
                "[a, b]",
                "[b, c]",
                "[a, a]",
                "[]",
                "null",
                "[b, {$patch: delete}]",
                "[{$patch: replace}, z]",
                "[1, a]",
                "[null, a]",
                "\n  - a\n  - \"b\"",
            ]);
            // The metadata stands last in what was written before, so this goes first.
            out = format!("  finalizers: {finalizers}\n{out}");
        }
        if self.random.chance(15) {
            let owner = self.random.pick(&[
                "[{uid: u1, name: x}]",
                "[{uid: u1, kind: K}, {uid: u2}]",
                "[{name: x}]",
                "[{uid: u2, $patch: delete}]",
            ]);
            out = format!("  ownerReferences: {owner}\n{out}");
        }
        out
    }

    fn fields(&mut self, type_name: &str, indent: usize, depth: usize, skip: &[&str]) -> String {
        let pad = " ".repeat(indent);
        let directed = std::mem::take(&mut self.directed);
        let shape = schema()["types"][type_name].as_object();
        let mut out = String::new();
        for (name, field) in shape.into_iter().flatten().filter(|(name, _)| !skip.contains(&name.as_str())) {
            let merges = field["strategy"].as_str().is_some_and(|words| words.contains("merge"));
            if depth > 5 || !self.random.chance(if merges || depth < 3 && indent < 8 { 65 } else { 12 }) {
                continue;
            }
            if self.patch && self.random.chance(5) {
                let odd = self.random.pick(&[
                    "null",
                    "{}",
                    "[]",
                    "",
                    "~",
                    "{$patch: delete}",
                    "{$patch: replace}",
                    "[{$patch: delete}]",
                ]);
                let _ = writeln!(out, "{pad}{name}: {odd}");
                continue;
            }
            if !self.patch && self.random.chance(3) {
                let _ = writeln!(out, "{pad}{name}: {}", self.random.pick(&["null", "{}", "[]", "", "~"]));
                continue;
            }
            let of = field["ref"].as_str().unwrap_or_default();
            let below = if field["list"] == true {
                self.list(field, of, indent, depth)
            } else {
                self.mapping(of, indent + 2, depth)
            };
            if !below.is_empty() {
                let _ = write!(out, "{pad}{name}:\n{below}");
            }
        }
        if out.is_empty() || self.random.chance(30) {
            let key = self.random.pick(&["x", "y", "image", "value"]);
            let _ = writeln!(out, "{pad}{key}: {}", self.leaf(indent + 2));
        }
        if self.patch && self.random.chance(2) && !directed {
            let odd = self.random.pick(&[
                "$retainKeys: [x]",
                "$setElementOrder/containers: [{name: a}]",
                "$deleteFromPrimitiveList/finalizers: [a]",
                "$patch: {a: b}",
                "$patch: null",
                "$patch: odd",
                "$patch:",
            ]);
            let _ = writeln!(out, "{pad}{odd}");
        }
        out
    }

    fn leaf(&mut self, indent: usize) -> String {
        match self.random.below(8) {
            0 if self.patch => self.random.pick(&["null", "{}", "[]", "~", ""]).to_owned(),
            1 => value(self.random, indent),
            2 => self
                .random
                .pick(&[
                    "'1'",
                    "\"a\"",
                    "1",
                    "[1, 2]",
                    "{a: 1}",
                    "{a: null}",
                    "[{name: a, v: 1}]",
                    "null",
                    "|-\n{p}text",
                    ">\n{p}folded\n{p} more\n",
                    "'2020-01-01'",
                    "2020-01-01",
                ])
                .replace("{p}", &" ".repeat(indent))
                .trim_end_matches('\n')
                .to_owned(),
            _ => self.random.pick(&["p", "q", "1", "true"]).to_owned(),
        }
    }

    fn mapping(&mut self, of: &str, indent: usize, depth: usize) -> String {
        let directed = self.patch && self.random.chance(4);
        self.directed = directed;
        let fields = self.fields(of, indent, depth + 1, &[]);
        if directed {
            let word = self.random.pick(&["delete", "replace", "merge"]);
            return format!("{}$patch: {word}\n{fields}", " ".repeat(indent));
        }
        fields
    }

    fn list(&mut self, field: &Value, of: &str, indent: usize, depth: usize) -> String {
        let keys: Vec<&str> = field["keys"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let indent = indent + self.random.pick(&[0, 2]);
        let pad = " ".repeat(indent);
        let mut out = String::new();
        if self.patch && self.random.chance(4) {
            let _ = writeln!(out, "{pad}- $patch: {}", self.random.pick(&["replace", "delete", "merge", "odd"]));
        }
        for _ in 0..=self.random.below(3) {
            if self.random.chance(2) {
                let _ = writeln!(out, "{pad}- {}", self.random.pick(&["null", "{}", "[]", ""]));
                continue;
            }
            let item = self.item(&keys, of, indent + 2, depth);
            let _ = write!(out, "{pad}- {}", item.trim_start());
        }
        out
    }

    fn item(&mut self, keys: &[&str], of: &str, indent: usize, depth: usize) -> String {
        let pad = " ".repeat(indent);
        let mut out = String::new();
        for (number, key) in keys.iter().enumerate() {
            // The second key is often left out.
            if self.random.chance(if number > 0 { 40 } else { 5 }) {
                continue;
            }
            let pool: &[&str] = match *key {
                "containerPort" | "port" => &["80", "81", "80", "\"80\"", "8080", "0x50"],
                "protocol" => &["TCP", "UDP", "TCP", "\"TCP\"", "''"],
                "mountPath" | "devicePath" => &["/a", "/b", "\"/a\"", "/a/"],
                "name" | "type" | "uid" => &["a", "b", "c", "\"a\"", "1", "\"1\"", "true", "a", "b"],
                _ => &["a", "b", "10.0.0.1", "\"a\""],
            };
            let odd = self.random.chance(2);
            let value = if odd { self.random.pick(&["null", "", "2020-01-01"]) } else { self.random.pick(pool) };
            let _ = writeln!(out, "{pad}{key}: {value}");
        }
        if self.patch && self.random.chance(12) {
            let _ =
                writeln!(out, "{pad}$patch: {}", self.random.pick(&["delete", "delete", "replace", "merge", "odd"]));
        }
        if out.is_empty() || self.random.chance(75) {
            self.directed = out.contains("$patch");
            out += &self.fields(of, indent, depth + 1, keys);
        }
        out
    }
}
