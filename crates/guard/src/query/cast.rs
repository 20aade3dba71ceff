//! Types a value may be cast to: those of data. PostgreSQL's `reg…` types look up names of the catalogue, others are
//! somebody's own.

use sqlparser::ast::{ArrayElemTypeDef, DataType, ObjectName, Spanned, TypeModifier};

use super::walk::Walk;
use crate::{Place, RefusalKind};

/// Types that the parser has no word for.
const NAMED: [&str; 18] = [
    "any",
    "bignum",
    "citext",
    "cidr",
    "daterange",
    "inet",
    "int4range",
    "int8range",
    "macaddr",
    "money",
    "nchar",
    "numrange",
    "signed",
    "tsrange",
    "tstzrange",
    "uhugeint",
    "unsigned",
    "year",
];

impl Walk<'_> {
    pub fn cast_type(&mut self, kind: &mut DataType, at: Option<Place>) {
        let mut element = &*kind;
        while let DataType::Array(of) = element {
            match of {
                ArrayElemTypeDef::SquareBracket(of, _) | ArrayElemTypeDef::Qualified(of, _) => element = of,
                _ => break,
            }
        }
        if !allowed(element) {
            let at = match element {
                DataType::Custom(name, _) => Place::of(name.span().start).or(at),
                _ => at,
            };
            self.refuse(
                RefusalKind::CastType,
                at,
                format!("A value may not be cast to {element}: only types of data are allowed. Cast to a number, a text or a time."),
            );
        }
    }
}

fn allowed(kind: &DataType) -> bool {
    match kind {
        DataType::Custom(name, modifiers) => {
            named(name)
                && modifiers
                    .iter()
                    .all(|modifier| matches!(modifier, TypeModifier::Number(..)))
        }
        DataType::Character(_)
        | DataType::Char(_)
        | DataType::CharacterVarying(_)
        | DataType::CharVarying(_)
        | DataType::Varchar(_)
        | DataType::Nvarchar(_)
        | DataType::Uuid
        | DataType::Binary(_)
        | DataType::Varbinary(_)
        | DataType::Blob(_)
        | DataType::Numeric(_)
        | DataType::Decimal(_)
        | DataType::DecimalUnsigned(_)
        | DataType::Dec(_)
        | DataType::Float(_)
        | DataType::TinyInt(_)
        | DataType::TinyIntUnsigned(_)
        | DataType::UTinyInt
        | DataType::Int2(_)
        | DataType::SmallInt(_)
        | DataType::SmallIntUnsigned(_)
        | DataType::USmallInt
        | DataType::MediumInt(_)
        | DataType::Int(_)
        | DataType::Int4(_)
        | DataType::Int8(_)
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::Int128
        | DataType::Integer(_)
        | DataType::IntUnsigned(_)
        | DataType::IntegerUnsigned(_)
        | DataType::HugeInt
        | DataType::UHugeInt
        | DataType::BigInt(_)
        | DataType::BigIntUnsigned(_)
        | DataType::UBigInt
        | DataType::Signed
        | DataType::SignedInteger
        | DataType::Unsigned
        | DataType::UnsignedInteger
        | DataType::Float4
        | DataType::Float8
        | DataType::Real
        | DataType::Double(_)
        | DataType::DoublePrecision
        | DataType::Bool
        | DataType::Boolean
        | DataType::Date
        | DataType::Time(..)
        | DataType::Datetime(_)
        | DataType::Timestamp(..)
        | DataType::Interval { .. }
        | DataType::JSON
        | DataType::JSONB
        | DataType::Text
        | DataType::TinyText
        | DataType::MediumText
        | DataType::LongText
        | DataType::String(_)
        | DataType::Bytea
        | DataType::Bit(_)
        | DataType::BitVarying(_)
        | DataType::VarBit(_)
        | DataType::TsVector
        | DataType::TsQuery => true,
        // Everything else, and what a new version of the parser may add.
        _ => false,
    }
}

fn named(name: &ObjectName) -> bool {
    match name.0.as_slice() {
        [part] => part
            .as_ident()
            .is_some_and(|part| NAMED.contains(&part.value.to_ascii_lowercase().as_str())),
        _ => false,
    }
}
