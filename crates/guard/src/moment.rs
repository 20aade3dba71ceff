//! Dates and times written in literals.

pub const DAY_SECONDS: i64 = 24 * 60 * 60;

/// `2026-11-20`, `2026-11-20 09:30` or `2026-11-20T09:30:00`, as seconds of the usual calendar since its year 0; nothing for
/// any other form and for days that do not exist.
pub fn parse(text: &str) -> Option<i64> {
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, "00:00"));
    let [year, month, day] = numbers(date, '-', &[4, 2, 2])?;
    let [hour, minute, second] = match time.len() {
        5 => numbers(&format!("{time}:00"), ':', &[2, 2, 2])?,
        _ => numbers(time, ':', &[2, 2, 2])?,
    };
    let sane = (1..=12).contains(&month) && (1..=month_days(year, month)).contains(&day);
    let clock = hour < 24 && minute < 60 && second < 60;
    (sane && clock).then(|| days(year, month, day) * DAY_SECONDS + hour * 3_600 + minute * 60 + second)
}

/// Three numbers with so many digits each.
fn numbers(text: &str, between: char, digits: &[usize; 3]) -> Option<[i64; 3]> {
    let parts: Vec<&str> = text.split(between).collect();
    let fits = parts.iter().map(|part| part.len()).eq(digits.iter().copied());
    let plain = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let [first, second, third] = parts.as_slice() else {
        return None;
    };
    (fits && plain).then_some(())?;
    Some([first.parse().ok()?, second.parse().ok()?, third.parse().ok()?])
}

const fn month_days(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Counted from a 1 March, so that leap days come last.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days_between(from: &str, to: &str) -> Option<i64> {
        Some((parse(to)? - parse(from)?) / DAY_SECONDS)
    }

    #[test]
    fn moments_are_read() {
        assert_eq!(days_between("2024-02-28", "2024-03-01"), Some(2));
        assert_eq!(days_between("2023-02-28", "2023-03-01"), Some(1));
        assert_eq!(days_between("2000-01-01", "2001-01-01"), Some(366));
        assert_eq!(days_between("1900-01-01", "1901-01-01"), Some(365));
        assert_eq!(
            parse("2024-01-01T06:30").zip(parse("2024-01-01")).map(|(a, b)| a - b),
            Some(23_400)
        );
    }

    #[test]
    fn what_is_no_moment_is_not_read() {
        for text in [
            "infinity",
            "2023-02-29",
            "2024-13-01",
            "2024-1-1",
            "2024-01-01 25:00",
            "+024-01-01",
            "2024-01-01 06:30:00+02",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
