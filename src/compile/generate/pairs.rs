//! The keys and values that a generator's `envs`, `literals` and `files` give, in that order, each with its place.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use compact_str::CompactString;

use super::env_file::{self, Oddity};
use super::field;
use crate::compile::quoted::in_quotes;
use crate::compile::{Step, Work};
use crate::finding::{Finding, Findings};
use crate::source::yaml::scalar::resolve_key;
use crate::source::yaml::{SAVE_AS_UTF8, is_utf16};
use crate::source::{Entry, Key, Loaded, Location, Node, Span, Style, Symbol};

/// One key and its value.
pub(super) struct Pair {
    key: Key,
    content: Content,
    /// Where the value stands: the words after the `=`, the line of the env file, the file.
    at: Location,
}

enum Content {
    Text(CompactString),
    File(Arc<Loaded>),
}

impl Pair {
    /// The value if it is text.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            Content::File(loaded) => loaded.text.as_deref(),
        }
    }

    fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Text(text) => text.as_bytes(),
            Content::File(loaded) => loaded.bytes(),
        }
    }

    /// The entry of a ConfigMap's `data`.
    pub(super) fn as_text(&self, step: Step) -> Entry {
        self.entry(self.text().unwrap_or_default(), step)
    }

    /// The entry of a Secret's `data` or of `binaryData`.
    pub(super) fn as_base64(&self, step: Step) -> Entry {
        self.entry(&wrapped_base64(self.bytes()), step)
    }

    fn entry(&self, text: &str, step: Step) -> Entry {
        let value = Node::new_string(text, &step.sign(self.at));
        // Kustomize writes lines as a block.
        let value = if text.contains('\n') { value.restyled(Style::Literal) } else { value };
        let key = Key { kind: resolve_key(&self.key.name), ..self.key };
        Entry { key, value: in_quotes(&value).unwrap_or(value) }
    }
}

/// Base64 in lines of 70, each ended by a line break, unless one line is enough (`encodeBase64`).
pub(super) fn wrapped_base64(bytes: &[u8]) -> String {
    const WIDTH: usize = 70;
    let line = STANDARD.encode(bytes);
    if line.len() < WIDTH {
        return line;
    }
    let mut wrapped = String::with_capacity(line.len() + line.len() / WIDTH + 1);
    for start in (0..line.len()).step_by(WIDTH) {
        wrapped.push_str(&line[start..line.len().min(start + WIDTH)]);
        wrapped.push('\n');
    }
    wrapped
}

/// All pairs of one generator. A key that stands twice is reported and its first value kept.
pub(super) fn pairs(spec: &Node, what: &str, work: &mut Work<'_>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    // The singular `env` is put behind `envs` when kustomize loads the file: FixKustomizationPostUnmarshalling
    let single = field(spec, "env").filter(|node| node.text().is_some_and(|text| !text.is_empty()));
    for source in sources(spec, "envs", work.findings).into_iter().chain(single) {
        env_pairs(source, work, &mut pairs);
    }
    for source in sources(spec, "literals", work.findings) {
        pairs.extend(literal_pair(source, what, work));
    }
    for source in sources(spec, "files", work.findings) {
        pairs.extend(file_pair(source, work));
    }
    without_repeats(pairs, what, work.findings)
}

/// The strings of a list field.
fn sources<'a>(spec: &'a Node, name: &str, findings: &mut Findings) -> Vec<&'a Node> {
    let Some(list) = field(spec, name) else {
        return Vec::new();
    };
    let mut refuse = |node: &Node, is: &str| {
        let finding = Finding::error("generator/not-a-list", format!("`{name}` is a list of strings"))
            .at(node.location(), is)
            .help(format!("write `{name}:` and below it one `- ` line an entry"));
        findings.push(finding);
    };
    let Some(items) = list.as_sequence() else {
        refuse(list, "this is not a list");
        return Vec::new();
    };
    let (strings, others): (Vec<&Node>, Vec<&Node>) = items.iter().partition(|item| item.is_scalar());
    others.iter().for_each(|item| refuse(item, "this is not a string"));
    strings
}

fn without_repeats(pairs: Vec<Pair>, what: &str, findings: &mut Findings) -> Vec<Pair> {
    let mut seen: HashMap<Symbol, Location> = HashMap::new();
    let mut kept = Vec::with_capacity(pairs.len());
    for pair in pairs {
        match seen.get(&pair.key.name) {
            Some(&first) => {
                let message = format!("the key `{}` stands twice in this {what}", pair.key.name);
                let finding = Finding::error("generator/duplicate-key", message)
                    .at(pair.key.location, "the second time")
                    .related(first, "the first time")
                    .help("rename one of them or remove it");
                findings.push(finding);
            }
            None => {
                seen.insert(pair.key.name, pair.key.location);
                kept.push(pair);
            }
        }
    }
    kept
}

fn env_pairs(source: &Node, work: &mut Work<'_>, pairs: &mut Vec<Pair>) {
    let path = source.text().unwrap_or_default();
    let Some(loaded) = work.loader.file(path, source.location(), work.findings) else {
        return;
    };
    let Some(text) = &loaded.text else {
        let wide = is_utf16(loaded.bytes());
        let what = if wide { "UTF-16, and kustomize reads only UTF-8 here" } else { "not UTF-8 text" };
        let finding = Finding::error("generator/env-not-utf8", format!("the env file `{path}` is {what}"))
            .at(source.location(), "this file is not UTF-8")
            .help(if wide { SAVE_AS_UTF8 } else { "save it as UTF-8; binary values belong into `files`" });
        work.findings.push(finding);
        return;
    };
    let place = |range: Range<usize>| Location::new(loaded.file, Span::new(range.start as u32, range.end as u32));
    let (lines, oddities) = env_file::lines(text);
    for line in lines {
        let key = Key::new(&text[line.key.clone()], place(line.key));
        let content = Content::Text(text[line.value.clone()].into());
        pairs.push(Pair { key, content, at: place(line.value) });
    }
    for oddity in oddities {
        work.findings.push(match oddity {
            Oddity::NoKey(range) => Finding::warning("generator/env-line", "this line has no key and is passed over")
                .at(place(range), "nothing before the `=`")
                .help("write `KEY=value`, or begin the line with `#`"),
            Oddity::TooLong(range) => {
                Finding::warning("generator/env-line", "this line is too long: kustomize stops reading here")
                    .at(place(range), "this line and all after it are passed over")
                    .help("keep lines below 65,536 bytes; put long values into `files`")
            }
        });
    }
}

/// Where the words `part` stand in the scalar `source`, looked for around byte `near` of its text as written.
fn place_of(source: &Node, part: Range<usize>, work: &Work<'_>) -> Location {
    let whole = source.location();
    let file = work.loader.store.map().get(whole.file);
    let text = source.text().unwrap_or_default();
    let Some(raw) = file.text.get(whole.span.range()) else {
        return whole;
    };
    // As written there is a quote in front; a backslash or doubled quote before the part moves it further.
    let found = (0..=3).map(|lead| part.start + lead).find(|&at| {
        let words = &text[part.clone()];
        !words.is_empty() && raw.get(at..).is_some_and(|rest| rest.starts_with(words))
    });
    match found {
        Some(at) => {
            let start = whole.span.start + at as u32;
            Location::new(whole.file, Span::new(start, start + part.len() as u32))
        }
        None => whole,
    }
}

fn literal_pair(source: &Node, what: &str, work: &mut Work<'_>) -> Option<Pair> {
    let text = source.text().unwrap_or_default();
    let Some(equals) = text.find('=').filter(|&at| at > 0) else {
        // What a user meant for a Secret is not repeated.
        let shown = if what == "Secret" { "this literal".to_owned() } else { format!("`{text}`") };
        let finding = Finding::error("generator/literal", format!("{shown} is not of the form `key=value`"))
            .at(source.location(), if text.starts_with('=') { "no key before the `=`" } else { "no `=`" })
            .help("write `key=value`; for a file use `files`");
        work.findings.push(finding);
        return None;
    };
    let value = without_quotes(text, equals + 1..text.len());
    Some(Pair {
        key: Key::new(&text[..equals], place_of(source, 0..equals, work)),
        content: Content::Text(text[value.clone()].into()),
        at: place_of(source, value, work),
    })
}

/// Leaves out one pair of equal quotes around the value.
fn without_quotes(text: &str, value: Range<usize>) -> Range<usize> {
    let bytes = text[value.clone()].as_bytes();
    match bytes {
        [first @ (b'"' | b'\''), .., last] if first == last => value.start + 1..value.end - 1,
        _ => value,
    }
}

fn file_pair(source: &Node, work: &mut Work<'_>) -> Option<Pair> {
    let text = source.text().unwrap_or_default();
    let (key, path) = match split_file_source(text) {
        Ok(split) => split,
        Err(problem) => {
            let finding = Finding::error("generator/file-source", problem)
                .at(source.location(), "neither `path` nor `key=path`")
                .help("write the file's path, or `key=path` to choose the key; neither may hold a `=`");
            work.findings.push(finding);
            return None;
        }
    };
    let named = place_of(source, 0..text.len(), work);
    let loaded = work.loader.file(path, named, work.findings)?;
    let end = loaded.text.as_ref().map_or(0, |text| text.len());
    let at = Location::new(loaded.file, Span::new(0, end as u32));
    Some(Pair { key: Key::new(key, named), content: Content::File(loaded), at })
}

/// Key and path of a `files` entry; without a key of its own the file's name is the key.
fn split_file_source(text: &str) -> Result<(&str, &str), String> {
    match text.split_once('=') {
        None => Ok((base_name(text), text)),
        Some((_, path)) if path.contains('=') => Err(format!("the key or the path in `{text}` holds a `=`")),
        Some(("", path)) => Err(format!("there is no key for the file `{path}` in `{text}`")),
        Some((key, "")) => Err(format!("there is no path for the key `{key}` in `{text}`")),
        Some((key, path)) => Ok((key, path)),
    }
}

fn base_name(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(".")
}

#[cfg(test)]
mod tests {
    use super::{split_file_source, without_quotes, wrapped_base64};

    #[test]
    fn file_sources() {
        assert_eq!(split_file_source("./a/b.ini"), Ok(("b.ini", "./a/b.ini")));
        assert_eq!(split_file_source("k=a/b.ini"), Ok(("k", "a/b.ini")));
        for wrong in ["=a", "a=", "a=b=c", "a==b"] {
            assert!(split_file_source(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn one_pair_of_equal_quotes_goes() {
        let strip = |text: &'static str| &text[without_quotes(text, 0..text.len())];
        assert_eq!(strip("'a'"), "a");
        assert_eq!(strip("\"a\""), "a");
        assert_eq!(strip("'a\""), "'a\"");
        assert_eq!(strip("''a''"), "'a'");
        assert_eq!(strip("'"), "'");
        assert_eq!(strip("''"), "");
    }

    #[test]
    fn base64_lines_are_70_wide() {
        assert_eq!(wrapped_base64(b""), "");
        assert_eq!(wrapped_base64(&[0; 51]).len(), 68, "one line, no line break");
        let long = wrapped_base64(&[0; 54]);
        assert_eq!(long.lines().map(str::len).collect::<Vec<_>>(), vec![70, 2]);
        assert!(long.ends_with('\n'));
    }
}
