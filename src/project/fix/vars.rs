//! `vars` → `replacements`: a placeholder takes the place of `$(NAME)` in the files, and a replacement fills it in.
//! Only asked for with `--vars`, since it changes files that others may share.

use super::file::{File, text, value};
use super::moved::place;
use super::var_uses::{Sources, Use, field_path, group_version};
use super::{Change, Context, Refusal, Stage, printed_lines};
use crate::source::edit::{End, Item, items, remove_entry};
use crate::source::{Entry, Key, Location, Node, ScalarKind, Span, Style};

pub(super) const STAGE: Stage = Stage { field: "vars", change };

fn change(file: &File, context: &Context<'_>) -> Result<Change, Refusal> {
    let mut change = Change::default();
    let Some(from) = file.entry(STAGE.field).filter(|_| context.options.vars) else { return Ok(change) };
    let layout = file.layout();
    let vars = from.value.as_sequence().unwrap_or_default();
    let span = layout.entry(from)?;
    let old = items(&layout, &from.value, from.key.location.span.end, span.end)?;
    let sources = Sources::of(&file.root, context);
    let mut new = Vec::new();
    for (var, old) in vars.iter().zip(old) {
        let (uses, edits) = sources.uses(text(var, "name"))?;
        edits.into_iter().for_each(|(path, edits)| change.others.entry(path).or_default().merge(&edits));
        // A replacement without targets is an error, and a var that is used nowhere does nothing.
        if uses.is_empty() {
            continue;
        }
        let start = var.location().span.start;
        let inside = layout.comments_in(Span::new(start, layout.line_end(layout.content_end(var))));
        let mut item = Item::new(printed_lines(&replacement(var, &uses)));
        item.above = old.above.into_iter().chain(inside.map(str::to_owned)).collect();
        item.below = old.below;
        new.push(item);
    }
    if new.is_empty() {
        remove_entry(&layout, from, &mut change.edits)?;
        return Ok(change);
    }
    change.edits = place(file, from, "replacements", new, End::Last)?.edits;
    Ok(change)
}

fn replacement(var: &Node, uses: &[Use]) -> Node {
    let object = |field: &str| value(var, "objref").map(|object| text(object, field)).unwrap_or_default();
    let (group, version) = match object("apiVersion") {
        "" => (object("group"), object("version")),
        api => group_version(api),
    };
    let source = [
        ("group", group.to_owned()),
        ("version", version.to_owned()),
        ("kind", object("kind").to_owned()),
        ("name", object("name").to_owned()),
        ("namespace", object("namespace").to_owned()),
        ("fieldPath", field_path(var)),
    ];
    mapping(vec![("source", strings(source)), ("targets", list(uses.iter().map(target).collect()))])
}

fn target(one: &Use) -> Node {
    let select = strings(one.select.iter().map(|(name, value)| (*name, value.clone())));
    let mut fields = vec![("select", select), ("fieldPaths", list(vec![string(&one.path)]))];
    if let Some((delimiter, index)) = &one.part {
        let mut options = vec![("delimiter", string(delimiter))];
        if *index > 0 {
            let number = index.to_string();
            let node = Node::read_scalar(number.into(), ScalarKind::Int, Style::Plain, Location::default());
            options.push(("index", node));
        }
        fields.push(("options", mapping(options)));
    }
    mapping(fields)
}

/// A mapping of the strings that are not empty.
fn strings(fields: impl IntoIterator<Item = (&'static str, String)>) -> Node {
    let set = fields.into_iter().filter(|(_, value)| !value.is_empty());
    mapping(set.map(|(name, value)| (name, string(&value))).collect())
}

fn string(text: &str) -> Node {
    Node::read_scalar(text.into(), ScalarKind::String, Style::Plain, Location::default())
}

fn list(items: Vec<Node>) -> Node {
    Node::read_sequence(items, Location::default())
}

fn mapping(fields: Vec<(&'static str, Node)>) -> Node {
    let entry = |(name, value)| Entry { key: Key::new(name, Location::default()), value };
    Node::read_mapping(fields.into_iter().map(entry).collect(), Location::default())
}
