//! Field paths of replacements: `spec.containers.[name=web].image`.

use regex::Regex;

use crate::resource::{go_regexp, split_escaped};
use crate::source::yaml::MAX_DEPTH;

/// Splits a path at its dots. `\.` is a dot in a key, `[a.b/c]` a key in brackets, `[name=a.b]` an item of a list.
pub fn split(path: &str) -> Vec<String> {
    let mut result = Vec::new();
    let mut parts = split_escaped(path, '.').into_iter();
    while let Some(mut part) = parts.next() {
        if !part.starts_with('[') || part.ends_with(']') {
            result.push(part);
            continue;
        }
        // The dots within brackets do not split: go on to the part that closes them.
        for more in parts.by_ref() {
            part.push('.');
            part.push_str(&more);
            if part.ends_with(']') {
                break;
            }
        }
        result.push(if part.contains('=') { part } else { part.trim_matches(['[', ']']).to_owned() });
    }
    result
}

/// One step of a path.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A key of a mapping.
    Key(String),
    /// An item of a list by position.
    Index(usize),
    /// The last item (`-`); in sources only.
    Last,
    /// All items (`*`); in targets only.
    Every,
    /// The items whose field has a value that the text is found in as a regular expression; in a source, is equal to
    /// it. Without a field the items themselves are compared.
    Item { field: String, text: String, pattern: Option<Regex> },
}

/// Reads the path of a target. The error says what is wrong.
pub(super) fn target(path: &str) -> Result<Vec<Step>, String> {
    let parts = split(path);
    // A path can be made, and a resource is no deeper than a file.
    if parts.len() > MAX_DEPTH {
        return Err(format!("it has more than {MAX_DEPTH} parts"));
    }
    parts.into_iter().map(|part| step(part, Side::Target)).collect()
}

/// Reads the path of a source. The error says what is wrong.
pub(super) fn source(path: &str) -> Result<Vec<Step>, String> {
    source_of(split(path))
}

/// The same for a path that is split already.
pub(super) fn source_of(parts: Vec<String>) -> Result<Vec<Step>, String> {
    let parts = parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
    parts.map(|part| step(part, Side::Source)).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Source,
    Target,
}

fn step(part: String, side: Side) -> Result<Step, String> {
    if let Ok(index) = part.parse::<i64>() {
        let index = usize::try_from(index).ok();
        return match (index, side) {
            (Some(index), _) => Ok(Step::Index(index)),
            (None, Side::Target) => Ok(Step::Key(part)),
            (None, Side::Source) => Err(format!("the index `{part}` is negative")),
        };
    }
    match (part.as_str(), side) {
        ("-", Side::Source) => return Ok(Step::Last),
        ("*", Side::Target) => return Ok(Step::Every),
        ("*", Side::Source) => return Err("`*` is for targets; a source is one value".to_owned()),
        _ => {}
    }
    let Some(inner) = part.strip_prefix('[').and_then(|part| part.strip_suffix(']')) else {
        return Ok(Step::Key(part));
    };
    let Some((field, text)) = inner.split_once('=') else {
        return Err(format!("`[{inner}]` does not say which item is meant, as in `[name={inner}]`"));
    };
    let pattern = match side {
        Side::Source => None,
        Side::Target => {
            Some(go_regexp::compile(text).map_err(|why| format!("`{text}` is no regular expression: {why}"))?)
        }
    };
    Ok(Step::Item { field: field.to_owned(), text: text.to_owned(), pattern })
}
