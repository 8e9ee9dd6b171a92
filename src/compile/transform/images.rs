//! `images`: new names, tags and digests for container images.
//!
//! Kustomize walks twice: over every `containers` and `initContainers` list at any depth, then over the field specs.
//! Both usually meet the same field, which shows in `tagSuffix`: it is put behind the tag twice.

use std::sync::atomic::{AtomicBool, Ordering};

use super::super::fields::{Fields, Scalars, items, listed};
use super::super::{Step, Work};
use super::Transformer;
use super::containers;
use super::image_name::{ImageName, ImagePattern};
use super::write::{own_specs, set_untagged, warn_of_unknown, wrong_kind};
use crate::finding::{Finding, Findings, Severity, nearest};
use crate::resource::{Compat, FieldSpec, Missing, Resource, ResourceSet, SpecIndex, WrongKind};
use crate::source::{Location, Node, Signature};

/// The field `images`.
pub static IMAGES: Transformer = Transformer { field: "images", kind: "ImageTagTransformer", apply, configured };

/// The field `imageTags`, the old name of `images`. Its entries come after those of `images`.
pub static IMAGE_TAGS: Transformer = Transformer { field: "imageTags", kind: IMAGES.kind, apply, configured };

/// One entry of `images`.
struct Entry<'a> {
    name: (&'a str, Location),
    pattern: ImagePattern,
    new_name: Option<&'a str>,
    new_tag: Option<&'a str>,
    digest: Option<&'a str>,
    tag_suffix: Option<&'a str>,
    sign: Signature,
    /// Whether it has matched an image, in whichever thread.
    matched: AtomicBool,
    /// Whether it has changed one.
    changed: AtomicBool,
}

fn apply(value: &Node, work: &mut Work<'_>) {
    let entries = items(value, "images", work.findings);
    let entries: Vec<Entry<'_>> =
        entries.iter().filter_map(|node| read(node, Scalars::Strict, work.compat, work.findings)).collect();
    let specs = work.specs;
    set_images(&entries, &specs.images, work.set, work.findings);
}

fn configured(config: &Node, work: &mut Work<'_>) {
    let Some(fields) = Fields::of_object(config, "an ImageTagTransformer", work.findings) else {
        return;
    };
    warn_of_unknown(&fields, &["imageTag", "fieldSpecs"], work.findings);
    let specs = own_specs(&fields, work.findings);
    let nothing = Node::read_mapping(Vec::new(), config.location());
    let entry = fields.node("imageTag").unwrap_or(&nothing);
    if let Some(entry) = read(entry, Scalars::Lenient, work.compat, work.findings) {
        set_images(&[entry], &specs, work.set, work.findings);
    }
}

fn read<'a>(node: &'a Node, scalars: Scalars, compat: Compat, findings: &mut Findings) -> Option<Entry<'a>> {
    let fields = Fields::of(node, "an entry of images", findings)?.with(scalars);
    let (name, name_node) = fields.text("name", findings).unwrap_or(("", node));
    let mut set = |key| fields.nonempty(key, findings);
    let (new_tag, digest, new_name, tag_suffix) = (set("newTag"), set("digest"), set("newName"), set("tagSuffix"));
    let at = new_tag.or(digest).or(new_name).or(tag_suffix).map_or(node, |(_, node)| node).location();
    let pattern = match ImageName::pattern(name, compat) {
        Ok(pattern) => pattern,
        Err(why) => {
            findings.push(
                Finding::warning("images/bad-pattern", format!("`{name}` is no regular expression: {why}"))
                    .at(name_node.location(), "kustomize takes the name for one; this entry changes nothing")
                    .help("put a backslash before characters such as `[`, `(`, `+` and `*`"),
            );
            return None;
        }
    };
    let text = |field: Option<(&'a str, &Node)>| field.map(|(text, _)| text);
    Some(Entry {
        name: (name, name_node.location()),
        pattern,
        new_name: text(new_name),
        new_tag: text(new_tag),
        digest: text(digest),
        tag_suffix: text(tag_suffix),
        sign: Step::transform("images").sign(at),
        matched: AtomicBool::new(false),
        changed: AtomicBool::new(false),
    })
}

impl Entry<'_> {
    /// Whether nothing is left of what it sets: the other is for the same images, and sets another tag or digest.
    fn is_overwritten_by(&self, later: &Entry<'_>) -> bool {
        let sets_version = |entry: &Entry<'_>| entry.new_tag.is_some() || entry.digest.is_some();
        self.name.0 == later.name.0
            && self.new_name.is_none_or(|name| later.new_name == Some(name) || name == self.name.0)
            && sets_version(self)
            && sets_version(later)
            && [self, later].iter().all(|entry| entry.changed.load(Ordering::Relaxed))
    }
}

fn overwritten(entry: &Entry<'_>, later: &Entry<'_>) -> Finding {
    let message = format!("two entries of `images` are for `{}`", entry.name.0);
    Finding::warning("images/overwritten", message)
        .at(later.sign.at, "this one counts")
        .related(entry.sign.at, "this one is overwritten")
        .help("remove one of them")
}

fn set_images(entries: &[Entry<'_>], specs: &[FieldSpec], set: &mut ResourceSet, findings: &mut Findings) {
    let Some(asked) = entries.first().map(|entry| entry.sign.at) else {
        return;
    };
    let wrong = set.change_each(
        || SpecIndex::new(specs),
        |index, resource| {
            let is_definition = resource.kind() == "CustomResourceDefinition";
            let wrong = if is_definition { None } else { set_in(entries, &index.of(resource.gvk()), resource).err() };
            wrong.map(|wrong| wrong_kind(wrong, resource, "images", asked))
        },
    );
    wrong.into_iter().for_each(|finding| findings.push(finding));
    for (index, entry) in entries.iter().enumerate() {
        if let Some(later) = entries[index + 1..].iter().find(|later| entry.is_overwritten_by(later)) {
            findings.push(overwritten(entry, later));
        }
        match (entry.matched.load(Ordering::Relaxed), entry.changed.load(Ordering::Relaxed)) {
            (false, _) => {
                let finding = no_match(entry, specs, set, findings);
                findings.push(finding);
            }
            (true, false) => findings.push(no_change(entry)),
            (true, true) => {}
        }
    }
}

fn set_in(entries: &[Entry<'_>], specs: &[&FieldSpec], resource: &mut Resource) -> Result<(), WrongKind> {
    let root = &mut resource.root;
    // Most entries match nothing in most resources: looking first keeps shared documents shared.
    let (mut odd, mut first) = (false, entries.len());
    each_image(root, specs, &mut odd, &mut |image| {
        first = entries[..first].iter().position(|entry| entry.pattern.is_match(image)).unwrap_or(first);
    });
    let null_list = specs.iter().any(|spec| spec.meets_null_list(root));
    if odd || specs.iter().any(|spec| spec.leads_nowhere()) {
        containers::check(root)?;
        for (spec, entry) in specs.iter().zip(entries.iter().cycle()) {
            spec.visit_mut(&mut root.clone(), &Missing::Leave, &entry.sign, &mut |_| Ok(()))?;
        }
    }
    for (at, entry) in entries.iter().enumerate().skip(if null_list { 0 } else { first }) {
        let mut fits = false;
        each_image(root, specs, &mut odd, &mut |image| fits |= entry.pattern.is_match(image));
        if fits {
            entry.matched.store(true, Ordering::Relaxed);
        }
        if !(fits || null_list && at == 0) {
            continue;
        }
        containers::visit_mut(root, &mut |node| entry.write(node))?;
        for spec in specs {
            spec.visit_mut(root, &Missing::Leave, &entry.sign, &mut |node| entry.write(node))?;
        }
    }
    Ok(())
}

impl Entry<'_> {
    fn write(&self, node: &mut Node) -> Result<(), WrongKind> {
        let Some(image) = node.text() else {
            return Err(WrongKind::new(node, "a single value"));
        };
        if !self.pattern.is_match(image) {
            return Ok(());
        }
        let new = self.rewritten(image);
        if new != image {
            self.changed.store(true, Ordering::Relaxed);
        }
        let repeated =
            new == image && node.origin().is_some_and(|origin| (origin.at, origin.by) == (self.sign.at, self.sign.by));
        if !repeated {
            set_untagged(node, new, &self.sign);
        }
        Ok(())
    }

    fn rewritten(&self, image: &str) -> String {
        let ImageName { name, tag, digest } = ImageName::parse(image);
        let (mut tag, mut digest) = (tag.to_owned(), digest);
        match (self.new_tag, self.digest, self.tag_suffix) {
            (Some(new), new_digest, _) => {
                tag = new.to_owned();
                digest = new_digest.unwrap_or_default();
            }
            (None, Some(new), _) => {
                tag.clear();
                digest = new;
            }
            (None, None, Some(suffix)) => {
                tag.push_str(suffix);
                digest = "";
            }
            (None, None, None) => {}
        }
        let mut image = self.new_name.unwrap_or(name).to_owned();
        for (mark, part) in [(':', tag.as_str()), ('@', digest)] {
            if !part.is_empty() {
                image.push(mark);
                image.push_str(part);
            }
        }
        image
    }
}

/// Sees all image references that the two walks meet; `odd` is set if one of them meets what it cannot use.
fn each_image<'n>(root: &'n Node, specs: &[&FieldSpec], odd: &mut bool, see: &mut dyn FnMut(&'n str)) {
    containers::each_image(root, odd, see);
    for spec in specs {
        *odd |= spec.visit(root, &mut |node| node.text().into_iter().for_each(&mut *see));
    }
}

fn no_change(entry: &Entry<'_>) -> Finding {
    let message = format!("every image `{}` is already as this entry makes it", entry.name.0);
    Finding::new("images/no-change", Severity::Info, message)
        .at(entry.sign.at, "changes nothing")
        .help("remove the entry, or correct it")
}

fn no_match(entry: &Entry<'_>, specs: &[FieldSpec], set: &ResourceSet, findings: &mut Findings) -> Finding {
    let (name, at) = entry.name;
    if name.is_empty() {
        return Finding::warning("images/no-match", "this entry names no image")
            .at(at, "no `name` here, so it changes nothing")
            .help("give the entry the `name` of the image as the containers have it");
    }
    let finding = Finding::warning("images/no-match", format!("no container has the image `{name}`"))
        .at(at, "this entry changes nothing");
    // Looking through a resource costs more than looking at a name.
    if !findings.may_look_through(set.len().saturating_mul(10)) {
        return finding.help("correct the name, or remove the entry");
    }
    let mut index = SpecIndex::new(specs);
    let mut known = Vec::new();
    for resource in set.iter().filter(|resource| resource.kind() != "CustomResourceDefinition") {
        let mut see = |image| known.push(ImageName::parse(image).name);
        each_image(&resource.root, &index.of(resource.gvk()), &mut false, &mut see);
    }
    known.sort_unstable();
    known.dedup();
    let tail = known.iter().copied().find(|image| image.ends_with(&format!("/{name}")));
    match nearest(name, known.iter().copied()).or(tail) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => finding.help("no resource of this build has a container; remove the entry"),
        None => finding.help(format!("the images are {}", listed(&known))),
    }
}
