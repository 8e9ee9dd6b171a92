//! YAML in all its notations: a random tree, each part of it written in a random way.

use super::random::Random;
use super::scalars::{ODD, PLAIN};

/// Writes YAML whose meaning is of no interest, only that two readers agree on it.
pub struct Notation<'r> {
    pub random: &'r mut Random,
    /// Names of anchors of this document, and whether each names a mapping.
    anchors: Vec<(String, bool)>,
    /// How many of a hundred scalars, keys and layouts are odd.
    oddity: usize,
    /// Whether there may be tags; one that does not fit its value is refused here at once, and in kustomize unless
    /// nobody asks for the value.
    pub tags: bool,
    /// Whether a folded text kept its last lines: kustomize writes comments after it into them.
    pub quiet: bool,
}

const PIECES: &[&str] = &[
    "a",
    "word",
    "Word",
    " ",
    "  ",
    " ",
    ": ",
    ":",
    " #",
    "#",
    "\n",
    "\n",
    "\n\n",
    "\n ",
    " \n",
    "\t",
    "'",
    "\"",
    "\\",
    "\u{e9}",
    "\u{4e2d}",
    "\u{1f600}",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{a0}",
    "-",
    "- ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "1",
    "0x",
    ".",
    "%",
    "&",
    "*",
    "!",
    "|",
    ">",
    "@",
    "`",
    "?",
    "=",
    "<<",
    "~",
    "yes",
    "null",
    "\r",
    "\u{7}",
    "\u{1b}",
    "some words that fill a line",
    "aVeryLongWordWithoutAnyBreakInItWhichGoesOnAndOn",
    "---",
    "...",
    "$(A)",
    "\u{0}",
];

/// What must not stand in a text as it is: the reader refuses most, and takes the others for line breaks.
const UNPRINTED: [char; 6] = ['\r', '\0', '\u{7}', '\u{1b}', '\u{85}', '\u{2028}'];

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

const TAGS: &[&str] = &[
    "!!str",
    "!!str",
    "!!str",
    "!!int",
    "!!float",
    "!!bool",
    "!!null",
    "!!binary",
    "!!timestamp",
    "!own",
    "!",
    "!!map",
    "!!seq",
    "!<tag:yaml.org,2002:str>",
];

impl<'r> Notation<'r> {
    pub fn new(random: &'r mut Random) -> Self {
        let oddity = random.pick(&[5, 20, 60]);
        Notation { random, anchors: Vec::new(), oddity, tags: true, quiet: false }
    }

    /// A mapping's entries in block style, each line indented.
    pub fn entries(&mut self, indent: usize, depth: usize, count: usize) -> String {
        let pad = " ".repeat(indent);
        let mut out = String::new();
        let mut used: Vec<String> = Vec::new();
        for _ in 0..count {
            let key = self.key();
            if used.contains(&key) && !self.random.chance(3) {
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
        if self.random.chance(6) {
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

    /// A text from odd pieces.
    pub fn text(&mut self) -> String {
        (0..=self.random.below(7)).map(|_| self.random.pick(PIECES)).collect()
    }

    /// A scalar in any style, from the blank before it to the end of its last line.
    pub fn scalar_line(&mut self, indent: usize) -> String {
        let tag = if self.tags && self.random.chance(self.oddity / 6) {
            format!(" {}", self.random.pick(TAGS))
        } else {
            String::new()
        };
        if !self.random.chance(self.oddity) {
            return format!("{tag} {}{}\n", self.random.pick(PLAIN), self.trailing());
        }
        if self.random.chance(4) {
            return format!("{tag}{}\n", self.trailing());
        }
        match self.random.below(12) {
            0..=3 => format!("{tag} {}{}\n", self.random.pick(ODD), self.trailing()),
            4 | 5 => format!("{tag} {}{}\n", self.number(), self.trailing()),
            6 | 7 => {
                let text = self.text();
                format!("{tag} {}{}\n", self.double(&text, indent), self.trailing())
            }
            8 => {
                let text = self.text();
                format!("{tag} {}{}\n", single(&text, indent), self.trailing())
            }
            9 => format!("{tag} {}\n", self.plain_lines(indent)),
            _ => format!("{tag} {}", self.block(indent)),
        }
    }

    /// Digits and what else numbers and dates are made of.
    fn number(&mut self) -> String {
        const PARTS: &[&str] = &[
            "0",
            "1",
            "7",
            "8",
            "9",
            "12",
            "00",
            "_",
            ".",
            "-",
            "+",
            "e",
            "E",
            "0x",
            "0X",
            "0o",
            "0b",
            "x",
            "f",
            ":",
            "30",
            "2020-01-01",
            "T10:00:00",
            "Z",
            " 10:00:00",
            ".5",
            "inf",
            "nan",
            "99999999999999999999",
        ];
        let text: String = (0..=self.random.below(5)).map(|_| self.random.pick(PARTS)).collect();
        let plain = !text.starts_with(":")
            && !text.ends_with(':')
            && !text.ends_with(' ')
            && !text.starts_with(' ')
            && text != "-";
        if plain { text } else { format!("1{text}0") }
    }

    fn double(&mut self, text: &str, indent: usize) -> String {
        let mut out = String::from("\"");
        for c in text.chars() {
            match c {
                '"' | '\\' => out += &format!("\\{c}"),
                '\n' if indent > 0 && self.random.chance(30) => out += &format!("\n\n{}", " ".repeat(indent)),
                '\n' => out += "\\n",
                '\t' if self.random.chance(50) => out.push('\t'),
                ' ' if indent > 0 && self.random.chance(6) => out += &format!("\n{}", " ".repeat(indent)),
                ' ' if self.random.chance(4) => out += "\\ ",
                c if c < ' '
                    || "\u{85}\u{2028}\u{feff}\u{a0}\u{7f}".contains(c)
                    || !c.is_ascii() && self.random.chance(30) =>
                {
                    out += &match c as u32 {
                        code @ 0..=0xff => format!("\\x{code:02x}"),
                        code @ 0x100..=0xffff => format!("\\u{code:04X}"),
                        code => format!("\\U{code:08x}"),
                    };
                }
                c => out.push(c),
            }
        }
        if indent > 0 && self.random.chance(5) {
            out += &format!("\\\n{}  more", " ".repeat(indent));
        }
        out + "\""
    }

    /// A plain scalar that goes on over lines.
    fn plain_lines(&mut self, indent: usize) -> String {
        let pad = " ".repeat(indent);
        let mut out = String::from("plain");
        for _ in 0..=self.random.below(4) {
            out += &match self.random.below(5) {
                0 => format!("\n{pad}next"),
                1 => format!("\n\n{pad}after a gap"),
                2 => format!("\n{pad}  deeper"),
                _ => " more words and then some more of them".to_owned(),
            };
        }
        out
    }

    fn block(&mut self, indent: usize) -> String {
        let mark = self.random.pick(&["|", ">"]);
        let chomp = self.random.pick(&["", "", "-", "+"]);
        let digit = if self.random.chance(15) { self.random.pick(&["2", "1", "4"]) } else { "" };
        let head =
            if self.random.chance(50) { format!("{mark}{digit}{chomp}") } else { format!("{mark}{chomp}{digit}") };
        let width = match digit {
            "" => indent + self.random.pick(&[0, 0, 0, 1, 3]),
            digit => indent - 2 + digit.parse::<usize>().unwrap(),
        };
        let mut out = format!("{head}{}\n", self.trailing());
        self.quiet |= mark == ">" && chomp == "+";
        let least = usize::from(!digit.is_empty());
        for _ in 0..self.random.below(6).max(least) {
            let line = match self.random.below(10) {
                0 => String::new(),
                1 => " ".repeat(self.random.below(width + 3)),
                2 => "  more indented".to_owned(),
                3 => "\ttab".to_owned(),
                4 => "# no comment".to_owned(),
                5 => "words that go on and on until the line is longer than eighty columns, which is a lot of words"
                    .to_owned(),
                6 => self.text().replace(UNPRINTED, "").replace('\n', "") + " ",
                7 => "key: value".to_owned(),
                8 => self.text().replace(UNPRINTED, "").replace('\n', "x"),
                _ => "line".to_owned(),
            };
            let pad = if line.trim_matches(' ').is_empty() { String::new() } else { " ".repeat(width) };
            out += &format!("{pad}{line}\n");
        }
        out
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

    fn trailing(&mut self) -> &'static str {
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

fn single(text: &str, indent: usize) -> String {
    let text = text.replace(UNPRINTED, "").replace('\'', "''");
    format!("'{}'", text.replace('\n', &format!("\n\n{}", " ".repeat(indent))))
}
