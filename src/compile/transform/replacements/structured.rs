//! Paths that go on into a text which is itself JSON or YAML (`data.config\.json.server.port`).
//!
//! Kustomize 5.5 refuses such paths, newer ones follow them. JSON is written anew as kustomize writes it, and so is YAML
//! if it is of the usual kind; of other YAML (with comments, say) only the values change. What cannot be written so is lost there without a word, and here
//! with one.

use serde_json::{Map, Number, Value};

use super::path::Step;
use super::rewritten::rewritten;
use super::unfit::is_unfit;
use super::walk::{Problem, Walk};
use crate::source::yaml::{self, Parsed, scalar};
use crate::source::{Node, ScalarKind, Span, Style, View};

/// Goes on in the text of `node`. `None` if the text is no JSON or YAML that holds fields.
pub(super) fn walk_in_text(walk: &mut Walk<'_, '_>, node: &mut Node, steps: &[Step]) -> Option<Result<usize, Problem>> {
    let text = node.text()?.to_owned();
    let parsed = yaml::parse(&text, node.location().file);
    let root = parsed.documents.first().filter(|_| parsed.errors.is_empty())?.root.as_ref();
    let mut root = root.filter(|root| !root.is_scalar())?.clone();
    let mut edits = Vec::new();
    // The writes inside are signed, but the text is what the resource holds: it gets the signature of the last.
    let mut last = None;
    let mut misfit = false;
    let outer = &mut *walk.put;
    let mut put = |inner: &mut Node| {
        let place = (inner.location().span, inner.style(), inner.is_scalar());
        outer(inner)?;
        // Kustomize writes the text and keeps the kind, which then shows as a tag.
        let unfit = inner.text().filter(|_| is_unfit(inner));
        misfit |= unfit.is_some();
        let new = match unfit {
            Some(text) => New::Tagged(format!("!!{} {text}", tag_of(inner.kind()))),
            None => New::Value(inner.clone()),
        };
        edits.push((place, new));
        last = Some(inner.clone());
        Ok(())
    };
    let (fresh, sign, path) = (walk.fresh, walk.sign, walk.path.clone());
    let mut within = Walk { fresh, sign, put: &mut put, path, open: None, lost: None, bracketed: false };
    let count = match within.walk(&mut root, steps) {
        Ok(0) => return Some(Ok(0)),
        Ok(count) => count,
        // Places inside are those of the text, which stands elsewhere in the file.
        Err(problem) => return Some(Err(problem.moved(node.location()))),
    };
    if walk.open != Some(&walk.path) {
        walk.lost = Some((node.location(), "kustomize finds no way into this text"));
        return Some(Ok(count));
    }
    let is_json = text.trim_start().starts_with(['{', '[']);
    let new = if is_json {
        json_text(&root, &text).filter(|_| !misfit)
    } else {
        let new = written(&text, &parsed, &root, &edits);
        let new = new.filter(|new| reads_as(new, &root, node));
        let kept = || spliced(&text, &edits, count).filter(|new| misfit || reads_as(new, &root, node));
        new.or_else(kept).or_else(|| printed(&root))
    };
    if misfit || new.is_none() {
        walk.lost = Some((node.location(), "a field in this text is of another kind"));
    }
    let Some(new) = new else { return Some(Ok(count)) };
    let from = last.as_ref().or(walk.fresh).and_then(|node| node.origin()?.from.clone());
    let like = (node.style(), node.kind());
    let replaced = match from {
        Some(from) => from.copied_text(new.as_str(), like, walk.sign),
        None => Node::new_string(new.as_str(), walk.sign),
    };
    node.set(replaced, walk.sign);
    Some(Ok(count))
}

/// What comes in the place of a value.
enum New {
    Value(Node),
    Tagged(String),
}

type Edit = ((Span, Style, bool), New);

fn tag_of(kind: ScalarKind) -> &'static str {
    match kind {
        ScalarKind::Null => "null",
        ScalarKind::Bool => "bool",
        ScalarKind::Int => "int",
        ScalarKind::Float => "float",
        ScalarKind::Timestamp => "timestamp",
        ScalarKind::String | ScalarKind::Binary => "str",
    }
}

/// The text written anew, unless a collection was put into it, whose own layout is not known here.
fn written(text: &str, parsed: &Parsed, root: &Node, edits: &[Edit]) -> Option<String> {
    let scalars = edits.iter().all(|(_, new)| matches!(new, New::Value(node) if node.is_scalar()));
    if scalars { rewritten(root, text, parsed) } else { None }
}

/// The text with the changed values put in the place of the old ones; `None` unless all are simple scalars.
fn spliced(text: &str, edits: &[Edit], count: usize) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|((span, ..), _)| span.start);
    if edits.len() != count {
        return None;
    }
    let mut new = String::with_capacity(text.len());
    let mut done = 0;
    for ((span, style, was_scalar), edit) in edits {
        let value = match edit {
            New::Value(node) => node.text()?,
            New::Tagged(text) => text,
        };
        if !*was_scalar || value.contains('\n') {
            return None;
        }
        let range = span.range();
        let old = text.get(range.clone()).filter(|old| !old.contains('\n') && range.start >= done)?;
        new.push_str(&text[done..range.start]);
        match style {
            Style::DoubleQuoted if old.starts_with('"') => new.push_str(&serde_json::to_string(value).ok()?),
            Style::SingleQuoted if old.starts_with('\'') => new.push_str(&format!("'{}'", value.replace('\'', "''"))),
            Style::Plain if !old.is_empty() => match edit {
                New::Value(node) => new.push_str(printed(node)?.as_str()),
                New::Tagged(text) => new.push_str(text),
            },
            _ => return None,
        }
        done = range.end;
    }
    new.push_str(&text[done..]);
    Some(new.trim().to_owned())
}

/// Whether a text means what `root` does.
fn reads_as(text: &str, root: &Node, place: &Node) -> bool {
    let parsed = yaml::parse(text, place.location().file);
    let read = parsed.documents.first().and_then(|document| document.root.as_ref());
    parsed.errors.is_empty() && read.is_some_and(|read| read.same_value(root))
}

fn printed(node: &Node) -> Option<String> {
    let mut out = String::new();
    yaml::print(node, &mut out).ok()?;
    Some(out.trim().to_owned())
}

/// JSON as Go's encoder writes it: keys sorted, `<`, `>` and `&` escaped, indented if the old text was.
fn json_text(root: &Node, old: &str) -> Option<String> {
    let value = json(root)?;
    let pretty = old.contains('\n') && old.contains("  ");
    let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
    let mut out = String::new();
    for c in text.ok()?.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    Some(out)
}

fn json(node: &Node) -> Option<Value> {
    Some(match node.view() {
        View::Mapping(mapping) => {
            let mut entries: Vec<_> = mapping.iter().collect();
            entries.sort_by_key(|entry| entry.key.name);
            let mut map = Map::new();
            for entry in entries {
                map.insert(entry.key.name.to_string(), json(&entry.value)?);
            }
            Value::Object(map)
        }
        View::Sequence(items) => Value::Array(items.iter().map(json).collect::<Option<_>>()?),
        View::Scalar(text, kind) => match kind {
            ScalarKind::Null => Value::Null,
            ScalarKind::Bool => Value::Bool(scalar::bool_value(text)?),
            ScalarKind::Int => Number::from_i128(scalar::int_value(text)?)?.into(),
            ScalarKind::Float => number(scalar::float_value(text)?)?.into(),
            _ => Value::String(text.to_owned()),
        },
    })
}

/// A number as Go writes it, which for a whole one is without a point.
fn number(value: f64) -> Option<Number> {
    #[expect(clippy::cast_possible_truncation, reason = "whole and not too large")]
    let whole = (value.fract() == 0.0 && value.abs() < 1e15).then_some(value as i128);
    whole.map_or_else(|| Number::from_f64(value), Number::from_i128)
}
