//! What in a text is secret by its looks: passwords in URLs, `password=...`, tokens of a known form, private keys.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::shown::MASK;

/// Words of a name that say its value is a secret.
const SECRET_WORDS: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "passcode",
    "secret",
    "token",
    "credential",
    "credentials",
    "apikey",
    "privatekey",
    "secretkey",
    "accesskey",
    "bearer",
];

/// Pairs of words that do.
const SECRET_PAIRS: &[(&str, &str)] = &[
    ("api", "key"),
    ("private", "key"),
    ("access", "key"),
    ("secret", "key"),
    ("signing", "key"),
    ("encryption", "key"),
    ("master", "key"),
    ("auth", "key"),
];

/// Last words of a name that tell of a secret but do not hold it.
const HARMLESS_ENDS: &[&str] = &[
    "name",
    "names",
    "ref",
    "refs",
    "file",
    "files",
    "path",
    "dir",
    "mount",
    "url",
    "uri",
    "endpoint",
    "host",
    "ttl",
    "expiry",
    "expiration",
    "duration",
    "timeout",
    "seconds",
    "minutes",
    "hours",
    "days",
    "length",
    "min",
    "max",
    "size",
    "count",
    "limit",
    "limits",
    "policy",
    "type",
    "kind",
    "enabled",
    "disabled",
    "required",
    "audience",
    "issuer",
    "algorithm",
    "version",
    "namespace",
    "store",
    "provider",
    "manager",
    "yaml",
    "yml",
    "json",
    "conf",
    "config",
    "properties",
    "toml",
    "ini",
    "cfg",
    "sh",
    "rotation",
    "interval",
    "format",
    "field",
];

/// The words of a name in any of the usual forms: `dbPassword`, `DB_PASSWORD`, `db.password`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().into_iter().for_each(|word| word.extend(c.to_lowercase()));
        }
        was_lower = c.is_lowercase() || c.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether the value of something called `name` is likely a secret.
pub fn is_secret_name(name: &str) -> bool {
    let words = words(name);
    let Some(last) = words.last() else {
        return false;
    };
    if HARMLESS_ENDS.contains(&last.as_str()) {
        return false;
    }
    // `PGPASSWORD` and `dbpassword` have no border between the words.
    words.iter().any(|word| SECRET_WORDS.contains(&word.as_str()) || word.ends_with("password"))
        || words.windows(2).any(|two| SECRET_PAIRS.contains(&(&two[0], &two[1])))
}

/// Whether a field of an API type called `key` likely holds a secret. Such fields mostly refer to secrets
/// (`secretName`, `tokenSecretRef`), so only the last word counts, and `secret` alone is a name.
pub(super) fn is_secret_field(key: &str) -> bool {
    let words = words(key);
    let Some(last) = words.last() else {
        return false;
    };
    last.ends_with("password")
        || matches!(last.as_str(), "passwd" | "passphrase" | "token" | "apikey" | "privatekey")
        || matches!(words.as_slice(), [.., a, b] if matches!((a.as_str(), b.as_str()),
            ("client", "secret") | ("shared", "secret") | ("api" | "private" | "access", "key")))
}

/// Whether a value under a secret name is none: empty, a switch, or a variable that the value is read from.
pub fn is_no_secret(value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']);
    value.is_empty()
        || matches!(
            value.to_ascii_lowercase().as_str(),
            "true" | "false" | "null" | "none" | "yes" | "no" | "on" | "off"
        )
        || value.strip_prefix("$(").is_some_and(|rest| rest.ends_with(')') && !rest[..rest.len() - 1].contains(')'))
        || value.strip_prefix("${").is_some_and(|rest| rest.ends_with('}') && !rest[..rest.len() - 1].contains('}'))
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a literal pattern, run by the tests")
}

static PRIVATE_KEY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?s)(-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----).*?(-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)",
    )
});

static URL: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)([a-z][a-z0-9+.-]*://[^/\s:@]*:)[^/\s]+(@)"));

/// Words in front of a value that is the secret: HTTP headers.
static HEADER: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\b((?:bearer|basic)\s+)[a-z0-9._~+/=-]{8,}"));

static ASSIGNED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"(?im)([a-z0-9_.-]*(?:passw|passphrase|passcode|pwd|secret|token|credential|key|bearer)[a-z0-9_.-]*)(["']?[ \t]*[=:][ \t]*)("[^"\n]*"|'[^'\n]*'|[^\s"'&,;]+)"#,
    )
});

/// Tokens that are known by their form, whatever they are called.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bglpat-[A-Za-z0-9_-]{16,}",
        r"|\bxox[abprs]-[A-Za-z0-9-]{10,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\b[sr]k_live_[A-Za-z0-9]{16,}",
        r"|\bAIza[A-Za-z0-9_-]{30,}|\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
        r"|\bENC\[AES256_GCM,[^\]]*\]|\bAGE-SECRET-KEY-1[A-Z0-9]+",
    ))
});

/// `text` with what looks secret in it masked.
pub fn redact(text: &str) -> Cow<'_, str> {
    let mut shown = Cow::Borrowed(text);
    let both = |captures: &Captures| format!("{}{MASK}{}", &captures[1], &captures[2]);
    replace(&mut shown, &PRIVATE_KEY, both);
    replace(&mut shown, &URL, both);
    replace(&mut shown, &HEADER, |captures| format!("{}{MASK}", &captures[1]));
    replace(&mut shown, &ASSIGNED, |captures| {
        // `https://host` is no assignment to `https`.
        if is_secret_name(&captures[1]) && !is_no_secret(&captures[3]) && !captures[3].starts_with("//") {
            format!("{}{}{MASK}", &captures[1], &captures[2])
        } else {
            captures[0].to_owned()
        }
    });
    replace(&mut shown, &TOKEN, |_| MASK.to_owned());
    shown
}

fn replace(text: &mut Cow<'_, str>, pattern: &Regex, with: impl Fn(&Captures) -> String) {
    if let Cow::Owned(new) = pattern.replace_all(text, |captures: &Captures| with(captures)) {
        *text = Cow::Owned(new);
    }
}
