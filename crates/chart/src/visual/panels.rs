//! Small multiples: the same picture for each member of a dimension, side by side. The panels share their axes, of which
//! only the outermost are named, and one legend. They are views of their own instead of a facet: that leaves the choice of
//! names, titles and sizes here, and gives each its own figures of reference.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::{
    semantic::Answer,
    table::Cell,
    visual::{Family, Visual, VisualKind, WellName},
};

use super::{
    Parts, Size, bands,
    division::{Edges, GAP_ACROSS_PX, GAP_DOWN_PX, Grid, Look, NAME_GAP_PX, NAME_PX, PADDING_PX},
    funnel,
    hidden::each_color,
    parts::MeasureColumn,
    plane::{shortened, silent},
    reference,
    series::{self, Series},
};
use crate::{ChartError, RenderOptions, Theme, render::render_scene};

/// What the axes of a picture take of its width and height, about, in px.
const AXES_PX: (f64, f64) = (48.0, 30.0);
/// Sizes are mended until they fill the picture, at most so many times.
const MOST_MEASURES: usize = 4;

/// What draws the marks of a visual over an answer, at a size.
type Marks<'a> = dyn Fn(&Visual, &Answer, Size) -> Result<(Value, Series), ChartError> + 'a;

/// The column whose members have panels of their own.
pub(super) fn member_column(visual: &Visual, answer: &Answer) -> Option<usize> {
    Parts::of(visual, answer).dimension(WellName::SmallMultiples)
}

/// All panels that fit, as one specification. `visual` is as its builder made it.
pub(super) fn panels(
    visual: &Visual,
    answer: &Answer,
    theme: &Theme,
    size: Size,
    marks: &Marks,
) -> Result<(Value, Series), ChartError> {
    let asked = visual.asked();
    let members = Members::of(answer, member_column(&asked, answer));
    let (whole, mut series) = marks(visual, answer, size)?;
    let explained = explained_color(whole, visual, &series, size);
    let look = Look::of(asked.kind, explained.is_some());
    let grid = Grid::of(members.names.len(), size, look);
    if grid.shown == 0 {
        series.keep(&[]);
        let nothing = json!({ "mark": "point", "width": 1, "height": 1 });
        return Ok((
            padded(nothing, size, (1.0 + 2.0 * PADDING_PX, 1.0 + 2.0 * PADDING_PX)),
            series,
        ));
    }
    let mut plain = visual.clone();
    // The legend stands beside all panels, and lone points would be invisible lines.
    plain.format.legend.show = false;
    plain.format.points |= series.rows.len() <= series.names.len().max(1) * members.names.len();
    let mut panels = Panels {
        visual: &plain,
        asked: &plain.asked(),
        answer,
        theme,
        marks,
        members: &members,
        explained,
        grid,
        panel: grid.first_guess(size),
        named: grid.has_words(size),
    };
    let mut drawn = panels.draw()?;
    let mut measured = panels.measure(&drawn)?;
    for _ in 1..MOST_MEASURES {
        let (across, down) = (size.width_px - measured.0, size.height_px - measured.1);
        let fills = |spare: f64, count: usize| (0.0..=count as f64).contains(&spare);
        if fills(across, grid.columns) && fills(down, grid.rows) {
            break;
        }
        let mended = |px: f64, spare: f64, count: usize| (px + (spare / count as f64).floor()).max(1.0);
        let panel = Size {
            width_px: mended(panels.panel.width_px, across, grid.columns),
            height_px: mended(panels.panel.height_px, down, grid.rows),
        };
        if panel == panels.panel {
            break;
        }
        panels.panel = panel;
        drawn = panels.draw()?;
        measured = panels.measure(&drawn)?;
    }
    let (spec, series) = drawn;
    Ok((padded(spec, size, measured), series))
}

/// With padding that makes the picture as large as it has to be.
fn padded(mut spec: Value, size: Size, (width_px, height_px): (f64, f64)) -> Value {
    let padding = json!({
        "left": PADDING_PX,
        "top": PADDING_PX,
        "right": PADDING_PX + (size.width_px - width_px).max(-PADDING_PX),
        "bottom": PADDING_PX + (size.height_px - height_px).max(-PADDING_PX),
    });
    set(&mut spec, "padding", padding);
    spec
}

/// Who has a panel, in the answer's order, and which answer rows are whose.
struct Members {
    names: Vec<String>,
    /// Per answer row: position in `names`.
    of_rows: Vec<usize>,
}

impl Members {
    fn of(answer: &Answer, column: Option<usize>) -> Self {
        let mut positions = std::collections::BTreeMap::new();
        let mut names = Vec::new();
        let of_rows = answer
            .rows
            .iter()
            .map(|row| {
                *positions
                    .entry(series::member(answer, row, column))
                    .or_insert_with_key(|name| {
                        names.push(name.clone());
                        names.len() - 1
                    })
            })
            .collect();
        Self { names, of_rows }
    }

    fn name(&self, row: usize) -> Option<&String> {
        self.names.get(*self.of_rows.get(row)?)
    }
}

struct Panels<'a> {
    /// Without a legend.
    visual: &'a Visual,
    asked: &'a Visual,
    answer: &'a Answer,
    theme: &'a Theme,
    marks: &'a Marks<'a>,
    members: &'a Members,
    explained: Option<Value>,
    grid: Grid,
    panel: Size,
    /// Are there words along the axes?
    named: bool,
}

impl Panels<'_> {
    fn draw(&self) -> Result<(Value, Series), ChartError> {
        let (views, series) = if self.asked.kind.family() == Family::Funnel {
            self.apart()
        } else {
            self.together()?
        };
        let views: Vec<Value> = views
            .into_iter()
            .zip(&self.members.names)
            .enumerate()
            .map(|(index, (view, name))| self.view(view, name, self.grid.edges(index)))
            .collect();
        let shared = |channel: &str| if self.has_own(channel) { "independent" } else { "shared" };
        let mut spec = json!({
            "concat": views,
            "columns": self.grid.columns,
            "spacing": { "row": GAP_DOWN_PX, "column": GAP_ACROSS_PX },
            "resolve": { "scale": { "x": shared("x"), "y": shared("y") } },
        });
        if self.grid.more > 0 {
            let more = json!({
                "text": format!("and {} more", self.grid.more), "orient": "bottom", "anchor": "start", "offset": 10,
                "fontSize": NAME_PX, "fontWeight": "normal", "color": self.theme.ink_muted,
            });
            set(&mut spec, "title", more);
        }
        Ok((spec, series))
    }

    /// One picture of everything, of which each panel shows its rows: scales and colours are the same in all of them.
    fn together(&self) -> Result<(Vec<Value>, Series), ChartError> {
        let mut answer = self.answer.clone();
        // A whole of all panels is none of any of them.
        answer.totals.clear();
        let (mut spec, mut series) = (self.marks)(self.visual, &answer, self.size_for_kind())?;
        let kept: Vec<bool> = series
            .sources
            .iter()
            .map(|source| {
                self.members
                    .of_rows
                    .get(source.row)
                    .is_some_and(|at| *at < self.grid.shown)
            })
            .collect();
        series.keep(&kept);
        for (row, source) in series.rows.iter_mut().zip(&series.sources) {
            if let (Value::Object(row), Some(name)) = (row, self.members.name(source.row)) {
                row.entry("m").or_insert_with(|| json!(name));
            }
        }
        for channel in value_channels(self.asked.kind) {
            each_channel(&mut spec, channel, &mut |channel| self.free(channel));
        }
        if self.asked.kind.family() == Family::Combo && !self.asked.format.own_scales {
            share_values_of_layers(&mut spec, &series);
        }
        let mut views: Vec<Value> = self
            .rows_apart(&series)
            .iter()
            .map(|own| reference::with_references(spec.clone(), self.asked, self.answer, own, self.theme, self.panel))
            .collect();
        agree_on_greatest(&mut views, self.asked.kind);
        Ok((views, series))
    }

    /// The size of a panel, with axes for kinds that reckon with them inside of it.
    const fn size_for_kind(&self) -> Size {
        let (beside_px, below_px) = match self.asked.kind.family() {
            Family::Heatmap | Family::Histogram | Family::BoxPlot | Family::Waterfall => AXES_PX,
            Family::Number
            | Family::Table
            | Family::Pivot
            | Family::Bars
            | Family::Lines
            | Family::Combo
            | Family::Scatter
            | Family::Round
            | Family::Funnel
            | Family::Dial
            | Family::Treemap
            | Family::Sankey
            | Family::Calendar
            | Family::Choropleth
            | Family::PointMap
            | Family::Own => (0.0, 0.0),
        };
        Size {
            width_px: self.panel.width_px + beside_px,
            height_px: self.panel.height_px + below_px,
        }
    }

    /// The rows of each panel.
    fn rows_apart(&self, series: &Series) -> Vec<Series> {
        let mut apart: Vec<Series> = std::iter::repeat_with(Series::default).take(self.grid.shown).collect();
        for (row, source) in series.rows.iter().zip(&series.sources) {
            let at = self.members.of_rows.get(source.row);
            if let Some(own) = at.and_then(|at| apart.get_mut(*at)) {
                own.rows.push(row.clone());
                own.sources.push(*source);
            }
        }
        apart
    }

    fn has_own(&self, channel: &str) -> bool {
        self.asked.format.own_scales && value_channels(self.asked.kind).contains(&channel)
    }

    /// A scale of its own has no room for what is in other panels.
    fn free(&self, channel: &mut Value) {
        if self.asked.format.own_scales
            && is_quantitative(channel)
            && let Some(Value::Object(scale)) = channel.get_mut("scale")
        {
            scale.remove("domain");
            scale.remove("domainMax");
            scale.remove("domainMin");
        }
    }

    /// Pictures that are laid out in px: one of each panel's part of the answer.
    fn apart(&self) -> (Vec<Value>, Series) {
        let parts = Parts::of(self.asked, self.answer);
        let measures = parts.measures_of(WellName::Values);
        let number = |row: &Vec<Cell>, measure: &MeasureColumn| row.get(measure.column).and_then(Cell::as_f64);
        let largest = self
            .answer
            .rows
            .iter()
            .flat_map(|row| measures.iter().filter_map(move |measure| number(row, measure)))
            .filter(|number| number.is_finite())
            .fold(0.0, f64::max);
        let size = Size {
            width_px: self.panel.width_px + 2.0 * PADDING_PX,
            height_px: self.panel.height_px + 2.0 * PADDING_PX,
        };
        let mut all = Series::default();
        let views = self.members.names.iter().enumerate().take(self.grid.shown);
        let views = views
            .map(|(at, name)| {
                let (part, rows) = self.part(at);
                let largest = Some(largest).filter(|_| !self.asked.format.own_scales);
                let (spec, series) = funnel::funnel_up_to(self.asked, &part, self.theme, size, largest);
                for (mut row, mut source) in series.rows.into_iter().zip(series.sources) {
                    set(&mut row, "m", json!(name));
                    source.row = rows.get(source.row).copied().unwrap_or_default();
                    all.rows.push(row);
                    all.sources.push(source);
                }
                spec
            })
            .collect();
        (views, all)
    }

    /// The answer with the rows of one member, and their positions in the whole answer.
    fn part(&self, member: usize) -> (Answer, Vec<usize>) {
        let rows: Vec<usize> = (0..)
            .zip(&self.members.of_rows)
            .filter(|(_, at)| **at == member)
            .map(|(row, _)| row)
            .collect();
        let others: BTreeSet<usize> = self.answer.others.iter().copied().collect();
        let part = Answer {
            columns: self.answer.columns.clone(),
            rows: rows
                .iter()
                .filter_map(|row| self.answer.rows.get(*row).cloned())
                .collect(),
            others: (0..)
                .zip(&rows)
                .filter(|(_, row)| others.contains(row))
                .map(|(position, _)| position)
                .collect(),
            ..Answer::default()
        };
        (part, rows)
    }

    /// A panel with its name, its size and its own rows.
    fn view(&self, mut view: Value, name: &str, edges: Edges) -> Value {
        self.name_outermost(&mut view, edges);
        each_color(&mut view, &mut |color| {
            let same = |explained: &&Value| {
                ["field", "scale"]
                    .iter()
                    .all(|key| explained.get(key) == color.get(key))
            };
            if let Some(explained) = self.explained.as_ref().filter(same) {
                let legend = explained.get("legend").cloned().unwrap_or_default();
                set(color, "legend", legend);
            }
        });
        let mut view = named(view, self.name(name));
        let mine = json!({ "filter": format!("datum.m === {}", json!(name)) });
        let transforms = view
            .get("transform")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        set(
            &mut view,
            "transform",
            std::iter::once(mine).chain(transforms).collect::<Vec<_>>().into(),
        );
        set(&mut view, "width", json!(self.panel.width_px));
        set(&mut view, "height", json!(self.panel.height_px));
        view
    }

    /// A panel's name, above its corner: titles would stand above what the panel has there, and not all at one height.
    fn name(&self, name: &str) -> Value {
        let mark = json!({
            "type": "text", "align": "left", "baseline": "bottom", "fontSize": NAME_PX, "fontWeight": "bold",
            "color": self.theme.ink, "text": shortened(name, NAME_PX, true, self.panel.width_px),
        });
        silent(
            json!({ "mark": mark, "encoding": { "x": { "value": 0 }, "y": { "value": -NAME_GAP_PX } } }),
            vec![json!({})],
        )
    }

    /// Axes that repeat those of a neighbour keep their grid only.
    fn name_outermost(&self, view: &mut Value, edges: Edges) {
        for channel in ["x", "y"] {
            let own = self.has_own(channel);
            each_channel(view, channel, &mut |definition| {
                let own = own && is_quantitative(definition);
                let Some(Value::Object(axis)) = definition.get_mut("axis") else {
                    return;
                };
                let outermost = match (channel, axis.get("orient").and_then(Value::as_str)) {
                    ("x", _) => edges.bottom,
                    (_, Some("right")) => edges.right,
                    (_, _) => edges.left,
                };
                if !self.named || !outermost && !own {
                    axis.insert("labels".to_owned(), json!(false));
                    axis.insert("title".to_owned(), Value::Null);
                }
            });
        }
    }

    /// Width and height of the picture, in px.
    fn measure(&self, (spec, series): &(Value, Series)) -> Result<(f64, f64), ChartError> {
        let mut spec = spec.clone();
        set(&mut spec, "data", json!({ "values": series.rows }));
        set(&mut spec, "padding", json!(PADDING_PX));
        let options = RenderOptions {
            theme: Some(self.theme),
            ..RenderOptions::default()
        };
        let scene = render_scene(&spec, &options)?;
        Ok((scene.width_px, scene.height_px))
    }
}

/// The colours that a legend explains, with the legend that stands beside all panels.
fn explained_color(mut whole: Value, visual: &Visual, series: &Series, size: Size) -> Option<Value> {
    let mut explained = None;
    each_color(&mut whole, &mut |color| {
        if color.get("legend").is_some_and(Value::is_object) && explained.is_none() {
            explained = Some(color.take());
        }
    });
    // Slices have their shares in it, which are not the same in all panels.
    if visual.kind.family() == Family::Round
        && let Some(color) = &mut explained
    {
        set(color, "legend", bands::legend(visual, series, size));
    }
    explained
}

/// Channels of the values that own scales are for.
const fn value_channels(kind: VisualKind) -> &'static [&'static str] {
    match kind {
        VisualKind::Bar | VisualKind::BarStacked | VisualKind::BarStacked100 => &["x"],
        VisualKind::Scatter | VisualKind::BoxPlot => &["x", "y"],
        VisualKind::Kpi
        | VisualKind::Table
        | VisualKind::Pivot
        | VisualKind::Column
        | VisualKind::ColumnStacked
        | VisualKind::ColumnStacked100
        | VisualKind::Line
        | VisualKind::Area
        | VisualKind::AreaStacked
        | VisualKind::Combo
        | VisualKind::Pie
        | VisualKind::Donut
        | VisualKind::Heatmap
        | VisualKind::Histogram
        | VisualKind::Waterfall
        | VisualKind::Funnel
        | VisualKind::Gauge
        | VisualKind::Bullet
        | VisualKind::Treemap
        | VisualKind::Sankey
        | VisualKind::Calendar
        | VisualKind::Choropleth
        | VisualKind::PointMap
        | VisualKind::Own => &["y"],
    }
}

/// The view with one more layer.
fn named(mut view: Value, name: Value) -> Value {
    if let Some(layers) = view.get_mut("layer").and_then(Value::as_array_mut) {
        layers.push(name);
        view
    } else {
        json!({ "layer": [view, name] })
    }
}

fn is_quantitative(channel: &Value) -> bool {
    channel.get("type").and_then(Value::as_str) == Some("quantitative")
}

/// Every definition of a channel in a specification.
fn each_channel(spec: &mut Value, name: &str, change: &mut impl FnMut(&mut Value)) {
    if let Some(channel) = spec.get_mut("encoding").and_then(|encoding| encoding.get_mut(name)) {
        change(channel);
    }
    for layer in spec
        .get_mut("layer")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        each_channel(layer, name, change);
    }
}

/// Columns and the lines over them have scales of their own, which views beside each other cannot share by themselves.
fn share_values_of_layers(spec: &mut Value, series: &Series) {
    for layer in spec
        .get_mut("layer")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let drawn_as = layer.pointer("/mark/type").cloned();
        let numbers = series
            .rows
            .iter()
            .filter(|row| row.get("g") == drawn_as.as_ref())
            .filter_map(|row| row.get("y").and_then(Value::as_f64));
        let (least, greatest) = numbers.fold((f64::MAX, f64::MIN), |(least, greatest), number| {
            (least.min(number), greatest.max(number))
        });
        each_channel(layer, "y", &mut |channel| {
            let from_zero = channel.pointer("/scale/zero") != Some(&json!(false));
            let base = if from_zero { 0.0 } else { least };
            if least <= greatest {
                let domain = [least.min(base), greatest.max(if from_zero { 0.0 } else { greatest })];
                set(
                    channel,
                    "scale",
                    json!({ "domain": domain, "nice": true, "zero": from_zero }),
                );
            }
        });
    }
}

/// A greatest value that was raised for a line in one panel holds for all.
fn agree_on_greatest(views: &mut [Value], kind: VisualKind) {
    for name in value_channels(kind) {
        let mut greatest: Option<f64> = None;
        for pass in 0..2 {
            for view in &mut *views {
                each_channel(view, name, &mut |channel| {
                    if let Some(most) = channel.pointer_mut("/scale/domainMax") {
                        match greatest {
                            Some(greatest) if pass == 1 => *most = json!(greatest),
                            Some(_) | None => {
                                greatest = greatest.into_iter().chain(most.as_f64()).reduce(f64::max);
                            }
                        }
                    }
                });
            }
        }
    }
}

fn set(object: &mut Value, key: &str, value: Value) {
    if let Value::Object(object) = object {
        object.insert(key.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use shared::{
        semantic::Answer,
        visual::{Visual, VisualKind, WellItem, WellName},
    };

    use crate::{
        Theme,
        visual::{DrawOptions, Picture, Size, draw, specification},
    };

    const SIZE: Size = Size {
        width_px: 420.0,
        height_px: 300.0,
    };

    fn spec(visual: &Visual, answer: &Answer, size: Size) -> Value {
        specification(visual, answer, &Theme::light(), size, &DrawOptions::default()).unwrap()
    }

    fn picture(visual: &Visual, answer: &Answer, size: Size) -> Picture {
        draw(visual, answer, &Theme::light(), size, &DrawOptions::default()).unwrap()
    }

    fn size_of(picture: &Picture) -> (f64, f64) {
        let number = |name: &str| -> f64 {
            let from = picture.svg.find(name).unwrap() + name.len();
            picture.svg[from..].split('"').next().unwrap().parse().unwrap()
        };
        (number(" width=\""), number(" height=\""))
    }

    /// Three regions with four months each, the first row of a region after all of the one before.
    fn sample(kind: &str, format: Value) -> (Visual, Answer) {
        let visual = serde_json::from_value(json!({
            "kind": kind, "wells": {
                "axis": [{ "field": "t.day", "grain": "month" }], "values": [{ "metric": "revenue" }],
                "small_multiples": [{ "field": "t.region" }],
            },
            "format": format,
        }))
        .unwrap();
        let rows: Vec<Value> = ["South", "North", "O'Neil \"East\""]
            .iter()
            .enumerate()
            .flat_map(|(region, name)| {
                (1..=4).map(move |month| json!([format!("2026-{month:02}-01"), name, month * 10 * (region + 1)]))
            })
            .collect();
        let answer = serde_json::from_value(json!({
            "columns": [
                { "name": "day", "role": "dimension", "type": "date", "label": "Month", "grain": "month" },
                { "name": "region", "role": "dimension", "type": "string", "label": "Region" },
                { "name": "revenue", "role": "metric", "type": "number", "label": "Revenue" },
            ],
            "rows": rows, "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap();
        (visual, answer)
    }

    #[test]
    fn members_have_panels_in_the_answers_order_and_marks_their_rows() {
        for kind in ["column", "bar", "line", "area", "funnel"] {
            let (visual, answer) = sample(kind, json!({}));
            let spec = spec(&visual, &answer, SIZE);
            let names: Vec<&str> = spec["concat"]
                .as_array()
                .unwrap()
                .iter()
                .map(|panel| {
                    panel["layer"].as_array().unwrap().last().unwrap()["mark"]["text"]
                        .as_str()
                        .unwrap()
                })
                .collect();
            assert_eq!(names, ["South", "North", "O'Neil \"East\""], "{kind}");
            let picture = picture(&visual, &answer, SIZE);
            let mut rows: Vec<usize> = picture.hits.iter().map(|hit| picture.sources[hit.mark].row).collect();
            rows.sort_unstable();
            rows.dedup();
            assert_eq!(rows, (0..12).collect::<Vec<_>>(), "{kind}");
            // South's marks are left of North's, which are on the same line.
            let middle = |rows: std::ops::Range<usize>| {
                let hits = picture
                    .hits
                    .iter()
                    .filter(|hit| rows.contains(&picture.sources[hit.mark].row));
                hits.map(|hit| hit.x_px).sum::<f64>() / 4.0
            };
            assert!(middle(0..4) + 100.0 < middle(4..8), "{kind}");
            assert_eq!(spec["data"]["values"].as_array().unwrap().len(), 12);
        }
    }

    #[test]
    fn pictures_have_the_size_they_are_given() {
        for kind in ["column", "bar", "line", "column_stacked100", "funnel"] {
            for (width_px, height_px) in [(420.0, 300.0), (333.0, 207.0), (120.0, 80.0), (1600.0, 1000.0)] {
                let (visual, answer) = sample(kind, json!({ "axis_titles": true }));
                let picture = picture(&visual, &answer, Size { width_px, height_px });
                assert_eq!(size_of(&picture), (width_px, height_px), "{kind}");
            }
        }
    }

    #[test]
    fn panels_share_scales_unless_they_have_their_own() {
        let heights = |format: Value| -> Vec<f64> {
            let (visual, answer) = sample("column", format);
            let picture = picture(&visual, &answer, SIZE);
            // The last month of South and North are the greatest of each: its top is there.
            let top = |row: usize| {
                let hits = picture.hits.iter().filter(|hit| picture.sources[hit.mark].row == row);
                hits.map(|hit| hit.y_px).fold(f64::MAX, f64::min)
            };
            vec![top(3), top(7)]
        };
        let shared = heights(json!({}));
        assert!(shared[0] > shared[1] + 5.0, "{shared:?}");
        let own = heights(json!({ "own_scales": true }));
        assert!((own[0] - own[1]).abs() < 0.5, "{own:?}");
    }

    #[test]
    fn figures_of_reference_are_of_their_panel() {
        let (visual, answer) = sample(
            "line",
            json!({ "reference_lines": [{ "at": "average" }], "events": [{ "at": "2026-02-10", "label": "Launch" }] }),
        );
        let text = spec(
            &visual,
            &answer,
            Size {
                width_px: 900.0,
                height_px: 600.0,
            },
        )
        .to_string();
        for average in ["\"v\":25.0", "\"v\":50.0", "\"v\":75.0"] {
            assert!(text.contains(average), "{average}");
        }
        assert_eq!(text.matches("\"e\":\"2026-02-10\"").count(), 3 * 3);
    }

    #[test]
    fn only_outermost_axes_have_words() {
        let (visual, answer) = sample("column", json!({}));
        let spec = spec(&visual, &answer, SIZE);
        let labels = |panel: usize, channel: &str| {
            spec["concat"][panel]["layer"][0]["encoding"][channel]["axis"]
                .get("labels")
                .cloned()
        };
        assert_eq!(spec["columns"], 2);
        assert_eq!(labels(0, "y"), None);
        assert_eq!(labels(1, "y"), Some(json!(false)));
        assert_eq!(labels(0, "x"), Some(json!(false)));
        assert_eq!(labels(1, "x"), None, "nothing is below it");
        assert_eq!(labels(2, "x"), None);
    }

    #[test]
    fn panels_that_have_no_room_are_counted() {
        let (mut visual, mut answer) = sample("column", json!({}));
        for row in 0..400 {
            let mut cells = answer.rows[0].clone();
            cells[1] = shared::table::Cell::Text(format!("Region {row}"));
            answer.rows.push(cells);
        }
        let spec = spec(&visual, &answer, SIZE);
        let shown = spec["concat"].as_array().unwrap().len();
        assert_eq!(spec["title"]["text"], format!("and {} more", 403 - shown));
        let picture = picture(&visual, &answer, SIZE);
        assert!(picture.svg.contains("more</text>"));
        assert!(picture.sources.iter().all(|source| source.row < 12 + shown - 3));
        answer.rows.clear();
        assert_eq!(self::picture(&visual, &answer, SIZE).hits.len(), 0);
        visual.kind = VisualKind::Pie;
        assert_eq!(size_of(&self::picture(&visual, &answer, SIZE)), (420.0, 300.0));
    }

    #[test]
    fn one_legend_explains_all_and_a_whole_of_all_is_nobodys() {
        let (mut visual, mut answer) = sample("donut", json!({}));
        visual.wells.legend = std::mem::take(&mut visual.wells.axis);
        answer.totals = vec![shared::semantic::TotalRows {
            by: Vec::new(),
            rows: vec![vec![
                shared::table::Cell::Null,
                shared::table::Cell::Null,
                shared::table::Cell::Int(600),
            ]],
        }];
        let picture = picture(&visual, &answer, SIZE);
        assert_eq!(picture.svg.matches("role-legend-symbol").count(), 4, "four months");
        assert!(!picture.svg.contains(">600<") && !picture.svg.contains(" %<"));
        assert_eq!(picture.hits.len(), 12);
    }

    #[test]
    fn a_combo_shares_both_of_its_scales() {
        let (mut visual, mut answer) = sample("combo", json!({}));
        visual.wells.line_values = vec![WellItem::metric("cost")];
        let mut cost = answer.columns[2].clone();
        cost.name = "cost".to_owned();
        answer.columns.push(cost);
        for (index, row) in answer.rows.iter_mut().enumerate() {
            row.push(shared::table::Cell::Int(index as i64 * 1_000));
        }
        let spec = spec(&visual, &answer, SIZE);
        for panel in spec["concat"].as_array().unwrap() {
            assert_eq!(
                panel["layer"][0]["encoding"]["y"]["scale"]["domain"],
                json!([0.0, 120.0])
            );
            assert_eq!(
                panel["layer"][1]["encoding"]["y"]["scale"]["domain"],
                json!([0.0, 11_000.0])
            );
        }
    }

    #[cfg(feature = "samples")]
    #[test]
    fn every_kind_with_the_well_is_divided() {
        for kind in VisualKind::ALL {
            if !kind.wells().contains(&WellName::SmallMultiples) {
                continue;
            }
            let (visual, answer) = crate::visual::samples::divided(kind, 4);
            let picture = picture(&visual, &answer, SIZE);
            assert_eq!(size_of(&picture), (420.0, 300.0), "{kind:?}");
            assert!(picture.hits.iter().all(|hit| hit.mark < picture.sources.len()));
        }
    }

    #[cfg(feature = "samples")]
    #[test]
    fn hidden_series_are_in_no_panel() {
        let (visual, answer) = crate::visual::samples::divided(VisualKind::ColumnStacked, 4);
        let theme = Theme::light();
        let hidden = ["Web".to_owned()];
        let options = DrawOptions {
            hidden: &hidden,
            ..DrawOptions::default()
        };
        let picture = draw(&visual, &answer, &theme, SIZE, &options).unwrap();
        assert_eq!(picture.sources.len(), answer.rows.len() * 2 / 3);
        assert!(picture.hits.len() >= picture.sources.len());
        let text = |row: usize| format!("{:?}", answer.rows[row][1]);
        assert!(picture.sources.iter().all(|source| !text(source.row).contains("Web")));
        assert_eq!(
            picture.svg.matches("data-legend").count(),
            6,
            "all three keep their entries"
        );
    }
}
