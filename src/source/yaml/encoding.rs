//! Texts that are not UTF-8: UTF-16, which kustomize's reader takes where a byte-order mark says so, and what is no text.

use super::{Parsed, Problem};
use crate::source::{FileId, Location, Span};

/// How many bytes are shown behind the first one that is wrong.
const SHOWN: usize = 80;

/// How to mend a text in UTF-16.
pub(crate) const SAVE_AS_UTF8: &str =
    "save it as UTF-8, as `iconv -f UTF-16 -t UTF-8` or PowerShell's `Out-File -Encoding utf8` do";

/// What could be read of some bytes.
pub struct Decoded {
    /// The text, with its byte-order mark; where something is wrong, up to there and a little further.
    pub text: String,
    /// What is wrong.
    pub fault: Option<Fault>,
}

/// What is wrong with bytes that should be text.
pub struct Fault {
    /// Where in the text.
    at: usize,
    message: String,
    help: &'static str,
}

/// Whether the bytes begin with a byte-order mark of UTF-16.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")
}

/// The text that is in bytes that are not UTF-8.
pub fn decoded(bytes: &[u8]) -> Decoded {
    if is_utf16(bytes) { utf16(bytes) } else { not_text(bytes) }
}

fn utf16(bytes: &[u8]) -> Decoded {
    let unit: fn([u8; 2]) -> u16 = if bytes.starts_with(b"\xff") { u16::from_le_bytes } else { u16::from_be_bytes };
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut text = String::with_capacity(bytes.len());
    let mut fault = None;
    for read in char::decode_utf16(units) {
        if read.is_err() && fault.is_none() {
            let message = "this file is UTF-16, and half of a character stands here".to_owned();
            fault = Some(Fault { at: text.len(), message, help: SAVE_AS_UTF8 });
        }
        text.push(read.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    if bytes.len() % 2 == 1 && fault.is_none() {
        let message = "this file is UTF-16 and ends within a character: it has an odd number of bytes".to_owned();
        fault = Some(Fault { at: text.len(), message, help: SAVE_AS_UTF8 });
    }
    Decoded { text, fault }
}

fn not_text(bytes: &[u8]) -> Decoded {
    let at = std::str::from_utf8(bytes).err().map_or(bytes.len(), |error| error.valid_up_to());
    let rest = &bytes[at..];
    let shown = rest.iter().take(SHOWN).position(|&b| b == b'\n').unwrap_or(rest.len().min(SHOWN));
    let text = String::from_utf8_lossy(&bytes[..at + shown]).into_owned();
    let message = format!("the byte {:02X} is not UTF-8 text", rest.first().copied().unwrap_or_default());
    let help = "save it as UTF-8; binary data belongs into `configMapGenerator.files` or `secretGenerator.files`";
    Decoded { text, fault: Some(Fault { at, message, help }) }
}

impl Fault {
    /// What to say of the file, which nobody can read.
    pub fn into_parsed(self, file: FileId) -> Parsed {
        let width = char::REPLACEMENT_CHARACTER.len_utf8();
        let location = Location::new(file, Span::new(self.at as u32, (self.at + width) as u32));
        let problem = Problem { location, message: self.message, help: Some(self.help.into()), related: None };
        Parsed { errors: vec![problem], ..Parsed::default() }
    }
}

/// Whether a text is UTF-16 without a byte-order mark, and has passed for UTF-8 since every other byte is 0.
pub(super) fn is_unmarked(text: &str) -> bool {
    let Some(first) = text.as_bytes().get(..4) else { return false };
    let zero = |at: usize| first[at] == 0;
    zero(0) != zero(1) && zero(0) == zero(2) && zero(1) == zero(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], text: &str, fault: Option<(usize, &str)>) {
        let found = decoded(bytes);
        assert_eq!(found.text, text);
        assert_eq!(found.fault.as_ref().map(|fault| (fault.at, fault.message.as_str())), fault);
    }

    #[test]
    fn texts_are_read_up_to_what_is_wrong() {
        check(b"\xff\xfea\0\xe4\0\x3d\xd8\x00\xde", "\u{feff}a\u{e4}\u{1f600}", None);
        check(b"\xfe\xff\0a", "\u{feff}a", None);
        let odd = "this file is UTF-16 and ends within a character: it has an odd number of bytes";
        check(b"\xff\xfea\0\n", "\u{feff}a", Some((4, odd)));
        let half = "this file is UTF-16, and half of a character stands here";
        check(b"\xff\xfe\x00\xd8a\0", "\u{feff}\u{fffd}a", Some((3, half)));
        check(b"a: \xff\nb", "a: \u{fffd}", Some((3, "the byte FF is not UTF-8 text")));
    }
}
