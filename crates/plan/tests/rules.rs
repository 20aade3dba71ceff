//! Rules of correct numbers on a handful of rows.

use chrono::DateTime;
use plan::{
    catalog::{fields, values_query},
    query::{PlanContext, Policy, canonical_key, explain, plan_query},
};
use serde_json::{Value as Json, json};
use shared::{
    ErrorCode,
    semantic::{Condition, Model, Query},
};

use crate::{
    interpreter::{Table, Tables, Value},
    sql::databases::answered,
};

fn model() -> Model {
    let mut model: Model = serde_json::from_str(include_str!("golden/model.json")).unwrap();
    let mail = json!({ "field": "orders.channel", "op": "eq", "value": "mail" });
    for metric in [
        json!({ "name": "mail_share", "type": "derived", "inputs": { "m": { "metric": "revenue", "filter": mail }, "r": "revenue" },
            "expr": "coalesce(m, 0) / r" }),
        json!({ "name": "points", "type": "derived", "inputs": { "s": "mail_share", "n": "order_count" },
            "expr": "abs(s - 1) * 2 + n / nullif(n - 1, 0)" }),
        json!({ "name": "standing", "type": "simple", "table": "orders", "agg": "sum", "expr": { "col": "amount" },
            "semi_additive": { "time": "shipped_on", "pick": "last", "per": ["customer_id"] } }),
        json!({ "name": "latest", "type": "simple", "table": "orders", "agg": "sum", "expr": { "col": "amount" },
            "semi_additive": { "time": "shipped_on", "pick": "last" } }),
        json!({ "name": "first_web", "type": "simple", "table": "orders", "agg": "sum", "expr": { "col": "amount" },
            "filter": { "field": "orders.channel", "op": "eq", "value": "web" },
            "semi_additive": { "time": "shipped_on", "pick": "first" } }),
        json!({ "name": "growth", "type": "derived", "expr": "n - p",
            "inputs": { "n": "revenue", "p": { "metric": "revenue", "offset": { "count": 1, "unit": "year" } } } }),
        json!({ "name": "before", "type": "derived", "expr": "p",
            "inputs": { "p": { "metric": "revenue", "offset": { "count": 1, "unit": "year" } } } }),
        json!({ "name": "long_before", "type": "derived", "expr": "p",
            "inputs": { "p": { "metric": "before", "offset": { "count": 1, "unit": "quarter" } } } }),
        json!({ "name": "mixed", "type": "derived", "expr": "p",
            "inputs": { "p": { "metric": "before", "offset": { "count": 3, "unit": "day" } } } }),
        json!({ "name": "ytd", "type": "cumulative", "metric": "revenue", "to_date": "year" }),
        json!({ "name": "two_months", "type": "cumulative", "metric": "revenue", "window": { "count": 2, "unit": "month" } }),
        json!({ "name": "ages", "type": "cumulative", "metric": "revenue", "window": { "count": 5000, "unit": "year" } }),
        json!({ "name": "deep", "type": "simple", "table": "orders", "agg": "count", "filter": { "and": vec![
            json!({ "metric": "order_count", "per": ["orders.customer"], "op": "gt", "value": 0 }); 300] } }),
        json!({ "name": "buyers_ever", "type": "cumulative", "metric": "buyers" }),
        json!({ "name": "circle", "type": "derived", "inputs": { "c": "circle" }, "expr": "c + 1" }),
    ] {
        model.metrics.push(serde_json::from_value(metric).unwrap());
    }
    model
}

fn context() -> PlanContext {
    PlanContext::new(DateTime::parse_from_rfc3339("2026-03-16T09:00:30Z").unwrap().to_utc())
}

fn instant(text: &str) -> Value {
    Value::Instant(DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros())
}

fn tables() -> Tables {
    let day = |text: &str| {
        let midnight = DateTime::parse_from_rfc3339(&format!("{text}T00:00:00Z")).unwrap();
        Value::Date(midnight.timestamp() / 86_400)
    };
    let text = |text: &str| {
        if text.is_empty() {
            Value::Null
        } else {
            Value::Text(text.to_owned())
        }
    };
    let row = |at: &str, country: &str, channel: &str, customer: &str, amount: Option<f64>| {
        vec![
            instant(&format!("{at}T10:00:00Z")),
            Value::Wall(
                DateTime::parse_from_rfc3339(&format!("{at}T23:30:00Z"))
                    .unwrap()
                    .timestamp_micros(),
            ),
            day(at),
            text(country),
            text(channel),
            text(customer),
            Value::Bool(channel == "web"),
            amount.map_or(Value::Null, Value::Float),
        ]
    };
    let columns = [
        "ordered_at",
        "logged_at",
        "shipped_on",
        "country",
        "channel",
        "customer_id",
        "gift",
        "amount",
    ];
    let rows = vec![
        row("2025-01-10", "DE", "web", "a", Some(10.0)),
        row("2025-02-20", "DE", "shop", "a", Some(20.0)),
        row("2025-03-10", "FR", "web", "b", Some(30.0)),
        row("2025-03-20", "FR", "web", "c", Some(40.0)),
        row("2026-01-10", "DE", "web", "a", Some(60.0)),
        row("2026-01-11", "Others", "mail", "d", Some(15.0)),
        row("2026-02-10", "", "web", "b", Some(5.0)),
        row("2026-03-10", "FR", "shop", "b", Some(120.0)),
        row("2026-03-11", "US", "web", "e", None),
        row("2026-03-12", "IT", "web", "a", Some(1.0)),
    ];
    let table = Table {
        columns: columns.into_iter().map(str::to_owned).collect(),
        rows,
    };
    [("orders".to_owned(), table)].into()
}

fn cell(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => json!(truth),
        Value::Int(whole) => json!(*whole as f64),
        Value::Float(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::Date(days) => json!(
            DateTime::from_timestamp(days * 86_400, 0)
                .unwrap()
                .format("%Y-%m-%d")
                .to_string()
        ),
        Value::Wall(at) | Value::Instant(at) => json!(
            DateTime::from_timestamp_micros(*at)
                .unwrap()
                .format("%Y-%m-%dT%H:%M")
                .to_string()
        ),
    }
}

fn read(query: Json) -> Query {
    let mut query = query;
    query["model"] = json!("shop");
    serde_json::from_value(query).unwrap()
}

/// Conditions that hold in every query.
fn locked_by(everywhere: Vec<Condition>) -> Policy {
    Policy {
        everywhere,
        ..Policy::default()
    }
}

/// Rows, then totals.
fn ask_as(query: Json, policy: &Policy) -> (Json, Vec<Json>) {
    let planned = plan_query(&read(query), &model(), policy, &context()).unwrap_or_else(|error| panic!("{error:?}"));
    let rows = |node| {
        let table = answered(node, &tables());
        let names: Vec<&String> = planned
            .columns
            .iter()
            .map(|column| &column.column.name)
            .chain(&planned.others_marker)
            .collect();
        assert_eq!(
            table.columns.iter().collect::<Vec<_>>(),
            names,
            "columns by position and name"
        );
        Json::Array(
            table
                .rows
                .iter()
                .map(|row| Json::Array(row.iter().map(cell).collect()))
                .collect(),
        )
    };
    (
        rows(&planned.rows),
        planned.totals.iter().map(|total| rows(&total.rows)).collect(),
    )
}

fn ask(query: Json) -> Json {
    ask_as(query, &Policy::default()).0
}

fn refused(query: Json, policy: &Policy) -> shared::AppError {
    plan_query(&read(query), &model(), policy, &context()).unwrap_err()
}

#[test]
fn null_keys_stay_and_sum_up_to_the_total() {
    let (rows, totals) = ask_as(
        json!({ "metrics": ["revenue"], "dimensions": ["orders.country"], "totals": [[]] }),
        &Policy::default(),
    );
    let sum: f64 = rows.as_array().unwrap().iter().filter_map(|row| row[1].as_f64()).sum();
    assert_eq!(sum, 301.0);
    assert_eq!(totals, [json!([[null, 301.0]])]);
    assert_eq!(rows[5], json!([null, 5.0]), "NULL sorts last");
    assert_eq!(rows[4], json!(["US", null]), "a sum over no values is NULL");
}

#[test]
fn ratios_are_taken_after_aggregation_and_empty_groups_follow_their_metric() {
    assert_eq!(ask(json!({ "metrics": ["aov"], "totals": [] })), json!([[30.1]]));
    let nothing = json!({ "field": "orders.country", "op": "eq", "value": "XX" });
    assert_eq!(
        ask(json!({ "metrics": ["revenue", "order_count", "aov", "paid_revenue"], "where": nothing })),
        json!([[null, 0.0, null, 0.0]])
    );
    assert_eq!(
        ask(json!({ "metrics": ["revenue"], "dimensions": ["orders.country"], "where": nothing })),
        json!([])
    );
    // A filtered metric alone shows only the keys it has rows for; beside others it says `empty`.
    let only = json!({ "metric": "revenue", "as": "mail", "where": { "field": "orders.channel", "op": "eq", "value": "mail" } });
    assert_eq!(
        ask(json!({ "metrics": [only], "dimensions": ["orders.country"] })),
        json!([["Others", 15.0]])
    );
    let both = ask(json!({ "metrics": ["paid_revenue", "order_count"], "dimensions": ["orders.country"] }));
    assert!(both.as_array().unwrap().contains(&json!(["Others", 0.0, 1.0])));
    // `empty` never replaces a computed value: US has one row, whose amount is NULL.
    assert!(both.as_array().unwrap().contains(&json!(["US", null, 1.0])));
}

#[test]
fn formulas_are_computed_after_aggregation_in_totals_as_well() {
    // FR has 190, DE 90, "Others" 15 (all of it by mail), US one row without an amount, NULL 5.
    let (rows, totals) = ask_as(
        json!({ "metrics": ["mail_share", "points"], "dimensions": ["orders.country"], "totals": [[]],
            "where": { "field": "orders.country", "op": "in", "values": ["FR", "Others", "US"] } }),
        &Policy::default(),
    );
    let rows = rows.as_array().unwrap();
    let row = |country: &str| rows.iter().find(|row| row[0] == country).unwrap().clone();
    assert_eq!(
        row("Others"),
        json!(["Others", 1.0, null]),
        "one order: n - 1 is 0, and nothing comes of it"
    );
    assert_eq!(row("US"), json!(["US", null, null]), "NULL over NULL");
    assert_eq!(row("FR")[1], json!(0.0));
    let share = 15.0 / 205.0;
    assert_eq!(totals[0][0][1], json!(share), "not the sum or mean of the rows");
    let all = ask(
        json!({ "metrics": [{ "metric": "mail_share", "as": "mail", "where": { "field": "orders.country", "op": "eq", "value": "Others" } }] }),
    );
    assert_eq!(all, json!([[1.0]]), "a filter reaches every input");
    assert_eq!(
        refused(json!({ "metrics": ["circle"] }), &Policy::default()).code,
        ErrorCode::Invalid
    );
}

#[test]
fn semi_additive_metrics_take_one_moment_of_each_bucket() {
    let by_year = json!([{ "field": "time", "grain": "year", "as": "year" }]);
    let metrics = json!(["revenue", "standing", "latest", "first_web"]);
    let (rows, totals) = ask_as(
        json!({ "metrics": metrics, "dimensions": by_year, "totals": [[]] }),
        &Policy::default(),
    );
    assert_eq!(
        rows,
        json!([
            ["2025-01-01", 100.0, 90.0, 40.0, 10.0],
            ["2026-01-01", 201.0, 136.0, 1.0, 60.0]
        ])
    );
    assert_eq!(
        totals,
        [json!([[null, 301.0, 176.0, 1.0, 10.0]])],
        "the moment is chosen anew, not added up"
    );
    // A country never chooses the day: customer a ordered last in IT, so nothing of a is left in DE.
    assert_eq!(
        ask(json!({ "metrics": ["standing"], "dimensions": ["orders.country"] })),
        json!([["FR", 160.0], ["IT", 1.0], ["Others", 15.0], ["US", null]])
    );
    // Filters come before the choice.
    let early = json!({ "field": "orders.country", "op": "eq", "value": "DE" });
    assert_eq!(
        ask(json!({ "metrics": ["standing", "latest"], "where": early })),
        json!([[60.0, 60.0]])
    );
    let compare = json!([{ "as": "before", "shift": { "count": 1, "unit": "year" }, "outputs": ["value"] }]);
    assert_eq!(
        ask(
            json!({ "metrics": ["standing"], "dimensions": by_year, "compare": compare,
            "time": { "field": "time", "range": { "from": "2026-01-01", "to": "2027-01-01" } } })
        ),
        json!([["2026-01-01", 136.0, 90.0]])
    );
    let running = json!([{ "as": "sum", "kind": "running_total", "of": "standing" }]);
    let error = refused(
        json!({ "metrics": ["standing"], "dimensions": by_year, "calc": running }),
        &Policy::default(),
    );
    assert_eq!(error.code, ErrorCode::NonAdditive);
}

#[test]
fn inputs_of_an_earlier_period_are_read_outside_the_range() {
    let by_month = json!([{ "field": "time", "grain": "month", "as": "month" }]);
    let this_year = json!({ "field": "time", "range": { "from": "2026-01-01", "to": "2027-01-01" } });
    let (rows, totals) = ask_as(
        json!({ "metrics": ["growth", "before"], "dimensions": by_month, "time": this_year, "totals": [[]] }),
        &Policy::default(),
    );
    assert_eq!(
        rows,
        json!([
            ["2026-01-01", 65.0, 10.0],
            ["2026-02-01", -15.0, 20.0],
            ["2026-03-01", 51.0, 70.0]
        ])
    );
    assert_eq!(totals, [json!([[null, 101.0, 100.0]])]);
    assert_eq!(
        ask(json!({ "metrics": ["growth"], "time": this_year })),
        json!([[101.0]])
    );
    // The keys are those of the inputs: where nothing lies so much earlier, there is no row.
    assert_eq!(
        ask(json!({ "metrics": ["long_before"], "dimensions": by_month })),
        json!([
            ["2026-04-01", 10.0],
            ["2026-05-01", 20.0],
            ["2026-06-01", 70.0],
            ["2027-04-01", 75.0],
            ["2027-05-01", 5.0],
            ["2027-06-01", 121.0]
        ])
    );
    let refusal = |query| refused(query, &Policy::default());
    assert_eq!(
        refusal(json!({ "metrics": ["growth"] })).code,
        ErrorCode::Invalid,
        "no time to move"
    );
    assert_eq!(
        refusal(json!({ "metrics": ["mixed"], "dimensions": by_month })).code,
        ErrorCode::Invalid
    );
    let compare = json!([{ "as": "ly", "shift": { "count": 1, "unit": "year" } }]);
    let both = json!({ "metrics": ["growth"], "dimensions": by_month, "compare": compare });
    assert_eq!(refusal(both).code, ErrorCode::Unsupported);
}

#[test]
fn the_rest_of_a_top_is_aggregated_again_and_never_confused_with_a_member() {
    let top = json!({ "n": 3, "by": "revenue", "others": true });
    let rows = ask(
        json!({ "metrics": ["revenue", "buyers"], "dimensions": ["orders.country"], "top": top, "sort": [{ "by": "revenue", "dir": "desc" }] }),
    );
    assert_eq!(
        rows,
        json!([
            ["FR", 190.0, 2.0, false],
            ["DE", 90.0, 1.0, false],
            ["Others", 15.0, 1.0, false],
            ["Others", 6.0, 3.0, true]
        ])
    );
    let shares = ask(
        json!({ "metrics": ["revenue"], "dimensions": ["orders.country"], "top": top,
        "calc": [{ "as": "share", "kind": "share_of_total", "of": "revenue" }, { "as": "rank", "kind": "rank", "of": "revenue" }] }),
    );
    let total: f64 = shares
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|row| row[2].as_f64())
        .sum();
    assert!((total - 1.0).abs() < 1e-9);
    assert!(
        shares
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row[0] == "DE" && row[3] == 2.0)
    );
    assert!(
        shares
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row[4] == true && row[3].is_null())
    );
}

#[test]
fn a_top_per_month_picks_in_each_month() {
    let rows = ask(
        json!({ "metrics": ["revenue"], "dimensions": [{ "field": "time", "grain": "month", "as": "m" }, "orders.country"],
        "time": { "range": { "from": "2026-01-01" } }, "top": { "n": 1, "by": "revenue", "per": ["m"], "others": false } }),
    );
    assert_eq!(
        rows,
        json!([
            ["2026-01-01", "DE", 60.0],
            ["2026-02-01", null, 5.0],
            ["2026-03-01", "FR", 120.0]
        ])
    );
}

#[test]
fn totals_ignore_having_unless_asked() {
    let query = |after: bool| {
        json!({ "metrics": ["revenue"], "dimensions": ["orders.country"], "having": { "metric": "revenue", "op": "gt", "value": 20 },
            "totals": [[]], "totals_after_having": after })
    };
    let (rows, totals) = ask_as(query(false), &Policy::default());
    assert_eq!(rows, json!([["DE", 90.0], ["FR", 190.0]]));
    assert_eq!(totals, [json!([[null, 301.0]])]);
    assert_eq!(ask_as(query(true), &Policy::default()).1, [json!([[null, 280.0]])]);
}

#[test]
fn comparison_cuts_the_unfinished_period_and_knows_the_beginning() {
    let query = |partial: Json| {
        json!({ "metrics": ["revenue", "order_count"], "dimensions": [{ "field": "time", "grain": "month", "as": "m" }],
            "time": { "range": { "this": 1, "unit": "quarter" } },
            "compare": [{ "as": "ly", "shift": { "count": 1, "unit": "year" }, "partial": partial }] })
    };
    let cut = ask(query(json!("same_elapsed")));
    assert_eq!(
        cut,
        json!([
            ["2026-01-01", 75.0, 2.0, 10.0, 1.0],
            ["2026-02-01", 5.0, 1.0, 20.0, 1.0],
            ["2026-03-01", 121.0, 3.0, 30.0, 1.0]
        ])
    );
    assert_eq!(ask(query(Json::Null))[2], json!(["2026-03-01", 121.0, 3.0, 70.0, 2.0]));
    // Before the first row a count has no previous value; after it, a missing bucket counts 0.
    let early = ask(
        json!({ "metrics": ["order_count"], "dimensions": [{ "field": "time", "grain": "month", "as": "m" }],
        "time": { "range": { "from": "2025-01-01", "to": "2025-06-01" } },
        "compare": [{ "as": "pm", "shift": { "count": 1, "unit": "month" } }] }),
    );
    assert_eq!(
        early,
        json!([
            ["2025-01-01", 1.0, null],
            ["2025-02-01", 1.0, 1.0],
            ["2025-03-01", 2.0, 1.0],
            ["2025-04-01", 0.0, 2.0]
        ])
    );
}

#[test]
fn a_number_is_compared_over_its_range() {
    let query = json!({ "metrics": ["revenue"], "time": { "range": { "this": 1, "unit": "month" } },
        "compare": [{ "as": "ly", "shift": { "count": 1, "unit": "year" }, "partial": "same_elapsed", "outputs": ["value", "delta", "pct"] }] });
    assert_eq!(ask(query), json!([[121.0, 30.0, 91.0, 91.0 / 30.0]]));
    let open = json!({ "metrics": ["revenue"], "compare": [{ "as": "ly", "shift": { "count": 1, "unit": "year" } }] });
    assert_eq!(refused(open, &Policy::default()).code, ErrorCode::Invalid);
}

#[test]
fn a_shift_finer_than_the_bucket_acts_on_days() {
    let rows = ask(
        json!({ "metrics": ["revenue"], "dimensions": [{ "field": "orders.shipped_on", "grain": "month", "as": "m" }],
        "where": { "field": "orders.shipped_on", "op": "gte", "value": "2026-01-01" },
        "compare": [{ "as": "late", "shift": { "count": 22, "unit": "day" } }] }),
    );
    // 10 and 11 January are read on 1 and 2 February, 10 February on 4 March, 10 to 12 March in April.
    assert_eq!(
        rows,
        json!([
            ["2026-01-01", 75.0, null],
            ["2026-02-01", 5.0, 75.0],
            ["2026-03-01", 121.0, 5.0],
            ["2026-04-01", null, 121.0]
        ])
    );
}

#[test]
fn every_bucket_appears_when_filled() {
    let rows = ask(
        json!({ "metrics": ["order_count", "revenue"], "dimensions": [{ "field": "time", "grain": "quarter", "as": "q" }], "fill": { "time": true } }),
    );
    let quarters: Vec<&Json> = rows.as_array().unwrap().iter().map(|row| &row[0]).collect();
    assert_eq!(
        quarters,
        ["2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01", "2026-01-01"]
    );
    assert_eq!(rows[1], json!(["2025-04-01", 0.0, null]));
    let bounded = ask(
        json!({ "metrics": ["order_count"], "dimensions": [{ "field": "time", "grain": "month", "as": "m" }, "orders.country"],
        "time": { "range": { "from": "2026-01-01", "to": "2026-03-01" } }, "fill": { "time": true } }),
    );
    assert_eq!(bounded.as_array().unwrap().len(), 2 * 3);
}

#[test]
fn comparisons_are_three_valued_and_text_is_folded() {
    let count = |condition: Json| ask(json!({ "metrics": ["order_count"], "where": condition }))[0][0].clone();
    assert_eq!(
        count(json!({ "field": "orders.country", "op": "ne", "value": "DE" })),
        6.0
    );
    assert_eq!(
        count(json!({ "field": "orders.country", "op": "not_in", "values": ["DE", "FR"] })),
        3.0
    );
    assert_eq!(
        count(json!({ "not": { "field": "orders.country", "op": "eq", "value": "DE" } })),
        6.0
    );
    assert_eq!(count(json!({ "field": "orders.country", "op": "is_null" })), 1.0);
    assert_eq!(
        count(json!({ "field": "orders.country", "op": "contains", "value": "THE" })),
        1.0
    );
    assert_eq!(
        count(json!({ "field": "orders.country", "op": "contains", "value": "THE", "case": true })),
        0.0
    );
    assert_eq!(count(json!({ "field": "orders.size", "op": "eq", "value": 50 })), 1.0);
    assert_eq!(
        count(json!({ "field": "orders.amount", "op": "between", "values": ["20.00", 40] })),
        3.0
    );
    assert_eq!(
        count(json!({ "field": "time", "grain": "month", "op": "eq", "value": "2026-03-01" })),
        3.0
    );
    assert_eq!(
        count(json!({ "field": "time", "part": "year", "op": "eq", "value": 2025 })),
        4.0
    );
    // 23:30 in UTC is the next day in Berlin.
    assert_eq!(
        count(json!({ "field": "orders.logged_at", "grain": "day", "op": "eq", "value": "2026-03-13" })),
        1.0
    );
}

#[test]
fn a_metric_in_where_looks_at_all_rows() {
    let faithful = json!({ "metric": "order_count", "per": ["orders.customer"], "op": "gte", "value": 3 });
    let range = json!({ "range": { "from": "2026-01-01" } });
    assert_eq!(
        ask(json!({ "metrics": ["revenue"], "time": range, "where": faithful })),
        json!([[186.0]])
    );
    assert_eq!(
        ask(json!({ "metrics": ["order_count"], "time": range, "where": { "not": faithful } })),
        json!([[2.0]])
    );
}

#[test]
fn running_totals_follow_the_time_and_refuse_what_cannot_be_added() {
    let query = |of: &str| {
        json!({ "metrics": [of], "dimensions": [{ "field": "time", "grain": "year", "as": "y" }],
            "calc": [{ "as": "sum", "kind": "running_total", "of": of }], "sort": [{ "by": "y", "dir": "desc" }] })
    };
    assert_eq!(
        ask(query("revenue")),
        json!([["2026-01-01", 201.0, 301.0], ["2025-01-01", 100.0, 100.0]])
    );
    assert_eq!(
        refused(query("buyers"), &Policy::default()).code,
        ErrorCode::NonAdditive
    );
}

#[test]
fn locked_conditions_hold_in_every_scan() {
    let locked: Condition =
        serde_json::from_value(json!({ "field": "orders.country", "op": "eq", "value": "DE" })).unwrap();
    let policy = locked_by(vec![locked]);
    let query = json!({ "metrics": ["revenue"], "dimensions": ["orders.country"], "totals": [[]],
        "calc": [{ "as": "share", "kind": "share_of_total", "of": "revenue" }],
        "compare": [{ "as": "ly", "shift": { "count": 1, "unit": "year" } }], "time": { "range": { "from": "2026-01-01", "to": "2027-01-01" } },
        "where": { "metric": "order_count", "per": ["orders.customer"], "op": "gte", "value": 3 } });
    let (rows, totals) = ask_as(query, &policy);
    assert_eq!(rows, json!([["DE", 60.0, 30.0, 1.0]]));
    assert_eq!(totals, [json!([[null, 60.0, 30.0, 1.0]])]);
    let members = values_query(&model(), "orders.country", "", 10).unwrap();
    let planned = plan_query(&members, &model(), &policy, &context()).unwrap();
    assert_eq!(answered(&planned.rows, &tables()).rows.len(), 1);
}

#[test]
fn masked_columns_cannot_be_asked_for() {
    let policy = Policy {
        masked: ["orders.customer".to_owned()].into(),
        ..Policy::default()
    };
    for query in [
        json!({ "metrics": ["revenue"], "dimensions": ["orders.customer"] }),
        json!({ "metrics": ["revenue"], "where": { "not": { "field": "orders.customer", "op": "eq", "value": "a" } } }),
        json!({ "metrics": ["revenue"], "where": { "metric": "revenue", "per": ["orders.customer"], "op": "gt", "value": 1 } }),
        json!({ "metrics": [{ "field": "orders.customer", "agg": "max" }] }),
    ] {
        assert_eq!(refused(query, &policy).code, ErrorCode::Forbidden);
    }
    assert!(plan_query(&read(json!({ "metrics": ["buyers"] })), &model(), &policy, &context()).is_ok());
}

#[test]
fn errors_name_what_is_wrong() {
    let none = Policy::default();
    let error = refused(json!({ "metrics": ["revenu"] }), &none);
    assert_eq!(
        (error.code, error.candidates.first().map(String::as_str)),
        (ErrorCode::UnknownField, Some("revenue"))
    );
    let error = refused(
        json!({ "metrics": ["revenue"], "dimensions": ["orders.contry"] }),
        &none,
    );
    assert_eq!(
        (error.code, error.candidates.first().map(String::as_str)),
        (ErrorCode::UnknownField, Some("orders.country"))
    );
    for (query, code) in [
        (
            json!({ "metrics": [{ "field": "orders.country", "agg": "sum" }] }),
            ErrorCode::Invalid,
        ),
        (
            json!({ "metrics": ["revenue"], "where": { "field": "orders.amount", "op": "eq", "value": "many" } }),
            ErrorCode::Invalid,
        ),
        (
            json!({ "metrics": ["revenue", { "metric": "aov", "as": "revenue" }] }),
            ErrorCode::Invalid,
        ),
        (json!({ "metrics": ["revenue"], "limit": 1_000_000 }), ErrorCode::Limit),
        (
            json!({ "metrics": ["revenue"], "sort": [{ "by": "profit" }] }),
            ErrorCode::UnknownField,
        ),
        (
            json!({ "metrics": ["revenue"], "parameters": { "fx": 1 } }),
            ErrorCode::UnknownField,
        ),
        (
            json!({ "metrics": ["revenue"], "dimensions": [{ "field": "orders.shipped_on", "grain": "hour" }] }),
            ErrorCode::Invalid,
        ),
        (
            json!({ "metrics": ["revenue"], "dimensions": ["revenue"] }),
            ErrorCode::Invalid,
        ),
        (
            json!({ "metrics": [{ "field": "orders.amount", "agg": "percentile" }] }),
            ErrorCode::Invalid,
        ),
        (
            json!({ "metrics": ["revenue"], "time_zone": "Mars/Base" }),
            ErrorCode::Invalid,
        ),
        (json!({}), ErrorCode::Invalid),
    ] {
        assert_eq!(refused(query.clone(), &none).code, code, "{query}");
    }
}

#[test]
fn formulas_that_multiply_are_refused_before_they_fill_the_memory() {
    let mut model = model();
    for level in 1..=15 {
        let part = if level == 1 {
            "revenue".to_owned()
        } else {
            format!("level_{}", level - 1)
        };
        let metric =
            json!({ "name": format!("level_{level}"), "type": "ratio", "numerator": part, "denominator": part });
        model.metrics.push(serde_json::from_value(metric).unwrap());
    }
    let plan = |metric: &str| {
        plan_query(
            &read(json!({ "metrics": [metric] })),
            &model,
            &Policy::default(),
            &context(),
        )
    };
    assert!(plan("level_10").is_ok());
    assert_eq!(plan("level_15").unwrap_err().code, ErrorCode::Limit);
}

#[test]
fn fields_that_multiply_are_refused_before_they_fill_the_memory() {
    let mut model = model();
    for (name, first, next) in [
        ("twice", "amount + amount", "{orders.LAST} + {orders.LAST}"),
        ("unless", "nullif(amount, 1)", "nullif({orders.LAST}, 1)"),
        (
            "listed",
            "case when amount in (1, 2) then 1 end",
            "case when {orders.LAST} in (1, 2) then 1 end",
        ),
        (
            "within",
            "case when amount between 1 and 2 then 1 end",
            "case when {orders.LAST} between 1 and 2 then 1 end",
        ),
        (
            "chosen",
            "case amount when 1 then 2 when 2 then 3 end",
            "case {orders.LAST} when 1 then 2 when 2 then 3 end",
        ),
    ] {
        for level in 1..=15 {
            let last = format!("{name}_{}", level - 1);
            let sql = if level == 1 {
                first.to_owned()
            } else {
                next.replace("LAST", &last)
            };
            let field = json!({ "name": format!("{name}_{level}"), "type": "number", "expr": { "sql": sql } });
            model.tables[0].dimensions.push(serde_json::from_value(field).unwrap());
        }
    }
    let sum = |field: &str| {
        let query = json!({ "metrics": [{ "field": format!("orders.{field}"), "agg": "sum" }] });
        plan_query(&read(query), &model, &Policy::default(), &context())
    };
    for name in ["twice", "unless", "listed", "within", "chosen"] {
        assert!(sum(&format!("{name}_4")).is_ok(), "{name}");
        assert_eq!(sum(&format!("{name}_15")).unwrap_err().code, ErrorCode::Limit, "{name}");
    }
    // Within one expression, too.
    let deep = (0..40).fold("amount".to_owned(), |inner, _| format!("nullif({inner}, 1)"));
    let field = json!({ "name": "deep_null", "type": "number", "expr": { "sql": deep } });
    let mut model = self::model();
    model.tables[0].dimensions.push(serde_json::from_value(field).unwrap());
    let query = json!({ "metrics": [{ "field": "orders.deep_null", "agg": "sum" }] });
    let refusal = plan_query(&read(query), &model, &Policy::default(), &context()).unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Limit);
}

#[test]
fn totals_are_counted() {
    let query = json!({ "metrics": ["revenue"], "dimensions": ["orders.channel"], "totals": vec![json!([]); 51] });
    let refusal = refused(query, &Policy::default());
    assert_eq!(
        (refusal.code, refusal.field.as_deref()),
        (ErrorCode::Limit, Some("totals"))
    );
}

#[test]
fn first_and_last_follow_the_time_and_distinct_combinations_need_no_metric() {
    let rows = ask(
        json!({ "metrics": [{ "field": "orders.amount", "agg": "first" }, { "field": "orders.channel", "agg": "last" }], "dimensions": ["orders.gift"] }),
    );
    assert_eq!(rows, json!([[false, 20.0, "shop"], [true, 10.0, "web"]]));
    assert_eq!(
        ask(json!({ "dimensions": ["orders.channel"] })),
        json!([["mail"], ["shop"], ["web"]])
    );
}

#[test]
fn equal_questions_have_equal_keys() {
    let key = |query: Json, policy: &Policy, as_of: &str| {
        let context = PlanContext::new(DateTime::parse_from_rfc3339(as_of).unwrap().to_utc());
        canonical_key(&read(query), &model(), policy, &context).unwrap()
    };
    let none = Policy::default();
    let now = "2026-03-16T09:00:30Z";
    let query = |conditions: Json| json!({ "metrics": ["revenue"], "where": { "and": conditions }, "time": { "range": { "last": 7, "unit": "day" } } });
    let one =
        query(json!([{ "field": "orders.country", "op": "in", "values": ["DE", "FR"] }, { "segment": "orders.paid" }]));
    let other = query(
        json!([{ "segment": "orders.paid" }, { "field": "orders.country", "op": "in", "values": ["FR", "DE", "DE"] }]),
    );
    assert_eq!(key(one.clone(), &none, now), key(other, &none, "2026-03-16T22:59:00Z"));
    assert_ne!(
        key(one.clone(), &none, now),
        key(one.clone(), &none, "2026-03-16T23:00:00Z"),
        "the next day in Berlin"
    );
    let mut zoned = one.clone();
    zoned["time_zone"] = json!("UTC");
    assert_ne!(key(one.clone(), &none, now), key(zoned, &none, now));
    let locked = locked_by(vec![
        serde_json::from_value(json!({ "field": "orders.country", "op": "eq", "value": "DE" })).unwrap(),
    ]);
    assert_ne!(key(one.clone(), &none, now), key(one, &locked, now));
}

#[test]
fn fields_are_listed_with_their_grains() {
    let list = fields(&model(), &["revenue".to_owned()]).unwrap();
    assert_eq!(list.dimensions.len(), 9);
    assert_eq!(list.metrics.len(), 20);
    assert!(fields(&model(), &["revenu".to_owned()]).is_err());
    let shipped = list
        .dimensions
        .iter()
        .find(|field| field.field == "orders.shipped_on")
        .unwrap();
    assert_eq!(shipped.grains.len(), 5);
}

#[test]
fn cumulative_values_are_of_the_days_before_and_compare_with_earlier_ones() {
    let months = json!({ "field": "time", "grain": "month", "as": "m" });
    let range = json!({ "range": { "from": "2026-01-01", "to": "2026-04-01" } });
    let year_before = json!([{ "as": "ly", "shift": { "count": 1, "unit": "year" } }]);
    let query = json!({ "metrics": ["ytd"], "dimensions": [months], "time": range, "compare": year_before });
    let expected = json!([
        ["2026-01-01", 75.0, 10.0],
        ["2026-02-01", 80.0, 30.0],
        ["2026-03-01", 201.0, 100.0],
    ]);
    assert_eq!(ask(query), expected);
    // Filters choose rows, the range only days; without a time it is the value at the end.
    let web = json!({ "field": "orders.channel", "op": "eq", "value": "web" });
    let filtered = json!({ "metrics": ["ytd"], "dimensions": [months], "time": range, "where": web });
    assert_eq!(
        ask(filtered),
        json!([["2026-01-01", 60.0], ["2026-02-01", 65.0], ["2026-03-01", 66.0]])
    );
    assert_eq!(ask(json!({ "metrics": ["ytd"], "time": range })), json!([[201.0]]));
    // The months before the range are read, the days without rows are days.
    let early = json!({ "range": { "from": "2025-04-01", "to": "2025-06-01" } });
    let query = json!({ "metrics": ["two_months"], "dimensions": [months], "time": early });
    assert_eq!(ask(query), json!([["2025-04-01", 70.0], ["2025-05-01", 40.0]]));
    let days = json!({ "field": "time", "grain": "day", "as": "d" });
    let end = json!({ "range": { "from": "2025-05-09", "to": "2025-05-12" } });
    let query = json!({ "metrics": ["two_months"], "dimensions": [days], "time": end });
    assert_eq!(
        ask(query),
        json!([["2025-05-09", 70.0], ["2025-05-10", 40.0], ["2025-05-11", 40.0]])
    );
    // Counted anew, never added up.
    let query = json!({ "metrics": ["buyers_ever"], "dimensions": [months], "time": range });
    assert_eq!(
        ask(query),
        json!([["2026-01-01", 4.0], ["2026-02-01", 4.0], ["2026-03-01", 5.0]])
    );
}

#[test]
fn windows_of_centuries_are_as_small_a_plan_as_any() {
    let months = json!({ "field": "time", "grain": "month", "as": "m" });
    let range = json!({ "range": { "from": "2026-01-01", "to": "2026-04-01" } });
    let query = json!({ "metrics": ["ages"], "dimensions": [months], "time": range });
    assert_eq!(
        ask(query.clone()),
        json!([["2026-01-01", 175.0], ["2026-02-01", 180.0], ["2026-03-01", 301.0]])
    );
    let plan = explain(&read(query), &model(), &Policy::default(), &context()).unwrap();
    assert!(plan.len() < 20_000, "{} letters", plan.len());
}

#[test]
fn cumulative_values_are_refused_where_rows_would_be_told_apart_by_their_own_time() {
    let months = json!({ "field": "time", "grain": "month", "as": "m" });
    let query = json!({ "metrics": ["ytd"], "dimensions": [months, "orders.country"],
        "top": { "n": 1, "by": "ytd", "field": "orders.country", "per": ["m"], "others": true } });
    assert_eq!(refused(query, &Policy::default()).code, ErrorCode::Unsupported);
}

#[test]
fn conditions_that_ask_metrics_cannot_multiply_without_end() {
    let one = json!({ "metric": "deep", "per": ["orders.customer"], "op": "gt", "value": 0 });
    let query = json!({ "metrics": ["order_count"], "where": { "and": [one, one] } });
    assert_eq!(refused(query, &Policy::default()).code, ErrorCode::Limit);
    let some = |count: usize| {
        let asked = json!({ "metric": "order_count", "per": ["orders.customer"], "op": "gt", "value": 0 });
        json!({ "metrics": ["order_count"], "where": { "and": vec![asked; count] } })
    };
    assert_eq!(ask(some(20)), json!([[10.0]]));
    assert_eq!(refused(some(33), &Policy::default()).code, ErrorCode::Limit);
}

#[test]
fn a_time_is_compared_with_another_field_of_its_row() {
    let later = json!({ "field": "orders.logged_at", "op": "gt", "other": "orders.ordered_at" });
    let days = json!({ "field": "orders.logged_at", "grain": "year", "as": "y" });
    let query = json!({ "metrics": ["order_count"], "dimensions": [days], "where": later });
    assert_eq!(ask(query), json!([["2025-01-01", 4.0], ["2026-01-01", 6.0]]));
    let odd = json!({ "metrics": ["order_count"], "having": { "metric": "order_count", "op": "gt", "value": 0, "missing": "zero" } });
    assert_eq!(refused(odd, &Policy::default()).code, ErrorCode::Invalid);
}

#[test]
fn a_query_may_pick_another_moment_of_a_balance() {
    let picked = |pick: &str| json!({ "metrics": [{ "metric": "latest", "pick": pick }] });
    assert_eq!(ask(picked("first")), json!([[10.0]]));
    assert_eq!(ask(picked("last")), json!([[1.0]]));
    let error = refused(
        json!({ "metrics": [{ "metric": "revenue", "pick": "last" }] }),
        &Policy::default(),
    );
    assert!(error.message.contains("no balance"), "{error:?}");
}
