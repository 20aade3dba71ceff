//! Answers without metrics.

use shared::{
    AppError,
    semantic::{DatePart, Grain},
};

use super::Builder;
use crate::{
    logical::{Expression, JoinKind, Named, Node},
    query::{
        interval::Interval,
        moments::TimeValue,
        naming::{OTHERS, SHOWN, key_name},
        periods::shown_as,
        resolved::Field,
        rows::rows,
        spine::spine,
    },
};

impl Builder<'_, '_> {
    /// Without metrics: the distinct combinations of the keys. `time` is the spine of the range, crossed with them.
    pub(super) fn combinations(&self) -> Result<Node, AppError> {
        let bounded = self.resolved.range.bounds().is_some();
        let of_spine = |key: &usize| bounded && self.spine_grain(*key).is_some();
        let (times, rest): (Vec<usize>, Vec<usize>) = self.keys.iter().copied().partition(of_spine);
        let mut node = None;
        if !rest.is_empty() || times.is_empty() {
            if self.resolved.facts.is_empty() {
                return Err(AppError::invalid(
                    "time",
                    "Time alone needs a range with two ends, or a metric.",
                ));
            }
            let mut spec = self.rows_of(0, &[], None);
            spec.keys = &rest;
            if !times.is_empty() {
                spec.range = Interval::ALL;
            }
            let mut names: Vec<String> = rest.iter().map(|key| key_name(*key)).collect();
            names.extend(self.options.others.map(|_| OTHERS.to_owned()));
            let columns = || names.iter().cloned().map(Named::same).collect::<Vec<_>>();
            let mut relations = vec![rows(self.resolved, &spec)?];
            if self.resolved.query.unmatched {
                relations.extend(self.unmatched(&rest, &spec.range)?);
            }
            let all = Node::union(relations);
            node = Some(if self.keeps_duplicates() {
                all
            } else {
                all.aggregate(columns(), Vec::new())
            });
        }
        let buckets = if times.is_empty() {
            None
        } else {
            Some(self.spine_of_times(&times)?)
        };
        match (buckets, node) {
            (Some(buckets), Some(node)) => Ok(buckets.join_on(JoinKind::Cross, node, &[]).project(self.same_keys())),
            (Some(only), None) | (None, Some(only)) => Ok(only),
            (None, None) => Err(AppError::internal()),
        }
    }

    /// Rows that are alike stay.
    fn keeps_duplicates(&self) -> bool {
        self.resolved.query.distinct == Some(false)
    }

    /// The grain that a spine must have to show this key of `time`.
    fn spine_grain(&self, key: usize) -> Option<Grain> {
        let key = self
            .resolved
            .keys
            .get(key)
            .filter(|key| matches!(key.field, Field::Time))?;
        let by_calendar = key.periods.map(|_| Grain::Day);
        by_calendar.or(key.grain).or_else(|| key.part.map(finest_of))
    }

    /// Distinct combinations of buckets and parts in the range.
    fn spine_of_times(&self, times: &[usize]) -> Result<Node, AppError> {
        let clock = &self.resolved.clock;
        let finest = times
            .iter()
            .filter_map(|key| self.spine_grain(*key))
            .min()
            .unwrap_or(Grain::Day);
        let weeks_split = times.len() > 1 && finest == Grain::Week;
        // A spine has days, or what is finer; only distinct buckets can be taken in one step.
        let finest = if weeks_split || self.keeps_duplicates() {
            finest.min(Grain::Day)
        } else {
            finest
        };
        let kind = self.bucket_kind(finest)?;
        let time = TimeValue {
            value: Expression::column(SHOWN),
            kind: kind.clone(),
        };
        let buckets = spine(SHOWN, self.resolved.range, finest, &kind, clock)?;
        let (buckets, columns) = shown_as(self.resolved, buckets, &time, times)?;
        let names: Vec<_> = columns.iter().map(|column| Named::same(column.name.clone())).collect();
        let buckets = buckets.project(columns);
        Ok(if self.keeps_duplicates() {
            buckets
        } else {
            buckets.aggregate(names, Vec::new())
        })
    }
}

/// The coarsest grain whose buckets still tell the part.
const fn finest_of(part: DatePart) -> Grain {
    match part {
        DatePart::Year => Grain::Year,
        DatePart::Quarter => Grain::Quarter,
        DatePart::Month => Grain::Month,
        DatePart::Week | DatePart::Day | DatePart::DayOfWeek | DatePart::DayOfYear => Grain::Day,
        DatePart::Hour => Grain::Hour,
        DatePart::Minute => Grain::Minute,
    }
}
