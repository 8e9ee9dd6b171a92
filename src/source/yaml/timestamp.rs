//! Dates and times in plain scalars, which kustomize turns into RFC 3339 strings.

/// A date with time and zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Timestamp {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    nanos: u32,
    /// Minutes east of Greenwich.
    offset: i32,
}

/// Reads what Go's `time.Parse` takes in the four layouts that go-yaml tries: `2006-1-2`, `2006-1-2 15:4:5.9`, and
/// `2006-1-2T15:4:5.9Z07:00` with `T` or `t`.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || bytes[4] != b'-' || !bytes[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut reader = Reader { rest: &bytes[5..] };
    let mut time = Timestamp { year: text[..4].parse().ok()?, ..Timestamp::default() };
    time.month = reader.number(1..=12)?;
    reader.expect(b'-')?;
    time.day = reader.number(1..=31)?;
    if time.day > days_in(time.year, time.month) {
        return None;
    }
    match reader.next() {
        None => return Some(time),
        Some(b' ') => {
            // Go takes any number of blanks for the one in the layout.
            while reader.rest.first() == Some(&b' ') {
                reader.next();
            }
            reader.clock(&mut time)?;
        }
        Some(b'T' | b't') => {
            reader.clock(&mut time)?;
            time.offset = reader.zone()?;
        }
        Some(_) => return None,
    }
    reader.rest.is_empty().then_some(time)
}

fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    /// One or two digits.
    fn number(&mut self, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
        let first = self.next().filter(u8::is_ascii_digit)?;
        let mut value = u32::from(first - b'0');
        if let Some(&second) = self.rest.first().filter(|b| b.is_ascii_digit()) {
            self.next();
            value = value * 10 + u32::from(second - b'0');
        }
        range.contains(&value).then_some(value)
    }

    fn two_digits(&mut self) -> Option<u32> {
        let tens = self.next().filter(u8::is_ascii_digit)?;
        let ones = self.next().filter(u8::is_ascii_digit)?;
        Some(u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
    }

    fn clock(&mut self, time: &mut Timestamp) -> Option<()> {
        time.hour = self.number(0..=23)?;
        self.expect(b':')?;
        time.minute = self.number(0..=59)?;
        self.expect(b':')?;
        time.second = self.number(0..=59)?;
        if matches!(self.rest, [b'.' | b',', digit, ..] if digit.is_ascii_digit()) {
            self.next();
            let mut unit = 100_000_000;
            while let Some(&digit) = self.rest.first().filter(|b| b.is_ascii_digit()) {
                self.next();
                time.nanos += u32::from(digit - b'0') * unit;
                unit /= 10;
            }
        }
        Some(())
    }

    fn zone(&mut self) -> Option<i32> {
        let sign = match self.next()? {
            b'Z' => return Some(0),
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let hours = self.two_digits().filter(|&hours| hours <= 24)?;
        self.expect(b':')?;
        let minutes = self.two_digits().filter(|&minutes| minutes <= 60)?;
        Some(sign * (hours * 60 + minutes) as i32)
    }
}

impl Timestamp {
    /// Whether JSON has it: the zone's hours must be below 24.
    pub(crate) fn is_json(&self) -> bool {
        self.offset.abs() < 24 * 60
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Timestamp { year, month, day, hour, minute, second, nanos, offset } = self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if *nanos > 0 {
            let digits = format!("{nanos:09}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        if *offset == 0 {
            return write!(f, "Z");
        }
        let sign = if *offset < 0 { '-' } else { '+' };
        write!(f, "{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_that_go_takes() {
        let printed = |text| parse(text).map(|time| time.to_string());
        assert_eq!(printed("2020-01-01").as_deref(), Some("2020-01-01T00:00:00Z"));
        assert_eq!(printed("2024-2-29").as_deref(), Some("2024-02-29T00:00:00Z"));
        assert_eq!(printed("2020-1-2 3:4:5.670").as_deref(), Some("2020-01-02T03:04:05.67Z"));
        assert_eq!(printed("2001-12-14t21:59:43.10-05:00").as_deref(), Some("2001-12-14T21:59:43.1-05:00"));
        for text in ["2023-02-29", "2020-13-01", "2020-01-01T10:00:00", "2020-01-01 10:00", "20200101", "2020-01-01x"] {
            assert_eq!(printed(text), None, "{text}");
        }
    }
}
