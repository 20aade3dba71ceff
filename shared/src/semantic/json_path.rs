//! A value within a JSON column.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::table::ColumnType;

/// `{"col":"payload","path":"$.plan.name","as":"string"}`: what stands there, NULL where nothing does, and for objects and
/// lists. `as` is the type it is read as; what is not of that type is NULL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonValue {
    pub column: String,
    pub path: JsonPath,
    pub kind: ColumnType,
}

/// From the whole document down, as in SQL/JSON and RFC 9535 as far as those name one value: `$.items[0]["unit price"]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonPath {
    written: String,
    steps: Vec<JsonStep>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JsonStep {
    Member(String),
    /// From 0.
    Item(u32),
}

const MOST_STEPS: usize = 20;

impl JsonPath {
    pub fn steps(&self) -> &[JsonStep] {
        &self.steps
    }

    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Does one of the two lead to what the other leads to, or to something within it?
    pub fn meets(&self, other: &Self) -> bool {
        self.steps.starts_with(&other.steps) || other.steps.starts_with(&self.steps)
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.written)
    }
}

impl TryFrom<String> for JsonPath {
    type Error = &'static str;

    fn try_from(written: String) -> Result<Self, Self::Error> {
        let mut rest = written.strip_prefix('$').ok_or("a path starts with $")?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, after) = step(rest)?;
            steps.push(step);
            rest = after;
        }
        match steps.len() {
            0 => Err("a path names something within the document: $.name"),
            1..=MOST_STEPS => Ok(Self { written, steps }),
            _ => Err("a path has at most 20 steps"),
        }
    }
}

fn step(rest: &str) -> Result<(JsonStep, &str), &'static str> {
    if let Some(named) = rest.strip_prefix('.') {
        let end = named.find(['.', '[']).unwrap_or(named.len());
        let (name, after) = named.split_at(end);
        let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
        if name.is_empty() || !name.chars().all(plain) {
            return Err("a name with other letters stands in brackets and quotes: $[\"unit price\"]");
        }
        return Ok((JsonStep::Member(name.to_owned()), after));
    }
    let within = rest.strip_prefix('[').ok_or("a step is .name, [0] or [\"name\"]")?;
    if within.starts_with('"') {
        let mut texts = serde_json::Deserializer::from_str(within).into_iter::<String>();
        let Some(Ok(name)) = texts.next() else {
            return Err("a name in quotes is not closed");
        };
        let after = within
            .get(texts.byte_offset()..)
            .and_then(|after| after.strip_prefix(']'));
        return Ok((JsonStep::Member(name), after.ok_or("a ] is missing")?));
    }
    let (number, after) = within.split_once(']').ok_or("a ] is missing")?;
    let number = number.parse().map_err(|_| "a step into a list is a number from 0")?;
    Ok((JsonStep::Item(number), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_one_value() {
        let read = |text: &str| JsonPath::try_from(text.to_owned());
        let member = |name: &str| JsonStep::Member(name.to_owned());
        let path = read("$.a.b_1[0][\"unit \\\"price\\\"]\"][12].é").unwrap();
        let steps = [
            member("a"),
            member("b_1"),
            JsonStep::Item(0),
            member("unit \"price\"]"),
            JsonStep::Item(12),
            member("é"),
        ];
        assert_eq!(path.steps(), steps);
        for wrong in [
            "",
            "a",
            "$",
            "$.",
            "$..a",
            "$.a b",
            "$.*",
            "$[*]",
            "$[-1]",
            "$[0",
            "$[\"a]",
            "$[\"a\"",
            "$[?(@.a)]",
            "$a",
            "$['a']",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!(read(&format!("${}", ".a".repeat(21))).is_err());
    }
}
