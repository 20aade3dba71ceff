//! The picture of a visual.

use serde_json::{Value, json};
use shared::{
    semantic::Answer,
    visual::{Visual, VisualKind},
};

use super::{
    cartesian::{self, Arrangement},
    combo, describe, scatter,
    series::Series,
    slices,
};
use crate::{ChartError, RenderOptions, Theme, render_svg_with_hits};

/// Of the whole picture, in px.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    pub width_px: f64,
    pub height_px: f64,
}

/// The answer cell that a mark shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkSource {
    /// Position in `Answer::rows`.
    pub row: usize,
    /// Position in `Answer::columns`.
    pub column: usize,
}

/// Where a mark is, in px of the picture, for tooltips of the nearest mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PictureHit {
    pub x_px: f64,
    pub y_px: f64,
    /// Position in `Picture::sources`; also the mark's `data-row`.
    pub mark: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    pub svg: String,
    pub sources: Vec<MarkSource>,
    pub hits: Vec<PictureHit>,
}

/// Is this kind a picture? Numbers and tables are written by the page instead.
pub const fn is_drawn(kind: VisualKind) -> bool {
    match kind {
        VisualKind::Kpi | VisualKind::Table => false,
        VisualKind::Column
        | VisualKind::ColumnStacked
        | VisualKind::ColumnStacked100
        | VisualKind::Bar
        | VisualKind::BarStacked
        | VisualKind::BarStacked100
        | VisualKind::Line
        | VisualKind::Area
        | VisualKind::AreaStacked
        | VisualKind::Combo
        | VisualKind::Scatter
        | VisualKind::Pie
        | VisualKind::Donut => true,
    }
}

/// Draws a visual. `id_prefix` keeps the ids of several pictures on one page apart.
///
/// # Errors
/// When the renderer refuses the specification, which for these kinds is a defect.
pub fn draw(
    visual: &Visual,
    answer: &Answer,
    theme: &Theme,
    size: Size,
    id_prefix: &str,
) -> Result<Picture, ChartError> {
    let (spec, series) = with_series(visual, answer, theme, size);
    let options = RenderOptions {
        theme: Some(theme),
        width_px: None,
        height_px: None,
        data_loader: None,
        id_prefix,
    };
    let (svg, hits) = render_svg_with_hits(&spec, &options)?;
    let round = matches!(visual.kind, VisualKind::Pie | VisualKind::Donut);
    let hits = hits
        .into_iter()
        // The words in the middle of a donut stand for no row.
        .filter(|hit| !round || hit.mark == 0)
        .map(|hit| PictureHit {
            x_px: hit.x_px,
            y_px: hit.y_px,
            mark: hit.row,
        })
        .collect();
    Ok(Picture {
        svg,
        sources: series.sources,
        hits,
    })
}

/// The Vega-Lite specification of a visual, data included.
pub fn specification(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> Value {
    with_series(visual, answer, theme, size).0
}

fn with_series(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    let (mut spec, mut series) = match visual.kind {
        VisualKind::Column => cartesian::bars(visual, answer, theme, size, false, Arrangement::Grouped),
        VisualKind::ColumnStacked => cartesian::bars(visual, answer, theme, size, false, Arrangement::Stacked),
        VisualKind::ColumnStacked100 => cartesian::bars(visual, answer, theme, size, false, Arrangement::Normalized),
        VisualKind::Bar => cartesian::bars(visual, answer, theme, size, true, Arrangement::Grouped),
        VisualKind::BarStacked => cartesian::bars(visual, answer, theme, size, true, Arrangement::Stacked),
        VisualKind::BarStacked100 => cartesian::bars(visual, answer, theme, size, true, Arrangement::Normalized),
        VisualKind::Line | VisualKind::Area | VisualKind::AreaStacked => cartesian::lines(visual, answer, theme, size),
        VisualKind::Combo => combo::combo(visual, answer, theme, size),
        VisualKind::Scatter => scatter::scatter(visual, answer, theme, size),
        VisualKind::Pie | VisualKind::Donut => slices::slices(visual, answer, theme, size),
        VisualKind::Kpi | VisualKind::Table => (
            json!({ "mark": "point" }),
            Series {
                rows: Vec::new(),
                sources: Vec::new(),
                names: Vec::new(),
            },
        ),
    };
    if let Value::Object(spec) = &mut spec {
        spec.insert("data".to_owned(), json!({ "values": std::mem::take(&mut series.rows) }));
        spec.insert("description".to_owned(), json!(describe(visual, answer)));
        spec.insert("width".to_owned(), json!(size.width_px));
        spec.insert("height".to_owned(), json!(size.height_px));
        spec.insert("autosize".to_owned(), json!({ "type": "fit", "contains": "padding" }));
        spec.insert("padding".to_owned(), json!(4));
    }
    (spec, series)
}
