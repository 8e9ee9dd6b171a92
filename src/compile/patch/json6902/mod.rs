//! JSON patches (RFC 6902), as kustomize applies them by evanphx/json-patch v4.
//!
//! Differences to the standard that show: a `replace` of a missing key adds it, a `copy` of one adds null, a `test`
//! for null passes on one, and negative indices count from the end.

mod operation;
mod pointer;
mod value;

use self::operation::{Failure, apply, outgrown};
use self::pointer::Pointer;
use self::value::Stage;
pub use self::value::not_in_json;
use super::notes::Notes;
use crate::compile::Step;
use crate::compile::bounds::{Growth, is_sound};
use crate::compile::once::Once;
use crate::finding::{Finding, Findings, nearest};
use crate::resource::ResourceId;
use crate::source::{Location, Node};

/// The verbs of a JSON patch.
const VERBS: [&str; 6] = ["add", "remove", "replace", "move", "copy", "test"];

/// Why what looks the same may be another value.
const BESIDE_NOTES: &str =
    "while it builds, kustomize keeps notes of its own in `metadata.annotations`: test single fields";

/// One operation.
#[derive(Clone, Debug)]
struct Operation {
    verb: &'static str,
    path: Pointer,
    /// Of `move` and `copy`.
    from: Option<Pointer>,
    /// Null if there is none.
    value: Node,
    notation: Notation,
    at: Location,
}

impl Operation {
    /// Whether it looks at all annotations, or takes them elsewhere.
    fn reads_annotations(&self) -> bool {
        let read = if self.verb == "test" { Some(&self.path) } else { self.from.as_ref() };
        read.is_some_and(Pointer::holds_annotations)
    }

    fn enters_annotations(&self) -> bool {
        self.path.enters_annotations() || self.from.as_ref().is_some_and(Pointer::enters_annotations)
    }
}

/// How a JSON patch is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// In YAML, which kustomize turns into JSON first.
    Yaml,
    /// In JSON: it begins with `[`.
    Json,
}

/// A JSON patch, read.
#[derive(Clone, Debug)]
pub struct JsonPatch {
    operations: Vec<Operation>,
    mistakes: Findings,
    /// What kustomize takes without a word, by operation.
    oddities: Vec<(usize, Finding)>,
    at: Location,
}

/// What went wrong when a patch was applied to many resources, by operation and kind of mistake.
pub type Failures = Once<(usize, &'static str)>;

impl JsonPatch {
    /// Reads a patch from its list of operations. `None` if it is no such list, which is reported.
    pub fn read(root: &Node, notation: Notation, findings: &mut Findings) -> Option<JsonPatch> {
        let Some(items) = root.as_sequence() else {
            findings.push(not_a_patch(root, "a JSON patch is a list of operations"));
            return None;
        };
        if items.is_empty() {
            findings.push(not_a_patch(root, "this JSON patch is empty"));
            return None;
        }
        let mut mistakes = Findings::new();
        let (mut operations, mut oddities) = (Vec::new(), Vec::new());
        for item in items {
            if item.is_null() {
                mistakes.push(not_a_patch(item, "this operation is empty"));
                continue;
            }
            if item.as_mapping().is_none() {
                findings.push(not_a_patch(item, "an operation of a JSON patch is a mapping"));
                return None;
            }
            if let Some(value) = value::not_in_json(item) {
                findings.push(not_a_patch(value, "JSON has no such number"));
                return None;
            }
            if let Some(operation) = operation(item, notation, &mut mistakes) {
                oddities.extend(odd(&operation, item).map(|finding| (operations.len(), finding)));
                operations.push(operation);
            }
        }
        Some(JsonPatch { operations, mistakes, oddities, at: root.location() })
    }

    /// The mistakes in its operations, which matter once there is a resource to apply them to.
    pub fn mistakes(&self) -> &Findings {
        &self.mistakes
    }

    /// Reports what went wrong, and what is odd in the operations that did not.
    pub fn report(&self, failures: Failures, findings: &mut Findings) {
        let failed = |index: usize| failures.mistakes().any(|&(failed, _)| failed == index);
        let odd = self.oddities.iter().filter(|(index, _)| !failed(*index));
        odd.for_each(|(_, finding)| findings.push(finding.clone()));
        failures.report(findings);
    }

    /// Whether it is there to stop the build if a resource is not as expected.
    pub fn only_tests(&self) -> bool {
        self.operations.iter().all(|operation| operation.verb == "test")
    }

    /// Whether it writes all annotations anew, or takes them away.
    pub fn replaces_annotations(&self) -> bool {
        let is_root = |pointer: &Pointer| pointer.steps.as_deref().unwrap_or_default().is_empty();
        let writes = |operation: &&Operation| {
            // A single value cannot take the place of an object.
            operation.verb != "test" && !(is_root(&operation.path) && operation.value.is_scalar())
        };
        self.operations.iter().filter(writes).any(|Operation { verb, path, from, .. }| {
            path.holds_annotations() || *verb == "move" && from.as_ref().is_some_and(Pointer::holds_annotations)
        })
    }

    /// Whether it looks at all annotations, or takes them elsewhere.
    pub fn reads_annotations(&self) -> bool {
        self.operations.iter().any(Operation::reads_annotations)
    }

    /// Where it is written.
    pub fn location(&self) -> Location {
        self.at
    }

    /// Applies all operations to the root of `id`. If one fails, the root stays as it was. `notes` are what kustomize has
    /// among the resource's annotations at this time.
    pub fn apply(
        &self,
        root: &mut Node,
        id: &ResourceId,
        notes: &Notes,
        failures: &mut Failures,
        findings: &mut Findings,
    ) {
        let mut new = root.clone();
        let mut growth = Growth::default();
        let sees_notes = |operation: &&Operation| operation.enters_annotations() || operation.reads_annotations();
        if let Some(operation) = self.operations.iter().find(sees_notes) {
            notes.put_in(&mut new, operation.path.at);
        }
        for (index, operation) in self.operations.iter().enumerate() {
            if let Err(mut failure) = apply(&mut new, operation, &mut growth) {
                if operation.verb == "test" && operation.reads_annotations() && !notes.is_empty() {
                    failure.help = Some(BESIDE_NOTES.to_owned());
                }
                failures.note((index, failure.kind), id.clone(), || failed(operation, *failure, id));
                return;
            }
        }
        // Each patch by itself may copy little, and many together much.
        let copies = |operation: &&Operation| operation.verb == "copy";
        if let Some(copy) = self.operations.iter().rposition(|operation| copies(&operation))
            && !is_sound(&new)
        {
            let operation = &self.operations[copy];
            let failure = outgrown(&operation.path);
            failures.note((copy, failure.kind), id.clone(), || failed(operation, *failure, id));
            return;
        }
        let unreadable = value::unreadable(root, Stage::Before).or_else(|| value::unreadable(&new, Stage::After));
        if let Some(at) = unreadable {
            findings.push(
                Finding::error("patch/json", format!("a text of `{id}` begins with a tab and has several lines"))
                    .at(at, "kustomize cannot read this again after a JSON patch")
                    .related(self.at, "the patch")
                    .help("use a strategic merge patch, or begin the text with something else")
                    .resource(id.clone()),
            );
            return;
        }
        if let Some(number) = value::not_in_json(root) {
            findings.push(
                Finding::error("patch/json", format!("a number of `{id}` is none that JSON has"))
                    .at(number.location(), "kustomize cannot apply a JSON patch to it")
                    .related(self.at, "the patch")
                    .help("put it in quotes")
                    .resource(id.clone()),
            );
            return;
        }
        notes.take_out(&mut new, self.at);
        value::through_json(&mut new, self.at, id, findings);
        *root = new;
    }
}

/// Says that an operation does not apply.
fn failed(operation: &Operation, failure: Failure, id: &ResourceId) -> Finding {
    let Operation { verb, path, .. } = operation;
    let message = format!("`{verb}` of `{}` does not apply to `{id}`: {}", path.text, failure.message);
    let mut finding = Finding::error("patch/json", message).at(failure.at, failure.label).resource(id.clone());
    if let Some((at, text)) = failure.related {
        finding = finding.related(at, text);
    }
    if let Some(help) = failure.help { finding.help(help) } else { finding }
}

/// What is odd in an operation that can be applied.
fn odd(operation: &Operation, item: &Node) -> Option<Finding> {
    let Operation { verb, path, .. } = operation;
    if let Some(mended) = path.mended() {
        let taken = path.prefix(usize::MAX);
        let message = format!("the path `{}` does not begin with `/`, and is taken for `{taken}`", path.text);
        let finding = Finding::warning("patch/json", message).at(path.at, "its first part is passed over");
        return Some(finding.help(format!("write `{mended}`")));
    }
    if !matches!(*verb, "add" | "replace") || item.get("value").is_some() {
        return None;
    }
    let message = format!("this `{verb}` has no `value`, and writes `null`");
    let finding = Finding::warning("patch/json", message).at(path.at, "becomes `null`");
    let keys = item.as_mapping()?.iter().map(|entry| entry.key.name.as_str());
    let unknown = keys.filter(|key| !["op", "path", "from"].contains(key));
    Some(match nearest("value", unknown) {
        Some(near) => finding.help(format!("write `value` instead of `{near}`")),
        None => finding.help("add the `value`, or `value: null` if that is meant"),
    })
}

fn not_a_patch(node: &Node, message: &str) -> Finding {
    Finding::error("patch/json", message)
        .at(node.location(), "")
        .help("write operations such as `- {op: replace, path: /spec/replicas, value: 2}`")
}

fn operation(item: &Node, notation: Notation, mistakes: &mut Findings) -> Option<Operation> {
    let text = |key: &str| item.get(key).filter(|node| node.as_str().is_some());
    let mut missing = |key: &str| {
        let message = format!("this operation has no `{key}`");
        let near =
            item.as_mapping().and_then(|mapping| nearest(key, mapping.iter().map(|entry| entry.key.name.as_str())));
        let finding = Finding::error("patch/json", message).at(item.location(), "");
        mistakes.push(match near.filter(|near| *near != key) {
            Some(near) => finding.help(format!("write `{key}` instead of `{near}`")),
            None => finding.help(format!("add `{key}`, a text")),
        });
    };
    let Some(op) = text("op") else {
        missing("op");
        return None;
    };
    let Some(verb) = VERBS.into_iter().find(|verb| op.text() == Some(verb)) else {
        let word = op.text().unwrap_or_default();
        let finding = Finding::error("patch/json", format!("`{word}` is no operation")).at(op.location(), "");
        mistakes.push(match nearest(word, VERBS) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help(format!("an operation is one of `{}`", VERBS.join("`, `"))),
        });
        return None;
    };
    let Some(path) = text("path") else {
        missing("path");
        return None;
    };
    let from = text("from").map(Pointer::of);
    if matches!(verb, "move" | "copy") && from.is_none() {
        missing("from");
        return None;
    }
    let at = item.location();
    let value = match item.get("value") {
        Some(value) if notation == Notation::Json => value::as_written(value),
        Some(value) => value::typed(value),
        None => Node::new_scalar("null", crate::source::ScalarKind::Null, &Step::patch().sign(at)),
    };
    Some(Operation { verb, path: Pointer::of(path), from, value, notation, at })
}
