//! What a filter's condition says, as its control shows it.

use serde_json::Value;
use shared::{
    dashboard::{read_range, write_range},
    semantic::{Condition, FieldCondition, Operator, TimeRange},
    table::Cell,
};

use super::range::range_words;

/// The part of the condition language that the bar's controls speak.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Choice {
    /// No restriction.
    #[default]
    All,
    /// These members, by their text; `None` is NULL.
    Members(Vec<Option<String>>),
    Range(TimeRange),
    /// Both ends included; one may be missing.
    Bounds(Option<String>, Option<String>),
    /// Something only the builder or an address can say; kept until it is replaced.
    Other(Condition),
}

/// Members longer than this list are counted, not named.
const NAMED: usize = 2;

impl Choice {
    pub fn of(condition: Option<&Condition>) -> Self {
        match condition {
            None => Self::All,
            Some(Condition::Field(field)) => Self::of_field(field),
            Some(Condition::Or { or }) => match or.as_slice() {
                [Condition::Field(list), Condition::Field(null)] if null.op == Operator::IsNull => {
                    match Self::of_field(list) {
                        Self::Members(mut members) => {
                            members.push(None);
                            Self::Members(members)
                        }
                        Self::All | Self::Range(_) | Self::Bounds(..) | Self::Other(_) => {
                            Self::Other(Condition::Or { or: or.clone() })
                        }
                    }
                }
                _ => Self::Other(Condition::Or { or: or.clone() }),
            },
            Some(other) => Self::Other(other.clone()),
        }
    }

    fn of_field(condition: &FieldCondition) -> Self {
        let plain = condition.grain.is_none() && condition.part.is_none();
        let values: Vec<Option<String>> = condition
            .values
            .iter()
            .flatten()
            .chain(condition.value.as_ref())
            .map(value_text)
            .collect();
        match condition.op {
            Operator::Eq | Operator::In if plain => Self::Members(values),
            Operator::IsNull => Self::Members(vec![None]),
            Operator::InRange => condition
                .range
                .clone()
                .map_or_else(|| Self::Other(condition.clone().into()), Self::Range),
            Operator::Between if plain => match values.as_slice() {
                [from, to] => Self::Bounds(from.clone(), to.clone()),
                _ => Self::Other(condition.clone().into()),
            },
            Operator::Gte if plain => Self::Bounds(values.into_iter().next().flatten(), None),
            Operator::Lte if plain => Self::Bounds(None, values.into_iter().next().flatten()),
            Operator::Eq
            | Operator::In
            | Operator::Between
            | Operator::Gte
            | Operator::Lte
            | Operator::Ne
            | Operator::NotIn
            | Operator::Gt
            | Operator::Lt
            | Operator::Contains
            | Operator::StartsWith
            | Operator::EndsWith
            | Operator::Matches
            | Operator::IsNotNull => Self::Other(condition.clone().into()),
        }
    }

    /// The condition on `field`; `None`: no restriction.
    pub fn condition(&self, field: &str) -> Option<Condition> {
        match self {
            Self::All => None,
            Self::Members(members) => {
                let values: Vec<Value> = members
                    .iter()
                    .flatten()
                    .map(|text| Value::from(text.as_str()))
                    .collect();
                let mut either: Vec<Condition> = Vec::new();
                if !values.is_empty() {
                    let mut condition = Condition::field(field, Operator::In);
                    condition.values = Some(values);
                    either.push(condition.into());
                }
                if members.contains(&None) {
                    either.push(Condition::field(field, Operator::IsNull).into());
                }
                match either.len() {
                    0 | 1 => either.pop(),
                    _ => Some(Condition::Or { or: either }),
                }
            }
            Self::Range(TimeRange::All(_)) => None,
            Self::Range(range) => {
                let mut condition = Condition::field(field, Operator::InRange);
                condition.range = Some(range.clone());
                Some(condition.into())
            }
            Self::Bounds(from, to) => {
                let (op, value, values) = match (from, to) {
                    (None, None) => return None,
                    (Some(from), None) => (Operator::Gte, Some(Value::from(from.as_str())), None),
                    (None, Some(to)) => (Operator::Lte, Some(Value::from(to.as_str())), None),
                    (Some(from), Some(to)) => (
                        Operator::Between,
                        None,
                        Some(vec![Value::from(from.as_str()), Value::from(to.as_str())]),
                    ),
                };
                let mut condition = Condition::field(field, op);
                condition.value = value;
                condition.values = values;
                Some(condition.into())
            }
            Self::Other(condition) => Some(condition.clone()),
        }
    }

    pub fn members(&self) -> &[Option<String>] {
        match self {
            Self::Members(members) => members,
            Self::All | Self::Range(_) | Self::Bounds(..) | Self::Other(_) => &[],
        }
    }

    pub const fn range(&self) -> Option<&TimeRange> {
        match self {
            Self::Range(range) => Some(range),
            Self::All | Self::Members(_) | Self::Bounds(..) | Self::Other(_) => None,
        }
    }
}

fn value_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Some(value.to_string()),
    }
}

/// A member of an answer as a choice holds it.
pub fn cell_member(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Null => None,
        Cell::Bool(truth) => Some(truth.to_string()),
        Cell::Int(number) => Some(number.to_string()),
        Cell::Float(number) => Some(number.to_string()),
        Cell::Text(text) => Some(text.clone()),
    }
}

pub fn member_label(member: Option<&str>) -> String {
    match member {
        None => "(none)".to_owned(),
        Some("") => "(empty)".to_owned(),
        Some("true") => "Yes".to_owned(),
        Some("false") => "No".to_owned(),
        Some(text) => text.to_owned(),
    }
}

/// What the closed control says.
pub fn choice_words(choice: &Choice) -> String {
    match choice {
        Choice::All => "All".to_owned(),
        Choice::Members(members) if members.is_empty() => "All".to_owned(),
        Choice::Members(members) if members.len() > NAMED => format!("{} chosen", members.len()),
        Choice::Members(members) => {
            let names: Vec<String> = members.iter().map(|member| member_label(member.as_deref())).collect();
            names.join(", ")
        }
        Choice::Range(range) => range_words(range),
        Choice::Bounds(None, None) => "All".to_owned(),
        Choice::Bounds(Some(from), Some(to)) => format!("{from} to {to}"),
        Choice::Bounds(Some(from), None) => format!("{from} or more"),
        Choice::Bounds(None, Some(to)) => format!("{to} or less"),
        Choice::Other(_) => "Custom".to_owned(),
    }
}

/// A member as the value of a form control, in the spelling of addresses.
pub fn member_value(member: Option<&str>) -> String {
    match member {
        None => "~0".to_owned(),
        Some("") => "~e".to_owned(),
        Some(text) => {
            let escaped = text
                .replace('~', "~t")
                .replace(',', "~c")
                .replace(';', "~s")
                .replace(':', "~d")
                .replace('@', "~a");
            // Alone it could be taken for a range or for "all".
            if escaped == "all" || read_range(&escaped).is_some() {
                format!("~v{escaped}")
            } else {
                escaped
            }
        }
    }
}

/// The spelling of a range as the value of a form control.
pub fn range_value(range: &TimeRange) -> String {
    write_range(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_read_back_as_they_were() {
        let text = |text: &str| Some(text.to_owned());
        for choice in [
            Choice::All,
            Choice::Members(vec![text("EU"), text("US")]),
            Choice::Members(vec![text("EU"), None]),
            Choice::Members(vec![None]),
            Choice::Bounds(text("1"), text("5")),
            Choice::Bounds(None, text("5")),
        ] {
            assert_eq!(Choice::of(choice.condition("orders.region").as_ref()), choice);
        }
        let range = read_range("last_30d").map(Choice::Range).unwrap_or_default();
        assert_eq!(choice_words(&range), "Last 30 days");
        assert_eq!(Choice::of(range.condition("a.b").as_ref()), range);
    }
}
