//! Parts of the model in words, as people say them within a sentence.

use serde_json::Value;
use shared::semantic::{
    Cardinality, Condition, FieldCondition, FormatKind, MetricCondition, Model, Operator, Span, TIME_FIELD,
};

use crate::components::filter_bar::range_words;

pub const FORMATS: [(FormatKind, &str); 7] = [
    (FormatKind::Number, "Number"),
    (FormatKind::Currency, "Currency"),
    (FormatKind::Percent, "Percent"),
    (FormatKind::Duration, "Duration (seconds)"),
    (FormatKind::Bytes, "Bytes"),
    (FormatKind::Date, "Date"),
    (FormatKind::Text, "As it is"),
];

pub const fn operator_words(operator: Operator) -> &'static str {
    match operator {
        Operator::Eq | Operator::In => "is",
        Operator::Ne | Operator::NotIn => "is not",
        Operator::Gt => "is more than",
        Operator::Gte => "is at least",
        Operator::Lt => "is less than",
        Operator::Lte => "is at most",
        Operator::Between => "is between",
        Operator::Contains => "contains",
        Operator::StartsWith => "starts with",
        Operator::EndsWith => "ends with",
        Operator::Matches => "matches",
        Operator::IsNull => "is empty",
        Operator::IsNotNull => "is not empty",
        Operator::InRange => "is in",
    }
}

pub const fn cardinality_words(cardinality: Cardinality) -> &'static str {
    match cardinality {
        Cardinality::ManyToOne => "many to one",
        Cardinality::OneToOne => "one to one",
        Cardinality::OneToMany => "one to many",
    }
}

/// `28 days`, `1 year`.
pub fn span_words(span: Span) -> String {
    let unit = span.unit.as_str();
    match span.count {
        1 => format!("1 {unit}"),
        count => format!("{count} {unit}s"),
    }
}

/// The label of `table.name`; what the model does not have, as it is written.
pub fn field_label(field: &str, model: &Model) -> String {
    match model.dimension(field) {
        Some((_, dimension)) => dimension.display_label(),
        None if field == TIME_FIELD => "time".to_owned(),
        None => field.to_owned(),
    }
}

pub fn metric_label(metric: &str, model: &Model) -> String {
    let known = model.metric(metric);
    known.map_or_else(|| metric.to_owned(), |metric| metric.display_label())
}

/// What follows "where": `Region is EU and Amount is more than 10`.
pub fn condition_words(condition: &Condition, model: &Model) -> String {
    match condition {
        Condition::And { and } => joined(and, " and ", model),
        Condition::Or { or } => joined(or, " or ", model),
        Condition::Not { not } => format!("not ({})", condition_words(not, model)),
        Condition::Segment { segment } => segment_words(segment, model),
        Condition::Row(row) => {
            let table = model.node(&row.row_of);
            let table = table.map_or_else(|| row.row_of.clone(), |table| table.display_label());
            format!("there is a row of {table} where {}", joined(&row.and, " and ", model))
        }
        Condition::Field(condition) => field_words(condition, model),
        Condition::Metric(condition) => metric_words(condition, model),
    }
}

fn joined(parts: &[Condition], between: &str, model: &Model) -> String {
    let words = parts.iter().map(|part| match part {
        Condition::And { .. } | Condition::Or { .. } => format!("({})", condition_words(part, model)),
        Condition::Not { .. }
        | Condition::Segment { .. }
        | Condition::Row(_)
        | Condition::Field(_)
        | Condition::Metric(_) => condition_words(part, model),
    });
    words.collect::<Vec<_>>().join(between)
}

fn segment_words(name: &str, model: &Model) -> String {
    let segment = name.split_once('.').and_then(|(table, segment)| {
        let mut segments = model.node(table)?.segments.iter();
        segments.find(|known| known.name.as_str() == segment)
    });
    match segment {
        Some(segment) => match &segment.label {
            Some(label) => label.clone(),
            None => condition_words(&segment.condition, model),
        },
        None => name.to_owned(),
    }
}

fn field_words(condition: &FieldCondition, model: &Model) -> String {
    let label = field_label(&condition.field, model);
    let operator = operator_words(condition.op);
    if let Some(other) = &condition.other {
        return format!("{label} {operator} {}", field_label(other, model));
    }
    if let Some(range) = &condition.range {
        return format!("{label} {operator} {}", range_words(range));
    }
    let values = values_words(condition.value.as_ref(), condition.values.as_deref(), condition.op);
    format!("{label} {operator}{values}")
}

fn metric_words(condition: &MetricCondition, model: &Model) -> String {
    let per: Vec<String> = condition.per.iter().map(|field| field_label(field, model)).collect();
    let per = if per.is_empty() {
        String::new()
    } else {
        format!(" per {}", per.join(", "))
    };
    let values = values_words(condition.value.as_ref(), condition.values.as_deref(), condition.op);
    format!(
        "{}{per} {}{values}",
        metric_label(&condition.metric, model),
        operator_words(condition.op)
    )
}

fn values_words(value: Option<&Value>, values: Option<&[Value]>, operator: Operator) -> String {
    let all: Vec<String> = value
        .into_iter()
        .chain(values.into_iter().flatten())
        .map(value_words)
        .collect();
    let between = match operator {
        Operator::Between => " and ",
        Operator::Eq
        | Operator::Ne
        | Operator::In
        | Operator::NotIn
        | Operator::Gt
        | Operator::Gte
        | Operator::Lt
        | Operator::Lte
        | Operator::Contains
        | Operator::StartsWith
        | Operator::EndsWith
        | Operator::Matches
        | Operator::IsNull
        | Operator::IsNotNull
        | Operator::InRange => " or ",
    };
    match all.is_empty() {
        true => String::new(),
        false => format!(" {}", all.join(between)),
    }
}

pub fn value_words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(of_reader) => match of_reader.get("user").and_then(Value::as_str) {
            Some(attribute) => format!("the reader's {attribute}"),
            None => value.to_string(),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn conditions_are_sentences() {
        let model: Model = serde_json::from_value(json!({
            "format": 1, "model": "m", "metrics": [],
            "tables": [{"name": "orders", "source": {"dataset": "orders"},
                "dimensions": [{"name": "region", "type": "string", "label": "Sales region", "expr": {"col": "region"}}],
                "segments": [{"name": "paid", "where": {"field": "orders.region", "op": "is_not_null"}}]}],
        }))
        .unwrap();
        let words = |condition: Value| condition_words(&serde_json::from_value(condition).unwrap(), &model);
        assert_eq!(
            words(
                json!({"and": [{"field": "orders.region", "op": "in", "values": ["EU", "US"]}, {"or": [{"field": "orders.amount", "op": "gt", "value": 3}, {"segment": "orders.paid"}]}]})
            ),
            "Sales region is EU or US and (orders.amount is more than 3 or Sales region is not empty)"
        );
        assert_eq!(
            words(json!({"field": "orders.region", "op": "eq", "value": {"user": "region"}})),
            "Sales region is the reader's region"
        );
    }
}
