//! A condition in words.

use serde_json::Value;
use shared::{
    dashboard::{read_range, write_range},
    semantic::{Condition, FieldCondition, Operator, TimeRange, TimeUnit},
};

/// Ranges that people ask for, as they are written in addresses.
pub const COMMON_RANGES: [(&str, &str); 12] = [
    ("last_7d", "Last 7 days"),
    ("last_30d", "Last 30 days"),
    ("last_90d", "Last 90 days"),
    ("last_12m", "Last 12 months"),
    ("this_week", "This week"),
    ("this_month", "This month"),
    ("this_quarter", "This quarter"),
    ("this_year", "This year"),
    ("last_1m_complete", "Previous month"),
    ("last_1q_complete", "Previous quarter"),
    ("last_1y_complete", "Previous year"),
    ("to_date_year", "Year to date"),
];

fn unit(unit: TimeUnit, count: u32) -> String {
    format!("{}{}", unit.as_str(), if count == 1 { "" } else { "s" })
}

pub fn range_text(range: &TimeRange) -> String {
    let written = write_range(range);
    if let Some((_, text)) = COMMON_RANGES.iter().find(|(key, _)| *key == written) {
        return (*text).to_owned();
    }
    match range {
        TimeRange::Last(range) => format!("Last {} {}{}", range.last, unit(range.unit, range.last), if range.complete { ", complete" } else { "" }),
        TimeRange::This(range) => format!("This {}", range.unit.as_str()),
        TimeRange::Next(range) => format!("Next {} {}", range.next, unit(range.unit, range.next)),
        TimeRange::ToDate(range) => format!("{} to date", range.to_date.as_str()),
        TimeRange::Between(range) => match (&range.from, range.to.as_deref().map(last_day)) {
            (Some(from), Some(to)) => format!("{from} to {to}"),
            (Some(from), None) => format!("From {from}"),
            (None, Some(to)) => format!("Until {to}"),
            (None, None) => "Any time".to_owned(),
        },
        TimeRange::All(_) => "Any time".to_owned(),
    }
}

/// The last day inside a range that ends before `to`.
pub fn last_day(to: &str) -> String {
    let day = to.get(..10).and_then(|day| day.parse::<chrono::NaiveDate>().ok()).filter(|_| to.len() == 10);
    day.and_then(|day| day.pred_opt()).map_or_else(|| to.to_owned(), |day| day.to_string())
}

fn value_text(value: &Value) -> String {
    match value {
        Value::Null => "(none)".to_owned(),
        Value::String(text) if text.is_empty() => "(empty)".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// The members of a list condition, NULL included.
pub fn members(condition: Option<&Condition>) -> Vec<Value> {
    match condition {
        Some(Condition::Field(field)) if matches!(field.op, Operator::Eq | Operator::In) => {
            field.values.clone().unwrap_or_else(|| field.value.clone().into_iter().collect())
        }
        Some(Condition::Field(field)) if field.op == Operator::IsNull => vec![Value::Null],
        Some(Condition::Or { or }) => or.iter().flat_map(|one| members(Some(one))).collect(),
        Some(Condition::Field(_) | Condition::And { .. } | Condition::Not { .. } | Condition::Segment { .. } | Condition::Metric(_)) | None => Vec::new(),
    }
}

/// `EU, US and 3 more`, `Last 30 days`, `at least 5`; without a condition `All`.
pub fn condition_text(condition: Option<&Condition>) -> String {
    let Some(condition) = condition else { return "All".to_owned() };
    let list = members(Some(condition));
    if !list.is_empty() {
        let names: Vec<String> = list.iter().map(value_text).collect();
        return match names.as_slice() {
            [one, two, rest @ ..] if !rest.is_empty() => format!("{one}, {two} and {} more", rest.len()),
            all => all.join(", "),
        };
    }
    match condition {
        Condition::Field(field) => field_text(field),
        Condition::And { .. } | Condition::Or { .. } | Condition::Not { .. } | Condition::Segment { .. } | Condition::Metric(_) => "Custom".to_owned(),
    }
}

fn field_text(field: &FieldCondition) -> String {
    let operands: Vec<String> = field.values.iter().flatten().chain(field.value.iter()).map(value_text).collect();
    let list = operands.join(", ");
    match field.op {
        Operator::InRange => field.range.as_ref().map_or_else(|| "Any time".to_owned(), range_text),
        Operator::Eq | Operator::In => list,
        Operator::Ne | Operator::NotIn => format!("not {list}"),
        Operator::Gt => format!("more than {list}"),
        Operator::Gte => format!("at least {list}"),
        Operator::Lt => format!("less than {list}"),
        Operator::Lte => format!("at most {list}"),
        Operator::Between => operands.join(" to "),
        Operator::Contains => format!("contains {list}"),
        Operator::StartsWith => format!("starts with {list}"),
        Operator::EndsWith => format!("ends with {list}"),
        Operator::Matches => format!("matches {list}"),
        Operator::IsNull => "(none)".to_owned(),
        Operator::IsNotNull => "has a value".to_owned(),
    }
}

/// The range of a time condition.
pub fn time_range(condition: Option<&Condition>) -> Option<TimeRange> {
    match condition {
        Some(Condition::Field(field)) if field.op == Operator::InRange => field.range.clone(),
        _ => None,
    }
}

/// Is it one of the ranges in the list?
pub fn common_range(range: &TimeRange) -> Option<&'static str> {
    let written = write_range(range);
    COMMON_RANGES.iter().find(|(key, _)| *key == written && read_range(key).is_some()).map(|(key, _)| *key)
}
