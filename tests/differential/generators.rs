//! ConfigMap and Secret generators with every option.

use super::identity::Thing;
use super::objects::{NAMES, Object};
use super::referrers::SHARED_NAMES;
use super::tree::{Maker, single_quoted};

const LITERALS: &[&str] =
    &["=v", "=\"quoted\"", "='it'", "=a=b", "=", "= lead", "=\\n", "=12", "=true", "=x y z", "='", "=\"a'", "=\u{e9}"];

const FILES: &[&str] = &[
    "hello\n",
    "no end",
    "a\r\nb\r\n",
    "tab\there\n",
    "trail \nx\n",
    "\n\nlead\n",
    "",
    "k: v\n# c\n",
    "a long line of words that goes on and on until it is long enough to be folded by someone\n",
    "\u{feff}mark\n",
    "<html>&amp;\u{2028}</html>\n",
    "\u{1f600}\n",
];

const ENVS: &[&str] = &[
    "A=1\nB=two words \n",
    "# c\nX=y\n\n  Z=lead\n",
    "Q=\"quoted\"\nNOEQ\n",
    "A=b=c\r\nD=e\r\n",
    "\u{feff}M=n",
    "export E=1\n   # c\n\tT=tab\n",
    "a.b-c=1\nUP=$(NAME)\n",
];

const FILE_NAMES: &[&str] = &["f", "F.conf", "a b", "a.b.c", "\u{e9}", ".hidden", "sub/f", "\u{2028}", "-f", "tls.crt"];

const OPTIONS: &[&str] = &[
    "disableNameSuffixHash: true\n",
    "disableNameSuffixHash: false\n",
    "labels: {o: p}\n",
    "immutable: true\n",
    "immutable: false\n",
    "annotations: {q: \"1\"}\n",
    "labels: {o: \"yes\", app: web}\nannotations: {z: '', note: gen}\n",
];

impl Maker {
    pub(super) fn generators(&mut self, folder: &str, known: &mut Vec<Thing>, out: &mut String) {
        for (field, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
            if !self.wish(25) {
                continue;
            }
            *out += &format!("{field}:\n");
            for _ in 0..=self.random.below(2) {
                let (object, behavior) = self.generated(kind, known);
                *out += &format!("- name: {}\n", single_quoted(&object.name));
                if !object.namespace.is_empty() {
                    *out += &format!("  namespace: {}\n", object.namespace);
                }
                if !behavior.is_empty() {
                    *out += &format!("  behavior: {behavior}\n");
                }
                *out += &self.content(folder, kind);
            }
        }
        if self.wish(12) {
            let options = self.options("  ");
            *out += &format!("generatorOptions:\n{options}");
        }
    }

    /// What a generator makes, or changes if it is there.
    pub(super) fn generated(&mut self, kind: &'static str, known: &mut Vec<Thing>) -> (Object, &'static str) {
        let there: Vec<Thing> = known.iter().filter(|thing| thing.kind == kind).cloned().collect();
        if !there.is_empty() && self.random.chance(45) {
            let there = self.spoken(&there);
            let object = there[self.random.below(there.len())].clone();
            return (object, self.random.pick(&["merge", "merge", "replace"]));
        }
        let name = match self.random.below(3) {
            0 => format!("{}{}", self.random.pick(NAMES), self.number()),
            1 => self.random.pick(NAMES).to_owned(),
            _ => self.random.pick(SHARED_NAMES).to_owned(),
        };
        let object = Object { api: "v1", kind, name, namespace: self.random.pick(&["", "", "", "prod", "Ns.X"]) };
        let thing = Thing::new(&object, "");
        match known.iter().any(|other| other.clashes(&thing)) {
            true => (object, "replace"),
            false => {
                known.push(thing);
                (object, self.random.pick(&["", "", "", "create", "Merge"]))
            }
        }
    }

    fn options(&mut self, pad: &str) -> String {
        let text = self.random.pick(OPTIONS);
        text.lines().map(|line| format!("{pad}{line}\n")).collect()
    }

    /// What a generator is made of.
    pub(super) fn content(&mut self, folder: &str, kind: &str) -> String {
        let mut out = String::new();
        if self.random.chance(60) {
            out += "  literals:\n";
            for number in 0..=self.random.below(3) {
                let literal = self.random.pick(LITERALS);
                let key = self.random.pick(&["L", "a.b", "UP_", "key "]);
                out += &format!("  - {}\n", single_quoted(&format!("{key}{number}{literal}")));
            }
        }
        if self.random.chance(30) {
            out += "  files:\n";
            for _ in 0..=self.random.below(2) {
                let entry = self.content_file(folder);
                out += &format!("  - {}\n", single_quoted(&entry));
            }
        }
        if self.random.chance(25) {
            let name = format!("e{}.env", self.number());
            let text = self.random.pick(ENVS);
            self.raw_file(format!("{folder}/{name}"), text.to_owned());
            out += &self
                .random
                .pick(&["  envs: [NAME]\n", "  envs:\n  - ./NAME\n", "  env: NAME\n"])
                .replace("NAME", &name);
        }
        if kind == "Secret" && self.random.chance(40) {
            out += self.random.pick(&["  type: kubernetes.io/tls\n", "  type: \"\"\n", "  type: \"12\"\n"]);
        }
        if self.random.chance(30) {
            let options = self.options("    ");
            out += &format!("  options:\n{options}");
        }
        out
    }

    fn content_file(&mut self, folder: &str) -> String {
        let number = self.number();
        let name = format!("{}{number}", self.random.pick(FILE_NAMES));
        let text = self.random.pick(FILES);
        self.raw_file(format!("{folder}/{name}"), text.to_owned());
        let key = self.random.pick(&["key", "Key.txt", "a/b", "k k"]);
        match self.random.below(4) {
            0 => format!("{key}{number}={name}"),
            1 => format!("./{name}"),
            _ => name,
        }
    }
}
