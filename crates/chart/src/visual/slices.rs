//! Pie and donut.

use serde_json::{Map, Value, json};
use shared::{
    semantic::{Answer, Format, FormatKind},
    visual::{LegendPosition, Visual, VisualKind, WellName},
};

use super::{
    MeasureColumn, Parts, Size, bands, number_text, palette,
    series::{self, Series},
};
use crate::Theme;

const PERCENT: Format = Format {
    kind: FormatKind::Percent,
    digits: Some(1),
    code: None,
    compact: None,
};

/// A row of the legend above or below, and the space between its columns and before the slices.
const LEGEND_ROW_PX: f64 = 17.0;
const LEGEND_GAP_PX: f64 = 16.0;

/// Slices in the answer's order, clockwise from noon. Negative values have no slice.
pub(super) fn slices(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    let parts = Parts::of(visual, answer);
    let measures = parts.measures_of(WellName::Values);
    let mut series = series::series(visual, answer, None, parts.dimension(WellName::Legend), &measures);
    for row in &mut series.rows {
        if let Value::Object(row) = row
            && row.get("y").and_then(Value::as_f64).is_some_and(|number| number < 0.0)
        {
            row.insert("y".to_owned(), Value::Null);
        }
    }
    let shares = shares(&series);
    let mut legend = if series.names.len() > 1 {
        let mut beside = visual.clone();
        // A round picture leaves room at its side, not above.
        if beside.format.legend.position == LegendPosition::Top && size.width_px > size.height_px * 1.2 {
            beside.format.legend.position = LegendPosition::Right;
        }
        bands::legend(&beside, &series, size)
    } else {
        Value::Null
    };
    // What the legend takes of the picture's width and height.
    let (mut beside_px, mut above_px) = (0.0, 0.0);
    if let Value::Object(legend) = &mut legend {
        let entry_px = bands::legend_px(&series.names) + bands::text_px("  00.0 %", 12.0);
        match legend.get("orient").and_then(Value::as_str) {
            Some("right" | "left") => beside_px = entry_px,
            _ => {
                let columns = (size.width_px / (entry_px + LEGEND_GAP_PX)).floor().max(1.0);
                above_px = (series.names.len() as f64 / columns).ceil() * LEGEND_ROW_PX + LEGEND_GAP_PX;
                legend.insert("columns".to_owned(), json!(columns));
            }
        }
        legend.insert(
            "labelExpr".to_owned(),
            json!(format!("datum.label + '   ' + ({})[datum.label]", json!(shares))),
        );
    }
    let room_px = (size.width_px - beside_px).min(size.height_px - above_px);
    let radius = (room_px / 2.0 - 4.0).max(1.0);
    let inner = match visual.kind {
        VisualKind::Donut => radius * 0.62,
        _ => 0.0,
    };
    let pie = json!({
        "mark": { "type": "arc", "innerRadius": inner, "outerRadius": radius, "stroke": theme.surface, "strokeWidth": 2 },
        "encoding": {
            "theta": { "field": "y", "type": "quantitative", "stack": true },
            "order": { "field": "i", "type": "quantitative" },
            "color": {
                "field": "s", "type": "nominal", "sort": null,
                "scale": { "domain": series.names, "range": palette::members(theme, answer, &series) },
                "legend": legend,
            },
        },
    });
    let spec = match grand_total(visual, answer, &measures, inner) {
        Some((total, label)) => json!({ "layer": [
            pie,
            words(total, theme.ink.as_str(), 20, -9.0),
            words(label, theme.ink_muted.as_str(), 12, 11.0),
        ] }),
        None => pie,
    };
    (spec, series)
}

/// Each slice's part of the whole, by name.
fn shares(series: &Series) -> Map<String, Value> {
    let number = |row: &Value| row.get("y").and_then(Value::as_f64).unwrap_or(0.0);
    let whole: f64 = series.rows.iter().map(number).sum();
    series
        .rows
        .iter()
        .filter_map(|row| {
            let share = if whole > 0.0 { number(row) / whole } else { 0.0 };
            Some((
                row.get("s")?.as_str()?.to_owned(),
                json!(number_text(share, Some(&PERCENT))),
            ))
        })
        .collect()
}

/// Value and name of the whole, in the hole of a donut. Only a total that was aggregated as such is one: slices of averages
/// have no sum.
fn grand_total(visual: &Visual, answer: &Answer, measures: &[&MeasureColumn], inner: f64) -> Option<(String, String)> {
    let [measure] = measures else { return None };
    let total = answer.totals.iter().find(|totals| totals.by.is_empty())?;
    let number = total.rows.first()?.get(measure.column)?.as_f64()?;
    let mut format = measure
        .format(visual, answer.columns.get(measure.column))
        .cloned()
        .unwrap_or_default();
    if number.abs() >= 10_000.0 && format.compact.is_none() {
        format.compact = Some(true);
        format.digits = None;
    }
    let text = number_text(number, Some(&format));
    let room = inner * 1.7;
    (bands::text_px(&text, 20.0) <= room && bands::text_px(&measure.label, 12.0) <= room)
        .then(|| (text, measure.label.clone()))
}

/// A line of text in the middle.
fn words(text: String, color: &str, size_px: u32, dy: f64) -> Value {
    json!({
        "data": { "values": [{}] },
        "mark": { "type": "text", "text": text, "color": color, "fontSize": size_px, "fontWeight": if size_px > 12 { "bold" } else { "normal" }, "dy": dy, "aria": false },
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::{semantic::Answer, visual::Visual};

    use crate::visual::{DrawOptions, Size, draw, specification};

    fn sample(totals: serde_json::Value) -> (Visual, Answer) {
        let visual = serde_json::from_value(json!({
            "kind": "donut", "wells": { "legend": [{ "field": "orders.channel" }], "values": [{ "metric": "revenue" }] }
        }))
        .unwrap();
        let answer = serde_json::from_value(json!({
            "columns": [
                { "name": "orders.channel", "role": "dimension", "type": "string", "label": "Channel" },
                { "name": "revenue", "role": "metric", "type": "number", "label": "Revenue" },
            ],
            "rows": [["O'Neil \"shop\"", 75_000.0], ["Others", 25_000.0]],
            "totals": totals, "others": [1],
            "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap();
        (visual, answer)
    }

    fn donut(totals: serde_json::Value) -> String {
        let (visual, answer) = sample(totals);
        let size = Size {
            width_px: 420.0,
            height_px: 240.0,
        };
        let picture = draw(&visual, &answer, &crate::Theme::light(), size, &DrawOptions::default()).unwrap();
        assert_eq!(picture.hits.len(), 2, "the middle is no mark");
        picture.svg
    }

    #[test]
    fn slices_leave_room_for_a_legend_above_them() {
        let (visual, answer) = sample(json!([]));
        for (width_px, height_px) in [(256.0, 269.0), (200.0, 400.0), (240.0, 210.0)] {
            let size = Size { width_px, height_px };
            let spec = specification(&visual, &answer, &crate::Theme::light(), size, &DrawOptions::default()).unwrap();
            let radius = spec["mark"]["outerRadius"].as_f64().unwrap();
            // Two entries, one below the other.
            assert_eq!(spec["encoding"]["color"]["legend"]["columns"], 1.0);
            assert!(2.0 * radius + 2.0 * super::LEGEND_ROW_PX < height_px, "{radius}");
        }
    }

    #[test]
    fn the_legend_says_each_share_and_the_rest_is_grey() {
        let svg = donut(json!([]));
        assert!(svg.contains("75.0 %") && svg.contains("25.0 %"));
        assert!(svg.contains(&crate::Theme::light().rest));
        assert!(!svg.contains("100 k"), "no total was asked for");
    }

    #[test]
    fn the_middle_holds_the_total_that_was_aggregated_as_such() {
        let svg = donut(json!([{ "by": [], "rows": [[null, 100_000.0]] }]));
        assert!(svg.contains("100 k"));
    }
}
