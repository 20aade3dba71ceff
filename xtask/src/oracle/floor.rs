//! How many cases passed already: `xtask/oracle-floor.toml`. It only rises.

use std::collections::BTreeMap;

use toml::Table;

use crate::{
    failure::{Failure, Outcome},
    files, step,
    workspace::Workspace,
};

const FILE: &str = "xtask/oracle-floor.toml";

/// Passed cases by set, for example `charts.T1`.
pub type Reached = BTreeMap<String, u32>;

/// Compares with the floor; names the sets that fell below it, and prints those that rose above it.
pub fn compare(workspace: &Workspace, reached: &Reached) -> Outcome<Vec<String>> {
    let text = files::read_text(&workspace.root.join(FILE))?;
    let floor: Table = text.parse().map_err(|error| Failure::new(format!("{FILE}: {error}")))?;
    let (fallen, risen) = differences(&floor, reached);
    if !risen.is_empty() {
        step::say(&format!("more cases pass than {FILE} says; raise it:"));
        risen.iter().for_each(|line| step::say(line));
    }
    Ok(fallen)
}

fn differences(floor: &Table, reached: &Reached) -> (Vec<String>, Vec<String>) {
    let mut fallen = Vec::new();
    let mut risen = Vec::new();
    for (set, floor) in floor {
        let floor = floor.as_integer().unwrap_or(0);
        let now = i64::from(reached.get(set).copied().unwrap_or(0));
        if now < floor {
            fallen.push(format!("{set}: {now}, was {floor}"));
        }
    }
    for (set, now) in reached {
        let floor = floor.get(set).and_then(toml::Value::as_integer).unwrap_or(0);
        if i64::from(*now) > floor {
            risen.push(format!("\"{set}\" = {now}"));
        }
    }
    (fallen, risen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falling_fails_and_rising_is_told() {
        let floor: Table = "\"charts.T1\" = 10\n\"charts.T2\" = 5\ngone = 1".parse().unwrap();
        let reached = Reached::from([
            ("charts.T1".to_owned(), 9),
            ("charts.T2".to_owned(), 6),
            ("new".to_owned(), 2),
        ]);
        let (fallen, risen) = differences(&floor, &reached);
        assert_eq!(fallen, ["charts.T1: 9, was 10", "gone: 0, was 1"]);
        assert_eq!(risen, ["\"charts.T2\" = 6", "\"new\" = 2"]);
    }
}
