//! Nested rectangles by size, in one or two levels. Labels are ink on a pale tint of the colour, which reads on light and
//! dark surfaces alike.

use serde_json::{Value, json};
use shared::{
    semantic::Answer,
    table::Cell,
    visual::{Visual, WellName},
};

use super::{
    MarkSource, Parts, Size, bands, palette,
    plane::{Frame, Plane, Word, cut},
    series::{self, Series},
    squarify::squarify,
    tones::{rule_tone, tone_color},
};
use crate::Theme;

/// How much of a colour is laid on the surface.
const TINT: f64 = 0.42;
/// Half of the surface between rectangles of one group, and between groups, in px.
const LEAF_GAP_PX: f64 = 0.5;
const GROUP_GAP_PX: f64 = 1.0;
/// A group's name above its rectangles, and the least rectangles that have one, in px.
const HEADER_PX: f64 = 20.0;
const HEADED_WIDTH_PX: f64 = 60.0;
const HEADED_HEIGHT_PX: f64 = 52.0;
/// From the edge of a rectangle to its words, and one line of them, in px.
const INSET_PX: f64 = 6.0;
const LINE_PX: f64 = 15.0;

struct Leaf {
    name: String,
    text: String,
    number: f64,
    color: String,
    source: MarkSource,
}

struct Group {
    name: String,
    leaves: Vec<Leaf>,
}

impl Group {
    fn whole(&self) -> f64 {
        self.leaves.iter().map(|leaf| leaf.number).sum()
    }
}

pub(super) fn treemap(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    let plane = Plane::of(size);
    let mut groups = groups(visual, answer, theme);
    groups.retain(|group| group.whole().is_finite());
    for group in &mut groups {
        shared::sort::sort_by(&mut group.leaves, |a, b| b.number.total_cmp(&a.number));
    }
    shared::sort::sort_by(&mut groups, |a, b| b.whole().total_cmp(&a.whole()));
    let wholes: Vec<f64> = groups.iter().map(Group::whole).collect();
    let picture = Frame {
        x: 0.0,
        y: 0.0,
        width: plane.width_px,
        height: plane.height_px,
    };
    let mut series = Series::default();
    let mut words = Vec::new();
    for (group, frame) in groups.iter().zip(squarify(&wholes, picture)) {
        let mut frame = if groups.len() > 1 {
            frame.inset(GROUP_GAP_PX)
        } else {
            frame
        };
        if let Some(header) = header(group, frame, theme) {
            words.push(header);
            (frame.y, frame.height) = (frame.y + HEADER_PX, frame.height - HEADER_PX);
        }
        let sizes: Vec<f64> = group.leaves.iter().map(|leaf| leaf.number).collect();
        for (leaf, frame) in group.leaves.iter().zip(squarify(&sizes, frame)) {
            // Of tiny rectangles the gaps would leave nothing.
            let frame = frame.inset(LEAF_GAP_PX.min(frame.width.min(frame.height) * 0.1));
            series.rows.push(frame.row(&leaf.color));
            series.sources.push(leaf.source);
            words.extend(labels(leaf, frame, theme));
        }
    }
    let mut layers = vec![plane.boxes(json!({ "fillOpacity": TINT }))];
    layers.extend(plane.words(&words));
    (json!({ "layer": layers }), series)
}

/// Rows with a value above zero by the first level; one nameless group when there is only one.
fn groups(visual: &Visual, answer: &Answer, theme: &Theme) -> Vec<Group> {
    let parts = Parts::of(visual, answer);
    let measures = parts.measures_of(WellName::Values);
    let Some((measure, column)) = measures
        .first()
        .and_then(|measure| Some((*measure, answer.columns.get(measure.column)?)))
    else {
        return Vec::new();
    };
    let mut levels = parts
        .dimensions
        .iter()
        .filter(|(well, _)| *well == WellName::Axis)
        .map(|(_, column)| *column);
    let (outer, inner) = match (levels.next(), levels.next()) {
        (Some(outer), Some(inner)) => (Some(outer), Some(inner)),
        (only, _) => (None, only),
    };
    let mut groups: Vec<Group> = Vec::new();
    for (index, row) in answer.rows.iter().enumerate() {
        // Every group of the answer keeps its colour whether or not it has a rectangle.
        let name = series::member(answer, row, outer);
        let position = groups.iter().position(|group| group.name == name).unwrap_or_else(|| {
            groups.push(Group {
                name,
                leaves: Vec::new(),
            });
            groups.len() - 1
        });
        let Some(cell) = row.get(measure.column) else { continue };
        let Some(number) = Cell::as_f64(cell).filter(|number| number.is_finite() && *number > 0.0) else {
            continue;
        };
        let color = match rule_tone(visual, &column.name, number) {
            Some(tone) => tone_color(theme, tone).to_owned(),
            None if answer.others.contains(&index) => theme.rest.clone(),
            None if outer.is_some() => palette::category(theme, position),
            None => bands::single_color(visual, theme),
        };
        let leaf = Leaf {
            name: if inner.is_some() {
                series::member(answer, row, inner)
            } else {
                measure.label.clone()
            },
            text: series::label(visual, measure, cell, column),
            number,
            color,
            source: MarkSource {
                row: index,
                column: measure.column,
            },
        };
        if let Some(group) = groups.get_mut(position) {
            group.leaves.push(leaf);
        }
    }
    groups.retain(|group| !group.leaves.is_empty());
    groups
}

fn header(group: &Group, frame: Frame, theme: &Theme) -> Option<Word> {
    if frame.width < HEADED_WIDTH_PX || frame.height < HEADED_HEIGHT_PX {
        return None;
    }
    let text = cut(&group.name, 12.0, true, frame.width - 2.0);
    let word = Word::new(frame.x + 1.0, frame.y + HEADER_PX / 2.0, text, &theme.ink).bold();
    (!word.text.is_empty()).then_some(word)
}

/// Name and below it the value, as far as there is room.
fn labels(leaf: &Leaf, frame: Frame, theme: &Theme) -> Vec<Word> {
    let room = frame.width - 2.0 * INSET_PX;
    let (x, y) = (frame.x + INSET_PX, frame.y + INSET_PX + LINE_PX / 2.0 - 1.0);
    let name = cut(&leaf.name, 12.0, false, room);
    if frame.height < LINE_PX + 2.0 || name.is_empty() {
        return Vec::new();
    }
    // A low rectangle has its name in the middle.
    let low = frame.height < LINE_PX + 2.0 * INSET_PX - 2.0;
    let y = if low { frame.y + frame.height / 2.0 } else { y };
    let mut words = vec![Word::new(x, y, name, &theme.ink)];
    if frame.height >= 2.0 * LINE_PX + INSET_PX && bands::text_px(&leaf.text, 11.0) <= room {
        words.push(Word::new(x, y + LINE_PX, &*leaf.text, &theme.ink).size(11.0));
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SIZE: Size = Size {
        width_px: 408.0,
        height_px: 308.0,
    };

    fn drawn(levels: usize, rows: Value) -> (Value, Series) {
        let axis: Vec<_> = (0..levels)
            .map(|level| json!({ "field": format!("t.{level}") }))
            .collect();
        let visual = serde_json::from_value(json!({
            "kind": "treemap", "wells": { "axis": axis, "values": [{ "metric": "revenue" }] },
        }))
        .unwrap();
        let dimension =
            |level| json!({ "name": format!("t.{level}"), "role": "dimension", "type": "string", "label": "" });
        let columns: Vec<_> = (0..levels)
            .map(dimension)
            .chain([json!({ "name": "revenue", "role": "metric", "type": "number", "label": "Revenue" })])
            .collect();
        let answer = serde_json::from_value(json!({
            "columns": columns, "rows": rows,
            "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap();
        treemap(&visual, &answer, &Theme::light(), SIZE)
    }

    fn area(row: &Value) -> f64 {
        let number = |key: &str| row[key].as_f64().unwrap();
        (number("x2") - number("x") + 1.0) * (number("y2") - number("y") + 1.0)
    }

    #[test]
    fn areas_are_as_the_values_and_fill_the_picture() {
        let (_, series) = drawn(
            1,
            json!([["A", 10.0], ["B", 30.0], ["C", null], ["D", 0.0], ["E", -4.0]]),
        );
        let rows: Vec<usize> = series.sources.iter().map(|source| source.row).collect();
        assert_eq!(rows, [1, 0], "the largest first; no rectangle without a size");
        let areas: Vec<f64> = series.rows.iter().map(area).collect();
        assert!((areas[0] - 3.0 * areas[1]).abs() < 1.0, "{areas:?}");
        assert!((areas.iter().sum::<f64>() - 400.0 * 300.0).abs() < 1.0);
    }

    #[test]
    fn groups_have_colours_and_headers() {
        let rows = json!([["Web", "A", 10.0], ["Store", "A", 90.0], ["Store", "B", 50.0]]);
        let (spec, series) = drawn(2, rows);
        let theme = Theme::light();
        let colors: Vec<&Value> = series.rows.iter().map(|row| &row["c"]).collect();
        let [web, store] = [json!(theme.categorical[0]), json!(theme.categorical[1])];
        assert_eq!(colors, [&store, &store, &web]);
        assert!(spec["layer"][2].to_string().contains("Store"), "bold words are headers");
    }

    #[test]
    fn nothing_to_show_is_nothing() {
        let (_, series) = drawn(2, json!([["Web", "A", null]]));
        assert!(series.rows.is_empty());
    }
}
