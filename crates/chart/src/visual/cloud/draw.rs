//! The picture of a cloud: its axes and legend, and some points for all unless a page draws them.

use serde_json::{Map, Value, json};
use shared::{
    semantic::Answer,
    visual::{ReferenceAt, ReferenceLine, Visual},
};

use super::{
    Cloud, CloudFrame, REST, Span, View,
    thin::{Kept, thin},
};
use crate::{
    Scene, Theme, math,
    visual::{
        DrawOptions, MarkSource, Size, bands,
        draw::CloudDrawing,
        palette, reference,
        scatter::plane_axis,
        series::{self, Series},
    },
};

/// The area of a legend's symbol, in px².
const SYMBOL: f64 = 64.0;
/// The radius of a point that stands for its cell, in cells: the cloud stays closed.
const FILLING: f64 = 0.36;
/// Room for most numbers beside the plane, in px, of pictures that are wide enough for it.
const NUMBERS_PX: f64 = 40.0;
const ROOMY_PX: f64 = 360.0;
/// How much of its colour a point has that stands for itself, and one that stands for very many.
const OPACITY: (f64, f64) = (0.45, 0.9);

pub(in crate::visual) fn picture(
    (visual, answer): (&Visual, &Answer),
    cloud: &Cloud,
    theme: &Theme,
    size: Size,
    options: &DrawOptions,
) -> (Value, Series) {
    let [_, stands_for] = cloud.columns;
    let view = options.view.unwrap_or(cloud.whole);
    let (kept, cell_px) = match options.points {
        CloudDrawing::Thinned => thin(cloud, view, size),
        CloudDrawing::AxesOnly => (Vec::new(), 0.0),
    };
    let series = Series {
        rows: rows(answer, cloud, &kept, cell_px),
        sources: kept
            .iter()
            .filter_map(|kept| cloud.rows.get(kept.point))
            .map(|row| MarkSource {
                row: *row as usize,
                column: stands_for,
            })
            .collect(),
        names: cloud.members.iter().map(|(name, _)| name.clone()).collect(),
    };
    let [x, y] = &cloud.axes;
    let channel = |field: &str, (name, numbers): &(String, _), extent_px: f64, (from, to): (f64, f64)| {
        let mut axis = plane_axis(visual, numbers, Some(name), extent_px);
        // Where numbers get longer and shorter under a moving view, the plane stays.
        if let Value::Object(axis) = &mut axis
            && size.width_px >= ROOMY_PX
        {
            axis.insert(
                "minExtent".to_owned(),
                json!(if field == "y" { NUMBERS_PX } else { 0.0 }),
            );
        }
        json!({
            "field": field,
            "type": "quantitative",
            "axis": axis,
            "scale": { "domain": [from, to], "nice": false, "zero": false },
        })
    };
    let mut encoding = Map::new();
    encoding.insert("x".to_owned(), channel("x", x, size.width_px, view.x));
    encoding.insert("y".to_owned(), channel("y", y, size.height_px, view.y));
    let mut mark = json!({ "type": "circle", "opacity": { "expr": "datum.o" }, "size": { "expr": "datum.a" } });
    if cloud.members.len() > 1 {
        let range: Vec<String> = cloud.members.iter().map(|(_, colour)| paint(theme, *colour)).collect();
        let mut legend = bands::legend(visual, &series, size);
        if let Value::Object(legend) = &mut legend {
            legend.insert("symbolOpacity".to_owned(), json!(1));
            legend.insert("symbolSize".to_owned(), json!(SYMBOL));
        }
        encoding.insert("color".to_owned(), json!({ "field": "s", "type": "nominal", "sort": null, "scale": { "domain": series.names, "range": range }, "legend": legend }));
    } else if let Value::Object(mark) = &mut mark {
        let colour = cloud.colours.first().copied().unwrap_or_default();
        mark.insert("color".to_owned(), json!(paint(theme, colour)));
    }
    (json!({ "mark": mark, "encoding": encoding }), series)
}

fn paint(theme: &Theme, colour: u8) -> String {
    if colour == REST {
        theme.rest.clone()
    } else {
        palette::category(theme, usize::from(colour))
    }
}

/// Data rows: both numbers, the member, the area in px², and how opaque: cells with many points are darker.
fn rows(answer: &Answer, cloud: &Cloud, kept: &[Kept], cell_px: f64) -> Vec<Value> {
    let most = kept.iter().map(|kept| kept.count).max().unwrap_or(1);
    let weight = |count: u32| math::ln(f64::from(count)) / math::ln(f64::from(most)).max(1.0);
    let (alone, many) = OPACITY;
    kept.iter()
        .filter_map(|kept| {
            let cells = answer.rows.get(*cloud.rows.get(kept.point)? as usize)?;
            let [x, y] = cloud.columns.map(|column| series::number(cells.get(column)));
            let radius = f64::from(*cloud.radii_px.get(kept.point)?).max(cell_px * FILLING);
            let colour = cloud.colours.get(kept.point)?;
            let member = cloud.members.iter().find(|(_, known)| known == colour);
            Some(json!({
                "x": x,
                "y": y,
                "s": member.map_or("", |(name, _)| name),
                "a": math::round(4.0 * radius * radius),
                "o": math::round(100.0 * (alone + (many - alone) * weight(kept.count))) / 100.0,
            }))
        })
        .collect()
}

/// The specification with the lines of the whole cloud, as far as they are in view.
pub(in crate::visual) fn with_lines(
    spec: Value,
    (visual, answer): (&Visual, &Answer),
    cloud: &Cloud,
    series: &Series,
    theme: &Theme,
    (size, options): (Size, &DrawOptions),
) -> Value {
    let (low, high) = options.view.unwrap_or(cloud.whole).y;
    let mut shown = visual.clone();
    // At the end of the plane a line is left out, and a band cut.
    shown.format.reference_lines = cloud
        .lines
        .iter()
        .filter_map(|line| {
            let ReferenceAt::Value(at) = line.at else { return None };
            let to = line.to.unwrap_or(at);
            let (least, greatest) = (at.min(to).max(low), at.max(to).min(high));
            (least <= greatest).then(|| ReferenceLine {
                at: ReferenceAt::Value(least),
                to: (at != to).then_some(greatest),
                ..line.clone()
            })
        })
        .collect();
    reference::with_references(spec, &shown, answer, series, theme, size)
}

/// Where the plane is in a drawing.
pub(in crate::visual) fn frame(scene: &Scene, cloud: &Cloud, view: Option<View>) -> CloudFrame {
    let view = view.unwrap_or(cloud.whole);
    let (left, top) = (scene.origin.0 + scene.root.place.0, scene.origin.1 + scene.root.place.1);
    CloudFrame {
        x: Span {
            from: view.x.0,
            to: view.x.1,
            from_px: left,
            to_px: left + scene.root.width,
        },
        y: Span {
            from: view.y.0,
            to: view.y.1,
            from_px: top + scene.root.height,
            to_px: top,
        },
    }
}
