//! A comment at the end of a document. Kustomize writes an empty line before it, and reads that again with a text whose
//! last line breaks count.

use super::Step;
use crate::resource::Resource;
use crate::source::yaml::is_block;
use crate::source::{Node, Style, View};

/// Adds the empty line to the last text of the resource, if the comment is to be written behind that.
pub fn grow_last_text(resource: &mut Resource) {
    if std::mem::take(&mut resource.commented) && last(&resource.root).is_some_and(keeps_its_end) {
        grow(&mut resource.root);
    }
}

/// The node that is written last.
fn last(node: &Node) -> Option<&Node> {
    match node.view() {
        _ if node.is_bracketed() => None,
        View::Mapping(mapping) => last(&mapping.iter().next_back()?.value),
        View::Sequence(items) => last(items.last()?),
        View::Scalar(..) => Some(node),
    }
}

/// Whether the text is written as a block of which all line breaks at the end count.
fn keeps_its_end(node: &Node) -> bool {
    let keeps = |text: &str| text == "\n" || text.ends_with("\n\n");
    (is_block(node.style()) || node.style() == Style::Plain) && node.text().is_some_and(keeps)
}

fn grow(node: &mut Node) {
    if let Some(text) = node.text() {
        let text = format!("{text}\n");
        *node =
            node.reworded(text, (node.style(), node.kind()), &Step::link("comment at the end").sign(node.location()));
    } else if let Some(mapping) = node.as_mapping_mut() {
        mapping.iter_mut().last().into_iter().for_each(|(_, value)| grow(value));
    } else if let Some(list) = node.as_sequence_mut() {
        list.items_mut().last_mut().into_iter().for_each(grow);
    }
}
