//! The forms that names, labels and keys must have (apimachinery's `validation` package).

fn is_word(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// Whether it begins and ends with what is `end`, and has only that and what is `inner` in it.
fn has_form(text: &str, end: impl Fn(u8) -> bool, inner: &[u8]) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(|&byte| end(byte))
        && bytes.last().is_some_and(|&byte| end(byte))
        && bytes.iter().all(|&byte| end(byte) || inner.contains(&byte))
}

/// A label of RFC 1123.
pub fn is_dns_label(text: &str) -> bool {
    text.len() <= 63 && has_form(text, is_word, b"-")
}

/// A subdomain of RFC 1123.
pub fn is_dns_subdomain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(|part| has_form(part, is_word, b"-"))
}

/// What may be the key of a label or an annotation.
pub fn is_qualified_name(text: &str) -> bool {
    let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    let is_name = !name.is_empty() && is_label_value(name);
    // The keys of annotations are taken in any letter case.
    is_name && prefix.is_none_or(|prefix| is_dns_subdomain(&prefix.to_ascii_lowercase()))
}

/// What may be the value of a label.
pub fn is_label_value(text: &str) -> bool {
    text.is_empty() || text.len() <= 63 && has_form(text, |byte| byte.is_ascii_alphanumeric(), b"-_.")
}

/// Whether another program is to put something in before the object is applied.
pub fn has_placeholder(text: &str) -> bool {
    text.contains(['$', '{', '<'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (text, label, subdomain, key, value) in [
            ("web", true, true, true, true),
            ("web.example.com", false, true, true, true),
            ("Web_1", false, false, true, true),
            ("-web", false, false, false, false),
            ("web-", false, false, false, false),
            ("a..b", false, false, true, true),
            ("", false, false, false, true),
            ("example.com/web", false, false, true, false),
            ("example.com/", false, false, false, false),
            ("/web", false, false, false, false),
            ("a/b/c", false, false, false, false),
            ("two words", false, false, false, false),
        ] {
            let found = (is_dns_label(text), is_dns_subdomain(text), is_qualified_name(text), is_label_value(text));
            assert_eq!(found, (label, subdomain, key, value), "{text}");
        }
        assert!(is_dns_label(&"a".repeat(63)) && !is_dns_label(&"a".repeat(64)));
    }
}
