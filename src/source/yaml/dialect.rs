//! Where go-yaml, the reader under kustomize, refuses what the specification allows, or takes it for something else.

/// Something that go-yaml refuses, at offsets of the document's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub start: usize,
    pub end: usize,
    pub message: &'static str,
    pub help: &'static str,
}

/// A tab between two tokens of block YAML, at a place where a key might begin: go-yaml takes none there. `plain` is
/// the least column of a plain scalar that ended at `from`, whose reader passes over blank lines by other rules.
pub(super) fn tab_between(text: &str, from: usize, to: usize, plain: Option<usize>) -> Option<Refused> {
    let bytes = &text.as_bytes()[..to];
    let mut at = from;
    let mut line = bytes[..from].iter().rposition(|&b| b == b'\n').map_or(0, |found| found + 1);
    let mut begins = from == line;
    let mut plain = plain;
    while at < to {
        let blank_next = bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace);
        match bytes[at] {
            b'\t' if ends_marker(&bytes[line..to], at - line) => {}
            // On the line of a plain scalar itself tabs do no harm.
            b'\t' if plain.is_some_and(|least| begins && at - line < least) || plain.is_none() && begins => {
                return Some(Refused {
                    start: at,
                    end: at + 1,
                    message: "a tab stands where something may begin",
                    help: "put blanks in place of the tab",
                });
            }
            b'\n' => (line, begins) = (at + 1, true),
            b'\r' if bytes.get(at + 1) != Some(&b'\n') => (line, begins) = (at + 1, true),
            b' ' | b'\t' | b'\r' => {}
            // The header of a block scalar.
            b'|' | b'>' => return None,
            b'#' => {
                at += line_length(&bytes[at..]);
                plain = None;
                continue;
            }
            b'&' | b'!' => {
                at += bytes[at..].iter().take_while(|b| !b.is_ascii_whitespace()).count();
                (begins, plain) = (false, None);
                continue;
            }
            b'-' if blank_next => (begins, plain) = (true, None),
            // A comment on the same line is passed over with the blanks before it.
            b'?' | b':' if before_comment(&bytes[at + 1..]) => {
                at += line_length(&bytes[at..]);
                plain = None;
                continue;
            }
            b'?' if blank_next => (begins, plain) = (true, None),
            b':' => plain = None,
            _ => (begins, plain) = (false, None),
        }
        at += 1;
    }
    None
}

fn before_comment(rest: &[u8]) -> bool {
    let blanks = rest.iter().take_while(|&&b| b == b' ' || b == b'\t').count();
    blanks > 0 && rest.get(blanks) == Some(&b'#')
}

fn line_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|&&b| b != b'\n').count()
}

/// A plain scalar within brackets at `start..end`.
pub(super) fn plain_in_flow(text: &str, start: usize, end: usize) -> Option<Refused> {
    let words = &text[start..end];
    if let Some(at) = words.find('?') {
        return Some(Refused {
            start: start + at,
            end: start + at + 1,
            message: "a `?` within brackets begins a key",
            help: "put quotes around the text",
        });
    }
    words.starts_with(':').then_some(Refused {
        start,
        end,
        message: "the colon has no blank behind it",
        help: "put a blank behind the colon, or quotes around the text",
    })
}

/// A key within brackets at `start..end`, behind the token that ends at `from`, with its colon on another line. Behind a
/// `?` it may stand there.
pub(super) fn key_apart(text: &str, from: usize, start: usize, end: usize) -> Option<Refused> {
    let before = text.get(from..start)?;
    let begin = from + before.find(['&', '!']).unwrap_or(before.len());
    let rest = lines_of(&text[end..]).find(|line| !line.is_empty())?;
    let colon = rest.as_ptr() as usize - text.as_ptr() as usize;
    let apart = rest.starts_with(':') && text[begin..colon].contains('\n');
    (apart && !has_question(before)).then_some(Refused {
        start,
        end,
        message: "the colon of this key stands on another line",
        help: "put the key and its colon on one line",
    })
}

/// A colon at `at` in a block, behind the token that ends at `from`, that no key stands before, nor a `?`.
pub(super) fn no_key(text: &str, from: usize, at: usize) -> Option<Refused> {
    let before = text.get(from..at)?;
    (text[at..].starts_with(':') && !has_question(before)).then_some(Refused {
        start: at,
        end: at + 1,
        message: "no key stands before this colon",
        help: "write the key before it, or remove the colon",
    })
}

/// Whether a `?` stands before any comment of a line.
fn has_question(text: &str) -> bool {
    text.lines().any(|line| line.split('#').next().unwrap_or_default().contains('?'))
}

/// What begins each line that is no comment.
fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).map(|line| if line.starts_with('#') { "" } else { line })
}

/// Whether the colon at `end`, behind a plain scalar within brackets, belongs to it: no blank follows.
pub(super) fn colon_belongs(text: &str, end: usize) -> bool {
    matches!(text.as_bytes().get(end..end + 2), Some([b':', b',' | b']' | b'}']))
}

/// The text with another character for each colon that belongs to the words before it, as in `[a:]`; `None` if there
/// is no such colon. The character is one that the text does not have, and as long.
pub(super) fn hide_colons(text: &str) -> Option<(String, char)> {
    let is_behind_word = |at: usize| {
        let before = text[..at].trim_end_matches(' ');
        let not_of_words: &[u8] = if before.len() < at { b",[]{}\"'\n\t:?-" } else { b",[]{}\"'\n\t" };
        before.bytes().last().is_some_and(|byte| !not_of_words.contains(&byte))
    };
    let belongs = |&at: &usize| colon_belongs(text, at) && is_behind_word(at);
    let colons: Vec<usize> = text.match_indices(':').map(|(at, _)| at).filter(belongs).collect();
    if colons.is_empty() {
        return None;
    }
    let hidden = ('0'..='z').filter(char::is_ascii_alphanumeric).find(|&char| !text.contains(char))?;
    let mut seen = text.to_owned();
    colons.iter().for_each(|&at| seen.replace_range(at..=at, hidden.encode_utf8(&mut [0; 4])));
    Some((seen, hidden))
}

/// The text with blanks in place of the comments that begin on the line of `at`. Behind empty lines that are indented
/// deeper, they end a block text that has none but these lines. With it comes the place of the first one; `None` if there
/// is no comment on that line.
pub(super) fn hide_comment(text: &str, at: usize) -> Option<(String, std::ops::Range<usize>)> {
    let line = text.get(..at)?.rfind('\n')?;
    let from = text[line..].trim_start();
    if !from.starts_with('#') {
        return None;
    }
    let begin = text.len() - from.len();
    let comment = begin..begin + from.lines().next().unwrap_or_default().len();
    let mut end = line + 1;
    for following in text[end..].split_inclusive('\n') {
        if !following.trim().is_empty() && !following.trim_start().starts_with('#') {
            break;
        }
        end += following.len();
    }
    let before = text[..line].trim_end();
    let header = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let header = header.split(" #").next().unwrap_or_default().rsplit([' ', '\t']).next().unwrap_or_default();
    let (kept, counted) = (header.contains('+'), header.contains(|c: char| c.is_ascii_digit()));
    // Blanks are too deep where the depth is given, and line breaks are too many where they are kept.
    let filling = match (counted, kept) {
        (true, true) => return None,
        (true, false) => "\n".repeat(end - line - 1),
        (false, _) => " ".repeat(end - line - 1),
    };
    let hidden = match end == text.len() {
        true => format!("{}\n{filling}", &text[..line]),
        // The line break that stays ends the block text's own last line.
        false => format!("{}{filling}\n{}", &text[..line], &text[end..]),
    };
    Some((hidden, comment))
}

/// The text with blanks in place of the comment at `at`, and its place. go-yaml asks for no blank before the `#` behind a
/// quote, a bracket, a comma or the header of a block text.
pub(super) fn hide_comment_behind(text: &str, at: usize) -> Option<(String, std::ops::Range<usize>)> {
    let length = text.get(at..)?.find(['\n', '\r']).unwrap_or(text.len() - at);
    let comment = at..at + length;
    let hidden = format!("{}{}{}", &text[..at], " ".repeat(length), &text[comment.end..]);
    text[at..].starts_with('#').then_some((hidden, comment))
}

/// An anchor at `start..end`, with its `&`.
pub(super) fn anchor(text: &str, start: usize, end: usize) -> Option<Refused> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b',' | b']' | b'}');
    let bytes = text.as_bytes();
    let known = bytes[start + 1..end].iter().all(|&b| plain(b)) && bytes.get(end).is_none_or(ends);
    (!known).then(|| Refused {
        start,
        end: end + bytes[end..].iter().take_while(|b| !b.is_ascii_whitespace()).count(),
        message: "kustomize takes only letters from a to z, digits, `-` and `_` in the name of an anchor",
        help: "write a name of these, and a blank behind it",
    })
}

/// A tag at `start..end`, and what stands right behind it. A `#` is no part of it.
pub(super) fn tag(text: &str, start: usize, end: usize) -> Option<Refused> {
    let end = text[start..end].find('#').map_or(end, |at| start + at);
    let rest = &text.as_bytes()[end..];
    rest.first().is_some_and(|b| !b.is_ascii_whitespace()).then(|| Refused {
        start,
        end: end + rest.iter().take_while(|b| !b.is_ascii_whitespace()).count(),
        message: "kustomize takes a tag to end only at a blank",
        help: "put a blank behind the tag",
    })
}

/// A `...` before any document.
pub(super) fn end_of_nothing(text: &str) -> Option<Refused> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            let marks = line.starts_with("...") && line[3..].chars().next().is_none_or(char::is_whitespace);
            return marks.then_some(Refused {
                start,
                end: start + 3,
                message: "this `...` ends a document that has not begun",
                help: "remove the line",
            });
        }
        start += line.len();
    }
    None
}

/// An escape in a text in double quotes that go-yaml does not know.
pub(super) fn escape(text: &str, start: usize, end: usize) -> Option<Refused> {
    let bytes = &text.as_bytes()[..end];
    let mut at = start;
    while let Some(found) = bytes[at..].iter().position(|&b| b == b'\\') {
        at += found;
        let (message, help) = match bytes[at + 1..] {
            [b'/', ..] => ("kustomize does not know `\\/`", "write the `/` alone"),
            [b'u', b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F', ..] => (
                "kustomize does not know characters in two halves",
                "write the character itself, or `\\U` and the eight digits of its code",
            ),
            _ => {
                at = (at + 2).min(end);
                continue;
            }
        };
        return Some(Refused { start: at, end: at + 2, message, help });
    }
    None
}

/// A tab in the indentation of the first line of a block scalar, whose header begins at `start`.
pub(super) fn tab_in_block(text: &str, start: usize, end: usize) -> Option<Refused> {
    let (header, content) = text[start..end].split_once('\n')?;
    if header.trim_start_matches(['|', '>', '-', '+']).starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut at = start + header.len() + 1;
    for line in content.split_inclusive('\n') {
        let spaces = line.bytes().take_while(|&b| b == b' ').count();
        match line.as_bytes().get(spaces) {
            Some(b'\t') => {
                return Some(Refused {
                    start: at + spaces,
                    end: at + spaces + 1,
                    message: "a tab stands in the indentation of this text",
                    help: "put blanks in place of the tab, or write the indentation into the header: `|2`",
                });
            }
            Some(b'\n' | b'\r') | None => at += line.len(),
            Some(_) => return None,
        }
    }
    None
}

/// Whether nothing but blanks and a comment stands on a line `---` around the tab.
fn ends_marker(rest: &[u8], tab: usize) -> bool {
    let line = rest.split(|&b| b == b'\n').next().unwrap_or_default();
    let blank = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_whitespace);
    let comment = |bytes: &[u8]| bytes.trim_ascii_start().starts_with(b"#");
    line.starts_with(b"---") && line.get(3..tab).is_some_and(blank) && (blank(&line[tab..]) || comment(&line[tab..]))
}
