//! Values at fewer dimensions than are asked for, beside those at all of them: what shares are taken of. They are aggregated
//! again from base rows.

use shared::{AppError, ErrorCode, semantic::TIME_FIELD};

use super::{Builder, Options, measured};
use crate::{
    logical::{Expression, JoinKind, Named, Node},
    query::{
        naming::{OTHERS, key_name, metric_name, within_name},
        resolved::{Metric, MetricValue, Resolved},
    },
};

impl Builder<'_, '_> {
    /// Adds a column for each value at fewer dimensions.
    ///
    /// # Errors
    /// `unsupported` in comparisons and in totals after having beside the rest of a top; else as for a query of the value by those dimensions.
    pub(super) fn beside_withins(&self, mut node: Node) -> Result<Node, AppError> {
        let compares = self.options.compare && !self.resolved.comparisons().is_empty();
        if !self.withins.is_empty() && compares {
            let message = "A metric that looks at other groups cannot be compared with an earlier period.";
            return Err(AppError::new(ErrorCode::Unsupported, message).with_field("compare"));
        }
        for (place, within) in self.withins.iter().enumerate() {
            let MetricValue::Within { value, fields } = within else {
                continue;
            };
            let keys: Vec<usize> = self
                .keys
                .iter()
                .copied()
                .filter(|key| self.is_of(*key, fields))
                .collect();
            // Members are only put together where they are shown.
            let others = self.options.others.filter(|top| keys.contains(&top.field));
            if self.options.keep.is_some() && self.options.others.is_some() && others.is_none() {
                let message = "A metric that looks at other groups has no total after having beside the rest of a top.";
                return Err(AppError::new(ErrorCode::Unsupported, message).with_field("totals_after_having"));
            }
            let inner = Resolved {
                metrics: vec![Metric::unnamed(value.as_ref().clone())],
                ..self.resolved.clone()
            };
            let options = Options {
                others,
                keep: self.options.keep,
                shifting: self.options.shifting,
                ..Options::default()
            };
            let on: Vec<String> = keys
                .iter()
                .map(|key| key_name(*key))
                .chain(others.map(|_| OTHERS.to_owned()))
                .collect();
            let mut columns: Vec<Named<Expression>> = on.iter().cloned().map(Named::same).collect();
            columns.push(Named::new(within_name(place), Expression::column(metric_name(0))));
            let beside = measured(&inner, &keys, &[0], &options)?.project(columns);
            let kind = if on.is_empty() { JoinKind::Cross } else { JoinKind::Left };
            node = node.join_on(kind, beside, &on);
        }
        Ok(node)
    }

    /// Does the key show one of the fields?
    fn is_of(&self, key: usize, fields: &[String]) -> bool {
        let key = self.resolved.keys.get(key).filter(|key| !key.inner);
        key.is_some_and(|key| {
            let by_axis = fields.iter().any(|field| field == TIME_FIELD) && self.resolved.is_axis_key(key);
            by_axis || fields.contains(&key.field.name())
        })
    }
}
