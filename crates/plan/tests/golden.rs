//! One file per query: the printed stages of its plan. `GOLDEN=write` writes what is printed now.

use std::{fs, path::PathBuf};

use chrono::DateTime;
use plan::query::{PlanContext, Policy, explain};
use serde_json::Value;
use shared::semantic::{Model, Query};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

#[test]
fn plans_print_as_kept() {
    let model: Model = serde_json::from_str(&fs::read_to_string(folder().join("model.json")).unwrap()).unwrap();
    let context = PlanContext::new(DateTime::parse_from_rfc3339("2026-11-20T09:00:30Z").unwrap().to_utc());
    let write = std::env::var("GOLDEN").is_ok_and(|value| value == "write");
    let mut count = 0;
    let mut moved = Vec::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "json") || name == "model" {
            continue;
        }
        count += 1;
        let case: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let query: Query = serde_json::from_value(case["query"].clone()).unwrap();
        let policy: Policy =
            serde_json::from_value(case.get("policy").cloned().unwrap_or_else(|| serde_json::json!({}))).unwrap();
        let printed = match explain(&query, &model, &policy, &context) {
            Ok(text) => text,
            Err(error) => format!("{}\n", serde_json::to_string_pretty(&error).unwrap()),
        };
        let kept = path.with_extension("txt");
        if write {
            fs::write(&kept, &printed).unwrap();
        } else if fs::read_to_string(&kept).ok().as_deref() != Some(printed.as_str()) {
            moved.push(format!("{name}:\n{printed}"));
        }
    }
    assert!(count > 0);
    assert!(
        moved.is_empty(),
        "plans have moved; look, then run with GOLDEN=write\n{}",
        moved.join("\n")
    );
}
