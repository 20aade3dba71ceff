//! Reads fields from objects only. On their own, the readers of our types would also take a list, as the fields in the order
//! they happen to be declared in.

use serde::{
    Deserializer,
    de::{
        Error as _, IntoDeserializer, Unexpected, Visitor,
        value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer, StringDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::{Error, Map, Value};

/// A JSON value to be read from.
pub struct Strict(pub Value);

type Fields<'de> = MapDeserializer<'de, std::vec::IntoIter<(String, Strict)>, Error>;

fn fields<'de>(object: Map<String, Value>) -> Fields<'de> {
    let fields: Vec<(String, Strict)> = object.into_iter().map(|(name, value)| (name, Strict(value))).collect();
    MapDeserializer::new(fields.into_iter())
}

fn wrong(value: &Value, visitor: &dyn serde::de::Expected) -> Error {
    let found = match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(value) => Unexpected::Bool(*value),
        Value::Number(_) => Unexpected::Other("number"),
        Value::String(text) => Unexpected::Str(text),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    };
    Error::invalid_type(found, visitor)
}

impl<'de> IntoDeserializer<'de, Error> for Strict {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Strict {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(items) => {
                let mut items = SeqDeserializer::new(items.into_iter().map(Strict));
                let value = visitor.visit_seq(&mut items)?;
                items.end().map(|()| value)
            }
            Value::Object(object) => {
                let mut fields = fields(object);
                let value = visitor.visit_map(&mut fields)?;
                fields.end().map(|()| value)
            }
            Value::Number(number) => number.deserialize_any(visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Null => visitor.visit_unit(),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_object() {
            self.deserialize_any(visitor)
        } else {
            Err(wrong(&self.0, &visitor))
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(text) => visitor.visit_enum(StringDeserializer::<Error>::new(text)),
            Value::Object(object) if object.len() == 1 => {
                visitor.visit_enum(MapAccessDeserializer::new(fields(object)))
            }
            other => Err(wrong(&other, &visitor)),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Place {
        x: u32,
        name: Option<String>,
        inner: Option<Box<Place>>,
        kind: Kind,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        #[default]
        Plain,
        Sized {
            width: f64,
        },
        Of(Vec<u8>),
    }

    fn read(text: &str) -> Result<Place, String> {
        Place::deserialize(Strict(serde_json::from_str(text).unwrap())).map_err(|error| error.to_string())
    }

    #[test]
    fn objects_are_read_as_ever() {
        let whole =
            read(r#"{"x":1,"name":null,"inner":{"name":"a","kind":{"of":[1]}},"kind":{"sized":{"width":2}}}"#).unwrap();
        assert_eq!(whole.kind, Kind::Sized { width: 2.0 });
        assert_eq!(whole.inner.unwrap().kind, Kind::Of(vec![1]));
        assert_eq!(read(r#"{"kind":"plain"}"#), Ok(Place::default()));
    }

    #[test]
    fn a_list_is_no_object() {
        for list in [
            "[]",
            r#"{"inner":[]}"#,
            r#"{"inner":{"inner":[1]}}"#,
            r#"{"kind":{"sized":[2]}}"#,
        ] {
            assert!(read(list).unwrap_err().contains("sequence"), "{list}");
        }
        for wrong in [
            r#"{"x":"1"}"#,
            r#"{"x":-1}"#,
            r#"{"y":1}"#,
            r#"{"kind":{"of":[1],"sized":{"width":1}}}"#,
            r#"{"kind":7}"#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
