//! YAML in all its notations: a random tree, each part of it written in a random way.

use super::random::Random;
use super::scalars::{ODD, PLAIN};

/// Writes YAML whose meaning is of no interest, only that two readers agree on it.
pub struct Notation<'r> {
    pub random: &'r mut Random,
    /// Names of anchors of this document, and whether each names a mapping.
    anchors: Vec<(String, bool)>,
    /// How many of a hundred scalars, keys and layouts are odd.
    pub(super) oddity: usize,
    /// Among annotations kustomize asks for texts alone, so there are no tags that do not fit, which it then never
    /// notices, no keys twice, and no empty keys, over which it crashes or loses all annotations.
    pub in_annotations: bool,
    /// Whether a block kept its last lines: kustomize writes comments after it into them.
    pub quiet: bool,
}

const KEYS: &[&str] = &[
    "a",
    "b",
    "c",
    "k1",
    "k2",
    "k10",
    "Key",
    "x-y",
    "x.y",
    "x_y",
    "\"q\"",
    "'s'",
    "\"a b\"",
    "'a: b'",
    "\"1\"",
    "'true'",
    "\"\"",
    "''",
    "\u{e9}",
    "\"\\n\"",
    "\"a\\nb\"",
    "\"\\t\"",
    "\"#\"",
    "? e",
    "? |\n  block",
    "\"yes\"",
    "yes",
    "on",
    "y",
    "=",
    "a#b",
    "a:b",
    "-a",
    "?a",
    "\"*\"",
    "\"&\"",
    "\"\\U0001F600\"",
    "a b",
    "/",
    "~x",
    "!!str 1",
    "!!str s",
    "1e",
    "0b",
    "\"-\"",
    ".x",
    "_",
    "\"~\"",
    "\"null\"",
    "\"2020-01-01\"",
    "\"0x1\"",
    "\"12:30\"",
    "\"\\u2028\"",
    "a'b",
    "a\"b",
];

/// Those that kustomize refuses below the top.
const BAD_KEYS: &[&str] = &["1", "true", "~", "null", "1.5", "2020-01-01", "0x1", "[a]", "{a: b}", "\"a\\x85b\""];

impl<'r> Notation<'r> {
    pub fn new(random: &'r mut Random) -> Self {
        let oddity = random.pick(&[5, 20, 60]);
        Notation { random, anchors: Vec::new(), oddity, in_annotations: false, quiet: false }
    }

    /// A mapping's entries in block style, each line indented. None has `<<` with quotes and without: of two such keys
    /// kustomize drops the first, whichever that is, and among annotations it refuses both.
    pub fn entries(&mut self, indent: usize, depth: usize, count: usize) -> String {
        let pad = " ".repeat(indent);
        let mut out = String::new();
        let mut used: Vec<String> = Vec::new();
        for _ in 0..count {
            let key = self.key();
            if self.in_annotations && matches!(key.as_str(), "''" | "\"\"")
                || used.contains(&key) && (self.in_annotations || !self.random.chance(3))
            {
                continue;
            }
            out += &self.comment_line(indent);
            if let Some(explicit) = key.strip_prefix("? ") {
                let explicit = explicit.replace('\n', &format!("\n{pad}"));
                out += &format!("{pad}? {explicit}\n{pad}:{}", self.value(indent, depth, false));
            } else {
                let blank = self.random.pick(&["", "", "", "", "", "", " ", "  "]);
                out += &format!("{pad}{key}{blank}:{}", self.value(indent, depth, false));
            }
            used.push(key);
        }
        if self.random.chance(6) && !used.iter().any(|key| key == "\"<<\"") {
            out += &self.merge_key(&pad);
        }
        out
    }

    /// What stands behind the `:` of a key or the `-` of an item, with the line's end.
    fn value(&mut self, indent: usize, depth: usize, item: bool) -> String {
        let aliases = self.anchors.len();
        if aliases > 0 && self.random.chance(8) {
            let name = self.anchors[self.random.below(aliases)].0.clone();
            return format!(" *{name}{}\n", self.trailing());
        }
        let shape = if depth == 0 { self.random.below(5) } else { self.random.below(10) };
        let anchor = self.random.chance(7).then(|| format!("b{}", self.anchors.len()));
        let props = anchor.as_ref().map(|name| format!(" &{name}")).unwrap_or_default();
        let blank = if self.random.chance(6) { "   " } else { " " };
        let (text, mapping) = match shape {
            0..=5 => (self.scalar_line(indent + 2), false),
            6 => (format!("{blank}{}{}\n", self.flow(indent + 2, depth), self.trailing()), false),
            7 if item && props.is_empty() => {
                let count = 1 + self.random.below(3);
                let entries = self.entries(indent + 2, depth - 1, count);
                // The first key stands on the line of the dash, unless a comment is in front of it.
                let body = entries.trim_start_matches(' ');
                let fits = !entries.trim_start().starts_with('#') && !entries.is_empty();
                (if fits { format!(" {body}") } else { format!("\n{entries}") }, true)
            }
            7 | 8 => {
                let (deeper, count) = (indent + self.random.pick(&[2, 2, 2, 1, 4]), 1 + self.random.below(4));
                (format!("{}\n{}", self.trailing(), self.entries(deeper, depth - 1, count)), true)
            }
            _ => {
                let deeper = indent + if item { 2 } else { self.random.pick(&[0, 2, 2, 3]) };
                (format!("{}\n{}", self.trailing(), self.items(deeper, depth - 1)), false)
            }
        };
        if let Some(name) = anchor {
            // Of several mappings that merge others themselves kustomize mixes up the order.
            let mapping = mapping && !text.contains("<<");
            self.anchors.push((name, mapping));
        }
        format!("{props}{text}")
    }

    fn items(&mut self, indent: usize, depth: usize) -> String {
        let pad = " ".repeat(indent);
        let mut out = String::new();
        for _ in 0..=self.random.below(4) {
            out += &self.comment_line(indent);
            out += &format!("{pad}-{}", self.value(indent, depth, true));
        }
        out
    }

    fn merge_key(&mut self, pad: &str) -> String {
        let maps: Vec<String> =
            self.anchors.iter().filter(|(_, mapping)| *mapping).map(|(name, _)| name.clone()).collect();
        if maps.is_empty() {
            return self
                .random
                .pick(&["", "{p}<<: {m1: 1, m2: {n: 2}}\n", "{p}<<: [{m1: 1}, {m1: 2, m3: x}]\n", "{p}<<: []\n"])
                .replace("{p}", pad);
        }
        let (one, two) = (&maps[self.random.below(maps.len())], &maps[self.random.below(maps.len())]);
        match self.random.below(4) {
            0 => format!("{pad}<<: [*{one}, *{two}]\n"),
            1 => format!("{pad}<<: [*{one}, {{m1: over}}]\n"),
            2 => format!("{pad}<<:\n{pad}- *{one}\n{pad}- *{two}\n"),
            _ => format!("{pad}<<: *{one}\n"),
        }
    }

    fn key(&mut self) -> String {
        if self.random.chance(1) {
            return self.random.pick(BAD_KEYS).to_owned();
        }
        if self.random.chance(2) {
            let length = self.random.pick(&[90, 127, 128, 129, 140]);
            return "k".repeat(length);
        }
        if self.random.chance(2) {
            let text = self.text();
            return self.double(&text, 0);
        }
        if self.random.chance(self.oddity) { self.random.pick(KEYS) } else { self.random.pick(&KEYS[..10]) }.to_owned()
    }

    fn flow(&mut self, indent: usize, depth: usize) -> String {
        let gap = match self.random.below(6) {
            0 => format!("\n{}", " ".repeat(indent)),
            1 => String::new(),
            _ => " ".to_owned(),
        };
        let end = self.random.pick(&["", "", "", ",", " ", " ,"]);
        let count = self.random.below(4);
        if self.random.chance(50) {
            let items: Vec<String> = (0..count).map(|_| self.flow_value(indent, depth)).collect();
            return format!("[{}{}]", items.join(&format!(",{gap}")), if count > 0 { end } else { "" });
        }
        let entries: Vec<String> = (0..count)
            .map(|number| {
                let key = self.random.pick(&["a", "b c", "\"q\"", "'s'", "k.x", "\"1\"", "\"\"", "e"]);
                match self.random.below(12) {
                    0 => format!("{key}{number}").replace(['"', '\''], ""),
                    1 => format!("n{number}:"),
                    2 => format!("\"j{number}\":{}", self.flow_value(indent, depth)),
                    _ if key.ends_with(['"', '\'']) => {
                        let (open, close) = key.split_at(key.len() - 1);
                        format!("{open}{number}{close}: {}", self.flow_value(indent, depth))
                    }
                    _ => format!("{key}{number}: {}", self.flow_value(indent, depth)),
                }
            })
            .collect();
        format!("{{{}{}}}", entries.join(&format!(",{gap}")), if count > 0 { end } else { "" })
    }

    fn flow_value(&mut self, indent: usize, depth: usize) -> String {
        match self.random.below(12) {
            0 | 1 if depth > 0 => self.flow(indent, depth - 1),
            2 => "1".to_owned(),
            3 | 4 if self.random.chance(self.oddity) => {
                let odd = self.random.pick(ODD);
                if odd.starts_with(['\'', '"']) || !odd.contains('?') && !odd.contains([',', '[', ']', '{', '}']) {
                    odd.to_owned()
                } else {
                    "x".to_owned()
                }
            }
            5 if self.random.chance(self.oddity) => {
                let text = self.text();
                self.double(&text, 0)
            }
            6 if self.random.chance(self.oddity) => self.number(),
            7 => "two words".to_owned(),
            8 => "true".to_owned(),
            _ => self.random.pick(PLAIN).to_owned(),
        }
    }

    pub(super) fn trailing(&mut self) -> &'static str {
        self.random.pick(&["", "", "", "", "", "", "", "", "", " # c", "  ", " #", "\t# tab", " # {\"$x\": 1}"])
    }

    fn comment_line(&mut self, indent: usize) -> String {
        match self.random.below(25) {
            _ if self.quiet => String::new(),
            0 => format!("{}# comment\n", " ".repeat(indent)),
            1 => "# at the start\n".to_owned(),
            2 => "\n".to_owned(),
            3 => format!("{}\n", " ".repeat(indent + 1)),
            4 => format!("\n{}  # deeper\n", " ".repeat(indent)),
            _ => String::new(),
        }
    }
}
