//! How the numbers of a table's columns are shown beside being written: bars in cells, shades and tones.

use shared::{
    semantic::{Answer, ColumnRole},
    table::Cell,
    visual::{ColumnLook, Tone, Visual},
};

use super::tones::rule_tone;

/// Of `Theme::steps`.
const STEPS: usize = 6;

/// A bar in a cell, from and to as shares of the cell's width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    pub from: f64,
    pub to: f64,
    pub negative: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CellLook {
    pub bar: Option<Bar>,
    /// Position in `Theme::steps`.
    pub shade: Option<usize>,
    /// By the visual's rules.
    pub tone: Option<Tone>,
}

/// How the cells of one column look.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnLooks<'a> {
    visual: &'a Visual,
    name: &'a str,
    look: Option<ColumnLook>,
    least: f64,
    greatest: f64,
}

/// One for each of the answer's columns; columns to group by look plain. Bars and shades span the rows of the answer,
/// not its totals.
pub fn cell_looks<'a>(visual: &'a Visual, answer: &'a Answer) -> Vec<ColumnLooks<'a>> {
    answer
        .columns
        .iter()
        .enumerate()
        .map(|(position, column)| {
            let (mut least, mut greatest) = (f64::INFINITY, f64::NEG_INFINITY);
            for number in answer.rows.iter().filter_map(|row| number(row.get(position)?)) {
                (least, greatest) = (least.min(number), greatest.max(number));
            }
            let format = visual.format.columns.get(&column.name);
            ColumnLooks {
                visual,
                name: &column.name,
                look: format
                    .and_then(|format| format.look)
                    .filter(|_| column.role != ColumnRole::Dimension),
                least,
                greatest,
            }
        })
        .collect()
}

fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Null | Cell::Bool(_) => None,
        Cell::Int(_) | Cell::Float(_) | Cell::Text(_) => cell.as_f64().filter(|number| number.is_finite()),
    }
}

impl ColumnLooks<'_> {
    /// The look of a cell of this column; plain without a number.
    pub fn of(&self, cell: &Cell) -> CellLook {
        let Some(number) = number(cell) else {
            return CellLook::default();
        };
        let (bar, shade) = match self.look {
            Some(ColumnLook::Bar) => (self.bar(number), None),
            Some(ColumnLook::Shade) => (None, self.shade(number)),
            None => (None, None),
        };
        CellLook {
            bar,
            shade,
            tone: rule_tone(self.visual, self.name, number),
        }
    }

    /// From the line of zero, which is at the left unless there are negative numbers. All bars have one measure.
    fn bar(&self, number: f64) -> Option<Bar> {
        let (least, greatest) = (self.least.min(0.0), self.greatest.max(0.0));
        let span = greatest - least;
        if !(span > 0.0 && span.is_finite()) {
            return None;
        }
        let at = |number: f64| ((number - least) / span).clamp(0.0, 1.0);
        Some(Bar {
            from: at(number.min(0.0)),
            to: at(number.max(0.0)),
            negative: number < 0.0,
        })
    }

    /// Six steps of one width from the least to the greatest.
    fn shade(&self, number: f64) -> Option<usize> {
        let span = self.greatest - self.least;
        if !span.is_finite() {
            return None;
        }
        if span <= 0.0 {
            return Some(STEPS / 2 - 1);
        }
        let step = ((number - self.least) / span * STEPS as f64).floor().max(0.0);
        Some((step as usize).min(STEPS - 1))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn looks(look: &str, numbers: &[Option<f64>]) -> Vec<CellLook> {
        let visual: Visual = serde_json::from_value(json!({
            "kind": "table", "wells": { "axis": [{ "field": "t.name" }], "values": [{ "metric": "m" }] },
            "format": {
                "columns": { "m": { "look": look }, "name": { "look": look } },
                "rules": [{ "of": "m", "test": "above", "value": 90.0, "tone": "good" }],
            },
        }))
        .unwrap();
        let rows: Vec<_> = numbers.iter().map(|number| json!(["7", number])).collect();
        let answer: Answer = serde_json::from_value(json!({
            "columns": [
                { "name": "name", "role": "dimension", "type": "string", "label": "Name" },
                { "name": "m", "role": "metric", "type": "number", "label": "M" },
            ],
            "rows": rows, "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap();
        let columns = cell_looks(&visual, &answer);
        assert!(
            answer
                .rows
                .iter()
                .all(|row| columns[0].of(&row[0]) == CellLook::default())
        );
        answer.rows.iter().map(|row| columns[1].of(&row[1])).collect()
    }

    fn bar(from: f64, to: f64, negative: bool) -> Option<Bar> {
        Some(Bar { from, to, negative })
    }

    #[test]
    fn bars_begin_at_zero() {
        let bars: Vec<_> = looks("bar", &[Some(50.0), Some(100.0), None, Some(0.0)])
            .iter()
            .map(|look| look.bar)
            .collect();
        assert_eq!(
            bars,
            [bar(0.0, 0.5, false), bar(0.0, 1.0, false), None, bar(0.0, 0.0, false)]
        );
        let bars: Vec<_> = looks("bar", &[Some(-100.0), Some(300.0)])
            .iter()
            .map(|look| look.bar)
            .collect();
        assert_eq!(bars, [bar(0.0, 0.25, true), bar(0.25, 1.0, false)]);
        assert_eq!(looks("bar", &[Some(0.0)])[0].bar, None);
    }

    #[test]
    fn shades_go_from_least_to_greatest() {
        let shades: Vec<_> = looks("shade", &[Some(0.0), Some(60.0), Some(29.0), None, Some(-10.0)])
            .iter()
            .map(|look| look.shade)
            .collect();
        assert_eq!(shades, [Some(0), Some(5), Some(3), None, Some(0)]);
        assert_eq!(
            looks("shade", &[Some(4.0), Some(4.0)])[0].shade,
            Some(2),
            "all the same"
        );
        assert_eq!(looks("shade", &[None])[0], CellLook::default());
    }

    #[test]
    fn rules_give_tones() {
        let tones: Vec<_> = looks("bar", &[Some(95.0), Some(5.0)])
            .iter()
            .map(|look| look.tone)
            .collect();
        assert_eq!(tones, [Some(Tone::Good), None]);
    }
}
