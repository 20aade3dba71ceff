//! Conversion metrics: two simple metrics of events of the same entity.

use std::collections::BTreeMap;

use shared::{
    AppError,
    names::Identifier,
    semantic::{
        Aggregation, ConversionMetric, ConversionResult, Empty, FormulaOperator, FormulaTerm, MetricDefinition,
        MetricKind, MetricRef, SimpleMetric,
    },
};

use super::{Asked, MetricResolver, time_dimension};
use crate::query::resolved::{Conversion, Leaf, MetricValue};

impl<'a> MetricResolver<'a> {
    /// # Errors
    /// `invalid` when base or conversion is no simple metric with a time, or nothing says whose events belong together.
    pub(super) fn conversion(
        &mut self,
        metric: &MetricDefinition,
        conversion: &'a ConversionMetric,
        asked: &Asked,
        empty: Option<Empty>,
    ) -> Result<MetricValue, AppError> {
        let wrong = |message: String| AppError::invalid(metric.name.to_string(), message);
        if conversion.entity.is_empty() {
            return Err(wrong(format!(
                "{} needs an entity: whose events they are.",
                metric.name
            )));
        }
        if conversion
            .window
            .is_some_and(|window| !(1..=10_000).contains(&window.count))
        {
            return Err(wrong("A window is 1 to 10,000 units long.".to_owned()));
        }
        let (base, _) = self.events(metric, &conversion.base)?;
        let (events, events_empty) = self.events(metric, &conversion.conversion)?;
        if !matches!(
            events.agg,
            Aggregation::Count | Aggregation::CountDistinct | Aggregation::Sum
        ) {
            let message = format!("The conversions of {} are counted or summed.", metric.name);
            return Err(wrong(message));
        }
        let table = self.table(&events.table)?;
        let time = events.time.as_ref().or(table.default_time.as_ref());
        let time = time.ok_or_else(|| wrong(format!("{} has no time column.", table.name)))?;
        time_dimension(table, time)?;
        let base_asked = Asked {
            filters: conversion
                .base
                .filter()
                .into_iter()
                .chain(&asked.filters)
                .cloned()
                .collect(),
            offset: asked.offset.clone(),
            ..Asked::default()
        };
        let base_definition = self.definition(conversion.base.metric().as_str())?;
        let base_value = self.value(base_definition, &base_asked, None, 0)?;
        let MetricValue::Leaf { leaf: base_leaf, .. } = base_value else {
            return Err(AppError::internal());
        };
        let fact = self.leaves.get(base_leaf).ok_or_else(AppError::internal)?.fact;
        if self.facts.get(fact).is_none_or(|fact| fact.time.is_none()) {
            return Err(wrong(format!("{} has no time column.", base.table)));
        }
        let leaf = Leaf {
            fact,
            agg: events.agg,
            value: events.expr.clone(),
            p: None,
            interpolation: events.interpolation.unwrap_or_default(),
            filters: base.filter.iter().chain(&base_asked.filters).cloned().collect(),
            semi_additive: None,
            window: None,
            conversion: Some(Conversion {
                table: events.table.clone(),
                time: time.clone(),
                filters: events
                    .filter
                    .iter()
                    .chain(conversion.conversion.filter())
                    .cloned()
                    .collect(),
                same: conversion.entity.iter().chain(&conversion.matching).cloned().collect(),
                window: conversion.window,
            }),
            nested: None,
        };
        match conversion.result {
            ConversionResult::Conversions => Ok(self.placed(leaf, empty.or(events_empty), asked.offset.clone())),
            ConversionResult::Rate => {
                let conversions = self.placed(leaf, events_empty, asked.offset.clone());
                rate(conversions, base_value, empty)
            }
        }
    }

    /// The simple metric that counts events, and what it shows where there are none.
    fn events(
        &self,
        metric: &MetricDefinition,
        input: &MetricRef,
    ) -> Result<(&'a SimpleMetric, Option<Empty>), AppError> {
        let definition = self.definition(input.metric().as_str())?;
        let wrong = |what: &str| {
            let message = format!("{} is made of {}, which {what}.", metric.name, input.metric());
            Err(AppError::invalid(metric.name.to_string(), message))
        };
        match &definition.kind {
            MetricKind::Simple(_) if input.offset().is_some() => wrong("cannot have an offset here"),
            MetricKind::Simple(simple) if simple.semi_additive.is_some() => wrong("is a balance and counts no events"),
            MetricKind::Simple(simple) => Ok((simple, definition.empty)),
            MetricKind::Ratio { .. }
            | MetricKind::Cumulative { .. }
            | MetricKind::Conversion(_)
            | MetricKind::Nested(_)
            | MetricKind::Derived { .. } => wrong("is no simple metric"),
        }
    }
}

fn rate(conversions: MetricValue, base: MetricValue, empty: Option<Empty>) -> Result<MetricValue, AppError> {
    let names = ["conversions", "base"].map(Identifier::try_from);
    let [Ok(over), Ok(under)] = names else {
        return Err(AppError::internal());
    };
    let term = FormulaTerm::Binary {
        operator: FormulaOperator::Divide,
        left: Box::new(FormulaTerm::Input(over.clone())),
        right: Box::new(FormulaTerm::Input(under.clone())),
    };
    Ok(MetricValue::Formula {
        term,
        inputs: BTreeMap::from([(over, conversions), (under, base)]),
        empty: empty.unwrap_or(Empty::Null),
    })
}
