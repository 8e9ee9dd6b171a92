//! Printing: a node to the bytes that `kubectl kustomize` prints for it.
//!
//! Kustomize writes a resource through JSON and go-yaml v2, so keys are sorted, and comments, anchors and styles gone.

use std::borrow::Cow;
use std::fmt;

use super::{folded, keys, quote, scalar, tag, timestamp};
use crate::source::{Entry, Key, Location, Mapping, Node, ScalarKind, Style, View};

/// Why a node cannot be printed. Kustomize refuses these as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintError {
    /// The value or key.
    pub location: Location,
    /// What is wrong with it.
    pub message: String,
    /// What to do about it.
    pub help: &'static str,
}

const QUOTE: &str = "write it as a string in double quotes";
const TAKE_TAG_OUT: &str = "remove the tag";
const TAKE_OUT: &str = "take that character out of it";

impl fmt::Display for PrintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)
    }
}

/// Prints one resource to the end of `out`.
pub fn print(node: &Node, out: &mut String) -> Result<(), PrintError> {
    let line_start = out.len();
    let mut writer = Writer { out, line_start };
    match node.view() {
        View::Scalar(..) => writer.scalar(node, 2)?,
        View::Sequence(items) => writer.sequence(items, 0, Start::Here)?,
        View::Mapping(mapping) => writer.mapping(mapping, 0, Start::Here)?,
    }
    writer.end_line();
    Ok(())
}

/// Prints resources with `---` between them.
pub fn print_documents<'a>(nodes: impl IntoIterator<Item = &'a Node>, out: &mut String) -> Result<(), PrintError> {
    for (i, node) in nodes.into_iter().enumerate() {
        if i > 0 {
            out.push_str("---\n");
        }
        print(node, out)?;
    }
    Ok(())
}

/// Longer texts are not printed.
const MAX_OUTPUT: usize = 1 << 30;

/// Where a collection begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    /// Where the writer stands: at the start, or after `- `.
    Here,
    /// On a line of its own.
    NewLine,
}

/// The text so far, and where its last line begins.
pub(crate) struct Writer<'a> {
    out: &'a mut String,
    line_start: usize,
}

impl Writer<'_> {
    pub(crate) fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    pub(crate) fn push_char(&mut self, c: char) {
        self.out.push(c);
    }

    /// Characters on the current line.
    pub(crate) fn column(&self) -> usize {
        let line = &self.out[self.line_start..];
        if line.is_ascii() { line.len() } else { line.chars().count() }
    }

    /// The text pushed last ended the line.
    pub(crate) fn at_line_start(&mut self) {
        self.line_start = self.out.len();
    }

    pub(crate) fn pad(&mut self, indent: usize) {
        const BLANKS: &str = "                                                                ";
        let mut left = indent;
        while left > BLANKS.len() {
            self.out.push_str(BLANKS);
            left -= BLANKS.len();
        }
        self.out.push_str(&BLANKS[..left]);
    }

    pub(crate) fn new_line(&mut self, indent: usize) {
        self.out.push('\n');
        self.at_line_start();
        self.pad(indent);
    }

    /// Ends the line if something stands on it.
    fn end_line(&mut self) {
        if self.out.len() > self.line_start {
            self.out.push('\n');
            self.at_line_start();
        }
    }

    fn begin(&mut self, indent: usize, start: &mut Start) {
        if *start == Start::NewLine {
            self.end_line();
            self.pad(indent);
        }
        *start = Start::NewLine;
    }

    /// Values that are shared can make a text of any length out of a small tree.
    fn room(&self, node: &Node) -> Result<(), PrintError> {
        if self.out.len() <= MAX_OUTPUT {
            return Ok(());
        }
        let message = format!("the resources come to more than {} MiB", MAX_OUTPUT >> 20);
        Err(PrintError { location: node.location(), message, help: "look for values that aliases repeat" })
    }

    fn mapping(&mut self, mapping: &Mapping, indent: usize, mut start: Start) -> Result<(), PrintError> {
        if mapping.is_empty() {
            self.push("{}");
            return Ok(());
        }
        if is_sorted(mapping) {
            for entry in mapping.iter() {
                self.begin(indent, &mut start);
                self.entry(entry, indent)?;
            }
            return Ok(());
        }
        let mut entries: Vec<&Entry> = mapping.iter().collect();
        keys::sort(&mut entries);
        for entry in entries {
            self.begin(indent, &mut start);
            self.entry(entry, indent)?;
        }
        Ok(())
    }

    fn entry(&mut self, entry: &Entry, indent: usize) -> Result<(), PrintError> {
        let Entry { key, value } = entry;
        // At the top of a resource go-yaml decodes into a map of strings, and takes any key as its text.
        if key.kind != ScalarKind::String && indent > 0 {
            return Err(not_a_string(entry));
        }
        let name = if key.kind == ScalarKind::Null { "" } else { key.name.as_str() };
        if !name.is_ascii() && name.contains('\u{85}') {
            return Err(PrintError {
                location: key.location,
                message: "this key holds a line break, U+0085".into(),
                help: TAKE_OUT,
            });
        }
        if keys::is_too_long(name) {
            let message =
                "this key is too long: kustomize writes it as JSON, and reads none of more than 1022 characters there"
                    .into();
            return Err(PrintError { location: key.location, message, help: "shorten it" });
        }
        let name = through_json(name, key.location)?;
        if quote::is_simple_key(&name) {
            quote::write(self, &name, indent, true);
            self.push(":");
            return match value.view() {
                View::Mapping(mapping) if !mapping.is_empty() => self.mapping(mapping, indent + 2, Start::NewLine),
                View::Sequence(items) if !items.is_empty() => self.sequence(items, indent, Start::NewLine),
                _ => {
                    self.push(" ");
                    self.node(value, indent)
                }
            };
        }
        self.push("? ");
        quote::write(self, &name, indent + 2, false);
        self.end_line();
        self.pad(indent);
        self.push(": ");
        self.node(value, indent)
    }

    fn sequence(&mut self, items: &[Node], indent: usize, mut start: Start) -> Result<(), PrintError> {
        if items.is_empty() {
            self.push("[]");
            return Ok(());
        }
        for item in items {
            self.begin(indent, &mut start);
            self.push("- ");
            self.node(item, indent)?;
        }
        Ok(())
    }

    /// A node after an indicator that stands at `indent`.
    fn node(&mut self, node: &Node, indent: usize) -> Result<(), PrintError> {
        self.room(node)?;
        match node.view() {
            View::Mapping(mapping) => self.mapping(mapping, indent + 2, Start::Here),
            View::Sequence(items) => self.sequence(items, indent + 2, Start::Here),
            View::Scalar(..) => self.scalar(node, indent + 2),
        }
    }

    fn scalar(&mut self, node: &Node, indent: usize) -> Result<(), PrintError> {
        let text = node.text().unwrap_or_default();
        let refuse =
            |what: &str| PrintError { location: node.location(), message: format!("`{text}` is {what}"), help: QUOTE };
        match node.kind() {
            ScalarKind::String => {
                if is_block(node.style()) && is_unreadable_block(text) {
                    return Err(refuse("a block text that begins with a tab, which kustomize cannot read again"));
                }
                let folded = (node.style() == Style::Folded).then(|| folded::printed_again(text));
                let text = through_json(folded.as_deref().unwrap_or(text), node.location())?;
                quote::write(self, &text, indent, false);
            }
            // Absent within brackets: go-yaml v3 writes `''` there before it prints.
            ScalarKind::Null if node.style() == Style::SingleQuoted => self.push("\"\""),
            ScalarKind::Null => self.push("null"),
            ScalarKind::Bool => {
                let value = scalar::bool_value(text).ok_or_else(|| refuse("neither `true` nor `false`"))?;
                self.push(if value { "true" } else { "false" });
            }
            ScalarKind::Int if is_canonical_int(text) => self.push(text),
            ScalarKind::Int => {
                let value = scalar::int_value(text).ok_or_else(|| refuse("no whole number"))?;
                self.push(&value.to_string());
            }
            ScalarKind::Float => {
                let value = scalar::float_value(text).ok_or_else(|| refuse("no number"))?;
                let printed = scalar::printed_float(value).ok_or_else(|| refuse("a number that JSON does not have"))?;
                self.push(&printed);
            }
            ScalarKind::Timestamp => {
                let time = timestamp::parse(text).ok_or_else(|| refuse("no date"))?;
                if !time.is_json() {
                    return Err(refuse("a time whose zone is a day or more away"));
                }
                quote::write(self, &time.to_string(), indent, false);
            }
            ScalarKind::Binary => {
                let decoded = tag::binary_text(text).ok_or_else(|| refuse("not base64"))?;
                let decoded = through_json(&decoded, node.location())?;
                quote::write(self, &decoded, indent, false);
            }
        }
        Ok(())
    }
}

/// Whether go-yaml v3 writes this as a block that it cannot read again, if it writes a block: one that begins with a tab.
pub(crate) fn is_unreadable_block(text: &str) -> bool {
    text.starts_with('\t') && quote::analyze(text).block_v3
}

pub(crate) fn is_block(style: Style) -> bool {
    matches!(style, Style::Literal | Style::Folded)
}

fn is_sorted(mapping: &Mapping) -> bool {
    let mut names = mapping.iter().map(|entry| entry.key.name);
    let Some(mut last) = names.next() else { return true };
    names.all(|name| {
        let ordered = keys::compare(&last, &name).is_lt();
        last = name;
        ordered
    })
}

/// An integer as Go prints it: short, and no leading zero.
fn is_canonical_int(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    matches!(digits.len(), 1..=18) && digits.iter().all(u8::is_ascii_digit) && (digits[0] != b'0' || text == "0")
}

/// The first key below the top of a resource that is no string.
pub(crate) fn odd_key(root: &Node) -> Option<PrintError> {
    fn within(node: &Node, top: bool) -> Option<PrintError> {
        match node.view() {
            View::Mapping(mapping) => mapping.iter().find_map(|entry| {
                let odd = !top && entry.key.kind != ScalarKind::String;
                if odd { Some(not_a_string(entry)) } else { within(&entry.value, false) }
            }),
            View::Sequence(items) => items.iter().find_map(|item| within(item, false)),
            View::Scalar(..) => None,
        }
    }
    within(root, true)
}

fn not_a_string(entry: &Entry) -> PrintError {
    let what = match entry.key.kind {
        ScalarKind::Bool => "a boolean",
        ScalarKind::Null => "null",
        ScalarKind::Timestamp => "a date",
        _ => "a number",
    };
    let Key { name, location, kind } = entry.key;
    if kind == ScalarKind::Binary {
        let message = format!("the tag of the key `{name}` says that it is no string, and keys must be strings");
        return PrintError { location, message, help: TAKE_TAG_OUT };
    }
    let quoted = (location.span.end - location.span.start) as usize > name.len();
    let message = if quoted {
        format!("the key `{name}` loses its quotes here in kustomize, and is {what} then, where keys must be strings")
    } else {
        format!("the key `{name}` is {what}, and keys must be strings: put quotes around it")
    };
    PrintError { location, message, help: QUOTE }
}

/// What remains of a string that goes through JSON and is read again by go-yaml v2: it refuses some control
/// characters that JSON leaves as they are, and takes U+0085 for a line break, which it folds.
fn through_json(text: &str, location: Location) -> Result<Cow<'_, str>, PrintError> {
    // All of them are 0x7f or begin with a byte beyond ASCII.
    if text.bytes().fold(0, |odd, b| odd | u8::from(b >= 0x7f)) == 0 {
        return Ok(text.into());
    }
    let refused = |c: &char| matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    if let Some(c) = text.chars().find(refused) {
        let message = format!("the control character U+{:04X} is in this text, and YAML does not allow it", c as u32);
        return Err(PrintError { location, message, help: TAKE_OUT });
    }
    let ends_document = |(at, next_line): (usize, &str)| {
        let line = &text[at + next_line.len()..];
        let after = line.strip_prefix("---").or_else(|| line.strip_prefix("..."));
        after.is_some_and(|after| after.starts_with([' ', '\u{85}']))
    };
    if text.match_indices('\u{85}').any(ends_document) {
        let message = "behind the line break U+0085 in this text stands what ends a document".to_owned();
        return Err(PrintError { location, message, help: TAKE_OUT });
    }
    if text.contains('\u{85}') { Ok(fold_next_lines(text).into()) } else { Ok(text.into()) }
}

fn fold_next_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{85}') {
        out.push_str(rest[..at].trim_end_matches(' '));
        let after = rest[at..].trim_start_matches([' ', '\u{85}']);
        let breaks = rest[at..rest.len() - after.len()].matches('\u{85}').count();
        if breaks == 1 {
            out.push(' ');
        }
        out.extend(std::iter::repeat_n('\n', breaks - 1));
        rest = after;
    }
    out.push_str(rest);
    out
}
