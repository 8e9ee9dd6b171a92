//! Classes: `[a-z_]`, `[^[:digit:]]`.

use super::{Chars, ascii_class, literal, single, skip};

/// The names of classes within classes.
const NAMES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word",
    "xdigit",
];

/// Writes a class, of which the `[` has been read.
pub(super) fn translate(text: &str, chars: &mut Chars<'_>, out: &mut String) -> Result<(), String> {
    out.push('[');
    if chars.next_if(|&(_, c)| c == '^').is_some() {
        out.push('^');
    }
    let mut first = true;
    loop {
        let Some((at, c)) = chars.next() else { return Err("a `[` has no `]`".to_owned()) };
        match c {
            ']' if !first => break,
            '[' if text[at..].starts_with("[:") && text[at..].contains(":]") => named(&text[at..], chars, out)?,
            '\\' => match chars.peek() {
                Some(&(_, c @ ('d' | 'w' | 's'))) => {
                    chars.next();
                    out.push_str(ascii_class(c));
                }
                Some(&(_, c @ ('D' | 'W' | 'S'))) => {
                    chars.next();
                    out.push_str(&format!("[^{}]", ascii_class(c)));
                }
                _ => range(c, text, chars, out)?,
            },
            c => range(c, text, chars, out)?,
        }
        first = false;
    }
    out.push(']');
    Ok(())
}

fn named(rest: &str, chars: &mut Chars<'_>, out: &mut String) -> Result<(), String> {
    let name = rest[2..].split(":]").next().unwrap_or_default();
    if !NAMES.contains(&name.trim_start_matches('^')) {
        return Err(format!("`[:{name}:]` is no class"));
    }
    out.push_str(&rest[..name.len() + 4]);
    skip(chars, name.len() + 3);
    Ok(())
}

/// A character, or two with a `-` between them.
fn range(c: char, text: &str, chars: &mut Chars<'_>, out: &mut String) -> Result<(), String> {
    member(c, text, chars, out)?;
    let Some(&(dash, '-')) = chars.peek() else { return Ok(()) };
    if text[dash + 1..].starts_with(']') || dash + 1 == text.len() {
        return Ok(());
    }
    chars.next();
    out.push('-');
    match chars.next() {
        Some((_, c)) => member(c, text, chars, out),
        None => Ok(()),
    }
}

fn member(c: char, text: &str, chars: &mut Chars<'_>, out: &mut String) -> Result<(), String> {
    if c != '\\' {
        literal(c, out);
        return Ok(());
    }
    let Some((_, c)) = chars.next() else { return Err("it ends with a backslash".to_owned()) };
    single(c, text, chars, out)
}
