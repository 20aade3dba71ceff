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
            let known = |name: &String| name == TIME_FIELD || model.dimension(name).is_some();
            let names = [Some(&field.field), field.other.as_ref()];
            let lost = names.into_iter().flatten().filter(|name| !known(name));
            lost.map(|name| format!("There is no dimension called {name}."))
                .collect()
        }
        Condition::Row(row) => {
            let lost = model.node(&row.row_of).is_none();
            let named = lost.then(|| format!("There is no table called {}.", row.row_of));
            named
                .into_iter()
                .chain(row.and.iter().flat_map(|part| check_condition(model, part)))
                .collect()
        }
        Condition::Metric(metric) => {
            let lost = model.metric(&metric.metric).is_none();
            let named = lost.then(|| format!("There is no metric called {}.", metric.metric));
            let fields = metric.per.iter().filter(|name| model.dimension(name).is_none());
            named
                .into_iter()
                .chain(fields.map(|name| format!("There is no dimension called {name}.")))
                .collect()
        }
    }
}
