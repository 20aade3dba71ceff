//! Reads types from JSON values with little code.
//!
//! Serde compiles the reading of a type once for every format it is read from, with a branch for every shape the format
//! may offer. In the browser that was a third of what a reader loads. Everything is read from this one format there, and
//! it offers a struct its fields by name only, a list its items only. The server reads bodies of requests by it for that reason.

mod key;
mod node;
mod parts;

use serde::de::DeserializeOwned;
use serde_json::{Error, Value};

pub use node::Node;

/// As `serde_json::from_value`, but that an array is no struct.
///
/// # Errors
/// When the value is not of this type; the message is serde's.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, Error> {
    T::deserialize(Node(value))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_json::json;

    use super::*;
    use crate::{dashboard::ObjectKind, ids::TileId, names::Identifier, semantic::TimeRange, table::Cell};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct All {
        unit: (),
        truth: bool,
        small: u8,
        large: i64,
        float: f64,
        text: String,
        letter: char,
        maybe: Option<u32>,
        list: Vec<Cell>,
        pair: (u32, String),
        ids: BTreeMap<TileId, Identifier>,
        kinds: BTreeMap<ObjectKind, bool>,
        range: Option<TimeRange>,
        wrapped: Wrapped,
        choice: Vec<Choice>,
        tagged: Tagged,
        any: Value,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Wrapped(f64);

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Choice {
        Plain,
        One(u32),
        Two(u32, bool),
        Named { a: u32 },
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    enum Tagged {
        Some { a: u32 },
    }

    fn full() -> Value {
        json!({
            "unit": null, "truth": true, "small": 7, "large": -9_000_000_000_i64, "float": 3, "text": "ä", "letter": "x",
            "maybe": null, "list": [1, 1.5, "a", null, false], "pair": [1, "b"],
            "ids": { "0192f0c1-2d3e-7abc-8def-0123456789ab": "orders" }, "kinds": { "tile": true },
            "range": { "last": 4, "unit": "quarter" }, "wrapped": 0.5,
            "choice": ["plain", { "one": 1 }, { "two": [1, true] }, { "named": { "a": 2 } }],
            "tagged": { "type": "some", "a": 1 }, "any": { "b": [1, { "a": null }] }
        })
    }

    #[test]
    fn a_value_reads_as_it_does_with_serde_json() {
        let read: All = from_value(full()).unwrap();
        assert_eq!(read, serde_json::from_value::<All>(full()).unwrap());
        assert_eq!(serde_json::to_value(&read).unwrap()["any"], full()["any"]);
    }

    #[test]
    fn what_is_wrong_is_told_as_serde_json_tells_it() {
        let wrong = [
            ("unit", json!(1)),
            ("truth", json!("yes")),
            ("small", json!(300)),
            ("small", json!(-1)),
            ("small", json!(1.5)),
            ("large", json!("1")),
            ("float", json!([])),
            ("text", json!(1)),
            ("letter", json!("xy")),
            ("maybe", json!("1")),
            ("list", json!({})),
            ("list", json!([{}])),
            ("pair", json!([1])),
            ("pair", json!([1, "b", 2])),
            ("ids", json!({ "x": "orders" })),
            ("ids", json!([])),
            ("kinds", json!({ "wheel": true })),
            ("range", json!({ "last": 4 })),
            ("choice", json!(["other"])),
            ("choice", json!([{ "one": 1, "two": 2 }])),
            ("choice", json!([{}])),
            ("choice", json!([1])),
            ("choice", json!(["one"])),
            ("choice", json!([{ "plain": 1 }])),
            ("choice", json!([{ "named": {} }])),
            ("choice", json!([{ "two": [1] }])),
            ("tagged", json!({ "a": 1 })),
            ("tagged", json!({ "type": "none" })),
            ("more", json!(1)),
        ];
        for (field, value) in wrong {
            let mut object = full();
            object[field] = value;
            let ours = from_value::<All>(object.clone()).unwrap_err().to_string();
            let theirs = serde_json::from_value::<All>(object.clone()).unwrap_err().to_string();
            assert_eq!(ours, theirs, "{field}: {}", object[field]);
        }
        let mut object = full();
        object.as_object_mut().unwrap().shift_remove("text");
        let message = from_value::<All>(object).unwrap_err().to_string();
        assert_eq!(message, "missing field `text`");
    }

    #[test]
    fn an_array_is_no_struct() {
        #[derive(Debug, Deserialize)]
        struct Point {
            #[expect(dead_code, reason = "only its reading is looked at")]
            x: u32,
        }
        assert!(serde_json::from_value::<Point>(json!([1])).is_ok());
        let message = from_value::<Point>(json!([1])).unwrap_err().to_string();
        assert_eq!(message, "invalid type: sequence, expected struct Point");
    }
}
