//! Nested metrics: the values of one metric per group, aggregated again.

use shared::{
    AppError, ErrorCode,
    semantic::{Aggregation, Empty, MetricDefinition, NestedMetric},
};

use super::{Asked, MetricResolver};
use crate::query::{
    names::find_field,
    resolved::{Leaf, MetricValue, Nested},
};

impl<'a> MetricResolver<'a> {
    /// # Errors
    /// `invalid` without groups, for texts, and for aggregations that need an order of the groups.
    pub(super) fn nested(
        &mut self,
        metric: &MetricDefinition,
        nested: &'a NestedMetric,
        asked: &Asked,
        empty: Option<Empty>,
        depth: usize,
    ) -> Result<MetricValue, AppError> {
        let wrong = |message: String| AppError::invalid(metric.name.to_string(), message);
        if nested.per.is_empty() {
            return Err(wrong(format!("{} needs per: the fields to group by.", metric.name)));
        }
        match nested.agg {
            Aggregation::First | Aggregation::Last => {
                return Err(wrong(format!("{}: groups have no first and last.", metric.name)));
            }
            Aggregation::Percentile if !nested.p.is_some_and(|p| (0.0..=1.0).contains(&p)) => {
                return Err(wrong(format!("{}: a percentile needs p from 0 to 1.", metric.name)));
            }
            Aggregation::Sum
            | Aggregation::Count
            | Aggregation::CountDistinct
            | Aggregation::Avg
            | Aggregation::Min
            | Aggregation::Max
            | Aggregation::Median
            | Aggregation::Percentile
            | Aggregation::Stddev => {}
        }
        if nested.metric.offset().is_some() {
            return Err(wrong(format!("The input of {} cannot have an offset.", metric.name)));
        }
        let inner = self.definition(nested.metric.metric().as_str())?;
        let inside = Asked {
            filters: nested
                .metric
                .filter()
                .into_iter()
                .chain(&asked.filters)
                .cloned()
                .collect(),
            ..Asked::default()
        };
        let value = self.value(inner, &inside, None, depth + 1)?;
        if !self.kind(&value)?.0.is_numeric() {
            let message = format!("{} is made of {}, which is no number.", metric.name, inner.name);
            return Err(wrong(message));
        }
        let mut leaves = Vec::new();
        value.leaves(&mut leaves);
        let looks_back = leaves.iter().any(|(offset, leaf)| {
            let window = self.leaves.get(*leaf).is_some_and(|leaf| leaf.window.is_some());
            offset.is_some() || window
        });
        if looks_back && self.groups_by_time(nested)? {
            let message = format!(
                "{} groups {} by time, which looks at earlier times itself.",
                metric.name, inner.name
            );
            return Err(AppError::new(ErrorCode::Unsupported, message)
                .with_field(metric.name.to_string())
                .with_hint("Group by other fields, or nest a metric without a window and without an offset."));
        }
        let fact = leaves
            .first()
            .and_then(|(_, leaf)| self.leaves.get(*leaf))
            .map(|leaf| leaf.fact);
        let leaf = Leaf {
            fact: fact.ok_or_else(|| wrong(format!("{} reads no table.", inner.name)))?,
            agg: nested.agg,
            value: None,
            p: nested.p,
            interpolation: nested.interpolation.unwrap_or_default(),
            filters: Vec::new(),
            semi_additive: None,
            window: None,
            conversion: None,
            nested: Some(Box::new(Nested {
                name: inner.name.to_string(),
                value,
                per: nested.per.clone(),
            })),
        };
        Ok(self.placed(leaf, empty, asked.offset.clone()))
    }

    fn groups_by_time(&self, nested: &NestedMetric) -> Result<bool, AppError> {
        for per in &nested.per {
            if find_field(self.model, self.policy, per.field())?.is_time() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
