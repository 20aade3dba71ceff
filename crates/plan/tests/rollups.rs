//! Rollups: the same answers with them and without, and nothing answered from what does not hold it.

use chrono::DateTime;
use plan::{
    logical::PlannedQuery,
    query::{PlanContext, Policy, RollupPlan, plan_query, rollup_plan, with_rollup},
};
use serde_json::{Value as Json, json};
use shared::{
    AppError, ErrorCode,
    semantic::{Model, Query, Rollup},
};

use crate::{
    interpreter::{Table, Tables, Value, run},
    invariants::{Dice, tables as orders},
};

fn model() -> Model {
    let mut model: Json = serde_json::from_str(include_str!("golden/model.json")).unwrap();
    let add = |list: &mut Json, more: Json| {
        list.as_array_mut().unwrap().extend(more.as_array().unwrap().clone());
    };
    add(
        &mut model["tables"],
        json!([{ "name": "customers", "source": { "dataset": "customers" }, "primary_key": ["id"], "dimensions": [
            { "name": "id", "type": "string", "expr": { "col": "id" } },
            { "name": "region", "type": "string", "expr": { "col": "region" } }] }]),
    );
    model["joins"] = json!([{ "name": "order_customer", "from": "orders", "to": "customers", "on": [["customer_id", "id"]],
        "cardinality": "many_to_one" }]);
    model["parameters"] = json!([{ "name": "fx", "type": "number", "default": 2.0 }]);
    add(
        &mut model["metrics"],
        json!([
            { "name": "average", "type": "simple", "table": "orders", "agg": "avg", "expr": { "col": "amount" } },
            { "name": "least", "type": "simple", "table": "orders", "agg": "min", "expr": { "col": "amount" } },
            { "name": "greatest", "type": "simple", "table": "orders", "agg": "max", "expr": { "col": "channel" } },
            { "name": "known", "type": "simple", "table": "orders", "agg": "count", "expr": { "col": "amount" }, "empty": "null" },
            { "name": "gifts", "type": "simple", "table": "orders", "agg": "count", "filter": { "field": "orders.gift", "op": "eq", "value": true } },
            { "name": "median", "type": "simple", "table": "orders", "agg": "median", "expr": { "col": "amount" } },
            { "name": "exchanged", "type": "simple", "table": "orders", "agg": "sum", "expr": { "sql": "amount * {param:fx}" } },
            { "name": "recent", "type": "simple", "table": "orders", "agg": "sum", "expr": { "col": "amount" },
              "filter": { "field": "orders.logged_at", "op": "in_range", "range": { "last": 7, "unit": "day" } } },
            { "name": "to_date", "type": "cumulative", "metric": "revenue", "to_date": "month" },
            { "name": "rolling", "type": "cumulative", "metric": "order_count", "window": { "count": 9, "unit": "day" } },
            { "name": "growth", "type": "derived", "inputs": { "n": { "metric": "revenue" },
              "p": { "metric": "revenue", "offset": { "count": 1, "unit": "month" } } }, "expr": "n - p" },
        ]),
    );
    serde_json::from_value(model).unwrap()
}

pub fn tables(dice: &mut Dice) -> Tables {
    let mut tables = orders(dice);
    let text = |text: String| Value::Text(text);
    let rows = (0..6).map(|id| {
        let region = if id == 0 {
            Value::Null
        } else {
            text(format!("r{}", id % 3))
        };
        vec![text(format!("c{id}")), region]
    });
    let customers = Table {
        columns: vec!["id".to_owned(), "region".to_owned()],
        rows: rows.collect(),
    };
    tables.insert("customers".to_owned(), customers);
    tables
}

fn rollup(document: Json) -> Result<RollupPlan, AppError> {
    let rollup: Rollup = serde_json::from_value(document).unwrap();
    rollup_plan(&rollup, &model())
}

fn planned(query: &Json, policy: &Policy) -> PlannedQuery {
    try_planned(query, policy).unwrap()
}

pub fn try_planned(query: &Json, policy: &Policy) -> Result<PlannedQuery, AppError> {
    let query: Query = serde_json::from_value(query.clone()).unwrap();
    let context = PlanContext::new(DateTime::parse_from_rfc3339("2026-03-16T09:00:30Z").unwrap().to_utc());
    plan_query(&query, &model(), policy, &context)
}

fn is_read(query: &Json, rollup: &RollupPlan) -> bool {
    with_rollup(&planned(query, &Policy::default()), rollup).is_some()
}

pub fn near(one: &[Vec<Value>], other: &[Vec<Value>]) -> bool {
    let same = |(one, other): (&Value, &Value)| match (one.number(), other.number()) {
        (Some(one), Some(other)) => (one - other).abs() <= 1e-9 * one.abs().max(1.0),
        _ => one == other,
    };
    one.len() == other.len()
        && one
            .iter()
            .zip(other)
            .all(|(one, other)| one.iter().zip(other).all(same))
}

fn pick<'v>(dice: &mut Dice, of: &'v [Json]) -> &'v Json {
    &of[usize::try_from(dice.roll(of.len() as u64)).unwrap()]
}

fn some(dice: &mut Dice, of: &[Json]) -> Vec<Json> {
    of.iter().filter(|_| dice.roll(3) == 0).cloned().collect()
}

/// A question whose names, ranges and conditions are sometimes kept by a rollup and sometimes not.
pub fn question(dice: &mut Dice) -> Json {
    let metrics = [
        json!("revenue"),
        json!("order_count"),
        json!("aov"),
        json!("average"),
        json!("least"),
        json!("greatest"),
        json!("known"),
        json!("paid_revenue"),
        json!("gifts"),
        json!("exchanged"),
        json!("to_date"),
        json!("rolling"),
        json!("growth"),
        json!({ "metric": "revenue", "as": "in_web", "where": { "field": "orders.channel", "op": "eq", "value": "DE" } }),
    ];
    let dimensions = [
        json!("orders.country"),
        json!("orders.channel"),
        json!("orders.gift"),
        json!("customers.region"),
    ];
    let conditions = [
        json!({ "field": "orders.country", "op": "in", "values": ["DE", "FR"] }),
        json!({ "not": { "field": "orders.channel", "op": "eq", "value": "IT" } }),
        json!({ "field": "customers.region", "op": "is_null" }),
        json!({ "segment": "orders.paid" }),
        json!({ "field": "orders.gift", "op": "eq", "value": true }),
        json!({ "field": "time", "part": "day_of_week", "op": "in", "values": [6, 7] }),
        json!({ "or": [{ "field": "orders.amount", "op": "gt", "value": 60 }, { "field": "orders.country", "op": "eq", "value": "DE" }] }),
    ];
    let ranges = [
        json!({ "all": true }),
        json!({ "from": "2025-02-03", "to": "2025-12-01" }),
        json!({ "from": "2025-03-01", "to": "2026-01-01" }),
        json!({ "last": 9, "unit": "month" }),
        json!({ "from": "2025-02-10T07:00", "to": "2025-11-03T12:30" }),
        json!({ "to_date": "year" }),
    ];
    let mut asked = some(dice, &metrics);
    asked.truncate(3);
    if asked.is_empty() {
        asked.push(json!("revenue"));
    }
    let mut by = if dice.roll(2) == 0 {
        some(dice, &dimensions)
    } else {
        vec![json!("orders.country")]
    };
    let mut query =
        json!({ "model": "shop", "metrics": asked, "time": { "range": pick(dice, &ranges) }, "totals": [[]] });
    if dice.roll(2) == 0 {
        let grain = pick(
            dice,
            &[
                json!("day"),
                json!("week"),
                json!("month"),
                json!("quarter"),
                json!("year"),
            ],
        )
        .clone();
        by.push(json!({ "field": "time", "grain": grain, "as": "bucket" }));
        if dice.roll(3) == 0
            && !asked
                .iter()
                .any(|metric| ["to_date", "rolling", "growth"].iter().any(|name| metric == name))
        {
            query["compare"] = json!([{ "as": "before", "shift": { "count": 1, "unit": pick(dice, &[json!("month"), json!("year")]) } }]);
        }
    }
    if !by.is_empty() && by[0].is_string() && dice.roll(3) == 0 {
        let top = asked[0].get("as").unwrap_or(&asked[0]).clone();
        query["top"] = json!({ "n": 2, "by": top, "field": by[0], "others": dice.roll(2) == 0 });
    }
    query["dimensions"] = Json::Array(by);
    let conditions = some(dice, &conditions);
    if !conditions.is_empty() && dice.roll(3) == 0 {
        query["where"] = json!({ "and": conditions });
    }
    query
}

#[test]
fn answers_are_the_same_with_rollups_and_without() {
    let kept = [
        json!({ "name": "days", "metrics": ["revenue", "order_count", "average", "known", "paid_revenue", "greatest", "gifts"],
            "dimensions": ["orders.country", "orders.channel", "customers.region"], "time": { "grain": "day" } }),
        json!({ "name": "months", "metrics": ["aov", "least", "gifts", "exchanged", "growth", "rolling"],
            "dimensions": ["orders.country", "orders.gift"], "time": { "grain": "month" } }),
        json!({ "name": "weeks", "metrics": ["to_date", "paid_revenue", "gifts", "aov", "average"],
            "dimensions": ["orders.country", { "field": "orders.logged_at", "grain": "day" }], "time": { "grain": "week" } }),
        json!({ "name": "all_time", "metrics": ["revenue", "paid_revenue", "greatest", "order_count"] }),
    ];
    let kept: Vec<RollupPlan> = kept.into_iter().map(|document| rollup(document).unwrap()).collect();
    let mut dice = Dice(11);
    let mut read = std::collections::BTreeMap::<String, usize>::new();
    for round in 0..400 {
        let mut tables = tables(&mut dice);
        for rollup in &kept {
            let rows = run(&rollup.build, &tables);
            tables.insert(rollup.name.to_string(), rows);
        }
        let query = question(&mut dice);
        // A comparison may lack its range.
        let Ok(without) = try_planned(&query, &Policy::default()) else {
            continue;
        };
        let mut ready = kept.clone();
        ready.rotate_left(round % kept.len());
        let mut with = without.clone();
        for rollup in &ready {
            if let Some(answered) = with_rollup(&with, rollup) {
                with = answered;
                *read.entry(rollup.name.clone()).or_default() += 1;
            }
        }
        let plans = |planned: &PlannedQuery| {
            let totals = planned.totals.iter().map(|total| total.rows.clone());
            std::iter::once(planned.rows.clone()).chain(totals).collect::<Vec<_>>()
        };
        for (with, without) in plans(&with).iter().zip(plans(&without)) {
            let (with_rows, rows) = (run(with, &tables), run(&without, &tables));
            assert_eq!(with_rows.columns, rows.columns);
            assert!(
                near(&with_rows.rows, &rows.rows),
                "round {round}: {query}\nwith {:?}\nwithout {:?}\n{with}",
                with_rows.rows,
                rows.rows
            );
        }
    }
    // A test of nothing but the rows would prove nothing.
    for rollup in &kept {
        let times = read.get(rollup.name.as_str()).copied().unwrap_or_default();
        assert!(times >= 5, "{} was read {times} times: {read:?}", rollup.name);
    }
}

#[test]
fn what_is_not_kept_is_read_from_the_rows() {
    let days = rollup(
        json!({ "name": "days", "metrics": ["revenue", "order_count", "paid_revenue", "exchanged"],
        "dimensions": ["orders.country"], "time": { "grain": "day" } }),
    )
    .unwrap();
    let ask = |changes: Json| {
        let mut query = json!({ "model": "shop", "metrics": ["revenue"], "dimensions": ["orders.country"] });
        for (key, value) in changes.as_object().unwrap() {
            query[key] = value.clone();
        }
        query
    };
    let time = |grain: &str| json!([{ "field": "time", "grain": grain }]);
    for kept in [
        json!({}),
        json!({ "dimensions": time("quarter") }),
        json!({ "dimensions": [{ "field": "time", "part": "day_of_week" }] }),
        json!({ "dimensions": [{ "field": "orders.ordered_at", "grain": "week" }] }),
        json!({ "metrics": ["aov"] }),
        json!({ "metrics": ["paid_revenue"] }),
        json!({ "metrics": ["exchanged"] }),
        json!({ "metrics": ["exchanged"], "parameters": { "fx": 2 } }),
        json!({ "time": { "range": { "last": 3, "unit": "month" } } }),
        json!({ "where": { "field": "orders.country", "op": "starts_with", "value": "d" } }),
        json!({ "having": { "metric": "order_count", "op": "gt", "value": 3 } }),
        json!({ "metrics": ["to_date", "rolling"], "dimensions": time("month"), "time": { "range": { "last": 1, "unit": "year" } } }),
        json!({ "dimensions": time("month"), "compare": [{ "as": "ly", "shift": { "count": 1, "unit": "year" } }] }),
        json!({ "top": { "n": 2, "by": "revenue", "field": "orders.country", "others": true } }),
        // Named after the rollup was made.
        json!({ "metrics": [{ "metric": "revenue", "as": "german", "where": { "field": "orders.country", "op": "eq", "value": "DE" } }] }),
    ] {
        assert!(is_read(&ask(kept.clone()), &days), "{kept}");
    }
    for other in [
        json!({ "metrics": ["buyers"] }),
        json!({ "metrics": ["median", "revenue"] }),
        json!({ "metrics": ["least"] }),
        json!({ "metrics": ["gifts"] }),
        json!({ "metrics": ["recent"] }),
        json!({ "metrics": ["exchanged"], "parameters": { "fx": 3 } }),
        json!({ "dimensions": ["orders.channel"] }),
        json!({ "dimensions": time("hour") }),
        json!({ "dimensions": time("month"), "time_zone": "America/New_York" }),
        json!({ "dimensions": [{ "field": "orders.logged_at", "grain": "month" }] }),
        json!({ "time": { "range": { "from": "2025-03-01T12:00" } } }),
        json!({ "time": { "range": { "to_date": "year" } } }),
        json!({ "where": { "field": "orders.channel", "op": "eq", "value": "web" } }),
        json!({ "where": { "field": "orders.amount", "op": "gt", "value": 3 } }),
        json!({ "where": { "metric": "order_count", "per": ["orders.customer"], "op": "gt", "value": 1 } }),
    ] {
        assert!(!is_read(&ask(other.clone()), &days), "{other}");
    }
}

#[test]
fn a_rule_is_asked_of_the_rollup_or_else_of_the_rows() {
    let rollup =
        rollup(json!({ "name": "regions", "metrics": ["revenue"], "dimensions": ["customers.region"] })).unwrap();
    let read = |rule: Json| {
        let rule = serde_json::from_value(rule).unwrap();
        let policy = Policy {
            tables: [("customers".to_owned(), vec![rule])].into(),
            ..Policy::default()
        };
        let query = json!({ "model": "shop", "metrics": ["revenue"] });
        let planned = planned(&query, &policy);
        with_rollup(&planned, &rollup).unwrap_or(planned).rows.to_string()
    };
    let kept = read(json!({ "field": "customers.region", "op": "eq", "value": "r1" }));
    assert!(kept.contains("Scan regions [k0, p1]") && kept.contains("r1"), "{kept}");
    let other = read(json!({ "field": "customers.id", "op": "eq", "value": "c1" }));
    assert!(!other.contains("Scan regions") && other.contains("c1"), "{other}");
}

#[test]
fn what_cannot_be_kept_says_why() {
    let refused = |document: Json| rollup(document).unwrap_err();
    for (metric, why) in [
        (
            "buyers",
            "buyers cannot be kept in a rollup: what is distinct in groups cannot be added up.",
        ),
        (
            "median",
            "median cannot be kept in a rollup: a percentile needs all values.",
        ),
    ] {
        let error = refused(json!({ "name": "r", "metrics": ["revenue", metric] }));
        assert_eq!((error.code, error.message.as_str()), (ErrorCode::NonAdditive, why));
    }
    let error = refused(json!({ "name": "r", "metrics": ["recent"] }));
    assert_eq!(
        error.message,
        "What this rollup keeps would depend on the moment it is made."
    );
    let error = refused(json!({ "name": "r", "metrics": [] }));
    assert_eq!(error.message, "A rollup needs at least one metric.");
    let error = refused(json!({ "name": "r", "metrics": ["revenu"] }));
    assert_eq!(
        (error.code, error.candidates.first().map(String::as_str)),
        (ErrorCode::UnknownField, Some("revenue"))
    );
    let error = refused(json!({ "name": "r", "metrics": ["revenue"], "dimensions": ["orders.contry"] }));
    assert_eq!(
        (error.code, error.candidates.first().map(String::as_str)),
        (ErrorCode::UnknownField, Some("orders.country"))
    );
}
