//! Circles at places, by area.

use serde_json::{Map, Value, json};
use shared::{
    semantic::Answer,
    table::Cell,
    visual::{Atlas, Visual, WellName},
};

use super::{
    super::{MarkSource, Parts, Size, bands, series, series::Series},
    ground::{Ground, projection},
    note,
};
use crate::{Theme, math};

/// Area of the smallest circle in px², so that every point is seen.
const LEAST_AREA: f64 = 9.0;
/// Area of points without a size, in px².
const PLAIN_AREA: f64 = 40.0;

pub(in super::super) fn point_map(
    visual: &Visual,
    answer: &Answer,
    theme: &Theme,
    size: Size,
    shapes: Option<&Value>,
) -> (Value, Series) {
    let atlas = visual.format.atlas.unwrap_or_default();
    let parts = Parts::of(visual, answer);
    let sizes = parts.measures_of(WellName::Size);
    let measure = sizes.first().copied();
    let number = |row: &[Cell], column: Option<usize>| row.get(column?)?.as_f64().filter(|number| number.is_finite());
    let amount = |row: &[Cell]| number(row, measure.map(|measure| measure.column));
    let greatest = answer.rows.iter().filter_map(|row| amount(row)).fold(0.0, f64::max);
    // Many circles are smaller, or they would lie on one heap.
    let crowd = (answer.rows.len() as f64 / 60.0).max(1.0);
    let largest_area = (math::pow(size.width_px.min(size.height_px) * 0.11, 2.0) / crowd).clamp(60.0, 1_600.0);
    let legend = parts.dimension(WellName::Legend);
    let degrees = |row: &[Cell], well: WellName, most: f64| {
        number(row, parts.dimension(well)).filter(|degrees| degrees.abs() <= most)
    };

    let mut result = Series::default();
    let mut points = Vec::new();
    let mut without_place = 0;
    for (row_index, row) in answer.rows.iter().enumerate() {
        let name = series::member(answer, row, legend);
        if legend.is_some() && !result.names.contains(&name) {
            result.names.push(name.clone());
        }
        let place = degrees(row, WellName::Latitude, 90.0).zip(degrees(row, WellName::Longitude, 180.0));
        let Some((latitude, longitude)) = place else {
            without_place += 1;
            continue;
        };
        let area = match measure {
            // What has no size is not a small thing.
            Some(_) => match amount(row) {
                Some(amount) => (amount / greatest * largest_area).max(LEAST_AREA),
                None => continue,
            },
            None => PLAIN_AREA,
        };
        points.push((
            area,
            json!({ "lat": latitude, "lon": longitude, "z": area, "s": name, "d": series::member(answer, row, parts.dimension(WellName::Detail)) }),
            MarkSource {
                row: row_index,
                column: measure.map_or(0, |measure| measure.column),
            },
        ));
    }
    // Small circles lie on large ones.
    shared::sort::sort_by(&mut points, |a, b| b.0.total_cmp(&a.0));
    for (_, row, source) in points {
        result.rows.push(row);
        result.sources.push(source);
    }

    let mut layers = below(atlas, shapes, theme);
    let mut encoding = Map::new();
    let degrees = |field: &str| json!({ "field": field, "type": "quantitative" });
    encoding.insert("longitude".to_owned(), degrees("lon"));
    encoding.insert("latitude".to_owned(), degrees("lat"));
    encoding.insert(
        "size".to_owned(),
        json!({ "field": "z", "type": "quantitative", "scale": null, "legend": null }),
    );
    let mut mark = json!({ "type": "circle", "opacity": 0.75, "stroke": theme.surface, "strokeWidth": 0.5 });
    match (bands::color(visual, answer, theme, &result, size), &mut mark) {
        (Some(color), _) => {
            encoding.insert("color".to_owned(), color);
        }
        (None, Value::Object(mark)) => {
            mark.insert("color".to_owned(), json!(bands::single_color(visual, theme)));
        }
        (None, _) => {}
    }
    layers.push(json!({ "mark": mark, "encoding": encoding }));
    let left_out = match without_place {
        0 => None,
        1 => Some("1 point has no valid latitude and longitude".to_owned()),
        count => Some(format!("{count} points have no valid latitude and longitude")),
    };
    let spec = json!({
        "projection": projection(atlas),
        "title": note(theme, size, left_out),
        "layer": layers,
    });
    (spec, result)
}

/// The areas of the atlas; until they are there, the globe with its lines. Those have no place on a map of one country.
fn below(atlas: Atlas, shapes: Option<&Value>, theme: &Theme) -> Vec<Value> {
    if let Some(ground) = Ground::of(atlas, shapes) {
        return vec![ground.layer(theme, |_| true)];
    }
    let lines = |data: Value| {
        json!({
            "data": data,
            "mark": { "type": "geoshape", "filled": false, "stroke": theme.grid, "strokeWidth": 0.5, "aria": false },
        })
    };
    match atlas {
        Atlas::World => vec![
            lines(json!({ "sphere": true })),
            lines(json!({ "graticule": { "step": [30, 30] } })),
        ],
        Atlas::UsStates | Atlas::UsCounties => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use shared::{semantic::Answer, visual::Visual};

    use crate::{
        Theme,
        visual::{DrawOptions, Picture, Size, draw},
    };

    fn drawn(atlas: &str, rows: Value) -> Picture {
        let visual: Visual = serde_json::from_value(json!({
            "kind": "point_map", "format": { "atlas": atlas },
            "wells": { "latitude": [{ "field": "t.lat" }], "longitude": [{ "field": "t.lon" }], "size": [{ "metric": "m" }] },
        }))
        .unwrap();
        let answer: Answer = serde_json::from_value(json!({
            "columns": [
                { "name": "t.lat", "role": "dimension", "type": "number", "label": "Latitude" },
                { "name": "t.lon", "role": "dimension", "type": "number", "label": "Longitude" },
                { "name": "m", "role": "metric", "type": "number", "label": "M" },
            ],
            "rows": rows, "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap();
        let size = Size {
            width_px: 400.0,
            height_px: 260.0,
        };
        draw(&visual, &answer, &Theme::light(), size, &DrawOptions::default()).unwrap()
    }

    #[test]
    fn points_lie_where_they_are_and_wrong_ones_nowhere() {
        let picture = drawn(
            "world",
            json!([
                [52.5, 13.4, 5.0],
                [-33.9, 151.2, 9.0],
                [91.0, 0.0, 5.0],
                [null, 3.0, 5.0],
                [10.0, 10.0, null]
            ]),
        );
        // The largest first.
        let rows: Vec<usize> = picture.sources.iter().map(|source| source.row).collect();
        assert_eq!(rows, [1, 0]);
        let at = |mark: usize| picture.hits.iter().find(|hit| hit.mark == mark).unwrap();
        assert!(at(0).x_px > at(1).x_px && at(0).y_px > at(1).y_px);
        assert!(picture.svg.contains("2 points have no valid latitude and longitude"));
    }

    #[test]
    fn points_outside_the_united_states_are_on_no_map_of_them() {
        let picture = drawn("us_states", json!([[40.7, -74.0, 5.0], [52.5, 13.4, 5.0]]));
        assert_eq!(picture.hits.iter().map(|hit| hit.mark).collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn without_points_there_is_the_globe() {
        let picture = drawn("world", json!([]));
        assert!(picture.hits.is_empty() && picture.svg.contains("mark-shape"));
    }
}
