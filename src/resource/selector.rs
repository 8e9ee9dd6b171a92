//! Target selectors: which resources a patch or replacement speaks of.

use compact_str::CompactString;
use regex::Regex;

use super::go_regexp::compile;
use super::{LabelSelector, Resource, ResourceId};

/// A pattern that a whole text must fit. Kustomize takes regular expressions everywhere; most are plain words, which
/// are compared as such.
#[derive(Clone, Debug, Default)]
pub enum Pattern {
    /// Fits any text: the pattern is empty.
    #[default]
    Any,
    /// Fits one text.
    Literal(CompactString),
    /// Fits what the expression matches as a whole.
    Regex(Regex),
}

impl Pattern {
    /// The pattern of a text. An error is the expression's fault, in words.
    pub fn new(text: &str) -> Result<Pattern, String> {
        if text.is_empty() {
            return Ok(Pattern::Any);
        }
        if !text.contains(['\\', '.', '+', '*', '?', '(', ')', '|', '[', ']', '{', '}', '^', '$']) {
            return Ok(Pattern::Literal(text.into()));
        }
        // Alone first, so that `a)(b` does not become valid by the parentheses around it.
        compile(text).and_then(|_| compile(&format!("^(?:{text})$"))).map(Pattern::Regex)
    }

    /// Whether the whole of `text` fits.
    pub fn fits(&self, text: &str) -> bool {
        match self {
            Pattern::Any => true,
            Pattern::Literal(literal) => literal == text,
            Pattern::Regex(regex) => regex.is_match(text),
        }
    }

    /// The one text that fits.
    pub fn literal(&self) -> Option<&str> {
        match self {
            Pattern::Literal(literal) => Some(literal),
            _ => None,
        }
    }
}

/// Selects resources by kind, name, namespace, labels and annotations. What is left empty selects any.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    /// The API group.
    pub group: Pattern,
    /// The API version.
    pub version: Pattern,
    /// The kind.
    pub kind: Pattern,
    /// The name a resource has, or had first.
    pub name: Pattern,
    /// The effective namespace it is in, or was in first.
    pub namespace: Pattern,
    /// Its labels.
    pub labels: LabelSelector,
    /// Its annotations, in the language of label selectors.
    pub annotations: LabelSelector,
}

impl Selector {
    /// Whether it selects the resource.
    pub fn selects(&self, resource: &Resource) -> bool {
        // The kind tells most resources apart without making an id of them.
        if !self.kind.fits(resource.kind()) {
            return false;
        }
        let id = resource.id();
        let original = resource.previous.first().unwrap_or(&id);
        let either = |fits: &dyn Fn(&ResourceId) -> bool| fits(original) || fits(&id);
        self.group.fits(&id.gvk.group)
            && self.version.fits(&id.gvk.version)
            && either(&|id| self.name.fits(&id.name))
            && either(&|id| self.namespace.fits(id.effective_namespace()))
            && self.labels.matches(|name| resource.label(name))
            && self.annotations.matches(|name| resource.annotation(name))
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_fit_whole_texts() {
        let fits = |pattern: &str, text: &str| Pattern::new(pattern).is_ok_and(|pattern| pattern.fits(text));
        assert!(fits("", "web") && fits("web", "web") && fits("w.*", "web") && fits("a|web", "web"));
        assert!(!fits("we", "web") && !fits("w.", "web") && !fits("web|a", "web2"));
        assert_eq!(Pattern::new("a)(b").map(|_| ()), Err("unopened group".to_owned()));
        assert_eq!(Pattern::new("(").map(|_| ()), Err("unclosed group".to_owned()));
    }
}
