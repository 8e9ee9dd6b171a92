//! Regular expressions as Go reads them. Kustomize takes names, image names and list items for expressions in Go's
//! syntax (RE2), which the `regex` crate shares in most: what differs is written anew for it here. In Go a `{` that
//! begins no repetition is itself, so that `${NAME}` is an expression; `\Q...\E` quotes; `\d`, `\w`, `\s` and `\b` know
//! ASCII alone; a class holds no other class and no operators; and a repetition is not repeated.

mod class;

use std::iter::Peekable;
use std::str::CharIndices;

use regex::{Regex, RegexBuilder};

/// A compiled expression larger than this is refused; no sane selector comes near.
const SIZE_LIMIT: usize = 1 << 20;

/// How often Go lets an expression be repeated.
const MOST: u32 = 1000;

/// Compiles an expression of Go's. The error says what is wrong with it, in words.
pub fn compile(text: &str) -> Result<Regex, String> {
    let translated = translate(text)?;
    RegexBuilder::new(&translated).size_limit(SIZE_LIMIT).build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
        // The crate draws the place on several lines; the last one says what is wrong.
        error => {
            let words = error.to_string();
            let last = words.lines().last().unwrap_or_default();
            last.trim_start_matches("error: ").to_owned()
        }
    })
}

type Chars<'t> = Peekable<CharIndices<'t>>;

struct Translator<'t> {
    text: &'t str,
    chars: Chars<'t>,
    out: String,
    /// Whether a repetition was the last thing.
    repeated: bool,
}

/// The expression as the `regex` crate writes it.
fn translate(text: &str) -> Result<String, String> {
    let mut it = Translator { text, chars: text.char_indices().peekable(), out: String::new(), repeated: false };
    while let Some((at, c)) = it.chars.next() {
        match c {
            '\\' => it.escape(at)?,
            '[' => class::translate(text, &mut it.chars, &mut it.out)?,
            '*' | '+' | '?' => {
                it.repeat(&text[at..=at])?;
                continue;
            }
            '{' => match repetition(&text[at..]) {
                Some(written) => {
                    skip(&mut it.chars, written.len() - 1);
                    it.repeat(written)?;
                    continue;
                }
                None => it.out.push_str("\\{"),
            },
            '}' | ']' => it.out.extend(['\\', c]),
            '(' => it.group(at)?,
            c => it.out.push(c),
        }
        it.repeated = false;
    }
    Ok(it.out)
}

impl Translator<'_> {
    /// A repetition, with the `?` behind it that makes it lazy.
    fn repeat(&mut self, written: &str) -> Result<(), String> {
        if self.repeated {
            return Err(format!("`{written}` repeats a repetition"));
        }
        self.repeated = true;
        let counts = written.trim_matches(['{', '}']).split(',').filter_map(|count| count.parse::<u32>().ok());
        if counts.clone().any(|count| count > MOST) || !counts.is_sorted() {
            return Err(format!("`{written}` is no count from 0 to {MOST}"));
        }
        self.out.push_str(written);
        if self.chars.next_if(|&(_, c)| c == '?').is_some() {
            self.out.push('?');
        }
        Ok(())
    }

    /// A group and its flags.
    fn group(&mut self, at: usize) -> Result<(), String> {
        self.out.push('(');
        let Some(flags) = self.text[at + 1..].strip_prefix('?') else { return Ok(()) };
        let flags = flags.split([':', ')', '<']).next().unwrap_or_default();
        match flags.chars().find(|&c| !"imsU-P".contains(c)) {
            Some(c) => Err(format!("`{c}` is no flag of a group")),
            None => Ok(()),
        }?;
        // The `?` is no repetition.
        self.chars.next();
        self.out.push('?');
        Ok(())
    }

    fn escape(&mut self, at: usize) -> Result<(), String> {
        let Some((_, c)) = self.chars.next() else { return Err("it ends with a backslash".to_owned()) };
        match c {
            'Q' => {
                let quoted = &self.text[at + 2..];
                let quoted = quoted.split("\\E").next().unwrap_or_default();
                self.out.push_str(&regex::escape(quoted));
                skip(&mut self.chars, quoted.chars().count() + 2);
            }
            'd' | 'w' | 's' | 'D' | 'W' | 'S' => {
                let not = if c.is_ascii_uppercase() { "^" } else { "" };
                self.out.push_str(&format!("[{not}{}]", ascii_class(c)));
            }
            'b' => self.out.push_str("(?-u:\\b)"),
            'B' | 'A' | 'z' => self.out.extend(['\\', c]),
            c => single(c, self.text, &mut self.chars, &mut self.out)?,
        }
        Ok(())
    }
}

fn skip(chars: &mut Chars<'_>, count: usize) {
    chars.by_ref().take(count).for_each(|_| ());
}

/// The repetition that the text begins with. Any other `{` is itself.
fn repetition(text: &str) -> Option<&str> {
    let end = text.find('}')?;
    let (least, most) = text[1..end].split_once(',').unwrap_or((&text[1..end], "0"));
    let digits = |count: &str| count.bytes().all(|b| b.is_ascii_digit());
    (digits(least) && !least.is_empty() && digits(most)).then(|| &text[..=end])
}

/// What is in a class of Go's; that of a large letter is what is not in it.
fn ascii_class(c: char) -> &'static str {
    match c.to_ascii_lowercase() {
        'd' => "0-9",
        'w' => "0-9A-Za-z_",
        _ => "\\t\\n\\f\\r ",
    }
}

/// Writes what stands behind a backslash, in a class and outside: a character, or a class of Unicode's.
fn single(c: char, text: &str, chars: &mut Chars<'_>, out: &mut String) -> Result<(), String> {
    match c {
        'p' | 'P' | 'x' => {
            out.extend(['\\', c]);
            let length = match chars.peek() {
                Some(&(at, '{')) => text[at..].find('}').map_or(0, |end| text[at..=at + end].chars().count()),
                _ if c == 'x' => 2,
                _ => 1,
            };
            out.extend(chars.by_ref().take(length).map(|(_, c)| c));
        }
        'a' | 'f' | 'n' | 'r' | 't' | 'v' => out.extend(['\\', c]),
        '0'..='7' => {
            let mut digits = c.to_string();
            while let Some((_, digit)) = chars.next_if(|&(_, next)| matches!(next, '0'..='7') && digits.len() < 3) {
                digits.push(digit);
            }
            if c != '0' && digits.len() == 1 {
                return Err(format!("`\\{c}` is no escape"));
            }
            let code = u32::from_str_radix(&digits, 8).unwrap_or_default();
            out.push_str(&format!("\\x{{{code:x}}}"));
        }
        c if c.is_ascii_punctuation() => literal(c, out),
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => out.push(c),
        c => return Err(format!("`\\{c}` is no escape")),
    }
    Ok(())
}

/// Writes a character that is itself.
fn literal(c: char, out: &mut String) {
    if c.is_ascii_punctuation() && !matches!(c, '<' | '>') {
        out.push('\\');
    }
    out.push(c);
}

#[cfg(test)]
mod tests;
