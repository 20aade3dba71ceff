//! Conditions: trees of `and`, `or`, `not` over fields, metrics and segments.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value;

use super::{DatePart, GrainName, TimeRange};

/// `ne` and `not_in` leave NULL out, as every comparison does; only `is_null` matches NULL. `between` includes both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    Eq,
    Ne,
    In,
    NotIn,
    Gt,
    Gte,
    Lt,
    Lte,
    Between,
    /// These three ignore case (Unicode folding) unless `"case": true`.
    Contains,
    StartsWith,
    EndsWith,
    /// Regular expression, linear time.
    Matches,
    IsNull,
    IsNotNull,
    InRange,
}

/// A condition on one column. `value` for one operand, `values` for lists and for `between` (two), `range` for `in_range`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldCondition {
    pub field: String,
    pub op: Operator,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<Value>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<TimeRange>,
    /// Compare the truncated time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grain: Option<GrainName>,
    /// Compare a part of the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<DatePart>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub case: bool,
    /// Compare with another field instead of a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
}

/// A condition on an aggregated value: in `having` without `per`; in `where` with `per` (the metric per those dimensions
/// over all rows).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricCondition {
    pub metric: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub per: Vec<String>,
    pub op: Operator,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<Value>>,
    /// What a group without rows counts as; without it such a group never matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    Zero,
}

/// One row of a table that a row has many of, which meets all conditions. (Two conditions beside each other may be met by
/// two rows.)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowCondition {
    /// Table or role.
    pub row_of: String,
    pub and: Vec<Condition>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Condition {
    And { and: Vec<Condition> },
    Or { or: Vec<Condition> },
    Not { not: Box<Condition> },
    Segment { segment: String },
    Row(RowCondition),
    Field(FieldCondition),
    Metric(MetricCondition),
}

impl Condition {
    /// Nesting deeper than this is refused when a condition is read.
    pub const MAX_DEPTH: usize = 32;

    pub fn field(field: impl Into<String>, op: Operator) -> FieldCondition {
        FieldCondition {
            field: field.into(),
            op,
            value: None,
            values: None,
            range: None,
            grain: None,
            part: None,
            case: false,
            other: None,
        }
    }

    /// `and` of what is there: nothing → `None`, one → itself.
    pub fn all(mut conditions: Vec<Self>) -> Option<Self> {
        match conditions.len() {
            0 | 1 => conditions.pop(),
            _ => Some(Self::And { and: conditions }),
        }
    }

    /// Gives each field and metric that it names the name that `rename` has for it, if any.
    pub fn rename(&mut self, rename: &impl Fn(&str) -> Option<String>) {
        for name in self.names_mut() {
            if let Some(new) = rename(name) {
                *name = new;
            }
        }
    }

    /// Does it name this field or metric?
    pub fn says(&self, name: &str) -> bool {
        self.clone().names_mut().into_iter().any(|known| known == name)
    }

    fn names_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::And { and: parts } | Self::Or { or: parts } | Self::Row(RowCondition { and: parts, .. }) => {
                parts.iter_mut().flat_map(Self::names_mut).collect()
            }
            Self::Not { not } => not.names_mut(),
            Self::Field(condition) => std::iter::once(&mut condition.field)
                .chain(&mut condition.other)
                .collect(),
            Self::Metric(condition) => std::iter::once(&mut condition.metric)
                .chain(&mut condition.per)
                .collect(),
            Self::Segment { .. } => Vec::new(),
        }
    }

    fn read(value: Value, depth: usize) -> Result<Self, String> {
        if depth > Self::MAX_DEPTH {
            return Err(format!("conditions are nested deeper than {}", Self::MAX_DEPTH));
        }
        let Value::Object(object) = &value else {
            return Err("a condition is an object".to_owned());
        };
        let has = |key: &str| object.contains_key(key);
        let list = |key: &str| -> Result<Vec<Self>, String> {
            if object.len() != 1 {
                return Err(format!("`{key}` stands alone in its object"));
            }
            let Some(Value::Array(items)) = object.get(key) else {
                return Err(format!("`{key}` is a list of conditions"));
            };
            items.iter().map(|item| Self::read(item.clone(), depth + 1)).collect()
        };
        if has("row_of") {
            if let Some(Value::Array(items)) = object.get("and") {
                // Each is read here, so that their depth counts.
                for item in items {
                    Self::read(item.clone(), depth + 1)?;
                }
            }
            return crate::json::from_value(value)
                .map(Self::Row)
                .map_err(|error| error.to_string());
        }
        if has("and") {
            list("and").map(|and| Self::And { and })
        } else if has("or") {
            list("or").map(|or| Self::Or { or })
        } else if let Some(inner) = object.get("not") {
            if object.len() != 1 {
                return Err("`not` stands alone in its object".to_owned());
            }
            Self::read(inner.clone(), depth + 1).map(|not| Self::Not { not: Box::new(not) })
        } else if let Some(segment) = object.get("segment") {
            match segment {
                Value::String(segment) if object.len() == 1 => Ok(Self::Segment {
                    segment: segment.clone(),
                }),
                _ => Err("`segment` names a segment and stands alone in its object".to_owned()),
            }
        } else if has("metric") {
            crate::json::from_value(value)
                .map(Self::Metric)
                .map_err(|error| error.to_string())
        } else if has("field") {
            crate::json::from_value(value)
                .map(Self::Field)
                .map_err(|error| error.to_string())
        } else {
            Err("a condition has one of `and`, `or`, `not`, `segment`, `field`, `metric`, `row_of`".to_owned())
        }
    }
}

impl From<FieldCondition> for Condition {
    fn from(condition: FieldCondition) -> Self {
        Self::Field(condition)
    }
}

impl<'de> Deserialize<'de> for Condition {
    /// By its keys rather than by trial, so that the message names what is wrong.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::read(value, 0).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_contract_examples_and_writes_them_back() {
        let text = r#"{"and":[{"field":"customers.country","op":"in","values":["DE","FR"]},{"not":{"segment":"orders.test"}},{"metric":"order_count","per":["customers.id"],"op":"gt","value":2}]}"#;
        let condition: Condition = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&condition).unwrap(), text);
    }

    #[test]
    fn says_what_is_wrong() {
        let message = |text: &str| serde_json::from_str::<Condition>(text).unwrap_err().to_string();
        assert!(message(r#"{"field":"a","op":"like"}"#).contains("like"));
        assert!(message(r#"{"field":"a","op":"eq","colour":1}"#).contains("colour"));
        assert!(message(r#"{"a":1}"#).contains("one of"));
        let deep = "{\"not\":".repeat(60) + "{\"segment\":\"a.b\"}" + &"}".repeat(60);
        assert!(message(&deep).contains("deeper"));
    }
}
