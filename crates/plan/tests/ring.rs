//! What must hold for any model of several tables and any rows: random ones, the same on every machine. `SIGHTLINE_SEED` tries
//! others.

use std::collections::BTreeMap;

use chrono::DateTime;
use plan::query::{PlanContext, Policy, plan_query};
use serde_json::{Value as Json, json};
use shared::semantic::{Model, Query};

use crate::interpreter::{Table, Tables, Value, run};

const ROUNDS: usize = 60;

struct Dice(u64);

impl Dice {
    fn seeded(test: u64) -> Self {
        let seed = std::env::var("SIGHTLINE_SEED").ok().and_then(|text| text.parse().ok());
        Self(seed.unwrap_or(1_u64).wrapping_mul(1_000).wrapping_add(test))
    }

    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.roll(of.len() as u64)).unwrap()]
    }

    /// NULL now and then.
    fn text(&mut self, of: &[&str]) -> Value {
        if self.roll(7) == 0 {
            Value::Null
        } else {
            Value::Text((*self.one(of)).to_owned())
        }
    }
}

const PEOPLE: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const REFERRERS: [&str; 3] = ["ad", "mail", "shop"];
const CITIES: [&str; 3] = ["Rome", "Bonn", "Oslo"];

fn model(dice: &mut Dice) -> Model {
    let window = json!({ "count": dice.roll(20) + 1, "unit": dice.one(&["day", "week"]) });
    let filter = json!({ "field": "visits.referrer", "op": dice.one(&["eq", "ne"]), "value": dice.one(&REFERRERS) });
    let city = json!({ "field": "people.city", "op": "eq", "value": dice.one(&CITIES) });
    let stored = dice.one(&["date", "timestamptz"]);
    let time =
        |name: &str, stored: &str| json!({ "name": name, "type": "time", "expr": { "col": name }, "stored": stored });
    let text = |name: &str| json!({ "name": name, "type": "string", "expr": { "col": name } });
    serde_json::from_value(json!({
        "format": 1, "model": "site", "version": 1, "time_zone": dice.one(&["UTC", "Europe/Berlin", "America/New_York"]),
        "tables": [
            { "name": "visits", "source": { "dataset": "visits" }, "default_time": *stored,
              "dimensions": [time("date", "date"), time("timestamptz", "timestamptz"), text("referrer"), text("person")] },
            { "name": "buys", "source": { "dataset": "buys" }, "default_time": "date",
              "dimensions": [time("date", "date"), text("person"), text("shop")] },
            { "name": "people", "source": { "dataset": "people" }, "primary_key": ["person"],
              "dimensions": [text("person"), text("city"), text("country")] }
        ],
        "joins": [
            { "name": "visitor", "from": "visits", "to": "people", "on": [["person", "person"]], "cardinality": "many_to_one" },
            { "name": "buyer", "from": "buys", "to": "people", "on": [["person", "person"]], "cardinality": "many_to_one" }
        ],
        "metrics": [
            { "name": "visits_all", "type": "simple", "table": "visits", "agg": "count" },
            { "name": "visits_some", "type": "simple", "table": "visits", "agg": "count", "filter": filter },
            { "name": "visits_there", "type": "simple", "table": "visits", "agg": "count", "filter": city },
            { "name": "turnover", "type": "simple", "table": "buys", "agg": "sum", "expr": { "col": "amount" } },
            { "name": "bought", "type": "conversion", "base": "visits_all", "conversion": "turnover", "entity": ["person"],
              "window": window, "result": "conversions" },
            { "name": "followed", "type": "conversion", "base": { "metric": "visits_some" }, "conversion": { "metric": "buys_all" },
              "entity": ["person"], "result": "conversions" },
            { "name": "buys_all", "type": "simple", "table": "buys", "agg": "count" },
            { "name": "per_person", "type": "nested", "agg": "avg", "metric": "visits_all", "per": ["visits.person"] },
            { "name": "rate", "type": "ratio", "numerator": "turnover", "denominator": "visits_all" },
            { "name": "people_seen", "type": "simple", "table": "visits", "agg": "count_distinct", "expr": { "col": "person" } }
        ]
    }))
    .unwrap()
}

fn tables(dice: &mut Dice) -> Tables {
    let start = DateTime::parse_from_rfc3339("2025-12-20T00:00:00Z")
        .unwrap()
        .timestamp();
    let mut events = |most: u64, names: &[&str]| -> Vec<Vec<Value>> {
        (0..dice.roll(most))
            .map(|_| {
                let hours = i64::try_from(dice.roll(24 * 60)).unwrap();
                let at = start + hours * 3_600;
                vec![
                    dice.text(&PEOPLE),
                    Value::Date(at.div_euclid(86_400)),
                    Value::Instant(at * 1_000_000),
                    dice.text(names),
                    Value::Int(i64::try_from(dice.roll(50)).unwrap()),
                ]
            })
            .collect()
    };
    let visits = events(50, &REFERRERS);
    let buys = events(30, &["north", "south"]);
    let known: Vec<Vec<Value>> = PEOPLE
        .iter()
        .filter(|_| dice.roll(4) > 0)
        .collect::<Vec<_>>()
        .into_iter()
        .map(|person| {
            vec![
                Value::Text((*person).to_owned()),
                dice.text(&CITIES),
                dice.text(&["IT", "DE"]),
            ]
        })
        .collect();
    let table = |columns: &[&str], rows| Table {
        columns: columns.iter().map(|name| (*name).to_owned()).collect(),
        rows,
    };
    [
        (
            "visits",
            table(&["person", "date", "timestamptz", "referrer", "amount"], visits),
        ),
        ("buys", table(&["person", "date", "at", "shop", "amount"], buys)),
        ("people", table(&["person", "city", "country"], known)),
    ]
    .map(|(name, table)| (name.to_owned(), table))
    .into()
}

fn ask(query: Json, model: &Model, tables: &Tables) -> Vec<Vec<Value>> {
    let mut query = query;
    query["model"] = json!("site");
    let query: Query = serde_json::from_value(query).unwrap();
    let context = PlanContext::new(DateTime::parse_from_rfc3339("2026-02-10T09:00:30Z").unwrap().to_utc());
    let planned = plan_query(&query, model, &Policy::default(), &context).unwrap_or_else(|error| panic!("{error:?}"));
    run(&planned.rows, tables).rows
}

fn sum(rows: &[Vec<Value>], at: usize) -> f64 {
    rows.iter().filter_map(|row| row[at].number()).sum()
}

/// Dimensions that visits and buys both reach.
fn shared_dimensions(dice: &mut Dice) -> Vec<Json> {
    let month = |grain: &str| json!({ "field": "time", "grain": grain, "as": grain });
    let all = [
        json!("people.city"),
        json!("people.country"),
        month("month"),
        month("week"),
    ];
    all.into_iter().filter(|_| dice.roll(2) == 0).collect()
}

fn own_dimensions(dice: &mut Dice) -> Vec<Json> {
    let mut all = shared_dimensions(dice);
    all.extend(
        [json!("visits.referrer"), json!("visits.person")]
            .into_iter()
            .filter(|_| dice.roll(2) == 0),
    );
    all
}

const ADDITIVE: [&str; 5] = ["visits_all", "visits_some", "visits_there", "bought", "followed"];

#[test]
fn groups_of_additive_metrics_sum_to_their_total() {
    let mut dice = Dice::seeded(1);
    for _ in 0..ROUNDS {
        let (model, tables) = (model(&mut dice), tables(&mut dice));
        let dimensions = own_dimensions(&mut dice);
        let grouped = ask(
            json!({ "metrics": ADDITIVE, "dimensions": dimensions }),
            &model,
            &tables,
        );
        let total = ask(json!({ "metrics": ADDITIVE }), &model, &tables);
        for (place, metric) in ADDITIVE.iter().enumerate() {
            let groups = sum(&grouped, dimensions.len() + place);
            assert_eq!(groups, sum(&total, place), "{metric} by {dimensions:?}");
        }
    }
}

#[test]
fn what_else_is_asked_changes_no_number() {
    let all = [
        "visits_all",
        "turnover",
        "bought",
        "per_person",
        "rate",
        "people_seen",
        "buys_all",
    ];
    let mut dice = Dice::seeded(2);
    for _ in 0..ROUNDS {
        let (model, tables) = (model(&mut dice), tables(&mut dice));
        let dimensions = shared_dimensions(&mut dice);
        let width = dimensions.len();
        let metric = *dice.one(&all);
        let beside: Vec<&str> = all
            .into_iter()
            .filter(|name| *name != metric && dice.roll(2) == 0)
            .collect();
        let key = |row: &Vec<Value>| row[..width].iter().map(Value::key).collect::<Vec<_>>();
        let alone = ask(
            json!({ "metrics": [metric], "dimensions": dimensions }),
            &model,
            &tables,
        );
        let metrics: Vec<&str> = std::iter::once(metric).chain(beside.iter().copied()).collect();
        let together = ask(json!({ "metrics": metrics, "dimensions": dimensions }), &model, &tables);
        let together: BTreeMap<_, _> = together.iter().map(|row| (key(row), row[width].clone())).collect();
        for row in &alone {
            assert_eq!(
                together.get(&key(row)),
                Some(&row[width]),
                "{metric} beside {beside:?} by {dimensions:?}"
            );
        }
    }
}

#[test]
fn one_more_dimension_splits_groups_and_changes_none() {
    let mut dice = Dice::seeded(3);
    for _ in 0..ROUNDS {
        let (model, tables) = (model(&mut dice), tables(&mut dice));
        let mut dimensions = own_dimensions(&mut dice);
        dimensions.retain(|dimension| *dimension != json!("people.city"));
        let width = dimensions.len();
        let coarse = ask(
            json!({ "metrics": ADDITIVE, "dimensions": dimensions }),
            &model,
            &tables,
        );
        let mut finer = dimensions.clone();
        finer.push(json!("people.city"));
        let fine = ask(json!({ "metrics": ADDITIVE, "dimensions": finer }), &model, &tables);
        for row in &coarse {
            let parts: Vec<Vec<Value>> = fine
                .iter()
                .filter(|part| part[..width] == row[..width])
                .cloned()
                .collect();
            for (place, metric) in ADDITIVE.iter().enumerate() {
                let whole = row[width + place].number().unwrap_or_default();
                assert_eq!(sum(&parts, width + 1 + place), whole, "{metric} by {finer:?}");
            }
        }
    }
}

#[test]
fn a_condition_its_negation_and_nothing_are_everything() {
    let mut dice = Dice::seeded(4);
    for _ in 0..ROUNDS {
        let (model, tables) = (model(&mut dice), tables(&mut dice));
        let (field, values) = *dice.one(&[
            ("visits.referrer", REFERRERS.as_slice()),
            ("people.city", CITIES.as_slice()),
            ("visits.person", PEOPLE.as_slice()),
        ]);
        let value = dice.one(values);
        let condition = match dice.roll(3) {
            0 => json!({ "field": field, "op": "eq", "value": value }),
            1 => json!({ "field": field, "op": "in", "values": [value, dice.one(values)] }),
            _ => json!({ "field": field, "op": "contains", "value": value }),
        };
        let nothing = json!({ "field": field, "op": "is_null" });
        let metrics = ["visits_all", "visits_some"];
        let count = |condition: Option<Json>| {
            let mut query = json!({ "metrics": metrics });
            if let Some(condition) = condition {
                query["where"] = condition;
            }
            ask(query, &model, &tables)
        };
        let parts = [condition.clone(), json!({ "not": condition }), nothing].map(|part| count(Some(part)));
        let whole = count(None);
        // Not conversions: they belong to an earlier visit once the latest is filtered away.
        for place in 0..metrics.len() {
            let parts: f64 = parts.iter().map(|rows| sum(rows, place)).sum();
            assert_eq!(parts, sum(&whole, place), "{condition}");
        }
    }
}
