//! Conversions, calendars of a model, starts of periods, groups within metrics, and members without rows: on few rows, with
//! numbers worked out by hand.

use chrono::DateTime;
use plan::{
    catalog::fields,
    query::{PlanContext, Policy, plan_query},
};
use serde_json::{Value as Json, json};
use shared::{
    AppError, ErrorCode,
    semantic::{Condition, Model, Query},
};

use crate::{
    interpreter::{Table, Tables, Value},
    sql::databases::answered,
};

fn model() -> Model {
    let day = |name: &str| json!({ "name": name, "type": "time", "expr": { "col": name }, "stored": "date" });
    let text = |name: &str| json!({ "name": name, "type": "string", "expr": { "col": name } });
    let count = |name: &str, table: &str| json!({ "name": name, "type": "simple", "table": table, "agg": "count" });
    serde_json::from_value(json!({
        "format": 1, "model": "site", "version": 1, "fiscal_year_start": "02-01",
        "calendars": [{ "name": "retail", "table": "days", "day": "d", "grains": { "retail_month": { "key": "rm", "start": "rm" } },
            "shifts": { "retail_year": "year_ago" } }],
        "tables": [
            { "name": "visits", "source": { "dataset": "visits" }, "default_time": "at", "primary_key": ["id"],
              "dimensions": [day("at"), text("referrer"), text("person"),
                { "name": "month", "type": "time", "expr": { "field": "at", "grain": "month" }, "stored": "date" },
                { "name": "shouted", "type": "string", "expr": { "sql": "loud(referrer, '!')" } }] },
            { "name": "buys", "source": { "dataset": "buys" }, "default_time": "at", "dimensions": [day("at"), text("person"),
                { "name": "amount", "type": "number", "expr": { "col": "amount" } }] },
            { "name": "people", "source": { "dataset": "people" }, "primary_key": ["person"],
              "dimensions": [text("person"), text("city"), text("country"),
                { "name": "nation", "type": "geo", "expr": { "col": "country" } },
                { "name": "card", "type": "json", "expr": { "col": "country" } },
                { "name": "home", "type": "geo", "expr": { "lat": { "col": "north" }, "lon": { "sql": "east / 2" } } }] },
            { "name": "days", "source": { "dataset": "days" }, "hidden": true, "dimensions": [day("d")] }
        ],
        "joins": [
            { "name": "visitor", "from": "visits", "to": "people", "on": [["person", "person"]], "cardinality": "many_to_one" },
            { "name": "buyer", "from": "buys", "to": "people", "on": [["person", "person"]], "cardinality": "many_to_one" }
        ],
        "hierarchies": [{ "name": "place", "levels": ["people.country", "people.city"] }],
        "functions": [
            { "name": "loud", "args": ["what", "sign"], "expr": { "sql": "concat(upper(what), sign)" } },
            { "name": "with_tax", "args": ["net"], "expr": { "sql": "net * (1 + {param:tax})" } },
            { "name": "twice_taxed", "args": ["x"], "expr": { "sql": "with_tax(with_tax(x))" } },
            { "name": "circle", "args": ["x"], "expr": { "sql": "circle(x)" } }
        ],
        "parameters": [{ "name": "tax", "type": "number", "default": 0.5 }],
        "metrics": [
            count("visit_count", "visits"), count("buy_count", "buys"),
            { "name": "turnover", "type": "simple", "table": "buys", "agg": "sum", "expr": { "col": "amount" } },
            { "name": "gross", "type": "simple", "table": "buys", "agg": "sum", "expr": { "sql": "twice_taxed(amount)" } },
            { "name": "endless", "type": "simple", "table": "buys", "agg": "sum", "expr": { "sql": "circle(amount)" } },
            { "name": "rate", "type": "conversion", "base": "visit_count", "conversion": "buy_count", "entity": ["person"],
              "window": { "count": 7, "unit": "day" } },
            { "name": "bought", "type": "conversion", "base": "visit_count", "conversion": "turnover", "entity": ["person"],
              "window": { "count": 7, "unit": "day" }, "result": "conversions" },
            { "name": "bought_ever", "type": "conversion", "base": "visit_count", "conversion": "buy_count", "entity": ["person"],
              "result": "conversions" },
            { "name": "by_hours", "type": "conversion", "base": "visit_count", "conversion": "buy_count", "entity": ["person"],
              "window": { "count": 7, "unit": "hour" } },
            { "name": "month_start", "type": "derived", "inputs": { "s": { "metric": "visit_count", "offset": { "start_of": "month" } } },
              "expr": "s" },
            { "name": "retail_before", "type": "derived",
              "inputs": { "p": { "metric": "visit_count", "offset": { "count": 1, "unit": "retail_month" } } }, "expr": "p" },
            { "name": "visits_per_person", "type": "nested", "agg": "avg", "metric": "visit_count", "per": ["visits.person"] },
            { "name": "busiest_day", "type": "nested", "agg": "max", "metric": "visit_count", "per": [{ "field": "time", "grain": "day" }] },
            { "name": "score", "type": "derived", "inputs": { "n": "visit_count" },
              "expr": "case when n >= 3 and not (n = 5) then power(n, 2) when n is null then 0 - 1 else round(ln(exp(n)), 3) end" },
            { "name": "share", "type": "derived", "inputs": { "n": "visit_count" }, "expr": "n.share_of(total)" },
            { "name": "share_here", "type": "derived", "inputs": { "n": "visit_count" }, "expr": "n.share_of(people.country)" },
            { "name": "in_country", "type": "derived", "inputs": { "n": "visit_count" }, "expr": "n.all_except(people.country)" },
            { "name": "change", "type": "derived", "inputs": { "n": "visit_count" }, "expr": "n - n.previous(1, month)" },
            { "name": "clash", "type": "derived", "inputs": { "n": "visit_count", "looked_at_0": "turnover" },
              "expr": "n.share_of(total) + looked_at_0" },
            { "name": "share_of_time", "type": "derived", "inputs": { "n": "visit_count" }, "expr": "n.share_of(time)" },
            { "name": "first_referrer", "type": "simple", "table": "visits", "agg": "min", "expr": { "sql": "upper(referrer)" } },
            { "name": "visits_so_far", "type": "cumulative", "metric": "visit_count" },
            { "name": "running", "type": "derived", "inputs": { "n": "visit_count" }, "expr": "n.running()" },
            { "name": "part_so_far", "type": "derived", "inputs": { "n": "visit_count" }, "expr": "n / n.running()" },
            { "name": "running_rate", "type": "derived", "inputs": { "r": "share" }, "expr": "r.running()" },
            { "name": "fiscal_before", "type": "derived",
              "inputs": { "p": { "metric": "visit_count", "offset": { "count": 1, "unit": "fiscal_quarter" } } }, "expr": "p" },
            { "name": "busiest_so_far", "type": "nested", "agg": "max", "metric": "visits_so_far", "per": [{ "field": "time", "grain": "day" }] },
            { "name": "visitors", "type": "nested", "agg": "count", "metric": "visit_count", "per": ["visits.person"] }
        ]
    }))
    .unwrap()
}

fn date(text: &str) -> Value {
    if text.is_empty() {
        return Value::Null;
    }
    let midnight = DateTime::parse_from_rfc3339(&format!("{text}T00:00:00Z")).unwrap();
    Value::Date(midnight.timestamp() / 86_400)
}

fn table(columns: &[&str], rows: Vec<Vec<Value>>) -> Table {
    Table {
        columns: columns.iter().map(|name| (*name).to_owned()).collect(),
        rows,
    }
}

fn tables() -> Tables {
    let text = |text: &str| {
        if text.is_empty() {
            Value::Null
        } else {
            Value::Text(text.to_owned())
        }
    };
    let visits = [
        (1, "a", "2026-01-01", "ad"),
        (2, "a", "2026-01-05", "mail"),
        (3, "b", "2026-01-05", "ad"),
        // A tie: two visits of one person on one day.
        (4, "c", "2026-01-30", "mail"),
        (5, "c", "2026-01-30", "ad"),
        (6, "", "2026-02-01", "ad"),
        (7, "d", "2026-02-01", ""),
    ];
    let buys = [
        // Of the visit of the 5th, which is the latest, not of that of the 1st.
        ("a", "2026-01-06", 10.0),
        // Exactly seven days after the visit of the 5th: too late.
        ("a", "2026-01-12", 20.0),
        // Six days after: in time.
        ("b", "2026-01-11", 40.0),
        // Before any visit.
        ("d", "2026-01-31", 80.0),
        ("c", "2026-01-30", 160.0),
        ("", "2026-02-01", 320.0),
    ];
    let people = [
        ("a", "Rome", "IT", 42.0, 25.0),
        ("b", "Bonn", "DE", 51.0, 14.0),
        ("c", "Bonn", "DE", 51.0, 14.0),
        ("e", "Oslo", "NO", 60.0, 21.5),
    ];
    // Periods of 3, 4 and 2 days; a day is compared with the one three before it, the first of all with none.
    let days = [
        ("2026-01-28", "2026-01-28", ""),
        ("2026-01-29", "2026-01-28", "2026-01-28"),
        ("2026-01-30", "2026-01-28", "2026-01-29"),
        ("2026-01-31", "2026-01-31", "2026-01-30"),
        ("2026-02-01", "2026-01-31", "2026-01-30"),
        ("2026-02-02", "2026-01-31", "2026-01-30"),
        ("2026-02-03", "2026-01-31", "2026-02-01"),
        ("2026-02-04", "2026-02-04", "2026-02-01"),
        ("2026-02-05", "2026-02-04", "2026-02-02"),
    ];
    [
        (
            "visits",
            table(
                &["id", "person", "at", "referrer"],
                visits
                    .map(|(id, person, at, referrer)| vec![Value::Int(id), text(person), date(at), text(referrer)])
                    .into(),
            ),
        ),
        (
            "buys",
            table(
                &["person", "at", "amount"],
                buys.map(|(person, at, amount)| vec![text(person), date(at), Value::Float(amount)])
                    .into(),
            ),
        ),
        (
            "people",
            table(
                &["person", "city", "country", "north", "east"],
                people
                    .map(|(person, city, country, north, east)| {
                        let places = [text(person), text(city), text(country)];
                        places.into_iter().chain([north, east].map(Value::Float)).collect()
                    })
                    .into(),
            ),
        ),
        (
            "days",
            table(
                &["d", "rm", "year_ago"],
                days.map(|(day, start, ago)| vec![date(day), date(start), date(ago)])
                    .into(),
            ),
        ),
    ]
    .map(|(name, table)| (name.to_owned(), table))
    .into()
}

fn planned(query: &Json) -> Result<plan::logical::PlannedQuery, AppError> {
    planned_as(query, &Policy::default())
}

fn planned_as(query: &Json, policy: &Policy) -> Result<plan::logical::PlannedQuery, AppError> {
    let mut query = query.clone();
    query["model"] = json!("site");
    let query: Query = serde_json::from_value(query).unwrap();
    let context = PlanContext::new(DateTime::parse_from_rfc3339("2026-03-16T09:00:30Z").unwrap().to_utc());
    plan_query(&query, &model(), policy, &context)
}

fn cell(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => json!(truth),
        Value::Int(whole) => json!(*whole as f64),
        Value::Float(number) => json!((number * 1e6).round() / 1e6),
        Value::Text(text) => json!(text),
        Value::Date(days) => json!(
            DateTime::from_timestamp(days * 86_400, 0)
                .unwrap()
                .format("%m-%d")
                .to_string()
        ),
        Value::Wall(at) | Value::Instant(at) => json!(DateTime::from_timestamp_micros(*at).unwrap().to_string()),
    }
}

fn ask(query: Json) -> Json {
    ask_as(query, &Policy::default())
}

fn ask_as(query: Json, policy: &Policy) -> Json {
    let planned = planned_as(&query, policy).unwrap_or_else(|error| panic!("{query}: {error:?}"));
    let rows = answered(&planned.rows, &tables()).rows;
    rows.iter()
        .map(|row| Json::Array(row.iter().map(cell).collect()))
        .collect()
}

fn refused(query: Json) -> AppError {
    planned(&query).unwrap_err()
}

#[test]
fn a_conversion_belongs_to_the_latest_base_event_within_its_window() {
    // Visits 2 (by the buy of the 6th), 3 and one of 4 and 5 converted; 7 visits.
    assert_eq!(
        ask(json!({ "metrics": ["rate", "bought", "bought_ever"] })),
        json!([[0.428571, 210.0, 4.0]])
    );
    assert_eq!(
        ask(json!({ "metrics": ["bought", "rate"], "dimensions": [{ "field": "time", "grain": "day" }] })),
        json!([
            ["01-01", null, 0.0],
            ["01-05", 50.0, 1.0],
            ["01-30", 160.0, 0.5],
            ["02-01", null, 0.0]
        ])
    );
    // The tie goes to the lesser group, once.
    assert_eq!(
        ask(json!({ "metrics": ["bought"], "dimensions": ["visits.referrer"] })),
        json!([["ad", 200.0], ["mail", 10.0]])
    );
    // Filters and ranges are of the base events: without the visit of the 5th the buy of the 6th follows that of the 1st.
    assert_eq!(
        ask(json!({ "metrics": ["bought"], "time": { "range": { "to": "2026-01-02" } } })),
        json!([[10.0]])
    );
    assert_eq!(
        ask(
            json!({ "metrics": ["bought"], "dimensions": ["people.country"], "where": { "field": "people.country", "op": "eq", "value": "DE" } })
        ),
        json!([["DE", 200.0]])
    );
    assert!(refused(json!({ "metrics": ["by_hours"] })).message.contains("hours"));
}

#[test]
fn the_start_of_a_period_is_one_day_of_it() {
    // On 1 January there is one visit, on 1 February two.
    assert_eq!(
        ask(json!({ "metrics": ["month_start"], "dimensions": [{ "field": "time", "grain": "month" }] })),
        json!([["01-01", 1.0], ["02-01", 2.0]])
    );
    assert_eq!(
        ask(
            json!({ "metrics": ["visit_count", "month_start"], "dimensions": [{ "field": "time", "grain": "day" }],
            "time": { "range": { "from": "2026-01-30", "to": "2026-02-03" } } })
        ),
        json!([
            ["01-30", 2.0, 1.0],
            ["01-31", 0.0, 1.0],
            ["02-01", 2.0, 2.0],
            ["02-02", 0.0, 2.0]
        ])
    );
    // Without time: the day that starts the month around the first day of the range.
    assert_eq!(
        ask(json!({ "metrics": ["month_start"], "time": { "range": { "from": "2026-01-20", "to": "2026-02-10" } } })),
        json!([[1.0]])
    );
    let parts = json!({ "metrics": ["month_start"], "dimensions": [{ "field": "time", "part": "day_of_week" }] });
    assert!(refused(parts).message.contains("parts"));
}

#[test]
fn calendars_of_the_model_group_filter_fill_and_compare() {
    let by = json!({ "field": "time", "grain": "retail_month", "as": "rm" });
    // Days that the calendar does not have are in no period.
    assert_eq!(
        ask(json!({ "metrics": ["visit_count"], "dimensions": [by] })),
        json!([["01-28", 2.0], ["01-31", 2.0], [null, 3.0]])
    );
    assert_eq!(
        ask(
            json!({ "metrics": ["visit_count"], "where": { "field": "time", "grain": "retail_month", "op": "gt", "value": "2026-01-28" } })
        ),
        json!([[2.0]])
    );
    assert_eq!(
        ask(
            json!({ "metrics": [{ "metric": "visit_count", "empty": "null" }], "dimensions": [by], "fill": { "time": true },
            "time": { "range": { "from": "2026-01-28", "to": "2026-02-06" } } })
        ),
        json!([["01-28", 2.0], ["01-31", 2.0], ["02-04", null]])
    );
    // The visits of 30 January are on the third day of their period, which in the next is 2 February; those of 1 February on
    // the second, 5 February.
    assert_eq!(
        ask(json!({ "metrics": ["retail_before"], "dimensions": [{ "field": "time", "grain": "day" }] })),
        json!([["02-02", 2.0], ["02-05", 2.0]])
    );
    assert_eq!(
        ask(json!({ "metrics": ["retail_before"], "dimensions": [by] })),
        json!([["01-31", 2.0], ["02-04", 2.0]])
    );
    let error =
        refused(json!({ "metrics": ["visit_count"], "dimensions": [{ "field": "time", "grain": "retail_mont" }] }));
    assert_eq!(
        (error.code, error.candidates.first().map(String::as_str)),
        (ErrorCode::UnknownField, Some("retail_month"))
    );
}

#[test]
fn fiscal_years_start_where_the_model_says() {
    let by = |grain: &str| json!([{ "field": "time", "grain": grain, "as": "f" }]);
    // The year of 1 February 2025 and that of 2026.
    assert_eq!(
        ask(json!({ "metrics": ["visit_count"], "dimensions": by("fiscal_year") })),
        json!([["02-01", 5.0], ["02-01", 2.0]])
    );
    assert_eq!(
        ask(json!({ "metrics": ["visit_count"], "dimensions": by("fiscal_quarter") })),
        json!([["11-01", 5.0], ["02-01", 2.0]])
    );
    let since = json!({ "field": "time", "grain": "fiscal_quarter", "op": "gte", "value": "2026-02-01" });
    assert_eq!(
        ask(json!({ "metrics": ["visit_count"], "where": since })),
        json!([[2.0]])
    );
    let range = json!({ "range": { "from": "2025-08-01", "to": "2026-05-02" } });
    assert_eq!(
        ask(
            json!({ "metrics": [{ "metric": "visit_count", "empty": "null" }], "dimensions": by("fiscal_quarter"),
            "fill": { "time": true }, "time": range })
        ),
        json!([["08-01", null], ["11-01", 5.0], ["02-01", 2.0], ["05-01", null]])
    );
    assert_eq!(
        ask(json!({ "metrics": ["fiscal_before"], "dimensions": by("fiscal_quarter"), "time": range })),
        json!([["02-01", 5.0], ["05-01", 2.0]])
    );
    let mut june = model();
    june.fiscal_year_start = Some("06-16".parse().unwrap());
    let query: Query = serde_json::from_value(
        json!({ "model": "site", "metrics": ["visit_count"], "dimensions": by("fiscal_quarter") }),
    )
    .unwrap();
    let context = PlanContext::new(DateTime::parse_from_rfc3339("2026-03-16T09:00:30Z").unwrap().to_utc());
    let planned = plan_query(&query, &june, &Policy::default(), &context).unwrap();
    // Quarters of 16 December and 16 September.
    assert_eq!(
        answered(&planned.rows, &tables()).rows,
        [[date("2025-12-16"), Value::Int(7)]]
    );
    let misspelt = refused(json!({ "metrics": ["visit_count"], "dimensions": by("fiscal_yer") }));
    assert_eq!(misspelt.candidates.first().map(String::as_str), Some("fiscal_year"));
}

#[test]
fn places_are_regions_or_two_numbers() {
    let visits = |dimensions: Json| json!({ "metrics": ["visit_count"], "dimensions": dimensions });
    let mut query = visits(json!(["people.nation"]));
    query["where"] = json!({ "field": "people.nation", "op": "contains", "value": "e" });
    assert_eq!(ask(query), json!([["DE", 3.0]]));
    let by_home = json!([[42.0, 12.5, 2.0], [51.0, 7.0, 3.0], [null, null, 2.0]]);
    assert_eq!(ask(visits(json!(["people.home"]))), by_home);
    let planned = planned(&visits(json!([{ "field": "people.home", "as": "at" }]))).unwrap();
    let columns: Vec<&str> = planned
        .columns
        .iter()
        .map(|column| column.column.name.as_str())
        .collect();
    assert_eq!(columns, ["at_lat", "at_lon", "visit_count"]);
    assert_eq!(planned.columns[0].column.label, "Home, latitude");
    let mut north = visits(json!(["people.home_lat"]));
    north["where"] = json!({ "field": "people.home_lon", "op": "gt", "value": 8 });
    assert_eq!(ask(north), json!([[42.0, 2.0]]));
    // A point has no order and no values of its own.
    let mut compared = visits(json!([]));
    compared["where"] = json!({ "field": "people.home", "op": "is_not_null" });
    assert!(refused(compared).message.contains("_lat"));
}

#[test]
fn json_is_grouped_and_searched_as_its_text() {
    let query = json!({ "metrics": ["visit_count"], "dimensions": ["people.card"],
        "where": { "field": "people.card", "op": "starts_with", "value": "I" } });
    assert_eq!(ask(query.clone()), json!([["IT", 2.0]]));
    assert_eq!(
        planned(&query).unwrap().columns[0].column.kind,
        shared::table::ColumnType::Json
    );
}

#[test]
fn days_are_compared_with_those_that_the_calendar_names() {
    let query = |dimensions: Json| {
        json!({ "metrics": ["visit_count"], "dimensions": dimensions, "time": { "range": { "from": "2026-01-30", "to": "2026-02-05" } },
            "compare": [{ "as": "before", "shift": { "count": 1, "unit": "year" }, "align": "retail_year" }] })
    };
    assert_eq!(
        ask(query(json!([{ "field": "time", "grain": "day" }]))),
        json!([
            ["01-30", 2.0, 0.0],
            ["01-31", 0.0, 2.0],
            ["02-01", 2.0, 2.0],
            ["02-02", 0.0, 2.0],
            ["02-03", 0.0, 2.0],
            ["02-04", 0.0, 2.0]
        ])
    );
    // Three days are compared with 30 January; in all, its rows count once.
    assert_eq!(ask(query(json!([]))), json!([[4.0, 4.0]]));
}

#[test]
fn nested_metrics_aggregate_groups_again() {
    // Visits: a 2, b 1, c 2, d 1, nobody 1.
    assert_eq!(
        ask(json!({ "metrics": ["visits_per_person", "busiest_day", "visitors"] })),
        json!([[1.4, 2.0, 5.0]])
    );
    assert_eq!(
        ask(
            json!({ "metrics": ["visits_per_person", "busiest_day"], "dimensions": [{ "field": "time", "grain": "month" }], "totals": [[]] })
        ),
        json!([["01-01", 1.666667, 2.0], ["02-01", 1.0, 2.0]])
    );
    assert_eq!(
        ask(
            json!({ "metrics": ["visits_per_person"], "dimensions": ["visits.referrer"],
            "time": { "range": { "from": "2026-01-01", "to": "2026-02-01" } },
            "compare": [{ "as": "before", "shift": { "count": 1, "unit": "month" } }] })
        ),
        json!([["ad", 1.0, null], ["mail", 1.0, null]])
    );
}

#[test]
fn a_dimension_may_be_another_ones_grain() {
    assert_eq!(
        ask(json!({ "metrics": ["visit_count"], "dimensions": ["visits.month"] })),
        json!([["01-01", 5.0], ["02-01", 2.0]])
    );
}

#[test]
fn members_are_listed_without_rows() {
    let by_city = |more: Json| {
        let mut query =
            json!({ "metrics": ["visit_count", "turnover"], "dimensions": ["people.city"], "of": "people" });
        query.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        query
    };
    assert_eq!(
        ask(by_city(json!({}))),
        json!([
            ["Bonn", 3.0, 200.0],
            ["Oslo", 0.0, null],
            ["Rome", 2.0, 30.0],
            [null, 2.0, 400.0]
        ])
    );
    let norway = json!({ "where": { "field": "people.country", "op": "eq", "value": "NO" } });
    assert_eq!(ask(by_city(norway)), json!([["Oslo", 0.0, null]]));
    // What is asked of the rows says nothing of members.
    assert_eq!(
        ask(
            json!({ "metrics": ["visit_count"], "dimensions": ["people.city"], "of": "people",
            "where": { "field": "visits.referrer", "op": "eq", "value": "mail" } })
        ),
        json!([["Bonn", 1.0], ["Oslo", 0.0], ["Rome", 1.0]])
    );
    let by_month = json!({ "metrics": ["visit_count"], "dimensions": ["people.city", { "field": "time", "grain": "month" }],
        "of": "people", "time": { "range": { "from": "2026-01-01", "to": "2026-03-01" } } });
    assert_eq!(refused(by_month.clone()).field.as_deref(), Some("of"));
    let mut filled = by_month;
    filled["fill"] = json!({ "time": true });
    assert_eq!(
        ask(filled),
        json!([
            ["Bonn", "01-01", 3.0],
            ["Bonn", "02-01", 0.0],
            ["Oslo", "01-01", 0.0],
            ["Oslo", "02-01", 0.0],
            ["Rome", "01-01", 2.0],
            ["Rome", "02-01", 0.0],
            [null, "01-01", 0.0],
            [null, "02-01", 2.0]
        ])
    );
    assert_eq!(
        ask(json!({ "dimensions": ["people.city"], "of": "visits" })),
        json!([["Bonn"], ["Rome"], [null]])
    );
    assert_eq!(
        ask(json!({ "dimensions": ["people.city"] })),
        json!([["Bonn"], ["Oslo"], ["Rome"]])
    );
    assert_eq!(
        refused(json!({ "dimensions": ["people.city"], "of": "peple" })).candidates,
        ["people"]
    );
}

#[test]
fn lists_keep_what_is_alike_and_add_what_nothing_points_to() {
    let list = |more: Json| {
        let mut query = json!({ "dimensions": ["visits.referrer", "people.city"] });
        query.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        query
    };
    let distinct = [
        json!(["ad", "Bonn"]),
        json!(["ad", "Rome"]),
        json!(["ad", null]),
        json!(["mail", "Bonn"]),
        json!(["mail", "Rome"]),
        json!([null, null]),
    ];
    assert_eq!(ask(list(json!({}))), json!(distinct));
    let mut unmatched = distinct.to_vec();
    unmatched.insert(5, json!([null, "Oslo"]));
    assert_eq!(ask(list(json!({ "unmatched": true }))), json!(unmatched));
    assert_eq!(ask(list(json!({ "distinct": false }))).as_array().unwrap().len(), 7);
    let only = |field: &str, value: &str| json!({ "unmatched": true, "where": { "field": field, "op": "eq", "value": value } });
    assert_eq!(ask(list(only("people.country", "NO"))), json!([[null, "Oslo"]]));
    assert_eq!(
        ask(list(only("visits.referrer", "mail"))),
        json!([["mail", "Bonn"], ["mail", "Rome"]])
    );
    // Whom only hidden visits point to is shown as whoever has none is: that a visit is hidden stays hidden.
    let only_mail: Condition =
        serde_json::from_value(json!({ "field": "visits.referrer", "op": "eq", "value": "mail" })).unwrap();
    let policy = Policy {
        tables: [("visits".to_owned(), vec![only_mail])].into(),
        ..Policy::default()
    };
    assert_eq!(
        ask_as(list(json!({ "unmatched": true })), &policy),
        json!([["mail", "Bonn"], ["mail", "Rome"], [null, "Bonn"], [null, "Oslo"]])
    );
    for key in ["distinct", "unmatched"] {
        let query = json!({ "metrics": ["visit_count"], key: key == "unmatched" });
        assert_eq!(refused(query).field.as_deref(), Some(key));
    }
}

#[test]
fn metrics_that_show_masked_columns_are_refused() {
    let policy = Policy {
        masked: ["visits.referrer".to_owned()].into(),
        ..Policy::default()
    };
    let refusal = planned_as(&json!({ "metrics": ["first_referrer"] }), &policy).unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Forbidden);
    assert!(planned_as(&json!({ "metrics": ["visit_count"] }), &policy).is_ok());
    assert_eq!(ask(json!({ "metrics": ["first_referrer"] })), json!([["AD"]]));
}

#[test]
fn what_looks_back_is_not_grouped_by_time_within() {
    let refusal = refused(json!({ "metrics": ["busiest_so_far"] }));
    assert_eq!(
        (refusal.code, refusal.field.as_deref()),
        (ErrorCode::Unsupported, Some("busiest_so_far"))
    );
}

#[test]
fn functions_of_the_model_are_written_out() {
    // 630 in all, taxed twice by half.
    assert_eq!(ask(json!({ "metrics": ["gross"] })), json!([[1417.5]]));
    assert_eq!(
        ask(json!({ "metrics": ["gross"], "parameters": { "tax": 0 } })),
        json!([[630.0]])
    );
    assert_eq!(
        ask(json!({ "metrics": ["visit_count"], "dimensions": ["visits.shouted"] })),
        json!([["!", 1.0], ["AD!", 4.0], ["MAIL!", 2.0]])
    );
    assert!(
        refused(json!({ "metrics": ["endless"] }))
            .message
            .contains("calls itself")
    );
}

#[test]
fn formulas_decide_and_look_back() {
    assert_eq!(
        ask(json!({ "metrics": ["score"], "dimensions": ["visits.referrer"] })),
        json!([["ad", 16.0], ["mail", 2.0], [null, 1.0]])
    );
    assert_eq!(
        ask(
            json!({ "metrics": ["change"], "dimensions": [{ "field": "time", "grain": "month" }],
            "time": { "range": { "from": "2026-01-01", "to": "2026-03-01" } } })
        ),
        json!([["01-01", 5.0], ["02-01", -3.0]])
    );
}

#[test]
fn hierarchies_are_offered_where_every_level_is() {
    let names = |metrics: &[&str]| {
        let metrics: Vec<String> = metrics.iter().map(|name| (*name).to_owned()).collect();
        let offered = fields(&model(), &metrics).unwrap().hierarchies;
        offered
            .into_iter()
            .map(|hierarchy| hierarchy.levels.join(" > "))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&["rate"]), ["people.country > people.city"]);
    assert_eq!(names(&[]).len(), 1);
    let mut model = model();
    model.joins.clear();
    assert!(
        fields(&model, &["visit_count".to_owned()])
            .unwrap()
            .hierarchies
            .is_empty()
    );
}

#[test]
fn formulas_add_up_what_was_before() {
    let by_month = json!([{ "field": "time", "grain": "month" }, "people.country"]);
    let asked = |metrics: serde_json::Value| ask(json!({ "metrics": metrics, "dimensions": by_month }));
    let (running, cumulative) = (asked(json!(["running"])), asked(json!(["visits_so_far"])));
    assert_eq!(running, cumulative);
    assert!(running.as_array().unwrap().len() > 2, "{running}");
    assert_eq!(
        ask(json!({ "metrics": ["running", "visit_count"] })),
        json!([[7.0, 7.0]])
    );
    // A range chooses what is shown, not what is added up.
    let later = json!({ "metrics": ["visit_count", "running", "part_so_far"], "dimensions": [{ "field": "time", "grain": "month" }],
        "time": { "field": "time", "range": { "from": "2026-02-01", "to": "2026-03-01" } } });
    assert_eq!(ask(later), json!([["02-01", 2.0, 7.0, 0.285714]]));
    assert_eq!(
        refused(json!({ "metrics": ["running_rate"] })).field.as_deref(),
        Some("share")
    );
}

#[test]
fn formulas_look_at_other_groups() {
    // Visits by country and referrer: DE ad 2, DE mail 1, IT ad 1, IT mail 1, nowhere ad 1, nowhere nothing 1.
    assert_eq!(
        ask(
            json!({ "metrics": ["share", "share_here", "in_country"], "dimensions": ["people.country", "visits.referrer"] })
        ),
        json!([
            ["DE", "ad", 0.285714, 0.666667, 3.0],
            ["DE", "mail", 0.142857, 0.333333, 3.0],
            ["IT", "ad", 0.142857, 0.5, 2.0],
            ["IT", "mail", 0.142857, 0.5, 2.0],
            [null, "ad", 0.142857, 0.5, 2.0],
            [null, null, 0.142857, 0.5, 2.0]
        ])
    );
    // The query's conditions hold in both.
    assert_eq!(
        ask(json!({ "metrics": ["share"], "dimensions": ["people.country"],
            "where": { "field": "visits.referrer", "op": "eq", "value": "mail" } })),
        json!([["DE", 0.5], ["IT", 0.5]])
    );
    // The rest of a top is a part of the total, too.
    assert_eq!(
        ask(
            json!({ "metrics": ["share", "visit_count"], "dimensions": ["people.country"],
            "top": { "n": 1, "by": "visit_count", "others": true } })
        ),
        json!([["DE", 0.428571, 3.0, false], ["Others", 0.571429, 4.0, true]])
    );
    // An input may be called as what stands for another.
    assert_eq!(ask(json!({ "metrics": ["clash"] })), json!([[631.0]]));
    // `time` is the field that it stands for, too.
    for month in ["time", "visits.at"] {
        let by_month = json!({ "metrics": ["share_of_time"],
            "dimensions": [{ "field": month, "grain": "month" }, "visits.referrer"], "where": { "field": "visits.referrer", "op": "ne", "value": "x" } });
        assert_eq!(
            ask(by_month),
            json!([["01-01", "ad", 0.6], ["01-01", "mail", 0.4], ["02-01", "ad", 1.0]]),
            "{month}"
        );
    }
    let kept = json!({ "metrics": ["share", "visit_count"], "dimensions": ["people.country"], "totals": [[]],
        "totals_after_having": true, "top": { "n": 1, "by": "visit_count", "others": true } });
    assert_eq!(refused(kept).field.as_deref(), Some("totals_after_having"));
    let compared = json!({ "metrics": ["share"], "dimensions": [{ "field": "time", "grain": "month" }],
        "compare": [{ "as": "p", "shift": { "count": 1, "unit": "month" } }] });
    assert_eq!(refused(compared).code, ErrorCode::Unsupported);
}
