//! Dates in the ways people write them.

use chrono::NaiveDate;

/// In what order year, month and day stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// `2026-11-20`, `2026/11/20`
    YearFirst,
    /// `20.11.2026`, `20/11/2026`, `20-11-2026`
    DayFirst,
    /// `11/20/2026`
    MonthFirst,
    /// `20 Nov 2026`, `Nov 20, 2026`, `20-Nov-2026`
    MonthNamed,
}

impl Order {
    pub const ALL: [Self; 4] = [Self::YearFirst, Self::DayFirst, Self::MonthFirst, Self::MonthNamed];
}

/// The date at the start of `text` and what follows it. Years have four digits: with two, the century would be a guess.
pub fn parse_prefix(text: &str, order: Order) -> Option<(NaiveDate, &str)> {
    match order {
        Order::YearFirst => {
            let (year, rest) = digits(text, 4, 4)?;
            let (separator, rest) = separator(rest, b"-/.")?;
            let (month, rest) = digits(rest, 1, 2)?;
            let rest = rest.strip_prefix(char::from(separator))?;
            let (day, rest) = digits(rest, 1, 2)?;
            Some((date(year, month, day)?, rest))
        }
        Order::DayFirst | Order::MonthFirst => {
            let (first, rest) = digits(text, 1, 2)?;
            let allowed: &[u8] = if order == Order::DayFirst { b"./-" } else { b"/-" };
            let (separator, rest) = separator(rest, allowed)?;
            let (second, rest) = digits(rest, 1, 2)?;
            let rest = rest.strip_prefix(char::from(separator))?;
            let (year, rest) = digits(rest, 4, 4)?;
            let (month, day) = if order == Order::DayFirst {
                (second, first)
            } else {
                (first, second)
            };
            Some((date(year, month, day)?, rest))
        }
        Order::MonthNamed => month_named(text),
    }
}

fn date(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// A number of `least` to `most` digits; one digit more makes it another number.
fn digits(text: &str, least: usize, most: usize) -> Option<(u32, &str)> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(least..=most).contains(&count) {
        return None;
    }
    let (number, rest) = text.split_at(count);
    Some((
        number
            .bytes()
            .fold(0, |value, byte| value * 10 + u32::from(byte - b'0')),
        rest,
    ))
}

fn separator<'a>(text: &'a str, allowed: &[u8]) -> Option<(u8, &'a str)> {
    let byte = *text.as_bytes().first()?;
    allowed
        .contains(&byte)
        .then(|| text.get(1..).map(|rest| (byte, rest)))?
}

fn month_named(text: &str) -> Option<(NaiveDate, &str)> {
    if text.starts_with(|letter: char| letter.is_ascii_digit()) {
        let (day, rest) = digits(text, 1, 2)?;
        let rest = rest.strip_prefix([' ', '-', '/']).or_else(|| rest.strip_prefix(". "))?;
        let (month, rest) = month(rest)?;
        let rest = rest.strip_prefix([' ', '-', '/'])?;
        let (year, rest) = digits(rest, 4, 4)?;
        Some((date(year, month, day)?, rest))
    } else {
        let (month, rest) = month(text)?;
        let (day, rest) = digits(rest.strip_prefix(' ')?, 1, 2)?;
        let rest = rest.strip_prefix(',').unwrap_or(rest).strip_prefix(' ')?;
        let (year, rest) = digits(rest, 4, 4)?;
        Some((date(year, month, day)?, rest))
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// An English month, whole or cut to three letters.
fn month(text: &str) -> Option<(u32, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, rest) = text.split_at(length);
    let word = word.to_ascii_lowercase();
    let place = MONTHS
        .iter()
        .position(|month| **month == word || (word.len() == 3 && month.starts_with(&word)))?;
    Some((u32::try_from(place).ok()? + 1, rest.strip_prefix('.').unwrap_or(rest)))
}

/// Days since 1970.
pub fn days(date: NaiveDate) -> i32 {
    const DAYS_TO_1970: i32 = 719_163;
    use chrono::Datelike as _;
    date.num_days_from_ce() - DAYS_TO_1970
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str, order: Order) -> Option<String> {
        parse_prefix(text, order)
            .filter(|(_, rest)| rest.is_empty())
            .map(|(date, _)| date.to_string())
    }

    #[test]
    fn orders_of_the_calendar() {
        let expected = Some("2026-11-20".to_owned());
        for (text, order) in [
            ("2026-11-20", Order::YearFirst),
            ("2026/11/20", Order::YearFirst),
            ("20.11.2026", Order::DayFirst),
            ("20/11/2026", Order::DayFirst),
            ("11/20/2026", Order::MonthFirst),
            ("20 Nov 2026", Order::MonthNamed),
            ("20-NOV-2026", Order::MonthNamed),
            ("November 20, 2026", Order::MonthNamed),
            ("Nov 20 2026", Order::MonthNamed),
        ] {
            assert_eq!(whole(text, order), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "2026-13-01",
            "2026-02-30",
            "20261120",
            "20-11-26",
            "1.2.3",
            "2026-11",
            "2026-11/20",
            "12345-01-01",
        ] {
            assert!(Order::ALL.iter().all(|order| whole(text, *order).is_none()), "{text}");
        }
    }

    #[test]
    fn days_count_from_1970() {
        assert_eq!(days(NaiveDate::from_ymd_opt(1970, 1, 1).unwrap()), 0);
        assert_eq!(days(NaiveDate::from_ymd_opt(1969, 12, 31).unwrap()), -1);
        assert_eq!(days(NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()), 20_777);
    }
}
