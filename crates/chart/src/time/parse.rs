//! Text to time, as far as JavaScript's `Date.parse` is agreed on, and with d3 format specifiers.

use super::calendar::{self, MINUTE};
use crate::format::time::{DAYS, MONTHS};

/// Milliseconds of a date text, or NaN. A time without a zone counts as UTC.
pub fn parse(text: &str) -> f64 {
    let text = text.trim();
    iso(text).or_else(|| loose(text)).unwrap_or(f64::NAN)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn digits(&mut self, min: usize, max: usize) -> Option<i64> {
        let n = self.rest.iter().take(max).take_while(|b| b.is_ascii_digit()).count();
        if n < min {
            return None;
        }
        let (head, tail) = self.rest.split_at(n);
        self.rest = tail;
        // Never more of them than a whole number holds.
        Some(head.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
    }

    fn take(&mut self, b: u8) -> bool {
        match self.rest.split_first() {
            Some((first, tail)) if *first == b => {
                self.rest = tail;
                true
            }
            _ => false,
        }
    }

    /// A fraction of a second in ms.
    fn fraction(&mut self) -> i64 {
        let mut value = 0;
        let mut scale = 100;
        while let Some((b, tail)) = self.rest.split_first().filter(|(b, _)| b.is_ascii_digit()) {
            value += i64::from(b - b'0') * scale;
            scale /= 10;
            self.rest = tail;
        }
        value
    }

    /// The zone's offset in minutes; UTC without one.
    fn zone(&mut self) -> Option<f64> {
        if self.take(b'Z') || self.rest.is_empty() {
            return Some(0.0);
        }
        let sign = if self.take(b'+') {
            1.0
        } else if self.take(b'-') {
            -1.0
        } else {
            return None;
        };
        let hours = self.digits(2, 2)?;
        self.take(b':');
        let minutes = self.digits(2, 2).unwrap_or(0);
        Some(sign * (hours * 60 + minutes) as f64)
    }
}

fn iso(text: &str) -> Option<f64> {
    let mut r = Reader { rest: text.as_bytes() };
    let year = r.digits(4, 4)?;
    let (mut month, mut day) = (1, 1);
    if r.take(b'-') {
        month = r.digits(2, 2)?;
        if r.take(b'-') {
            day = r.digits(2, 2)?;
        }
    }
    let (mut hour, mut minute, mut second, mut millisecond, mut zone) = (0, 0, 0, 0, 0.0);
    if r.take(b'T') || r.take(b' ') {
        hour = r.digits(1, 2)?;
        if !r.take(b':') {
            return None;
        }
        minute = r.digits(2, 2)?;
        if r.take(b':') {
            second = r.digits(2, 2)?;
            if r.take(b'.') {
                millisecond = r.fraction();
            }
        }
        r.take(b' ');
        zone = r.zone()?;
    }
    if !r.rest.is_empty() || !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 24 {
        return None;
    }
    Some(calendar::ms(year, month - 1, day, hour, minute, second, millisecond) - zone * MINUTE)
}

/// `Jan 1 2000`, `1 January 2000 10:20`, `1/31/2000`, `2000/01/31`, `Sat, 01 Jan 2000 …`.
fn loose(text: &str) -> Option<f64> {
    let (mut year, mut month, mut day) = (None, None, None);
    let (mut clock, mut zone, mut afternoon) = ([0; 3], 0.0, None);
    for word in (Words { rest: text }).filter(|word| !word.is_empty()) {
        // Most words are numbers or months: nothing else is looked for in them.
        if let Some(n) = whole_number(word) {
            if word.len() >= 3 || day.is_some() {
                year = Some(n);
            } else {
                day = Some(n);
            }
            continue;
        }
        if let Some(m) = month_number(word) {
            month = Some(m);
            continue;
        }
        let has = |sign: u8| word.as_bytes().contains(&sign);
        if has(b':') {
            for (slot, part) in clock.iter_mut().zip(word.split(':')) {
                *slot = part.split('.').next()?.parse().ok()?;
            }
        } else if has(b'/') || (has(b'-') && word.matches('-').count() == 2 && !word.starts_with('-')) {
            let mut parts = word.split(['/', '-']);
            let (a, b, c) = (parts.next()?, parts.next()?, parts.next());
            if a.len() == 4 {
                (year, month, day) = (a.parse().ok(), b.parse().ok(), c.map_or(Some(1), |c| c.parse().ok()));
            } else if let Ok(a) = a.parse::<i64>() {
                (month, day, year) = (Some(a), b.parse().ok(), c.and_then(|c| c.parse().ok()));
                if day.is_none() {
                    (day, month) = (Some(a), month_number(b));
                }
            }
        } else if name_number(word, &DAYS).is_some() {
        } else if is_word(word, "am") || is_word(word, "pm") {
            afternoon = Some(is_word(word, "pm"));
        } else if ["gmt", "utc", "z"].iter().any(|zone| is_word(word, zone)) || word.starts_with('(') {
        } else if let Some(offset) = offset_of(word) {
            let mut r = Reader {
                rest: offset.as_bytes(),
            };
            zone = r.zone()?;
        } else if let Ok(n) = word.parse::<i64>() {
            if word.len() >= 3 || day.is_some() {
                year = Some(n);
            } else {
                day = Some(n);
            }
        } else {
            return None;
        }
    }
    let mut year: i64 = year.or(month.map(|_| 2001))?;
    if year < 50 {
        year += 2000;
    } else if year < 100 {
        year += 1900;
    }
    let [mut hour, minute, second] = clock;
    match afternoon {
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    let month: i64 = month.unwrap_or(1);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day.unwrap_or(1)) {
        return None;
    }
    Some(calendar::ms(year, month - 1, day.unwrap_or(1), hour, minute, second, 0) - zone * MINUTE)
}

/// What stands between white space and commas; empty between two of them.
struct Words<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let bytes = self.rest.as_bytes();
        let plain = |byte: &u8| byte.is_ascii_graphic() && *byte != b',';
        let length = bytes.iter().position(|byte| !plain(byte));
        let length = match length.and_then(|at| bytes.get(at)) {
            None | Some(b' ' | b',') => length,
            // Letters and white space of other languages.
            Some(_) => self.rest.find(|c: char| c.is_whitespace() || c == ','),
        };
        let (word, rest) = self.rest.split_at(length.unwrap_or(self.rest.len()));
        let mut after = rest.chars();
        after.next();
        self.rest = after.as_str();
        Some(word)
    }
}

/// A word of nothing but digits.
fn whole_number(word: &str) -> Option<i64> {
    let digits = word.bytes().all(|byte| byte.is_ascii_digit()) && word.len() <= 18;
    digits.then(|| word.bytes().fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0')))
}

fn is_word(word: &str, other: &str) -> bool {
    word.eq_ignore_ascii_case(other)
}

/// The digits after `GMT`, or alone: `+0100`.
fn offset_of(word: &str) -> Option<&str> {
    let digits = match word.get(..3) {
        Some(zone) if is_word(zone, "gmt") => word.get(3..)?,
        _ => word,
    };
    (digits.starts_with(['+', '-']) && digits.len() == 5).then_some(digits)
}

fn month_number(word: &str) -> Option<i64> {
    name_number(word.trim_end_matches('.'), &MONTHS)
}

/// Which name, counted from 1, begins with the word's three or more letters.
fn name_number(word: &str, names: &[&str]) -> Option<i64> {
    // The first three letters tell the names apart, whatever their case.
    let three = |text: &str| match text.as_bytes() {
        [a, b, c, ..] => Some([a | 0x20, b | 0x20, c | 0x20]),
        _ => None,
    };
    let first = three(word)?;
    let begins =
        |name: &&str| three(name) == Some(first) && name.get(..word.len()).is_some_and(|start| is_word(start, word));
    let at = names.iter().position(begins)?;
    i64::try_from(at + 1).ok()
}

/// Reads a text by a d3-time-format specifier; NaN when it does not fit.
pub fn parse_with(text: &str, specifier: &str) -> f64 {
    with_specifier(text, specifier).unwrap_or(f64::NAN)
}

fn with_specifier(text: &str, specifier: &str) -> Option<f64> {
    let mut r = Reader { rest: text.as_bytes() };
    let (mut year, mut month, mut day, mut hour, mut minute, mut second, mut ms, mut zone) =
        (1900, 0, 1, 0, 0, 0, 0, 0.0);
    let mut afternoon = None;
    let mut spec = specifier.bytes();
    while let Some(b) = spec.next() {
        if b != b'%' {
            if !r.take(b) {
                return None;
            }
            continue;
        }
        let mut directive = spec.next()?;
        if matches!(directive, b'-' | b'_' | b'0') {
            directive = spec.next()?;
        }
        match directive {
            b'Y' => year = r.digits(1, 4)?,
            b'y' => {
                let y = r.digits(1, 2)?;
                year = y + if y > 68 { 1900 } else { 2000 };
            }
            b'm' => month = r.digits(1, 2)? - 1,
            b'd' | b'e' => {
                r.take(b' ');
                day = r.digits(1, 2)?;
            }
            b'H' | b'I' => hour = r.digits(1, 2)?,
            b'M' => minute = r.digits(1, 2)?,
            b'S' => second = r.digits(1, 2)?,
            b'L' => ms = r.digits(1, 3)?,
            b'j' => {
                month = 0;
                day = r.digits(1, 3)?;
            }
            b'Z' => zone = r.zone()?,
            b'b' | b'B' | b'a' | b'A' | b'p' => {
                let n = r.rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
                let (head, tail) = r.rest.split_at(n);
                r.rest = tail;
                let word = std::str::from_utf8(head).ok()?;
                match directive {
                    b'p' => afternoon = Some(word.eq_ignore_ascii_case("pm")),
                    b'b' | b'B' => month = month_number(word)? - 1,
                    _ => {}
                }
            }
            b'Q' => return r.digits(1, 18).map(|n| n as f64),
            b's' => return r.digits(1, 15).map(|n| n as f64 * 1000.0),
            b'%' => {
                if !r.take(b'%') {
                    return None;
                }
            }
            _ => return None,
        }
    }
    if !r.rest.is_empty() {
        return None;
    }
    match afternoon {
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    Some(calendar::ms(year, month, day, hour, minute, second, ms) - zone * MINUTE)
}

#[cfg(test)]
mod tests {
    use super::{parse, parse_with};

    #[test]
    fn reads_the_usual_spellings() {
        let day = 946_684_800_000.0;
        for text in [
            "2000-01-01",
            "2000-01-01T00:00:00Z",
            "Jan 1 2000",
            "1 January 2000",
            "1/1/2000",
            "2000/01/01",
            "2000",
            "Sat, 01 Jan 2000 00:00:00 GMT",
            "Jan\u{a0}1,2000",
            "JANUARY\t1 2000",
        ] {
            assert_eq!(parse(text), day, "{text}");
        }
        assert_eq!(parse("2000-01-01T02:00:00+02:00"), day);
        for text in ["hello", "Janus 1 2000", "1 Ja 2000", "é 1 2000"] {
            assert!(parse(text).is_nan(), "{text}");
        }
        assert_eq!(parse_with("01 Jan 2000", "%d %b %Y"), day);
    }
}
