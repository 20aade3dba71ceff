//! The types of metrics that can be made here.

use std::collections::BTreeMap;

use shared::{
    names::Identifier,
    semantic::{Aggregation, Formula, MetricDefinition, MetricKind, MetricRef, Model, RollUp, SimpleMetric, TimeUnit},
};

/// What stands beside a metric's name.
pub const fn kind_label(kind: &MetricKind) -> &'static str {
    match kind {
        MetricKind::Simple(_) => "Simple",
        MetricKind::Ratio { .. } => "Ratio",
        MetricKind::Derived { .. } => "Formula",
        MetricKind::Cumulative { .. } => "Running",
        MetricKind::Conversion(_) => "Conversion",
        MetricKind::Nested(_) => "Nested",
    }
}

/// A type as it is chosen for a new metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewKind {
    Simple,
    Ratio,
    Derived,
    Cumulative,
}

impl NewKind {
    pub const ALL: [Self; 4] = [Self::Simple, Self::Ratio, Self::Derived, Self::Cumulative];

    pub const fn label(self) -> &'static str {
        match self {
            Self::Simple => "Simple: one column, summed or counted",
            Self::Ratio => "Ratio: one metric divided by another",
            Self::Derived => "Formula over metrics",
            Self::Cumulative => "Running: a metric over the days before",
        }
    }

    /// A metric of this type to begin with; `None` where the model has nothing to make it of.
    pub fn begin(self, model: &Model) -> Option<MetricDefinition> {
        let any = |number: usize| {
            let metric = model.metrics.get(number).or_else(|| model.metrics.first());
            metric.map(|metric| MetricRef::Name(metric.name.clone()))
        };
        let kind = match self {
            Self::Simple => {
                let table = model.tables.first()?.name.clone();
                MetricKind::Simple(Box::new(SimpleMetric::new(table, Aggregation::Count, None)))
            }
            Self::Ratio => MetricKind::Ratio {
                numerator: any(0)?,
                denominator: any(1)?,
            },
            Self::Derived => MetricKind::Derived {
                inputs: BTreeMap::from([(Identifier::try_from("a").ok()?, any(0)?)]),
                expr: Formula::try_from("a".to_owned()).ok()?,
            },
            Self::Cumulative => {
                let mut metrics = model.metrics.iter();
                let simple = metrics.find(|metric| matches!(metric.kind, MetricKind::Simple(_)))?;
                MetricKind::Cumulative {
                    metric: MetricRef::Name(simple.name.clone()),
                    window: None,
                    to_date: Some(TimeUnit::Year),
                    roll_up: RollUp::Last,
                }
            }
        };
        Some(MetricDefinition {
            name: free_name("new_metric", model)?,
            kind,
            label: None,
            description: None,
            empty: None,
            format: None,
            good: None,
            synonyms: Vec::new(),
            hidden: false,
        })
    }
}

/// `base`, or with a number behind it where the model has such a metric.
pub fn free_name(base: &str, model: &Model) -> Option<Identifier> {
    let names = std::iter::once(base.to_owned()).chain((2..).map(|number| format!("{base}_{number}")));
    let free = names.take(3_000).find(|name| model.metric(name).is_none())?;
    Identifier::try_from(free).ok()
}
