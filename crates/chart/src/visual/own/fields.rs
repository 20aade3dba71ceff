//! Fields of a specification that no column has.

use serde_json::{Map, Value};

use super::check::problem;
use crate::{Problem, data::split};

/// Views inside views.
const MAX_DEPTH: usize = 16;

/// Columns in view: those of the answer and those that transforms make.
#[derive(Clone)]
struct Columns<'a> {
    answer: &'a [&'a str],
    made: Vec<String>,
}

/// The fields of encodings, and of repeated views, that are neither columns of the answer nor made by a transform.
pub(super) fn unknown(spec: &Value, columns: &[&str]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let columns = Columns {
        answer: columns,
        made: Vec::new(),
    };
    view(spec, "$", &columns, MAX_DEPTH, &mut problems);
    problems
}

fn view(spec: &Value, path: &str, columns: &Columns, depth: usize, problems: &mut Vec<Problem>) {
    let (Some(depth), Value::Object(parts)) = (depth.checked_sub(1), spec) else {
        return;
    };
    // Other rows have other columns.
    if path != "$" && parts.get("data").is_some_and(|data| !data.is_null()) {
        return;
    }
    let mut columns = columns.clone();
    for transform in parts.get("transform").and_then(Value::as_array).into_iter().flatten() {
        match made(transform) {
            Some(names) => columns.made.extend(names),
            // Its columns are known when its rows are.
            None => return,
        }
    }
    for (name, part) in parts {
        let path = format!("{path}.{name}");
        match name.as_str() {
            "encoding" => channels(part, &path, &columns, problems),
            "facet" => {
                columns.look(part, &path, problems);
                channels(part, &path, &columns, problems);
            }
            "repeat" => {
                for list in std::iter::once(part).chain(part.as_object().into_iter().flat_map(Map::values)) {
                    for field in list.as_array().into_iter().flatten().filter_map(Value::as_str) {
                        problems.extend(columns.missing(field, &path));
                    }
                }
            }
            "spec" => view(part, &path, &columns, depth, problems),
            "layer" | "hconcat" | "vconcat" | "concat" => {
                for (index, child) in part.as_array().into_iter().flatten().enumerate() {
                    view(child, &format!("{path}[{index}]"), &columns, depth, problems);
                }
            }
            _ => {}
        }
    }
}

fn channels(part: &Value, path: &str, columns: &Columns, problems: &mut Vec<Problem>) {
    for (channel, definition) in part.as_object().into_iter().flatten() {
        let path = format!("{path}.{channel}");
        columns.look(definition, &path, problems);
        // Tooltip, detail and order take several.
        for (index, one) in definition.as_array().into_iter().flatten().enumerate() {
            columns.look(one, &format!("{path}[{index}]"), problems);
        }
    }
}

impl Columns<'_> {
    fn look(&self, definition: &Value, path: &str, problems: &mut Vec<Problem>) {
        if let Some(field) = definition.get("field").and_then(Value::as_str) {
            problems.extend(self.missing(field, &format!("{path}.field")));
        }
    }

    fn missing(&self, field: &str, path: &str) -> Option<Problem> {
        let first = split(field).into_iter().next().unwrap_or_default();
        let known = |name: &str| self.answer.contains(&name) || self.made.iter().any(|made| made == name);
        if known(field) || known(&first) {
            return None;
        }
        let made = self.made.iter().map(String::as_str);
        let nearest = self
            .answer
            .iter()
            .copied()
            .chain(made)
            .min_by_key(|name| distance(&field.to_lowercase(), &name.to_lowercase()));
        let hint = nearest.map_or_else(
            || "it has none".to_owned(),
            |name| format!("did you mean `{}`?", cut(name)),
        );
        Some(problem(
            path,
            &format!("`{}` is no column of the answer; {hint}", cut(field)),
        ))
    }
}

/// Letters of a name that are looked at.
const LONGEST: usize = 100;

fn cut(name: &str) -> String {
    name.chars().take(LONGEST).collect()
}

/// How many letters must be added, taken away or changed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(LONGEST).collect();
    let mut line: Vec<usize> = (0..=b.len()).collect();
    for (row, letter) in a.chars().take(LONGEST).enumerate() {
        let mut corner = row;
        let mut left = row + 1;
        let mut next = vec![left];
        for (other, above) in b.iter().zip(line.iter().skip(1)) {
            left = (corner + usize::from(letter != *other)).min(above + 1).min(left + 1);
            corner = *above;
            next.push(left);
        }
        line = next;
    }
    line.last().copied().unwrap_or(0)
}

/// The columns a transform makes; `None` when only the rows can say.
fn made(transform: &Value) -> Option<Vec<String>> {
    let Value::Object(parts) = transform else {
        return Some(Vec::new());
    };
    if parts.contains_key("pivot") {
        return None;
    }
    let mut names = Vec::new();
    let texts = |value: &Value, names: &mut Vec<String>| match value {
        Value::String(name) => names.push(name.clone()),
        Value::Array(list) => names.extend(list.iter().filter_map(Value::as_str).map(str::to_owned)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {}
    };
    if let Some(own) = parts.get("as") {
        texts(own, &mut names);
        // Ends of what is named once.
        if let Some(name) = own.as_str() {
            names.push(format!("{name}_end"));
        }
    }
    for list in ["aggregate", "joinaggregate", "window"] {
        for item in parts.get(list).and_then(Value::as_array).into_iter().flatten() {
            if let Some(name) = item.get("as") {
                texts(name, &mut names);
            }
        }
    }
    if let Some(fields) = parts.get("from").and_then(|from| from.get("fields")) {
        texts(fields, &mut names);
    }
    let usual: &[&str] = if parts.contains_key("fold") {
        &["key", "value"]
    } else if parts.contains_key("density") {
        &["value", "density"]
    } else if parts.contains_key("quantile") {
        &["prob", "value"]
    } else if parts.contains_key("regression") {
        &["coef", "rSquared"]
    } else {
        &[]
    };
    names.extend(usual.iter().map(|name| (*name).to_owned()));
    Some(names)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reasons(spec: &Value) -> Vec<String> {
        let found = unknown(spec, &["orders.region", "revenue"]);
        found.iter().map(Problem::to_string).collect()
    }

    #[test]
    fn a_field_that_is_no_column_is_named_with_the_nearest() {
        let spec = json!({ "layer": [{ "mark": "bar", "encoding": {
            "x": { "field": "orders.regoin" }, "tooltip": [{ "field": "revenue" }, { "field": "revenu" }],
        } }] });
        assert_eq!(
            reasons(&spec),
            [
                "$.layer[0].encoding.x.field: `orders.regoin` is no column of the answer; did you mean `orders.region`?",
                "$.layer[0].encoding.tooltip[1].field: `revenu` is no column of the answer; did you mean `revenue`?",
            ]
        );
        let repeat = json!({ "repeat": { "row": ["revenue", "cost"] }, "spec": { "mark": "bar", "encoding": {
            "x": { "field": { "repeat": "row" } } } } });
        assert_eq!(reasons(&repeat).len(), 1);
    }

    #[test]
    fn columns_may_be_escaped_or_made_by_transforms() {
        for field in ["orders\\.region", "['orders.region']", "double", "day_end", "key"] {
            let spec = json!({
                "transform": [
                    { "calculate": "datum.revenue * 2", "as": "double" },
                    { "timeUnit": "year", "field": "t", "as": "day" },
                    { "fold": ["revenue"] },
                ],
                "mark": "bar", "encoding": { "x": { "field": field } },
            });
            assert_eq!(reasons(&spec), [""; 0], "{field}");
        }
        let pivot = json!({ "transform": [{ "pivot": "a", "value": "b" }], "mark": "bar", "encoding": { "x": { "field": "z" } } });
        assert_eq!(reasons(&pivot), [""; 0]);
        let inline = json!({ "layer": [{ "data": { "values": [{ "z": 1 }] }, "mark": "bar", "encoding": { "x": { "field": "z" } } }] });
        assert_eq!(reasons(&inline), [""; 0]);
    }

    #[test]
    fn letters_apart() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
    }
}
