//! From evidence over a whole column to how it is read.

use shared::{semantic::Warning, table::ColumnType};

use super::{
    Evidence, Reading,
    evidence::{TIME_BIT, boolean_bit, integer_bit, moment_bit, number_bit, style_place},
};
use crate::ingest::value::{boolean::Pair, calendar::Order, number::Style};

/// Digits a decimal can hold.
const DECIMAL_DIGITS: u32 = 38;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub reading: Reading,
    /// Said when the values left a choice.
    pub note: Option<Warning>,
}

impl Decision {
    const fn plain(reading: Reading) -> Self {
        Self { reading, note: None }
    }
}

/// How to read the column called `name`; `given` is the type the caller asked for. With a semicolon between fields, a
/// comma is more likely a decimal point than a group sign.
pub fn decide(evidence: &Evidence, name: &str, given: Option<ColumnType>, semicolons: bool) -> Decision {
    match given {
        Some(kind) => Decision::plain(given_reading(evidence, kind)),
        None => infer(evidence, name, semicolons),
    }
}

fn infer(evidence: &Evidence, name: &str, semicolons: bool) -> Decision {
    if evidence.values == 0 {
        return Decision::plain(Reading::Text);
    }
    if evidence.nested > 0 && evidence.nested == evidence.values {
        return Decision::plain(Reading::Json);
    }
    let possible = |bit| evidence.candidates & bit != 0;
    let both = evidence.peculiarities.has_true && evidence.peculiarities.has_false;
    let words = possible(boolean_bit(Pair::TrueFalse)) || possible(boolean_bit(Pair::YesNo));
    let letters = possible(boolean_bit(Pair::TF)) || possible(boolean_bit(Pair::YN));
    if words || (letters && both) {
        return Decision::plain(Reading::Boolean);
    }
    if let Some(reading) = infer_number(evidence, semicolons) {
        return Decision::plain(reading);
    }
    if let Some(decision) = infer_moment(evidence, name) {
        return decision;
    }
    Decision::plain(if possible(TIME_BIT) {
        Reading::Time
    } else {
        Reading::Text
    })
}

fn infer_number(evidence: &Evidence, semicolons: bool) -> Option<Reading> {
    if evidence.peculiarities.has_whole_with_plus && !evidence.peculiarities.has_minus {
        return None;
    }
    let styles = if semicolons {
        [Style::Point, Style::Comma, Style::GroupedComma, Style::GroupedPoint]
    } else {
        [Style::Point, Style::GroupedPoint, Style::Comma, Style::GroupedComma]
    };
    let style = styles
        .into_iter()
        .find(|style| evidence.candidates & (integer_bit(*style) | number_bit(*style)) != 0)?;
    if evidence.candidates & integer_bit(style) != 0 {
        return Some(Reading::Integer(style));
    }
    let digits = |by_style: &[u32; 4]| by_style.get(style_place(style)).copied().unwrap_or_default();
    let inexact = evidence.inexact.get(style_place(style)).copied().unwrap_or_default();
    let (whole, scale) = (digits(&evidence.whole_digits), digits(&evidence.fraction_digits));
    if !inexact || evidence.peculiarities.has_exponent {
        Some(Reading::Number(style))
    } else if whole + scale <= DECIMAL_DIGITS {
        Some(Reading::Decimal { style, scale })
    } else {
        None
    }
}

fn infer_moment(evidence: &Evidence, name: &str) -> Option<Decision> {
    let possible = |order| evidence.candidates & moment_bit(order) != 0;
    let ambiguous = possible(Order::DayFirst) && possible(Order::MonthFirst);
    let order = [Order::YearFirst, Order::MonthNamed, Order::MonthFirst, Order::DayFirst]
        .into_iter()
        .find(|order| possible(*order))?;
    let seen = evidence.peculiarities;
    let reading = match (seen.has_offset, seen.lacks_offset, seen.has_time) {
        // Instants and wall clocks cannot stand in one column without guessing a zone.
        (true, true, _) => return None,
        (true, false, _) => Reading::Instant(order),
        (false, _, true) => Reading::Timestamp(order),
        (false, _, false) => Reading::Date(order),
    };
    let note = ambiguous.then(|| Warning {
        code: "ambiguous_date".to_owned(),
        message: format!("All dates of {name} can be read as month/day and as day/month; they were read as month/day."),
    });
    Some(Decision { reading, note })
}

/// The type is given; only the way of writing is still open. What fits most values wins.
fn given_reading(evidence: &Evidence, kind: ColumnType) -> Reading {
    let most = |styles: [Style; 4], bit: fn(Style) -> u32| {
        styles
            .into_iter()
            .rev()
            .max_by_key(|style| evidence.fitting(bit(*style)))
            .unwrap_or(Style::Point)
    };
    let style = most(Style::ALL, number_bit);
    let order = Order::ALL
        .into_iter()
        .rev()
        .max_by_key(|order| evidence.fitting(moment_bit(*order)))
        .unwrap_or(Order::YearFirst);
    match kind {
        ColumnType::String | ColumnType::Geo => Reading::Text,
        ColumnType::Json => Reading::Json,
        ColumnType::Integer => Reading::Integer(style),
        ColumnType::Number => Reading::Number(style),
        ColumnType::Decimal => {
            let whole = evidence
                .whole_digits
                .get(style_place(style))
                .copied()
                .unwrap_or_default();
            let fraction = evidence
                .fraction_digits
                .get(style_place(style))
                .copied()
                .unwrap_or_default();
            Reading::Decimal {
                style,
                scale: fraction.min(DECIMAL_DIGITS.saturating_sub(whole)),
            }
        }
        ColumnType::Boolean => Reading::Boolean,
        ColumnType::Date => Reading::Date(order),
        ColumnType::Time => Reading::Time,
        ColumnType::Timestamp => Reading::Timestamp(order),
        ColumnType::Timestamptz => Reading::Instant(order),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::table::{Field, Origin};

    fn reading(values: &[&str]) -> Reading {
        decide(&evidence(values), "x", None, false).reading
    }

    fn evidence(values: &[&str]) -> Evidence {
        let mut evidence = Evidence::new(false);
        for value in values {
            let origin = if value.is_empty() {
                Origin::Missing
            } else {
                Origin::Bare
            };
            evidence.observe(&Field::borrowed(value, origin));
        }
        evidence
    }

    #[test]
    fn numbers_keep_their_meaning() {
        assert_eq!(reading(&["1", "-2", "", "30"]), Reading::Integer(Style::Point));
        assert_eq!(reading(&["1", "2.5"]), Reading::Number(Style::Point));
        assert_eq!(reading(&["1", "NaN", "2.5", "NULL"]), Reading::Number(Style::Point));
        assert_eq!(reading(&["007", "12"]), Reading::Text);
        assert_eq!(reading(&["12345678901234567890", "1"]), Reading::Text);
        assert_eq!(reading(&["9223372036854775807"]), Reading::Integer(Style::Point));
        assert_eq!(reading(&["+49301234"]), Reading::Text);
        assert_eq!(reading(&["+4", "-3"]), Reading::Integer(Style::Point));
        assert_eq!(
            reading(&["12345678901234567.89", "1.5"]),
            Reading::Decimal {
                style: Style::Point,
                scale: 2
            }
        );
        assert_eq!(reading(&["-73.98765432101234", "1.5"]), Reading::Number(Style::Point));
        assert_eq!(reading(&["1", "x"]), Reading::Text);
    }

    #[test]
    fn grouped_and_comma_numbers() {
        assert_eq!(
            reading(&["1,234", "999", "12,345,678"]),
            Reading::Integer(Style::GroupedPoint)
        );
        assert_eq!(reading(&["1,234.50", "999"]), Reading::Number(Style::GroupedPoint));
        assert_eq!(reading(&["1,5", "1234,25"]), Reading::Number(Style::Comma));
        assert_eq!(reading(&["1.234,50", "0,5"]), Reading::Number(Style::GroupedComma));
        assert_eq!(reading(&["1,234", "1234"]), Reading::Number(Style::Comma));
        assert_eq!(
            decide(&evidence(&["1,234"]), "x", None, true).reading,
            Reading::Number(Style::Comma)
        );
        assert_eq!(reading(&["1,23,4"]), Reading::Text);
    }

    #[test]
    fn null_words_alone_stay_text() {
        assert_eq!(reading(&["NA", "NA", ""]), Reading::Text);
        assert_eq!(reading(&["NA", "DE"]), Reading::Text);
        assert_eq!(reading(&["", ""]), Reading::Text);
    }

    #[test]
    fn truth_values() {
        assert_eq!(reading(&["true", "FALSE", ""]), Reading::Boolean);
        assert_eq!(reading(&["yes", "yes"]), Reading::Boolean);
        assert_eq!(reading(&["Y", "N"]), Reading::Boolean);
        assert_eq!(reading(&["F", "F"]), Reading::Text);
        assert_eq!(reading(&["F", "M"]), Reading::Text);
        assert_eq!(reading(&["0", "1"]), Reading::Integer(Style::Point));
    }

    #[test]
    fn dates_and_their_order() {
        assert_eq!(reading(&["2026-01-02", "2026-11-20"]), Reading::Date(Order::YearFirst));
        assert_eq!(reading(&["01/02/2026", "13/02/2026"]), Reading::Date(Order::DayFirst));
        assert_eq!(reading(&["01/02/2026", "02/13/2026"]), Reading::Date(Order::MonthFirst));
        assert_eq!(reading(&["01.02.2026"]), Reading::Date(Order::DayFirst));
        let both = decide(&evidence(&["01/02/2026"]), "x", None, false);
        assert_eq!(both.reading, Reading::Date(Order::MonthFirst));
        assert!(both.note.is_some());
        assert_eq!(reading(&["01/02/2026", "13/02/2026", "02/13/2026"]), Reading::Text);
        assert_eq!(
            reading(&["2026-01-02", "2026-01-02 10:00"]),
            Reading::Timestamp(Order::YearFirst)
        );
        assert_eq!(reading(&["2026-01-02T10:00:00Z"]), Reading::Instant(Order::YearFirst));
        assert_eq!(reading(&["2026-01-02T10:00:00Z", "2026-01-02T10:00:00"]), Reading::Text);
        assert_eq!(reading(&["09:30", "17:05:10"]), Reading::Time);
        assert_eq!(reading(&["09:30", "25:00"]), Reading::Text);
    }

    #[test]
    fn a_given_type_finds_the_way_of_writing() {
        let mut tallied = Evidence::new(true);
        for value in ["1,5", "2,25", "x"] {
            tallied.observe(&Field::borrowed(value, Origin::Bare));
        }
        assert_eq!(
            decide(&tallied, "x", Some(ColumnType::Number), false).reading,
            Reading::Number(Style::Comma)
        );
        assert_eq!(
            decide(&Evidence::new(true), "x", Some(ColumnType::Date), false).reading,
            Reading::Date(Order::YearFirst)
        );
    }
}
