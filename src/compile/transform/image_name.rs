//! Container image references as kustomize takes them apart: `registry:5000/app:1.2@sha256:...`.

use regex::Regex;

/// The parts of an image reference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageName<'a> {
    /// All before the tag and the digest.
    pub name: &'a str,
    /// Without its `:`; empty if there is none.
    pub tag: &'a str,
    /// Without its `@`; empty if there is none.
    pub digest: &'a str,
}

impl<'a> ImageName<'a> {
    /// Takes a reference apart. A colon before the first slash belongs to the registry's port.
    pub fn parse(text: &'a str) -> Self {
        let path = text.find('/').unwrap_or(0);
        let found = |mark: char| text[path..].find(mark).map(|at| at + path);
        match (found(':'), found('@')) {
            (Some(colon), Some(at)) if colon < at => {
                ImageName { name: &text[..colon], tag: &text[colon + 1..at], digest: &text[at + 1..] }
            }
            (_, Some(at)) => ImageName { name: &text[..at], tag: "", digest: &text[at + 1..] },
            (Some(colon), None) => ImageName { name: &text[..colon], tag: &text[colon + 1..], digest: "" },
            (None, None) => ImageName { name: text, tag: "", digest: "" },
        }
    }

    /// The references that an entry with this name means. The name is a regular expression, as in kustomize, so that
    /// its dots stand for any character.
    pub fn pattern(name: &str) -> Result<Regex, regex::Error> {
        Regex::new(&format!("^{name}(:[a-zA-Z0-9_.{{}}-]*)?(@{ALGORITHM}:[a-zA-Z0-9_.{{}}-]*)?$"))
    }
}

/// Of engine 5.5, which knows no digests but these.
const ALGORITHM: &str = "sha256";

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> [&str; 3] {
        let ImageName { name, tag, digest } = ImageName::parse(text);
        [name, tag, digest]
    }

    #[test]
    fn references_come_apart() {
        assert_eq!(parts("nginx"), ["nginx", "", ""]);
        assert_eq!(parts("nginx:1.2"), ["nginx", "1.2", ""]);
        assert_eq!(parts("nginx@sha256:abc"), ["nginx", "", "sha256:abc"]);
        assert_eq!(parts("nginx:1@sha256:abc"), ["nginx", "1", "sha256:abc"]);
        assert_eq!(parts("host:5000/app"), ["host:5000/app", "", ""]);
        assert_eq!(parts("host:5000/app:1@sha256:abc"), ["host:5000/app", "1", "sha256:abc"]);
    }

    #[test]
    fn names_are_patterns() {
        let fits = |name, text| ImageName::pattern(name).is_ok_and(|pattern| pattern.is_match(text));
        assert!(fits("nginx", "nginx") && fits("nginx", "nginx:1@sha256:a"));
        assert!(!fits("nginx", "my/nginx") && !fits("nginx", "nginxx"));
        assert!(fits("gcr.io/a", "gcrXio/a:1"), "a dot is any character");
        assert!(ImageName::pattern("[").is_err());
    }
}
