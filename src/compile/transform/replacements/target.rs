//! Where the value of a replacement goes.

use super::bad_path;
use super::mend::mend;
use super::path::{self, Step};
use super::settings::Target;
use super::source::{self, Value};
use super::unfit::is_unfit;
use super::walk::{Problem, Walk};
use crate::compile::bounds;
use crate::compile::patch::Notes;
use crate::compile::transform::write::untagged_kind;
use crate::compile::{Step as Act, shared_label};
use crate::finding::{Finding, Findings, nearest};
use crate::resource::{Resource, ResourceSet, WrongKind};
use crate::source::yaml::MAX_DEPTH;
use crate::source::{FieldPath, Location, Node, Signature, Style};

impl Target<'_> {
    /// Writes the value to all fields of all resources that are meant.
    pub(super) fn write(&self, value: &mut Value, set: &mut ResourceSet, findings: &mut Findings) {
        let meant = self.meant(set);
        if meant.is_empty() {
            let finding = self.no_match(set, findings);
            findings.push(finding);
            return;
        }
        let mut fields = Vec::new();
        for &(path, at) in &self.paths {
            match path::target(path) {
                Ok(steps) => fields.push(Field { target: self, path: (path, at), steps }),
                Err(problem) => bad_path((path, at), &problem, findings),
            }
        }
        for index in meant {
            for field in &fields {
                if may_rename(&field.steps) {
                    set.rename_mut();
                    set.unsettle();
                }
                let Some(resource) = set.get_mut(index) else { continue };
                if value.is_in(index) {
                    field.write_at_home(value, resource, findings);
                } else {
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

    fn no_match(&self, set: &ResourceSet, findings: &mut Findings) -> Finding {
        let message = format!("no `{}` is selected as a target", self.select.words());
        let finding =
            Finding::warning("replacements/no-match", message).at(self.select.at, "this target changes nothing");
        if set.iter().any(|resource| self.select.fits_labels(resource) && self.select.fits_id(resource)) {
            return finding.help("`reject` takes out every resource that `select` finds; narrow it");
        }
        if !findings.may_look_through(set.len()) {
            return finding.help("correct the target, or remove it");
        }
        let names = set.iter().filter(|resource| self.select.fits_kind(resource)).map(Resource::name);
        match nearest(self.select.name, names) {
            Some(near) if near != self.select.name => finding.help(format!("did you mean `{near}`?")),
            _ if self.select.is_exact() && self.select.name.contains(['*', '|', '+', '^', '$']) => {
                finding.help("`--compat 5.5` compares names letter by letter; patterns are for newer versions")
            }
            _ => finding.help(self.kind_help(set)),
        }
    }

    fn kind_help(&self, set: &ResourceSet) -> String {
        let unknown = self.select.kind().filter(|kind| set.iter().all(|resource| resource.kind() != *kind));
        match unknown.and_then(|kind| Some((kind, nearest(kind, set.iter().map(Resource::kind))?))) {
            Some((kind, near)) => format!("there is no `{kind}`; did you mean `{near}`?"),
            None => "name a resource of this kustomization or of one below it, or remove the target".to_owned(),
        }
    }
}

/// Whether writing there may change an id.
fn may_rename(steps: &[Step]) -> bool {
    let is_key = |at: usize, names: &[&str]| match steps.get(at) {
        Some(Step::Key(key)) => names.contains(&key.as_str()),
        step => step.is_none(),
    };
    is_key(0, &["apiVersion", "kind"]) || is_key(0, &["metadata"]) && is_key(1, &["name", "namespace"])
}

/// Whether all annotations are written there, those included that kustomize keeps its notes in.
fn is_all_annotations(steps: &[Step]) -> bool {
    let is_key = |step: &Step, name: &str| matches!(step, Step::Key(key) if key == name);
    match steps {
        [first] => is_key(first, "metadata"),
        [first, second] => is_key(first, "metadata") && is_key(second, "annotations"),
        _ => false,
    }
}

struct Field<'a> {
    target: &'a Target<'a>,
    path: (&'a str, Location),
    steps: Vec<Step>,
}

impl Field<'_> {
    /// Writes into the resource that the value is part of, and so maybe to the value or into it.
    fn write_at_home(&self, value: &mut Value, resource: &mut Resource, findings: &mut Findings) {
        if self.target.options.create && value.text.is_none() {
            // The field is made before the value is copied, and may be part of it.
            let sign = Act::transform("replacements").sign(self.path.1);
            let empty = match value.node.as_sequence() {
                Some(_) => Node::new_sequence(Vec::new(), &sign),
                None => Node::new_mapping(Vec::new(), &sign),
            };
            let mut put = |_: &mut Node| Ok(());
            let (fresh, path) = (Some(&empty), FieldPath::root());
            let mut walk = Walk { fresh, sign: &sign, put: &mut put, path, open: None, lost: None, bracketed: false };
            if walk.walk(&mut resource.root, &self.steps).is_ok() {
                value.refresh(resource);
            }
        }
        self.write(value, resource, findings);
        value.refresh(resource);
    }

    fn write(&self, value: &Value, resource: &mut Resource, findings: &mut Findings) {
        let sign = Act::transform("replacements").sign(self.path.1);
        let grows = value.text.is_none() || !self.target.options.delimiter.is_empty();
        let before = grows.then(|| resource.root.clone());
        let fresh = self.target.options.create.then(|| self.fresh(value, &sign));
        if fresh.is_some() && leads_into_annotations(&self.steps) && !self.swallows(resource) {
            resource.fleeting_annotations |= open_null_annotations(&mut resource.root, &sign) && !resource.has_notes();
        }
        if is_all_annotations(&self.steps) {
            Notes::of(resource, false).put_in(&mut resource.root, self.path.1);
        }
        let (mut emptied, mut misfit, mut filled) = (None, false, 0);
        let mut put = |node: &mut Node| {
            filled += 1;
            if value.text.is_none() && node.is_scalar() {
                emptied = Some(node.location());
            }
            self.put(node, value, &sign)?;
            misfit |= is_unfit(node);
            Ok(())
        };
        let open = source::text_on_the_way(&resource.root, &self.steps);
        let (fresh, path) = (fresh.as_ref(), FieldPath::root());
        let mut walk =
            Walk { fresh, sign: &sign, put: &mut put, path, open: open.as_ref(), lost: None, bracketed: false };
        let done = walk.walk(&mut resource.root, &self.steps);
        let lost = walk.lost;
        let splits_what_it_made = value.text.is_none() && !self.target.options.delimiter.is_empty();
        let done = match done {
            Ok(count) if splits_what_it_made && count > filled => Err(no_text(self.path.1)),
            done => done,
        };
        resource.unfit |= misfit;
        resource.doubled |= value.doubled && !value.node.doubles().is_empty();
        if done.is_ok() && is_all_annotations(&self.steps) {
            value.leave_notes(&self.steps, resource);
        }
        resource.settle_version();
        let keys =
            self.steps.iter().filter_map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None });
        shared_label::follow_field(&mut resource.root, keys);
        match done {
            Ok(0) => findings.push(self.missing(resource)),
            Ok(_) => {}
            Err(problem) => findings.push(self.problem(problem, resource)),
        }
        if let Some(before) = before.filter(|_| !bounds::is_sound(&resource.root)) {
            resource.root = before;
            findings.push(self.outgrown(resource));
        }
        let emptied = emptied.map(|at| (at, "was text, and is empty now"));
        for (at, words) in lost.into_iter().chain(emptied) {
            findings.push(loss(at, words, self.path, resource));
        }
    }

    /// Whether annotations that are written `null` swallow the value: a kustomize that goes on in texts takes the word
    /// for one, unless it keeps notes there.
    fn swallows(&self, resource: &Resource) -> bool {
        let annotations = resource.root.dig(&["metadata", "annotations"]);
        let is_written = || annotations.and_then(Node::text).is_some_and(|text| !text.is_empty());
        !self.target.select.is_exact() && !resource.has_notes() && is_written()
    }

    /// Puts the value in the place of `node`.
    fn put(&self, node: &mut Node, value: &Value, sign: &Signature) -> Result<(), Problem> {
        let delimited = !self.target.options.delimiter.is_empty();
        let Some(old) = node.text() else {
            if delimited {
                return Err(no_text(node.location()));
            }
            let like = (value.node.style(), value.node.kind());
            let new = match &value.text {
                Some(text) => value.node.copied_text(text.as_str(), like, sign),
                None => value.node.copied(sign),
            };
            node.set(new, sign);
            return Ok(());
        };
        // Before the text is made, which a list of such replacements would do again and again.
        if delimited && (old.len() + value.text.as_deref().map_or(0, str::len)) as u64 > bounds::MAX_GROWN {
            return Err(Problem::Unfit {
                at: node.location(),
                message: format!("would be longer than {} MiB", bounds::MAX_GROWN >> 20),
                help: "a value that is put into itself doubles each time: let source and target lie apart",
            });
        }
        let text = self.joined(old, value);
        // Only the text is copied: what the field is stays, so `"5"` put into a number is a number.
        let kind = match node.kind() {
            _ if node.is_untagged() => untagged_kind(&text, node.style()),
            kind => kind,
        };
        let new = value.node.copied_text(text, (node.style(), kind), sign);
        let new = if node.is_untagged() { new.untagged() } else { new };
        node.set(new, sign);
        Ok(())
    }

    /// The text that a field with the text `old` gets.
    fn joined(&self, old: &str, value: &Value) -> String {
        let new = value.text.as_deref().unwrap_or_default();
        let options = self.target.options;
        if options.delimiter.is_empty() {
            return new.to_owned();
        }
        let delimiter = options.delimiter;
        let Ok(index) = usize::try_from(options.index) else {
            return [new, delimiter, old].concat();
        };
        let mut start = 0;
        for _ in 0..index {
            match old[start..].find(delimiter) {
                Some(at) => start += at + delimiter.len(),
                None => return [old, delimiter, new].concat(),
            }
        }
        let end = old[start..].find(delimiter).map_or(old.len(), |at| start + at);
        [&old[..start], new, &old[end..]].concat()
    }

    /// What a field that is made gets. It has no type of its own, so the text means what it looks like.
    fn fresh(&self, value: &Value, sign: &Signature) -> Node {
        if value.text.is_none() {
            return value.node.copied(sign);
        }
        let text = self.joined("", value);
        let kind = untagged_kind(&text, Style::Plain);
        value.node.copied_text(text, (Style::Plain, kind), sign).untagged()
    }

    fn missing(&self, resource: &Resource) -> Finding {
        let (path, at) = self.path;
        let finding = Finding::error("replacements/missing-field", format!("`{}` has no `{path}`", resource.id()))
            .at(at, "no such field")
            .related(resource.named_at(), "in this resource")
            .resource(resource.id());
        match mend(&resource.root, &self.steps) {
            Some(help) => finding.help(help),
            None => finding.help("make the field with `options: {create: true}`, or correct the path"),
        }
    }

    /// Values that hold copies of themselves have become too large.
    fn outgrown(&self, resource: &Resource) -> Finding {
        let (path, at) = self.path;
        let id = resource.id();
        let (most, levels) = (bounds::MAX_GROWN >> 20, MAX_DEPTH);
        let message =
            format!("`{path}` would make {id} larger than {most} MiB, or nested more than {levels} levels deep");
        Finding::error("replacements/unfit-value", message)
            .at(at, "with this path")
            .help("a value that is put into itself doubles each time: let source and target lie apart")
            .resource(id)
    }

    fn problem(&self, problem: Problem, resource: &Resource) -> Finding {
        let (path, asked) = self.path;
        let id = resource.id();
        let unfit = |at, message, help: &str| {
            Finding::error("replacements/unfit-value", format!("`{path}` of `{id}` {message}"))
                .at(asked, "the value does not fit")
                .related(at, "this field")
                .help(help)
                .resource(id.clone())
        };
        match problem {
            Problem::WrongKind(WrongKind { at, path: inner, found, expected }) => {
                let message = format!("`{inner}` of `{id}` is {found}, and the path needs {expected} there");
                Finding::error("replacements/missing-field", message)
                    .at(asked, "leads nowhere")
                    .related(at, format!("this is {found}"))
                    .help(mend(&resource.root, &self.steps).unwrap_or_else(|| "correct the path".to_owned()))
                    .resource(id)
                    .path(inner)
            }
            Problem::TooShort { at, path: list, index, len } => {
                let message = format!("`{list}` of `{id}` has {len} items, and item {index} is asked for");
                Finding::error("replacements/missing-field", message)
                    .at(asked, "items count from 0")
                    .related(at, "this list")
                    .help(format!("with `options: {{create: true}}` item {len} can be made"))
                    .resource(id)
            }
            Problem::Unfit { at, message, help } => unfit(at, message, help),
        }
    }
}

fn no_text(at: Location) -> Problem {
    Problem::Unfit {
        at,
        message: "is no text that could be split at a delimiter".to_owned(),
        help: "remove `delimiter`, or name a field that is text",
    }
}

fn leads_into_annotations(steps: &[Step]) -> bool {
    let is_key = |step: &Step, name: &str| matches!(step, Step::Key(key) if key == name);
    matches!(steps, [first, second, _, ..] if is_key(first, "metadata") && is_key(second, "annotations"))
}

/// Null annotations take what is put into them. Says whether they were null.
fn open_null_annotations(root: &mut Node, sign: &Signature) -> bool {
    let is_null = root.dig(&["metadata", "annotations"]).is_some_and(Node::is_null);
    if let Some(metadata) = root.get_mut("metadata").filter(|_| is_null)
        && let Some(mapping) = metadata.as_mapping_mut()
    {
        mapping.set_key("annotations", Node::new_mapping(Vec::new(), sign), sign);
    }
    is_null
}

fn loss(at: Location, words: &str, path: (&str, Location), resource: &Resource) -> Finding {
    let message = format!("the value for `{}` of `{}` gets lost", path.0, resource.id());
    Finding::warning("replacements/lost-value", message)
        .at(path.1, "does not arrive as it is")
        .related(at, words)
        .help("let the path lead to a field that can take the value")
        .resource(resource.id())
}
