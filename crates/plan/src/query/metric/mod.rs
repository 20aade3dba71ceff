//! Metrics down to single aggregations.

mod conversion;
mod modifiers;
mod nested;

use std::collections::BTreeMap;

use shared::{
    AppError, ErrorCode,
    names::Identifier,
    semantic::{
        Aggregation, ColumnAggregation, Condition, Dimension, DimensionType, Direction, Empty, Expression,
        FormulaOperator, FormulaTerm, MetricDefinition, MetricKind, MetricRef, MetricSelection, Model, ModelTable,
        Offset, Pick, RollUp, SemiAdditive, SimpleMetric, Span, TimeUnit,
    },
    table::ColumnType,
};

use self::modifiers::{Modified, Modifier, without_modifiers};
use super::{
    Policy,
    aggregation::{LeafSpec, ad_hoc_format, ad_hoc_label, shows_single_values},
    clock::Clock,
    masks,
    moments::{TimeKind, column_type},
    names::{check_mask, find_field},
    resolved::{Fact, Leaf, Metric, MetricValue, Reach, Window},
};
use crate::catalog::{nearest, unknown_field};

/// Formulas of formulas deeper than this are taken for a cycle.
const DEEPEST: usize = 16;

/// Definitions that the metrics of one query may be worked out from, each counted as often as it is an input.
const MOST_PARTS: usize = 10_000;

/// What `running()` adds up: all until the end of each bucket.
const SINCE_EVER: Window = Window {
    reach: Reach::Ever,
    roll_up: RollUp::Last,
};

/// Collects the facts and leaves that the metrics of a query need.
pub struct MetricResolver<'a> {
    pub model: &'a Model,
    pub policy: &'a Policy,
    pub clock: Clock,
    pub facts: Vec<Fact<'a>>,
    pub leaves: Vec<Leaf>,
    /// Earlier periods that inputs are taken from.
    pub offsets: Vec<Offset>,
    /// Definitions looked into so far.
    parts: usize,
}

impl<'a> MetricResolver<'a> {
    pub const fn new(model: &'a Model, policy: &'a Policy, clock: Clock) -> Self {
        Self {
            model,
            policy,
            clock,
            facts: Vec::new(),
            leaves: Vec::new(),
            offsets: Vec::new(),
            parts: 0,
        }
    }

    /// # Errors
    /// `unknown_field` with candidates, `invalid` for an aggregation that the column's type cannot have.
    pub fn selection(&mut self, selection: &MetricSelection) -> Result<Metric, AppError> {
        let output = selection.output_name();
        match selection {
            MetricSelection::Name(name) => self.named(name, output, &Selected::default()),
            MetricSelection::Metric(metric) => self.named(
                &metric.metric,
                output,
                &Selected {
                    filters: metric.condition.iter().cloned().collect(),
                    empty: metric.empty,
                    pick: metric.pick,
                },
            ),
            MetricSelection::Column(column) => self.ad_hoc(column, output),
        }
    }

    /// # Errors
    /// As `selection`.
    pub fn named(&mut self, name: &str, output: String, selected: &Selected) -> Result<Metric, AppError> {
        let definition = self.definition(name)?;
        self.check_pick(definition, selected.pick)?;
        let asked = Asked {
            filters: selected.filters.clone(),
            pick: selected.pick,
            ..Asked::default()
        };
        let value = self.value(definition, &asked, selected.empty, 0)?;
        let (kind, zone) = self.kind(&value)?;
        Ok(Metric {
            output,
            source: definition.name.to_string(),
            label: definition.display_label(),
            format: definition.format.clone(),
            good: definition.good.as_deref().and_then(Direction::parse),
            kind,
            zone,
            additive: self.is_additive(&value),
            value,
            hidden: false,
        })
    }

    fn check_pick(&self, metric: &MetricDefinition, pick: Option<Pick>) -> Result<(), AppError> {
        let is_balance = matches!(&metric.kind, MetricKind::Simple(simple) if simple.semi_additive.is_some());
        if pick.is_none() || is_balance {
            return Ok(());
        }
        let message = format!("{} is no balance, so it has no moment to pick.", metric.name);
        Err(AppError::invalid(metric.name.to_string(), message).with_hint("Leave out pick."))
    }

    fn definition(&self, name: &str) -> Result<&'a MetricDefinition, AppError> {
        self.model.metric(name).ok_or_else(|| {
            if self.model.dimension(name).is_some() {
                return AppError::invalid(
                    name,
                    format!("{name} is a field; it needs an aggregation to be a metric."),
                )
                .with_hint("Write {\"field\":…,\"agg\":\"sum\"}.");
            }
            let metrics = self.model.metrics.iter().map(|metric| metric.name.to_string());
            AppError::new(
                ErrorCode::UnknownField,
                format!("The model {} has no metric called {name}.", self.model.model),
            )
            .with_field(name)
            .with_candidates(nearest(name, metrics))
        })
    }

    fn value(
        &mut self,
        metric: &'a MetricDefinition,
        asked: &Asked,
        empty: Option<Empty>,
        depth: usize,
    ) -> Result<MetricValue, AppError> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            let message = format!("The metrics of a query may be made of at most {MOST_PARTS} parts.");
            return Err(AppError::new(ErrorCode::Limit, message).with_field(metric.name.to_string()));
        }
        let empty = empty.or(metric.empty);
        match &metric.kind {
            MetricKind::Simple(simple) => {
                let SimpleMetric {
                    table,
                    agg,
                    expr,
                    filter,
                    time,
                    p,
                    interpolation,
                    semi_additive,
                } = simple.as_ref();
                let table = self.table(table)?;
                let time = time.as_ref().or(table.default_time.as_ref());
                let dimension = expr.as_ref().and_then(|expr| dimension_of(table, expr));
                if let Some(expr) = expr
                    && shows_single_values(*agg)
                    && masks::shows(self.model, &self.policy.masked, table, expr)
                {
                    let message = format!("{} shows what is hidden from you.", metric.name);
                    return Err(AppError::forbidden(message).with_field(metric.name.to_string()));
                }
                let spec = LeafSpec {
                    agg: *agg,
                    value: expr.clone(),
                    dimension,
                    p: *p,
                    interpolation: *interpolation,
                    semi_additive: semi_additive.as_ref().map(|semi_additive| SemiAdditive {
                        pick: asked.pick.unwrap_or(semi_additive.pick),
                        ..semi_additive.clone()
                    }),
                };
                let asked = Asked {
                    filters: filter.iter().chain(&asked.filters).cloned().collect(),
                    ..asked.clone()
                };
                if asked.window.is_some() && semi_additive.is_some() {
                    let message = format!("{} is a balance; it cannot be accumulated.", metric.name);
                    return Err(AppError::invalid(metric.name.to_string(), message));
                }
                self.leaf(metric.name.as_str(), table, time, spec, asked, empty)
            }
            _ if asked.window.is_some() => {
                let message = format!(
                    "{} is made of other metrics; only a simple metric can be accumulated.",
                    metric.name
                );
                Err(AppError::invalid(metric.name.to_string(), message))
            }
            MetricKind::Ratio { .. }
            | MetricKind::Derived { .. }
            | MetricKind::Cumulative { .. }
            | MetricKind::Conversion(_)
            | MetricKind::Nested(_)
                if depth >= DEEPEST =>
            {
                Err(AppError::invalid(
                    metric.name.to_string(),
                    format!("The metric {} is made of itself.", metric.name),
                ))
            }
            MetricKind::Ratio { numerator, denominator } => {
                let (over, under) = (Identifier::try_from("numerator"), Identifier::try_from("denominator"));
                let (Ok(over), Ok(under)) = (over, under) else {
                    return Err(AppError::internal());
                };
                let term = FormulaTerm::Binary {
                    operator: FormulaOperator::Divide,
                    left: Box::new(FormulaTerm::Input(over.clone())),
                    right: Box::new(FormulaTerm::Input(under.clone())),
                };
                self.formula(
                    metric,
                    &term,
                    [(&over, numerator), (&under, denominator)],
                    asked,
                    empty,
                    depth,
                )
            }
            MetricKind::Derived { inputs, expr } => self.formula(metric, expr.term(), inputs, asked, empty, depth),
            MetricKind::Cumulative {
                metric: input,
                window,
                to_date,
                roll_up,
            } => {
                let reach = match (window, to_date) {
                    (None, None) => Reach::Ever,
                    (None, Some(unit)) => Reach::ToDate(*unit),
                    (Some(span), None) if (1..=10_000).contains(&span.count) => Reach::Last(*span),
                    (Some(_), None) => {
                        let message = "A window is 1 to 10,000 units long.";
                        return Err(AppError::invalid(metric.name.to_string(), message));
                    }
                    (Some(_), Some(_)) => {
                        let message = format!("{} has both window and to_date; choose one.", metric.name);
                        return Err(AppError::invalid(metric.name.to_string(), message));
                    }
                };
                let window = Window {
                    reach,
                    roll_up: *roll_up,
                };
                let definition = self.definition(input.metric().as_str())?;
                if input.offset().is_some() {
                    let message = format!("The input of {} cannot have an offset.", metric.name);
                    return Err(AppError::invalid(metric.name.to_string(), message));
                }
                let asked = Asked {
                    filters: input.filter().into_iter().chain(&asked.filters).cloned().collect(),
                    window: Some(window),
                    ..asked.clone()
                };
                self.value(definition, &asked, empty, depth + 1)
            }
            MetricKind::Conversion(conversion) => self.conversion(metric, conversion, asked, empty),
            MetricKind::Nested(nested) => self.nested(metric, nested, asked, empty, depth),
        }
    }

    fn formula<'i>(
        &mut self,
        metric: &MetricDefinition,
        term: &FormulaTerm,
        inputs: impl IntoIterator<Item = (&'i Identifier, &'i MetricRef)>,
        asked: &Asked,
        empty: Option<Empty>,
        depth: usize,
    ) -> Result<MetricValue, AppError> {
        let mut values = BTreeMap::new();
        let inputs: BTreeMap<&Identifier, &MetricRef> = inputs.into_iter().collect();
        let mut modified = Modified::beside(inputs.keys().copied());
        let term = without_modifiers(term, &mut modified)?;
        let plain = inputs.iter().map(|(name, input)| ((*name).clone(), *input, None));
        let looked_at = modified
            .looked_at
            .iter()
            .filter_map(|(name, (input, modifier))| Some((name.clone(), *inputs.get(input)?, Some(modifier))));
        for (name, input, modifier) in plain.chain(looked_at) {
            let (inner, window) = match modifier {
                Some(Modifier::Offset(offset)) => (Some(offset), None),
                Some(Modifier::Running) => (None, Some(SINCE_EVER)),
                Some(Modifier::Within(_)) | None => (None, None),
            };
            let asked = Asked {
                offset: match (&asked.offset, inner) {
                    (Some(outer), Some(inner)) => Some(added(outer, inner, &metric.name)?),
                    (outer, inner) => outer.as_ref().or(inner).cloned(),
                },
                window,
                ..asked.clone()
            };
            let value = self.input(input, &asked, depth)?;
            let value = match modifier {
                Some(Modifier::Within(fields)) => self.within(value, fields)?,
                Some(Modifier::Offset(_) | Modifier::Running) | None => value,
            };
            let (kind, _) = self.kind(&value)?;
            if !kind.is_numeric() {
                let message = format!("{} is made of {}, which is no number.", metric.name, input.metric());
                return Err(AppError::invalid(metric.name.to_string(), message));
            }
            values.insert(name, value);
        }
        Ok(MetricValue::Formula {
            term,
            inputs: values,
            empty: empty.unwrap_or(Empty::Null),
        })
    }

    /// A value at some of the query's dimensions alone.
    fn within(&self, value: MetricValue, fields: &[String]) -> Result<MetricValue, AppError> {
        let fields = fields
            .iter()
            .map(|name| Ok(find_field(self.model, &Policy::default(), name)?.name()));
        Ok(MetricValue::Within {
            value: Box::new(value),
            fields: fields.collect::<Result<_, AppError>>()?,
        })
    }

    fn input(&mut self, input: &MetricRef, asked: &Asked, depth: usize) -> Result<MetricValue, AppError> {
        let definition = self.definition(input.metric().as_str())?;
        let offset = match (&asked.offset, input.offset()) {
            (Some(outer), Some(inner)) => Some(added(outer, inner, &definition.name)?),
            (outer, inner) => outer.as_ref().or(inner).cloned(),
        };
        let asked = Asked {
            filters: input.filter().into_iter().chain(&asked.filters).cloned().collect(),
            offset,
            window: asked.window.clone(),
            ..Asked::default()
        };
        self.value(definition, &asked, None, depth + 1)
    }

    /// The index of the period so much earlier.
    fn offset(&mut self, offset: Offset) -> usize {
        let known = self.offsets.iter().position(|known| *known == offset);
        known.unwrap_or_else(|| {
            self.offsets.push(offset);
            self.offsets.len() - 1
        })
    }

    fn ad_hoc(&mut self, column: &ColumnAggregation, output: String) -> Result<Metric, AppError> {
        let filters = column.condition.iter().cloned().collect();
        let (table, dimension) = match (self.model.table(&column.field), self.model.dimension(&column.field)) {
            (_, Some((table, dimension))) => (table, Some(dimension)),
            (Some(table), None) if column.agg == Aggregation::Count => (table, None),
            (Some(table), None) => {
                let message = format!(
                    "Only the rows of {} can be counted; name a field to aggregate.",
                    table.name
                );
                return Err(AppError::invalid(column.field.clone(), message));
            }
            (None, None) => return Err(unknown_field(self.model, &column.field)),
        };
        if let Some(dimension) = dimension {
            check_mask(self.policy, table, dimension)?;
        }
        let spec = LeafSpec {
            agg: column.agg,
            value: dimension.map(|dimension| dimension.expr.clone()),
            dimension,
            p: column.p,
            interpolation: column.interpolation,
            semi_additive: None,
        };
        let value = self.leaf(
            &column.field,
            table,
            table.default_time.as_ref(),
            spec,
            Asked {
                filters,
                ..Asked::default()
            },
            column.empty,
        )?;
        let (kind, zone) = self.kind(&value)?;
        let of = dimension.map_or_else(|| table.display_label(), Dimension::display_label);
        Ok(Metric {
            output,
            source: column.field.clone(),
            label: ad_hoc_label(column, &of, dimension.is_some()),
            format: ad_hoc_format(column.agg, dimension),
            good: None,
            kind,
            zone,
            additive: self.is_additive(&value),
            value,
            hidden: false,
        })
    }

    fn table(&self, name: &Identifier) -> Result<&'a ModelTable, AppError> {
        let missing = || AppError::invalid(name.to_string(), format!("The model has no table called {name}."));
        self.model.table(name.as_str()).ok_or_else(missing)
    }

    fn leaf(
        &mut self,
        name: &str,
        table: &'a ModelTable,
        time: Option<&Identifier>,
        spec: LeafSpec<'_>,
        asked: Asked,
        empty: Option<Empty>,
    ) -> Result<MetricValue, AppError> {
        spec.check(name)?;
        let time = time.map(|time| time_dimension(table, time)).transpose()?;
        if matches!(spec.agg, Aggregation::First | Aggregation::Last) && time.is_none() {
            let message = format!("{name}: first and last need a time column to order by.");
            return Err(AppError::invalid(name, message).with_hint("Set default_time on the table."));
        }
        if asked.window.is_some() && time.is_none() {
            let message = format!("{name} accumulates over time, and {} has no time column.", table.name);
            return Err(AppError::invalid(name, message).with_hint("Set default_time on the table."));
        }
        if let Some(semi_additive) = &spec.semi_additive {
            time_dimension(table, &semi_additive.time)?;
        }
        let fact = self.fact(Fact::of(table, time));
        let leaf = Leaf {
            fact,
            agg: spec.agg,
            value: spec.value,
            p: spec.p,
            interpolation: spec.interpolation.unwrap_or_default(),
            filters: asked.filters,
            semi_additive: spec.semi_additive,
            window: asked.window.clone(),
            conversion: None,
            nested: None,
        };
        Ok(self.placed(leaf, empty, asked.offset))
    }

    /// A leaf among the others, each once.
    fn placed(&mut self, leaf: Leaf, empty: Option<Empty>, offset: Option<Offset>) -> MetricValue {
        let natural = if leaf.is_count() { Empty::Zero } else { Empty::Null };
        let leaf = self.leaves.iter().position(|known| *known == leaf).unwrap_or_else(|| {
            self.leaves.push(leaf);
            self.leaves.len() - 1
        });
        MetricValue::Leaf {
            leaf,
            empty: empty.unwrap_or(natural),
            offset: offset.map(|offset| self.offset(offset)),
        }
    }

    pub fn fact(&mut self, fact: Fact<'a>) -> usize {
        self.facts
            .iter()
            .position(|known| known.same(&fact))
            .unwrap_or_else(|| {
                self.facts.push(fact);
                self.facts.len() - 1
            })
    }

    /// The answer column's type. Numbers are `number`; the back end knows whether they are whole or decimal.
    fn kind(&self, value: &MetricValue) -> Result<(ColumnType, Option<String>), AppError> {
        let MetricValue::Leaf { leaf, .. } = value else {
            return Ok((ColumnType::Number, None));
        };
        let Some(leaf) = self.leaves.get(*leaf).filter(|leaf| leaf.nested.is_none()) else {
            return Ok((ColumnType::Number, None));
        };
        match leaf.agg {
            Aggregation::Count | Aggregation::CountDistinct => Ok((ColumnType::Integer, None)),
            Aggregation::Sum
            | Aggregation::Avg
            | Aggregation::Median
            | Aggregation::Percentile
            | Aggregation::Stddev => Ok((ColumnType::Number, None)),
            Aggregation::Min | Aggregation::Max | Aggregation::First | Aggregation::Last => {
                let table = self.facts.get(leaf.fact).map(|fact| fact.table);
                let dimension = table
                    .zip(leaf.value.as_ref())
                    .and_then(|(table, value)| dimension_of(table, value));
                match dimension.map(|dimension| (dimension.kind, dimension)) {
                    Some((DimensionType::String | DimensionType::Geo, _)) => Ok((ColumnType::String, None)),
                    Some((DimensionType::Json, _)) => Ok((ColumnType::Json, None)),
                    Some((DimensionType::Bool, _)) => Ok((ColumnType::Boolean, None)),
                    Some((DimensionType::Time, dimension)) => {
                        let kind = TimeKind::of(dimension, &self.model.time_zone, &self.clock)?;
                        Ok(column_type(&kind, &self.clock))
                    }
                    Some((DimensionType::Number | DimensionType::Bin, _)) | None => Ok((ColumnType::Number, None)),
                }
            }
        }
    }

    fn is_additive(&self, value: &MetricValue) -> bool {
        match value {
            MetricValue::Leaf { leaf, .. } => self.leaves.get(*leaf).is_some_and(Leaf::is_additive),
            MetricValue::Formula { .. } | MetricValue::Within { .. } => false,
        }
    }
}

/// What a query says of a metric beside its name.
#[derive(Default)]
pub struct Selected {
    pub filters: Vec<Condition>,
    pub empty: Option<Empty>,
    pub pick: Option<Pick>,
}

/// How a metric is asked for by what it is an input of.
#[derive(Clone, Default)]
struct Asked {
    filters: Vec<Condition>,
    offset: Option<Offset>,
    /// As a cumulative value.
    window: Option<Window>,
    /// The moment of a balance, instead of its own.
    pick: Option<Pick>,
}

fn added(outer: &Offset, inner: &Offset, name: &Identifier) -> Result<Offset, AppError> {
    both(outer, inner).ok_or_else(|| {
        let message = format!("The periods that {name} is moved by cannot be added up.");
        AppError::invalid(name.to_string(), message).with_hint("Use days, or months, in both.")
    })
}

/// An offset within an offset, in one unit.
fn both(outer: &Offset, inner: &Offset) -> Option<Offset> {
    let (Offset::Span(outer), Offset::Span(inner)) = (outer, inner) else {
        return None;
    };
    let in_smaller = |span: Span| match span.unit {
        TimeUnit::Minute | TimeUnit::Hour | TimeUnit::Day | TimeUnit::Month => (span.count, span.unit),
        TimeUnit::Week => (span.count.saturating_mul(7), TimeUnit::Day),
        TimeUnit::Quarter => (span.count.saturating_mul(3), TimeUnit::Month),
        TimeUnit::Year => (span.count.saturating_mul(12), TimeUnit::Month),
    };
    let ((outer, unit), (inner, same)) = (in_smaller(*outer), in_smaller(*inner));
    let count = outer.checked_add(inner)?;
    (unit == same).then_some(Offset::Span(Span { count, unit }))
}

/// The dimension that shows the same as it is.
fn dimension_of<'m>(table: &'m ModelTable, value: &Expression) -> Option<&'m Dimension> {
    table.dimensions.iter().find(|dimension| dimension.expr == *value)
}

fn time_dimension<'a>(table: &'a ModelTable, name: &Identifier) -> Result<&'a Dimension, AppError> {
    match table.dimension(name.as_str()) {
        Some(dimension) if dimension.kind == DimensionType::Time => Ok(dimension),
        _ => Err(AppError::invalid(
            name.to_string(),
            format!("{}.{name} is not a time field.", table.name),
        )),
    }
}
