//! How many lie in each range of a number.

use serde_json::{Value, json};
use shared::{
    semantic::{Answer, AnswerColumn, Format},
    visual::{Visual, WellName},
};

use super::{
    MarkSource, Parts, Size, bands, number_text,
    numbers::axis_numbers,
    series::{self, LONG, Series},
};
use crate::Theme;

/// Letters of edges and of the numbers on bars, in px.
const EDGE_PX: f64 = 12.0;
const NUMBER_PX: f64 = 11.0;
/// Between the names of two edges, in px.
const EDGE_GAP_PX: f64 = 16.0;
/// What the axis of values takes, about, in px.
const BESIDE_PX: f64 = 48.0;
/// Bars are never wider, in px.
const MOST_BAR_PX: f64 = 96.0;
/// Narrower bars have no gap, in px.
const LEAST_GAPPED_PX: f64 = 4.0;

/// Ranges of one width, from the lower edge of the first to the upper of the last.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ranges {
    least: f64,
    greatest: f64,
    width: f64,
    /// An edge, or a number in the middle of its bar, from which the others are whole widths away.
    base: f64,
    /// From a row's number to the lower edge of its bar.
    shift: f64,
}

impl Ranges {
    /// Numbers that are not grouped have bars as wide as the least way between two of them, in whose middle they stand.
    fn of(mut numbers: Vec<f64>, bin: Option<f64>) -> Option<Self> {
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        let (first, last) = (*numbers.first()?, *numbers.last()?);
        let bin = bin.filter(|width| width.is_finite() && *width > 0.0);
        let ways = numbers.iter().zip(numbers.iter().skip(1)).map(|(one, next)| next - one);
        let width = bin.unwrap_or_else(|| ways.reduce(f64::min).unwrap_or(1.0));
        let (base, shift) = if bin.is_some() {
            (0.0, 0.0)
        } else {
            (first, -width / 2.0)
        };
        let (least, greatest) = (first + shift, last + shift + width);
        (width.is_finite() && greatest.is_finite() && least < greatest).then_some(Self {
            least,
            greatest,
            width,
            base,
            shift,
        })
    }

    fn count(self) -> f64 {
        ((self.greatest - self.least) / self.width).max(1.0)
    }

    /// What the axis reaches over: few ranges have room around them instead of walls for bars.
    fn domain(self, along_px: f64) -> [f64; 2] {
        let spare = ((along_px / MOST_BAR_PX - self.count()) / 2.0).max(0.0) * self.width;
        [self.least - spare, self.greatest + spare]
    }

    /// Every edge, or every second, fifth, tenth …, so that there are at most so many.
    fn edges(self, most: f64) -> Vec<f64> {
        let most = most.max(1.0);
        let mut step = 1.0;
        for factor in [2.0, 2.5, 2.0].into_iter().cycle() {
            if (self.count() + 1.0) / step <= most || step > 1e15 {
                break;
            }
            step *= factor;
        }
        let index = |edge: f64| (edge - self.base) / self.width / step;
        // Divisions that are whole but for rounding count as whole.
        let (from, to) = ((index(self.least) - 1e-6).ceil(), (index(self.greatest) + 1e-6).floor());
        let mut edges = Vec::new();
        let mut at = from;
        while at <= to && (edges.len() as f64) <= most {
            edges.push(self.base + at * step * self.width);
            at += 1.0;
        }
        edges
    }

    /// The axis with its numbers at edges, as many as have room.
    fn axis(self, visual: &Visual, column: &AnswerColumn, along_px: f64) -> Value {
        let largest = self.least.abs().max(self.greatest.abs());
        let mut format = column.format.clone().unwrap_or_default();
        if largest >= LONG && format.compact.is_none() {
            (format.compact, format.digits) = (Some(true), None);
        }
        let words = |edge: f64| edge_text(edge, self.width, &format);
        let longest_px = [self.least, self.greatest, self.greatest - self.width]
            .into_iter()
            .map(|edge| bands::text_px(&words(edge), EDGE_PX))
            .fold(0.0, f64::max);
        let edges = self.edges((along_px / (longest_px + EDGE_GAP_PX)).floor().max(2.0));
        let texts: serde_json::Map<String, Value> = edges
            .iter()
            .map(|edge| {
                (
                    crate::value::Value::Number(*edge).label().to_string(),
                    json!(words(*edge)),
                )
            })
            .collect();
        json!({
            "title": bands::axis_title(visual, Some(column.label.clone())),
            "titleFontWeight": "normal",
            "values": edges,
            "labelExpr": format!("({})[datum.value]", json!(texts)),
            "labelOverlap": true,
            "labelFlush": false,
            "grid": false,
            "ticks": false,
            "domain": true,
        })
    }
}

/// A number without the noise that whole widths have added.
fn edge_text(edge: f64, width: f64, format: &Format) -> String {
    let edge = if edge.abs() < width * 1e-6 { 0.0 } else { edge };
    number_text(edge, Some(format))
}

pub(super) fn histogram(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    let parts = Parts::of(visual, answer);
    let measures = parts.measures_of(WellName::Values);
    let mut result = Series::default();
    let axis = parts
        .dimension(WellName::Axis)
        .and_then(|axis| Some((axis, answer.columns.get(axis)?)));
    let (Some(measure), Some((axis, column))) = (measures.first(), axis) else {
        return (json!({ "mark": "bar" }), result);
    };
    let legend = parts.dimension(WellName::Legend);
    let starts: Vec<Option<f64>> = answer
        .rows
        .iter()
        .map(|row| series::number(row.get(axis)).as_f64())
        .collect();
    let Some(ranges) = Ranges::of(starts.iter().copied().flatten().collect(), column.bin) else {
        return (json!({ "mark": "bar" }), result);
    };
    for (index, (row, start)) in answer.rows.iter().zip(&starts).enumerate() {
        let number = series::number(row.get(measure.column)).as_f64();
        let (Some(start), Some(number)) = (start, number) else {
            continue;
        };
        let name = legend.map_or_else(|| measure.label.clone(), |_| series::member(answer, row, legend));
        let position = result.names.iter().position(|known| *known == name).unwrap_or_else(|| {
            result.names.push(name.clone());
            result.names.len() - 1
        });
        let from = start + ranges.shift;
        result.rows.push(json!({
            "x": from, "x2": from + ranges.width, "y": number, "s": name, "i": position,
            "l": series::number_label(visual, answer, measure, number),
        }));
        result.sources.push(MarkSource {
            row: index,
            column: measure.column,
        });
    }

    let along_px = (size.width_px - BESIDE_PX).max(1.0);
    let bar_px = (along_px / ranges.count()).min(MOST_BAR_PX);
    let color = bands::color(visual, answer, theme, &result, size);
    let labels = visual.format.data_labels && color.is_none() && numbers_fit(&result, bar_px);
    let x = json!({
        "field": "x", "bin": "binned", "type": "quantitative",
        "scale": { "domain": ranges.domain(along_px), "nice": false, "zero": false },
        "axis": ranges.axis(visual, column, along_px),
    });
    let mut value_axis = bands::value_axis(
        visual,
        &axis_numbers(visual, answer, &measures, false),
        size.height_px,
        Some(measure.label.clone()),
    );
    if labels && let Value::Object(axis) = &mut value_axis {
        // The numbers are on the bars: the axis need not repeat them.
        axis.insert("labels".to_owned(), json!(false));
        axis.insert("grid".to_owned(), json!(false));
    }
    let mut scale = json!({ "zero": visual.format.zero.unwrap_or(true) || color.is_some() });
    let largest = result
        .rows
        .iter()
        .filter_map(|row| row.get("y")?.as_f64())
        .fold(0.0, f64::max);
    if labels
        && largest > 0.0
        && let Value::Object(scale) = &mut scale
    {
        scale.insert(
            "domainMax".to_owned(),
            json!(largest * (1.0 + 24.0 / size.height_px.max(24.0))),
        );
    }
    let y = json!({
        "field": "y", "type": "quantitative", "axis": value_axis, "scale": scale,
        "stack": color.as_ref().map(|_| "zero"),
    });
    let gap_px = if bar_px < LEAST_GAPPED_PX { 0 } else { 1 };
    let mut mark = json!({ "type": "bar", "orient": "vertical", "binSpacing": gap_px });
    let mut encoding = json!({ "x": x, "x2": { "field": "x2" }, "y": y });
    if let (Value::Object(mark), Value::Object(encoding)) = (&mut mark, &mut encoding) {
        match color {
            Some(color) => {
                encoding.insert("color".to_owned(), color);
                encoding.insert("order".to_owned(), json!({ "field": "i", "type": "quantitative" }));
                mark.insert("cornerRadiusEnd".to_owned(), json!(0));
            }
            None => {
                mark.insert("color".to_owned(), json!(bands::single_color(visual, theme)));
                mark.insert(
                    "cornerRadiusEnd".to_owned(),
                    json!(if gap_px > 0 { theme.bar_radius_px } else { 0.0 }),
                );
            }
        }
    }
    if !labels {
        return (json!({ "mark": mark, "encoding": encoding }), result);
    }
    let numbers = json!({
        "mark": { "type": "text", "baseline": "bottom", "dy": -3, "fontSize": NUMBER_PX, "color": theme.ink_muted, "aria": false },
        "encoding": { "x": x, "x2": { "field": "x2" }, "y": y, "text": { "field": "l", "type": "nominal" } },
    });
    (
        json!({ "layer": [{ "mark": mark, "encoding": encoding }, numbers] }),
        result,
    )
}

fn numbers_fit(series: &Series, bar_px: f64) -> bool {
    let texts = series
        .rows
        .iter()
        .filter_map(|row| row.get("l").and_then(Value::as_str));
    texts
        .map(|text| bands::text_px(text, NUMBER_PX))
        .all(|text_px| text_px + 2.0 <= bar_px)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visual::samples::{Sample, sample};
    use crate::visual::{DrawOptions, draw, specification};
    use shared::{table::Cell, visual::VisualKind};

    const SIZE: Size = Size {
        width_px: 400.0,
        height_px: 260.0,
    };

    #[test]
    fn edges_are_named_at_steps_that_people_count_in() {
        let ranges = Ranges::of(vec![0.0, 10.0, 90.0], Some(10.0)).unwrap();
        assert_eq!((ranges.least, ranges.greatest), (0.0, 100.0));
        assert_eq!(ranges.edges(11.0).len(), 11);
        assert_eq!(ranges.edges(6.0), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(ranges.edges(3.0), [0.0, 50.0, 100.0]);
        let far = Ranges::of(vec![0.0, 1e12], Some(1.0)).unwrap();
        assert!(far.edges(5.0).len() <= 5);
        let small = Ranges::of(vec![-0.1, 0.3], Some(0.1)).unwrap();
        let texts: Vec<_> = small
            .edges(9.0)
            .iter()
            .map(|edge| edge_text(*edge, 0.1, &Format::default()))
            .collect();
        assert_eq!(texts, ["-0.1", "0", "0.1", "0.2", "0.3", "0.4"]);
    }

    #[test]
    fn plain_numbers_stand_in_the_middle_of_bars_of_the_least_way() {
        let ranges = Ranges::of(vec![5.0, 1.0, 3.0, 3.0], None).unwrap();
        assert_eq!((ranges.width, ranges.least, ranges.greatest), (2.0, 0.0, 6.0));
        assert_eq!(ranges.edges(9.0), [1.0, 3.0, 5.0]);
        let one = Ranges::of(vec![4.0], None).unwrap();
        assert_eq!(one.width, 1.0);
        assert_eq!(one.domain(288.0), [2.5, 5.5]);
        assert_eq!(Ranges::of(Vec::new(), Some(1.0)), None);
    }

    #[test]
    fn bars_reach_from_edge_to_edge_and_nobody_has_no_bar() {
        let (visual, mut answer) = sample(VisualKind::Histogram, Sample::Usual);
        answer.rows[0][0] = Cell::Null;
        answer.rows.remove(5);
        let spec = specification(&visual, &answer, &Theme::light(), SIZE, &DrawOptions::default()).unwrap();
        let rows = spec["data"]["values"].as_array().unwrap();
        assert_eq!(rows.len(), 8);
        assert_eq!((&rows[0]["x"], &rows[0]["x2"]), (&json!(10.0), &json!(20.0)));
        assert_eq!(spec["encoding"]["x"]["scale"]["domain"], json!([10.0, 100.0]));
        let picture = draw(&visual, &answer, &Theme::light(), SIZE, &DrawOptions::default()).unwrap();
        assert_eq!(picture.sources.first().unwrap().row, 1);
        let places: Vec<f64> = picture.hits.iter().map(|hit| hit.x_px).collect();
        let way = places[1] - places[0];
        assert!(
            (places[4] - places[3] - 2.0 * way).abs() < 0.1,
            "the range without rows is empty"
        );
    }
}
