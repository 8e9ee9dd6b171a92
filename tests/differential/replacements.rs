//! Replacements and vars, whose paths lead to what is in the objects.

use std::fmt::Write;

use serde_json::Value;

use super::identity::Thing;
use super::marks::quoted;
use super::objects::Object;
use super::random::Random;
use super::tree::Maker;

/// One step of a path.
enum Part {
    Key(String),
    /// The position of an item, and its name.
    Item(usize, Option<String>),
}

/// The way to some field of an object; `inner` allows what is no leaf.
fn some_path(body: &Value, inner: bool, random: &mut Random) -> Option<Vec<Part>> {
    let mut path = Vec::new();
    let mut node = body;
    loop {
        match node {
            Value::Object(mapping) if !mapping.is_empty() => {
                let (key, next) = mapping.iter().nth(random.below(mapping.len()))?;
                // Made by a replacement it would merge what is under it.
                if key == "<<" {
                    return None;
                }
                path.push(Part::Key(key.clone()));
                node = next;
            }
            Value::Array(items) if !items.is_empty() => {
                let at = random.below(items.len());
                let name = items[at].get("name").and_then(Value::as_str).map(str::to_owned);
                path.push(Part::Item(at, name));
                node = &items[at];
            }
            _ => return Some(path),
        }
        if inner && random.chance(6) && path.len() > 1 {
            return Some(path);
        }
    }
}

/// The path as a replacement writes it; `many` allows what means several fields.
fn written(path: &[Part], many: bool, random: &mut Random) -> String {
    let mut parts = Vec::new();
    for part in path {
        parts.push(match part {
            Part::Key(key) if key.contains('.') && random.chance(50) => format!("[{key}]"),
            Part::Key(key) => key.replace('.', "\\."),
            Part::Item(_, _) if many && random.chance(30) => "*".to_owned(),
            Part::Item(_, Some(name)) if random.chance(70) => format!("[name={name}]"),
            Part::Item(at, _) => at.to_string(),
        });
    }
    parts.join(".")
}

/// The path as a var writes it.
fn written_for_var(path: &[Part]) -> String {
    let mut out = String::new();
    for part in path {
        match part {
            Part::Key(key) if out.is_empty() => out += key,
            Part::Key(key) => out += &format!(".{}", key.replace('.', "\\.")),
            Part::Item(at, _) => out += &format!("[{at}]"),
        }
    }
    out
}

const CREATED: &[&str] = &[
    "metadata.annotations.replaced",
    "metadata.annotations.[a.b/c]",
    "metadata.labels.app",
    "spec.fresh.deep.0.x",
    "spec.template.spec.containers.[name=main].image",
    "spec.template.spec.nodeSelector.zone",
    "data.made",
    "spec.list.[name=new].value",
];

impl Maker {
    pub(super) fn replacements(&mut self, folder: &str, known: &[Thing], out: &mut String) {
        if known.is_empty() || !self.wish(20) {
            return;
        }
        let count = 1 + self.random.below(2);
        let entries: Vec<String> = (0..count).map(|_| self.replacement(known)).collect();
        *out += "replacements:\n";
        if self.random.chance(20) {
            let name = format!("replace{}.yaml", self.number());
            *out += &format!("- path: {name}\n");
            let text = if count == 1 && self.random.chance(50) {
                entries[0].trim_start_matches("- ").replace("\n  ", "\n")
            } else {
                entries.concat()
            };
            self.file(format!("{folder}/{name}"), text);
        } else {
            *out += &entries.concat();
        }
    }

    /// One entry, as an item of a list.
    pub(super) fn replacement(&mut self, known: &[Thing]) -> String {
        let at = self.random.below(known.len());
        let source = self.spoken(&known[at..=at])[0].clone();
        let path = self.path_in(&known[at], true);
        let mut out = format!("- source:\n    kind: {}\n    name: {}\n", source.kind, quoted(&source.name));
        self.ids(&source, "    ", &mut out);
        if let Some(path) = path.filter(|_| self.random.chance(70)) {
            _ = writeln!(out, "    fieldPath: {}", quoted(&written(&path, false, &mut self.random)));
            if self.random.chance(20) {
                out += self.random.pick(&[
                    "    options: {delimiter: '-'}\n",
                    "    options: {delimiter: ':', index: 1}\n",
                    "    options: {delimiter: '/', index: 0}\n",
                ]);
            }
        }
        out += "  targets:\n";
        for _ in 0..=self.random.below(2) {
            self.target_of_replacement(known, &mut out);
        }
        out
    }

    fn path_in(&mut self, thing: &Thing, inner: bool) -> Option<Vec<Part>> {
        let path = some_path(thing.body.as_ref()?, inner, &mut self.random)?;
        let keys: Vec<&str> =
            path.iter().filter_map(|part| if let Part::Key(key) = part { Some(key.as_str()) } else { None }).collect();
        // To kustomize its notes are among the annotations; and what a generator made is hashed as another kind in a
        // way of Go's.
        let odd = matches!(keys[..], [] | ["kind"] | ["metadata", "annotations"]);
        (!odd).then_some(path)
    }

    /// Parts of an id beyond kind and name.
    fn ids(&mut self, object: &Object, pad: &str, out: &mut String) {
        let (group, version) = object.api.split_once('/').unwrap_or(("", object.api));
        if self.random.chance(20) {
            _ = writeln!(out, "{pad}version: {version}");
        }
        if self.random.chance(20) && !group.is_empty() {
            _ = writeln!(out, "{pad}group: {group}");
        }
        if self.random.chance(15) {
            let namespace = if object.namespace.is_empty() { "default" } else { object.namespace };
            _ = writeln!(out, "{pad}namespace: {namespace}");
        }
    }

    fn target_of_replacement(&mut self, known: &[Thing], out: &mut String) {
        let at = self.random.below(known.len());
        let target = self.spoken(&known[at..=at])[0].clone();
        *out += "  - select:\n";
        match self.random.below(5) {
            0 => _ = writeln!(out, "      kind: {}", target.kind),
            1 => _ = writeln!(out, "      name: {}", quoted(&target.name)),
            2 => *out += self.random.pick(&["      labelSelector: app=web\n", "      annotationSelector: note\n"]),
            _ => _ = writeln!(out, "      kind: {}\n      name: {}", target.kind, quoted(&target.name)),
        }
        self.ids(&target, "      ", out);
        if self.random.chance(15) {
            let other = known[self.random.below(known.len())].now();
            _ = writeln!(out, "    reject:\n    - kind: {}", other.kind);
            if self.random.chance(50) {
                _ = writeln!(out, "      name: {}", quoted(&other.name));
            }
        }
        let path = self.path_in(&known[at], false).map(|path| written(&path, true, &mut self.random));
        match path {
            Some(path) if self.random.chance(55) => {
                _ = writeln!(out, "    fieldPaths:\n    - {}", quoted(&path));
                if self.random.chance(40) {
                    *out += self.random.pick(&[
                        "    options: {delimiter: '-', index: 1}\n",
                        "    options: {delimiter: '-', index: -1}\n",
                        "    options: {delimiter: ':', index: 0}\n",
                        "    options: {delimiter: '/', index: 9}\n",
                        "    options: {create: true}\n",
                    ]);
                }
            }
            _ if self.random.chance(15) => *out += "    fieldPaths: [metadata.name]\n",
            _ if self.random.chance(10) => {
                *out += "    fieldPaths: [metadata.namespace]\n    options: {create: true}\n"
            }
            _ => {
                let made = self.random.pick(CREATED);
                _ = writeln!(out, "    fieldPaths:\n    - {}\n    options: {{create: true}}", quoted(made));
            }
        }
    }

    pub(super) fn vars(&mut self, known: &[Thing], out: &mut String) {
        if known.is_empty() || !self.wish(10) {
            return;
        }
        *out += "vars:\n";
        // A name may be taken once in a build.
        for name in ["NAME", "PORT"].iter().take(1 + self.random.below(2)) {
            let at = self.random.below(known.len());
            let object = self.spoken(&known[at..=at])[0].clone();
            let name = if self.random.chance(70) { format!("{name}{}", self.number()) } else { (*name).to_owned() };
            let (group, version) = object.api.split_once('/').unwrap_or(("", object.api));
            *out +=
                &format!("- name: {name}\n  objref:\n    kind: {}\n    name: {}\n", object.kind, quoted(&object.name));
            *out += &match self.random.below(30) {
                0 => String::new(),
                1..9 if !group.is_empty() => format!("    group: {group}\n    version: {version}\n"),
                _ => format!("    apiVersion: {}\n", object.api),
            };
            if !object.namespace.is_empty() && self.random.chance(50) {
                *out += &format!("    namespace: {}\n", object.namespace);
            }
            let path = self.path_in(&known[at], true).map(|path| written_for_var(&path));
            *out += &match (self.random.below(4), path) {
                (0, _) => String::new(),
                (1, _) | (_, None) => "  fieldref: {fieldPath: metadata.name}\n".to_owned(),
                (_, Some(path)) => format!("  fieldref:\n    fieldPath: {}\n", quoted(&path)),
            };
        }
    }
}
