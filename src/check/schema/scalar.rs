//! Whether a scalar is of a type and in a format.

use crate::schema::{Format, Type};
use crate::source::ScalarKind;

/// Whether the API server would take a scalar of this kind and text for the type.
pub(super) fn is_of_type(text: &str, kind: ScalarKind, wanted: Type) -> bool {
    // Times and binary become strings on the way to JSON.
    let string = matches!(kind, ScalarKind::String | ScalarKind::Timestamp | ScalarKind::Binary);
    // `1.0` and `1e3` become the JSON numbers 1 and 1000.
    let integer = || kind == ScalarKind::Int || kind == ScalarKind::Float && is_whole(text);
    match wanted {
        Type::Any => true,
        Type::String => string,
        Type::Integer => integer(),
        Type::Number => matches!(kind, ScalarKind::Int | ScalarKind::Float),
        Type::Boolean => kind == ScalarKind::Bool,
        Type::IntOrString => string || integer(),
        Type::Quantity => string || matches!(kind, ScalarKind::Int | ScalarKind::Float),
        Type::Object | Type::Array => false,
    }
}

fn is_whole(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(|number| number.fract() == 0.0)
}

/// Whether the scalar is in the format. A text that cannot be read as its kind says is let through.
pub(super) fn is_in_format(text: &str, kind: ScalarKind, format: Format) -> bool {
    match format {
        Format::None | Format::Double => true,
        Format::Int32 => integer(text, kind).is_none_or(|number| i32::try_from(number).is_ok()),
        Format::Int64 => integer(text, kind).is_none_or(|number| i64::try_from(number).is_ok()),
        Format::Byte => kind == ScalarKind::Binary || is_base64(text),
        Format::DateTime => is_date_time(text),
        Format::Date => is_date(text.as_bytes()),
        Format::Duration => is_duration(text),
        Format::Ipv4 => text.parse::<std::net::Ipv4Addr>().is_ok(),
        Format::Ipv6 => text.parse::<std::net::Ipv6Addr>().is_ok(),
        Format::Cidr => is_cidr(text),
        Format::Uuid => is_uuid(text),
    }
}

/// The number, if the format is about one: `format: int32` beside a string type says nothing.
fn integer(text: &str, kind: ScalarKind) -> Option<i128> {
    match kind {
        ScalarKind::Int => text.parse().ok(),
        ScalarKind::Float => {
            text.parse::<f64>().ok().filter(|number| number.fract() == 0.0).map(|number| number as i128)
        }
        _ => None,
    }
}

fn is_base64(text: &str) -> bool {
    // Go's decoder ignores line breaks.
    let mut length = 0;
    let mut padding = 0;
    for byte in text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
        match byte {
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => {}
            _ => return false,
        }
        length += 1;
    }
    length % 4 == 0 && padding <= 2
}

fn digits(bytes: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    text.parse().ok()
}

/// Whether the two digits at `at` are a number within the range.
fn within(bytes: &[u8], at: usize, range: std::ops::RangeInclusive<u32>) -> bool {
    bytes.get(at..at + 2).and_then(digits).is_some_and(|number| range.contains(&number))
}

fn is_date(bytes: &[u8]) -> bool {
    bytes.len() == 10
        && digits(&bytes[..4]).is_some()
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && within(bytes, 5, 1..=12)
        && within(bytes, 8, 1..=31)
}

/// RFC 3339, as Go reads it: `2006-01-02T15:04:05.999Z`.
fn is_date_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 20 || !is_date(&bytes[..10]) || bytes[10] != b'T' || bytes[13] != b':' || bytes[16] != b':' {
        return false;
    }
    if !within(bytes, 11, 0..=23) || !within(bytes, 14, 0..=59) || !within(bytes, 17, 0..=59) {
        return false;
    }
    let mut zone = &bytes[19..];
    if let [b'.', fraction @ ..] = zone {
        let end = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if end == 0 {
            return false;
        }
        zone = &fraction[end..];
    }
    match zone {
        b"Z" => true,
        [b'+' | b'-', rest @ ..] => {
            rest.len() == 5 && rest[2] == b':' && within(rest, 0, 0..=24) && within(rest, 3, 0..=59)
        }
        _ => false,
    }
}

/// A Go duration: `1h30m`, `-1.5s`, `0`.
fn is_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let taken = &rest[..rest.len() - number.len()];
        if !taken.bytes().any(|byte| byte.is_ascii_digit()) || taken.matches('.').count() > 1 {
            return false;
        }
        let unit = ["ns", "us", "µs", "μs", "ms", "s", "m", "h"].iter().find(|&&unit| {
            number.strip_prefix(unit).is_some_and(|after| !after.starts_with(|c: char| c.is_ascii_alphabetic()))
        });
        let Some(unit) = unit else { return false };
        rest = &number[unit.len()..];
    }
    true
}

fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let Ok(address) = address.parse::<std::net::IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    digits(bits.as_bytes()).is_some_and(|bits| bits <= most)
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let dashed = lengths == [8, 4, 4, 4, 12] || lengths == [32];
    dashed && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The syntax of `resource.Quantity`: a decimal number and a suffix.
pub(super) fn is_quantity(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let suffix = unsigned.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = &unsigned[..unsigned.len() - suffix.len()];
    if !number.bytes().any(|byte| byte.is_ascii_digit()) || number.matches('.').count() > 1 {
        return false;
    }
    match suffix.as_bytes() {
        [] | [b'n' | b'u' | b'm' | b'k' | b'M' | b'G' | b'T' | b'P' | b'E'] => true,
        [b'K' | b'M' | b'G' | b'T' | b'P' | b'E', b'i'] => true,
        [b'e' | b'E', exponent @ ..] => {
            let exponent = exponent.strip_prefix(b"-").or(exponent.strip_prefix(b"+")).unwrap_or(exponent);
            !exponent.is_empty() && exponent.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_texts(fits: impl Fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(fits(text), "`{text}` fits");
        }
        for text in bad {
            assert!(!fits(text), "`{text}` does not fit");
        }
    }

    fn check_format(format: Format, good: &[&str], bad: &[&str]) {
        check_texts(|text| is_in_format(text, ScalarKind::String, format), good, bad);
    }

    #[test]
    fn knows_quantities() {
        let good = ["0", "500m", "1Gi", "1.5", ".5", "1.", "+1", "-1Ki", "1e3", "1E-3", "12E", "100k"];
        check_texts(is_quantity, &good, &["", "Gi", "1gb", "1 Gi", "1.2.3", "1K", "1mi", "1e", "one"]);
    }

    #[test]
    fn knows_formats() {
        let times = ["2006-01-02T15:04:05Z", "2006-01-02T15:04:05.000001Z", "2006-01-02T15:04:05+02:00"];
        check_format(Format::DateTime, &times, &["2006-01-02", "2006-13-02T15:04:05Z", "2006-01-02T15:04:05", "now"]);
        check_format(Format::Byte, &["", "YQ==", "YWJj\nYWJj\n"], &["a", "YQ=", "hello world!", "Y=Q="]);
        check_format(Format::Duration, &["1h30m", "0", "-1.5s", "10ms", "5m"], &["", "1", "1d", "h", "1h 2m"]);
        check_format(Format::Cidr, &["10.0.0.0/8", "::/0"], &["10.0.0.0", "10.0.0.0/33", "x/8"]);
        check_format(Format::Uuid, &["123e4567-e89b-12d3-a456-426614174000"], &["123e4567"]);
        check_format(Format::Date, &["2006-01-02"], &["2006-1-2", "06-01-02"]);
    }

    #[test]
    fn bounds_integers() {
        let fits = |text: &str| is_in_format(text, ScalarKind::Int, Format::Int32);
        check_texts(fits, &["0", "-2147483648", "2147483647", "0x1F"], &["2147483648", "99999999999999"]);
    }
}
