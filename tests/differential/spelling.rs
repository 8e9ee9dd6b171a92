//! Scalars in all their spellings: plain, quoted and block, over one line and several.

use super::notation::Notation;
use super::scalars::{ODD, PLAIN};

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

/// What must not stand in a text as it is: the reader refuses most, and takes the others for line breaks.
const UNPRINTED: [char; 6] = ['\r', '\0', '\u{7}', '\u{1b}', '\u{85}', '\u{2028}'];

impl Notation<'_> {
    /// A text from odd pieces.
    pub fn text(&mut self) -> String {
        (0..=self.random.below(7)).map(|_| self.random.pick(PIECES)).collect()
    }

    /// A scalar in any style, from the blank before it to the end of its last line.
    pub fn scalar_line(&mut self, indent: usize) -> String {
        let tag = if !self.in_annotations && self.random.chance(self.oddity / 6) {
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
    pub(super) fn number(&mut self) -> String {
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

    pub(super) fn double(&mut self, text: &str, indent: usize) -> String {
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
        // Behind the head of a folded text kustomize writes a comment into the text.
        let trailing = if mark == ">" { "" } else { self.trailing() };
        let mut out = format!("{head}{trailing}\n");
        self.quiet |= chomp == "+";
        // An empty line before the first may not be longer than its indentation.
        let mut begun = false;
        let least = usize::from(!digit.is_empty());
        for _ in 0..self.random.below(6).max(least) {
            let line = match self.random.below(10) {
                0 => String::new(),
                1 => " ".repeat(self.random.below(width + if begun { 3 } else { 1 })),
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
            begun |= !line.trim().is_empty();
            let pad = if line.trim_matches(' ').is_empty() { String::new() } else { " ".repeat(width) };
            out += &format!("{pad}{line}\n");
        }
        out
    }
}

fn single(text: &str, indent: usize) -> String {
    let text = text.replace(UNPRINTED, "").replace('\'', "''");
    format!("'{}'", text.replace('\n', &format!("\n\n{}", " ".repeat(indent))))
}
