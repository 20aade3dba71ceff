//! Days coloured by a number: a column for each week, a row for each weekday, years below each other.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::{
    semantic::Answer,
    table::Cell,
    visual::{Visual, WellName},
};

use super::{
    MarkSource, Parts, Size,
    series::{self, Series},
    steps::Steps,
    value::wall_clock,
};
use crate::{
    Theme,
    format::time::{DAYS, MONTHS},
    time::{
        calendar::{DAY, DateTime, days},
        parse,
    },
};

/// Letters of months, years and weekdays, in px.
const WORDS_PX: f64 = 12.0;
/// What the names of months take above the days, years and weekdays beside them, in px.
const MONTHS_PX: f64 = 18.0;
const YEARS_PX: f64 = 38.0;
const WEEKDAYS_PX: f64 = 32.0;
/// Weekdays are named beside days of this height, in px.
const NAMED_DAY_PX: f64 = 9.0;
/// Padding of the picture, in px.
const AROUND_PX: f64 = 8.0;
/// Days are never larger, in px, nor much longer than they are wide or wider than they are long.
const MOST_DAY_PX: f64 = 36.0;
const TALLEST: f64 = 1.25;
const WIDEST: f64 = 2.5;
/// Narrower pictures have no names beside the days, less high ones none above them, in px.
const LEAST_WIDTH_PX: f64 = 200.0;
const LEAST_HEIGHT_PX: f64 = 100.0;
/// A year needs this height at least, in px; earlier years that do not fit are left out.
const LEAST_YEAR_PX: f64 = 8.0;

/// A month of all time: twelve times the year and the month from 0.
type Month = i64;

/// Months side by side, in the room of one line.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Block {
    first: Month,
    last: Month,
}

impl Block {
    /// The first day; days count from 1970.
    fn start(self) -> i64 {
        days(0, self.first, 1)
    }

    /// The day after the last.
    fn end(self) -> i64 {
        days(0, self.last + 1, 1)
    }

    /// Week and weekday of a day in this block.
    fn place(self, day: i64) -> (i64, i64) {
        let monday = self.start() - weekday(self.start());
        ((day - monday).div_euclid(7), weekday(day))
    }

    fn weeks(self) -> i64 {
        self.place(self.end() - 1).0 + 1
    }
}

/// From Monday = 0.
fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

/// Where everything is, in px.
#[derive(Clone, Debug, PartialEq)]
struct Layout {
    blocks: Vec<Block>,
    /// Of one day with its gap.
    day_px: (f64, f64),
    left_px: f64,
    weekdays: bool,
    /// Of the names of months; 0 without them.
    months_px: f64,
    /// Every block has the names of its months and its year above them, else the first names the months of all.
    months_each: bool,
    /// Earlier years for which there is no room.
    left_out: usize,
}

impl Layout {
    /// The layout with the largest days: whole years below each other, or halves or quarters of them.
    fn of(months: &[Month], width_px: f64, height_px: f64) -> Option<Self> {
        let mut years: Vec<i64> = months.iter().map(|month| month.div_euclid(12)).collect();
        years.dedup();
        let most = ((height_px - MONTHS_PX) / LEAST_YEAR_PX).max(1.0) as usize;
        let left_out = years.len().saturating_sub(most);
        let words = left_out > 0 && height_px >= LEAST_HEIGHT_PX;
        let height_px = if words { height_px - MONTHS_PX } else { height_px };
        let years = years.get(left_out..)?;
        let (earliest, latest) = (years.first()? * 12, *months.last()?);
        let first = *months.iter().find(|month| **month >= earliest)?;
        let candidates = [12, 6, 3].into_iter().map(|per| {
            let starts = years
                .iter()
                .flat_map(|year| (year * 12..year * 12 + 12).step_by(per as usize));
            let blocks = starts.map(|start| Block {
                first: start,
                last: start + per - 1,
            });
            let mut blocks: Vec<Block> = blocks
                .filter(|block| block.last >= first && block.first <= latest)
                .collect();
            // Without other years to be compared with, only months with days take room.
            if years.len() == 1 {
                for block in &mut blocks {
                    (block.first, block.last) = (block.first.max(first), block.last.min(latest));
                }
            }
            Self::with(blocks, width_px, height_px, left_out)
        });
        candidates.reduce(|best, other| {
            let side = |layout: &Self| layout.day_px.0.min(layout.day_px.1);
            if side(&other) > side(&best) * 1.1 { other } else { best }
        })
    }

    fn with(blocks: Vec<Block>, width_px: f64, height_px: f64, left_out: usize) -> Self {
        let lines = blocks.len().max(1) as f64;
        let months_each = blocks.len() == 1 || blocks.iter().any(|block| block.last - block.first < 11);
        let months_px = if height_px >= LEAST_HEIGHT_PX { MONTHS_PX } else { 0.0 };
        let weeks = blocks.iter().map(|block| block.weeks()).max().unwrap_or(1).max(1) as f64;
        // The names of months part the lines, else a gap as high as a day.
        let (named, gaps) = if months_each { (lines, 0.0) } else { (1.0, lines - 1.0) };
        let sized = |left_px: f64| {
            let wide = (width_px - left_px) / weeks;
            let high = (height_px - named * months_px) / (lines * 7.0 + gaps);
            let wide = wide.min(MOST_DAY_PX).min(high * WIDEST);
            (wide.max(0.1), high.min(MOST_DAY_PX).min(wide * TALLEST).max(0.1))
        };
        let years_px = if width_px < LEAST_WIDTH_PX { 0.0 } else { YEARS_PX };
        let with_weekdays = if months_each { years_px } else { years_px + WEEKDAYS_PX };
        let weekdays = years_px > 0.0 && sized(with_weekdays).1 >= NAMED_DAY_PX;
        let left_px = if weekdays { with_weekdays } else { years_px };
        Self {
            blocks,
            day_px: sized(left_px),
            left_px,
            weekdays,
            months_px,
            months_each,
            left_out,
        }
    }

    /// Where the days of the `line`-th block begin, from above.
    fn top_px(&self, line: usize) -> f64 {
        let line = line as f64;
        let high = self.day_px.1 * 7.0;
        if self.months_each {
            (line + 1.0) * self.months_px + line * high
        } else {
            self.months_px + line * (high + self.day_px.1)
        }
    }

    fn gap_px(&self) -> f64 {
        let side = self.day_px.0.min(self.day_px.1);
        if side >= 10.0 {
            2.0
        } else if side >= 4.0 {
            1.0
        } else {
            0.0
        }
    }

    /// Left, right, top and bottom of a day.
    fn cell(&self, day: i64) -> Option<[f64; 4]> {
        let line = self
            .blocks
            .iter()
            .position(|block| (block.start()..block.end()).contains(&day))?;
        let (week, weekday) = self.blocks.get(line)?.place(day);
        let (wide, high) = self.day_px;
        let (x, y) = (
            self.left_px + week as f64 * wide,
            self.top_px(line) + weekday as f64 * high,
        );
        Some([x, x + wide - self.gap_px(), y, y + high - self.gap_px()])
    }

    /// Days of the blocks without a number, as outlines; small days are left empty.
    fn outlines(&self, taken: &BTreeSet<i64>) -> Vec<Value> {
        if self.gap_px() < 2.0 {
            return Vec::new();
        }
        let all = self.blocks.iter().flat_map(|block| block.start()..block.end());
        let cells = all.filter(|day| !taken.contains(day)).filter_map(|day| self.cell(day));
        let inner = |[x, x2, y, y2]: [f64; 4]| json!({ "x": x + 0.5, "x2": x2 - 0.5, "y": y + 0.5, "y2": y2 - 0.5 });
        cells.map(inner).collect()
    }

    /// The lines between months: down after the last days of one, and before the first of the next.
    fn borders(&self) -> Vec<Value> {
        let mut points = Vec::new();
        let (wide, high) = self.day_px;
        let half = self.gap_px() / 2.0;
        for (line, block) in self.blocks.iter().enumerate() {
            for month in block.first + 1..=block.last {
                let (week, weekday) = block.place(days(0, month, 1));
                let x = |weeks: i64| self.left_px + (week + weeks) as f64 * wide - half;
                let y = |row: i64| self.top_px(line) + row as f64 * high - half;
                let corners = [(1, 0), (1, weekday), (0, weekday), (0, 7)];
                let upright = [(0, 0), (0, 7)];
                let corners = if weekday == 0 { &upright[..] } else { &corners[..] };
                for (order, (weeks, row)) in corners.iter().enumerate() {
                    points.push(json!({ "x": x(*weeks), "y": y(*row), "k": month, "o": order }));
                }
            }
        }
        points
    }

    /// The names of months that have room, where their first whole weeks begin.
    fn month_names(&self) -> Vec<Value> {
        if self.months_px == 0.0 {
            return Vec::new();
        }
        let month_px = self.day_px.0 * 4.3;
        let Some(step) = [1, 2, 3, 6, 12]
            .into_iter()
            .find(|step| month_px * f64::from(*step) >= 28.0)
        else {
            return Vec::new();
        };
        let lines = if self.months_each { self.blocks.len() } else { 1 };
        let mut names = Vec::new();
        for (line, block) in self.blocks.iter().enumerate().take(lines) {
            for month in (block.first..=block.last).filter(|month| month.rem_euclid(12) % i64::from(step) == 0) {
                let (week, weekday) = block.place(days(0, month, 1));
                let week = week + i64::from(week > 0 && weekday > 0);
                let x = self.left_px + week as f64 * self.day_px.0;
                let name = MONTHS.get(month.rem_euclid(12) as usize).and_then(|name| name.get(..3));
                names.push(json!({ "x": x, "y": self.top_px(line) - MONTHS_PX / 2.0 - 1.0, "t": name }));
            }
        }
        names
    }

    /// Years at the left: above their days with the months, or beside them.
    fn year_names(&self) -> Vec<Value> {
        if self.left_px == 0.0 || (self.months_each && self.months_px == 0.0) {
            return Vec::new();
        }
        let line_px = self.top_px(1) - self.top_px(0);
        let step = (14.0 / line_px).ceil().max(1.0) as usize;
        let mut names: Vec<Value> = Vec::new();
        let mut before = None;
        for (line, block) in self.blocks.iter().enumerate().step_by(step) {
            let year = block.first.div_euclid(12);
            if before == Some(year) {
                continue;
            }
            before = Some(year);
            let top = self.top_px(line);
            let y = if self.months_each {
                top - MONTHS_PX / 2.0 - 1.0
            } else {
                top + self.day_px.1 * 3.5
            };
            names.push(json!({ "x": 0, "y": y, "t": year.to_string() }));
        }
        names
    }

    fn weekday_names(&self) -> Vec<Value> {
        if !self.weekdays {
            return Vec::new();
        }
        // Every second day where all would touch.
        let step = if self.day_px.1 >= 15.0 { 1 } else { 2 };
        let x = self.left_px - 6.0;
        let lines = 0..self.blocks.len();
        let names = lines.flat_map(|line| {
            (0..7).step_by(step).map(move |row| {
                // The calendar's week begins on Sunday, this one on Monday.
                let name = DAYS.get((row + 1) % 7).and_then(|name| name.get(..3));
                let y = self.top_px(line) + (row as f64 + 0.5) * self.day_px.1 - self.gap_px() / 2.0;
                json!({ "x": x, "y": y, "t": name })
            })
        });
        names.collect()
    }
}

/// The day of a cell's text, from 1970.
fn day_of(cell: Option<&Cell>) -> Option<i64> {
    let Some(Cell::Text(text)) = cell else { return None };
    let clock = wall_clock(text);
    let ms = parse::parse(clock.get(..10).unwrap_or(clock));
    ms.is_finite().then(|| (ms / DAY).floor() as i64)
}

pub(super) fn calendar(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    let parts = Parts::of(visual, answer);
    let measures = parts.measures_of(WellName::Values);
    let empty = || (json!({ "mark": "rect" }), Series::default());
    let (Some(measure), Some(axis)) = (measures.first(), parts.dimension(WellName::Axis)) else {
        return empty();
    };
    let shown: Vec<(usize, i64, f64)> = answer
        .rows
        .iter()
        .enumerate()
        .filter_map(|(index, row)| {
            let number = series::number(row.get(measure.column)).as_f64()?;
            Some((index, day_of(row.get(axis))?, number))
        })
        .collect();
    let Some(steps) = Steps::of(shown.iter().map(|(_, _, number)| *number), theme) else {
        return empty();
    };
    let legend = steps.legend(visual, size, 0.0, |number| {
        series::number_label(visual, answer, measure, number)
    });
    let width_px = (size.width_px - AROUND_PX - legend.beside_px).max(1.0);
    let height_px = (size.height_px - AROUND_PX - legend.above_px).max(1.0);
    let mut months: Vec<Month> = shown
        .iter()
        .map(|(_, day, _)| {
            let date = DateTime::from_ms(*day as f64 * DAY);
            date.year * 12 + date.month
        })
        .collect();
    months.sort_unstable();
    months.dedup();
    let Some(layout) = Layout::of(&months, width_px, height_px) else {
        return empty();
    };

    let outlines = layout.outlines(&shown.iter().map(|(_, day, _)| *day).collect());
    let mut result = Series::default();
    for (index, day, number) in shown {
        let Some([x, x2, y, y2]) = layout.cell(day) else {
            continue;
        };
        result
            .rows
            .push(json!({ "x": x, "x2": x2, "y": y, "y2": y2, "b": steps.step(number) }));
        result.sources.push(MarkSource {
            row: index,
            column: measure.column,
        });
    }
    let place = |field: &str, end_px: f64, reverse: bool| {
        json!({
            "field": field, "type": "quantitative", "axis": null,
            "scale": { "domain": [0, end_px], "nice": false, "zero": false, "reverse": reverse },
        })
    };
    let (x, y) = (place("x", width_px, false), place("y", height_px, true));
    let words = |values: Vec<Value>, align: &str| {
        json!({
            "data": { "values": values },
            "mark": { "type": "text", "align": align, "baseline": "middle", "fontSize": WORDS_PX, "color": theme.ink_muted, "aria": false },
            "encoding": { "x": x, "y": y, "text": { "field": "t", "type": "nominal" } },
        })
    };
    let mut beside = layout.month_names();
    beside.extend(layout.year_names());
    if layout.left_out > 0 && height_px >= LEAST_HEIGHT_PX {
        let text = format!("and {} earlier years", layout.left_out);
        beside.push(json!({ "x": layout.left_px, "y": height_px - WORDS_PX / 2.0, "t": text }));
    }
    let spec = json!({ "layer": [
        {
            "mark": { "type": "rect" },
            "encoding": { "x": x, "x2": { "field": "x2" }, "y": y, "y2": { "field": "y2" }, "color": steps.color(legend.spec) },
        },
        {
            "data": { "values": outlines },
            "mark": { "type": "rect", "filled": false, "stroke": theme.grid, "strokeWidth": 1, "aria": false },
            "encoding": { "x": x, "x2": { "field": "x2" }, "y": y, "y2": { "field": "y2" } },
        },
        {
            "data": { "values": layout.borders() },
            "mark": { "type": "line", "color": theme.surface, "strokeWidth": layout.gap_px() + 2.0, "aria": false },
            "encoding": { "x": x, "y": y, "detail": { "field": "k", "type": "nominal" }, "order": { "field": "o", "type": "quantitative" } },
        },
        words(beside, "left"),
        words(layout.weekday_names(), "right"),
    ] });
    (spec, result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visual::samples::{Sample, sample};
    use crate::visual::{DrawOptions, draw, specification};
    use shared::visual::VisualKind;

    const SIZE: Size = Size {
        width_px: 400.0,
        height_px: 260.0,
    };

    #[test]
    fn weeks_begin_on_monday_and_days_stand_in_their_rows() {
        // 2024 began on a Monday.
        let year = Block {
            first: 2024 * 12,
            last: 2024 * 12 + 11,
        };
        assert_eq!(year.place(days(2024, 0, 1)), (0, 0));
        assert_eq!(year.place(days(2024, 0, 7)), (0, 6));
        assert_eq!(year.place(days(2024, 11, 31)), (52, 1));
        assert_eq!((year.weeks(), year.end() - year.start()), (53, 366));
        let autumn = Block {
            first: 2024 * 12 + 9,
            last: 2024 * 12 + 11,
        };
        assert_eq!(autumn.place(days(2024, 9, 1)), (0, 1));
    }

    #[test]
    fn a_year_is_laid_out_to_have_large_days_and_ten_years_all_fit() {
        let one: Vec<Month> = (2024 * 12..2025 * 12).collect();
        let layout = Layout::of(&one, 392.0, 230.0).unwrap();
        assert_eq!(layout.blocks.len(), 2);
        assert!(layout.day_px.0 > 10.0 && layout.weekdays);
        let ten: Vec<Month> = (2016 * 12..2026 * 12).collect();
        let layout = Layout::of(&ten, 392.0, 230.0).unwrap();
        assert_eq!((layout.blocks.len(), layout.left_out, layout.weekdays), (10, 0, false));
        let last = layout.cell(days(2025, 11, 31)).unwrap();
        assert!(last[3] <= 230.0 && last[1] <= 392.0);
        assert!(layout.cell(days(2026, 0, 1)).is_none());
        let ages: Vec<Month> = (0..200 * 12).collect();
        assert!(Layout::of(&ages, 392.0, 230.0).unwrap().left_out > 100);
    }

    #[test]
    fn each_day_with_a_number_is_one_mark() {
        let (visual, mut answer) = sample(VisualKind::Calendar, Sample::Nulls);
        answer.rows[0][0] = Cell::Text("no day".to_owned());
        let with_number = answer.rows.iter().skip(1).filter(|row| row[1] != Cell::Null).count();
        let picture = draw(&visual, &answer, &Theme::light(), SIZE, &DrawOptions::default()).unwrap();
        assert_eq!(picture.hits.len(), with_number);
        assert_eq!(picture.sources.len(), with_number);
        assert_eq!(picture.sources[0].row, 2, "the second has no number");
        let spec = specification(&visual, &answer, &Theme::light(), SIZE, &DrawOptions::default()).unwrap();
        assert_eq!(
            spec["layer"][0]["encoding"]["color"]["scale"]["range"],
            json!(Theme::light().steps)
        );
    }
}
