//! Cells of two groups, coloured by a value.

use serde_json::{Value, json};
use shared::{
    semantic::Answer,
    table::Cell,
    visual::{Visual, WellName},
};

use super::{
    MarkSource, Parts, Size, bands,
    categories::Categories,
    series::{self, Series},
    steps::{Steps, StepsLegend},
};
use crate::Theme;

/// Letters of the numbers in cells, in px, and the room around them.
const NUMBER_PX: f64 = 11.0;
const NUMBER_SIDE_PX: f64 = 8.0;
const NUMBER_HEIGHT_PX: f64 = 18.0;
/// A single line of cells is a strip, not a wall, in px.
const MOST_STRIP_PX: f64 = 120.0;
/// Names beside the cells take at most this part of the picture, and none where fewer px would be left for a name.
const NAMES_SHARE: f64 = 0.35;
const LEAST_NAME_PX: f64 = 44.0;
const MOST_NAME_PX: f64 = 180.0;
/// Padding of the picture and the gap before the cells, in px.
const AROUND_PX: f64 = 14.0;
/// Less high pictures have no names below the cells, in px.
const LEAST_HEIGHT_PX: f64 = 100.0;
/// What the names below the cells take, upright and leaning, in px.
const BELOW_PX: f64 = 20.0;
const BELOW_LEANING_PX: f64 = 76.0;

pub(super) fn heatmap(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    let parts = Parts::of(visual, answer);
    let measures = parts.measures_of(WellName::Values);
    let (rows, columns) = (parts.dimension(WellName::Axis), parts.dimension(WellName::Columns));
    let empty = || (json!({ "mark": "rect" }), Series::default());
    let Some(measure) = measures.first() else {
        return empty();
    };
    let number = |row: &Vec<Cell>| series::number(row.get(measure.column)).as_f64();
    let Some(steps) = Steps::of(answer.rows.iter().filter_map(number), theme) else {
        return empty();
    };
    let words = |number: f64| series::number_label(visual, answer, measure, number);
    let (across, down) = (
        Categories::of_column(answer, columns),
        Categories::of_column(answer, rows),
    );
    let names_px = names_px(&down, size);
    // A legend above starts where the cells do.
    let legend = steps.legend(visual, size, names_px, words);
    let grid = Grid::of(&across, &down, names_px, &legend, size);

    let mut result = Series::default();
    for (index, row) in answer.rows.iter().enumerate() {
        // A cell without a number is no cell.
        let Some(number) = number(row) else { continue };
        result.rows.push(json!({
            "x": series::member(answer, row, columns),
            "y": series::member(answer, row, rows),
            "b": steps.step(number),
            "l": words(number),
        }));
        result.sources.push(MarkSource {
            row: index,
            column: measure.column,
        });
    }
    let numbered = grid.number(visual, &mut result);

    let title = |column: Option<usize>| Some(answer.columns.get(column?)?.label.clone());
    let mut x = json!({ "field": "x", "type": "nominal", "sort": null, "scale": Grid::scale(&across, grid.width_px, 0.0), "axis": null });
    if columns.is_some() && grid.names_below {
        let mut axis = bands::category_axis(visual, &across, (grid.width_px, size.height_px), false, title(columns));
        set(&mut axis, "domain", json!(false));
        set(&mut x, "axis", axis);
    }
    let strip_px = if down.labels.len() == 1 {
        MOST_STRIP_PX
    } else {
        f64::INFINITY
    };
    let spare_px = (grid.height_px - strip_px).max(0.0);
    let mut y = json!({ "field": "y", "type": "nominal", "sort": null, "scale": Grid::scale(&down, grid.height_px, spare_px), "axis": null });
    if rows.is_some() && grid.names_px > 0.0 {
        let mut axis = bands::category_axis(visual, &down, (grid.height_px, size.width_px), true, title(rows));
        set(&mut axis, "labelLimit", json!(grid.names_px + 1.0));
        set(&mut y, "axis", axis);
    }
    let cells = json!({
        "mark": { "type": "rect" },
        "encoding": { "x": x, "y": y, "color": steps.color(legend.spec) },
    });
    if !numbered {
        return (cells, result);
    }
    let numbers = json!({
        "mark": { "type": "text", "fontSize": NUMBER_PX, "aria": false },
        "encoding": { "x": x, "y": y, "text": { "field": "l", "type": "nominal" }, "color": steps.ink(theme) },
    });
    (json!({ "layer": [cells, numbers] }), result)
}

fn set(object: &mut Value, key: &str, value: Value) {
    if let Value::Object(object) = object {
        object.insert(key.to_owned(), value);
    }
}

/// What the names of rows take of the width.
fn names_px(down: &Categories, size: Size) -> f64 {
    let most_px = size.width_px * NAMES_SHARE;
    if most_px < LEAST_NAME_PX {
        0.0
    } else {
        bands::longest_px(&down.labels).min(most_px).min(MOST_NAME_PX)
    }
}

/// Where the cells are, about: what names and legend leave of the picture.
struct Grid {
    width_px: f64,
    height_px: f64,
    /// Of one cell with its gap.
    cell_px: (f64, f64),
    /// Names of rows are cut to this; 0 for none.
    names_px: f64,
    names_below: bool,
}

impl Grid {
    fn of(across: &Categories, down: &Categories, names_px: f64, legend: &StepsLegend, size: Size) -> Self {
        let width_px = (size.width_px - AROUND_PX - legend.beside_px - names_px).max(1.0);
        let cell_width_px = width_px / across.labels.len().max(1) as f64;
        let names_below = size.height_px >= LEAST_HEIGHT_PX;
        let leaning = across.times.is_none() && bands::longest_px(&across.labels) + 6.0 > cell_width_px;
        let below_px = match (names_below, leaning) {
            (false, _) => 0.0,
            (true, false) => BELOW_PX,
            (true, true) => BELOW_LEANING_PX,
        };
        let height_px = (size.height_px - AROUND_PX - legend.above_px - below_px).max(1.0);
        let cell_height_px = height_px / down.labels.len().max(1) as f64;
        Self {
            width_px,
            height_px,
            cell_px: (cell_width_px, cell_height_px),
            names_px,
            names_below,
        }
    }

    /// Cells side by side with a gap of the surface; what is spare lies before the first, away from the other axis.
    fn scale(members: &Categories, along_px: f64, spare_px: f64) -> Value {
        let cell_px = (along_px - spare_px) / members.labels.len().max(1) as f64;
        let gap_px = if cell_px >= 24.0 {
            2.0
        } else if cell_px >= 5.0 {
            1.0
        } else {
            0.0
        };
        let gap = gap_px / cell_px.max(1.0);
        json!({ "domain": members.labels, "paddingInner": gap, "paddingOuter": spare_px / cell_px.max(1.0) / 2.0, "align": 1 })
    }

    /// Leaves the numbers that cells have room for. Without the wish for them all have it or none is shown.
    fn number(&self, visual: &Visual, series: &mut Series) -> bool {
        let (width_px, height_px) = self.cell_px;
        let fits = |row: &Value| {
            let text = row.get("l").and_then(Value::as_str).unwrap_or_default();
            height_px >= NUMBER_HEIGHT_PX && bands::text_px(text, NUMBER_PX) + NUMBER_SIDE_PX <= width_px
        };
        if !visual.format.data_labels {
            return series.rows.iter().all(fits);
        }
        let mut any = false;
        for row in &mut series.rows {
            if fits(row) {
                any = true;
            } else {
                set(row, "l", json!(""));
            }
        }
        any
    }
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

    fn drawn(visual: &Visual, answer: &Answer, size: Size) -> Value {
        specification(visual, answer, &Theme::light(), size, &DrawOptions::default()).unwrap()
    }

    #[test]
    fn cells_have_the_steps_of_their_numbers_and_nulls_have_none() {
        let (visual, answer) = sample(VisualKind::Heatmap, Sample::Nulls);
        let spec = drawn(&visual, &answer, SIZE);
        let rows = spec["data"]["values"].as_array().unwrap();
        assert_eq!(rows.len(), 18, "a quarter of 24 is missing");
        assert_eq!(rows[0]["b"], 2);
        assert!(rows.iter().any(|row| row["b"] == 0) && rows.iter().any(|row| row["b"] == 5));
        let x = &spec["encoding"]["x"];
        assert_eq!(
            x["scale"]["domain"].as_array().unwrap().len(),
            8,
            "members without numbers keep their column"
        );
        let picture = draw(&visual, &answer, &Theme::light(), SIZE, &DrawOptions::default()).unwrap();
        assert_eq!(picture.hits.len(), 18);
        assert_eq!(picture.sources[1].row, 2);
    }

    #[test]
    fn numbers_stand_in_cells_that_have_room() {
        let (mut visual, answer) = sample(VisualKind::Heatmap, Sample::Usual);
        assert!(drawn(&visual, &answer, SIZE)["layer"].is_null());
        let large = Size {
            width_px: 900.0,
            height_px: 600.0,
        };
        let spec = drawn(&visual, &answer, large);
        assert_eq!(spec["layer"][1]["mark"]["aria"], false);
        let picture = draw(&visual, &answer, &Theme::light(), large, &DrawOptions::default()).unwrap();
        assert_eq!(picture.hits.len(), 24, "a number is no mark of its own");
        // Asked for, those that fit are shown without the others: `100` does, `166.63` does not.
        visual.format.data_labels = true;
        let spec = drawn(&visual, &answer, SIZE);
        let rows = spec["data"]["values"].as_array().unwrap();
        assert_eq!((&rows[0]["l"], &rows[11]["l"]), (&json!("100"), &json!("")));
    }

    #[test]
    fn one_group_is_a_strip() {
        for well in [WellName::Axis, WellName::Columns] {
            let (mut visual, mut answer) = sample(VisualKind::Heatmap, Sample::Usual);
            visual.wells.get_mut(well).clear();
            let gone = usize::from(well == WellName::Columns);
            answer.columns.remove(gone);
            answer.rows.truncate(8);
            for row in &mut answer.rows {
                row.remove(gone);
            }
            let spec = drawn(&visual, &answer, SIZE);
            let encoding = if spec["layer"].is_null() {
                &spec["encoding"]
            } else {
                &spec["layer"][0]["encoding"]
            };
            let missing = if well == WellName::Axis { "y" } else { "x" };
            assert_eq!(encoding[missing]["axis"], Value::Null);
            assert_eq!(encoding[missing]["scale"]["domain"], json!([""]));
        }
    }
}
