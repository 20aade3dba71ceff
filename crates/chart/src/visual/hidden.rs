//! Series that a reader has switched off in the legend: their marks are gone and the axes adapt to what is left, but
//! colours and entries of all stay.

use serde_json::{Value, json};
use shared::{semantic::Answer, table::Cell, visual::Visual};

use super::{DrawOptions, Size, draw::marks, series::Series};
use crate::{ChartError, Theme};

/// Wide enough for every legend.
const ANY_SIZE: Size = Size {
    width_px: 1_000.0,
    height_px: 800.0,
};

/// What `draw` makes of the answer, without the series of the names.
pub(super) fn without(
    names: &[String],
    answer: &Answer,
    theme: &Theme,
    draw: impl Fn(&Answer) -> Result<(Value, Series), ChartError>,
) -> Result<(Value, Series), ChartError> {
    let (spec, series) = draw(answer)?;
    let is_hidden = |row: &Value| {
        row.get("s")
            .and_then(Value::as_str)
            .is_some_and(|name| names.iter().any(|hidden| hidden == name))
    };
    if series.names.len() < 2 || !series.rows.iter().any(is_hidden) {
        return Ok((spec, series));
    }
    // Shares, room for labels and the like are of what is left: the others have no value.
    let mut left = answer.clone();
    left.totals.clear();
    for (_, source) in series
        .rows
        .iter()
        .zip(&series.sources)
        .filter(|(row, _)| is_hidden(row))
    {
        if let Some(cell) = left.rows.get_mut(source.row).and_then(|row| row.get_mut(source.column)) {
            *cell = Cell::Null;
        }
    }
    // A kind that leaves out series without a value would give their colours to others.
    let (mut spec, mut series) = match draw(&left)? {
        (spec_left, left) if left.names == series.names => (spec_left, left),
        _ => (spec, series),
    };
    let kept = |series: &Series| -> Vec<bool> { series.rows.iter().map(|row| !is_hidden(row)).collect() };
    series.keep(&kept(&series));
    each_color(&mut spec, &mut |color| fade(color, names, theme));
    Ok((spec, series))
}

/// The names of the legend's entries in order; none where there is no legend of series.
pub fn legend_names(visual: &Visual, answer: &Answer) -> Vec<String> {
    let drawn = marks(visual, answer, &Theme::light(), ANY_SIZE, &DrawOptions::default());
    let Ok((mut spec, _)) = drawn else {
        return Vec::new();
    };
    let mut names: Option<Vec<String>> = None;
    each_color(&mut spec, &mut |color| {
        let explained = color.get("field").and_then(Value::as_str) == Some("s")
            && color.get("legend").is_some_and(Value::is_object);
        if let Some(domain) = color
            .pointer("/scale/domain")
            .and_then(Value::as_array)
            .filter(|_| explained)
        {
            names.get_or_insert_with(|| domain.iter().filter_map(Value::as_str).map(str::to_owned).collect());
        }
    });
    names.unwrap_or_default()
}

/// Every definition of the colour channel in a specification.
pub(super) fn each_color(spec: &mut Value, change: &mut impl FnMut(&mut Value)) {
    if let Some(color) = spec.pointer_mut("/encoding/color") {
        change(color);
    }
    for list in ["layer", "concat"] {
        for view in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            each_color(view, change);
        }
    }
}

/// The names' entries in the colour of hairlines.
fn fade(color: &mut Value, names: &[String], theme: &Theme) {
    let Some(domain) = color.pointer("/scale/domain").and_then(Value::as_array) else {
        return;
    };
    let hidden: Vec<bool> = domain
        .iter()
        .map(|entry| names.iter().any(|name| entry == name))
        .collect();
    if let Some(range) = color.pointer_mut("/scale/range").and_then(Value::as_array_mut) {
        for (color, _) in range.iter_mut().zip(hidden).filter(|(_, hidden)| *hidden) {
            *color = json!(theme.grid);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visual::{draw, specification};

    const SIZE: Size = Size {
        width_px: 420.0,
        height_px: 300.0,
    };

    fn sample(kind: &str) -> (Visual, Answer) {
        let visual = serde_json::from_value(json!({
            "kind": kind,
            "wells": { "axis": [{ "field": "t.day" }], "legend": [{ "field": "t.channel" }], "values": [{ "metric": "revenue" }] },
        }))
        .unwrap();
        let answer = serde_json::from_value(json!({
            "columns": [
                { "name": "day", "role": "dimension", "type": "string", "label": "Day" },
                { "name": "channel", "role": "dimension", "type": "string", "label": "Channel" },
                { "name": "revenue", "role": "metric", "type": "number", "label": "Revenue" },
            ],
            "rows": [["A", "Web", 100.0], ["A", "Store", 10.0], ["B", "Web", 500.0], ["B", "Store", 20.0], ["B", "Phone", 5.0]],
            "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap();
        (visual, answer)
    }

    #[test]
    fn hidden_series_leave_their_place_and_colour() {
        let (visual, answer) = sample("column");
        let theme = Theme::light();
        let hidden = ["Web".to_owned()];
        let options = DrawOptions {
            hidden: &hidden,
            ..DrawOptions::default()
        };
        let spec = specification(&visual, &answer, &theme, SIZE, &options).unwrap();
        let color = &spec["encoding"]["color"]["scale"];
        assert_eq!(color["domain"], json!(["Web", "Store", "Phone"]));
        assert_eq!(
            color["range"],
            json!([theme.grid, theme.categorical[1], theme.categorical[2]])
        );
        let picture = draw(&visual, &answer, &theme, SIZE, &options).unwrap();
        let rows: Vec<usize> = picture.sources.iter().map(|source| source.row).collect();
        assert_eq!(rows, [1, 3, 4]);
        assert!(
            !picture.svg.contains(">500<") && picture.svg.contains(">20<"),
            "the axis adapts"
        );
        assert!(picture.svg.contains(">Web<"), "the legend keeps its entry");
        for entry in 0..3 {
            // Its symbol and its name.
            let attribute = format!("data-legend=\"{entry}\"");
            assert_eq!(picture.svg.matches(&attribute).count(), 2);
        }
    }

    #[test]
    fn legends_name_their_entries() {
        let names = |kind: &str| {
            let (visual, answer) = sample(kind);
            legend_names(&visual, &answer)
        };
        assert_eq!(names("line"), ["Web", "Store", "Phone"]);
        assert!(names("funnel").is_empty() && names("table").is_empty());
        let (mut visual, answer) = sample("line");
        visual.format.legend.show = false;
        assert!(legend_names(&visual, &answer).is_empty());
    }

    #[test]
    fn slices_share_what_is_left() {
        let (visual, mut answer) = sample("pie");
        answer.columns.remove(0);
        for row in &mut answer.rows {
            row.remove(0);
        }
        answer.rows = [0, 1, 4].map(|row: usize| answer.rows[row].clone()).to_vec();
        assert_eq!(legend_names(&visual, &answer), ["Web", "Store", "Phone"]);
        let hidden = ["Web".to_owned()];
        let options = DrawOptions {
            hidden: &hidden,
            ..DrawOptions::default()
        };
        let svg = draw(&visual, &answer, &Theme::light(), SIZE, &options).unwrap().svg;
        assert!(svg.contains("66.7 %") && svg.contains("33.3 %") && svg.contains("Web\u{2002}–"));
    }
}
