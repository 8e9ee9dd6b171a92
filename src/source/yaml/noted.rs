//! Comments that hold JSON: they say something of the collection at which they stand.

use std::collections::HashMap;

use super::attached::{Attached, Owner, Spot, attached};
use super::build::Builder;
use super::granit::Mode;
use crate::source::{FileId, Node, Span};

/// Notes in the tree of a document what comments say of its collections. `text` is that of the whole file.
pub(super) fn note(root: &mut Node, comments: &[Span], text: &str, document: Span, file: FileId) {
    if !comments.iter().any(|span| is_object(&text[span.range()])) {
        return;
    }
    let mut said: HashMap<Owner, Attached> = HashMap::new();
    for comment in attached(root, comments, text, document).into_iter().filter(|comment| comment.spot != Spot::Foot) {
        // One on the line counts more than one above it, even if it is no JSON.
        let known = said.get(&comment.owner);
        if known.is_none_or(|known| known.spot == Spot::Head && comment.spot == Spot::Line) {
            said.insert(comment.owner, comment);
        }
    }
    said.retain(|_, comment| is_object(&comment.text));
    put(root, &mut said.into_iter().filter_map(|(owner, comment)| Some((owner, json(&comment, file)?))).collect());
}

/// Whether the comment may be a JSON object.
fn is_object(comment: &str) -> bool {
    comment.trim_start_matches('#').trim_start().starts_with('{')
}

/// The JSON object that the comment begins with.
fn json(comment: &Attached, file: FileId) -> Option<Node> {
    let object = comment.text.trim_start_matches('#').trim_start();
    let before = comment.text.len() - object.len();
    let mut values = serde_json::Deserializer::from_str(object).into_iter::<serde::de::IgnoredAny>();
    values.next()?.ok()?;
    let mut builder = Builder::new(file);
    super::read(&object[..values.byte_offset()], Mode::First, comment.span.start + before as u32, file, &mut builder);
    // Go's decoder refuses keys that stand twice.
    builder.root.filter(|_| builder.errors.is_empty() && builder.warnings.is_empty())
}

/// Notes it at the keys and collections.
fn put(node: &mut Node, said: &mut HashMap<Owner, Node>) {
    if let Some(says) = said.remove(&Owner::Value(node.location().span.start)).filter(|_| !node.is_scalar()) {
        node.note(Some(says));
    }
    if let Some(mapping) = node.as_mapping_mut() {
        let keys: Vec<_> = mapping.iter().map(|entry| entry.key).collect();
        for key in keys {
            if let Some(says) = said.remove(&Owner::Key(key.location.span.start)) {
                mapping.note_at(key.name, says);
            }
        }
        mapping.iter_mut().for_each(|(_, value)| put(value, said));
    } else if let Some(list) = node.as_sequence_mut() {
        list.items_mut().iter_mut().for_each(|item| put(item, said));
    }
}
