//! Turns stored text and JSON into model values; what cannot be read is named by table and column.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::EntityError;

/// Reads a JSON column.
pub(crate) fn json<T: DeserializeOwned>(
    table: &'static str,
    column: &'static str,
    value: &Value,
) -> Result<T, EntityError> {
    T::deserialize(value).map_err(|_| EntityError::UnreadableRow { table, column })
}

/// Reads a text column that `parse` knows.
pub(crate) fn text<T>(table: &'static str, column: &'static str, parsed: Option<T>) -> Result<T, EntityError> {
    parsed.ok_or(EntityError::UnreadableRow { table, column })
}

/// Reads JSON that is kept as text, so that its bytes stay as they were written.
pub(crate) fn json_text<T: DeserializeOwned>(
    table: &'static str,
    column: &'static str,
    text: &str,
) -> Result<T, EntityError> {
    serde_json::from_str(text).map_err(|_| EntityError::UnreadableRow { table, column })
}

/// Reads a number that is never negative.
pub(crate) fn count<T: TryFrom<i64>>(table: &'static str, column: &'static str, number: i64) -> Result<T, EntityError> {
    T::try_from(number).map_err(|_| EntityError::UnreadableRow { table, column })
}
