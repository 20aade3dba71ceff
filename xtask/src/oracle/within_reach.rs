//! The cases that a server can be asked so far: those that ask for as many rows as they expect.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use crate::{
    failure::{Failure, Outcome},
    files,
};

/// Writes a folder of cases in the form of `source`; returns how many it holds, and how many there are.
pub fn write(source: &Path, target: &Path) -> Outcome<(usize, usize)> {
    let _ = fs::remove_dir_all(target);
    for file in files::walk(&source.join("tables"))? {
        if let Some(name) = file.file_name().and_then(|name| name.to_str()) {
            files::write(&target.join("tables").join(name), &files::read(&file)?)?;
        }
    }
    let mut models = BTreeSet::new();
    for file in files::walk(&source.join("models"))? {
        if let Some(name) = file.file_stem().and_then(|stem| stem.to_str()) {
            files::write(&target.join(format!("models/{name}.json")), &files::read(&file)?)?;
            models.insert(name.to_owned());
        }
    }
    let text = files::read_text(&source.join("cases.jsonl"))?;
    let mut kept = Vec::new();
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).map_err(|error| Failure::new(format!("cases.jsonl: {error}")))?;
        let model = case.get("model").and_then(Value::as_str);
        if model.is_some_and(|name| models.contains(name)) && is_within_reach(&case) {
            kept.push(line);
        }
    }
    files::write(&target.join("cases.jsonl"), format!("{}\n", kept.join("\n")).as_bytes())?;
    Ok((kept.len(), text.lines().count()))
}

/// Does it ask for as many rows as it expects?
fn is_within_reach(case: &Value) -> bool {
    let Some(query) = case.get("query") else {
        return false;
    };
    let number = |value: Option<&Value>| value.and_then(Value::as_u64);
    let limit = number(query.get("limit"));
    let count = number(case.get("expected").and_then(|expected| expected.get("count")));
    limit.zip(count).is_none_or(|(limit, count)| count <= limit)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn as_many_rows_are_asked_for_as_are_expected() {
        assert!(is_within_reach(&json!({"query":{"metrics":["revenue"]}})));
        let counted = |count: u64| json!({"query":{"limit":20},"expected":{"count":count}});
        assert!(is_within_reach(&counted(20)) && !is_within_reach(&counted(21)));
    }
}
