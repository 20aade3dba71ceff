//! Do the fields of a model's own conditions exist?

use shared::semantic::{Condition, Model, TIME_FIELD};

/// One sentence for each name that means nothing.
pub(super) fn check_condition(model: &Model, condition: &Condition) -> Vec<String> {
    match condition {
        Condition::And { and: parts } | Condition::Or { or: parts } => {
            parts.iter().flat_map(|part| check_condition(model, part)).collect()
        }
        Condition::Not { not } => check_condition(model, not),
        Condition::Segment { segment } => {
            let known = segment.split_once('.').is_some_and(|(table, name)| {
                model
                    .table(table)
                    .is_some_and(|table| table.segments.iter().any(|candidate| candidate.name.as_str() == name))
            });
            if known {
                Vec::new()
            } else {
                vec![format!("There is no segment called {segment}.")]
            }
        }
        Condition::Field(field) => {
            let known = field.field == TIME_FIELD || model.dimension(&field.field).is_some();
            if known {
                Vec::new()
            } else {
                vec![format!("There is no dimension called {}.", field.field)]
            }
        }
        Condition::Metric(metric) => {
            vec![format!(
                "A condition of a model cannot use the metric {}.",
                metric.metric
            )]
        }
    }
}
