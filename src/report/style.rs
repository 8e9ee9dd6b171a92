//! How text for a terminal looks: colour or not, how wide. Colour never carries meaning alone; every mark has a word or a
//! sign beside it, so that a report without colour loses nothing.

use std::borrow::Cow;

/// How text for a terminal looks. Machine formats ignore it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to write colour codes.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Style { color: false, width: 120 }
    }
}

/// What a piece of text is, which decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// An error, or a harm that is certain.
    Error,
    /// A warning.
    Warning,
    /// Less than a warning.
    Info,
    /// What stands after.
    Added,
    /// What stood before.
    Removed,
    /// The words that differ in what stands after.
    AddedWords,
    /// The words that differ in what stood before.
    RemovedWords,
    /// A heading.
    Strong,
    /// A place, a remark.
    Dim,
}

impl Role {
    fn code(self) -> &'static str {
        match self {
            Role::Error => "1;91",
            Role::Warning => "1;33",
            Role::Info => "1;94",
            Role::Added => "32",
            Role::Removed => "31",
            Role::AddedWords => "1;4;32",
            Role::RemovedWords => "1;4;31",
            Role::Strong => "1",
            Role::Dim => "2",
        }
    }
}

impl Style {
    /// Without colour, `width` columns wide.
    pub fn plain(width: usize) -> Self {
        Style { color: false, width }
    }

    /// `text` in the colour of its role.
    pub fn paint(&self, role: Role, text: &str) -> String {
        if self.color && !text.is_empty() { format!("\x1b[{}m{text}\x1b[0m", role.code()) } else { text.to_owned() }
    }
}

/// `text` with everything made visible that could steer a terminal or turn text around: control characters become their
/// pictures, marks of direction a replacement character. Line breaks and tabs stay.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| visible(c) != c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(visible).collect())
}

fn visible(c: char) -> char {
    match c {
        '\n' | '\t' => c,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c => c,
    }
}

/// [`clean`], on one line: line breaks and tabs are written as escapes.
pub fn one_line(text: &str) -> String {
    clean(text).replace('\n', "\\n").replace('\t', "\\t")
}

/// How many columns `text` takes: East Asian wide characters and emoji two, combining marks none.
pub fn columns(text: &str) -> usize {
    text.chars().map(char_columns).sum()
}

fn char_columns(c: char) -> usize {
    match c as u32 {
        0x300..=0x36f | 0x200b..=0x200d | 0x20d0..=0x20ff | 0xfe00..=0xfe0f | 0xfeff => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f6ff
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// `text` and blanks up to `width` columns.
pub fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// The beginning of `text`, at most `width` columns, with `…` at the end if something was cut.
pub fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut taken = 0;
    let kept: String = text
        .chars()
        .take_while(|&c| {
            taken += char_columns(c);
            taken < width
        })
        .collect();
    format!("{kept}…")
}

/// `1 error`, `2 errors`.
pub fn count(number: usize, one: &str) -> String {
    plural(number, one, &format!("{one}s"))
}

/// `1 reference follows`, `2 references follow`.
pub fn plural(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
