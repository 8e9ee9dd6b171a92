//! The generators of a kustomization: ConfigMaps and Secrets made of literals, env files and files.
//!
//! Owns: what kustomize's `configMapGenerator`, `secretGenerator` and `generatorOptions` mean, and how a generated
//! resource meets those gathered before. Must not: add the hash suffix (that is `link`).

mod absorb;
mod config_map;
mod env_file;
mod iam_policy;
mod options;
mod pairs;
mod secret;
mod string_data;

use super::Work;
use super::fields::wrong_type;
use crate::finding::{Finding, Findings, nearest};
use crate::resource::{Behavior, Generated, Resource};
use crate::source::yaml::scalar::bool_value_v2;
use crate::source::{Entry, Key, Node, ScalarKind, Signature, Style};

pub use absorb::absorb;

/// A generator: one list field of a kustomization, and the kind that asks for the same in a `generators:` entry.
pub struct Generator {
    /// The field of `kustomization.yaml`; empty if there is none.
    pub field: &'static str,
    /// The kind of a `generators:` entry (`apiVersion: builtin`).
    pub kind: &'static str,
    /// The fields of an entry.
    pub fields: &'static [&'static str],
    /// Does what one entry of the list asks for, given the kustomization's `generatorOptions`.
    pub generate: fn(&Node, Option<&Node>, &mut Work<'_>),
    /// Does what a configuration object of a `generators:` entry asks for. `generatorOptions` do not speak to it.
    pub configured: fn(&Node, &mut Work<'_>),
}

/// All generators, in the order in which kustomize runs them.
pub const GENERATORS: &[&Generator] = &[&config_map::CONFIG_MAP, &secret::SECRET, &iam_policy::IAM_POLICY];

/// The fields of an entry that makes a ConfigMap.
const CONFIG_MAP_FIELDS: &[&str] = &["name", "namespace", "behavior", "literals", "files", "envs", "env", "options"];

/// The fields of an entry that makes a Secret.
const SECRET_FIELDS: &[&str] =
    &["name", "namespace", "behavior", "type", "literals", "files", "envs", "env", "options"];

/// The value of a field, its name compared as kustomize does: letter case aside if there is no exact one.
pub(super) fn field<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    let mapping = node.as_mapping()?;
    let value = mapping.get(name).or_else(|| {
        let entry = mapping.iter().find(|entry| entry.key.name.eq_ignore_ascii_case(name))?;
        Some(&entry.value)
    })?;
    (!value.is_null()).then_some(value)
}

/// Whether a field says yes. Kustomize reads its own file with YAML 1.1, where `yes` and `on` do.
fn says_yes(node: &Node) -> bool {
    node.style() == Style::Plain && node.text().and_then(bool_value_v2) == Some(true)
}

/// Reports fields of a configuration object that are of another kind than kustomize reads. In a kustomization they are
/// known to fit.
pub fn misfits(config: &Node, findings: &mut Findings) {
    let texts = ["name", "namespace", "behavior", "type", "env"].map(|name| (name, "text"));
    let lists = ["literals", "files", "envs"].map(|name| (name, "a list"));
    for (name, expected) in texts.into_iter().chain(lists) {
        let fits = |node: &&Node| if expected == "text" { node.is_scalar() } else { node.as_sequence().is_some() };
        if let Some(wrong) = field(config, name).filter(|node| !fits(node)) {
            findings.push(wrong_type(wrong, name, expected));
        }
    }
}

/// Takes the old field `env` out of a configuration object, where kustomize does not look at it.
pub fn leave_env(config: &mut Node, findings: &mut Findings) {
    let Some(mapping) = config.as_mapping() else { return };
    let is_env = |entry: &&Entry| entry.key.name.eq_ignore_ascii_case("env");
    let Some(env) = mapping.iter().find(is_env) else { return };
    let finding = Finding::warning("generator/env", "`env` has no effect in a generator of its own");
    findings
        .push(finding.at(env.key.location, "kustomize reads `envs` alone here").help("write a list: `envs: [...]`"));
    let others = mapping.iter().filter(|entry| !is_env(entry)).cloned().collect();
    *config = Node::read_mapping(others, config.location());
}

/// The name and namespace that an entry gives the resource: its own fields, else those of `metadata`, which
/// configuration objects have.
struct Identity<'a> {
    name: &'a Node,
    namespace: Option<&'a Node>,
}

impl<'a> Identity<'a> {
    fn read(entry: &'a Node, what: &str, findings: &mut Findings) -> Option<Self> {
        let given = |name| {
            let own = field(entry, name).filter(|node| node.text().is_some_and(|text| !text.is_empty()));
            own.or_else(|| field(field(entry, "metadata")?, name))
        };
        let Some(name) = given("name") else {
            let finding = Finding::error("generator/missing-name", format!("a {what} must have a name"))
                .at(entry.location(), "no `name` here")
                .help("give the entry a `name`");
            findings.push(finding);
            return None;
        };
        Some(Identity { name, namespace: given("namespace") })
    }
}

fn entry(name: &str, value: Node, sign: &Signature) -> Entry {
    Entry { key: Key::new(name, sign.at), value }
}

/// What an entry asks for beyond its content.
fn wishes(spec: &Node, needs_hash: bool, findings: &mut Findings) -> Generated {
    let Some(node) = field(spec, "behavior") else {
        return Generated { needs_hash, behavior: Behavior::Create };
    };
    let behavior = match node.text().unwrap_or_default() {
        "" | "create" => Behavior::Create,
        "replace" => Behavior::Replace,
        "merge" => Behavior::Merge,
        word => {
            // kustomize takes any other word for `create`, without a word: NewGenerationBehavior
            let finding = Finding::warning("generator/unknown-behavior", format!("`{word}` is not a behavior"))
                .at(node.location(), "taken for `create`");
            findings.push(match nearest(word, ["create", "replace", "merge"]) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help("write `create`, `replace` or `merge`"),
            });
            Behavior::Create
        }
    };
    Generated { needs_hash, behavior }
}

/// The resource of a generated tree.
fn resource(root: Node, spec: &Node, generated: Generated) -> Resource {
    let mut resource = Resource::new(root);
    resource.declared = spec.location();
    resource.generated = Some(generated);
    resource
}

/// A string that holds `text`; kustomize keeps the words of other scalars.
fn string_of(node: &Node, sign: &Signature) -> Node {
    let text = if node.is_null() { "" } else { node.text().unwrap_or_default() };
    Node::new_scalar(text, ScalarKind::String, sign)
}

#[cfg(test)]
mod tests;
