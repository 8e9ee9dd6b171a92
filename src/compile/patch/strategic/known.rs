//! What is known of a place: the schema by which its lists merge.

use crate::compile::patch::merge_schema::{MergeSchema, SchemaCursor};
use crate::resource::Gvk;
use crate::source::Node;

/// The schema of a place.
pub(super) struct Known<'s> {
    pub schema: Option<SchemaCursor<'s>>,
    /// Whether the place is a list that would merge, if no comment gave it another schema.
    pub would_merge: bool,
}

impl<'s> Known<'s> {
    /// Of a place with these two sides, which is known as `schema` from the places around it. A comment at a value counts
    /// most, then one at a key.
    pub(super) fn of(sides: [Option<&'s Node>; 2], schema: Option<SchemaCursor<'s>>, all: &'s MergeSchema) -> Self {
        let sides = || sides.into_iter().flatten();
        let noted = |of_key| sides().find_map(|node| all.noted(node, of_key));
        let noted = noted(false).or_else(|| noted(true));
        Known {
            schema: noted.or(schema).or_else(|| sides().find_map(|node| of_object(node, all))),
            would_merge: noted.and(schema).is_some_and(|schema| schema.merge_keys().is_some()),
        }
    }
}

/// The schema of an object: any mapping that has an `apiVersion` and a `kind`, even inside of another object.
fn of_object<'s>(node: &Node, all: &'s MergeSchema) -> Option<SchemaCursor<'s>> {
    let version = node.get("apiVersion")?.text()?;
    all.of(&Gvk::new(version, node.get("kind")?.text()?))
}
