//! Values as people read them. The same text in tooltips, tables, labels and descriptions.

use shared::{
    semantic::{AnswerColumn, ColumnRole, DatePart, Format, FormatKind, Grain},
    table::{Cell, ColumnType},
};

use crate::{
    format::{number, time},
    time::parse,
};

/// What stands where there is no member.
const NO_MEMBER: &str = "(none)";
/// What stands where there is no number.
const NO_NUMBER: &str = "–";

/// The text of a cell; `format` takes the place of the column's own.
pub fn cell_text(cell: &Cell, column: &AnswerColumn, format: Option<&Format>) -> String {
    let format = format.or(column.format.as_ref());
    match cell {
        Cell::Null if column.role == ColumnRole::Dimension => NO_MEMBER.to_owned(),
        Cell::Null => NO_NUMBER.to_owned(),
        Cell::Bool(truth) => if *truth { "Yes" } else { "No" }.to_owned(),
        Cell::Int(_) | Cell::Float(_) => {
            cell.as_f64()
                .map_or_else(String::new, |number| match (column.part, column.bin) {
                    (Some(part), _) => part_text(number, part),
                    (None, Some(width)) => format!(
                        "{} – {}",
                        number_text(number, format),
                        number_text(number + width, format)
                    ),
                    (None, None) => number_text(number, format),
                })
        }
        Cell::Text(text) => match column.kind {
            ColumnType::Decimal => cell
                .as_f64()
                .map_or_else(|| text.clone(), |number| number_text(number, format)),
            ColumnType::Date | ColumnType::Timestamp | ColumnType::Timestamptz => {
                time_text(text, column.kind, column.grain)
            }
            ColumnType::String
            | ColumnType::Integer
            | ColumnType::Number
            | ColumnType::Boolean
            | ColumnType::Time
            | ColumnType::Json
            | ColumnType::Geo => {
                if text.is_empty() {
                    "(empty)".to_owned()
                } else {
                    text.clone()
                }
            }
        },
    }
}

/// A part of a time as calendars write it; numbers that are none of its stay numbers.
fn part_text(number: f64, part: DatePart) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let named = |names: &[&str]| {
        let index = (number.fract() == 0.0 && number >= 1.0).then(|| number as usize - 1)?;
        names.get(index).map(|name| (*name).to_owned())
    };
    let text = plain(number);
    match part {
        DatePart::DayOfWeek => named(&DAYS).unwrap_or(text),
        DatePart::Month => named(&MONTHS).unwrap_or(text),
        DatePart::Quarter => format!("Q{text}"),
        DatePart::Week => format!("W{text}"),
        DatePart::Hour => format!("{text:0>2}:00"),
        DatePart::Minute => format!(":{text:0>2}"),
        DatePart::Year | DatePart::Day | DatePart::DayOfYear => text,
    }
}

/// The wall clock in an ISO text, without its offset: what is shown is the query's zone.
pub(super) fn wall_clock(text: &str) -> &str {
    text.get(..19).filter(|_| text.len() > 19).unwrap_or(text)
}

fn time_text(text: &str, kind: ColumnType, grain: Option<Grain>) -> String {
    let ms = parse::parse(wall_clock(text));
    if !ms.is_finite() {
        return text.to_owned();
    }
    let specifier = match (grain, kind) {
        (Some(Grain::Year), _) => "%Y",
        (Some(Grain::Quarter), _) => "Q%q %Y",
        (Some(Grain::Month), _) => "%b %Y",
        (Some(Grain::Week | Grain::Day), _) | (None, ColumnType::Date) => "%-d %b %Y",
        (Some(Grain::Hour | Grain::Minute), _) => "%-d %b %Y %H:%M",
        (Some(Grain::Second | Grain::Millisecond) | None, _) => "%-d %b %Y %H:%M:%S",
    };
    let text = time::format(specifier, ms);
    // A time without a time of day reads better without "00:00:00".
    if grain.is_none() {
        text.trim_end_matches(" 00:00:00").to_owned()
    } else {
        text
    }
}

/// `1234567.891` → `1,234,567.89`, `€1.23 M`, `12.3 %` … by the format. Default: thousands separated, at most two places.
pub fn number_text(number: f64, format: Option<&Format>) -> String {
    if !number.is_finite() {
        return NO_NUMBER.to_owned();
    }
    let kind = format.map_or(FormatKind::Number, |format| format.kind);
    let digits = format.and_then(|format| format.digits).map(|digits| digits.min(12));
    let compact = format.and_then(|format| format.compact).unwrap_or(false);
    match kind {
        FormatKind::Text => plain(number),
        FormatKind::Percent => format!("{} %", grouped(number * 100.0, digits.unwrap_or(1))),
        FormatKind::Currency => currency(
            number,
            format.and_then(|format| format.code.as_deref()).unwrap_or(""),
            digits,
            compact,
        ),
        FormatKind::Duration => duration(number),
        FormatKind::Bytes => scaled(
            number,
            digits,
            &[(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")],
            "B",
        ),
        FormatKind::Number | FormatKind::Date if compact => compacted(number, digits),
        FormatKind::Number | FormatKind::Date => trimmed(number, digits),
    }
}

/// No separators and no needless places: for identifiers and years.
fn plain(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        format!("{number:.0}")
    } else {
        format!("{number}")
    }
}

fn grouped(number: f64, digits: u8) -> String {
    // The true minus of d3 is kept out: a copied number must paste as a number.
    number::format(&format!(",.{digits}f"), number).replace('\u{2212}', "-")
}

/// With the given places, or with at most two and none that are zero.
fn trimmed(number: f64, digits: Option<u8>) -> String {
    match digits {
        Some(digits) => grouped(number, digits),
        None if number != 0.0 && number.abs() < 0.01 => number::format(".2~r", number).replace('\u{2212}', "-"),
        None => {
            let text = grouped(number, 2);
            let text = text
                .strip_suffix("00")
                .and_then(|text| text.strip_suffix('.'))
                .map(str::to_owned)
                .unwrap_or(text);
            if text.contains('.') {
                text.trim_end_matches('0').to_owned()
            } else {
                text
            }
        }
    }
}

fn compacted(number: f64, digits: Option<u8>) -> String {
    scaled(number, digits, &[(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")], "")
}

fn scaled(number: f64, digits: Option<u8>, steps: &[(f64, &str)], unit: &str) -> String {
    let step = steps.iter().find(|(size, _)| number.abs() >= *size * 0.9995);
    let (value, suffix) = step.map_or((number, unit), |(size, suffix)| (number / size, *suffix));
    let places = digits.or_else(|| {
        step.map(|_| {
            if value.abs() >= 100.0 {
                0
            } else if value.abs() >= 10.0 {
                1
            } else {
                2
            }
        })
    });
    let text = match (digits, places) {
        (None, Some(places)) if places > 0 => {
            let text = grouped(value, places);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        (_, Some(places)) => grouped(value, places),
        (_, None) => trimmed(value, None),
    };
    if suffix.is_empty() {
        text
    } else {
        format!("{text} {suffix}")
    }
}

/// Empty for currencies that are written by their code.
pub(super) fn currency_symbol(code: &str) -> &'static str {
    match code {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        "JPY" | "CNY" => "¥",
        "INR" => "₹",
        "KRW" => "₩",
        _ => "",
    }
}

fn currency(number: f64, code: &str, digits: Option<u8>, compact: bool) -> String {
    let symbol = currency_symbol(code);
    let text = if compact {
        compacted(number.abs(), digits)
    } else {
        grouped(
            number.abs(),
            digits.unwrap_or(if code == "JPY" || code == "KRW" { 0 } else { 2 }),
        )
    };
    let sign = if number < 0.0 { "-" } else { "" };
    if symbol.is_empty() {
        format!("{sign}{text} {code}").trim_end().to_owned()
    } else {
        format!("{sign}{symbol}{text}")
    }
}

/// Seconds → `1 d 4 h`, `3 h 5 min`, `2 min 8 s`, `4.2 s`.
fn duration(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "-" } else { "" };
    let whole = libm::round(seconds.abs());
    let pair = |size: f64, unit: &str, small: f64, small_unit: &str| {
        let large = libm::floor(whole / size);
        let rest = libm::floor((whole - large * size) / small);
        if rest > 0.0 {
            format!("{sign}{large:.0} {unit} {rest:.0} {small_unit}")
        } else {
            format!("{sign}{large:.0} {unit}")
        }
    };
    if whole >= 86_400.0 {
        pair(86_400.0, "d", 3_600.0, "h")
    } else if whole >= 3_600.0 {
        pair(3_600.0, "h", 60.0, "min")
    } else if whole >= 60.0 {
        pair(60.0, "min", 1.0, "s")
    } else {
        format!("{} s", trimmed(seconds, None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(kind: FormatKind) -> Format {
        Format {
            kind,
            ..Format::default()
        }
    }

    #[test]
    fn parts_of_times_are_written_as_calendars_do() {
        let texts = |part, numbers: [f64; 3]| numbers.map(|number| part_text(number, part));
        assert_eq!(texts(DatePart::DayOfWeek, [1.0, 7.0, 8.0]), ["Mon", "Sun", "8"]);
        assert_eq!(texts(DatePart::Month, [1.0, 12.0, 0.0]), ["Jan", "Dec", "0"]);
        assert_eq!(texts(DatePart::Quarter, [1.0, 2.0, 4.0]), ["Q1", "Q2", "Q4"]);
        assert_eq!(texts(DatePart::Hour, [0.0, 9.0, 23.0]), ["00:00", "09:00", "23:00"]);
        assert_eq!(
            texts(DatePart::Year, [1999.0, 2024.0, 2026.0]),
            ["1999", "2024", "2026"]
        );
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(number_text(1_234_567.891, None), "1,234,567.89");
        assert_eq!(number_text(1200.0, None), "1,200");
        assert_eq!(number_text(0.5, None), "0.5");
        assert_eq!(number_text(-0.1234, Some(&format(FormatKind::Percent))), "-12.3 %");
        assert_eq!(number_text(2024.0, Some(&format(FormatKind::Text))), "2024");
        assert_eq!(
            number_text(
                1_234_567.0,
                Some(&Format {
                    compact: Some(true),
                    ..Format::default()
                })
            ),
            "1.23 M"
        );
        assert_eq!(
            number_text(
                950.0,
                Some(&Format {
                    compact: Some(true),
                    ..Format::default()
                })
            ),
            "950"
        );
        assert_eq!(
            number_text(
                -5.5,
                Some(&Format {
                    kind: FormatKind::Currency,
                    code: Some("EUR".to_owned()),
                    ..Format::default()
                })
            ),
            "-€5.50"
        );
        assert_eq!(number_text(3_725.0, Some(&format(FormatKind::Duration))), "1 h 2 min");
        assert_eq!(number_text(f64::NAN, None), "–");
    }
}
