//! Where tables stand in the diagram: arranged by their joins, until somebody moves them. Kept in this browser only.

use std::collections::BTreeMap;

use shared::semantic::Model;

use crate::{browser, wire};

/// Size of a table, px.
pub const WIDTH: f64 = 216.0;
pub const HEIGHT: f64 = 92.0;
const GAP_X: f64 = 104.0;
const GAP_Y: f64 = 28.0;
const MARGIN: f64 = 20.0;

/// Left and top by table, px.
pub type Places = BTreeMap<String, (f64, f64)>;

/// Each table one column further than those whose rows find its rows, so that lines go from many to one.
pub fn arranged(model: &Model) -> Places {
    let mut depths: BTreeMap<&str, usize> = model.tables.iter().map(|table| (table.name.as_str(), 0)).collect();
    // Each round puts tables one further at most; where joins go in a circle, the rounds end it.
    for _ in 0..model.tables.len() {
        for join in &model.joins {
            let (Some(from), Some(to)) = (model.node(join.from.as_str()), model.table(join.to.as_str())) else {
                continue;
            };
            let (many, one) = match join.cardinality.is_to_one() {
                true => (from.name.as_str(), to.name.as_str()),
                false => (to.name.as_str(), from.name.as_str()),
            };
            let next = depths.get(many).copied().unwrap_or(0) + 1;
            if many != one && next < model.tables.len() && depths.get(one).is_some_and(|depth| *depth < next) {
                depths.insert(one, next);
            }
        }
    }
    let mut rows: BTreeMap<usize, f64> = BTreeMap::new();
    let mut places = Places::new();
    for table in &model.tables {
        let depth = depths.get(table.name.as_str()).copied().unwrap_or(0);
        let row = rows.entry(depth).or_insert(0.0);
        let left = MARGIN + depth as f64 * (WIDTH + GAP_X);
        places.insert(table.name.to_string(), (left, MARGIN + *row * (HEIGHT + GAP_Y)));
        *row += 1.0;
    }
    places
}

/// Width and height that hold all tables, px.
pub fn extent(places: &Places) -> (f64, f64) {
    let right = places.values().fold(0.0_f64, |most, (left, _)| most.max(left + WIDTH));
    let bottom = places.values().fold(0.0_f64, |most, (_, top)| most.max(top + HEIGHT));
    (right + MARGIN, bottom + MARGIN)
}

fn key(workspace: &str, model: &str) -> String {
    format!("model-diagram:{workspace}:{model}")
}

/// What was moved in this browser.
pub fn kept(workspace: &str, model: &str) -> Places {
    let text = browser::stored(&key(workspace, model));
    text.and_then(|text| wire::read(&text).ok()).unwrap_or_default()
}

pub fn keep(workspace: &str, model: &str, moved: &Places) {
    let text = (!moved.is_empty()).then(|| wire::write(moved).ok()).flatten();
    if !browser::store(&key(workspace, model), text.as_deref()) {
        leptos::logging::warn!("this browser keeps nothing; tables will stand as arranged next time");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn model(joins: serde_json::Value) -> Model {
        let table = |name: &str| json!({"name": name, "source": {"dataset": name}});
        let tables = [table("orders"), table("customers"), table("countries"), table("lines")];
        serde_json::from_value(json!({"format": 1, "model": "m", "tables": tables, "joins": joins})).unwrap()
    }

    fn join(from: &str, to: &str, cardinality: &str) -> serde_json::Value {
        json!({"name": format!("{from}_{to}"), "from": from, "to": to, "on": [["a", "b"]], "cardinality": cardinality})
    }

    #[test]
    fn lines_go_from_many_to_one() {
        let joins = json!([
            join("customers", "countries", "many_to_one"),
            join("orders", "customers", "many_to_one"),
            join("orders", "lines", "one_to_many"),
        ]);
        let places = arranged(&model(joins));
        let left = |name: &str| places.get(name).unwrap().0;
        assert!(
            left("lines") < left("orders")
                && left("orders") < left("customers")
                && left("customers") < left("countries")
        );
    }

    #[test]
    fn circles_and_loners_have_a_place_of_their_own() {
        let circle = json!([
            join("orders", "customers", "many_to_one"),
            join("customers", "orders", "many_to_one")
        ]);
        let places = arranged(&model(circle));
        let mut found: Vec<String> = places.values().map(|place| format!("{place:?}")).collect();
        found.dedup();
        assert_eq!(found.len(), 4);
        let (width, height) = extent(&places);
        assert!(width < 2_000.0 && height < 1_000.0);
    }
}
