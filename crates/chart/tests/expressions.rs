//! Expressions that ask for scales and for extents of the data.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use chart::{ChartError, RenderOptions, render_svg, render_svg_with_hits};
use serde_json::{Value, json};

fn data() -> Value {
    json!({ "values": [{ "a": 10, "s": "P" }, { "a": 30, "s": "Q" }, { "a": null, "s": "Q" }, { "a": 50, "s": "R" }] })
}

fn refusal(spec: &Value) -> String {
    match render_svg(spec, &RenderOptions::default()) {
        Err(ChartError::Unsupported(problems)) => {
            let all: Vec<String> = problems.iter().map(|p| format!("{}: {}", p.path, p.reason)).collect();
            all.join("\n")
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("drawn"),
    }
}

#[test]
fn marks_stand_where_scales_say() {
    let spec = json!({
        "data": data(), "width": 100, "height": 100,
        "transform": [{ "extent": "a", "param": "ends" }],
        "params": [{ "name": "middle", "expr": "(ends[0] + ends[1]) / 2" }],
        "layer": [
            { "mark": "point", "encoding": { "x": { "field": "a", "type": "quantitative", "scale": { "domain": [0, 100] } } } },
            { "mark": "tick", "data": { "values": [{}] }, "encoding": {
                "x": { "value": { "expr": "scale('x', middle)" } },
                "color": { "condition": { "test": "range('x')[1] > domain('x')[1]", "value": "red" }, "value": "blue" },
            } },
        ],
    });
    let (svg, hits) = render_svg_with_hits(&spec, &RenderOptions::default()).unwrap();
    let tick = hits.iter().find(|hit| hit.mark == 1).unwrap();
    let points: Vec<f64> = hits.iter().filter(|hit| hit.mark == 0).map(|hit| hit.x_px).collect();
    assert!(
        (tick.x_px - points[1]).abs() < 0.6,
        "30 lies in the middle of 10 and 50"
    );
    assert!(svg.contains("blue") && !svg.contains("red"));
}

#[test]
fn labels_ask_scales_and_ranges_cover_extents() {
    let spec = json!({
        "data": data(), "width": 100, "height": 90,
        "transform": [{ "extent": "a", "param": "ends" }],
        "mark": "bar",
        "encoding": {
            "x": { "field": "a", "type": "quantitative", "bin": { "extent": { "signal": "ends" }, "step": 20 } },
            "y": { "field": "s", "type": "nominal", "axis": { "labelExpr": "datum.label + ' ' + format(bandwidth('y'), '.0f')" } },
        },
    });
    let svg = render_svg(&spec, &RenderOptions::default()).unwrap();
    assert!(svg.contains(">Q 27<"), "three bands of 30 px with their gaps");
    let mut wrong = spec.clone();
    wrong["encoding"]["x"]["bin"]["extent"]["signal"] = json!("nothing");
    assert!(refusal(&wrong).contains("`nothing` is not known"));
}

#[test]
fn scales_are_not_known_before_there_are_any() {
    let with = |key: &str, value: Value| {
        let mut spec = json!({
            "data": data(), "mark": "point", "encoding": { "x": { "field": "a", "type": "quantitative" } },
        });
        spec[key] = value;
        spec
    };
    let filtered = with("transform", json!([{ "filter": "scale('x', datum.a) > 3" }]));
    assert!(refusal(&filtered).contains("the function `scale` is not known"));
    let wide = with("width", json!({ "expr": "bandwidth('x')" }));
    assert_eq!(
        refusal(&wide),
        "$.width: this expression is not supported: the function `bandwidth` is not known"
    );
}

#[test]
fn a_line_of_one_rows_lists_stands_for_that_row() {
    let spec = json!({
        "data": { "values": [{ "k": "a", "x": [0, 1], "y": [0, 1] }, { "k": "b", "x": [0, 1], "y": [1, 2] }] },
        "transform": [{ "flatten": ["x", "y"] }],
        "mark": "line",
        "encoding": {
            "x": { "field": "x", "type": "quantitative" }, "y": { "field": "y", "type": "quantitative" },
            "detail": { "field": "k" },
        },
    });
    let (svg, hits) = render_svg_with_hits(&spec, &RenderOptions::default()).unwrap();
    assert_eq!(hits.iter().map(|hit| hit.row).collect::<Vec<_>>(), [0, 1]);
    assert!(svg.contains("data-row=\"0\"") && svg.contains("data-row=\"1\""));
}

#[test]
fn rows_that_a_selection_starts_with_are_looked_up() {
    let spec = |steps: Value| {
        json!({
            "data": data(),
            "layer": [
                {
                    "params": [{ "name": "chosen", "select": { "type": "point", "fields": ["a"] }, "value": [{ "a": 30 }] }],
                    "mark": "point", "encoding": { "x": { "field": "a", "type": "quantitative" } },
                },
                {
                    "transform": steps,
                    "mark": "text",
                    "encoding": { "x": { "field": "a", "type": "quantitative" }, "text": { "field": "t", "type": "nominal" } },
                },
            ],
        })
    };
    let look = json!({ "lookup": "s", "from": { "param": "chosen", "key": "s" } });
    let words = json!({ "calculate": "datum.chosen ? datum.s + ' of ' + datum.chosen.a : 'none'", "as": "t" });
    let svg = render_svg(&spec(json!([look, words])), &RenderOptions::default()).unwrap();
    assert_eq!(
        (svg.matches(">Q of 30<").count(), svg.matches(">none<").count()),
        (1, 2)
    );
    assert!(refusal(&spec(json!([{ "filter": "datum.a > 20" }, look]))).contains("first step"));
}

#[test]
fn parameters_of_parameters_do_not_grow_without_end() {
    let names = 1..40;
    let params: Vec<Value> = std::iter::once(json!({ "name": "p0", "expr": "domain('x')[0]" }))
        .chain(names.map(|n| json!({ "name": format!("p{n}"), "expr": format!("p{0} + p{0}", n - 1) })))
        .collect();
    let spec = json!({
        "data": data(), "params": params, "mark": "point",
        "encoding": { "x": { "field": "a", "type": "quantitative" }, "opacity": { "value": { "expr": "p39" } } },
    });
    assert!(refusal(&spec).contains("so long is not supported"));
}
