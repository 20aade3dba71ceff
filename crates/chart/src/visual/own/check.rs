//! What is wrong with a builder's specification, before any data is there.

use serde_json::{Map, Value, json};

use super::fields;
use crate::{ChartError, Problem, RenderOptions, Theme, render_scene};

/// Objects inside objects; a specification has a few dozen at most.
const MAX_DEPTH: usize = 64;

/// Every part that is not drawn, every address it may not have, and every field that is no column of the answer, by its path.
/// Empty: it can be drawn.
pub fn check(spec: &Value, columns: &[&str]) -> Vec<Problem> {
    let Value::Object(parts) = spec else {
        return vec![problem("$", "must be an object in braces")];
    };
    let mut problems = Vec::new();
    for name in ["data", "datasets"] {
        if parts.get(name).is_some_and(|data| !data.is_null()) {
            problems.push(problem(
                &format!("$.{name}"),
                "the rows are those of the answer; leave this out",
            ));
        }
    }
    addresses(spec, "$", MAX_DEPTH, &mut problems);
    if problems.is_empty() {
        problems.extend(unknown_parts(parts));
    }
    problems.extend(fields::unknown(spec, columns));
    problems
}

pub(super) fn problem(path: &str, reason: &str) -> Problem {
    Problem {
        path: path.to_owned(),
        reason: reason.to_owned(),
    }
}

/// What the renderer refuses of it, found by drawing it without rows.
fn unknown_parts(parts: &Map<String, Value>) -> Vec<Problem> {
    let mut parts = parts.clone();
    parts.insert("data".to_owned(), json!({ "values": [] }));
    let options = RenderOptions {
        theme: Some(&Theme::light()),
        ..RenderOptions::default()
    };
    match render_scene(&Value::Object(parts), &options) {
        Err(ChartError::Unsupported(problems) | ChartError::Invalid(problems)) => problems,
        Err(error @ ChartError::Limit(_)) => vec![problem("$", &error.to_string())],
        // There is no data yet.
        Ok(_) | Err(ChartError::Data(_)) => Vec::new(),
    }
}

/// Drawing a chart asks nobody else for anything, and its links lead to safe pages only.
fn addresses(value: &Value, path: &str, depth: usize, problems: &mut Vec<Problem>) {
    let Some(depth) = depth.checked_sub(1) else {
        problems.push(problem(path, "is nested too deeply"));
        return;
    };
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path = format!("{path}.{name}");
                // A constant channel is an object around the address.
                let address = member.as_str().or_else(|| member.get("value")?.as_str());
                match (name.as_str(), address) {
                    ("url", Some(address)) if !address.starts_with("data:image/") => {
                        problems.push(problem(&path, "nothing is loaded from other places"));
                    }
                    ("href", Some(address)) if !address.starts_with("https://") => {
                        problems.push(problem(&path, "a link starts with https://"));
                    }
                    _ => addresses(member, &path, depth, problems),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                addresses(item, &format!("{path}[{index}]"), depth, problems);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(spec: &Value) -> Vec<String> {
        check(spec, &["region", "revenue"])
            .into_iter()
            .map(|problem| problem.path)
            .collect()
    }

    #[test]
    fn a_right_specification_has_no_problems() {
        let spec = json!({ "mark": "bar", "encoding": {
            "x": { "field": "region", "type": "nominal" }, "y": { "field": "revenue", "type": "quantitative" },
            "href": { "value": "https://example.com" },
        } });
        assert_eq!(check(&spec, &["region", "revenue"]), []);
    }

    #[test]
    fn unknown_and_wrong_parts_are_named() {
        assert_eq!(
            paths(&json!({ "mark": "bar", "encoding": { "wind": { "field": "region" } } })),
            ["$.encoding.wind"]
        );
        assert_eq!(paths(&json!({ "mark": "bar", "width": "wide" })), ["$.width"]);
        assert_eq!(paths(&json!([])), ["$"]);
        assert!(!paths(&json!({})).is_empty());
        let window = json!({ "mark": "bar", "transform": [{ "window": [{ "op": "nothing", "as": "a" }] }] });
        assert!(!paths(&window).is_empty());
    }

    #[test]
    fn nothing_is_loaded_and_links_are_safe() {
        let remote = json!({ "mark": "bar", "data": { "url": "x.json" }, "encoding": {} });
        assert_eq!(paths(&remote), ["$.data", "$.data.url"]);
        let lookup = json!({ "mark": "bar", "transform": [
            { "lookup": "region", "from": { "data": { "url": "https://example.com/a.csv" }, "key": "k", "fields": ["v"] } },
        ] });
        assert_eq!(paths(&lookup), ["$.transform[0].from.data.url"]);
        let picture = json!({ "layer": [{ "mark": { "type": "image", "url": "//example.com/a.png" } }] });
        assert_eq!(paths(&picture), ["$.layer[0].mark.url"]);
        let link = json!({ "mark": { "type": "bar", "href": "javascript:alert(1)" }, "encoding": { "href": { "value": "http://a" } } });
        assert_eq!(paths(&link), ["$.mark.href", "$.encoding.href"]);
    }
}
