//! What cannot be drawn is refused by name, and what is hostile does no harm.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use chart::{ChartError, RenderOptions, render_svg, render_svg_with_hits};
use serde_json::{Value, json};

fn draw(spec: &Value) -> Result<String, ChartError> {
    render_svg(spec, &RenderOptions::default())
}

#[test]
fn refuses_by_path_in_order() {
    let spec = json!({
        "data": {"values": [{"a": 1}]},
        "projection": {"type": "mercator"},
        "layer": [{"mark": "geoshape", "encoding": {"longitude": {"field": "a"}}}],
    });
    let Err(ChartError::Unsupported(problems)) = draw(&spec) else {
        panic!("drawn")
    };
    let paths: Vec<&str> = problems.iter().map(|p| p.path.as_str()).collect();
    assert_eq!(
        paths,
        ["$.projection", "$.layer[0].mark", "$.layer[0].encoding.longitude"]
    );
}

#[test]
fn knows_what_is_no_specification() {
    for spec in [
        json!(null),
        json!([]),
        json!({}),
        json!({"mark": 5}),
        json!({"mark": "bar", "encoding": []}),
        json!({"mark": "bar", "width": "wide"}),
    ] {
        assert!(draw(&spec).is_err(), "{spec}");
    }
}

#[test]
fn reads_no_address_but_a_relative_one() {
    for url in [
        "https://example.com/x.json",
        "//example.com/x",
        "data:text/csv,a",
        "x.json",
    ] {
        let spec = json!({"data": {"url": url}, "mark": "point"});
        assert!(matches!(draw(&spec), Err(ChartError::Data(_))), "{url}");
    }
}

#[test]
fn survives_hostile_numbers_and_sizes() {
    let rows: Vec<Value> = [1e308, -1e308, 0.0, 5e-324, -0.0]
        .iter()
        .map(|v| json!({"v": v, "k": "\u{0}<&\">"}))
        .collect();
    for mark in ["bar", "line", "area", "point", "tick", "rule", "text", "rect", "arc"] {
        for scale in ["linear", "log", "sqrt", "pow", "symlog"] {
            let spec = json!({"data": {"values": rows}, "mark": mark, "encoding": {
                "x": {"field": "v", "type": "quantitative", "scale": {"type": scale}},
                "y": {"field": "k", "type": "nominal"}, "color": {"field": "v", "type": "quantitative"},
                "theta": {"field": "v", "type": "quantitative"}, "text": {"field": "v"}}});
            if let Ok(svg) = draw(&spec) {
                assert!(!svg.contains("NaN") || mark == "text", "{mark} {scale}");
                assert!(!svg.contains('\u{0}'));
            }
        }
    }
    let huge = json!({"data": {"values": rows}, "mark": "bar", "width": 1e9, "encoding": {}});
    assert!(matches!(draw(&huge), Err(ChartError::Limit(_))));
    let sequence = json!({"data": {"sequence": {"start": 0, "stop": 1e9}}, "mark": "point"});
    assert!(draw(&sequence).is_err());
}

#[test]
fn survives_deep_nesting() {
    let mut spec = json!({"mark": "bar"});
    for _ in 0..100 {
        spec = json!({"data": {"values": []}, "hconcat": [spec]});
    }
    assert!(draw(&spec).is_err());
    let deep = format!("{}1{}", "(".repeat(2000), ")".repeat(2000));
    let spec = json!({"data": {"values": [{"a": 1}]}, "transform": [{"calculate": deep, "as": "b"}], "mark": "point"});
    assert!(draw(&spec).is_err());
}

#[test]
fn writes_no_script_links() {
    let spec = json!({"data": {"values": [{"u": "javascript:alert(1)"}]}, "mark": "point", "encoding": {"href": {"field": "u"}}});
    assert!(!draw(&spec).unwrap_or_default().contains("<a"));
}

#[test]
fn says_where_rows_went() {
    let spec = json!({"data": {"values": [{"k": "a", "v": 1}, {"k": "b", "v": 2}]}, "mark": "bar",
        "encoding": {"x": {"field": "k"}, "y": {"field": "v", "type": "quantitative"}}});
    let (svg, hits) = render_svg_with_hits(&spec, &RenderOptions::default()).expect("drawn");
    assert_eq!(hits.iter().map(|h| h.row).collect::<Vec<_>>(), [0, 1]);
    assert!(hits[0].x_px < hits[1].x_px && hits[0].y_px > hits[1].y_px);
    assert!(svg.contains("data-row=\"1\"") && svg.contains("aria-label=\"k: a; v: 1\""));
}
