//! Where the value of a replacement goes.

use super::bad_path;
use super::path::{self, Step};
use super::settings::Target;
use super::source::{self, Value};
use super::walk::{Problem, Walk};
use crate::compile::Step as Act;
use crate::compile::transform::write::{untagged_kind, wrong_kind};
use crate::finding::{Finding, Findings, nearest};
use crate::resource::{Resource, ResourceSet};
use crate::source::yaml::scalar;
use crate::source::{FieldPath, Location, Node, ScalarKind, Signature, Style};

impl Target<'_> {
    /// Writes the value to all fields of all resources that are meant.
    pub(super) fn write(&self, value: &Value, set: &mut ResourceSet, findings: &mut Findings) {
        let meant = self.meant(set);
        if meant.is_empty() {
            findings.push(self.no_match(set));
            return;
        }
        for &(path, at) in &self.paths {
            let steps = match path::target(path) {
                Ok(steps) => steps,
                Err(problem) => {
                    bad_path((path, at), &problem, findings);
                    continue;
                }
            };
            let field = Field { target: self, path: (path, at), steps: &steps };
            for &index in &meant {
                let resource = if may_rename(&steps) { set.rename_mut().get_mut(index) } else { set.get_mut(index) };
                if let Some(resource) = resource {
                    field.write(value, resource, findings);
                }
            }
        }
    }

    /// Positions of the resources that are meant.
    fn meant(&self, set: &ResourceSet) -> Vec<usize> {
        let is_meant = |resource: &Resource| {
            self.select.fits_labels(resource)
                && self.select.fits_id(resource)
                && !self.reject.iter().any(|reject| reject.has_labels() && reject.fits_labels(resource))
                && !self.reject.iter().any(|reject| !reject.has_no_id() && reject.fits_id(resource))
        };
        set.iter().enumerate().filter(|(_, resource)| is_meant(resource)).map(|(index, _)| index).collect()
    }

    fn no_match(&self, set: &ResourceSet) -> Finding {
        let message = format!("no {} is selected as a target", self.select.words());
        let finding =
            Finding::warning("replacements/no-match", message).at(self.select.at, "this target changes nothing");
        if set.iter().any(|resource| self.select.fits_labels(resource) && self.select.fits_id(resource)) {
            return finding.help("`reject` takes out every resource that `select` finds; narrow it");
        }
        let names = set.iter().filter(|resource| self.select.fits_kind(resource)).map(Resource::name);
        match nearest(self.select.name, names) {
            Some(near) if near != self.select.name => finding.help(format!("did you mean `{near}`?")),
            _ if self.select.is_exact() && self.select.name.contains(['*', '|', '+', '^', '$']) => {
                finding.help("`--compat 5.5` compares names letter by letter; patterns are for newer versions")
            }
            _ => finding.help("name a resource of this kustomization or of one below it, or remove the target"),
        }
    }
}

/// Whether writing there may change names, by which the set is indexed.
fn may_rename(steps: &[Step]) -> bool {
    let is_key = |at: usize, name: &str| match steps.get(at) {
        Some(Step::Key(key)) => key == name,
        step => step.is_none(),
    };
    is_key(0, "metadata") && is_key(1, "name")
}

struct Field<'a> {
    target: &'a Target<'a>,
    path: (&'a str, Location),
    steps: &'a [Step],
}

impl Field<'_> {
    fn write(&self, value: &Value, resource: &mut Resource, findings: &mut Findings) {
        let sign = Act::transform("replacements").sign(self.path.1);
        let fresh = self.target.options.create.then(|| self.fresh(value, &sign));
        if fresh.is_some() {
            open_annotations(&mut resource.root, &sign);
        }
        let mut emptied = None;
        let mut put = |node: &mut Node| {
            if value.text.is_none() && node.is_scalar() {
                emptied = Some(node.location());
            }
            self.put(node, value, &sign)
        };
        let open = source::text_on_the_way(&resource.root, self.steps);
        let (fresh, path) = (fresh.as_ref(), FieldPath::root());
        let mut walk = Walk { fresh, sign: &sign, put: &mut put, path, open: open.as_ref(), lost: None };
        let done = walk.walk(&mut resource.root, self.steps);
        let lost = walk.lost;
        match done {
            Ok(0) => findings.push(self.missing(resource)),
            Ok(_) => {}
            Err(problem) => findings.push(self.problem(problem, resource)),
        }
        let emptied = emptied.map(|at| (at, "was text, and is empty now"));
        for (at, words) in lost.into_iter().chain(emptied) {
            findings.push(loss(at, words, self.path, resource));
        }
    }

    /// Puts the value in the place of `node`.
    fn put(&self, node: &mut Node, value: &Value, sign: &Signature) -> Result<(), Problem> {
        let delimited = !self.target.options.delimiter.is_empty();
        let Some(old) = node.text() else {
            if delimited {
                return Err(Problem::Unfit {
                    at: node.location(),
                    message: "is no text that could be split at a delimiter".to_owned(),
                    help: "remove `delimiter`, or name a field that is text",
                });
            }
            let like = (value.node.style(), value.node.kind());
            let new = match &value.text {
                Some(text) => value.node.copied_text(text.as_str(), like, sign),
                None => value.node.copied(sign),
            };
            node.set(new, sign);
            return Ok(());
        };
        let text = self.joined(old, value);
        // Only the text is copied: what the field is stays, so `"5"` put into a number is a number.
        let kind = node.kind();
        if !reads_as(&text, kind) {
            let message = format!("is {}, and `{text}` is not", kind_words(kind));
            return Err(Problem::OtherKind { at: node.location(), message, text });
        }
        node.set(value.node.copied_text(text, (node.style(), kind), sign), sign);
        Ok(())
    }

    /// The text that a field with the text `old` gets.
    fn joined(&self, old: &str, value: &Value) -> String {
        let new = value.text.as_deref().unwrap_or_default();
        let options = self.target.options;
        if options.delimiter.is_empty() {
            return new.to_owned();
        }
        let mut parts: Vec<&str> = old.split(options.delimiter).collect();
        match usize::try_from(options.index) {
            Err(_) => parts.insert(0, new),
            Ok(index) if index >= parts.len() => parts.push(new),
            Ok(index) => parts[index] = new,
        }
        parts.join(options.delimiter)
    }

    /// What a field that is made gets. It has no type of its own, so the text means what it looks like.
    fn fresh(&self, value: &Value, sign: &Signature) -> Node {
        if value.text.is_none() {
            return value.node.copied(sign);
        }
        let text = self.joined("", value);
        let kind = untagged_kind(&text, Style::Plain);
        value.node.copied_text(text, (Style::Plain, kind), sign)
    }

    fn missing(&self, resource: &Resource) -> Finding {
        let (path, at) = self.path;
        let finding = Finding::error("replacements/missing-field", format!("{} has no `{path}`", resource.id()))
            .at(at, "no such field")
            .related(resource.named_at(), "in this resource")
            .resource(resource.id());
        match nearest_key(&resource.root, self.steps) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("make the field with `options: {create: true}`, or correct the path"),
        }
    }

    fn problem(&self, problem: Problem, resource: &Resource) -> Finding {
        let (path, asked) = self.path;
        let id = resource.id();
        let unfit = |at, message, help: &str| {
            Finding::error("replacements/unfit-value", format!("`{path}` of {id} {message}"))
                .at(asked, "the value does not fit")
                .related(at, "this field")
                .help(help)
                .resource(id.clone())
        };
        match problem {
            Problem::WrongKind(wrong) => wrong_kind(wrong, resource, path, asked),
            Problem::TooShort { at, path: list, index, len } => {
                let message = format!("`{list}` of {id} has {len} items, and item {index} is asked for");
                Finding::error("replacements/missing-field", message)
                    .at(asked, "items count from 0")
                    .related(at, "this list")
                    .help(format!("with `options: {{create: true}}` item {len} can be made"))
                    .resource(id)
            }
            Problem::Unfit { at, message, help } => unfit(at, message, help),
            Problem::OtherKind { at, message, .. } => {
                unfit(at, message, "write the field in quotes, or copy a value of its type")
            }
        }
    }
}

/// Kustomize keeps its notes in annotations while it builds, so that this mapping is never null to it.
fn open_annotations(root: &mut Node, sign: &Signature) {
    let is_null = root.dig(&["metadata", "annotations"]).is_some_and(Node::is_null);
    if let Some(metadata) = root.get_mut("metadata").filter(|_| is_null)
        && let Some(mapping) = metadata.as_mapping_mut()
    {
        mapping.set_key("annotations", Node::new_mapping(Vec::new(), sign), sign);
    }
}

fn loss(at: Location, words: &str, path: (&str, Location), resource: &Resource) -> Finding {
    let message = format!("the value for `{}` of {} gets lost", path.0, resource.id());
    Finding::warning("replacements/lost-value", message)
        .at(path.1, "does not arrive as it is")
        .related(at, words)
        .help("let the path lead to a field that can take the value")
        .resource(resource.id())
}

/// Whether a text is of this kind once it is written into a field of the kind.
fn reads_as(text: &str, kind: ScalarKind) -> bool {
    let found = scalar::resolve(text);
    match kind {
        ScalarKind::String | ScalarKind::Binary => true,
        ScalarKind::Float => matches!(found, ScalarKind::Float | ScalarKind::Int),
        kind => found == kind,
    }
}

fn kind_words(kind: ScalarKind) -> &'static str {
    match kind {
        ScalarKind::Null => "null",
        ScalarKind::Bool => "true or false",
        ScalarKind::Int => "a whole number",
        ScalarKind::Float => "a number",
        ScalarKind::Timestamp => "a date",
        ScalarKind::String | ScalarKind::Binary => "text",
    }
}

/// The key that the first key of the path that is not there was probably meant to be.
pub(super) fn nearest_key(root: &Node, steps: &[Step]) -> Option<String> {
    let mut node = root;
    for step in steps {
        node = match step {
            Step::Key(key) => match node.get(key) {
                Some(next) => next,
                None => {
                    let keys = node.as_mapping()?.iter().map(|entry| entry.key.name.as_str());
                    return nearest(key, keys).map(str::to_owned);
                }
            },
            Step::Index(index) => node.as_sequence()?.get(*index)?,
            Step::Last => node.as_sequence()?.last()?,
            Step::Every | Step::Item { .. } => node.as_sequence()?.first()?,
        };
    }
    None
}
