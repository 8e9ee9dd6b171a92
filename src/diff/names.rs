//! Names that others follow: generated names with a hash, renamed resources, the other environment's prefixes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::resource::{Resource, ResourceId};
use crate::source::{FieldPath, PathStep};

/// How many characters of hash kustomize hangs on a generated name.
const HASH: usize = 10;

/// The characters of such a hash: hexadecimal digits, some replaced by letters.
const ALPHABET: &[u8] = b"2456789bcdfghkmt";

/// The name of a generated resource without its hash; `None` if it has none.
pub(super) fn stem(resource: &Resource) -> Option<&str> {
    let name = resource.name();
    let told = resource.generated.is_some_and(|generated| generated.needs_hash);
    // In a tree that was built elsewhere only the form of the name tells.
    let may_be = resource.gvk().group.is_empty() && matches!(resource.kind(), "ConfigMap" | "Secret");
    if !(told || may_be) {
        return None;
    }
    let (stem, hash) = name.rsplit_once('-')?;
    (!stem.is_empty() && hash.len() == HASH && hash.bytes().all(|b| ALPHABET.contains(&b))).then_some(stem)
}

/// The names that differ between two builds.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Generated names of both sides and what is shown of them: `api-env-9bfbmfgt2f` is `api-env-*`.
    stems: BTreeMap<CompactString, CompactString>,
    /// Names before and what they are after.
    renamed: BTreeMap<CompactString, CompactString>,
    /// Between environments: names and namespaces before and what they are after, the longest first.
    across_words: Vec<(CompactString, CompactString)>,
    /// Whether the sides are different environments, whose names differ throughout.
    across: bool,
}

impl Names {
    /// The names of these pairs, and the generated names of all resources.
    pub fn new<'a>(
        pairs: impl Iterator<Item = (&'a Resource, &'a Resource)>,
        all: impl Iterator<Item = &'a Resource>,
        across: bool,
    ) -> Names {
        let mut names = Names { across, ..Names::default() };
        let mut namespaces: BTreeMap<CompactString, CompactString> = BTreeMap::new();
        for resource in all {
            if let Some(stem) = stem(resource) {
                names.stems.insert(resource.name().into(), format!("{stem}-*").into());
            }
        }
        for (before, after) in pairs {
            if before.name() != after.name() {
                names.renamed.insert(before.name().into(), after.name().into());
            }
            if across && before.namespace() != after.namespace() && !before.namespace().is_empty() {
                namespaces.insert(before.namespace().into(), after.namespace().into());
            }
        }
        if across {
            names.across_words = names.renamed.clone().into_iter().chain(namespaces).collect();
            names.across_words.sort_by_key(|(before, _)| std::cmp::Reverse(before.len()));
        }
        names
    }

    /// What a reference of the side before is after, if all of `text` is a name that changed.
    pub fn followed<'t>(&'t self, text: &'t str) -> Cow<'t, str> {
        match self.renamed.get(text) {
            Some(after) => Cow::Borrowed(after),
            None if self.across => Cow::Owned(self.translated(text)),
            None => Cow::Borrowed(text),
        }
    }

    /// `text` with every changed name and namespace in it replaced by what it is after.
    fn translated(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        'text: while let Some(first) = rest.chars().next() {
            let at_word = !out.ends_with(is_word);
            for (before, after) in self.across_words.iter().filter(|_| at_word) {
                if let Some(tail) = rest.strip_prefix(before.as_str())
                    && !tail.starts_with(is_word)
                {
                    out.push_str(after);
                    rest = tail;
                    continue 'text;
                }
            }
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
        out
    }

    /// Whether the change of a text from `before` to `after` at `path` merely follows a name.
    pub fn follows(&self, path: &FieldPath, before: &str, after: &str) -> bool {
        if self.across {
            return self.translated(before) == after;
        }
        if self.stemmed(before) == self.stemmed(after) {
            return true;
        }
        is_reference(path) && self.renamed.get(before).is_some_and(|name| name == after)
    }

    /// `text` with the hash of every generated name in it replaced by `*`.
    pub fn stemmed<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut shown = Cow::Borrowed(text);
        for (name, stem) in &self.stems {
            if shown.contains(name.as_str()) {
                shown = Cow::Owned(shown.replace(name.as_str(), stem));
            }
        }
        shown
    }

    /// The id with the hash of a generated name replaced by `*`.
    pub fn stemmed_id(&self, mut id: ResourceId) -> ResourceId {
        if let Some(stem) = self.stems.get(&id.name) {
            id.name = stem.clone();
        }
        id
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

/// Whether a field of this name refers to a resource: `name`, `claimName`, `configMap`. A label that happens to be
/// equal to a resource's name does not.
fn is_reference(path: &FieldPath) -> bool {
    let in_labels = path.steps().iter().any(|step| {
        matches!(step, PathStep::Key(key) if matches!(key.as_str(), "labels" | "annotations" | "matchLabels" | "selector"))
    });
    let Some(PathStep::Key(key)) = path.steps().last() else {
        return false;
    };
    !in_labels && (*key == *"name" || key.ends_with("Name") || *key == *"configMap" || *key == *"secret")
}
