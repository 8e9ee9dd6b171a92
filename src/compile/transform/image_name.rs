//! Container image references as kustomize takes them apart: `registry:5000/app:1.2@sha256:...`.

use regex::Regex;

use crate::resource::{Compat, go_regexp};

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
    pub fn pattern(name: &str, compat: Compat) -> Result<ImagePattern, String> {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"./_-:@".contains(&b);
        match name.bytes().all(is_plain) {
            true => Ok(ImagePattern::Plain(name.to_owned(), compat)),
            false => regex(name, compat).map(ImagePattern::Regex),
        }
    }
}

/// Which references an entry means.
#[derive(Debug)]
pub enum ImagePattern {
    /// A name in which only the dots are more than they seem. Most names are such, and to compile a regular expression
    /// takes longer than a small build.
    Plain(String, Compat),
    /// Any other name.
    Regex(Regex),
}

impl ImagePattern {
    /// Whether the entry means this reference.
    pub fn is_match(&self, text: &str) -> bool {
        match self {
            ImagePattern::Regex(regex) => regex.is_match(text),
            ImagePattern::Plain(name, compat) if text.is_ascii() => plain_match(name, text, *compat),
            // A dot stands for a character, which may then be several bytes.
            ImagePattern::Plain(name, compat) => regex(name, *compat).is_ok_and(|regex| regex.is_match(text)),
        }
    }
}

fn regex(name: &str, compat: Compat) -> Result<Regex, String> {
    let algorithm = if compat.knows_any_digest() { "[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*" } else { KNOWN };
    let whole = go_regexp::compile(&format!("^{name}(:[a-zA-Z0-9_.{{}}-]*)?(@{algorithm}:[a-zA-Z0-9_.{{}}-]*)?$"));
    // What is wrong with the name alone says more.
    whole.or_else(|why| go_regexp::compile(name).and(Err(why)))
}

fn plain_match(name: &str, text: &str, compat: Compat) -> bool {
    let Some((head, rest)) = text.split_at_checked(name.len()) else { return false };
    let fits = |(wanted, found): (u8, u8)| wanted == found || wanted == b'.' && found != b'\n';
    if !name.bytes().zip(head.bytes()).all(fits) {
        return false;
    }
    let is_word = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.{}-".contains(&b));
    let (tag, digest) = match rest.split_once('@') {
        Some((tag, digest)) => (tag, Some(digest)),
        None => (rest, None),
    };
    let digest_fits = digest.is_none_or(|digest| {
        let parts = digest.split_once(':');
        parts.is_some_and(|(algorithm, value)| is_algorithm(algorithm, compat) && is_word(value))
    });
    (tag.is_empty() || tag.strip_prefix(':').is_some_and(is_word)) && digest_fits
}

fn is_algorithm(text: &str, compat: Compat) -> bool {
    let is_word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
    match compat.knows_any_digest() {
        true => text.split(['.', '+', '_', '-']).all(is_word),
        false => text == KNOWN,
    }
}

/// The algorithm of the digests that an older kustomize knows.
const KNOWN: &str = "sha256";

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
    fn plain_names_match_as_their_regular_expression_does() {
        let names = ["nginx", "gcr.io/a", "host:5000/app", "a@b", "", "."];
        let texts = [
            "nginx",
            "nginx:",
            "nginx:1",
            "nginx:1:2",
            "nginx@sha256:",
            "nginx@sha256:ab",
            "nginx:1@sha256:ab",
            "nginx@md5:1",
            "nginx@sha512:",
            "nginx@a.b+c_d-e:1",
            "nginx@a..b:1",
            "nginx@:1",
            "nginx:1@sha512:ab:c",
            "nginx@",
            "nginxx",
            "gcr.io/a",
            "gcr-io/a:{v}",
            "host:5000/app:2",
            "host:5000/app@sha256:a@b",
            "a@b",
            "",
            ":1",
            "x",
            "x:1",
        ];
        for name in names {
            for text in texts {
                for compat in Compat::ALL {
                    assert_eq!(
                        plain_match(name, text, compat),
                        regex(name, compat).expect("each is a pattern").is_match(text),
                        "{name} {text}"
                    );
                }
            }
        }
    }

    #[test]
    fn names_are_patterns() {
        let matches = |name, text, compat| ImageName::pattern(name, compat).is_ok_and(|pattern| pattern.is_match(text));
        let fits = |name, text| matches(name, text, Compat::V5_8);
        assert!(fits("nginx", "nginx") && fits("nginx", "nginx:1@sha256:a"));
        assert!(!fits("nginx", "my/nginx") && !fits("nginx", "nginxx"));
        assert!(fits("gcr.io/a", "gcrXio/a:1"), "a dot is any character");
        assert!(fits("a.b", "aéb:1") && !fits("a.b", "a\nb"));
        assert!(matches("a", "a@sha512:b", Compat::V5_8) && !matches("a", "a@sha512:b", Compat::V5_5));
        assert!(ImageName::pattern("[", Compat::V5_8).is_err());
    }
}
