//! Areas coloured by a number, in steps.

use serde_json::{Value, json};
use shared::{
    semantic::Answer,
    table::Cell,
    visual::{Visual, WellName},
};

use super::{
    super::{MarkSource, Parts, Size, cell_text, series, series::Series},
    ground::{Ground, projection},
    is_roomy, note,
    places::Places,
    steps::Steps,
};
use crate::Theme;

/// Names in the note of those that are not on the map.
const NAMED: usize = 3;

pub(in super::super) fn choropleth(
    visual: &Visual,
    answer: &Answer,
    theme: &Theme,
    size: Size,
    shapes: Option<&Value>,
) -> (Value, Series) {
    let Some(ground) = Ground::of(visual.format.atlas.unwrap_or_default(), shapes) else {
        let text = json!({
            "data": { "values": [{}] },
            "mark": { "type": "text", "text": "The map is loading.", "color": theme.ink_muted, "fontSize": 12, "aria": false },
        });
        return (json!({ "layer": [text] }), Series::default());
    };
    let places = Places::of(ground.atlas, &ground.areas, ground.states());
    let parts = Parts::of(visual, answer);
    let measures = parts.measures_of(WellName::Values);
    let (place, measure) = (parts.dimension(WellName::Axis), measures.first().copied());
    let number = |row: &[Cell]| {
        measure
            .and_then(|measure| row.get(measure.column)?.as_f64())
            .filter(|n| n.is_finite())
    };
    let found: Vec<Option<usize>> = answer
        .rows
        .iter()
        .map(|row| place.and_then(|column| places.find(row.get(column)?)))
        .collect();
    let on_map = answer.rows.iter().zip(&found).filter(|(_, at)| at.is_some());
    let steps = Steps::of(theme, on_map.filter_map(|(row, _)| number(row)));

    let mut result = Series::default();
    let mut coloured = vec![false; ground.areas.len()];
    let mut strangers: Vec<String> = Vec::new();
    for (row_index, (row, at)) in answer.rows.iter().zip(&found).enumerate() {
        let name = series::member(answer, row, place);
        match at.and_then(|at| coloured.get_mut(at)) {
            Some(coloured) => *coloured = true,
            None => strangers.push(name.clone()),
        }
        let colour = number(row).and_then(|number| steps.as_ref()?.colour(theme, number));
        let column = measure.map_or(0, |measure| measure.column);
        let value = row.get(column).zip(answer.columns.get(column)).map(|(cell, column)| {
            cell_text(
                cell,
                column,
                measure.and_then(|measure| measure.format(visual, Some(column))),
            )
        });
        result.rows.push(json!({
            "a": at, "c": colour.unwrap_or(&theme.grid), "d": format!("{name}: {}", value.unwrap_or_default()),
        }));
        result.sources.push(MarkSource { row: row_index, column });
    }

    let mut layers = vec![
        ground.layer(theme, |at| coloured.get(at) == Some(&false)),
        json!({
            "transform": [{
                "lookup": "a",
                "from": { "data": ground.data(|at| coloured.get(at) == Some(&true)), "key": "id" },
                "as": "g",
            }],
            "mark": { "type": "geoshape", "stroke": theme.surface, "strokeWidth": ground.border_px() },
            "encoding": {
                "shape": { "field": "g", "type": "geojson" },
                "fill": { "field": "c", "type": "nominal", "scale": null },
                "description": { "field": "d", "type": "nominal" },
            },
        }),
    ];
    let legend = &visual.format.legend;
    if let (Some(steps), true, true) = (steps, legend.show, is_roomy(size)) {
        let format = measure.and_then(|measure| measure.format(visual, answer.columns.get(measure.column)));
        layers.extend(steps.legend(theme, size, legend.position, format));
    }
    let spec = json!({
        "projection": projection(ground.atlas),
        "title": note(theme, size, missing(&strangers)),
        "layer": layers,
    });
    (spec, result)
}

/// `3 places are not on this map: Atlantis, Mu, Thule`; no more than some are named.
fn missing(names: &[String]) -> Option<String> {
    let listed = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    let rest = if names.len() > NAMED { ", …" } else { "" };
    match names.len() {
        0 => None,
        1 => Some(format!("1 place is not on this map: {listed}")),
        count => Some(format!("{count} places are not on this map: {listed}{rest}")),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};
    use shared::{semantic::Answer, visual::Visual};

    use super::super::ROOMY;
    use crate::{
        Theme,
        visual::{DrawOptions, Picture, Size, draw, specification},
    };

    const SIZE: Size = Size {
        width_px: 400.0,
        height_px: 260.0,
    };

    fn shapes(atlas: &str) -> Value {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../public/maps/{atlas}.json"));
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    fn visual(atlas: &str) -> Visual {
        serde_json::from_value(json!({
            "kind": "choropleth", "wells": { "axis": [{ "field": "t.place" }], "values": [{ "metric": "m" }] },
            "format": { "atlas": atlas },
        }))
        .unwrap()
    }

    fn answer(rows: Value) -> Answer {
        serde_json::from_value(json!({
            "columns": [
                { "name": "t.place", "role": "dimension", "type": "string", "label": "Place" },
                { "name": "m", "role": "metric", "type": "number", "label": "M" },
            ],
            "rows": rows, "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap()
    }

    fn drawn(atlas: &str, rows: Value, size: Size) -> Picture {
        let shapes = shapes(atlas);
        let options = DrawOptions {
            shapes: Some(&shapes),
            ..DrawOptions::default()
        };
        draw(&visual(atlas), &answer(rows), &Theme::light(), size, &options).unwrap()
    }

    #[test]
    fn areas_are_the_marks_and_keep_their_rows() {
        let picture = drawn(
            "world",
            json!([["Atlantis", 1.0], ["DE", 60.0], ["Brazil", 0.0], ["USA", null]]),
            SIZE,
        );
        let mut marks: Vec<usize> = picture.hits.iter().map(|hit| hit.mark).collect();
        marks.sort_unstable();
        assert_eq!(marks, [1, 2, 3]);
        assert_eq!(picture.sources.len(), 4);
        let x = |mark: usize| picture.hits.iter().find(|hit| hit.mark == mark).unwrap().x_px;
        assert!(x(3) < x(2) && x(2) < x(1), "America lies in the west");
        let theme = Theme::light();
        let mark = |at: usize| {
            let (_, rest) = picture.svg.split_once(&format!("data-row=\"{at}\"")).unwrap();
            rest.split_once('>').unwrap().0.to_owned()
        };
        assert!(mark(1).contains(&theme.steps[5]) && mark(2).contains(&theme.steps[0]));
        assert!(mark(3).contains(&theme.grid));
        assert!(picture.svg.contains("aria-label=\"DE: 60\""));
        assert!(picture.svg.contains("1 place is not on this map: Atlantis"));
    }

    #[test]
    fn the_drawing_is_no_larger_than_its_tile() {
        let rows = json!([["DE", 60.0], ["Brazil", 0.0]]);
        for size in [
            SIZE,
            ROOMY,
            Size {
                width_px: 120.0,
                height_px: 80.0,
            },
        ] {
            let svg = drawn("world", rows.clone(), size).svg;
            assert!(svg.contains(&format!("viewBox=\"0 0 {} {}\"", size.width_px, size.height_px)));
        }
    }

    #[test]
    fn thousands_of_counties_are_drawn() {
        let counties = shapes("us_counties");
        let list = counties["objects"]["counties"]["geometries"].as_array().unwrap();
        let rows: Vec<Value> = list
            .iter()
            .map(|area| json!([area["id"], area["id"].as_str().unwrap().len()]))
            .collect();
        let picture = drawn("us_counties", json!(rows), SIZE);
        assert!(picture.hits.len() > 3_100, "{}", picture.hits.len());
        assert!(
            picture.svg.contains("places are not on this map"),
            "those of the islands"
        );
    }

    #[test]
    fn without_shapes_a_map_says_so() {
        let options = DrawOptions::default();
        let spec = specification(
            &visual("world"),
            &answer(json!([["DE", 1.0]])),
            &Theme::light(),
            SIZE,
            &options,
        )
        .unwrap();
        assert_eq!(spec["layer"][0]["mark"]["text"], "The map is loading.");
        let picture = draw(
            &visual("world"),
            &answer(json!([["DE", 1.0]])),
            &Theme::light(),
            SIZE,
            &options,
        )
        .unwrap();
        assert!(picture.hits.is_empty());
    }

    #[test]
    fn some_of_the_missing_are_named() {
        let names: Vec<String> = ["A", "B", "C", "D"].map(str::to_owned).to_vec();
        assert_eq!(
            super::missing(&names).unwrap(),
            "4 places are not on this map: A, B, C, …"
        );
        assert_eq!(super::missing(&[]), None);
    }
}
