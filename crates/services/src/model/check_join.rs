//! Do the joins of a model hold together? Columns of both ends are there, and every name means one thing.

use std::collections::BTreeMap;

use shared::{
    semantic::{Join, Model, ModelTable},
    table::ColumnType,
};

/// What is wrong, with the part of the join it is about. `column` says of which type a stored column is: `None` where there is
/// none, nothing inside where nobody knows.
pub(super) fn check_joins(
    model: &Model,
    column: impl Fn(&ModelTable, &str) -> Option<Option<ColumnType>>,
) -> Vec<(String, String)> {
    let has_column = |table: &ModelTable, name: &str| column(table, name).is_some();
    let mut found = Vec::new();
    let mut roles: BTreeMap<&str, &Join> = BTreeMap::new();
    for (position, join) in model.joins.iter().enumerate() {
        let at = format!("joins.{position}");
        let mut wrong = |part: &str, message: String| found.push((format!("{at}{part}"), message));
        let earlier = || model.joins.iter().take(position);
        if earlier().any(|other| other.name == join.name) {
            wrong(".name", format!("There are two joins called {}.", join.name));
        }
        if let Some(role) = &join.role {
            if model.table(role.as_str()).is_some() {
                wrong(
                    ".as",
                    format!("{role} is a table already; a role needs a name of its own."),
                );
            }
            let known = roles.entry(role.as_str()).or_insert(join);
            if known.to != join.to {
                wrong(
                    ".as",
                    format!("The role {role} is one of {} and of {}.", known.to, join.to),
                );
            }
        }
        if earlier().any(|other| other.from == join.from && other.node() == join.node()) {
            let message = format!(
                "{} reaches {} twice; give one of the joins a role with \"as\".",
                join.from,
                join.node()
            );
            wrong(".as", message);
        }
        let (Some(from), Some(to)) = (model.node(join.from.as_str()), model.table(join.to.as_str())) else {
            for (part, name, known) in [
                (".from", &join.from, model.node(join.from.as_str()).is_some()),
                (".to", &join.to, model.table(join.to.as_str()).is_some()),
            ] {
                if !known {
                    wrong(part, format!("There is no table called {name}."));
                }
            }
            continue;
        };
        if join.on.is_empty() {
            wrong(".on", "A join needs at least one pair of columns.".to_owned());
        }
        // `table.column` is of a table earlier on the way.
        let left_type = |name: &str| match name.split_once('.') {
            Some((table, name)) => model.node(table).and_then(|table| column(table, name)),
            None => column(from, name),
        };
        let left = |name: &str| left_type(name).is_some();
        for (own, other) in &join.on {
            if !left(own) {
                wrong(".on", format!("{} has no column {own}.", join.from));
            }
            if !has_column(to, other) {
                wrong(".on", format!("{} has no column {other}.", join.to));
            }
            if let (Some(Some(one)), Some(Some(two))) = (left_type(own), column(to, other))
                && !meet(one, two)
            {
                let message = format!(
                    "{own} holds {} and {other} holds {}; they are never equal.",
                    one.as_str(),
                    two.as_str()
                );
                wrong(".on", message);
            }
        }
        if let Some(valid) = &join.valid {
            if !left(&valid.at) {
                wrong(".valid.at", format!("{} has no column {}.", join.from, valid.at));
            }
            for column in [&valid.from, &valid.to] {
                if !has_column(to, column) {
                    wrong(".valid", format!("{} has no column {column}.", join.to));
                }
            }
        }
        if let Some(condition) = &join.condition {
            let name = condition.field.as_str();
            if to.dimension(name).is_none() && !has_column(to, name) {
                wrong(".where", format!("{} has no dimension or column {name}.", join.to));
            }
        }
    }
    found
}

/// Can values of both types be equal?
pub(super) fn meet(one: ColumnType, two: ColumnType) -> bool {
    let day_and_time = |date: ColumnType, time: ColumnType| {
        date == ColumnType::Date && matches!(time, ColumnType::Timestamp | ColumnType::Timestamptz)
    };
    one == two || (one.is_numeric() && two.is_numeric()) || day_and_time(one, two) || day_and_time(two, one)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(joins: serde_json::Value) -> Vec<(String, String)> {
        let table = |name: &str| json!({"name": name, "source": {"dataset": name}});
        let document = json!({"format": 1, "model": "m", "joins": joins,
            "tables": [table("orders"), table("customers"), table("addresses")]});
        let model: Model = serde_json::from_value(document).unwrap();
        check_joins(&model, |_, column| match column {
            "nope" => None,
            "text" => Some(Some(ColumnType::String)),
            _ => Some(Some(ColumnType::Integer)),
        })
    }

    #[test]
    fn a_model_may_have_roles_and_several_keys() {
        let joins = json!([
            {"name": "a", "from": "orders", "to": "customers", "on": [["c", "id"], ["d", "day"]], "cardinality": "many_to_one"},
            {"name": "b", "from": "orders", "to": "addresses", "as": "ship", "on": [["s", "id"]], "cardinality": "many_to_one"},
            {"name": "c", "from": "orders", "to": "addresses", "as": "bill", "on": [["b", "id"]], "cardinality": "many_to_one"},
        ]);
        assert_eq!(check(joins), []);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let join = |name: &str, to: &str, role: Option<&str>, column: &str| {
            let mut join =
                json!({"name": name, "from": "orders", "to": to, "on": [["x", column]], "cardinality": "many_to_one"});
            if let Some(role) = role {
                join["as"] = json!(role);
            }
            join
        };
        let joins = json!([
            join("a", "customers", None, "id"),
            join("a", "customers", None, "id"),
            join("c", "nobody", None, "id"),
            join("d", "addresses", Some("customers"), "id"),
            join("e", "addresses", Some("ship"), "nope"),
            join("f", "customers", Some("ship"), "id"),
            join("g", "customers", Some("buyer"), "text"),
        ]);
        let found: Vec<String> = check(joins).into_iter().map(|(at, _)| at).collect();
        assert_eq!(
            found,
            [
                "joins.1.name",
                "joins.1.as",
                "joins.2.to",
                "joins.3.as",
                "joins.3.as",
                "joins.4.on",
                "joins.5.as",
                "joins.5.as",
                "joins.6.on"
            ]
        );
    }
}
