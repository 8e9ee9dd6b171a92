//! What plain scalars mean, as the two Go libraries under kustomize resolve them.
//!
//! Resources are read by go-yaml v3, kustomization files and JSON patches by v2 (YAML 1.1 booleans). Both try a date
//! first, then an integer in Go's spelling, then a float.

use super::timestamp;
use crate::source::ScalarKind;

/// What a plain scalar means in a resource (go-yaml v3).
pub fn resolve(text: &str) -> ScalarKind {
    let Some(&first) = text.as_bytes().first() else { return ScalarKind::Null };
    match first {
        b'0'..=b'9' | b'+' | b'-' => number_or_date(text, true),
        b'.' => dotted(text),
        b'~' | b'n' | b'N' if matches!(text, "~" | "null" | "Null" | "NULL") => ScalarKind::Null,
        b't' | b'T' | b'f' | b'F' if bool_value(text).is_some() => ScalarKind::Bool,
        _ => ScalarKind::String,
    }
}

/// What a key means that kustomize writes without quotes.
pub fn resolve_key(name: &str) -> ScalarKind {
    // What has no text gets quotes.
    if name.is_empty() { ScalarKind::String } else { resolve(name) }
}

/// The name that a plain key has in the JSON that is made of YAML 1.1: `yes` is `true`, and `0x10` is `16`. `None` for
/// null, which no key may be.
pub fn key_in_json(text: &str) -> Option<String> {
    Some(match resolve_v2(text) {
        ScalarKind::Null => return None,
        ScalarKind::Bool => bool_value_v2(text)?.to_string(),
        ScalarKind::Int => int_value(text)?.to_string(),
        ScalarKind::Float => go_float(float_value(text)?),
        _ => text.to_owned(),
    })
}

/// What a plain scalar means in a kustomization file or a JSON patch (go-yaml v2, YAML 1.1).
pub fn resolve_v2(text: &str) -> ScalarKind {
    let Some(&first) = text.as_bytes().first() else { return ScalarKind::Null };
    match first {
        b'0'..=b'9' | b'+' | b'-' => number_or_date(text, false),
        b'.' => dotted(text),
        b'~' | b'n' | b'N' if matches!(text, "~" | "null" | "Null" | "NULL") => ScalarKind::Null,
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' if bool_value_v2(text).is_some() => {
            ScalarKind::Bool
        }
        _ => ScalarKind::String,
    }
}

fn dotted(text: &str) -> ScalarKind {
    if special_float(text).is_some() || parse_dotted(text).is_some() { ScalarKind::Float } else { ScalarKind::String }
}

/// What begins with a dot is parsed by Go alone, which takes underscores between digits only.
fn parse_dotted(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let stands_right = |at: usize| at > 0 && is_digit(at - 1) && is_digit(at + 1);
    let right = (0..bytes.len()).filter(|&at| bytes[at] == b'_').all(stands_right);
    if right { parse_float(&without_underscores(text)) } else { None }
}

fn number_or_date(text: &str, v3: bool) -> ScalarKind {
    if text.len() > 1 && !text.bytes().all(may_be_number_or_date) {
        return ScalarKind::String;
    }
    if special_float(text).is_some() {
        return ScalarKind::Float;
    }
    if timestamp::parse(text).is_some() {
        return ScalarKind::Timestamp;
    }
    let plain = without_underscores(text);
    if parse_int(&plain, v3).is_some() {
        ScalarKind::Int
    } else if parse_float(&plain).is_some() {
        ScalarKind::Float
    } else {
        ScalarKind::String
    }
}

/// The bytes of any spelling of a number or a date; most names that begin with a digit have another.
fn may_be_number_or_date(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
        || matches!(byte, b'+' | b'-' | b'.' | b',' | b'_' | b':' | b' ')
        || matches!(byte.to_ascii_lowercase(), b'o' | b'x' | b't' | b'z' | b'i' | b'n')
}

fn without_underscores(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('_') { text.replace('_', "").into() } else { text.into() }
}

/// The value of an integer as go-yaml v3 spells them: `12`, `0x1F`, `0o14`, `0123`, `0b11`, `1_000`.
pub fn int_value(text: &str) -> Option<i128> {
    text.as_bytes().first().filter(|&&b| b.is_ascii_digit() || b == b'+' || b == b'-')?;
    parse_int(&without_underscores(text), true)
}

/// The value of a float, or of an integer as a float.
pub fn float_value(text: &str) -> Option<f64> {
    let first = *text.as_bytes().first()?;
    if let Some(value) = special_float(text) {
        return Some(value);
    }
    match first {
        b'.' => parse_dotted(text),
        b'0'..=b'9' | b'+' | b'-' => {
            let plain = without_underscores(text);
            parse_int(&plain, true).map(|int| int as f64).or_else(|| parse_float(&plain))
        }
        _ => None,
    }
}

/// The value of a boolean in a resource.
pub fn bool_value(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// The value of a boolean in a kustomization file or a JSON patch (YAML 1.1).
pub fn bool_value_v2(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

fn special_float(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// Go's `ParseInt(text, 0, 64)`, else `ParseUint`, else go-yaml's own look at `0b` (and in v3 `0o`).
fn parse_int(text: &str, v3: bool) -> Option<i128> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let signed = text.len() != digits.len();
    if let Some(value) = go_magnitude(digits) {
        let value = if negative { -value } else { value };
        let fits = value >= i64::MIN.into() && value <= i64::MAX.into() || !signed && value <= u64::MAX.into();
        return fits.then_some(value);
    }
    // `0b` and `0o` are parsed once more, sign and all, by libraries older than Go's own support for them.
    let rest = |base: u32, mark: &str| {
        let inner = digits.strip_prefix(mark).filter(|_| !text.starts_with('+'))?;
        let bare = if negative { inner } else { inner.strip_prefix(['+', '-']).unwrap_or(inner) };
        let value = magnitude(bare, base)?;
        let value = if negative || inner.starts_with('-') { -value } else { value };
        (value >= i64::MIN.into() && value <= i64::MAX.into()).then_some(value)
    };
    rest(2, "0b").or_else(|| rest(8, "0o").filter(|_| v3))
}

/// Digits with Go's base prefix.
fn go_magnitude(digits: &str) -> Option<i128> {
    let bytes = digits.as_bytes();
    if bytes.len() > 1 && bytes[0] == b'0' {
        return match bytes[1] {
            b'x' | b'X' => magnitude(&digits[2..], 16),
            b'o' | b'O' => magnitude(&digits[2..], 8),
            b'b' | b'B' => magnitude(&digits[2..], 2),
            _ => magnitude(&digits[1..], 8),
        };
    }
    magnitude(digits, 10)
}

fn magnitude(digits: &str, base: u32) -> Option<i128> {
    if digits.is_empty() {
        return None;
    }
    digits.chars().try_fold(0i128, |value, c| {
        let value = value * i128::from(base) + i128::from(c.to_digit(base)?);
        (value <= u64::MAX.into()).then_some(value)
    })
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`; out of a double's range it is no float.
fn parse_float(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let run = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let whole = run(at);
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = run(at + 1);
        if whole == 0 && fraction == 0 {
            return None;
        }
        at += 1 + fraction;
    } else if whole == 0 {
        return None;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = run(at);
        if exponent == 0 {
            return None;
        }
        at += exponent;
    }
    let value: f64 = if at == bytes.len() { text.parse().ok()? } else { return None };
    value.is_finite().then_some(value)
}

/// A date or time as kustomize prints it (RFC 3339).
pub fn timestamp_text(text: &str) -> Option<String> {
    timestamp::parse(text).map(|timestamp| timestamp.to_string())
}

/// Whether this reads like hours and minutes (`12:30`), which older readers take for a number of base 60.
pub fn is_base60(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit_or_line = |b: &u8| b.is_ascii_digit() || *b == b'_';
    let start = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    if !bytes.get(start).is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let mut at = start + bytes[start..].iter().take_while(|b| digit_or_line(b)).count();
    let mut groups = 0;
    while bytes.get(at) == Some(&b':') {
        let digits = bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
        match digits {
            1 => {}
            2 if bytes[at + 1] <= b'5' => {}
            _ => return false,
        }
        at += 1 + digits;
        groups += 1;
    }
    if bytes.get(at) == Some(&b'.') {
        at += 1 + bytes[at + 1..].iter().take_while(|b| digit_or_line(b)).count();
    }
    groups > 0 && at == bytes.len()
}

/// Go's `FormatFloat(value, 'g', -1, 64)`: the shortest digits, with an exponent from 1e6 on and below 1e-4.
pub fn go_float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf".into() } else { "-Inf".into() };
    }
    let scientific = format!("{value:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// A float as Go's `encoding/json` writes it: without exponent between 1e-6 and 1e21.
pub fn json_float(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return format!("{value}");
    }
    let text = format!("{value:e}");
    if size >= 1.0 { text.replace('e', "e+") } else { text }
}

/// A float as kustomize prints it: through JSON, where whole numbers below 1e21 are written as digits, and these read
/// again as integers. `None` for NaN and infinities, which JSON does not have.
pub fn printed_float(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    if value.fract() == 0.0 && value.abs() < 1e21 {
        // The shortest digits that mean this float, filled up with zeros, are not always its exact value.
        if let Some(int) = parse_int(&format!("{value}"), true) {
            return Some(int.to_string());
        }
    }
    Some(go_float(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: ScalarKind, texts: &[&str], resolve: fn(&str) -> ScalarKind) {
        for text in texts {
            assert_eq!(resolve(text), kind, "{text}");
        }
    }

    #[test]
    fn plain_scalars_mean_what_go_yaml_v3_says() {
        check(ScalarKind::Null, &["", "~", "null", "Null", "NULL"], resolve);
        check(ScalarKind::Bool, &["true", "True", "TRUE", "false"], resolve);
        check(ScalarKind::Int, &["0", "-0", "+5", "0123", "0o14", "0x1F", "0b11", "1_000", "0b-1", "-_1"], resolve);
        check(ScalarKind::Int, &["18446744073709551615", "-9223372036854775808"], resolve);
        check(ScalarKind::Float, &["1.0", "1.", ".5", "1e3", "089", ".inf", "-.INF", ".nan"], resolve);
        check(ScalarKind::Float, &[".5_8", "+.5_", "1_.5"], resolve);
        check(ScalarKind::String, &[".5_", "._5", "._"], resolve);
        check(ScalarKind::Float, &["18446744073709551616", "-9223372036854775809"], resolve);
        check(ScalarKind::Timestamp, &["2020-01-01", "2020-01-01T10:00:00Z"], resolve);
        check(ScalarKind::String, &["yes", "on", "y", "N", "tRue", "-", "0x", "1e", "12:30", "1e400", "v1"], resolve);
    }

    #[test]
    fn yaml_1_1_has_more_booleans_and_fewer_integers() {
        check(ScalarKind::Bool, &["yes", "No", "ON", "off", "y", "N", "true"], resolve_v2);
        check(ScalarKind::String, &["yEs", "yy", "none", "0o-7"], resolve_v2);
        check(ScalarKind::Int, &["0o14", "0b11"], resolve_v2);
    }

    #[test]
    fn floats_are_written_as_go_writes_them() {
        for (value, text) in [
            (0.5, "0.5"),
            (123_456.7, "123456.7"),
            (1_234_567.8, "1.2345678e+06"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
        ] {
            assert_eq!(go_float(value), text);
        }
        assert_eq!(printed_float(1e6).as_deref(), Some("1000000"));
        assert_eq!(printed_float(-0.0).as_deref(), Some("0"));
        assert_eq!(printed_float(1e20).as_deref(), Some("1e+20"));
        assert_eq!(printed_float(f64::NAN), None);
    }

    #[test]
    fn values_of_numbers() {
        assert_eq!(int_value("0x1F"), Some(31));
        assert_eq!(int_value("-0b11"), Some(-3));
        assert_eq!(int_value("1.0"), None);
        assert_eq!(float_value("1_0.5"), Some(10.5));
        assert_eq!(float_value("12"), Some(12.0));
        assert!(is_base60("12:30") && is_base60("-1_0:05:59.5") && !is_base60("12:60") && !is_base60("12"));
    }
}
