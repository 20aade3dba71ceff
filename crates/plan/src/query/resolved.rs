//! A query with every name found: typed fields, metrics down to single aggregations, one clock.

use std::collections::BTreeMap;

use shared::{
    names::Identifier,
    semantic::{
        Aggregation, Calculation, Calendar, CalendarGrain, Compare, Condition, DatePart, Dimension, DimensionRef,
        DimensionType, Direction, Empty, Expression, FiscalYearStart, Format, FormulaTerm, Grain, Interpolation, Model,
        ModelTable, Offset, Query, RollUp, SemiAdditive, Span, TimeUnit,
    },
    table::ColumnType,
};

use crate::graph::Place;

use super::{Policy, clock::Clock, interval::Interval, scope::Scope};

/// What a field name stands for.
#[derive(Clone, Copy, Debug)]
pub enum Field<'a> {
    /// Each metric's own time column.
    Time,
    Of {
        /// What the table's rows are called: its name, or the role it plays in a join.
        node: &'a str,
        table: &'a ModelTable,
        dimension: &'a Dimension,
    },
}

impl<'a> Field<'a> {
    pub fn name(&self) -> String {
        match self {
            Self::Time => shared::semantic::TIME_FIELD.to_owned(),
            Self::Of { node, dimension, .. } => format!("{node}.{}", dimension.name),
        }
    }

    /// Is it surely a time?
    pub fn is_time(&self) -> bool {
        match self {
            Self::Time => true,
            Self::Of { dimension, .. } => dimension.kind == DimensionType::Time,
        }
    }

    pub fn same(&self, other: &Field<'_>) -> bool {
        self.name() == other.name()
    }
}

/// A grain that the model brings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Periods<'a> {
    pub name: &'a str,
    pub of: PeriodsOf<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PeriodsOf<'a> {
    /// Looked up in a table.
    Calendar {
        calendar: &'a Calendar,
        grain: &'a CalendarGrain,
    },
    /// Worked out: quarters and years of the common calendar that start elsewhere.
    Fiscal { start: FiscalYearStart, grain: Grain },
}

/// A dimension of the answer.
#[derive(Clone, Debug)]
pub struct Key<'a> {
    /// Name of its answer column.
    pub output: String,
    pub field: Field<'a>,
    pub grain: Option<Grain>,
    /// Instead of a grain: of a calendar of the model.
    pub periods: Option<Periods<'a>>,
    pub part: Option<DatePart>,
    /// Width of the ranges that a number is grouped into.
    pub bin: Option<f64>,
    /// Not part of the answer: what a nested metric is grouped by within.
    pub inner: bool,
}

impl Key<'_> {
    /// Is a bucket of time shown?
    pub const fn has_bucket(&self) -> bool {
        self.grain.is_some() || self.periods.is_some()
    }
}

/// The rows that metrics of one table and one time column come from.
#[derive(Clone, Copy, Debug)]
pub struct Fact<'a> {
    /// What its rows are called: the table's name, or the role it plays in a join.
    pub node: &'a str,
    pub table: &'a ModelTable,
    /// What `time` means here.
    pub time: Option<&'a Dimension>,
}

impl<'a> Fact<'a> {
    pub fn of(table: &'a ModelTable, time: Option<&'a Dimension>) -> Self {
        Self {
            node: table.name.as_str(),
            table,
            time,
        }
    }

    pub const fn place(&self) -> Place<'a> {
        Place {
            node: self.node,
            table: self.table,
        }
    }

    pub fn same(&self, other: &Fact<'_>) -> bool {
        self.table.name == other.table.name && self.time.map(|time| &time.name) == other.time.map(|time| &time.name)
    }
}

/// One aggregation over the rows of one fact; equal ones are computed once.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// Index into `Resolved::facts`.
    pub fact: usize,
    pub agg: Aggregation,
    /// What is aggregated; `None` counts rows.
    pub value: Option<Expression>,
    pub p: Option<f64>,
    pub interpolation: Interpolation,
    /// All must hold.
    pub filters: Vec<Condition>,
    /// Of each bucket only the rows of one moment.
    pub semi_additive: Option<SemiAdditive>,
    /// Of each day the rows of the days before it.
    pub window: Option<Window>,
    /// What is aggregated are not the fact's own rows but those of other events that follow them.
    pub conversion: Option<Conversion>,
    /// What is aggregated are the values of another metric in groups.
    pub nested: Option<Box<Nested>>,
}

/// The events that count as following those of a fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversion {
    pub table: Identifier,
    pub time: Identifier,
    /// All must hold of the events.
    pub filters: Vec<Condition>,
    /// Stored columns that both tables have and that must be equal.
    pub same: Vec<String>,
    /// An event belongs to base events that are younger than so much before it.
    pub window: Option<Span>,
}

/// A metric in groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Nested {
    pub name: String,
    pub value: MetricValue,
    pub per: Vec<DimensionRef>,
}

/// The days whose rows a cumulative value is made of, and which value a coarser bucket shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    pub reach: Reach,
    pub roll_up: RollUp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Ever,
    /// Since the start of the current unit.
    ToDate(TimeUnit),
    /// `(day - span, day]`
    Last(Span),
}

impl Leaf {
    /// Counts are 0 where there is no row, everything else NULL.
    pub const fn is_count(&self) -> bool {
        matches!(self.agg, Aggregation::Count | Aggregation::CountDistinct)
    }

    /// May groups of it be added up?
    pub const fn is_additive(&self) -> bool {
        matches!(self.agg, Aggregation::Sum | Aggregation::Count)
            && self.semi_additive.is_none()
            && self.window.is_none()
            && self.nested.is_none()
    }

    /// Does it have a relation of its own, rather than columns over the rows of its fact?
    const fn stands_alone(&self) -> bool {
        self.window.is_some() || self.conversion.is_some() || self.nested.is_some()
    }

    /// Can both be aggregated over the same rows? Choosing moments leaves out rows after the filters.
    pub fn shares_rows_with(&self, other: &Self) -> bool {
        !self.stands_alone()
            && !other.stands_alone()
            && self.fact == other.fact
            && self.semi_additive == other.semi_additive
            && (self.semi_additive.is_none() || self.filters == other.filters)
    }
}

/// How a metric's value comes from leaves; `empty` is what stands where it has no row.
#[derive(Clone, Debug, PartialEq)]
pub enum MetricValue {
    Leaf {
        leaf: usize,
        empty: Empty,
        /// Of an earlier period: index into `Resolved::offsets`.
        offset: Option<usize>,
    },
    /// Another value at those of the query's dimensions that show one of these fields, alone.
    Within {
        value: Box<MetricValue>,
        fields: Vec<String>,
    },
    /// Arithmetic over the values of other metrics.
    Formula {
        term: FormulaTerm,
        inputs: BTreeMap<Identifier, MetricValue>,
        empty: Empty,
    },
}

impl MetricValue {
    /// Each once, with its offset.
    pub fn leaves(&self, found: &mut Vec<(Option<usize>, usize)>) {
        match self {
            Self::Leaf { leaf, offset, .. } => {
                if !found.contains(&(*offset, *leaf)) {
                    found.push((*offset, *leaf));
                }
            }
            Self::Within { value, .. } => value.leaves(found),
            Self::Formula { inputs, .. } => inputs.values().for_each(|input| input.leaves(found)),
        }
    }

    /// Values at fewer dimensions that it is made of, each once.
    pub fn withins<'v>(&'v self, found: &mut Vec<&'v Self>) {
        match self {
            Self::Leaf { .. } => {}
            Self::Within { .. } => {
                if !found.contains(&self) {
                    found.push(self);
                }
            }
            Self::Formula { inputs, .. } => inputs.values().for_each(|input| input.withins(found)),
        }
    }
}

/// A metric of the answer, or one that only `having` needs.
#[derive(Clone, Debug)]
pub struct Metric {
    pub output: String,
    /// Name of the model's metric, or the field of an ad-hoc aggregation.
    pub source: String,
    pub label: String,
    pub format: Option<Format>,
    pub good: Option<Direction>,
    pub kind: ColumnType,
    /// Zone of its values, for times.
    pub zone: Option<String>,
    pub value: MetricValue,
    pub additive: bool,
    /// Not part of the answer.
    pub hidden: bool,
}

impl Metric {
    /// What no answer shows: a value on the way to another.
    pub const fn unnamed(value: MetricValue) -> Self {
        Self {
            output: String::new(),
            source: String::new(),
            label: String::new(),
            format: None,
            good: None,
            kind: ColumnType::Number,
            zone: None,
            value,
            additive: false,
            hidden: true,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Resolved<'a> {
    pub query: &'a Query,
    pub model: &'a Model,
    pub scope: Scope<'a>,
    pub policy: &'a Policy,
    pub clock: Clock,
    pub keys: Vec<Key<'a>>,
    pub facts: Vec<Fact<'a>>,
    pub leaves: Vec<Leaf>,
    pub metrics: Vec<Metric>,
    /// Earlier periods that inputs of metrics are taken from.
    pub offsets: Vec<Offset>,
    /// The table whose members are listed, with or without rows.
    pub root: Option<Fact<'a>>,
    /// The time that ranges, comparison and filling act on.
    pub axis: Field<'a>,
    /// `time`, and what conditions on the axis narrow it to.
    pub range: Interval,
    /// Conditions on the axis alone that are no range.
    pub axis_conditions: Vec<Condition>,
    /// All other conditions.
    pub conditions: Vec<Condition>,
    pub limit: u64,
    /// Rows that any answer may have.
    pub cap: u64,
    /// How many conditions on metrics this query stands inside of.
    pub depth: usize,
}

impl<'a> Resolved<'a> {
    /// Does the key show the axis, in the eyes of a fact?
    pub fn is_axis_key(&self, key: &Key<'a>) -> bool {
        !key.inner && self.facts.iter().any(|fact| self.on_axis(&key.field, fact))
    }

    pub fn on_axis(&self, field: &Field<'a>, fact: &Fact<'a>) -> bool {
        let column = |field: &Field<'a>| match field {
            Field::Time => fact.time.map(|time| (fact.node.to_owned(), time.name.to_string())),
            Field::Of { node, dimension, .. } => Some(((*node).to_owned(), dimension.name.to_string())),
        };
        column(field).is_some_and(|column_name| Some(column_name) == column(&self.axis))
    }

    /// Indexes of the keys on the axis.
    pub fn axis_keys(&self) -> Vec<usize> {
        (0..self.keys.len())
            .filter(|index| self.keys.get(*index).is_some_and(|key| self.is_axis_key(key)))
            .collect()
    }

    pub fn comparisons(&self) -> &'a [Compare] {
        &self.query.compare
    }

    pub fn calculations(&self) -> &'a [Calculation] {
        &self.query.calc
    }
}
