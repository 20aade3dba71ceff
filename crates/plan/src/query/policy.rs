//! What a principal may see: conditions that go into every scan, and columns that stay hidden.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::semantic::{AccessEntry, Condition, FieldCondition, Model, Operator};

use super::masks;

/// Part of the cache key as it stands. The default restricts nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Must hold in every scan (the locked filters of a share or ticket), but for the days of a calendar. A table that cannot be reached by such a
    /// condition cannot be asked at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub everywhere: Vec<Condition>,
    /// Must hold in every scan of the table, and of every table whose rows find rows of it (row rules).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tables: BTreeMap<String, Vec<Condition>>,
    /// `table.name` of dimensions that cannot be grouped, filtered, sorted or aggregated ad hoc: those that an entry masks,
    /// and those that show the same column or are calculated from it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub masked: BTreeSet<String>,
}

/// Who asks, as far as models care.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Identity {
    pub roles: Vec<String>,
    pub attributes: BTreeMap<String, Value>,
    /// Holds in every query, whatever the model says.
    pub locked: Vec<Condition>,
}

impl Identity {
    /// What the access rules of a model leave for whoever this is. Fails closed: without a role that an entry names, or
    /// without an attribute that it needs, a table with entries has no rows.
    pub fn policy(&self, model: &Model) -> Policy {
        let mut policy = Policy {
            everywhere: self.locked.clone(),
            ..Policy::default()
        };
        let mut seen: BTreeMap<String, Vec<Condition>> = BTreeMap::new();
        for entry in &model.access {
            let rows = seen.entry(entry.table.to_string()).or_default();
            let is_held = entry.roles.iter().any(|role| self.roles.contains(role));
            if !is_held {
                continue;
            }
            rows.extend(self.rows(entry));
            policy.masked.extend(entry.mask.iter().cloned());
        }
        policy.masked = masks::spread(model, policy.masked);
        policy.tables = seen
            .into_iter()
            .map(|(table, rows)| (table, vec![Condition::Or { or: rows }]))
            .collect();
        policy
    }

    /// The rows of an entry, with this person's attributes; `None` when one is lacking.
    fn rows(&self, entry: &AccessEntry) -> Option<Condition> {
        match &entry.rows {
            None => Some(Condition::And { and: Vec::new() }),
            Some(condition) => self.filled(condition),
        }
    }

    fn filled(&self, condition: &Condition) -> Option<Condition> {
        let all = |conditions: &[Condition]| {
            conditions
                .iter()
                .map(|inner| self.filled(inner))
                .collect::<Option<Vec<_>>>()
        };
        Some(match condition {
            Condition::And { and } => Condition::And { and: all(and)? },
            Condition::Or { or } => Condition::Or { or: all(or)? },
            Condition::Not { not } => Condition::Not {
                not: Box::new(self.filled(not)?),
            },
            Condition::Row(row) => Condition::Row(shared::semantic::RowCondition {
                row_of: row.row_of.clone(),
                and: all(&row.and)?,
            }),
            Condition::Field(field) => Condition::Field(self.filled_field(field)?),
            Condition::Segment { .. } | Condition::Metric(_) => condition.clone(),
        })
    }

    fn filled_field(&self, condition: &FieldCondition) -> Option<FieldCondition> {
        let attribute = |value: &Value| match attribute_of(value) {
            Some(name) => self.attributes.get(name).filter(|value| !value.is_null()).cloned(),
            None => Some(value.clone()),
        };
        let mut filled = condition.clone();
        if let Some(value) = &condition.value {
            match attribute(value)? {
                // A person may have several of what one value is asked for.
                Value::Array(values) => {
                    filled.value = None;
                    filled.values = Some(values);
                    filled.op = match condition.op {
                        Operator::Eq => Operator::In,
                        Operator::Ne => Operator::NotIn,
                        other => other,
                    };
                }
                one => filled.value = Some(one),
            }
        }
        if let Some(values) = &condition.values {
            let mut all = Vec::new();
            for value in values {
                match attribute(value)? {
                    Value::Array(several) => all.extend(several),
                    one => all.push(one),
                }
            }
            filled.values = Some(all);
        }
        Some(filled)
    }
}

/// `region` of `{"user":"region"}`.
fn attribute_of(value: &Value) -> Option<&str> {
    value
        .as_object()
        .filter(|object| object.len() == 1)?
        .get("user")?
        .as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn model() -> Model {
        serde_json::from_value(json!({"format": 1, "model": "m", "tables": [{"name": "t", "source": {"dataset": "t"}}],
            "access": [
                {"roles": ["regional"], "table": "t", "rows": {"field": "t.region", "op": "eq", "value": {"user": "region"}}, "mask": ["t.email"]},
                {"roles": ["auditor"], "table": "t"},
            ]}))
        .unwrap()
    }

    fn identity(roles: &[&str], attributes: Value) -> Identity {
        Identity {
            roles: roles.iter().map(ToString::to_string).collect(),
            attributes: serde_json::from_value(attributes).unwrap(),
            locked: Vec::new(),
        }
    }

    fn rows(identity: &Identity) -> Value {
        let policy = identity.policy(&model());
        serde_json::to_value(&policy.tables["t"]).unwrap()
    }

    #[test]
    fn rows_are_those_of_the_roles_that_are_held_together() {
        let north = json!({"field": "t.region", "op": "eq", "value": "north"});
        let regional = identity(&["regional"], json!({"region": "north"}));
        assert_eq!(rows(&regional), json!([{"or": [north]}]));
        let both = identity(&["regional", "auditor"], json!({"region": "north"}));
        assert_eq!(rows(&both), json!([{"or": [north, {"and": []}]}]));
        let several = identity(&["regional"], json!({"region": ["north", "west"]}));
        assert_eq!(
            rows(&several),
            json!([{"or": [{"field": "t.region", "op": "in", "values": ["north", "west"]}]}])
        );
    }

    #[test]
    fn without_role_or_attribute_there_are_no_rows() {
        let nothing = json!([{"or": []}]);
        assert_eq!(rows(&identity(&[], json!({"region": "north"}))), nothing);
        assert_eq!(rows(&identity(&["regional"], json!({}))), nothing);
        assert_eq!(rows(&identity(&["regional"], json!({"region": null}))), nothing);
    }

    #[test]
    fn a_column_is_hidden_when_any_held_entry_hides_it() {
        let both = identity(&["regional", "auditor"], json!({"region": "north"}));
        assert!(both.policy(&model()).masked.contains("t.email"));
        assert!(identity(&["auditor"], json!({})).policy(&model()).masked.is_empty());
    }
}
