//! `vars`: `$(NAME)` stands for a field of a resource. Deprecated in kustomize, and still found.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::expand::{Value, Values, expand};
use super::walk::{at_mut, shape_finding, visit};
use crate::compile::bounds::MAX_GROWN;
use crate::compile::transform::replacements::{look_up, split};
use crate::compile::{Step, shared_label};
use crate::finding::{Finding, Findings, nearest, nearest_key};
use crate::resource::{FieldSpec, Gvk, Resource, ResourceId, ResourceSet};
use crate::source::{FieldPath, Mapping, Node, PathStep, ScalarKind, Style, Symbol, View};

const RULE: &str = "link/var-source";

fn text<'a>(node: &'a Node, keys: &[&str]) -> &'a str {
    node.dig(keys).and_then(Node::text).unwrap_or_default()
}

fn name_of(var: &Node) -> Symbol {
    Symbol::new(text(var, &["name"]))
}

fn place(var: &Node) -> crate::source::Location {
    var.get("name").unwrap_or(var).location()
}

/// The id that `objref` gives.
fn object_of(var: &Node) -> ResourceId {
    let mut gvk = Gvk {
        group: Symbol::new(text(var, &["objref", "group"])),
        version: Symbol::new(text(var, &["objref", "version"])),
        kind: Symbol::new(text(var, &["objref", "kind"])),
    };
    match text(var, &["objref", "apiVersion"]) {
        "" => {}
        api => match api.split_once('/') {
            Some((group, version)) => (gvk.group, gvk.version) = (Symbol::new(group), Symbol::new(version)),
            None => gvk.version = Symbol::new(api),
        },
    }
    let (namespace, name) = (text(var, &["objref", "namespace"]), text(var, &["objref", "name"]));
    ResourceId { gvk, namespace: namespace.into(), name: name.into() }
}

/// Marks the resources from which the `vars` of a layer take their values. At the end of the layer: a layer above may
/// bring another resource of the same name.
pub fn claim_vars(set: &mut ResourceSet, vars: &[Node], findings: &mut Findings) {
    for var in vars {
        let wanted = object_of(var);
        // Without a namespace any will do; with one, a kind outside of namespaces is never meant.
        let means = |id: &ResourceId| {
            let same = id.gvk == wanted.gvk && id.name == wanted.name;
            same && (wanted.namespace.is_empty() || id.effective_namespace() == wanted.namespace)
        };
        let named: Vec<usize> = set.named(&wanted.name).iter().map(|&at| at as usize).collect();
        let found: Vec<usize> = named
            .into_iter()
            .filter(|&at| set.get(at).is_some_and(|it| means(&it.id()) || it.previous.iter().any(means)))
            .collect();
        match found[..] {
            [] => {}
            [only] => {
                if let Some(resource) = set.get_mut(only) {
                    resource.vars.push(name_of(var));
                }
            }
            _ => findings.push(several(var, &found, set)),
        }
    }
}

fn several(var: &Node, found: &[usize], set: &ResourceSet) -> Finding {
    let message = format!("the var `{}` may mean any of {} resources", name_of(var), found.len());
    let finding = Finding::error(RULE, message)
        .at(var.get("objref").unwrap_or(var).location(), "it is not clear which one")
        .help("add the `namespace` to `objref`");
    let resources = found.iter().filter_map(|&at| set.get(at));
    resources.fold(finding, |finding, other| finding.related(other.named_at(), format!("it may be `{}`", other.id())))
}

/// Resolves `$(NAME)` in the fields that `specs` select. Once, at the root, when names are final.
pub fn resolve_vars<'s>(
    set: &mut ResourceSet,
    specs: impl FnOnce() -> &'s [FieldSpec],
    vars: &[Node],
    findings: &mut Findings,
) {
    let mut known: BTreeMap<Symbol, &Node> = BTreeMap::new();
    for var in vars {
        match known.get(&name_of(var)) {
            None => {
                known.insert(name_of(var), var);
            }
            Some(first) => {
                let finding = Finding::error("link/duplicate-var", format!("two vars are called `{}`", name_of(var)))
                    .at(place(var), "this one")
                    .related(place(first), "and this one")
                    .help("rename one of them");
                findings.push(finding);
            }
        }
    }
    if known.is_empty() {
        return;
    }
    let values = known
        .iter()
        .filter_map(|(&name, var)| Some((name, Value { node: value_of(var, set, findings)?, var: place(var) })));
    let mut values = Values::new(values.collect());
    replace_all(set, specs(), &mut values, findings);
    if let Some(var) = vars.first().filter(|_| values.is_spent()) {
        let message = format!("the values of vars come to more than {} MiB", MAX_GROWN >> 20);
        let finding = Finding::error(RULE, message).at(place(var), "vars are declared here");
        findings.push(finding.help("let them stand for shorter values, or use them less often"));
    }
    for (name, var) in known.into_iter().filter(|(name, _)| values.is_unused(*name)) {
        let finding = Finding::warning("link/unused-var", format!("the var `{name}` is used nowhere"))
            .at(place(var), format!("no field that vars are resolved in holds `$({name})`"))
            .help("remove it, or add the field to `varReference` in a file under `configurations`");
        findings.push(finding);
    }
}

/// The node whose value a var stands for.
fn value_of(var: &Node, set: &ResourceSet, findings: &mut Findings) -> Option<Node> {
    let name = name_of(var);
    let Some(source) = set.iter().find(|resource| resource.vars.contains(&name)) else {
        let objref = var.get("objref").unwrap_or(var).location();
        let told = |found: &Finding| found.rule == RULE && found.primary.as_ref().is_some_and(|it| it.at == objref);
        // One of which it is not clear what it means has been told of where it is declared.
        if !findings.iter().any(told) {
            let finding = no_source(var, set, findings);
            findings.push(finding);
        }
        return None;
    };
    let given = var.dig(&["fieldref", "fieldPath"]).filter(|node| node.text().is_some_and(|text| !text.is_empty()));
    let written = given.and_then(Node::text).unwrap_or("metadata.name");
    let parts = split(written).into_iter().flat_map(without_index).collect();
    if let Some(node) = look_up(&source.root, parts) {
        // Go's Atoi knows no other notation.
        if node.is_scalar()
            && node.kind() == ScalarKind::Int
            && node.text().is_some_and(|text| text.parse::<i64>().is_err())
        {
            findings.push(
                Finding::error(RULE, format!("the var `{name}` is a number that is not written in decimal"))
                    .at_node(node, "this number")
                    .related(place(var), "the var")
                    .help("write it in decimal, or in quotes"),
            );
            return None;
        }
        return Some(node.clone());
    }
    let message = format!("the var `{name}` names the field `{written}`, which `{}` does not have", source.id());
    let finding = Finding::error(RULE, message)
        .at(given.map_or_else(|| place(var), Node::location), "no such field")
        .related(source.named_at(), "this resource")
        .resource(source.id());
    let near = FieldPath::parse(written).ok().and_then(|path| near_key(&source.root, &path));
    findings.push(match near {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("name a field as in `spec.ports[0].port`"),
    });
    None
}

/// `ports[0]` as `ports` and `0`; of several indices only the last is one.
fn without_index(part: String) -> Vec<String> {
    let split = part.strip_suffix(']').and_then(|part| part.rsplit_once('['));
    match split.filter(|(_, index)| !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit())) {
        Some(("", index)) => vec![index.to_owned()],
        Some((list, index)) => vec![list.to_owned(), index.to_owned()],
        None => vec![part],
    }
}

/// The key that is nearest to the first one of `path` that is not there.
fn near_key(root: &Node, path: &FieldPath) -> Option<String> {
    let (node, depth) = root.nearest(path);
    let PathStep::Key(missing) = path.steps().get(depth)? else { return None };
    nearest_key(missing, node.as_mapping()?).map(str::to_owned)
}

fn no_source(var: &Node, set: &ResourceSet, findings: &mut Findings) -> Finding {
    let wanted = object_of(var);
    for (keys, value) in [(&["objref", "kind"], &*wanted.gvk.kind), (&["objref", "name"], &*wanted.name)] {
        let missing = if var.get("objref").is_none_or(Node::is_empty) { &keys[..1] } else { &keys[..] };
        if value.is_empty() {
            let message = format!("the var `{}` has no `{}`", name_of(var), missing.join("."));
            return Finding::error(RULE, message)
                .at(var.get("objref").filter(|node| !node.is_empty()).unwrap_or(var).location(), "of which resource?")
                .help("say where the value comes from, as in `objref: {apiVersion: v1, kind: Service, name: web}`");
        }
    }
    let message = format!("the var `{}` names `{wanted}`, which is not in this build", name_of(var));
    let finding =
        Finding::error(RULE, message).at(var.dig(&["objref", "name"]).unwrap_or(var).location(), "no such resource");
    if !findings.may_look_through(set.len()) {
        return finding.help("name a resource by the name, kind and apiVersion of its file");
    }
    let alike = |resource: &&Resource| resource.gvk().kind == wanted.gvk.kind;
    if let Some(other) =
        set.iter().filter(alike).find(|other| other.original_id().name == wanted.name && other.gvk() != wanted.gvk)
    {
        let api = other.gvk().api_version();
        return finding.help(format!("write `apiVersion: {api}` in `objref`, as `{}` has it", other.id()));
    }
    let same = |other: &&Resource| other.gvk() == wanted.gvk && other.original_id().name == wanted.name;
    if let Some(other) = set.iter().find(same) {
        let finding = finding.related(other.named_at(), format!("this is {}", other.original_id()));
        return finding.help("give `objref` the `namespace` that the file has, or none");
    }
    let names: Vec<String> = set.iter().filter(alike).map(|other| other.original_id().name.to_string()).collect();
    match nearest(&wanted.name, names.iter().map(String::as_str)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("name a resource by the name, kind and apiVersion of its file"),
    }
}

fn replace_all(set: &mut ResourceSet, specs: &[FieldSpec], values: &mut Values, findings: &mut Findings) {
    let mut plans: HashMap<Gvk, Rc<Vec<Vec<Symbol>>>> = HashMap::new();
    let plan = |kind: &Gvk| {
        let mine = specs.iter().filter(|spec| spec.selects(kind));
        let keys = |spec: &FieldSpec| spec.path.iter().map(|part| part.key_alone()).collect();
        Rc::new(mine.map(keys).collect::<Vec<Vec<Symbol>>>())
    };
    let mut path = FieldPath::root();
    for resource in set.rename_mut() {
        let paths = plans.entry(resource.gvk()).or_insert_with_key(plan).clone();
        for keys in paths.iter() {
            let mut edits: Vec<(FieldPath, Node)> = Vec::new();
            let mut found = |node: &Node, path: &FieldPath| strings(resource, node, path, values, &mut edits, findings);
            if let Err(blocked) = visit(&resource.root, keys, &mut path, &mut found) {
                findings.push(shape_finding(resource, blocked.node, &blocked.path, "a mapping or a list"));
            }
            let any = !edits.is_empty();
            for (path, new) in edits {
                if let Some(node) = at_mut(&mut resource.root, &path) {
                    let sign = Step::link("vars").sign(new.location());
                    node.set(new, &sign);
                }
            }
            // At once: what follows here has its vars resolved, and may be looked at again.
            if any {
                shared_label::follow_field(&mut resource.root, keys.iter().map(|key| key.as_str()));
            }
        }
    }
}

/// The strings of a field that change: itself, the items of a list, or the values of a mapping.
fn strings(
    resource: &Resource,
    node: &Node,
    path: &FieldPath,
    values: &mut Values,
    edits: &mut Vec<(FieldPath, Node)>,
    findings: &mut Findings,
) {
    let mut string = |node: &Node, path: FieldPath| {
        if let Some(new) = string_of(node).and_then(|text| replaced(node, text, values)) {
            edits.push((path, new));
        }
    };
    match node.view() {
        View::Scalar(..) => string(node, path.clone()),
        View::Mapping(mapping) => mapping_values(mapping).for_each(|(key, value)| string(value, path.key(&key))),
        View::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                let path = path.index(index);
                match string_of(item) {
                    Some(_) => string(item, path),
                    // kustomize gives up here as soon as a build has any var
                    None => findings.push(shape_finding(resource, item, &path, "a string")),
                }
            }
        }
    }
}

/// The text of a string, or of a scalar that may still be one: it has no tag.
fn string_of(node: &Node) -> Option<&str> {
    node.as_str().or_else(|| node.text().filter(|_| node.is_untagged()))
}

fn mapping_values(mapping: &Mapping) -> impl Iterator<Item = (Symbol, &Node)> {
    mapping.iter().map(|entry| (entry.key.name, &entry.value))
}

/// What takes the place of the string `text`; `None` if it stays. A folded string is written anew in any case, since
/// kustomize then forgets how it was written.
fn replaced(node: &Node, text: &str, values: &mut Values) -> Option<Node> {
    if !text.contains('$') {
        let sign = Step::link("vars").sign(node.location());
        let changes = node.style() == Style::Folded || node.kind() != ScalarKind::String;
        return changes.then(|| Node::new_string(text, &sign));
    }
    let new = expand(text, values);
    let at = new.source.as_ref().map_or_else(|| node.location(), |value| value.var);
    let sign = Step::link("vars").sign(at);
    if new.text == text && new.kind == ScalarKind::String && node.style() != Style::Folded {
        return None;
    }
    match &new.source {
        Some(Value { node: source, .. })
            if source.text() == Some(&new.text) && source.kind() == new.kind && source.style() != Style::Folded =>
        {
            Some(source.copied(&sign))
        }
        Some(Value { node: source, .. }) => Some(source.copied_text(new.text, (Style::Plain, new.kind), &sign)),
        None => Some(Node::new_scalar(new.text, new.kind, &sign)),
    }
}
