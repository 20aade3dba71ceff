//! What narrows a tile: its own condition, the filters in scope as the reader left them, and selections in other tiles.

use std::collections::BTreeMap;

use serde_json::Value;
use shared::{
    AppError, ErrorCode,
    dashboard::{
        Dashboard, Filter, FilterScope, FilterState, InteractionKind, Selection, SelectionRow, SelectionValue, Tile,
    },
    semantic::{Condition, GrainName, Model, ModelTable, Operator, TIME_FIELD, TimeRange},
    table::Cell,
};

use crate::graph::{Graph, Place, Reach};

/// Conditions from outside the visual, in a stable order. A filter or selection on a table that this tile does not ask
/// leaves it as it is (`tables`: those it asks; empty: any).
///
/// # Errors
/// `invalid` when a required filter has nothing chosen.
pub fn tile_conditions(
    tile: &Tile,
    document: &Dashboard,
    state: &FilterState,
    model: &Model,
    tables: &[String],
) -> Result<Vec<Condition>, AppError> {
    let mut conditions = Vec::new();
    for filter in document
        .ordered_filters()
        .into_iter()
        .filter(|filter| in_scope(filter, tile))
    {
        match state.condition(filter) {
            Some(condition) if reaches(&filter.target.field, model, tables) => conditions.push(condition.clone()),
            Some(_) => {}
            None if filter.required => {
                let label = filter
                    .label
                    .clone()
                    .unwrap_or_else(|| label_of(&filter.target.field, model));
                return Err(AppError::invalid(
                    filter.target.field.clone(),
                    format!("Choose {label} to see numbers here."),
                ));
            }
            None => {}
        }
    }
    for (source, selection) in &state.selections {
        let same_page = document.tile(*source).is_some_and(|source| source.page == tile.page);
        let filters = *source != tile.id && document.interaction(*source, tile.id) == InteractionKind::Filter;
        if same_page && filters {
            conditions.extend(selection_condition(selection, |field| reaches(field, model, tables)));
        }
    }
    Ok(conditions)
}

fn in_scope(filter: &Filter, tile: &Tile) -> bool {
    match filter.scope {
        FilterScope::Dashboard => true,
        FilterScope::Page(page) => page == tile.page,
        FilterScope::Tile(id) => id == tile.id,
    }
}

/// Can a condition on the field hold for the tile: is it of a table that is asked, or of one that its rows find? Unknown and
/// ambiguous names go through, so that the query says what is wrong.
fn reaches(field: &str, model: &Model, tables: &[String]) -> bool {
    let Some((table, _)) = model.dimension(field) else {
        return true;
    };
    let node = field.split_once('.').map_or(table.name.as_str(), |(node, _)| node);
    let chosen = BTreeMap::new();
    let graph = Graph { model, chosen: &chosen };
    let finds = |asked: &ModelTable| match graph.reach_node(Place::of(asked), node) {
        Ok(Reach::One(_) | Reach::Many { .. }) => true,
        Err(error) => error.code != ErrorCode::UnreachableDimension,
    };
    tables.is_empty() || tables.iter().filter_map(|asked| model.table(asked)).any(finds)
}

fn label_of(field: &str, model: &Model) -> String {
    model
        .dimension(field)
        .map_or_else(|| field.to_owned(), |(_, dimension)| dimension.display_label())
}

/// Rows match when they match any of the marks; a mark when all its values hold. A NULL value is a member, a time bucket
/// is compared by its grain. Values of fields that `reaches` refuses do not count; `None` when nothing is left.
pub fn selection_condition(selection: &Selection, reaches: impl Fn(&str) -> bool) -> Option<Condition> {
    let rows: Vec<Vec<&SelectionValue>> = selection
        .rows
        .iter()
        .map(|SelectionRow(values)| {
            values
                .iter()
                .filter(|value| value.field == TIME_FIELD || reaches(&value.field))
                .collect()
        })
        .filter(|row: &Vec<&SelectionValue>| !row.is_empty())
        .collect();
    if let Some(list) = one_field(&rows) {
        return Some(list);
    }
    let marks = rows
        .into_iter()
        .map(|row| Condition::all(row.into_iter().map(equals).collect()));
    let mut any: Vec<Condition> = marks.flatten().collect();
    any.dedup();
    match any.len() {
        0 | 1 => any.pop(),
        _ => Some(Condition::Or { or: any }),
    }
}

/// Marks that differ in one plain field only are a list of its members.
fn one_field(rows: &[Vec<&SelectionValue>]) -> Option<Condition> {
    let [first, ..] = rows.first()?.as_slice() else {
        return None;
    };
    let alike = |row: &Vec<&SelectionValue>| match row.as_slice() {
        [value] => {
            value.field == first.field
                && value.grain.is_none()
                && value.part.is_none()
                && value.bin.is_none()
                && value.until.is_none()
        }
        _ => false,
    };
    if rows.len() < 2 || !rows.iter().all(alike) {
        return None;
    }
    let mut values: Vec<Value> = Vec::new();
    let mut null = false;
    for value in rows.iter().flatten() {
        match json(&value.value) {
            Value::Null => null = true,
            member if values.contains(&member) => {}
            member => values.push(member),
        }
    }
    let mut list = Condition::field(first.field.clone(), Operator::In);
    list.values = Some(values);
    let is_null = null.then(|| Condition::Field(Condition::field(first.field.clone(), Operator::IsNull)));
    Some(match is_null {
        Some(is_null) => Condition::Or {
            or: vec![list.into(), is_null],
        },
        None => list.into(),
    })
}

/// What a chosen value means: the member itself, its time bucket, its range of numbers, or everything up to another.
pub(super) fn equals(value: &SelectionValue) -> Condition {
    let end = match (&value.until, value.bin, value.value.as_f64()) {
        (Some(until), _, _) => Some(until.clone()),
        (None, Some(width), Some(start)) => Some(Cell::Float(start + width)),
        (None, Some(_), None) | (None, None, _) => None,
    };
    if let Some(end) = end.filter(|end| !end.is_null() && !value.value.is_null()) {
        return between(value, &end);
    }
    let op = if value.value.is_null() {
        Operator::IsNull
    } else {
        Operator::Eq
    };
    let mut condition = Condition::field(value.field.clone(), op);
    if op == Operator::Eq {
        condition.grain = value.grain.map(GrainName::from);
        condition.part = value.part;
        condition.value = Some(json(&value.value));
    }
    condition.into()
}

/// From the value to before `end`.
fn between(value: &SelectionValue, end: &Cell) -> Condition {
    if value.grain.is_some()
        && let (Cell::Text(from), Cell::Text(to)) = (&value.value, end)
    {
        let mut condition = Condition::field(value.field.clone(), Operator::InRange);
        condition.range = Some(TimeRange::between(Some(from.clone()), Some(to.clone())));
        return condition.into();
    }
    let bound = |op, cell: &Cell| {
        let mut condition = Condition::field(value.field.clone(), op);
        condition.value = Some(cell.as_f64().map_or_else(|| json(cell), Value::from));
        Condition::Field(condition)
    };
    Condition::And {
        and: vec![bound(Operator::Gte, &value.value), bound(Operator::Lt, end)],
    }
}

fn json(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Bool(truth) => Value::from(*truth),
        Cell::Int(number) => Value::from(*number),
        Cell::Float(number) => Value::from(*number),
        Cell::Text(text) => Value::from(text.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_holds_for_what_the_rows_of_a_tile_find() {
        let table = |name: &str| serde_json::json!({"name": name, "source": {"dataset": name}, "dimensions": [{"name": "x", "type": "string", "expr": {"col": "x"}}]});
        let model: Model = serde_json::from_value(serde_json::json!({"format": 1, "model": "m",
            "tables": [table("sales"), table("customers"), table("weather")],
            "joins": [{"name": "j", "from": "sales", "to": "customers", "on": [["c", "id"]], "cardinality": "many_to_one"}]}))
        .unwrap();
        let of = |field: &str, asked: &str| reaches(field, &model, &[asked.to_owned()]);
        assert!(of("customers.x", "sales"), "each sale has a customer");
        assert!(of("sales.x", "customers"), "customers with such a sale");
        assert!(of("sales.x", "sales"));
        assert!(!of("weather.x", "sales") && !of("sales.x", "weather"));
    }
}
