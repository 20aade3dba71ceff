//! Pie and donut.

use serde_json::{Map, Value, json};
use shared::{
    semantic::{Answer, Format, FormatKind},
    visual::{LegendPosition, Visual, VisualKind, WellName},
};

use super::{
    MeasureColumn, Parts, Size, bands, number_text, palette,
    plane::shortened,
    series::{self, Series},
};
use crate::{Theme, math};

const PERCENT: Format = Format {
    kind: FormatKind::Percent,
    digits: Some(1),
    code: None,
    compact: None,
};

/// A row of the legend above or below, and the space between its columns and before the slices.
const LEGEND_ROW_PX: f64 = 17.0;
const LEGEND_GAP_PX: f64 = 16.0;
/// Of a legend's entry beside its words, in px.
const SYMBOL_PX: f64 = 24.0;
const LETTERS_PX: f64 = 12.0;
/// Names in a legend are cut to at most this, and beside slices to this part of the picture, in px.
const NAME_PX: f64 = 180.0;
const NAME_SHARE: f64 = 0.3;
/// More slices than this cannot be told apart: the smallest are grey, one beside the other.
const MOST_SLICES: usize = 10;
/// Thinner slices have no gaps beside them, in px along the edge.
const LEAST_GAPPED_PX: f64 = 4.0;
/// The name of them all, and the one where a member is called so.
const REST: [&str; 2] = ["Others", "All others"];

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
    let kept = Kept::of(&mut series);
    let shares = shares(&series, &kept);
    let drawn = series.rows.iter().any(|row| row.get("y").is_some_and(Value::is_number));
    let mut legend = if series.names.len() > 1 && drawn {
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
        let beside = matches!(legend.get("orient").and_then(Value::as_str), Some("right" | "left"));
        let name_px = if beside {
            (size.width_px * NAME_SHARE).min(NAME_PX)
        } else {
            NAME_PX
        };
        let words = kept.words(&shares, name_px);
        let widest = words.values().filter_map(Value::as_str);
        let entry_px = SYMBOL_PX + widest.map(|text| bands::text_px(text, LETTERS_PX)).fold(0.0, f64::max);
        let names = kept.names();
        if beside {
            beside_px = entry_px + LEGEND_GAP_PX;
            let fitting = ((size.height_px - LEGEND_GAP_PX) / LEGEND_ROW_PX).floor().max(1.0) as usize;
            // The rest is the last to be left out: it may be nearly all.
            let last = names.len().saturating_sub(usize::from(kept.rest > 0));
            let (own, rest) = names.split_at(last);
            let named: Vec<_> = own.iter().take(fitting - rest.len().min(fitting)).chain(rest).collect();
            legend.insert("values".to_owned(), json!(named));
        } else {
            let columns = (size.width_px / (entry_px + LEGEND_GAP_PX)).floor().max(1.0);
            above_px = (names.len() as f64 / columns).ceil() * LEGEND_ROW_PX + LEGEND_GAP_PX;
            legend.insert("columns".to_owned(), json!(columns));
            legend.insert("symbolLimit".to_owned(), json!(names.len()));
        }
        legend.insert("labelLimit".to_owned(), json!(0));
        legend.insert(
            "labelExpr".to_owned(),
            json!(format!("({})[datum.value]", json!(words))),
        );
    }
    let room_px = (size.width_px - beside_px).min(size.height_px - above_px);
    let radius = (room_px / 2.0 - 4.0).max(1.0);
    let inner = match visual.kind {
        VisualKind::Donut => radius * 0.62,
        _ => 0.0,
    };
    let mut pie = json!({
        "mark": { "type": "arc", "innerRadius": inner, "outerRadius": radius, "stroke": theme.surface, "strokeWidth": if drawn_slices(&series) > 1 { 2 } else { 0 } },
        "encoding": {
            "theta": { "field": "y", "type": "quantitative", "stack": true },
            "order": { "field": "i", "type": "quantitative" },
            "color": {
                // Where every slice has its own colour, the legend is that of the series.
                "field": if kept.rest > 0 { "k" } else { "s" }, "type": "nominal", "sort": null,
                "scale": { "domain": kept.names(), "range": kept.colours(palette::members(theme, answer, &series), theme) },
                "legend": legend,
            },
        },
    });
    let any_thin = mark_thin(&mut series, radius);
    if (kept.rest > 0 || any_thin)
        && let Some(Value::Object(encoding)) = pie.get_mut("encoding")
    {
        // Gaps would be all there is to see of them.
        let mut without = vec![json!({ "test": "datum.h === true", "value": "transparent" })];
        if kept.rest > 0 {
            let is_rest = format!("datum.k === {}", json!(kept.rest_name));
            without.insert(0, json!({ "test": is_rest, "value": theme.rest }));
        }
        encoding.insert(
            "stroke".to_owned(),
            json!({ "condition": without, "value": theme.surface }),
        );
        encoding.insert("strokeWidth".to_owned(), json!({ "value": 1 }));
    }
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

/// How large the slice of a row is.
fn number(row: &Value) -> Option<f64> {
    row.get("y")?.as_f64()
}

fn whole(series: &Series) -> f64 {
    series.rows.iter().filter_map(number).sum()
}

fn drawn_slices(series: &Series) -> usize {
    let numbers = series.rows.iter().filter_map(number);
    numbers.filter(|number| *number > 0.0).count()
}

/// Marks (`h`) slices that are hardly wider than the gaps, and tells whether there are any. Those of several panels are no parts
/// of one whole: none is marked.
fn mark_thin(series: &mut Series, radius: f64) -> bool {
    if series.rows.len() > series.names.len() {
        return false;
    }
    let least = whole(series) * LEAST_GAPPED_PX / (math::TAU * radius);
    let mut any = false;
    for row in &mut series.rows {
        if number(row).is_some_and(|number| 0.0 < number && number < least)
            && let Value::Object(row) = row
        {
            row.insert("h".to_owned(), json!(true));
            any = true;
        }
    }
    any
}

/// The slices with a colour of their own, and how many share one.
struct Kept {
    /// By the position of its series; whether it is kept.
    names: Vec<(String, bool)>,
    rest: usize,
    rest_name: &'static str,
}

impl Kept {
    /// Gives every row its group (`k`) and moves the rest behind the kept.
    fn of(series: &mut Series) -> Self {
        let count = series.names.len();
        let mut sizes = vec![f64::NEG_INFINITY; count];
        let position = |row: &Value| usize::try_from(row.get("i").and_then(Value::as_u64)?).ok();
        for row in &series.rows {
            if let Some(size) = position(row).and_then(|position| sizes.get_mut(position)) {
                *size = row.get("y").and_then(Value::as_f64).unwrap_or(f64::NEG_INFINITY);
            }
        }
        let mut order: Vec<usize> = (0..count).collect();
        shared::sort::sort_by(&mut order, |a, b| {
            let size = |at: &usize| sizes.get(*at).copied().unwrap_or(f64::NEG_INFINITY);
            size(b).total_cmp(&size(a))
        });
        let most = if count > MOST_SLICES { MOST_SLICES - 1 } else { count };
        order.truncate(most);
        let names: Vec<(String, bool)> = series
            .names
            .iter()
            .enumerate()
            .map(|(index, name)| (name.clone(), order.contains(&index)))
            .collect();
        let [usual, other] = REST;
        let rest_name = if series.names.iter().any(|name| name == usual) {
            other
        } else {
            usual
        };
        for row in &mut series.rows {
            let at = position(row).unwrap_or_default();
            if let (Value::Object(row), Some((name, is_kept))) = (row, names.get(at)) {
                row.insert("k".to_owned(), json!(if *is_kept { name } else { rest_name }));
                if !is_kept {
                    row.insert("i".to_owned(), json!(at + count));
                }
            }
        }
        Self {
            rest: count - order.len(),
            names,
            rest_name,
        }
    }

    /// In the order of the legend.
    fn names(&self) -> Vec<&str> {
        let kept = self.names.iter().filter(|(_, is_kept)| *is_kept);
        kept.map(|(name, _)| name.as_str())
            .chain((self.rest > 0).then_some(self.rest_name))
            .collect()
    }

    /// Colours in the order of the palette, so that no two of the kept are alike.
    fn colours(&self, members: Vec<String>, theme: &Theme) -> Vec<String> {
        let kept = self.names.iter().zip(members).filter(|((_, is_kept), _)| *is_kept);
        let mut colours: Vec<String> = kept.map(|(_, colour)| colour).collect();
        if self.rest > 0 {
            let own = palette::categories(theme, colours.len());
            for (colour, own) in colours.iter_mut().zip(own) {
                if *colour != theme.rest {
                    *colour = own;
                }
            }
            colours.push(theme.rest.clone());
        }
        colours
    }

    /// What the legend says of each: its name, cut to a width, and its share.
    fn words(&self, shares: &Map<String, Value>, name_px: f64) -> Map<String, Value> {
        let names = self.names();
        let words = names.iter().map(|name| {
            let written = if self.rest > 0 && *name == self.rest_name {
                format!("{} others", self.rest)
            } else {
                shortened(name, LETTERS_PX, false, name_px)
            };
            let share = shares.get(*name).and_then(Value::as_str).unwrap_or_default();
            ((*name).to_owned(), json!(format!("{written}\u{2002}{share}")))
        });
        words.collect()
    }
}

/// Each group's part of the whole. What has no slice has none.
fn shares(series: &Series, kept: &Kept) -> Map<String, Value> {
    let whole = whole(series);
    let share = |name: &str| {
        let of_group = series
            .rows
            .iter()
            .filter(|row| row.get("k").and_then(Value::as_str) == Some(name));
        let part = of_group.filter_map(number).reduce(|sum, number| sum + number);
        match part.filter(|_| whole > 0.0) {
            Some(part) => number_text(part / whole, Some(&PERCENT)),
            None => "–".to_owned(),
        }
    };
    kept.names()
        .into_iter()
        .map(|name| (name.to_owned(), json!(share(name))))
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
    use shared::{
        semantic::Answer,
        visual::{Visual, VisualKind},
    };

    use crate::visual::{
        DrawOptions, Size, draw,
        samples::{self, Sample},
        specification,
    };

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
    fn a_legend_without_room_for_all_names_the_rest() {
        let (visual, answer) = samples::sample(VisualKind::Pie, Sample::Many);
        let size = Size {
            width_px: 240.0,
            height_px: 160.0,
        };
        let spec = specification(&visual, &answer, &crate::Theme::light(), size, &DrawOptions::default()).unwrap();
        let named = spec["encoding"]["color"]["legend"]["values"].as_array().unwrap();
        assert_eq!((named.len(), named.last().unwrap()), (8, &json!("Others")));
        let thin = |row: &&serde_json::Value| row["h"] == true;
        let rows = spec["data"]["values"].as_array().unwrap();
        assert_eq!(
            rows.iter().filter(thin).count(),
            400,
            "none is wider than the gap beside it"
        );
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
    fn the_smallest_of_many_slices_are_grey_and_what_is_missing_has_no_share() {
        use crate::visual::samples::{Sample, sample};
        let drawn = |state| {
            let (visual, answer) = sample(shared::visual::VisualKind::Pie, state);
            let size = Size {
                width_px: 400.0,
                height_px: 260.0,
            };
            let theme = crate::Theme::light();
            specification(&visual, &answer, &theme, size, &DrawOptions::default()).unwrap()
        };
        let many = drawn(Sample::Many);
        let color = &many["encoding"]["color"];
        assert_eq!(color["scale"]["domain"].as_array().unwrap().len(), super::MOST_SLICES);
        assert_eq!(color["scale"]["range"][9], crate::Theme::light().rest);
        assert!(color["legend"]["labelExpr"].as_str().unwrap().contains("391 others"));
        assert_eq!(
            many["data"]["values"].as_array().unwrap().len(),
            400,
            "each can be pointed at"
        );
        let missing = drawn(Sample::Nulls)["encoding"]["color"]["legend"]["labelExpr"].to_string();
        assert!(missing.contains("Item 2\u{2002}–"), "{missing}");
        assert!(drawn(Sample::AllNull)["encoding"]["color"]["legend"].is_null());
    }

    #[test]
    fn the_middle_holds_the_total_that_was_aggregated_as_such() {
        let svg = donut(json!([{ "by": [], "rows": [[null, 100_000.0]] }]));
        assert!(svg.contains("100 k"));
    }
}
