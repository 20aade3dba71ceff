//! Do the calendars, hierarchies and functions of a model hold together?

use std::collections::BTreeMap;

use guard::{CustomFunction, Dialect, ExpressionRules, check_expression};
use shared::{
    semantic::{Calendar, DimensionType, FISCAL_GRAINS, Grain, Model, ModelTable},
    table::ColumnType,
};

const MOST_ARGUMENTS: usize = 20;

/// The functions of a model, as far as calls go.
pub(super) fn custom_functions(model: &Model) -> Vec<CustomFunction> {
    let calls = model.functions.iter().map(|function| CustomFunction {
        name: function.name.to_string(),
        arguments: function.args.len(),
    });
    calls.collect()
}

/// What is wrong, with the part of the document it is about. `column` says of which type a stored column is: `None` where there
/// is none, nothing inside where nobody knows.
pub(super) fn check_parts(
    model: &Model,
    column: impl Fn(&ModelTable, &str) -> Option<Option<ColumnType>>,
) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut grains: BTreeMap<&str, &str> = BTreeMap::new();
    let mut shifts: BTreeMap<&str, &str> = BTreeMap::new();
    for (position, calendar) in model.calendars.iter().enumerate() {
        let at = format!("calendars.{position}");
        let earlier = model.calendars.iter().take(position);
        if earlier.into_iter().any(|other| other.name == calendar.name) {
            found.push((
                format!("{at}.name"),
                format!("There are two calendars called {}.", calendar.name),
            ));
        }
        found.extend(check_columns(model, calendar, &at, &column));
        for name in calendar.grains.keys() {
            let name = name.as_str();
            if FISCAL_GRAINS.iter().any(|(fiscal, _)| *fiscal == name) {
                let message =
                    format!("{name} is a grain of fiscal years (fiscal_year_start); name this one otherwise.");
                found.push((format!("{at}.grains.{name}"), message));
            }
            if Grain::ALL.iter().any(|grain| grain.as_str() == name) {
                let message = format!("{name} is a grain of the common calendar; name this one otherwise.");
                found.push((format!("{at}.grains.{name}"), message));
            }
            if let Some(other) = grains.insert(name, calendar.name.as_str()) {
                let message = format!("The calendar {other} has a grain called {name} already.");
                found.push((format!("{at}.grains.{name}"), message));
            }
        }
        for name in calendar.shifts.keys() {
            let name = name.as_str();
            if matches!(name, "calendar" | "weekday") {
                let message = format!("{name} is an alignment already; name this shift otherwise.");
                found.push((format!("{at}.shifts.{name}"), message));
            }
            if let Some(other) = shifts.insert(name, calendar.name.as_str()) {
                let message = format!("The calendar {other} has a shift called {name} already.");
                found.push((format!("{at}.shifts.{name}"), message));
            }
        }
    }
    found.extend(check_hierarchies(model));
    found.extend(check_functions(model));
    found
}

fn check_columns(
    model: &Model,
    calendar: &Calendar,
    at: &str,
    column: impl Fn(&ModelTable, &str) -> Option<Option<ColumnType>>,
) -> Vec<(String, String)> {
    let Some(table) = model.table(calendar.table.as_str()) else {
        let message = format!("There is no table called {}.", calendar.table);
        return vec![(format!("{at}.table"), message)];
    };
    let mut found = Vec::new();
    if model.access.iter().any(|entry| entry.table == calendar.table) {
        let message = format!(
            "Access to {} is limited; a calendar needs all of its days.",
            calendar.table
        );
        found.push((format!("{at}.table"), message));
    }
    let mut dates = vec![(format!("{at}.day"), calendar.day.as_str())];
    for (name, grain) in &calendar.grains {
        dates.push((format!("{at}.grains.{name}.start"), grain.start.as_str()));
        if column(table, &grain.key).is_none() {
            let message = format!("{} has no column {}.", table.name, grain.key);
            found.push((format!("{at}.grains.{name}.key"), message));
        }
    }
    for (name, stored) in &calendar.shifts {
        dates.push((format!("{at}.shifts.{name}"), stored.as_str()));
    }
    for (place, name) in dates {
        match column(table, name) {
            Some(None | Some(ColumnType::Date | ColumnType::Timestamp)) => {}
            Some(Some(kind)) => {
                let message = format!("{name} holds {} and no dates.", kind.as_str());
                found.push((place, message));
            }
            None => found.push((place, format!("{} has no column {name}.", table.name))),
        }
    }
    found
}

fn check_hierarchies(model: &Model) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (position, hierarchy) in model.hierarchies.iter().enumerate() {
        let at = format!("hierarchies.{position}");
        let mut earlier = model.hierarchies.iter().take(position);
        if earlier.any(|other| other.name == hierarchy.name) {
            let message = format!("There are two hierarchies called {}.", hierarchy.name);
            found.push((format!("{at}.name"), message));
        }
        if hierarchy.levels.len() < 2 {
            let message = format!("{} needs at least two levels to go down along.", hierarchy.name);
            found.push((format!("{at}.levels"), message));
        }
        for (level, name) in hierarchy.levels.iter().enumerate() {
            let place = format!("{at}.levels.{level}");
            if model.dimension(name).is_none() {
                found.push((place, format!("There is no dimension called {name}.")));
            } else if hierarchy.levels.iter().take(level).any(|other| other == name) {
                found.push((place, format!("{name} is a level of {} twice.", hierarchy.name)));
            }
        }
    }
    found
}

fn check_functions(model: &Model) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let custom = custom_functions(model);
    let mut calls: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (position, function) in model.functions.iter().enumerate() {
        let at = format!("functions.{position}");
        let name = function.name.as_str();
        let mut earlier = model.functions.iter().take(position);
        if earlier.any(|other| other.name.as_str().eq_ignore_ascii_case(name)) {
            found.push((format!("{at}.name"), format!("There are two functions called {name}.")));
        }
        if guard::is_function(name) {
            let message = format!("{name} is a function already; name this one otherwise.");
            found.push((format!("{at}.name"), message));
        }
        if function.args.len() > MOST_ARGUMENTS {
            let message = format!("A function has at most {MOST_ARGUMENTS} arguments.");
            found.push((format!("{at}.args"), message));
            continue;
        }
        for (place, argument) in function.args.iter().enumerate() {
            if function.args.iter().take(place).any(|other| other == argument) {
                let message = format!("Two arguments of {name} are called {argument}.");
                found.push((format!("{at}.args.{place}"), message));
            }
        }
        let rules = ExpressionRules {
            dialect: Dialect::Postgres,
            custom_functions: &custom,
            aggregates: false,
        };
        let place = format!("{at}.expr");
        let checked = match check_expression(&function.expr.sql, &rules) {
            Ok(checked) => checked,
            Err(refusal) => {
                found.push((place, refusal.to_string()));
                continue;
            }
        };
        for column in &checked.columns {
            if !function.args.iter().any(|argument| argument.as_str() == column) {
                found.push((place.clone(), format!("{column} is none of the arguments of {name}.")));
            }
        }
        if let Some(field) = checked.fields.first() {
            let message = format!(
                "A function reads no fields; pass {}.{} as an argument.",
                field.table, field.field
            );
            found.push((place.clone(), message));
        }
        for parameter in &checked.parameters {
            if !model.parameters.iter().any(|known| known.name.as_str() == parameter) {
                found.push((place.clone(), format!("There is no parameter called {parameter}.")));
            }
        }
        calls.insert(name.to_owned(), checked.custom_functions.into_iter().collect());
    }
    for (position, function) in model.functions.iter().enumerate() {
        if calls_itself(&calls, function.name.as_str()) {
            let message = format!("{} calls itself.", function.name);
            found.push((format!("functions.{position}.expr"), message));
        }
    }
    found
}

/// Does a function reach itself through those it calls?
fn calls_itself(calls: &BTreeMap<String, Vec<String>>, name: &str) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    let mut next: Vec<&str> = vec![name];
    while let Some(caller) = next.pop() {
        for called in calls.get(caller).into_iter().flatten() {
            if called == name {
                return true;
            }
            if !seen.contains(&called.as_str()) {
                seen.push(called);
                next.push(called);
            }
        }
    }
    false
}

/// Is it a time dimension, of the table when it has no table's name?
pub(super) fn is_time_field(model: &Model, table: &ModelTable, field: &str) -> bool {
    let dimension = match field.split_once('.') {
        Some(_) => model.dimension(field).map(|(_, dimension)| dimension),
        None => table.dimension(field),
    };
    dimension.is_some_and(|dimension| dimension.kind == DimensionType::Time)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::check::{StoredColumns, check};
    use super::*;
    use crate::connection::DatabaseColumns;

    /// What is wrong with a model of visits, buys and days, changed by `change`.
    fn wrong(change: impl Fn(&mut Value)) -> Vec<(String, String)> {
        let time = json!({ "name": "at", "type": "time", "expr": { "col": "at" }, "stored": "date" });
        let text = |name: &str| json!({ "name": name, "type": "string", "expr": { "col": name } });
        let mut document = json!({
            "format": 1, "model": "site",
            "calendars": [{ "name": "retail", "table": "days", "day": "at", "grains": { "period": { "key": "number", "start": "at" } },
                "shifts": { "year_ago": "at" } }],
            "tables": [
                { "name": "visits", "source": { "dataset": "visits" }, "default_time": "at",
                  "dimensions": [time, text("person"), text("referrer")] },
                { "name": "buys", "source": { "dataset": "buys" }, "dimensions": [time, text("person")] },
                { "name": "days", "source": { "dataset": "days" } }
            ],
            "hierarchies": [{ "name": "who", "levels": ["visits.referrer", "visits.person"] }],
            "functions": [{ "name": "loud", "args": ["what"], "expr": { "sql": "upper(what)" } },
                { "name": "louder", "args": ["what"], "expr": { "sql": "concat(loud(what), '!')" } }],
            "metrics": [
                { "name": "visit_count", "type": "simple", "table": "visits", "agg": "count" },
                { "name": "buy_count", "type": "simple", "table": "buys", "agg": "count", "time": "at" },
                { "name": "rate", "type": "conversion", "base": "visit_count", "conversion": "buy_count", "entity": ["person"] },
                { "name": "each", "type": "nested", "agg": "avg", "metric": "visit_count", "per": ["visits.person"] },
                { "name": "before", "type": "derived", "inputs": { "p": { "metric": "visit_count", "offset": { "count": 1, "unit": "period" } } },
                  "expr": "p" }
            ]
        });
        change(&mut document);
        let model: Model = serde_json::from_value(document).unwrap();
        let columns =
            |names: &[(&str, ColumnType)]| names.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        let person = ("person", ColumnType::String);
        let at = ("at", ColumnType::Date);
        let datasets = [
            ("visits", columns(&[person, at, ("referrer", ColumnType::String)])),
            ("buys", columns(&[person, at])),
            (
                "days",
                columns(&[at, ("number", ColumnType::Integer), ("name", ColumnType::String)]),
            ),
        ];
        let stored = StoredColumns {
            datasets: datasets.map(|(name, columns)| (name.to_owned(), columns)).into(),
            databases: &DatabaseColumns::default(),
        };
        let errors = check(&model, &stored, None).errors.into_iter();
        errors
            .map(|error| (error.field.unwrap_or_default(), error.message))
            .collect()
    }

    #[test]
    fn every_slip_has_its_place() {
        assert_eq!(wrong(|_| {}), []);
        let slips: [(&str, Value, &str, &str); 27] = [
            (
                "/calendars/0/table",
                json!("dates"),
                "calendars.0.table",
                "no table called dates",
            ),
            ("/calendars/0/day", json!("name"), "calendars.0.day", "no dates"),
            (
                "/calendars/0/grains",
                json!({ "month": { "key": "at", "start": "at" } }),
                "calendars.0.grains.month",
                "common",
            ),
            (
                "/calendars/0/grains/period/key",
                json!("no"),
                "calendars.0.grains.period.key",
                "no column no",
            ),
            (
                "/calendars/0/grains/period/start",
                json!("no"),
                "calendars.0.grains.period.start",
                "no column no",
            ),
            (
                "/calendars/0/shifts",
                json!({ "weekday": "at" }),
                "calendars.0.shifts.weekday",
                "alignment",
            ),
            (
                "/hierarchies/0/levels",
                json!(["visits.person"]),
                "hierarchies.0.levels",
                "two levels",
            ),
            (
                "/hierarchies/0/levels/1",
                json!("visits.city"),
                "hierarchies.0.levels.1",
                "no dimension",
            ),
            (
                "/hierarchies/0/levels/1",
                json!("visits.referrer"),
                "hierarchies.0.levels.1",
                "twice",
            ),
            ("/functions/0/name", json!("Upper"), "functions.0.name", "already"),
            (
                "/functions/0/args",
                json!(["what", "what"]),
                "functions.0.args.1",
                "Two arguments",
            ),
            (
                "/functions/0/expr/sql",
                json!("upper(person)"),
                "functions.0.expr",
                "none of the arguments",
            ),
            (
                "/functions/0/expr/sql",
                json!("louder(what)"),
                "functions.1.expr",
                "calls itself",
            ),
            (
                "/functions/0/expr/sql",
                json!("{param:no}"),
                "functions.0.expr",
                "no parameter",
            ),
            (
                "/functions/0/args",
                (0..21).map(|number| json!(format!("a{number}"))).collect(),
                "functions.0.args",
                "at most 20",
            ),
            (
                "/metrics/1/agg",
                json!("avg"),
                "metrics.2.conversion",
                "counted or summed",
            ),
            (
                "/metrics/0",
                json!({ "name": "visit_count", "type": "simple", "table": "visits", "agg": "count",
                    "semi_additive": { "time": "at", "pick": "last" } }),
                "metrics.2.base",
                "is a balance",
            ),
            ("/metrics/2/entity", json!([]), "metrics.2.entity", "whose events"),
            (
                "/metrics/2/entity",
                json!(["referrer"]),
                "metrics.2.conversion",
                "no column referrer",
            ),
            ("/metrics/2/base", json!("each"), "metrics.2.base", "no simple metric"),
            ("/metrics/3/per", json!([]), "metrics.3.per", "at least one"),
            (
                "/metrics/3/per/0",
                json!("visits.city"),
                "metrics.3.per.0",
                "no dimension",
            ),
            ("/metrics/3/agg", json!("last"), "metrics.3.agg", "first and last"),
            (
                "/metrics/4/expr",
                json!("p.share_of(visits.city)"),
                "metrics.4.expr",
                "no dimension",
            ),
            (
                "/metrics/4",
                json!({ "name": "so_far", "type": "derived", "inputs": { "p": "rate" }, "expr": "p.running()" }),
                "metrics.4.expr",
                "simple metric",
            ),
            (
                "/metrics/4/inputs/p/offset/unit",
                json!("era"),
                "metrics.4.inputs.p.offset",
                "no grain called era",
            ),
            (
                "/tables/0/dimensions/0/grains",
                json!(["day", "era"]),
                "tables.0.dimensions.0.grains",
                "no grain called era",
            ),
        ];
        for (path, value, field, words) in slips {
            let found = wrong(|document| match document.pointer_mut(path) {
                Some(place) => *place = value.clone(),
                None => document["tables"][0]["dimensions"][0]["grains"] = value.clone(),
            });
            let named = found
                .iter()
                .any(|(place, message)| place == field && message.contains(words));
            assert!(named, "{path} = {value}: {found:?}");
        }
    }

    #[test]
    fn a_table_with_rules_is_no_calendar() {
        let found = wrong(|document| document["access"] = json!([{ "roles": ["north"], "table": "days" }]));
        assert!(found.iter().any(|(place, _)| place == "calendars.0.table"), "{found:?}");
    }

    #[test]
    fn a_grain_of_a_dimension_is_a_date() {
        let month = |more: Value| {
            let mut dimension = json!({ "name": "month", "type": "time", "expr": { "field": "at", "grain": "month" } });
            dimension
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            wrong(|document| document["tables"][0]["dimensions"][1] = dimension.clone())
        };
        let about = |found: &[(String, String)], place: &str| found.iter().any(|(field, _)| field == place);
        assert!(!about(
            &month(json!({ "stored": "date" })),
            "tables.0.dimensions.1.stored"
        ));
        assert!(about(&month(json!({})), "tables.0.dimensions.1.stored"));
        let person = json!({ "stored": "date", "expr": { "field": "person", "grain": "month" } });
        assert!(about(&month(person), "tables.0.dimensions.1.expr"));
    }
}
