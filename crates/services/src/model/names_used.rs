//! The names of a model that dashboards, links and frames speak of.

use std::collections::BTreeSet;

use shared::{
    dashboard::Dashboard,
    semantic::{Condition, Model, NamesUsed, TIME_FIELD},
    visual::{Visual, WellItem},
};

/// Collects names, each as the model calls it: a field met in a role is the field of its table. What the model has no name
/// for is kept as it was written.
pub(super) struct NameCollector<'a> {
    model: &'a Model,
    metrics: BTreeSet<String>,
    fields: BTreeSet<String>,
}

impl<'a> NameCollector<'a> {
    pub const fn new(model: &'a Model) -> Self {
        Self {
            model,
            metrics: BTreeSet::new(),
            fields: BTreeSet::new(),
        }
    }

    pub fn names(self) -> NamesUsed {
        NamesUsed {
            metrics: self.metrics.into_iter().collect(),
            fields: self.fields.into_iter().collect(),
        }
    }

    pub fn dashboard(&mut self, document: &Dashboard) {
        for visual in document.tiles.iter().filter_map(|tile| tile.visual()) {
            self.visual(visual);
        }
        for filter in &document.filters {
            self.field(&filter.target.field);
            let conditions = filter.condition.iter().chain(&filter.default);
            conditions.for_each(|condition| self.condition(condition));
        }
    }

    /// Wells that its kind does not show are kept for another day; they use nothing.
    fn visual(&mut self, visual: &Visual) {
        for well in visual.kind.wells() {
            visual.wells.get(*well).iter().for_each(|item| self.item(item));
        }
        let conditions = visual.query.condition.iter().chain(&visual.query.having);
        conditions.for_each(|condition| self.condition(condition));
    }

    fn item(&mut self, item: &WellItem) {
        if let Some(metric) = &item.metric {
            self.metrics.insert(metric.clone());
        }
        if let Some(field) = &item.field {
            self.field(field);
        }
    }

    pub fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::And { and: parts } | Condition::Or { or: parts } => {
                parts.iter().for_each(|part| self.condition(part));
            }
            Condition::Not { not } => self.condition(not),
            Condition::Row(row) => row.and.iter().for_each(|part| self.condition(part)),
            Condition::Field(field) => {
                self.field(&field.field);
                field.other.iter().for_each(|other| self.field(other));
            }
            Condition::Metric(condition) => {
                // Under `having` it may be an output of the visual's own.
                if self.model.metric(&condition.metric).is_some() {
                    self.metrics.insert(condition.metric.clone());
                }
                condition.per.iter().for_each(|field| self.field(field));
            }
            // A segment is a condition of the model's own; what it is made of, the model knows.
            Condition::Segment { .. } => {}
        }
    }

    fn field(&mut self, name: &str) {
        // A bare table counts its rows.
        if name == TIME_FIELD || self.model.node(name).is_some() {
            return;
        }
        let field = match self.model.dimension(name) {
            Some((table, dimension)) => format!("{}.{}", table.name, dimension.name),
            None => name.to_owned(),
        };
        self.fields.insert(field);
    }
}
