//! Strings as go-yaml v2's emitter writes them: plain where that reads back as the same string, else quoted or as a
//! literal block, folded at column 80.

use super::print::Writer;
use super::scalar;
use crate::source::ScalarKind;

/// A line is folded at a space after this column.
const WIDTH: usize = 80;

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quotes {
    Plain,
    Single,
    Double,
    Literal,
}

const SAFE: u8 = 1;
const SAFE_FIRST: u8 = 2;
const MAY_RESOLVE: u8 = 4;

/// What each byte may do to a plain scalar.
static BYTES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0x21;
    while byte < 0x7f {
        let b = byte as u8;
        if !matches!(b, b':' | b'#') {
            table[byte] |= SAFE;
        }
        if b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'_' | b'$' | b'(' | b'+' | b'~' | b'<' | b'=') {
            table[byte] |= SAFE_FIRST;
        }
        if b.is_ascii_digit()
            || matches!(b, b'+' | b'.' | b'~' | b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O')
        {
            table[byte] |= MAY_RESOLVE;
        }
        byte += 1;
    }
    table
};

/// How `text` must be written.
pub(crate) fn quotes(text: &str) -> Quotes {
    let bytes = text.as_bytes();
    let Some(&first) = bytes.first() else { return Quotes::Double };
    let class = BYTES[first as usize];
    let plain_word = class & SAFE_FIRST != 0 && bytes.iter().all(|&b| BYTES[b as usize] & SAFE != 0);
    if plain_word && !bytes.starts_with(b"...") {
        let plain = class & MAY_RESOLVE == 0 || scalar::resolve_v2(text) == ScalarKind::String;
        return if plain { Quotes::Plain } else { Quotes::Double };
    }
    let analysis = analyze(text);
    if analysis.newline {
        return if analysis.block { Quotes::Literal } else { Quotes::Double };
    }
    if scalar::resolve_v2(text) != ScalarKind::String || scalar::is_base60(text) {
        return Quotes::Double;
    }
    match (analysis.plain, analysis.single) {
        (true, _) => Quotes::Plain,
        (false, true) => Quotes::Single,
        (false, false) => Quotes::Double,
    }
}

/// Whether `text` is written without quotes.
pub(crate) fn is_plain(text: &str) -> bool {
    quotes(text) == Quotes::Plain
}

/// What a scalar's text allows, as libyaml's `analyze_scalar` finds it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Analysis {
    plain: bool,
    single: bool,
    block: bool,
    /// Whether go-yaml v3 would write a block scalar: it minds tabs less.
    pub(crate) block_v3: bool,
    newline: bool,
    /// Whether there is a break of any kind: also U+2028 and U+2029.
    multiline: bool,
}

pub(crate) fn analyze(text: &str) -> Analysis {
    analyze_printable(text.as_bytes()).unwrap_or_else(|| analyze_any(text))
}

/// Of printable ASCII, as most texts are, only the ends and a few marks count.
fn analyze_printable(text: &[u8]) -> Option<Analysis> {
    // One pass without branches, which the compiler turns into wide instructions.
    let odd = text.iter().fold(0u8, |odd, &b| odd | u8::from(b.wrapping_sub(b' ') > b'~' - b' '));
    let (&first, &last) = (text.first()?, text.last()?);
    if odd != 0 {
        return None;
    }
    let blank = |at: usize| text.get(at).is_none_or(|&b| b == b' ');
    let begins = match first {
        b'?' | b'-' => blank(1) || text.starts_with(b"---"),
        b'.' => text.starts_with(b"..."),
        _ => b"#,[]{}&*!|>'\"%@`".contains(&first),
    };
    let marks = || {
        text.iter().enumerate().any(|(at, &b)| match b {
            b':' => blank(at + 1),
            b'#' => at > 0 && blank(at - 1),
            _ => false,
        })
    };
    let outer = first == b' ' || last == b' ';
    Some(Analysis {
        plain: !(outer || begins || marks()),
        single: true,
        block: last != b' ',
        block_v3: last != b' ',
        newline: false,
        multiline: false,
    })
}

fn analyze_any(text: &str) -> Analysis {
    let mut indicators = text.starts_with("---") || text.starts_with("...");
    let (mut breaks, mut newline, mut special, mut tabs) = (false, false, false, false);
    let (mut leading, mut trailing_space, mut break_space, mut space_break) = (false, false, false, false);
    let (mut after_space, mut after_break, mut after_blank) = (false, false, true);
    let mut chars = text.chars().peekable();
    let mut first = true;
    while let Some(c) = chars.next() {
        let next_blank = chars.peek().is_none_or(|&next| next == ' ' || next == '\t');
        indicators |= match c {
            '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' if first => {
                true
            }
            '?' | '-' if first => next_blank,
            ':' => next_blank,
            '#' => after_blank,
            _ => false,
        };
        tabs |= c == '\t';
        special |= !is_printable(c) && c != '\t';
        let (space, line_break) = (c == ' ', is_break(c));
        leading |= first && (space || line_break);
        break_space |= space && after_break;
        space_break |= line_break && after_space;
        breaks |= line_break;
        newline |= c == '\n';
        trailing_space = space;
        after_space = space;
        after_break = line_break;
        after_blank = space || line_break || c == '\t' || c == '\0';
        first = false;
    }
    let outer = leading || trailing_space || after_break;
    let bad = space_break || special || tabs;
    Analysis {
        plain: !(outer || breaks || break_space || indicators || bad),
        single: !(break_space || bad),
        block: !(trailing_space || bad),
        block_v3: !(trailing_space || space_break || special),
        newline,
        multiline: breaks,
    }
}

/// What the emitter takes for printable. It knows nothing beyond the basic plane.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

/// What the emitter takes for a line break.
pub(crate) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether `key` can stand before a colon; others get a `? `.
pub(crate) fn is_simple_key(key: &str) -> bool {
    key.len() <= 128 && (key.is_ascii() && !key.contains(['\n', '\r']) || !analyze(key).multiline)
}

/// Writes `text` at the end of the current line. Lines after the first are indented by `indent`; a simple key is
/// never folded.
pub(crate) fn write(writer: &mut Writer<'_>, text: &str, indent: usize, simple_key: bool) {
    // Quotes and escapes make a text longer than it is here; a plain one is known to fit.
    let fold = !simple_key;
    match quotes(text) {
        Quotes::Plain if fold && writer.column() + text.len() > WIDTH => write_folding(writer, text, indent),
        Quotes::Plain => writer.push(text),
        Quotes::Single => {
            writer.push("'");
            write_single(writer, text, indent, fold);
            writer.push("'");
        }
        Quotes::Literal if !simple_key => write_literal(writer, text, indent),
        Quotes::Double | Quotes::Literal => {
            writer.push("\"");
            write_double(writer, text, indent, fold);
            writer.push("\"");
        }
    }
}

/// Writes words, and begins a new line at a single space beyond the width.
fn write_folding(writer: &mut Writer<'_>, text: &str, indent: usize) {
    let bytes = text.as_bytes();
    let mut from = 0;
    if text.is_ascii() {
        // What comes before the width needs no look.
        while let Some(at) = lone_space(bytes, from + (WIDTH + 1).saturating_sub(writer.column())) {
            writer.push(&text[from..at]);
            writer.new_line(indent);
            from = at + 1;
        }
        return writer.push(&text[from..]);
    }
    while let Some(found) = text[from..].find(' ') {
        let at = from + found;
        writer.push(&text[from..at]);
        let alone = bytes.get(at + 1) != Some(&b' ') && (at == 0 || bytes[at - 1] != b' ');
        if alone && writer.column() > WIDTH && at + 1 < bytes.len() && at > 0 {
            writer.new_line(indent);
        } else {
            writer.push(" ");
        }
        from = at + 1;
    }
    writer.push(&text[from..]);
}

/// The first space at or after `from` that has no other beside it and stands at neither end.
fn lone_space(text: &[u8], from: usize) -> Option<usize> {
    let inner = text.get(..text.len().checked_sub(1)?)?;
    let mut at = from.max(1);
    loop {
        at += inner.get(at..)?.iter().position(|&b| b == b' ')?;
        if text[at - 1] != b' ' && text[at + 1] != b' ' {
            return Some(at);
        }
        at += 1;
    }
}

fn write_single(writer: &mut Writer<'_>, text: &str, indent: usize, fold: bool) {
    let mut rest = text;
    // Breaks in here are U+2028 and U+2029 only: they stand as they are, and the next line is indented.
    while let Some(at) = rest.find(is_break) {
        write_single_line(writer, &rest[..at], indent, fold);
        let after = rest[at..].trim_start_matches(is_break);
        writer.push(&rest[at..rest.len() - after.len()]);
        writer.at_line_start();
        if !after.is_empty() {
            writer.pad(indent);
        }
        rest = after;
    }
    write_single_line(writer, rest, indent, fold);
}

fn write_single_line(writer: &mut Writer<'_>, line: &str, indent: usize, fold: bool) {
    let doubled;
    let line = if line.contains('\'') {
        doubled = line.replace('\'', "''");
        &doubled
    } else {
        line
    };
    if fold { write_folding(writer, line, indent) } else { writer.push(line) }
}

fn write_double(writer: &mut Writer<'_>, text: &str, indent: usize, fold: bool) {
    // The emitter looks for a byte-order mark at the start of the text whatever character it is at.
    let escape_all = text.starts_with('\u{feff}');
    let mut after_space = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let escaped = escape_all || !is_printable(c) || is_break(c) || c == '"' || c == '\\';
        if escaped {
            write_escape(writer, c);
        } else if c == ' ' && fold && !after_space && writer.column() > WIDTH && at > 0 && at < text.len() - 1 {
            writer.new_line(indent);
            if chars.peek().is_some_and(|&(_, next)| next == ' ') {
                writer.push("\\");
            }
        } else {
            writer.push_char(c);
        }
        after_space = c == ' ' && !escaped;
    }
}

fn write_escape(writer: &mut Writer<'_>, c: char) {
    writer.push("\\");
    let short = match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => {
            let code = c as u32;
            return match code {
                0..=0xff => writer.push(&format!("x{code:02X}")),
                0x100..=0xffff => writer.push(&format!("u{code:04X}")),
                _ => writer.push(&format!("U{code:08X}")),
            };
        }
    };
    writer.push_char(short);
}

fn write_literal(writer: &mut Writer<'_>, text: &str, indent: usize) {
    writer.push("|");
    if text.starts_with(|c: char| c == ' ' || is_break(c)) {
        writer.push("2");
    }
    let mut last = text.chars().rev();
    match (last.next().is_some_and(is_break), last.next()) {
        (false, _) => writer.push("-"),
        (true, before) if before.is_none_or(is_break) => writer.push("+"),
        _ => {}
    }
    writer.push("\n");
    writer.at_line_start();
    for line in text.split_inclusive(is_break) {
        if !line.starts_with(is_break) {
            writer.pad(indent);
        }
        writer.push(line);
        if line.ends_with(is_break) {
            writer.at_line_start();
        }
    }
}
