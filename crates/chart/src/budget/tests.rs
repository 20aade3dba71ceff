use serde_json::{Value, json};

use super::*;
use crate::{ChartError, RenderOptions, render_svg};

#[test]
fn what_is_used_up_stays_so_until_the_next_drawing() {
    start();
    assert!(take(DRAWING - 1) && spend(0).is_ok());
    assert!(!take(1) && !take(0) && spend(0).is_err());
    start();
    assert!(take(1));
}

fn rows(count: usize) -> Value {
    json!({ "sequence": { "start": 0, "stop": count, "as": "a" } })
}

fn after(count: usize, transform: Value) -> Value {
    json!({
        "data": rows(count), "transform": transform, "mark": "point",
        "encoding": { "x": { "field": "a", "type": "quantitative" } },
    })
}

fn calculate(expression: &str, times: usize) -> Vec<Value> {
    (0..times)
        .map(|_| json!({ "calculate": expression, "as": "b" }))
        .collect()
}

fn same(count: usize, item: &Value) -> Value {
    json!(vec![item; count])
}

fn refused(name: &str, spec: &Value) {
    match render_svg(spec, &RenderOptions::default()) {
        Err(ChartError::Limit(reason)) => assert_eq!(reason, USED_UP, "{name}"),
        Err(other) => panic!("{name}: {other}"),
        Ok(svg) => panic!("{name}: {} bytes", svg.len()),
    }
}

#[test]
fn transforms_are_bounded_together() {
    let wide: Vec<Value> = (0..900)
        .map(|at| json!({ "calculate": "1", "as": format!("c{at}") }))
        .collect();
    let mut folded = wide.clone();
    folded.truncate(200);
    folded.push(json!({ "fold": same(50, &json!("a")) }));
    let copy = json!({ "calculate": "datum.a", "as": "b" });
    for (name, count, transform) in [
        ("columns", 10_000, json!(wide)),
        ("fold", 400, json!(folded)),
        (
            "window",
            3_000,
            json!([{ "window": [{ "op": "median", "field": "a", "as": "m" }], "frame": [-2_000, 2_000] }]),
        ),
        (
            "windows",
            10_000,
            json!([{ "window": same(900, &json!({ "op": "rank", "as": "r" })) }]),
        ),
        (
            "joined",
            10_000,
            json!([{ "joinaggregate": same(900, &json!({ "op": "sum", "field": "a", "as": "r" })) }]),
        ),
        (
            "impute",
            5_000,
            json!([copy, { "impute": "a", "key": "a", "groupby": ["b"], "value": 0 }]),
        ),
        ("density", 10_000, json!([{ "density": "a", "steps": 1_000 }])),
        (
            "densities",
            10_000,
            json!([{ "density": "a", "steps": 1_000, "groupby": ["a"] }]),
        ),
        (
            "quantiles",
            10_000,
            json!([{ "quantile": "a", "step": 0.001, "groupby": ["a"] }]),
        ),
        (
            "regressions",
            10_000,
            json!([copy, { "regression": "a", "on": "b", "groupby": ["a"], "method": "poly", "order": 12 }]),
        ),
        (
            "loess",
            3_000,
            json!([copy, { "loess": "a", "on": "b", "bandwidth": 1 }]),
        ),
        (
            "pivot",
            10_000,
            json!([{ "calculate": "datum.a % 1000", "as": "k" }, { "pivot": "k", "value": "a", "groupby": ["a"] }]),
        ),
        (
            "lookups",
            10_000,
            same(
                100,
                &json!({ "lookup": "a", "from": { "data": rows(10_000), "key": "a", "fields": ["a"] }, "as": ["b"] }),
            ),
        ),
        (
            "one of many",
            10_000,
            json!([{ "filter": { "field": "a", "oneOf": (20_000..30_000).collect::<Vec<_>>() } }]),
        ),
    ] {
        refused(name, &after(count, transform));
    }
}

#[test]
fn expressions_are_bounded_together() {
    let sum = format!("[{}]", vec!["datum.a"; 2_000].join(", "));
    for (name, count, expressions) in [
        ("sequence", 10_000, calculate("sequence(100000)", 1)),
        ("split", 10_000, calculate("split(pad('x', 1000), '')", 1)),
        ("pad", 50_000, calculate("pad('x', 1000)", 1)),
        (
            "date",
            10_000,
            calculate(&format!("timeFormat(0, '{}')", "%A".repeat(1_000)), 1),
        ),
        ("long", 10_000, calculate(&sum, 1)),
        (
            "lists",
            2,
            [calculate("sequence(1000)", 1), calculate("[datum.b, datum.b]", 30)].concat(),
        ),
        (
            "objects",
            2,
            [
                calculate("sequence(1000)", 1),
                calculate("{x: datum.b, y: datum.b}", 30),
            ]
            .concat(),
        ),
    ] {
        refused(name, &after(count, json!(expressions)));
    }
    let names: Vec<Value> = (0..5_000)
        .map(|at| json!({ "name": format!("p{at}"), "value": at }))
        .collect();
    let mut named = after(10_000, json!(calculate("p4999 + p4998", 1)));
    named["params"] = json!(names);
    refused("parameters", &named);
}

#[test]
fn expressions_are_not_as_high_as_the_stack() {
    for expression in [
        vec!["datum.a"; 5_000].join(" + "),
        vec!["2"; 5_000].join(" ** "),
        format!("datum{}", ".a".repeat(5_000)),
        format!("{}datum.a{}", "(".repeat(2_000), ")".repeat(2_000)),
        format!("{}1{}", "[1, ".repeat(300), "]".repeat(300)),
        "1 ? 2 : ".repeat(2_000) + "3",
    ] {
        let error = render_svg(&after(2, json!(calculate(&expression, 1))), &RenderOptions::default()).unwrap_err();
        assert!(error.to_string().contains("nested too deeply"), "{error}");
    }
    let usual = vec!["datum.a == 7"; 300].join(" || ");
    render_svg(&after(2, json!(calculate(&usual, 1))), &RenderOptions::default()).unwrap();
}

#[test]
fn lists_are_not_nested_without_end() {
    let mut expressions = calculate("datum.a", 1);
    expressions.extend(calculate("[datum.b]", 1_000));
    let error = render_svg(&after(2, json!(expressions)), &RenderOptions::default()).unwrap_err();
    assert!(error.to_string().contains("nested too deeply"), "{error}");
}

#[test]
fn views_are_bounded_together() {
    let point = json!({ "mark": "point", "encoding": { "x": { "field": "a", "type": "quantitative" } } });
    let many = same(100, &json!("a"));
    let nested = json!({ "repeat": many, "spec": { "repeat": many, "spec": { "repeat": many, "spec": point } } });
    let grid =
        json!({ "repeat": { "row": same(5_000, &json!("a")), "column": same(5_000, &json!("a")) }, "spec": point });
    let layers = json!({ "repeat": { "layer": same(5_000, &json!("a")) }, "spec": point });
    let beside = json!({ "hconcat": same(3_000, &point) });
    for (name, mut spec) in [
        ("nested", nested),
        ("grid", grid),
        ("layers", layers),
        ("beside", beside),
    ] {
        spec["data"] = rows(3);
        refused(name, &spec);
    }
    let cells = json!({ "data": rows(1_900), "facet": { "field": "a" }, "spec": { "hconcat": same(50, &point) } });
    refused("cells", &cells);
}

#[test]
fn what_is_drawn_is_bounded_together() {
    let point = json!({ "mark": "point", "encoding": { "x": { "field": "a", "type": "quantitative" } } });
    refused("marks", &json!({ "data": rows(10_000), "layer": same(50, &point) }));
    let ticks = json!({
        "data": rows(300), "facet": { "field": "a", "columns": 20 },
        "spec": { "mark": "point", "encoding": { "x": { "field": "a", "type": "quantitative", "axis": { "tickCount": 9_000 } } } },
        "resolve": { "scale": { "x": "independent" }, "axis": { "x": "independent" } },
    });
    refused("ticks", &ticks);
    let lines =
        json!({ "data": rows(1_000), "mark": { "type": "text", "text": same(2_000, &json!("x")) }, "encoding": {} });
    refused("lines of text", &lines);
    let words = json!({ "data": rows(3_000), "mark": "point", "encoding": {
        "x": { "field": "a", "type": "quantitative", "axis": null },
        "color": { "field": "a", "type": "quantitative", "title": "y".repeat(100_000), "legend": null },
    } });
    refused("labels", &words);
    let dashes = json!({ "data": rows(1_000), "mark": { "type": "rule", "strokeDash": vec![0.0001; 20_000] }, "encoding": {
        "x": { "field": "a", "type": "quantitative" } } });
    refused("bytes", &dashes);
}

#[test]
fn ordinary_drawings_have_room() {
    let point = json!({ "mark": "point", "encoding": { "x": { "field": "a", "type": "quantitative" } } });
    let mut spec = after(20_000, json!([{ "calculate": "round(datum.a / 7) + 1", "as": "b" }]));
    spec["layer"] = json!([point]);
    for part in ["mark", "encoding"] {
        spec.as_object_mut().unwrap().remove(part);
    }
    render_svg(&spec, &RenderOptions::default()).unwrap();
    // One window over everything is looked at once.
    let whole = json!([{ "window": [{ "op": "mean", "field": "a", "as": "m" }], "frame": [null, null] }]);
    render_svg(&after(20_000, whole), &RenderOptions::default()).unwrap();
}
