//! What is known of a place: the schema by which its lists merge.
//!
//! A comment in JSON is a schema: one at the value counts most, then one at the key, then what the places around say.

use super::{Form, Merger};
use crate::compile::patch::merge_schema::{MergeSchema, SchemaCursor};
use crate::finding::Finding;
use crate::resource::Gvk;
use crate::source::{Key, Mapping, Node, PathStep};

/// What the base and the patch have of a place.
type Sides<'n> = [Option<&'n Node>; 2];

/// A schema in a comment.
#[derive(Clone, Copy)]
struct Noted<'s> {
    says: &'s Node,
    schema: SchemaCursor<'s>,
}

impl<'s> Noted<'s> {
    fn of(says: &'s Node, all: &'s MergeSchema) -> Option<Self> {
        Some(Noted { says, schema: all.noted(says)? })
    }
}

impl<'a> Merger<'a> {
    /// The schema of a place with these two sides, of which the places around say `schema`.
    pub(super) fn schema_here<'s>(
        &mut self,
        sides: Sides<'s>,
        schema: Option<SchemaCursor<'s>>,
    ) -> Option<SchemaCursor<'s>>
    where
        'a: 's,
    {
        let all = self.schema;
        let noted = sides.into_iter().flatten().find_map(|node| Noted::of(node.comment()?, all));
        if let Some(noted) = noted {
            self.warn_of_comment(noted, sides, schema);
        }
        let noted = noted.map(|noted| noted.schema);
        noted.or(schema).or_else(|| sides.into_iter().flatten().find_map(|node| of_object(node, all)))
    }

    /// The schema of the value of a key, in a place of which `schema` is known.
    pub(super) fn schema_at<'s>(
        &mut self,
        key: Key,
        sides: [Option<&'s Mapping>; 2],
        schema: Option<SchemaCursor<'s>>,
    ) -> Option<SchemaCursor<'s>>
    where
        'a: 's,
    {
        let field = schema.and_then(|schema| schema.field(&key.name));
        let all = self.schema;
        let noted = sides.into_iter().flatten().find_map(|side| Noted::of(side.comment_at(key.name)?, all));
        let Some(noted) = noted else { return field };
        self.path.push(PathStep::Key(key.name));
        self.warn_of_comment(noted, sides.map(|side| side?.get(key.name)), field);
        self.path.pop();
        Some(noted.schema)
    }

    /// Warns of a list that would merge if a comment gave it no other schema.
    fn warn_of_comment(&mut self, noted: Noted<'_>, sides: Sides<'_>, schema: Option<SchemaCursor<'_>>) {
        let merges = |schema: SchemaCursor<'_>| schema.merge_keys().is_some();
        let [Some(base), Some(said)] = sides else { return };
        let lists = [base, said].iter().all(|node| Form::of(node) == Some(Form::List));
        if !lists || merges(noted.schema) || !schema.is_some_and(merges) {
            return;
        }
        self.findings.push(
            Finding::warning("patch/comment-schema", format!("this patch replaces all of `{}`", self.path))
                .at(said.location(), "merged item by item, if it were not for a comment")
                .related(noted.says.location(), "to kustomize this is the schema of the field, and names no merge key")
                .help("move the comment to another line, away from the field, or take the JSON out of it")
                .resource(self.id.clone())
                .path(self.path.clone()),
        );
    }
}

/// The schema of an object: any mapping that has an `apiVersion` and a `kind`, even inside of another object.
fn of_object<'s>(node: &Node, all: &'s MergeSchema) -> Option<SchemaCursor<'s>> {
    let version = node.get("apiVersion")?.text()?;
    all.of(&Gvk::new(version, node.get("kind")?.text()?))
}

/// Whether all items on both sides have a name.
pub(super) fn all_named(base: Option<&Node>, said: Option<&Node>) -> bool {
    let items = |list: &Node| list.as_sequence().unwrap_or_default().iter().all(|item| item.get("name").is_some());
    [base, said].into_iter().flatten().all(items)
}
