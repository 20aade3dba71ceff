//! Rows straight out of the text of a JSON list: no tree of the whole document in between, and nothing kept of columns that
//! nobody asks for.

use super::columns::Columns;
use super::json::PLAIN;
use super::table::{Row, Table};
use super::texts::Texts;
use super::wanted::Wanted;
use crate::value::Value;
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use std::fmt;

/// Reads the text of a list as [`super::read_rows`] reads its value.
///
/// # Errors
/// When the text is not JSON, or no list.
pub fn read_row_text(text: &str, wanted: &Wanted) -> Result<Table, serde_json::Error> {
    let mut rows = Rows {
        table: Table::default(),
        columns: Columns::new(wanted),
        texts: Texts::of_rows(usize::MAX),
    };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.deserialize_seq(List(&mut rows))?;
    deserializer.end()?;
    Ok(rows.table)
}

struct Rows<'a> {
    table: Table,
    columns: Columns<'a>,
    texts: Texts,
}

impl Rows<'_> {
    /// An item that is no object.
    fn push(&mut self, value: Value) {
        let mut row = Row::new(self.table.rows.len());
        let column = self.table.ensure(PLAIN);
        row.set(column, value);
        self.table.rows.push(row);
    }
}

struct List<'r, 'a>(&'r mut Rows<'a>);

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Item(&mut *self.0))?.is_some() {}
        Ok(())
    }
}

/// One item of the list.
struct Item<'r, 'a>(&'r mut Rows<'a>);

impl<'de> DeserializeSeed<'de> for Item<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Item<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let rows = self.0;
        let mut row = Row::new(rows.table.rows.len());
        let mut at = 0;
        while let Some(column) = fields.next_key_seed(Name { rows: &mut *rows, at })? {
            match column {
                Some(column) => row.set(column, fields.next_value_seed(Cell(&mut rows.texts))?),
                None => drop(fields.next_value::<IgnoredAny>()?),
            }
            at += 1;
        }
        rows.table.rows.push(row);
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Cell(&mut self.0.texts).visit_unit().map(|value| self.0.push(value))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        Cell(&mut self.0.texts)
            .visit_bool(value)
            .map(|value| self.0.push(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        Cell(&mut self.0.texts).visit_i64(value).map(|value| self.0.push(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        Cell(&mut self.0.texts).visit_u64(value).map(|value| self.0.push(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        Cell(&mut self.0.texts).visit_f64(value).map(|value| self.0.push(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        Cell(&mut self.0.texts).visit_str(value).map(|value| self.0.push(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<(), A::Error> {
        Cell(&mut self.0.texts).visit_seq(items).map(|value| self.0.push(value))
    }
}

/// The name of a field becomes its column.
struct Name<'r, 'a> {
    rows: &'r mut Rows<'a>,
    at: usize,
}

impl<'de> DeserializeSeed<'de> for Name<'_, '_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_, '_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.rows.columns.place(&mut self.rows.table, self.at, name))
    }
}

struct Cell<'r>(&'r mut Texts);

impl<'de> DeserializeSeed<'de> for Cell<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Cell<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(self.0.share(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Value, A::Error> {
        Json::deserialize(SeqAccessDeserializer::new(items)).map(|json| Value::from_json(&json))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Value, A::Error> {
        Json::deserialize(MapAccessDeserializer::new(members)).map(|json| Value::from_json(&json))
    }
}

#[cfg(test)]
mod tests {
    use super::read_row_text;
    use crate::data::{Wanted, read_rows};
    use serde_json::json;

    #[test]
    fn text_and_value_give_the_same_rows() {
        for text in [
            r#"[{"a":1,"b":"x","c":null},{"b":"x","a":-2.5,"d":[1,{"e":"f"}]},{"a":true,"a":false}]"#,
            r#"[1, "two", null, [3], {"a":18446744073709551615}, true, -0.0]"#,
            "[]",
        ] {
            let value = serde_json::from_str(text).expect("JSON");
            let all = Wanted::default();
            assert_eq!(read_row_text(text, &all).expect("a list"), read_rows(&value, &all));
            let some = Wanted::of(&json!({"encoding": {"x": {"field": "b"}}}));
            assert_eq!(read_row_text(text, &some).expect("a list"), read_rows(&value, &some));
        }
    }

    #[test]
    fn only_what_is_asked_for_is_kept() {
        let wanted = Wanted::of(&json!({"x": "b"}));
        let table = read_row_text(r#"[{"hidden":[1],"b":2},{"b":3}]"#, &wanted).expect("a list");
        assert_eq!((table.names.len(), table.rows.len()), (1, 2));
    }

    #[test]
    fn what_is_no_list_is_an_error() {
        for text in ["", "[", "[1] 2", "{}", "[{\"a\":}]", "\"text\""] {
            assert!(read_row_text(text, &Wanted::default()).is_err(), "{text}");
        }
    }
}
