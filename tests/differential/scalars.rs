//! Scalars as users write them, odd ones too.

use super::random::Random;

pub const PLAIN: &[&str] =
    &["a", "b c", "nginx", "v1.2.3", "10", "0", "true", "false", "1.5", "a-b_c.d", "/var/lib/x", "http://x.y/z?q=1"];

pub const ODD: &[&str] = &[
    "yes",
    "No",
    "on",
    "y",
    "'y'",
    "\"yes\"",
    "~",
    "null",
    "''",
    "\"\"",
    "0123",
    "0o14",
    "0x1F",
    "0b11",
    "1_000",
    "089",
    "1.0",
    "1e3",
    "-0",
    ".5",
    "+1",
    "1e21",
    "0.00001",
    "9007199254740993",
    "18446744073709551615",
    "2020-01-01",
    "2020-01-01T10:00:00Z",
    "12:30",
    "190:20:30",
    "'it''s'",
    "\"a\\tb\"",
    "\"a\\nb\\n\"",
    "\"tail \"",
    "' lead'",
    "'# no comment'",
    "\"a: b\"",
    "'- x'",
    "\"[x]\"",
    "\"*a\"",
    "'&a'",
    "\"!x\"",
    "\"@x\"",
    "\"`x\"",
    "'%x'",
    "\"=\"",
    "\"<<\"",
    "\"1\"",
    "'1.0'",
    "\"true\"",
    "\"null\"",
    "\"~\"",
    "!!str 12",
    "!!str true",
    "\"\\u00e9\\u4e2d\"",
    "\"\\U0001F600 smile\"",
    "caf\u{e9}",
    "\"a\\\"b\"",
    "'a\"b'",
    "'$(VAR)'",
    "a#b",
    "a:b",
    "\"x:\"",
    "---x",
    "\".\"",
    "\"a  b\"",
    "\"0x\"",
    "\"1e3\"",
    "\"+1\"",
    "\"2020-01-01\"",
    "\"12:30\"",
    "\"\\x07\"",
    "\"a\\r\\nb\"",
    "TRUE",
    "True",
    "\"-\"",
    "\"?\"",
    "\"? x\"",
    "-x",
    "?x",
    ":x",
    "\"\\u2028\"",
    "\"\\ufeffx\"",
    "\"a\\u0085b\"",
];

const LONG: &[&str] = &[
    "The quick brown fox jumps over the lazy dog and then it runs all the way back home through the dark forest",
    "\"word word word word word word word word word word word word word  double word word word word: colon word\"",
    "'--flag=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbb c'",
    "\"tab\\there and many words after it so that the line must be folded somewhere behind the eightieth column yes\"",
];

const BLOCKS: &[(&str, &[&str])] = &[
    ("|", &["first", "second"]),
    ("|-", &["first", "", "third"]),
    ("|+", &["kept", ""]),
    ("|", &["#!/bin/sh", "set -e", "  echo \"$X\" | cat", "exit 0"]),
    (">", &["folded text", "goes on", "", "new paragraph"]),
    (">-", &["folded", "and stripped"]),
    (">", &["folded", "  more indented", "back"]),
    ("|", &["tab\there", "trail "]),
    ("|", &["{\"a\": 1,", " \"b\": [1, 2]}"]),
    ("|", &["key: value", "list:", "- a", "- b"]),
    ("|2", &["  lead", "next"]),
];

/// A scalar to stand behind `key:`; lines of a block get `indent` blanks.
pub fn value(random: &mut Random, indent: usize) -> String {
    match random.below(20) {
        0..=8 => random.pick(PLAIN).to_owned(),
        9..=15 => random.pick(ODD).to_owned(),
        16 => random.pick(LONG).to_owned(),
        _ => {
            let (head, lines) = random.pick(BLOCKS);
            let pad = " ".repeat(indent);
            let lines: Vec<String> =
                lines.iter().map(|line| if line.is_empty() { String::new() } else { format!("{pad}{line}") }).collect();
            format!("{head}\n{}", lines.join("\n"))
        }
    }
}

/// A string, quoted where it needs to be; fit for labels, annotations and the kustomization itself.
pub fn string(random: &mut Random) -> &'static str {
    random.pick(&[
        "one",
        "two",
        "\"3\"",
        "\"true\"",
        "'yes'",
        "a-b",
        "a.b/c",
        "\"\"",
        "x_y",
        "'1e3'",
        "\"with space\"",
        "'a: b'",
        "\"a \\\"q\\\"\"",
        "\"tail \"",
        "\u{e9}t\u{e9}",
    ])
}

/// A comment at the end of a line, now and then.
pub fn comment(random: &mut Random) -> &'static str {
    random.pick(&["", "", "", "", "", "", "  # why", " # {\"$x\": 1}"])
}
