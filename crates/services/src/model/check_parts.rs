//! Do the calendars, hierarchies and functions of a model hold together?

use std::collections::BTreeMap;

use guard::{CustomFunction, Dialect, ExpressionRules, check_expression};
use shared::{
    semantic::{Calendar, DimensionType, Grain, Model, ModelTable},
    table::ColumnType,
};

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
