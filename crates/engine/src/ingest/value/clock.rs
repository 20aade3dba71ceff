//! Times of day.

/// Microseconds since midnight at the start of `text`, and what follows: `9:30`, `09:30:15`, `09:30:15.25`, `9:30 PM`.
/// Digits beyond microseconds are cut.
pub fn parse_prefix(text: &str) -> Option<(i64, &str)> {
    let (hour, rest) = two_digits(text, 1)?;
    let (minute, rest) = two_digits(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = match rest.strip_prefix(':') {
        Some(seconds) => two_digits(seconds, 2)?,
        None => (0, rest),
    };
    let (micros, rest) = fraction(rest)?;
    let (hour, rest) = half_of_day(hour, rest)?;
    (hour < 24 && minute < 60 && second < 60)
        .then_some(((hour * 60 + minute) * 60_000_000 + second * 1_000_000 + micros, rest))
}

fn two_digits(text: &str, least: usize) -> Option<(i64, &str)> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(least..=2).contains(&count) {
        return None;
    }
    let (number, rest) = text.split_at(count);
    Some((
        number
            .bytes()
            .fold(0, |value, byte| value * 10 + i64::from(byte - b'0')),
        rest,
    ))
}

fn fraction(text: &str) -> Option<(i64, &str)> {
    let Some(digits) = text.strip_prefix(['.', ',']) else {
        return Some((0, text));
    };
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=9).contains(&count) {
        return None;
    }
    let (number, rest) = digits.split_at(count);
    let padded = number.bytes().chain(std::iter::repeat(b'0')).take(6);
    Some((padded.fold(0, |value, byte| value * 10 + i64::from(byte - b'0')), rest))
}

fn half_of_day(hour: i64, text: &str) -> Option<(i64, &str)> {
    let spaced = text.strip_prefix(' ').unwrap_or(text);
    let (Some(mark), Some(rest)) = (spaced.get(..2), spaced.get(2..)) else {
        return Some((hour, text));
    };
    let afternoon = if mark.eq_ignore_ascii_case("pm") {
        true
    } else if mark.eq_ignore_ascii_case("am") {
        false
    } else {
        return Some((hour, text));
    };
    (1..=12)
        .contains(&hour)
        .then_some((hour % 12 + if afternoon { 12 } else { 0 }, rest))
}

/// Seconds east of UTC at the start of `text`, and what follows: `Z`, `+01:00`, `-0530`, `+01`, ` UTC`.
pub fn parse_offset(text: &str) -> Option<(i64, &str)> {
    let text = text.strip_prefix(' ').unwrap_or(text);
    for name in ["Z", "z", "UTC", "GMT"] {
        if let Some(rest) = text.strip_prefix(name) {
            return Some((0, rest));
        }
    }
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, text.get(1..)?),
        b'-' => (-1, text.get(1..)?),
        _ => return None,
    };
    let pair = |text: &str| {
        text.get(..2)
            .filter(|two| two.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|two| two.parse::<i64>().ok())
    };
    let hours = pair(rest)?;
    let rest = rest.get(2..)?;
    let after_colon = rest.strip_prefix(':').unwrap_or(rest);
    let (minutes, rest) = match pair(after_colon) {
        Some(minutes) => (minutes, after_colon.get(2..)?),
        None => (0, rest),
    };
    (hours <= 18 && minutes < 60).then_some((sign * (hours * 3600 + minutes * 60), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day() {
        let whole = |text| {
            parse_prefix(text)
                .filter(|(_, rest)| rest.is_empty())
                .map(|(micros, _)| micros)
        };
        assert_eq!(whole("09:30"), Some(34_200_000_000));
        assert_eq!(whole("9:30:15.25"), Some(34_215_250_000));
        assert_eq!(whole("12:00 AM"), Some(0));
        assert_eq!(whole("1:05pm"), Some(47_100_000_000));
        assert_eq!(whole("00:00:00.123456789"), Some(123_456));
        for text in ["24:00", "9:5", "12", "09:60", "13:00 PM", "0:00 AM"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    #[test]
    fn offsets() {
        for (text, seconds) in [
            ("Z", 0),
            ("+01:00", 3600),
            ("-0530", -19_800),
            ("+01", 3600),
            (" UTC", 0),
        ] {
            assert_eq!(parse_offset(text), Some((seconds, "")), "{text}");
        }
        assert_eq!(parse_offset("+25:00"), None);
        assert_eq!(parse_offset("x"), None);
    }
}
