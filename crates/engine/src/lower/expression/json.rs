//! Values within JSON texts.

use std::borrow::Cow;

use polars::prelude::*;
use serde_json::Value;
use shared::semantic::JsonStep;

use super::Typed;
use crate::lower::Kind;

/// The text of what stands at the path: of a text itself, of numbers and truth values their JSON. NULL for everything else,
/// and where the text is no JSON.
pub(super) fn text_at(value: Typed, path: &[JsonStep]) -> Typed {
    let path = path.to_vec();
    let texts = value.into_kind(Kind::Text).map(
        move |column| {
            let texts = column.str()?;
            Ok(texts.apply(|text| at(text?, &path).map(Cow::Owned)).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::String)),
    );
    Typed::new(texts, Kind::Text)
}

fn at(text: &str, path: &[JsonStep]) -> Option<String> {
    let document: Value = serde_json::from_str(text).ok()?;
    let found = path.iter().try_fold(&document, |value, step| match step {
        JsonStep::Member(name) => value.as_object()?.get(name),
        JsonStep::Item(place) => value.as_array()?.get(usize::try_from(*place).ok()?),
    })?;
    match found {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use shared::semantic::JsonPath;

    use super::*;

    #[test]
    fn values_are_found_and_everything_else_is_nothing() {
        let document = r#"{"a":{"b":[1,{"c d":"x"},true,null,12345678901234567890.5]},"text":"12","a.b":"dotted"}"#;
        let found = |path: &str| at(document, JsonPath::try_from(path.to_owned()).unwrap().steps());
        for (path, expected) in [
            ("$.a.b[0]", Some("1")),
            ("$.a.b[1][\"c d\"]", Some("x")),
            ("$.a.b[2]", Some("true")),
            ("$.text", Some("12")),
            ("$[\"a.b\"]", Some("dotted")),
            ("$.a.b[3]", None),
            ("$.a.b[9]", None),
            ("$.a.b", None),
            ("$.a", None),
            ("$.a[0]", None),
            ("$[0]", None),
            ("$.nothing.within", None),
        ] {
            assert_eq!(found(path).as_deref(), expected, "{path}");
        }
        assert_eq!(
            at("{broken", JsonPath::try_from("$.a".to_owned()).unwrap().steps()),
            None
        );
    }
}
