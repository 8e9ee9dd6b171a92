//! Amounts as Kubernetes writes them: `500m`, `1.5Gi`, `2e3`.

use std::fmt;

/// An amount, in billionths: the finest that Kubernetes keeps. Two spellings of one amount are equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quantity(i128);

const NANO: i128 = 1_000_000_000;

impl Quantity {
    /// Reads an amount; `None` if `text` is none, or too large to be one.
    pub fn parse(text: &str) -> Option<Quantity> {
        let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-');
        let end = text.find(|c| !digits(c)).unwrap_or(text.len());
        let (number, suffix) = text.split_at(end);
        let (negative, number) = match number.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, number.strip_prefix('+').unwrap_or(number)),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let scale = scale(suffix)?;
        let mut value = if whole.is_empty() { 0 } else { whole.parse::<i128>().ok()? }.checked_mul(scale)?;
        let mut unit = scale;
        for digit in fraction.bytes() {
            // Digits finer than a billionth are too fine for Kubernetes to keep.
            unit /= 10;
            value = value.checked_add(unit.checked_mul(i128::from(digit - b'0'))?)?;
        }
        Some(Quantity(if negative { -value } else { value }))
    }

    /// The amount in thousandths, rounded towards zero.
    pub fn milli(self) -> i128 {
        self.0 / (NANO / 1000)
    }
}

/// What one unit of the suffix is in billionths.
fn scale(suffix: &str) -> Option<i128> {
    let binary = |power: u32| Some(NANO << (10 * power));
    let decimal = |power: u32| 10i128.checked_pow(power);
    match suffix {
        "Ki" => binary(1),
        "Mi" => binary(2),
        "Gi" => binary(3),
        "Ti" => binary(4),
        "Pi" => binary(5),
        "Ei" => binary(6),
        "n" => decimal(0),
        "u" => decimal(3),
        "m" => decimal(6),
        "" => decimal(9),
        "k" => decimal(12),
        "M" => decimal(15),
        "G" => decimal(18),
        "T" => decimal(21),
        "P" => decimal(24),
        "E" => decimal(27),
        _ => {
            let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
            decimal(u32::try_from(exponent.checked_add(9)?).ok()?)
        }
    }
}

impl fmt::Display for Quantity {
    /// As a plain number: `0.5`, `1073741824`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0.abs() / NANO, self.0.abs() % NANO);
        let sign = if self.0 < 0 { "-" } else { "" };
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        write!(f, "{sign}{whole}.{}", format!("{fraction:09}").trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_amount_are_equal() {
        for (a, b) in [
            ("1000m", "1"),
            ("0.5", "500m"),
            (".5", "500m"),
            ("1Gi", "1024Mi"),
            ("1.5Ki", "1536"),
            ("2e3", "2k"),
            ("1E", "1000P"),
            ("-1", "-1000m"),
            ("+1n", "0.000000001"),
        ] {
            assert_eq!(Quantity::parse(a), Quantity::parse(b), "{a} {b}");
            assert!(Quantity::parse(a).is_some(), "{a}");
        }
        assert!(Quantity::parse("1G") < Quantity::parse("1Gi"));
    }

    #[test]
    fn what_is_no_amount() {
        for text in ["", "Gi", "1.2.3", "1 Gi", "1gi", "one", "--1", "1e", "99999999999999999999999999999999Ei", "1e99"]
        {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }

    #[test]
    fn shown_as_a_plain_number() {
        let shown = |text| Quantity::parse(text).map(|amount| amount.to_string());
        assert_eq!(shown("1.5Ki").as_deref(), Some("1536"));
        assert_eq!(shown("-250m").as_deref(), Some("-0.25"));
    }
}
