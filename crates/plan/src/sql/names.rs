//! Names in SQL: short ones of the planner stand as they are, everything else in quotes.

use std::collections::BTreeSet;

/// Endings of the names that the stages of a query get.
const STAGES: [&str; 10] = [
    "_rows",
    "_groups",
    "_joined",
    "_ranked",
    "_top",
    "_filtered",
    "_together",
    "_spine",
    "_digits",
    "_values",
];

/// Databases cut longer names off, some silently.
const LONGEST: usize = 60;

/// Is it a name that no database reserves and that needs no quotes? Those are the planner's own: `k0`, `__others`,
/// `orders_rows`. The only reserved words with a digit are types such as `int8`.
pub fn is_plain(name: &str) -> bool {
    let small = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let numbered = name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && name.bytes().any(|byte| byte.is_ascii_digit())
        && !name.starts_with("int")
        && !name.starts_with("float");
    small && (numbered || is_stage(name) || name.starts_with("__"))
}

fn is_stage(name: &str) -> bool {
    let start = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    name.starts_with(|letter: char| letter.is_ascii_lowercase()) && STAGES.iter().any(|stage| start.ends_with(stage))
}

/// Names that are taken, without regard to case: some databases have none.
#[derive(Clone, Debug, Default)]
pub struct Taken(BTreeSet<String>);

impl Taken {
    pub fn reserve(&mut self, name: &str) {
        self.0.insert(name.to_lowercase());
    }

    /// `wanted`, or `wanted` with a number behind it.
    pub fn fresh(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 1;
        while !self.0.insert(name.to_lowercase()) {
            number += 1;
            name = format!("{wanted}{number}");
        }
        name
    }

    /// `wanted` where it can be a column's name everywhere, `c1` and so on elsewhere.
    pub fn column(&mut self, wanted: &str) -> String {
        // MySQL has no names with characters beyond the first plane.
        let usable = !wanted.is_empty()
            && wanted.len() <= LONGEST
            && wanted.chars().all(|letter| ('\u{1}'..='\u{FFFF}').contains(&letter));
        if usable && self.0.insert(wanted.to_lowercase()) {
            wanted.to_owned()
        } else {
            let mut number = 1;
            while !self.0.insert(format!("c{number}")) {
                number += 1;
            }
            format!("c{number}")
        }
    }
}

/// A table's name as the beginning of a stage's.
pub fn stem(name: &str) -> String {
    let mut stem: String = name
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
        .map(|letter| letter.to_ascii_lowercase())
        .take(30)
        .collect();
    if !stem.starts_with(|letter: char| letter.is_ascii_lowercase()) {
        stem.insert(0, 't');
    }
    stem
}
