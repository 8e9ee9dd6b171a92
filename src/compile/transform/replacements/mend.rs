//! What to write in place of a path that leads nowhere.

use super::path::Step;
use super::walk::is_meant;
use crate::finding::nearest;
use crate::source::Node;

/// How to mend the first step of a path that cannot be taken, if that can be told.
pub(super) fn mend(root: &Node, steps: &[Step]) -> Option<String> {
    let mut node = root;
    for (depth, step) in steps.iter().enumerate() {
        node = match step {
            Step::Key(key) => match node.get(key) {
                Some(next) if next.is_scalar() && depth + 1 < steps.len() => {
                    return dotted(node, steps, depth);
                }
                Some(next) => next,
                None => {
                    return glued(node, key).or_else(|| dotted(node, steps, depth)).or_else(|| near_key(node, key));
                }
            },
            Step::Index(index) => node.as_sequence()?.get(*index)?,
            Step::Last => node.as_sequence()?.last()?,
            Step::Every => node.as_sequence()?.first()?,
            Step::Item { field, text, .. } => {
                let items = node.as_sequence()?;
                match items.iter().find(|item| fits(item, step)) {
                    Some(item) => item,
                    None => return near_item(items, field, text),
                }
            }
        };
    }
    None
}

fn near_key(node: &Node, key: &str) -> Option<String> {
    let near = nearest(key, node.as_mapping()?.iter().map(|entry| entry.key.name.as_str()))?;
    Some(format!("did you mean `{near}`?"))
}

/// `containers[0]` and `containers[name=web]`: in a replacement's path a dot stands before what picks an item.
fn glued(node: &Node, key: &str) -> Option<String> {
    let (list, item) = key.strip_suffix(']')?.split_once('[')?;
    node.get(list)?.as_sequence()?;
    let is_index = !item.is_empty() && item.bytes().all(|byte| byte.is_ascii_digit());
    match is_index {
        true => Some(format!("write `{list}.{item}`")),
        false => item.contains('=').then(|| format!("write `{list}.[{item}]`")),
    }
}

/// A key with dots in it, which is taken for several.
fn dotted(node: &Node, steps: &[Step], depth: usize) -> Option<String> {
    let key = |step: &Step| if let Step::Key(key) = step { Some(key.clone()) } else { None };
    let rest: Vec<String> = steps[depth..].iter().map_while(key).collect();
    let is_there = |count: &usize| node.get(rest[..*count].join(".").as_str()).is_some();
    let known = (2..=rest.len()).rev().find(is_there);
    // The values there are texts, so that nothing goes on below a key.
    let above = depth.checked_sub(1).and_then(|above| key(&steps[above]));
    let takes_any = matches!(
        above.as_deref(),
        Some("annotations" | "labels" | "matchLabels" | "nodeSelector" | "data" | "stringData" | "binaryData")
    );
    let all = (takes_any && rest.len() > 1 && depth + rest.len() == steps.len()).then_some(rest.len());
    let whole = rest[..known.or(all)?].join(".");
    let make = if known.is_some() { "" } else { "; where it is missing, `options: {create: true}` makes it" };
    Some(format!("a key with dots in it stands in brackets: write `[{whole}]`{make}"))
}

fn fits(item: &Node, step: &Step) -> bool {
    match step {
        Step::Item { field, text, pattern: None } => item.get(field.as_str()).and_then(Node::text) == Some(text),
        _ => is_meant(item, step),
    }
}

fn near_item(items: &[Node], field: &str, text: &str) -> Option<String> {
    let known: Vec<&str> = items.iter().filter_map(|item| item.get(field)?.text()).collect();
    if let Some(near) = nearest(text, known.iter().copied()) {
        return Some(format!("did you mean `[{field}={near}]`?"));
    }
    let shown: Vec<String> = known.iter().take(5).map(|known| format!("`[{field}={known}]`")).collect();
    (!shown.is_empty()).then(|| format!("there are {}", shown.join(", ")))
}
