//! The small line of a value over time, for beside a number or in a cell.

use std::fmt::Write as _;

use shared::{semantic::Answer, table::Cell};

use super::{
    series::{self, member},
    value::wall_clock,
};
use crate::{Theme, scene::number, time::parse::parse};

/// Room for the mark of the last point, in px.
const INSET_PX: f64 = 3.5;
const LAST_RADIUS_PX: f64 = 2.5;
/// Of a point between two gaps, whose line has no length.
const LONE_RADIUS_PX: f64 = 1.0;
const STROKE_PX: f64 = 1.5;

/// A value along time, earliest first; `None` where it is NULL.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    pub points: Vec<Option<f64>>,
    /// Texts of the first and the last time.
    pub from: String,
    pub to: String,
}

/// The times of a column, each once, earliest first.
pub(super) struct Times {
    /// What orders them, and a row with each.
    clocks: Vec<(f64, usize)>,
    column: usize,
}

impl Times {
    pub fn of(answer: &Answer, column: usize) -> Self {
        let rows = answer.rows.iter().enumerate();
        let mut clocks: Vec<(f64, usize)> = rows
            .filter_map(|(index, row)| Some((clock(row.get(column)?)?, index)))
            .collect();
        clocks.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        clocks.dedup_by(|(a, _), (b, _)| a == b);
        Self { clocks, column }
    }

    /// Where a row's time stands among them.
    pub fn position(&self, row: &[Cell]) -> Option<usize> {
        let at = clock(row.get(self.column)?)?;
        self.clocks.binary_search_by(|(time, _)| time.total_cmp(&at)).ok()
    }

    /// The course of a measure over rows of one group.
    pub fn course<'a>(&self, answer: &Answer, rows: impl Iterator<Item = &'a Vec<Cell>>, measure: usize) -> Course {
        let mut points = vec![None; self.clocks.len()];
        for row in rows {
            if let Some(point) = self.position(row).and_then(|at| points.get_mut(at)) {
                *point = series::number(row.get(measure)).as_f64();
            }
        }
        let text = |clock: Option<&(f64, usize)>| {
            clock
                .and_then(|(_, row)| answer.rows.get(*row))
                .map(|row| member(answer, row, Some(self.column)))
                .unwrap_or_default()
        };
        Course {
            points,
            from: text(self.clocks.first()),
            to: text(self.clocks.last()),
        }
    }

    /// The row with the latest time.
    pub fn last_row(&self) -> Option<usize> {
        self.clocks.last().map(|(_, row)| *row)
    }
}

/// Times in ms, numbers as they are.
fn clock(cell: &Cell) -> Option<f64> {
    let clock = match cell {
        Cell::Text(text) => parse(wall_clock(text)),
        Cell::Int(_) | Cell::Float(_) => cell.as_f64()?,
        Cell::Null | Cell::Bool(_) => return None,
    };
    clock.is_finite().then_some(clock)
}

/// The course as a picture of its own, with its last point marked; empty where there is nothing to draw.
pub fn sparkline(points: &[Option<f64>], width_px: f64, height_px: f64, theme: &Theme) -> String {
    let places = places(points, width_px, height_px);
    let Some((last_x, last_y)) = places.iter().flatten().next_back().copied() else {
        return String::new();
    };
    let mut path = String::new();
    let mut dots = String::new();
    let color = attribute(&theme.accent);
    for run in places.split(Option::is_none) {
        let run: Vec<(f64, f64)> = run.iter().flatten().copied().collect();
        match run.as_slice() {
            [] => {}
            [(x, y)] => {
                if (*x, *y) != (last_x, last_y) {
                    dots.push_str(&dot(*x, *y, LONE_RADIUS_PX, &color));
                }
            }
            run => {
                for (index, (x, y)) in run.iter().enumerate() {
                    path.push(if index == 0 { 'M' } else { 'L' });
                    number(&mut path, *x);
                    path.push(',');
                    number(&mut path, *y);
                }
            }
        }
    }
    let (width, height) = (text(width_px), text(height_px));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" aria-hidden=\"true\">"
    );
    if !path.is_empty() {
        let _ = write!(
            svg,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{STROKE_PX}\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>"
        );
    }
    svg.push_str(&dots);
    svg.push_str(&dot(last_x, last_y, LAST_RADIUS_PX, &color));
    svg.push_str("</svg>");
    svg
}

/// Where the points are, in px. What does not change is a line through the middle.
fn places(points: &[Option<f64>], width_px: f64, height_px: f64) -> Vec<Option<(f64, f64)>> {
    let numbers = || points.iter().flatten().filter(|point| point.is_finite());
    let (least, greatest) = numbers().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, greatest), number| {
        (least.min(*number), greatest.max(*number))
    });
    let inside = |px: f64| (px - 2.0 * INSET_PX).max(0.0);
    let inset = |px: f64| (px - inside(px)) / 2.0;
    let steps = points.len().saturating_sub(1);
    points
        .iter()
        .enumerate()
        .map(|(index, point)| {
            let point = point.filter(|point| point.is_finite())?;
            let along = if steps == 0 { 0.5 } else { index as f64 / steps as f64 };
            // Halves, so that no difference of two numbers is too great.
            let span = greatest / 2.0 - least / 2.0;
            let up = if span > 0.0 {
                (point / 2.0 - least / 2.0) / span
            } else {
                0.5
            };
            Some((
                inset(width_px) + along * inside(width_px),
                inset(height_px) + (1.0 - up) * inside(height_px),
            ))
        })
        .collect()
}

fn dot(x: f64, y: f64, radius: f64, color: &str) -> String {
    format!(
        "<circle cx=\"{}\" cy=\"{}\" r=\"{radius}\" fill=\"{color}\"/>",
        text(x),
        text(y)
    )
}

fn text(value: f64) -> String {
    let mut out = String::new();
    number(&mut out, value);
    out
}

/// What ends an attribute is in no colour.
fn attribute(color: &str) -> String {
    color.replace(['"', '<', '>', '&'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(points: &[Option<f64>]) -> String {
        sparkline(points, 87.0, 27.0, &Theme::light())
    }

    #[test]
    fn the_line_fills_its_picture_from_least_to_greatest() {
        let svg = svg(&[Some(1.0), Some(3.0), Some(2.0)]);
        assert!(svg.contains("d=\"M3.5,23.5L43.5,3.5L83.5,13.5\""), "{svg}");
        assert!(svg.contains("<circle cx=\"83.5\" cy=\"13.5\" r=\"2.5\""));
        assert!(svg.contains("aria-hidden=\"true\"") && svg.contains(&Theme::light().accent));
    }

    #[test]
    fn gaps_are_gaps_and_the_last_number_is_marked() {
        let svg = svg(&[Some(1.0), Some(2.0), None, Some(1.0), None, Some(1.5), Some(2.0), None]);
        assert_eq!(svg.matches('M').count(), 2);
        assert_eq!(svg.matches("r=\"1\"").count(), 1, "a point between gaps");
        assert_eq!(svg.matches("r=\"2.5\"").count(), 1);
    }

    #[test]
    fn little_to_draw_is_drawn_or_nothing_is() {
        assert_eq!(svg(&[]), "");
        assert_eq!(svg(&[None, None]), "");
        assert_eq!(svg(&[Some(f64::NAN)]), "");
        assert!(svg(&[Some(5.0)]).contains("<circle cx=\"43.5\" cy=\"13.5\""));
        assert!(
            svg(&[Some(5.0), Some(5.0)]).contains("M3.5,13.5L83.5,13.5"),
            "no change"
        );
        assert!(!svg(&[Some(f64::MAX), Some(f64::MIN)]).contains("NaN"));
    }
}
