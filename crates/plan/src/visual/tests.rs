use serde_json::{Value, json};
use shared::{
    dashboard::{Dashboard, FilterState, TableWindow},
    ids::{FilterId, PageId, TileId},
    semantic::Model,
    visual::Visual,
};

use super::*;

fn model() -> Model {
    serde_json::from_value(json!({
        "format": 1, "model": "shop", "version": 3, "time_zone": "Europe/Berlin",
        "tables": [
            { "name": "orders", "source": { "dataset": "orders" }, "default_time": "ordered_at", "dimensions": [
                { "name": "ordered_at", "type": "time", "expr": { "col": "ordered_at" }, "stored": "timestamptz" },
                { "name": "shipped_on", "type": "time", "expr": { "col": "shipped_on" }, "stored": "date" },
                { "name": "country", "type": "string", "expr": { "col": "country" } },
                { "name": "product", "type": "string", "expr": { "col": "product" } },
                { "name": "amount", "type": "number", "expr": { "col": "amount" }, "default_aggregation": "sum" },
                { "name": "cost", "type": "number", "expr": { "col": "cost" } } ] },
            { "name": "visits", "source": { "dataset": "visits" }, "dimensions": [
                { "name": "page", "type": "string", "expr": { "col": "page" } } ] } ],
        "metrics": [
            { "name": "revenue", "type": "simple", "table": "orders", "agg": "sum", "expr": { "col": "amount" } },
            { "name": "visit_count", "type": "simple", "table": "visits", "agg": "count" } ]
    }))
    .unwrap()
}

fn query(visual: Value) -> Value {
    let visual: Visual = serde_json::from_value(visual).unwrap();
    let query = visual_query(&visual, Vec::new(), None, &model(), &TableWindow::default()).unwrap();
    serde_json::to_value(query).unwrap()
}

#[test]
fn a_bar_is_sorted_by_its_value_and_a_line_by_its_time() {
    let bar = query(
        json!({ "kind": "bar", "wells": { "axis": [{ "field": "orders.country" }], "values": [{ "metric": "revenue" }] } }),
    );
    assert_eq!(
        bar["sort"],
        json!([{ "by": "revenue", "dir": "desc" }, { "by": "orders.country", "dir": "asc" }])
    );
    assert_eq!(bar["limit"], 1000);
    assert_eq!(bar["fill"], Value::Null);
    let line = query(
        json!({ "kind": "line", "wells": { "axis": [{ "field": "time", "grain": "month" }], "values": [{ "field": "orders.amount", "agg": "sum" }], "legend": [{ "field": "orders.country" }] } }),
    );
    assert_eq!(line["sort"], json!([{ "by": "time", "dir": "asc" }]));
    assert_eq!(line["fill"]["time"], true);
    assert_eq!(
        line["metrics"],
        json!([{ "field": "orders.amount", "agg": "sum", "as": "sum_amount", "empty": "zero" }])
    );
    assert_eq!(line["top"]["field"], "orders.country");
    assert_eq!(line["top"]["others"], true);
}

#[test]
fn names_stay_unique_and_calculations_follow_their_items() {
    let table = query(json!({ "kind": "table", "wells": {
        "axis": [{ "field": "orders.country" }],
        "values": [{ "metric": "revenue" }, { "metric": "revenue", "show_as": "share_of_total" }, { "field": "orders.amount" }] },
        "query": { "totals": [[]] } }));
    let names: Vec<&str> = table["metrics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|metric| metric["as"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["revenue", "revenue_2", "orders.amount"]);
    assert_eq!(
        table["calc"],
        json!([{ "as": "revenue_2_share", "kind": "share_of_total", "of": "revenue_2" }])
    );
    assert_eq!(table["totals"], json!([[]]));
    assert_eq!(table["limit"], 50);
}

#[test]
fn pies_keep_twelve_slices_and_scatters_without_detail_show_points() {
    let pie = query(
        json!({ "kind": "pie", "wells": { "legend": [{ "field": "orders.product" }], "values": [{ "metric": "revenue" }] } }),
    );
    assert_eq!(pie["top"]["n"], 12);
    assert_eq!(pie["totals"], Value::Null);
    let donut = query(
        json!({ "kind": "donut", "wells": { "legend": [{ "field": "orders.product" }], "values": [{ "metric": "revenue" }] } }),
    );
    assert_eq!(donut["totals"], json!([[]]), "the whole stands in its middle");
    let scatter = query(
        json!({ "kind": "scatter", "wells": { "x": [{ "field": "orders.amount", "agg": "avg" }], "y": [{ "field": "orders.cost", "agg": "avg" }] } }),
    );
    assert_eq!(scatter["dimensions"].as_array().unwrap().len(), 2);
    assert_eq!(scatter["limit"], 100_000);
    // Rows with the same two numbers are one point, and it is where the numbers are.
    let scatter = query(
        json!({ "kind": "scatter", "wells": { "x": [{ "field": "orders.amount" }], "y": [{ "field": "orders.cost", "agg": "max" }], "size": [{ "field": "orders.amount", "agg": "sum" }] } }),
    );
    let aggs: Vec<&Value> = scatter["metrics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|metric| &metric["agg"])
        .collect();
    assert_eq!(aggs, ["avg", "max", "sum"]);
    assert_eq!(
        query(json!({ "kind": "bar", "wells": { "axis": [{ "field": "orders.country" }] } })),
        Value::Null
    );
}

#[test]
fn what_speaks_of_fields_that_are_gone_is_passed_over() {
    let bar = query(json!({
        "kind": "bar", "wells": { "axis": [{ "field": "orders.country" }], "values": [{ "metric": "revenue" }] },
        "query": { "sort": [{ "by": "profit" }, { "by": "orders.country" }], "top": { "n": 3, "by": "profit" } }
    }));
    assert_eq!(bar["sort"], json!([{ "by": "orders.country", "dir": "asc" }]));
    assert_eq!(bar["top"], Value::Null);
}

fn id<T: serde::de::DeserializeOwned>(number: u8) -> T {
    serde_json::from_value(json!(format!("01890000-0000-7000-8000-0000000000{number:02}"))).unwrap()
}

fn dashboard() -> Dashboard {
    let page: PageId = id(1);
    let mut document = Dashboard::new("Sales", "shop", page);
    let tile = |number: u8, visual: Value| {
        serde_json::from_value(json!({
            "id": id::<TileId>(number), "page": page, "rect": { "x": 0, "y": 0, "w": 8, "h": 8 }, "content": { "visual": visual }
        }))
        .unwrap()
    };
    document.tiles = vec![
        tile(
            11,
            json!({ "kind": "kpi", "wells": { "values": [{ "metric": "revenue" }] },
            "query": { "compare": [{ "as": "prev", "shift": { "count": 1, "unit": "month" } }] } }),
        ),
        tile(
            12,
            json!({ "kind": "bar", "wells": { "axis": [{ "field": "orders.country" }], "values": [{ "metric": "revenue" }] } }),
        ),
        tile(
            13,
            json!({ "kind": "kpi", "wells": { "values": [{ "metric": "visit_count" }] } }),
        ),
    ];
    document.filters =
        vec![serde_json::from_value(json!({
        "id": id::<FilterId>(21), "order": "a1", "scope": "dashboard", "target": { "field": "orders.shipped_on" },
        "default": { "field": "orders.shipped_on", "op": "in_range", "range": { "this": 1, "unit": "month" } }
    }))
    .unwrap()];
    document
}

fn asked(document: &Dashboard, state: &FilterState, tile: u8) -> Value {
    let tile = document.tile(id(tile)).unwrap();
    serde_json::to_value(tile_query(tile, document, state, &model(), &TableWindow::default()).unwrap()).unwrap()
}

#[test]
fn readers_turn_the_pages_of_tables_and_reorder_them() {
    let visual = |kind: &str| -> Visual {
        let (kind, limit) = if kind == "limited" {
            ("table", json!(10))
        } else {
            (kind, Value::Null)
        };
        serde_json::from_value(json!({ "kind": kind, "wells": {
            "axis": [{ "field": "orders.country" }], "values": [{ "metric": "revenue" }] },
            "query": { "sort": [{ "by": "orders.country" }], "limit": limit } }))
        .unwrap()
    };
    let asked = |kind: &str, window: Value| {
        let window: TableWindow = serde_json::from_value(window).unwrap();
        let query = visual_query(&visual(kind), Vec::new(), None, &model(), &window).unwrap();
        let query = serde_json::to_value(query).unwrap();
        (query["offset"].clone(), query["sort"].clone())
    };
    let by_revenue = json!({ "offset": 50, "sort": { "by": "revenue", "dir": "desc" } });
    let (own, wanted) = (
        json!([{ "by": "orders.country", "dir": "asc" }]),
        json!([{ "by": "revenue", "dir": "desc" }]),
    );
    assert_eq!(asked("table", by_revenue.clone()), (json!(50), wanted));
    assert_eq!(asked("table", json!({})), (Value::Null, own.clone()));
    // What is no column of it changes nothing, and pictures are whole.
    assert_eq!(
        asked("table", json!({ "sort": { "by": "secret" } })),
        (Value::Null, own.clone())
    );
    assert_eq!(asked("bar", by_revenue.clone()), (Value::Null, own.clone()));
    // Nobody sees past the rows that a builder allows.
    assert_eq!(asked("limited", by_revenue), (Value::Null, own));
}

#[test]
fn filters_narrow_the_tiles_they_reach_and_comparisons_shift_their_time() {
    let document = dashboard();
    let kpi = asked(&document, &FilterState::default(), 11);
    assert_eq!(
        kpi["time"],
        json!({ "field": "orders.shipped_on", "range": { "this": 1, "unit": "month" } })
    );
    assert_eq!(kpi["where"], Value::Null);
    let bar = asked(&document, &FilterState::default(), 12);
    assert_eq!(bar["where"]["op"], "in_range");
    assert_eq!(asked(&document, &FilterState::default(), 13)["where"], Value::Null);
    let mut cleared = FilterState::default();
    cleared.filters.insert(id(21), None);
    assert_eq!(asked(&document, &cleared, 12)["where"], Value::Null);
    let mut required = document;
    required.filters[0].required = true;
    assert!(
        tile_query(
            required.tile(id(12)).unwrap(),
            &required,
            &cleared,
            &model(),
            &TableWindow::default()
        )
        .is_err()
    );
}

#[test]
fn selections_filter_the_other_tiles_of_the_page() {
    let mut document = dashboard();
    document.filters.clear();
    let state: FilterState = serde_json::from_value(json!({ "selections": { id::<TileId>(12).to_string(): { "rows": [
        [{ "field": "orders.country", "value": "DE" }], [{ "field": "orders.country", "value": null }], [{ "field": "orders.country", "value": "FR" }]
    ] } } }))
    .unwrap();
    let other = asked(&document, &state, 11);
    assert_eq!(
        other["where"],
        json!({ "or": [{ "field": "orders.country", "op": "in", "values": ["DE", "FR"] }, { "field": "orders.country", "op": "is_null" }] })
    );
    assert_eq!(asked(&document, &state, 12)["where"], Value::Null);
    assert_eq!(asked(&document, &state, 13)["where"], Value::Null);
    document.interactions = vec![
        serde_json::from_value(json!({
            "id": id::<TileId>(31), "from": id::<TileId>(12), "to": id::<TileId>(11), "kind": "none"
        }))
        .unwrap(),
    ];
    assert_eq!(asked(&document, &state, 11)["where"], Value::Null);
}

#[test]
fn a_mark_of_a_time_bucket_and_a_member_needs_both() {
    let selection = serde_json::from_value(json!({ "rows": [
        [{ "field": "time", "grain": "month", "value": "2026-01-01" }, { "field": "orders.country", "value": "DE" }] ] }))
    .unwrap();
    let condition = selection_condition(&selection, |_| true);
    assert_eq!(
        serde_json::to_value(condition).unwrap(),
        json!({ "and": [
            { "field": "time", "op": "eq", "value": "2026-01-01", "grain": "month" },
            { "field": "orders.country", "op": "eq", "value": "DE" } ] })
    );
}
