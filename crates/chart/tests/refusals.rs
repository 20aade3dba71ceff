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
        "projection": {"type": "waterman", "lobes": 3},
        "layer": [{"mark": "geoshape", "encoding": {"wind": {"field": "a"}}}],
    });
    let Err(ChartError::Unsupported(problems)) = draw(&spec) else {
        panic!("drawn")
    };
    let paths: Vec<&str> = problems.iter().map(|p| p.path.as_str()).collect();
    assert_eq!(
        paths,
        ["$.projection.type", "$.projection.lobes", "$.layer[0].encoding.wind"]
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

#[test]
fn refuses_marks_that_stand_on_no_map() {
    for mark in ["bar", "area", "rect", "tick", "rule", "arc"] {
        let spec = json!({"data": {"values": [{"a": 1}]}, "mark": mark,
            "encoding": {"longitude": {"field": "a"}, "latitude": {"field": "a"}}});
        let Err(ChartError::Unsupported(problems)) = draw(&spec) else {
            panic!("{mark} drawn")
        };
        assert_eq!(problems[0].path, "$.encoding.longitude", "{mark}");
    }
    let arranged = json!({"projection": {}, "hconcat": [{"data": {"sphere": true}, "mark": "geoshape"}]});
    assert!(
        draw(&arranged)
            .expect_err("refused")
            .to_string()
            .contains("$.projection: not supported")
    );
}

#[test]
fn survives_hostile_maps() {
    let far = json!([
        [1e308, -1e308],
        [null, 5],
        [],
        ["x", 1],
        [179, 91],
        [-181, -91],
        [180, 90],
        [-180, -90]
    ]);
    let nested = (0..60).fold(
        json!({"type": "Point", "coordinates": [0, 0]}),
        |inner, _| json!({"type": "GeometryCollection", "geometries": [inner]}),
    );
    let shapes = json!([{"type": "Polygon", "coordinates": [far]}, {"type": "LineString", "coordinates": far},
        {"type": "MultiPoint", "coordinates": far}, {"type": "Polygon", "coordinates": []}, {"type": "Polygon"},
        {"type": "Sphere"}, {"type": "Feature", "geometry": 7}, {"type": 5}, {}, 3, null, nested]);
    let settings = [
        json!({}),
        json!({"rotate": [1e300, -1e300, 5]}),
        json!({"scale": 1e300}),
        json!({"clipAngle": 1e-9}),
        json!({"clipAngle": 1e9}),
        json!({"precision": 0}),
        json!({"parallels": [-90, 90]}),
        json!({"parallels": [20, -20]}),
        json!({"clipExtent": [[0, 0], [0, 0]]}),
        json!({"translate": [1e300, 0]}),
        json!({"center": [0, 90]}),
    ];
    for kind in [
        "albers",
        "albersUsa",
        "azimuthalEqualArea",
        "azimuthalEquidistant",
        "conicConformal",
        "conicEqualArea",
        "conicEquidistant",
        "equalEarth",
        "equirectangular",
        "gnomonic",
        "identity",
        "mercator",
        "naturalEarth1",
        "orthographic",
        "stereographic",
        "transverseMercator",
    ] {
        for projection in &settings {
            let mut projection = projection.clone();
            projection["type"] = json!(kind);
            let spec = json!({"data": {"values": shapes}, "projection": projection, "mark": "geoshape"});
            if let Ok(svg) = draw(&spec) {
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{projection}");
            }
        }
    }
    let fine = json!({"data": {"graticule": {"step": [1e-9, 1e-9]}}, "mark": "geoshape"});
    assert!(draw(&fine).is_err());
    let bent = json!({"data": {"graticule": true}, "projection": {"type": "orthographic", "scale": 1e9, "precision": 1e-9},
        "mark": "geoshape"});
    assert!(draw(&bent).is_err());
}

#[test]
fn reads_topologies_of_named_data_sets() {
    let arcs = json!([[[0, 0], [0, 20], [20, 20], [20, 0], [0, 0]]]);
    let topology = json!({"type": "Topology", "objects": {"a": {"type": "Polygon", "arcs": [[0]]}}, "arcs": arcs});
    let format = json!({"type": "topojson", "feature": "a"});
    let named = json!({"datasets": {"t": topology}, "data": {"name": "t", "format": format}, "mark": "geoshape"});
    let inline = json!({"data": {"values": topology, "format": format}, "mark": "geoshape"});
    let svg = draw(&named).expect("drawn");
    assert_eq!(svg, draw(&inline).expect("drawn"));
    assert!(svg.contains("mark-shape"));
}
