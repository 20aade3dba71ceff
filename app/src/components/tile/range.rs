//! What a brush over marks means, and the part of an answer that a zoom shows. Pure.

use chart::visual::Parts;
use chrono::{Days, Months, NaiveDate, NaiveDateTime, TimeDelta};
use shared::{
    dashboard::{Selection, SelectionRow, SelectionValue},
    semantic::{Answer, Grain},
    table::Cell,
    visual::{Visual, WellName},
};

use super::{selection_row, values_of};

/// Most marks of a selection; the server takes no more.
const MOST_MARKS: usize = 1_000;

/// A stretch of the axis: from the first to before the second.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    pub value: SelectionValue,
    /// Position in `Answer::columns`.
    pub column: usize,
}

/// The stretch of a time axis, or of ranges of numbers, that `rows` cover; `None` where the axis has names.
pub fn stretch(visual: &Visual, answer: &Answer, rows: &[usize]) -> Option<Stretch> {
    let column = Parts::of(visual, answer).dimension(WellName::Axis)?;
    let along = answer.columns.get(column)?;
    let cells = || {
        rows.iter()
            .filter_map(|row| answer.rows.get(*row)?.get(column))
            .filter(|cell| !cell.is_null())
    };
    let (from, until) = match (along.grain, along.bin) {
        (Some(grain), _) => {
            let from = cells().filter_map(Cell::as_text).min()?;
            let last = cells().filter_map(Cell::as_text).max()?;
            (Cell::Text(from.to_owned()), Cell::Text(bucket_end(last, grain)?))
        }
        (None, Some(width)) => {
            let numbers = || cells().filter_map(Cell::as_f64);
            let from = numbers().reduce(f64::min)?;
            let last = numbers().reduce(f64::max)?;
            (Cell::Float(from), Cell::Float(last + width))
        }
        (None, None) => return None,
    };
    let row = answer.rows.get(*rows.first()?)?;
    let position = Parts::of(visual, answer)
        .dimensions
        .iter()
        .position(|(_, index)| *index == column)?;
    let value = values_of(visual, answer, row).into_iter().nth(position)?;
    Some(Stretch {
        value: SelectionValue {
            value: from,
            until: Some(until),
            ..value
        },
        column,
    })
}

/// The marks themselves, each once.
pub fn marks(visual: &Visual, answer: &Answer, rows: &[usize]) -> Selection {
    let mut chosen: Vec<SelectionRow> = Vec::new();
    for row in rows.iter().filter_map(|row| selection_row(visual, answer, *row)) {
        if !chosen.contains(&row) && chosen.len() < MOST_MARKS {
            chosen.push(row);
        }
    }
    Selection { rows: chosen }
}

/// The answer's rows within a stretch.
pub fn within(answer: &Answer, stretch: &Stretch) -> Answer {
    let (from, until) = (&stretch.value.value, stretch.value.until.as_ref());
    let inside = |cell: &Cell| match (cell.as_f64(), from.as_f64(), until.and_then(Cell::as_f64)) {
        (Some(own), Some(from), Some(until)) => from <= own && own < until,
        _ => cell.as_text().is_some_and(|own| {
            from.as_text().is_none_or(|from| from <= own)
                && until.and_then(Cell::as_text).is_none_or(|until| own < until)
        }),
    };
    let kept = |index: &usize| {
        answer
            .rows
            .get(*index)
            .and_then(|row| row.get(stretch.column))
            .is_some_and(inside)
    };
    let indices: Vec<usize> = (0..answer.rows.len()).filter(kept).collect();
    Answer {
        rows: indices
            .iter()
            .filter_map(|index| answer.rows.get(*index).cloned())
            .collect(),
        others: indices
            .iter()
            .enumerate()
            .filter(|(_, index)| answer.others.contains(index))
            .map(|(position, _)| position)
            .collect(),
        ..answer.clone()
    }
}

/// The start of the bucket after the one that starts at `start` (ISO text, with a time of day or without).
fn bucket_end(start: &str, grain: Grain) -> Option<String> {
    let day = NaiveDate::parse_from_str(start.get(..10)?, "%Y-%m-%d").ok()?;
    let days = |day: Option<NaiveDate>| {
        day.map(|day| format!("{}{}", day.format("%Y-%m-%d"), start.get(10..).unwrap_or_default()))
    };
    let later = |step: TimeDelta| {
        let clock = start.get(..19)?;
        let at = NaiveDateTime::parse_from_str(clock, "%Y-%m-%dT%H:%M:%S").ok()?;
        Some(format!(
            "{}{}",
            (at + step).format("%Y-%m-%dT%H:%M:%S"),
            start.get(19..).unwrap_or_default()
        ))
    };
    match grain {
        Grain::Year => days(day.checked_add_months(Months::new(12))),
        Grain::Quarter => days(day.checked_add_months(Months::new(3))),
        Grain::Month => days(day.checked_add_months(Months::new(1))),
        Grain::Week => days(day.checked_add_days(Days::new(7))),
        Grain::Day => days(day.checked_add_days(Days::new(1))),
        Grain::Hour => later(TimeDelta::hours(1)),
        Grain::Minute => later(TimeDelta::minutes(1)),
        Grain::Second => later(TimeDelta::seconds(1)),
        Grain::Millisecond => None,
    }
}

#[cfg(test)]
mod tests {
    use chart::visual::samples::{Sample, sample};
    use shared::visual::VisualKind;

    use super::*;

    #[test]
    fn a_brush_over_months_is_a_stretch_of_time() {
        let (visual, answer) = sample(VisualKind::Line, Sample::Usual);
        let stretch = stretch(&visual, &answer, &[2, 3, 4]).unwrap();
        assert_eq!(stretch.value.value, Cell::from("1990-03-01"));
        assert_eq!(stretch.value.until, Some(Cell::from("1990-06-01")));
        assert_eq!(within(&answer, &stretch).rows, answer.rows.get(2..5).unwrap());
    }

    #[test]
    fn a_brush_over_ranges_of_numbers_ends_where_the_last_range_does() {
        let (visual, answer) = sample(VisualKind::Histogram, Sample::Usual);
        let stretch = stretch(&visual, &answer, &[1, 2]).unwrap();
        assert_eq!(stretch.value.value, Cell::Float(10.0));
        assert_eq!(stretch.value.until, Some(Cell::Float(30.0)));
    }

    #[test]
    fn a_brush_over_names_chooses_them_one_by_one() {
        let (visual, answer) = sample(VisualKind::Bar, Sample::Usual);
        assert_eq!(stretch(&visual, &answer, &[0, 1]), None);
        assert_eq!(marks(&visual, &answer, &[0, 1, 1]).rows.len(), 2);
    }

    #[test]
    fn buckets_end_where_the_next_begins() {
        assert_eq!(bucket_end("2026-01-31", Grain::Day).unwrap(), "2026-02-01");
        assert_eq!(
            bucket_end("2026-10-01T00:00:00", Grain::Quarter).unwrap(),
            "2027-01-01T00:00:00"
        );
        assert_eq!(
            bucket_end("2026-03-01T23:00:00+01:00", Grain::Hour).unwrap(),
            "2026-03-02T00:00:00+01:00"
        );
    }
}
