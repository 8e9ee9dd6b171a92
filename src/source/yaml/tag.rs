//! Scalars with a tag (`!!int "3"`).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{scalar, timestamp};
use crate::source::ScalarKind;

const CORE: &str = "tag:yaml.org,2002:";

/// The tag of a key that merges.
pub(crate) const MERGE: &str = "tag:yaml.org,2002:merge";

/// What `text` means under `tag`; the error says why it cannot.
pub(crate) fn kind(tag: &str, text: &str) -> Result<ScalarKind, String> {
    let Some(name) = tag.strip_prefix(CORE) else {
        // A single `!` says "do not guess"; tags of one's own leave a string.
        return Ok(ScalarKind::String);
    };
    let meant = scalar::resolve(text);
    let fits = match name {
        "str" => return Ok(ScalarKind::String),
        "binary" => return binary(text),
        "null" => meant == ScalarKind::Null,
        "bool" => meant == ScalarKind::Bool,
        "int" => meant == ScalarKind::Int,
        // Go makes no float of an integer that needs all 64 bits.
        "float" if meant == ScalarKind::Int => scalar::int_value(text).is_some_and(|value| value <= i64::MAX.into()),
        "float" => meant == ScalarKind::Float,
        "timestamp" => timestamp::parse(text).is_some(),
        _ => return Ok(ScalarKind::String),
    };
    if !fits {
        return Err(format!("`{text}` is not what its tag `!!{name}` says"));
    }
    Ok(match name {
        "float" => ScalarKind::Float,
        "timestamp" => ScalarKind::Timestamp,
        _ => meant,
    })
}

/// What a key means under `tag`; the error says why it cannot. It is a string only if the tag says so, and what has a
/// tag of one's own is none, and no number either.
pub(crate) fn of_key(tag: &str, text: &str) -> Result<ScalarKind, String> {
    match tag.strip_prefix(CORE) {
        _ if text == "<<" => Ok(ScalarKind::String),
        Some("str") => Ok(ScalarKind::String),
        Some(name @ ("null" | "merge")) => Err(format!("`!!{name}` is no tag for the key `{text}`")),
        _ => kind(tag, text).map(|kind| if kind == ScalarKind::String { ScalarKind::Binary } else { kind }),
    }
}

fn binary(text: &str) -> Result<ScalarKind, String> {
    match decode_binary(text) {
        Some(_) => Ok(ScalarKind::Binary),
        None => Err("this is not base64, as its tag `!!binary` says".into()),
    }
}

/// The bytes of a `!!binary` scalar; line breaks in its text do not count.
fn decode_binary(text: &str) -> Option<Vec<u8>> {
    let joined: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    STANDARD.decode(joined).ok()
}

/// What a `!!binary` scalar says, as Go reads it: each byte that is no part of a character becomes U+FFFD.
pub(crate) fn binary_text(text: &str) -> Option<String> {
    let mut read = String::new();
    for chunk in decode_binary(text)?.utf8_chunks() {
        read.push_str(chunk.valid());
        read.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    Some(read)
}
