//! The picture of a visual.

use std::borrow::Cow;

use serde_json::{Value, json};
use shared::{
    semantic::{Answer, AnswerColumn, ColumnRole},
    table::Cell,
    visual::{Family, Visual, VisualKind},
};

use super::{
    box_plot, bullet, calendar,
    cartesian::{self, Arrangement},
    cloud::{self, Cloud, CloudFrame, View, cloud_points},
    combo, describe, funnel, gauge, heatmap, hidden, histogram, map, own, panels, reference, sankey, scatter,
    series::Series,
    slices, treemap, waterfall,
};
use crate::{ChartError, RenderOptions, Theme, render_scene, write_svg};

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
    /// Of a cloud of points.
    pub frame: Option<CloudFrame>,
}

/// Which points of a cloud are in its picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CloudDrawing {
    /// So many that its shape is seen.
    #[default]
    Thinned,
    /// None: somebody else draws them.
    AxesOnly,
}

/// What shapes a drawing beside the visual and its answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct DrawOptions<'a> {
    /// Keeps the ids of several pictures on one page apart.
    pub id_prefix: &'a str,
    /// The shapes of the visual's atlas, as TopoJSON; a map without them is drawn as a notice that they are loading.
    pub shapes: Option<&'a Value>,
    /// Series that a reader has switched off in the legend.
    pub hidden: &'a [String],
    /// The answer's cloud, when it was made before: a cloud is drawn again and again.
    pub cloud: Option<&'a Cloud>,
    pub points: CloudDrawing,
    /// The part of a cloud that is looked at; all of it without.
    pub view: Option<View>,
}

/// Is this kind a picture? Numbers and tables are written by the page instead.
pub const fn is_drawn(kind: VisualKind) -> bool {
    match kind.family() {
        Family::Number | Family::Table | Family::Pivot => false,
        Family::Bars
        | Family::Lines
        | Family::Combo
        | Family::Scatter
        | Family::Round
        | Family::Heatmap
        | Family::Histogram
        | Family::BoxPlot
        | Family::Waterfall
        | Family::Funnel
        | Family::Dial
        | Family::Treemap
        | Family::Sankey
        | Family::Calendar
        | Family::Choropleth
        | Family::PointMap
        | Family::Own => true,
    }
}

/// Draws a visual.
///
/// # Errors
/// When the renderer refuses the specification: a builder's own that is wrong; for other kinds it is a defect.
pub fn draw(
    visual: &Visual,
    answer: &Answer,
    theme: &Theme,
    size: Size,
    options: &DrawOptions,
) -> Result<Picture, ChartError> {
    let cloud = cloud_of(visual, answer, options);
    let (spec, series) = with_series(visual, answer, theme, size, options, cloud.as_deref())?;
    let render = RenderOptions {
        theme: Some(theme),
        width_px: None,
        height_px: None,
        data_loader: None,
        id_prefix: options.id_prefix,
    };
    let scene = render_scene(&spec, &render)?;
    let hits = scene
        .points
        .iter()
        .map(|hit| PictureHit {
            x_px: hit.x_px,
            y_px: hit.y_px,
            mark: hit.row,
        })
        .collect();
    Ok(Picture {
        svg: write_svg(&scene),
        sources: series.sources,
        hits,
        frame: cloud.map(|cloud| cloud::frame(&scene, &cloud, options.view)),
    })
}

fn cloud_of<'a>(visual: &Visual, answer: &Answer, options: &DrawOptions<'a>) -> Option<Cow<'a, Cloud>> {
    match options.cloud {
        Some(cloud) => Some(Cow::Borrowed(cloud)),
        None => cloud_points(visual, answer).map(Cow::Owned),
    }
}

/// The Vega-Lite specification of a visual, data included.
///
/// # Errors
/// A builder's own specification that is missing or refused.
pub fn specification(
    visual: &Visual,
    answer: &Answer,
    theme: &Theme,
    size: Size,
    options: &DrawOptions,
) -> Result<Value, ChartError> {
    let cloud = cloud_of(visual, answer, options);
    with_series(visual, answer, theme, size, options, cloud.as_deref()).map(|(spec, _)| spec)
}

fn with_series(
    visual: &Visual,
    answer: &Answer,
    theme: &Theme,
    size: Size,
    options: &DrawOptions,
    cloud: Option<&Cloud>,
) -> Result<(Value, Series), ChartError> {
    let drawn = |visual: &Visual, answer: &Answer, size: Size| {
        hidden::without(options.hidden, answer, theme, |answer| {
            marks(visual, answer, theme, size, options)
        })
    };
    let asked = visual.asked();
    let is_blank = shows_values_alone(asked.kind) && lacks_values(answer);
    let is_divided = !is_blank && panels::member_column(&asked, answer).is_some();
    let (mut spec, mut series) = if let Some(cloud) = cloud {
        let (spec, series) = cloud::picture((&asked, answer), cloud, theme, size, options);
        let lined = cloud::with_lines(spec, (&asked, answer), cloud, &series, theme, (size, options));
        (lined, series)
    } else if is_blank {
        (no_values(theme), Series::default())
    } else if is_divided {
        panels::panels(visual, answer, theme, size, &drawn)?
    } else {
        let (spec, series) = drawn(visual, answer, size)?;
        (
            reference::with_references(spec, &asked, answer, &series, theme, size),
            series,
        )
    };
    // A builder's own views side by side are as large as they say.
    let fills_tile = !is_divided && (visual.kind != VisualKind::Own || own::is_one_view(&spec));
    if let Value::Object(spec) = &mut spec {
        spec.insert("data".to_owned(), json!({ "values": std::mem::take(&mut series.rows) }));
        spec.insert("description".to_owned(), json!(describe(visual, answer)));
        if fills_tile {
            spec.insert("width".to_owned(), json!(size.width_px));
            spec.insert("height".to_owned(), json!(size.height_px));
            spec.insert("autosize".to_owned(), json!({ "type": "fit", "contains": "padding" }));
        }
        if !is_divided {
            spec.insert("padding".to_owned(), json!(4));
        }
    }
    Ok((spec, series))
}

/// Does a kind leave nothing on its plane, not even names, where no value is known?
const fn shows_values_alone(kind: VisualKind) -> bool {
    match kind.family() {
        Family::Scatter
        | Family::Round
        | Family::Heatmap
        | Family::BoxPlot
        | Family::Treemap
        | Family::Sankey
        | Family::Calendar => true,
        Family::Number
        | Family::Table
        | Family::Pivot
        | Family::Bars
        | Family::Lines
        | Family::Combo
        | Family::Histogram
        | Family::Waterfall
        | Family::Funnel
        | Family::Dial
        | Family::Choropleth
        | Family::PointMap
        | Family::Own => false,
    }
}

/// Has an answer rows, but no value in any of them?
fn lacks_values(answer: &Answer) -> bool {
    let is_value = |column: &AnswerColumn| match column.role {
        ColumnRole::Dimension => false,
        ColumnRole::Metric | ColumnRole::Compare | ColumnRole::Calculation => true,
    };
    let mut cells = answer.rows.iter().flat_map(|row| {
        let cells = row.iter().zip(&answer.columns);
        cells.filter(|(_, column)| is_value(column)).map(|(cell, _)| cell)
    });
    !answer.rows.is_empty() && answer.columns.iter().any(is_value) && cells.all(|cell| *cell == Cell::Null)
}

/// An empty picture would look broken.
fn no_values(theme: &Theme) -> Value {
    let word = json!({ "type": "text", "text": "No values", "color": theme.ink_muted, "aria": false });
    json!({ "layer": [{ "data": { "values": [{}] }, "mark": word }] })
}

/// The marks of a visual with their axes and legends, still without their data.
pub(super) fn marks(
    visual: &Visual,
    answer: &Answer,
    theme: &Theme,
    size: Size,
    options: &DrawOptions,
) -> Result<(Value, Series), ChartError> {
    let built = visual;
    let visual = &*visual.asked();
    Ok(match visual.kind {
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
        VisualKind::Heatmap => heatmap::heatmap(visual, answer, theme, size),
        VisualKind::Histogram => histogram::histogram(visual, answer, theme, size),
        VisualKind::BoxPlot => box_plot::box_plot(built, answer, theme, size),
        VisualKind::Waterfall => waterfall::waterfall(visual, answer, theme, size),
        VisualKind::Funnel => funnel::funnel(visual, answer, theme, size),
        VisualKind::Gauge => gauge::gauge(visual, answer, theme, size),
        VisualKind::Bullet => bullet::bullet(visual, answer, theme, size),
        VisualKind::Treemap => treemap::treemap(visual, answer, theme, size),
        VisualKind::Sankey => sankey::sankey(visual, answer, theme, size),
        VisualKind::Calendar => calendar::calendar(visual, answer, theme, size),
        VisualKind::Choropleth => map::choropleth(visual, answer, theme, size, options.shapes),
        VisualKind::PointMap => map::point_map(visual, answer, theme, size, options.shapes),
        VisualKind::Own => own::own(visual, answer)?,
        VisualKind::Kpi | VisualKind::Table | VisualKind::Pivot => (json!({ "mark": "point" }), Series::default()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visual::samples::{Sample, sample};

    #[test]
    fn a_picture_without_values_says_so() {
        let size = Size {
            width_px: 240.0,
            height_px: 160.0,
        };
        let says = |kind, state| {
            let (visual, answer) = sample(kind, state);
            let picture = draw(&visual, &answer, &Theme::light(), size, &DrawOptions::default()).unwrap();
            assert!(state != Sample::AllNull || picture.hits.is_empty());
            picture.svg.contains("No values")
        };
        for kind in VisualKind::ALL.into_iter().filter(|kind| shows_values_alone(*kind)) {
            assert!(says(kind, Sample::AllNull), "{kind:?}");
            for state in [Sample::Usual, Sample::Nulls, Sample::NoPoints] {
                assert!(!says(kind, state), "{kind:?} {state:?}");
            }
        }
        assert!(!says(VisualKind::Column, Sample::AllNull), "it has its names");
    }
}
