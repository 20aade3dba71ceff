//! Pie and donut.

use serde_json::{Value, json};
use shared::{
    semantic::Answer,
    visual::{LegendPosition, Visual, VisualKind, WellName},
};

use super::{
    Parts, Size, bands, palette,
    series::{self, Series},
};
use crate::Theme;

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
    let legend = if series.names.len() > 1 {
        let mut beside = visual.clone();
        // A round picture leaves room at its side, not above.
        if beside.format.legend.position == LegendPosition::Top && size.width_px > size.height_px * 1.2 {
            beside.format.legend.position = LegendPosition::Right;
        }
        bands::legend(&beside, &series, size)
    } else {
        Value::Null
    };
    let inner = if visual.kind == VisualKind::Donut {
        size.width_px.min(size.height_px) * 0.26
    } else {
        0.0
    };
    let spec = json!({
        "mark": { "type": "arc", "innerRadius": inner, "stroke": theme.surface, "strokeWidth": 1.5 },
        "encoding": {
            "theta": { "field": "y", "type": "quantitative", "stack": true },
            "order": { "field": "i", "type": "quantitative" },
            "color": {
                "field": "s", "type": "nominal", "sort": null,
                "scale": { "domain": series.names, "range": palette::categories(theme, series.names.len()) },
                "legend": legend,
            },
        },
    });
    (spec, series)
}
