//! What must hold for any data and any combination of dimensions: checked on many small random tables.

use std::collections::BTreeMap;

use chrono::DateTime;
use plan::query::{PlanContext, Policy, plan_query};
use serde_json::{Value as Json, json};
use shared::semantic::{Model, Query};

use crate::{
    interpreter::{Table, Tables, Value},
    sql::databases::sometimes_answered,
};

/// A fixed sequence: the same on every machine.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

pub fn tables(dice: &mut Dice) -> Tables {
    let names = ["", "DE", "FR", "IT", "Others"];
    let text = |index: u64| {
        let name = names[usize::try_from(index).unwrap()];
        if name.is_empty() {
            Value::Null
        } else {
            Value::Text(name.to_owned())
        }
    };
    let start = DateTime::parse_from_rfc3339("2025-01-01T00:00:00Z")
        .unwrap()
        .timestamp_micros();
    let rows = (0..dice.roll(60))
        .map(|_| {
            let at = start + i64::try_from(dice.roll(24 * 500)).unwrap() * 3_600_000_000;
            vec![
                Value::Instant(at),
                Value::Wall(at),
                Value::Date(at / 86_400_000_000),
                text(dice.roll(5)),
                text(dice.roll(4)),
                Value::Text(format!("c{}", dice.roll(7))),
                Value::Bool(dice.roll(2) == 0),
                if dice.roll(6) == 0 {
                    Value::Null
                } else {
                    Value::Int(i64::try_from(dice.roll(150)).unwrap())
                },
            ]
        })
        .collect();
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
    [(
        "orders".to_owned(),
        Table {
            columns: columns.map(str::to_owned).to_vec(),
            rows,
        },
    )]
    .into()
}

struct Asked {
    rows: Vec<Vec<Value>>,
    total: Vec<Vec<Value>>,
}

fn ask(query: Json, tables: &Tables) -> Asked {
    let model: Model = serde_json::from_str(include_str!("golden/model.json")).unwrap();
    let query: Query = serde_json::from_value(query).unwrap();
    let context = PlanContext::new(DateTime::parse_from_rfc3339("2026-03-16T09:00:30Z").unwrap().to_utc());
    let planned = plan_query(&query, &model, &Policy::default(), &context).unwrap();
    let mut rows = sometimes_answered(&planned.rows, tables).rows;
    rows.truncate(usize::try_from(planned.limit).unwrap());
    let total = planned
        .totals
        .first()
        .map(|total| sometimes_answered(&total.rows, tables).rows)
        .unwrap_or_default();
    Asked { rows, total }
}

fn sum(rows: &[Vec<Value>], at: usize) -> f64 {
    rows.iter().filter_map(|row| row[at].number()).sum()
}

fn dimensions(dice: &mut Dice) -> Vec<Json> {
    let all = [
        json!("orders.country"),
        json!("orders.channel"),
        json!("orders.gift"),
        json!("orders.size"),
        json!({ "field": "time", "grain": "month", "as": "m" }),
        json!({ "field": "orders.logged_at", "part": "day_of_week", "as": "dow" }),
    ];
    let mut chosen: Vec<Json> = all.into_iter().filter(|_| dice.roll(3) == 0).collect();
    if chosen.is_empty() {
        chosen.push(json!("orders.country"));
    }
    chosen
}

#[test]
fn additive_metrics_sum_to_their_total_over_any_dimensions() {
    let mut dice = Dice(1);
    for _ in 0..150 {
        let tables = tables(&mut dice);
        let dims = dimensions(&mut dice);
        let asked = ask(
            json!({ "model": "shop", "metrics": ["revenue", "order_count"], "dimensions": dims, "totals": [[]] }),
            &tables,
        );
        let width = dims.len();
        assert_eq!(sum(&asked.rows, width), sum(&asked.total, width), "{dims:?}");
        assert_eq!(sum(&asked.rows, width + 1), sum(&asked.total, width + 1), "{dims:?}");
    }
}

#[test]
fn a_top_with_others_keeps_every_row_in_one_group() {
    let mut dice = Dice(2);
    for _ in 0..150 {
        let tables = tables(&mut dice);
        let n = dice.roll(4) + 1;
        let per = if dice.roll(2) == 0 {
            json!([])
        } else {
            json!(["orders.channel"])
        };
        let asked = ask(
            json!({ "model": "shop", "metrics": ["order_count"], "dimensions": ["orders.country", "orders.channel"],
                "top": { "n": n, "by": "order_count", "field": "orders.country", "per": per, "others": true }, "totals": [[]],
                "calc": [{ "as": "share", "kind": "share_of_total", "of": "order_count", "within": ["orders.channel"] }] }),
            &tables,
        );
        assert_eq!(sum(&asked.rows, 2), sum(&asked.total, 2));
        let mut members: BTreeMap<String, u64> = BTreeMap::new();
        let mut shares: BTreeMap<String, f64> = BTreeMap::new();
        for row in &asked.rows {
            *members.entry(row[1].key()).or_default() += u64::from(row[4] == Value::Bool(false));
            *shares.entry(row[1].key()).or_default() += row[3].number().unwrap();
        }
        assert!(members.values().all(|count| *count <= n));
        assert!(shares.values().all(|share| (share - 1.0).abs() < 1e-9));
    }
}

#[test]
fn pages_put_together_are_the_whole() {
    let mut dice = Dice(3);
    for _ in 0..60 {
        let tables = tables(&mut dice);
        let dims = dimensions(&mut dice);
        let page = |limit: usize, offset: usize| {
            let query = json!({ "model": "shop", "metrics": ["order_count"], "dimensions": dims, "limit": limit, "offset": offset,
                "sort": [{ "by": "order_count", "dir": "desc" }] });
            ask(query, &tables).rows
        };
        let whole = page(1000, 0);
        let mut pages = Vec::new();
        for offset in (0..whole.len()).step_by(3) {
            pages.extend(page(3, offset));
        }
        assert_eq!(pages, whole);
    }
}

#[test]
fn the_previous_value_is_what_that_period_says_of_itself() {
    let mut dice = Dice(4);
    for _ in 0..60 {
        let tables = tables(&mut dice);
        let (grain, unit) = [
            ("month", "month"),
            ("month", "year"),
            ("week", "week"),
            ("quarter", "quarter"),
            ("day", "week"),
        ][usize::try_from(dice.roll(5)).unwrap()];
        let query = |compare: Json, range: Json| {
            json!({ "model": "shop", "metrics": ["revenue"], "dimensions": [{ "field": "time", "grain": grain, "as": "b" }],
                "time": { "range": range }, "compare": compare })
        };
        let compare = json!([{ "as": "p", "shift": { "count": 1, "unit": unit } }]);
        let asked = ask(
            query(compare, json!({ "from": "2025-07-01", "to": "2026-01-01" })),
            &tables,
        );
        let all = ask(query(json!([]), json!({ "all": true })), &tables);
        let by_bucket: BTreeMap<String, &Value> = all.rows.iter().map(|row| (row[0].key(), &row[1])).collect();
        for row in &asked.rows {
            let Value::Date(day) = row[0] else { panic!("{row:?}") };
            let date = DateTime::from_timestamp(day * 86_400, 0).unwrap().date_naive();
            let back = match unit {
                "week" => date - chrono::Days::new(7),
                "month" => date - chrono::Months::new(1),
                "quarter" => date - chrono::Months::new(3),
                _ => date - chrono::Months::new(12),
            };
            let earlier = Value::Date(back.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() / 86_400);
            assert_eq!(
                &row[2],
                by_bucket.get(&earlier.key()).copied().unwrap_or(&Value::Null),
                "{grain} {unit} {date}"
            );
        }
    }
}

#[test]
fn filling_adds_buckets_and_changes_no_number() {
    let mut dice = Dice(5);
    for _ in 0..60 {
        let tables = tables(&mut dice);
        let query = |fill: bool| {
            json!({ "model": "shop", "metrics": ["revenue", "order_count"],
                "dimensions": [{ "field": "time", "grain": "week", "as": "w" }, "orders.channel"], "fill": { "time": fill } })
        };
        let plain = ask(query(false), &tables).rows;
        let filled = ask(query(true), &tables).rows;
        assert!(plain.iter().all(|row| filled.contains(row)));
        assert!(filled.iter().all(|row| plain.contains(row) || row[3] == Value::Int(0)));
        let channels: std::collections::BTreeSet<String> = plain.iter().map(|row| row[1].key()).collect();
        let weeks: std::collections::BTreeSet<String> = filled.iter().map(|row| row[0].key()).collect();
        assert_eq!(filled.len(), channels.len() * weeks.len());
    }
}

#[test]
fn groups_of_an_earlier_period_sum_to_that_period() {
    let mut dice = Dice(6);
    for _ in 0..80 {
        let tables = tables(&mut dice);
        let shift = [("week", 2), ("month", 1), ("year", 1), ("day", 10)][usize::try_from(dice.roll(4)).unwrap()];
        let compare = json!([{ "as": "p", "shift": { "count": shift.1, "unit": shift.0 } }]);
        let time = json!({ "range": { "from": "2025-06-01", "to": "2026-01-01" } });
        let month = json!({ "field": "time", "grain": "month", "as": "m" });
        let per = dice.roll(2) == 0;
        let grouped = ask(
            json!({ "model": "shop", "metrics": [{ "metric": "order_count", "empty": "null" }], "dimensions": [month, "orders.country"],
                "time": time, "compare": compare,
                "top": { "n": 1, "by": "order_count", "field": "orders.country", "per": if per { json!(["m"]) } else { json!([]) }, "others": true } }),
            &tables,
        );
        let whole = ask(
            json!({ "model": "shop", "metrics": [{ "metric": "order_count", "empty": "null" }], "dimensions": [month], "time": time, "compare": compare }),
            &tables,
        );
        assert_eq!(sum(&grouped.rows, 2), sum(&whole.rows, 1), "{shift:?}");
        assert_eq!(sum(&grouped.rows, 3), sum(&whole.rows, 2), "{shift:?}");
        assert!(grouped.rows.iter().all(|row| row[4] != Value::Null));
    }
}
