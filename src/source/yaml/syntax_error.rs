//! What the parser found wrong, in a user's words and at the place to mend.
//!
//! The parser says where it could not go on; the mistake is often on the line before, so the lines around the place
//! are looked at for what people get wrong.

use granit_parser::{ErrorKind, ScanError};

use super::lines::{Line, lines_from, open_bracket, open_quote, span, word_at};
use super::slips::{long_key, no_space, no_space_after_dash, odd_space, with_colon};
use super::{MAX_DEPTH, Problem, encoding};
use crate::source::{FileId, Location, Span};

/// What to say: where, what, and how to mend it.
pub(super) struct Words {
    at: Span,
    message: String,
    help: String,
}

/// The problem for `error`, which occurred in `text`, whose first byte stands at `base` in `file`.
pub(crate) fn problem(error: &ScanError, text: &str, base: u32, file: FileId) -> Problem {
    let at = error.marker().byte_offset().unwrap_or_default().min(text.len());
    let words = unmarked(text)
        .or_else(|| conflict(text))
        .or_else(|| odd_space(text, at))
        .or_else(|| template(text, at))
        .unwrap_or_else(|| words(error.kind(), text, at));
    words.problem(base, file)
}

/// The problem if the place is in a template's `{{ ... }}`, which may be YAML by accident.
pub(crate) fn template_around(text: &str, at: usize, base: u32, file: FileId) -> Option<Problem> {
    template(text, at).map(|words| words.problem(base, file))
}

impl Words {
    fn problem(self, base: u32, file: FileId) -> Problem {
        let span = Span::new(self.at.start + base, self.at.end + base);
        let help = (!self.help.is_empty()).then_some(self.help);
        Problem { location: Location::new(file, span), message: self.message, help, related: None }
    }
}

pub(super) fn say(at: Span, message: impl Into<String>, help: impl Into<String>) -> Words {
    Words { at, message: message.into(), help: help.into() }
}

fn unmarked(text: &str) -> Option<Words> {
    let message = "this file is UTF-16 and lacks the byte-order mark that says so";
    encoding::is_unmarked(text).then(|| say(span(0, 1), message, encoding::SAVE_AS_UTF8))
}

fn conflict(text: &str) -> Option<Words> {
    let line =
        lines_from(text, 0).find(|line| line.text.starts_with("<<<<<<< ") || line.text.starts_with(">>>>>>> "))?;
    let help = "choose one side and remove the lines `<<<<<<<`, `=======`, `>>>>>>>`";
    Some(say(line.span(), "a merge conflict is left in this file", help))
}

fn template(text: &str, at: usize) -> Option<Words> {
    let line = Line::at(text, at);
    let from = line.text.find("{{")?;
    let to = line.text.find("}}").map_or(line.text.len(), |end| end + 2).max(from);
    let help = "templates must be rendered first (`helm template`); kustomize reads plain YAML";
    Some(say(span(line.start + from, line.start + to), "this is a template, not YAML", help))
}

fn words(kind: &ErrorKind, text: &str, at: usize) -> Words {
    use ErrorKind as Kind;
    let here = word_at(text, at);
    let word = &text[here.range()];
    match kind {
        Kind::TabInBlockIndentation
        | Kind::TabInPlainScalar
        | Kind::TabNotAllowed
        | Kind::TabInIndentation
        | Kind::TabAtBlockScalarStart => tab(text, at),
        Kind::SimpleKeyExpected | Kind::InvalidSimpleKey => key_expected(text, at),
        Kind::MappingValueNotAllowed => value_not_allowed(text, at),
        Kind::ExpectedBlockMappingKey | Kind::InvalidIndentation | Kind::MappingKeyNotAllowed => indentation(text, at),
        Kind::ExpectedBlockSequenceEntry => say(
            Line::at(text, at).span(),
            "this line stands at the column of list items and has no `- `",
            "begin it with `- `, or indent it as what it belongs to",
        ),
        Kind::BlockSequenceEntryNotAllowed | Kind::BlockEntryInFlowCollection => say(
            Line::at(text, at).span(),
            "a list item `- ` cannot stand here",
            "put the list on lines of its own, each item indented alike",
        ),
        Kind::UnexpectedCharacter { character } => character_words(*character, text, at),
        Kind::UnknownAnchor => unknown_anchor(here, word),
        Kind::MissingAnchorOrAliasName => say(
            here,
            format!("`{word}` has no name: `&` and `*` begin an anchor and an alias"),
            format!("put quotes around the value if it is meant as text: `\"{word}\"`"),
        ),
        Kind::InvalidQuotedScalarIndent | Kind::UnclosedQuotedScalar | Kind::DocumentIndicatorInQuotedScalar => {
            quote(text, at)
        }
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar
            if unclosed_before(text, at).is_some() =>
        {
            quote(text, at)
        }
        Kind::InvalidTrailingSingleQuotedScalar => say(
            here,
            format!("`{word}` stands behind the closing quote"),
            "write a quote inside single quotes twice: `'it''s'`",
        ),
        Kind::InvalidTrailingDoubleQuotedScalar => say(
            here,
            format!("`{word}` stands behind the closing quote"),
            "write a quote inside double quotes as `\\\"`, or put the whole value in quotes",
        ),
        _ => bracket_words(kind, text, at).unwrap_or_else(|| rare_words(kind, text, at, here)),
    }
}

/// What is said of flow collections.
fn bracket_words(kind: &ErrorKind, text: &str, at: usize) -> Option<Words> {
    use ErrorKind as Kind;
    Some(match kind {
        Kind::UnclosedFlowCollection { open } => not_closed(at, *open),
        Kind::InvalidColonPlacement
        | Kind::ExpectedFlowMappingSeparator
        | Kind::ExpectedFlowSequenceSeparator
        | Kind::UnexpectedEofFlowSequence
        | Kind::UnexpectedEofFlowMapping
        | Kind::UnexpectedEofImplicitFlowMapping
        | Kind::InvalidFlowScalarIndent
        | Kind::FlowMappingValueAdjacentCollection => match open_bracket(text, at) {
            Some((place, open)) => not_closed(place, open),
            None => say(word_at(text, at), "this does not fit into its brackets", "put commas between the items"),
        },
        Kind::MismatchedFlowCollectionEnd { open, close } => {
            let message = format!("`{open}` is closed by `{close}`");
            say(span(at, at + open.len_utf8()), message, "brackets must match: `[...]` and `{...}`")
        }
        Kind::MisplacedFlowCollectionEnd => say(
            span(at, at + 1),
            format!("`{}` closes nothing", text.get(at..at + 1).unwrap_or_default()),
            "put quotes around the value if the bracket is part of it",
        ),
        _ => return None,
    })
}

fn not_closed(place: usize, open: char) -> Words {
    let close = if open == '[' { ']' } else { '}' };
    let message = format!("`{open}` is not closed, or a comma is missing after it");
    say(
        span(place, place + 1),
        message,
        format!(
            "put commas between the items and `{close}` at the end; a text with a bracket or comma in it needs quotes here"
        ),
    )
}

fn rare_words(kind: &ErrorKind, text: &str, at: usize, here: Span) -> Words {
    use ErrorKind as Kind;
    let word = &text[here.range()];
    match kind {
        Kind::UnknownQuotedScalarEscape
        | Kind::InvalidQuotedScalarHexEscape
        | Kind::InvalidLowSurrogateHexEscape
        | Kind::InvalidLowSurrogate
        | Kind::MissingLowSurrogate
        | Kind::UnpairedLowSurrogate
        | Kind::InvalidUnicodeEscape => escape(text, at),
        Kind::DirectiveDisallowed | Kind::MissingDocumentEndBeforeDirective | Kind::ExpectedDocumentStart => say(
            Line::at(text, at).span(),
            "a line that begins with `%` is a directive, which kustomize refuses",
            "remove the line",
        ),
        Kind::InvalidBlockScalarHeader => say(
            here,
            format!("text stands on the line of `{}`", word.chars().next().unwrap_or('|')),
            "begin the text on the next line, or put quotes around the value",
        ),
        Kind::ZeroBlockScalarIndent => say(here, "an indentation of 0 is not allowed", "leave the digit out"),
        Kind::InvalidBlockScalarIndent => say(
            Line::at(text, at).span(),
            "an empty line before this one has more spaces than this line is indented by",
            "remove the spaces from the empty line",
        ),
        Kind::CommentNotSeparated => say(here, "a comment needs a space before its `#`", "write ` #`"),
        Kind::CommentInterceptedScalar => say(
            Line::at(text, at).span(),
            "this continues a text that a comment has ended",
            "move the comment, or write the text in quotes or after `|`",
        ),
        Kind::RecursionLimitExceeded => say(
            here,
            format!("this is nested more than {MAX_DEPTH} levels deep"),
            "no Kubernetes object nests like this; look for a mistake in a generator or a template",
        ),
        Kind::MissingTagUri
        | Kind::UndeclaredTagHandle
        | Kind::InvalidTagTerminator
        | Kind::ExpectedTagBang
        | Kind::InvalidGlobalTagCharacter
        | Kind::UnclosedVerbatimTag => say(
            here,
            format!("`{word}` is not a tag that YAML knows"),
            "put quotes around the value if `!` is part of it",
        ),
        Kind::BomInsideDocument => say(here, "a byte-order mark stands inside the file", "remove it"),
        Kind::InvalidDocumentEnd => {
            say(here, format!("`{word}` stands behind the end of the document"), "put it on the next line")
        }
        kind => say(here, format!("this is not YAML: {kind}"), ""),
    }
}

fn tab(text: &str, at: usize) -> Words {
    let leading = lines_from(text, at).take(20).find_map(|line| {
        let blanks = &line.text[..line.indent()];
        blanks.find('\t').map(|tab| span(line.start + tab, line.span().end as usize))
    });
    match leading {
        Some(at) => say(at, "a tab stands in the indentation", "YAML does not allow tabs for indentation; use spaces"),
        None => say(span(at, at + 1), "a tab stands where YAML allows only spaces", "use spaces"),
    }
}

fn key_expected(text: &str, at: usize) -> Words {
    let line = Line::at(text, at);
    long_key(line).or_else(|| no_space_after_dash(line)).or_else(|| no_space(line)).unwrap_or_else(|| {
        let content = line.content();
        if content.len() > 1 && content.bytes().all(|b| b == b'-') {
            return say(
                line.span(),
                format!("`{content}` does not separate documents"),
                "write `---`, at the start of the line",
            );
        }
        let meant = with_colon(content).unwrap_or_else(|| format!("{content}: ..."));
        say(
            line.span(),
            format!("`{content}` stands among the keys of a mapping and has no colon"),
            format!("write `{meant}`, or indent it as what it belongs to"),
        )
    })
}

fn value_not_allowed(text: &str, at: usize) -> Words {
    let line = Line::at(text, at);
    if let Some(words) = long_key(line) {
        return words;
    }
    let column = at - line.start;
    if let Some(colon) = line.text[..column].find(": ") {
        let value = line.text[colon + 2..].trim();
        let start = line.start + colon + 2 + (line.text[colon + 2..].len() - line.text[colon + 2..].trim_start().len());
        return say(
            span(start, start + value.len()),
            "a second colon with a space stands on this line",
            format!("put quotes around the value: `\"{value}\"`"),
        );
    }
    let Some(before) = line.before(text) else {
        let message = "a colon cannot stand here";
        return say(word_at(text, at), message, "a key has at most 1024 characters and stands on one line");
    };
    if let Some(words) = no_space(before) {
        return words;
    }
    if let Some(words) = no_space_after_dash(before) {
        return words;
    }
    if before.content().contains(": ") && before.indent() < line.indent() {
        return say(
            line.span(),
            "this line is indented more than the one before, which has a value already",
            format!("indent it by {} like the line before, or remove that line's value", spaces(before)),
        );
    }
    say(
        before.span(),
        format!("`{}` has no colon, and a mapping follows", before.content()),
        match with_colon(before.content()) {
            Some(meant) => format!("write `{meant}`"),
            None => "write `key: value` on each line".to_owned(),
        },
    )
}

fn spaces(line: Line<'_>) -> String {
    let dashes = line.content().len() - line.content().trim_start_matches("- ").len();
    match line.indent() + dashes {
        0 => "no spaces".into(),
        1 => "1 space".into(),
        count => format!("{count} spaces"),
    }
}

fn indentation(text: &str, at: usize) -> Words {
    let line = Line::at(text, at);
    if let Some(words) = no_space(line) {
        return words;
    }
    let before = line.before(text);
    if line.content().starts_with("- ") && before.is_some_and(|before| before.indent() == line.indent()) {
        return say(
            line.span(),
            "a list item stands among the keys of a mapping",
            "indent it under the key whose list it belongs to, or remove its `- `",
        );
    }
    let message = format!("the indentation of this line, {}, is that of no line it could belong to", spaces_of(line));
    let help = match before {
        Some(before) => {
            format!("lines that belong together begin at the same column; the one before has {}", spaces(before))
        }
        None => String::new(),
    };
    say(line.span(), message, help)
}

fn spaces_of(line: Line<'_>) -> String {
    if line.indent() == 1 { "1 space".into() } else { format!("{} spaces", line.indent()) }
}

fn character_words(character: char, text: &str, at: usize) -> Words {
    let code = character as u32;
    if character.is_control() {
        return say(
            span(at, at + character.len_utf8()),
            format!("the control character U+{code:04X} is not allowed in YAML"),
            format!("remove it, or write it in double quotes as `\\u{code:04x}`"),
        );
    }
    let here = word_at(text, at);
    let help = format!("put quotes around it: `\"{}\"`", &text[here.range()]);
    say(here, format!("a value cannot begin with `{character}`"), help)
}

fn unknown_anchor(here: Span, word: &str) -> Words {
    let name = word.trim_start_matches('*');
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
        let help = format!("put quotes around it: `\"{word}\"`");
        return say(here, "a value cannot begin with `*`", help);
    }
    say(
        here,
        format!("`{word}` repeats the value named `&{name}`, and there is none before it"),
        format!("put quotes around it if it is meant as text: `\"{word}\"`"),
    )
}

/// A quote that no quote closes before the one of another entry, on the line of `at`.
fn unclosed_before(text: &str, at: usize) -> Option<(usize, char)> {
    let line = Line::at(text, at);
    let is_entry = line.content().contains(": ") || line.content().starts_with("- ");
    let unclosed = open_quote(text, line.start.checked_sub(1)?)?;
    is_entry.then_some(unclosed)
}

fn quote(text: &str, at: usize) -> Words {
    let here = text.get(at..).and_then(|rest| rest.chars().next()).filter(|c| matches!(c, '"' | '\''));
    let open = here.map(|quote| (at, quote));
    let Some((place, quote)) = unclosed_before(text, at).or(open) else {
        return say(Line::at(text, at).span(), "a quote is not closed", "put the closing quote");
    };
    let help = format!("put a `{quote}` at the end of the value");
    say(span(place, place + 1), "this quote is not closed", help)
}

fn escape(text: &str, at: usize) -> Words {
    let mut chars = text[at..].char_indices();
    let mut found = word_at(text, at);
    while let Some((place, c)) = chars.next() {
        if c != '\\' {
            continue;
        }
        let Some((next, escape)) = chars.next() else { break };
        let length = match escape {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            c if "0abt\tnvfre \"/\\N_LP\n\r".contains(c) => continue,
            _ => 0,
        };
        let digits =
            text[at + next + escape.len_utf8()..].bytes().take(length).take_while(u8::is_ascii_hexdigit).count();
        let end = at + next + escape.len_utf8() + digits;
        found = span(at + place, end);
        if digits < length || length == 0 {
            break;
        }
    }
    say(
        found,
        format!("`{}` means nothing in double quotes", &text[found.range()]),
        "write a backslash as `\\\\`, or use single quotes, where it stands for itself",
    )
}
