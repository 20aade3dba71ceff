//! What must hold in a model that is stored. Everything wrong is named, not only the first.

use std::collections::{BTreeMap, BTreeSet};

use guard::{Dialect, ExpressionRules, check_expression};
use shared::{
    AppError, ErrorCode,
    semantic::{
        AccessEntry, Aggregation, ConversionMetric, Dimension, DimensionType, Expression, Grain, GrainName, GrainOf,
        JsonValue, MetricDefinition, MetricKind, MetricRef, Model, ModelCheck, ModelTable, NestedMetric, Offset, Query,
        SimpleMetric, Source, StoredTime, TIME_FIELD, ValueIndex,
    },
    table::ColumnType,
};

use super::{
    check_condition::check_condition,
    check_join::check_joins,
    check_parts::{check_parts, custom_functions, is_time_field},
    circular::circular,
    merge,
};
use crate::connection::DatabaseColumns;

/// What stands behind the tables of a model.
pub(super) struct StoredColumns<'a> {
    /// By the dataset's name.
    pub datasets: BTreeMap<String, BTreeMap<String, ColumnType>>,
    pub databases: &'a DatabaseColumns,
}

/// Whose columns they are, in a sentence.
fn owner(source: &Source) -> &str {
    match source {
        Source::Dataset(name) | Source::Table(name) => name,
        Source::Sql(_) => "The query",
    }
}

impl StoredColumns<'_> {
    /// `None`: nobody knows.
    fn of(&self, table: &ModelTable) -> Option<&BTreeMap<String, ColumnType>> {
        match &table.source {
            Source::Dataset(name) => self.datasets.get(name),
            Source::Table(_) | Source::Sql(_) => self.databases.columns.get(table.name.as_str()),
        }
    }
}

/// `previous` is the newest stored version: what was broken there already (a lost column) stays allowed, with a warning, so
/// that the rest of the model can still be edited.
pub(super) fn check(model: &Model, stored: &StoredColumns<'_>, previous: Option<&Model>) -> ModelCheck {
    let mut check = Check {
        model,
        stored,
        previous,
        circular: circular(model),
        found: ModelCheck::default(),
    };
    check.document();
    for (position, table) in model.tables.iter().enumerate() {
        check.table(table, &format!("tables.{position}"));
    }
    let column_of = |table: &ModelTable, column: &str| match check.column(table, column) {
        Column::Unknown => Some(None),
        Column::Missing => None,
        Column::Known(kind) => Some(Some(kind)),
    };
    let parts = check_parts(model, column_of);
    for (field, message) in check_joins(model, column_of).into_iter().chain(parts) {
        check.error(field, message);
    }
    for (position, entry) in model.access.iter().enumerate() {
        check.access(entry, &format!("access.{position}"));
    }
    for (position, metric) in model.metrics.iter().enumerate() {
        check.metric(metric, &format!("metrics.{position}"));
    }
    check.rollups();
    check.found
}

/// Rollups of one model.
const MOST_ROLLUPS: usize = 20;
/// Fields of one model whose values are kept.
const MOST_INDEXES: usize = 50;

struct Check<'a> {
    model: &'a Model,
    stored: &'a StoredColumns<'a>,
    previous: Option<&'a Model>,
    circular: BTreeSet<&'a str>,
    found: ModelCheck,
}

impl Check<'_> {
    fn error(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.found.errors.push(AppError::invalid(field, message));
    }

    fn document(&mut self) {
        if self.model.format != 1 {
            self.error("format", "The format of a model is 1.");
        }
        if self.model.tables.is_empty() || self.model.tables.len() > 200 || self.model.metrics.len() > 2_000 {
            self.error("tables", "A model has 1 to 200 tables and at most 2,000 metrics.");
        }
        for (part, count, most) in [
            ("joins", self.model.joins.len(), 1_000),
            ("access", self.model.access.len(), 1_000),
            ("parameters", self.model.parameters.len(), 200),
            ("calendars", self.model.calendars.len(), 20),
            ("hierarchies", self.model.hierarchies.len(), 200),
            ("functions", self.model.functions.len(), 200),
            ("rollups", self.model.rollups.len(), MOST_ROLLUPS),
        ] {
            if count > most {
                self.error(part, format!("A model has at most {most} {part}; these are {count}."));
            }
        }
        self.zone("time_zone", &self.model.time_zone);
        let tables: Vec<&str> = self.model.tables.iter().map(|table| table.name.as_str()).collect();
        self.unique("tables", "table", &tables);
        let metrics: Vec<&str> = self.model.metrics.iter().map(|metric| metric.name.as_str()).collect();
        self.unique("metrics", "metric", &metrics);
        let parameters: Vec<&str> = self
            .model
            .parameters
            .iter()
            .map(|parameter| parameter.name.as_str())
            .collect();
        self.unique("parameters", "parameter", &parameters);
        if let Err(error) = plan::query::parameters(&Query::default(), self.model) {
            self.found.errors.push(error);
        }
        if metrics.contains(&TIME_FIELD) {
            self.error(
                "metrics",
                format!("A metric cannot be called {TIME_FIELD}: that name means each metric's own time."),
            );
        }
    }

    /// Fields whose values are kept for searching.
    fn indexes(&mut self) {
        let mut indexes = 0;
        for (table, one) in self.model.tables.iter().enumerate() {
            for (position, dimension) in one.dimensions.iter().enumerate() {
                let Some(values) = &dimension.values else { continue };
                let at = format!("tables.{table}.dimensions.{position}.values");
                indexes += usize::from(values.index);
                if !(1..=ValueIndex::MOST).contains(&values.max()) {
                    let message = format!("From 1 to {} values can be kept.", ValueIndex::MOST);
                    self.error(format!("{at}.max"), message);
                }
                if values.index && indexes > MOST_INDEXES {
                    let message = format!("The values of at most {MOST_INDEXES} fields are kept.");
                    self.error(format!("{at}.index"), message);
                }
            }
        }
    }

    /// Only in a model that holds together: a rollup is planned as questions are.
    fn rollups(&mut self) {
        self.indexes();
        if !self.found.errors.is_empty() {
            return;
        }
        let names: Vec<&str> = self.model.rollups.iter().map(|rollup| rollup.name.as_str()).collect();
        self.unique("rollups", "rollup", &names);
        for (position, rollup) in self.model.rollups.iter().enumerate() {
            if let Err(error) = plan::query::rollup_plan(rollup, self.model) {
                let about = error.field.as_deref().unwrap_or_default();
                let is_metric = about == "metrics" || rollup.metrics.iter().any(|metric| metric.as_str() == about);
                let part = if is_metric { "metrics" } else { "dimensions" };
                let field = format!("rollups.{position}.{part}");
                self.found.errors.push(error.with_field(field));
            }
        }
    }

    fn zone(&mut self, field: &str, zone: &str) {
        if zone.parse::<chrono_tz::Tz>().is_err() {
            self.error(field, format!("{zone} is not a time zone; write one as Europe/Berlin."));
        }
    }

    fn unique(&mut self, field: &str, noun: &str, names: &[&str]) {
        let mut seen = BTreeSet::new();
        for name in names {
            if !seen.insert(*name) {
                self.error(field, format!("There are two {noun}s called {name}."));
            }
        }
    }

    fn table(&mut self, table: &ModelTable, at: &str) {
        if let Source::Dataset(dataset) = &table.source
            && !self.stored.datasets.contains_key(dataset)
        {
            if self.had_source(table) {
                let message = format!(
                    "{} cannot be asked: its dataset {dataset} was deleted.",
                    table.display_label()
                );
                self.found.warnings.push(merge::warning("source_gone", message));
            } else {
                self.error(format!("{at}.source"), format!("There is no dataset called {dataset}."));
            }
        }
        let databases = self.stored.databases;
        for (field, error) in databases
            .wrong
            .iter()
            .filter(|(field, _)| field.starts_with(&format!("{at}.")))
        {
            if error.code != ErrorCode::Invalid && self.had_source(table) {
                let message = format!("{} cannot be asked: {}", table.display_label(), error.message);
                self.found.warnings.push(merge::warning("source_gone", message));
            } else {
                self.error(field, error.message.clone());
            }
        }
        let names: Vec<&str> = table
            .dimensions
            .iter()
            .map(|dimension| dimension.name.as_str())
            .collect();
        self.unique(&format!("{at}.dimensions"), "dimension", &names);
        let names: Vec<&str> = table.segments.iter().map(|segment| segment.name.as_str()).collect();
        self.unique(&format!("{at}.segments"), "segment", &names);
        for (position, dimension) in table.dimensions.iter().enumerate() {
            // The document has the point of a coordinate, not the coordinate.
            let written = match &dimension.coordinate_of {
                Some(point) => table.dimensions.iter().position(|other| other.name == *point),
                None => Some(position),
            };
            let position = written.unwrap_or(position);
            self.dimension(table, dimension, &format!("{at}.dimensions.{position}"));
        }
        for (position, segment) in table.segments.iter().enumerate() {
            self.condition(&segment.condition, &format!("{at}.segments.{position}.where"));
        }
        for column in table.primary_key.iter().chain(table.unique_keys.iter().flatten()) {
            if matches!(self.column(table, column), Column::Missing) {
                self.error(
                    format!("{at}.primary_key"),
                    format!("{} has no column {column}.", owner(&table.source)),
                );
            }
        }
        if let Some(time) = &table.default_time
            && !is_time(table, time.as_str())
        {
            self.error(
                format!("{at}.default_time"),
                format!("{time} is not a time dimension of {}.", table.name),
            );
        }
    }

    fn dimension(&mut self, table: &ModelTable, dimension: &Dimension, at: &str) {
        match &dimension.expr {
            Expression::Sql(sql) => self.sql(table, sql, at),
            Expression::Field(of) => self.bucket(table, dimension, of, at),
            Expression::Json(value) => {
                self.json(table, value, at);
                if !fits(dimension, value.kind) {
                    let text = format!(
                        "What is read as {} cannot be this type of dimension.",
                        value.kind.as_str()
                    );
                    self.error(format!("{at}.type"), text);
                }
            }
            Expression::Point(_) => self.point(table, dimension, at),
            Expression::Col(column) => match self.column(table, column) {
                Column::Unknown => {}
                Column::Missing => self.lost_column(table, &dimension.display_label(), column, at),
                Column::Known(kind) if fits(dimension, kind) => {}
                Column::Known(kind) => {
                    let text = format!("{column} holds {} and cannot be this type of dimension.", kind.as_str());
                    self.error(format!("{at}.type"), text);
                }
            },
        }
        let ascending = dimension
            .bins
            .iter()
            .zip(dimension.bins.iter().skip(1))
            .all(|(low, high)| low < high);
        if dimension.kind == DimensionType::Bin && (dimension.bins.is_empty() || !ascending) {
            self.error(format!("{at}.bins"), "Bins are edges in ascending order.");
        }
        for grain in &dimension.grains {
            if let GrainName::Calendar(name) = grain
                && !self.model.has_own_grain(name.as_str())
            {
                self.error(format!("{at}.grains"), format!("There is no grain called {name}."));
            }
        }
        if let Some(zone) = &dimension.zone {
            self.zone(&format!("{at}.zone"), zone);
        }
        if dimension.atlas.is_some() && (dimension.kind != DimensionType::Geo || dimension.point().is_some()) {
            self.error(
                format!("{at}.atlas"),
                "Only regions, which are of type geo, have an atlas.",
            );
        }
        let aggregation = dimension.default_aggregation;
        if aggregation.is_some_and(Aggregation::needs_number) && dimension.kind != DimensionType::Number {
            self.error(
                format!("{at}.default_aggregation"),
                format!("{} is not a number.", dimension.display_label()),
            );
        }
    }

    /// Its two numbers are dimensions of their own, and looked at as such.
    fn point(&mut self, table: &ModelTable, dimension: &Dimension, at: &str) {
        if dimension.kind != DimensionType::Geo {
            self.error(format!("{at}.type"), "A point is of type geo.");
        }
        let of_this = |other: &&Dimension| other.coordinate_of.as_ref() == Some(&dimension.name);
        if table.dimensions.iter().filter(of_this).count() != 2 {
            let text = "The name is too long: _lat and _lon are put behind it.";
            self.error(format!("{at}.name"), text);
        }
    }

    fn metric(&mut self, metric: &MetricDefinition, at: &str) {
        match &metric.kind {
            MetricKind::Simple(simple) => {
                let SimpleMetric {
                    table,
                    agg,
                    expr,
                    filter,
                    time,
                    p,
                    interpolation: _,
                    semi_additive,
                } = simple.as_ref();
                let Some(table) = self.model.table(table.as_str()) else {
                    self.error(format!("{at}.table"), format!("There is no table called {table}."));
                    return;
                };
                match expr {
                    Some(Expression::Col(column)) => self.aggregated(table, *agg, &metric.display_label(), column, at),
                    Some(Expression::Sql(sql)) => self.sql(table, sql, at),
                    Some(Expression::Json(value)) => {
                        self.json(table, value, at);
                        if agg.needs_number() && !value.kind.is_numeric() {
                            let message = format!("{} needs numbers; read it `as` number.", agg.as_str());
                            self.error(format!("{at}.agg"), message);
                        }
                    }
                    Some(Expression::Field(of)) if is_time_field(self.model, table, &of.field) => {}
                    Some(Expression::Field(of)) => {
                        self.error(format!("{at}.expr"), format!("{} is not a time.", of.field));
                    }
                    Some(Expression::Point(_)) => {
                        self.error(format!("{at}.expr"), "A point is two numbers; name one of them.");
                    }
                    None if *agg == Aggregation::Count => {}
                    None => self.error(format!("{at}.expr"), "Only a count of rows can do without a column."),
                }
                if (*agg == Aggregation::Percentile) != p.is_some() || p.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
                    self.error(
                        format!("{at}.p"),
                        "A percentile, and only a percentile, has a p from 0 to 1.",
                    );
                }
                if let Some(condition) = filter {
                    self.condition(condition, &format!("{at}.filter"));
                }
                let moment = semi_additive.as_ref().map(|of| ("semi_additive.time", &of.time));
                for (part, time) in time.iter().map(|time| ("time", time)).chain(moment) {
                    if !is_time(table, time.as_str()) {
                        self.error(
                            format!("{at}.{part}"),
                            format!("{time} is not a time dimension of {}.", table.name),
                        );
                    }
                }
                for column in semi_additive.iter().flat_map(|of| &of.per) {
                    if matches!(self.column(table, column), Column::Missing) {
                        self.lost_column(table, &metric.display_label(), column, at);
                    }
                }
            }
            MetricKind::Ratio { numerator, denominator } => {
                self.reference(numerator, &format!("{at}.numerator"));
                self.reference(denominator, &format!("{at}.denominator"));
                self.acyclic(metric, at);
            }
            MetricKind::Cumulative {
                metric: input,
                window,
                to_date,
                roll_up: _,
            } => {
                self.reference(input, &format!("{at}.metric"));
                self.accumulated(input, format!("{at}.metric"));
                if window.is_some() && to_date.is_some() {
                    self.error(at, format!("{} has both window and to_date; choose one.", metric.name));
                }
                if window.is_some_and(|window| !(1..=10_000).contains(&window.count)) {
                    self.error(format!("{at}.window"), "A window is 1 to 10,000 units long.");
                }
            }
            MetricKind::Conversion(conversion) => {
                self.conversion(metric, conversion, at);
                self.acyclic(metric, at);
            }
            MetricKind::Nested(nested) => {
                self.nested(nested, at);
                self.acyclic(metric, at);
            }
            MetricKind::Derived { inputs, expr } => {
                for (name, input) in inputs {
                    self.reference(input, &format!("{at}.inputs.{name}"));
                }
                for name in expr.inputs().into_iter().filter(|name| !inputs.contains_key(*name)) {
                    self.error(
                        format!("{at}.expr"),
                        format!("The formula uses {name}, which is none of its inputs."),
                    );
                }
                for input in expr.running().into_iter().filter_map(|name| inputs.get(name)) {
                    self.accumulated(input, format!("{at}.expr"));
                }
                for name in expr.fields() {
                    if name != TIME_FIELD && self.model.dimension(name).is_none() {
                        self.error(format!("{at}.expr"), format!("There is no dimension called {name}."));
                    }
                }
                self.acyclic(metric, at);
            }
        }
    }

    /// What days are added up of.
    fn accumulated(&mut self, input: &MetricRef, at: String) {
        let simple = self.model.metric(input.metric().as_str()).map(|input| &input.kind);
        if !simple.is_none_or(|kind| matches!(kind, MetricKind::Simple(_))) {
            self.error(at, "Only a simple metric can be accumulated.");
        }
    }

    /// Both are simple metrics with a time, and both tables have the columns that must be equal.
    fn conversion(&mut self, metric: &MetricDefinition, conversion: &ConversionMetric, at: &str) {
        let same = || conversion.entity.iter().chain(&conversion.matching);
        for (part, input) in [("base", &conversion.base), ("conversion", &conversion.conversion)] {
            let at = format!("{at}.{part}");
            self.reference(input, &at);
            if input.offset().is_some() {
                self.error(format!("{at}.offset"), "Events of a conversion cannot have an offset.");
            }
            let Some(definition) = self.model.metric(input.metric().as_str()) else {
                continue;
            };
            let MetricKind::Simple(simple) = &definition.kind else {
                self.error(
                    at,
                    format!("{} is no simple metric; a conversion needs two.", input.metric()),
                );
                continue;
            };
            let Some(table) = self.model.table(simple.table.as_str()) else {
                continue;
            };
            if simple.time.is_none() && table.default_time.is_none() {
                self.error(&at, format!("{} has no time column.", table.name));
            }
            if simple.semi_additive.is_some() {
                self.error(&at, format!("{} is a balance and counts no events.", input.metric()));
            }
            let counts = matches!(
                simple.agg,
                Aggregation::Count | Aggregation::CountDistinct | Aggregation::Sum
            );
            if part == "conversion" && !counts {
                self.error(
                    &at,
                    format!("The conversions of {} are counted or summed.", metric.name),
                );
            }
            for column in same() {
                if matches!(self.column(table, column), Column::Missing) {
                    self.error(&at, format!("{} has no column {column}.", table.name));
                }
            }
        }
        if conversion.entity.is_empty() {
            self.error(
                format!("{at}.entity"),
                format!("{} needs an entity: whose events they are.", metric.name),
            );
        }
        if conversion
            .window
            .is_some_and(|window| !(1..=10_000).contains(&window.count))
        {
            self.error(format!("{at}.window"), "A window is 1 to 10,000 units long.");
        }
    }

    fn nested(&mut self, nested: &NestedMetric, at: &str) {
        self.reference(&nested.metric, &format!("{at}.metric"));
        if nested.metric.offset().is_some() {
            self.error(
                format!("{at}.metric.offset"),
                "The metric of groups cannot have an offset.",
            );
        }
        if nested.per.is_empty() {
            self.error(format!("{at}.per"), "Groups need at least one field.");
        }
        for (position, key) in nested.per.iter().enumerate() {
            let name = key.field();
            if name != TIME_FIELD && self.model.dimension(name).is_none() {
                let message = format!("There is no dimension called {name}.");
                self.error(format!("{at}.per.{position}"), message);
            }
        }
        if matches!(nested.agg, Aggregation::First | Aggregation::Last) {
            self.error(format!("{at}.agg"), "Groups have no first and last.");
        }
        if (nested.agg == Aggregation::Percentile) != nested.p.is_some()
            || nested.p.is_some_and(|p| !(0.0..=1.0).contains(&p))
        {
            self.error(
                format!("{at}.p"),
                "A percentile, and only a percentile, has a p from 0 to 1.",
            );
        }
    }

    /// A time dimension cut down to a grain.
    fn bucket(&mut self, table: &ModelTable, dimension: &Dimension, of: &GrainOf, at: &str) {
        if !is_time_field(self.model, table, &of.field) {
            self.error(
                format!("{at}.expr"),
                format!("{} is not a time, so it has no grain.", of.field),
            );
        }
        let is_date = dimension.kind == DimensionType::Time && dimension.stored == Some(StoredTime::Date);
        if of.grain >= Grain::Day && !is_date {
            let message = format!("{} is a date: give it the type time, stored as date.", dimension.name);
            self.error(format!("{at}.stored"), message);
        }
    }

    fn access(&mut self, entry: &AccessEntry, at: &str) {
        if self.model.table(entry.table.as_str()).is_none() {
            self.error(
                format!("{at}.table"),
                format!("There is no table called {}.", entry.table),
            );
        }
        if entry.roles.is_empty() {
            self.error(
                format!("{at}.roles"),
                "An entry without roles is held by nobody; name at least one.",
            );
        }
        if let Some(condition) = &entry.rows {
            self.condition(condition, &format!("{at}.rows"));
        }
        for name in &entry.mask {
            if self
                .model
                .dimension(name)
                .is_none_or(|(table, _)| table.name != entry.table)
            {
                let message = format!("{name} is no dimension of {}.", entry.table);
                self.error(format!("{at}.mask"), message);
            }
        }
    }

    /// An expression that the guard lets through, over columns, fields and parameters that are there.
    fn sql(&mut self, table: &ModelTable, sql: &str, at: &str) {
        let at = format!("{at}.expr");
        let custom = custom_functions(self.model);
        let rules = ExpressionRules {
            dialect: Dialect::Postgres,
            custom_functions: &custom,
            aggregates: false,
        };
        let checked = match check_expression(sql, &rules) {
            Ok(checked) => checked,
            Err(refusal) => return self.error(at, refusal.to_string()),
        };
        for column in &checked.columns {
            if matches!(self.column(table, column), Column::Missing) {
                self.lost_column(table, sql, column, at.trim_end_matches(".expr"));
            }
        }
        for field in &checked.fields {
            let name = format!("{}.{}", field.table, field.field);
            if self.model.dimension(&name).is_none() {
                self.error(&at, format!("There is no dimension called {name}."));
            }
        }
        for name in &checked.parameters {
            if !self
                .model
                .parameters
                .iter()
                .any(|parameter| parameter.name.as_str() == name)
            {
                self.error(&at, format!("There is no parameter called {name}."));
            }
        }
    }

    fn acyclic(&mut self, metric: &MetricDefinition, at: &str) {
        if self.circular.contains(metric.name.as_str()) {
            self.error(at, format!("{} is defined by itself.", metric.name));
        }
    }

    fn json(&mut self, table: &ModelTable, value: &JsonValue, at: &str) {
        match self.column(table, &value.column) {
            Column::Missing => {
                let message = format!("{} has no column {}.", owner(&table.source), value.column);
                self.error(format!("{at}.expr"), message);
            }
            Column::Known(kind) if !matches!(kind, ColumnType::Json | ColumnType::String) => {
                let message = format!("{} holds {}, not JSON.", value.column, kind.as_str());
                self.error(format!("{at}.expr"), message);
            }
            Column::Unknown | Column::Known(_) => {}
        }
        if matches!(value.kind, ColumnType::Json | ColumnType::Geo | ColumnType::Time) {
            self.error(
                format!("{at}.expr"),
                "A value within JSON is read as string, integer, number, decimal, boolean, date, timestamp or timestamptz.",
            );
        }
    }

    fn aggregated(&mut self, table: &ModelTable, agg: Aggregation, label: &str, column: &str, at: &str) {
        match self.column(table, column) {
            Column::Unknown => {}
            Column::Missing => self.lost_column(table, label, column, at),
            Column::Known(kind) if !agg.needs_number() || kind.is_numeric() => {}
            Column::Known(kind) => {
                let text = format!("{column} holds {}; {} needs numbers.", kind.as_str(), agg.as_str());
                self.error(format!("{at}.agg"), text);
            }
        }
    }

    fn reference(&mut self, reference: &MetricRef, at: &str) {
        let name = reference.metric();
        if self.model.metric(name.as_str()).is_none() {
            self.error(at, format!("There is no metric called {name}."));
        }
        let count = match reference.offset() {
            Some(Offset::Span(span)) => span.count,
            Some(Offset::Calendar(span)) => {
                if !self.model.has_own_grain(span.unit.as_str()) {
                    let message = format!("There is no grain called {}.", span.unit);
                    self.error(format!("{at}.offset"), message);
                }
                span.count
            }
            Some(Offset::StartOf(_)) | None => 1,
        };
        if !(1..=10_000).contains(&count) {
            self.error(format!("{at}.offset"), "An offset is 1 to 10,000 units.");
        }
        if let Some(condition) = reference.filter() {
            self.condition(condition, &format!("{at}.filter"));
        }
    }

    fn condition(&mut self, condition: &shared::semantic::Condition, at: &str) {
        for message in check_condition(self.model, condition) {
            self.error(at, message);
        }
    }

    fn column(&self, table: &ModelTable, column: &str) -> Column {
        match self.stored.of(table) {
            None => Column::Unknown,
            Some(columns) => columns.get(column).map_or(Column::Missing, |kind| Column::Known(*kind)),
        }
    }

    fn lost_column(&mut self, table: &ModelTable, label: &str, column: &str, at: &str) {
        if self.had_column(table, column) {
            self.found.warnings.push(merge::lost(label, column, &table.source));
        } else {
            let message = format!("{} has no column {column}.", owner(&table.source));
            self.error(format!("{at}.expr"), message);
        }
    }

    fn had_source(&self, table: &ModelTable) -> bool {
        self.previous
            .is_some_and(|model| model.tables.iter().any(|before| before.source == table.source))
    }

    fn had_column(&self, table: &ModelTable, column: &str) -> bool {
        let Some(model) = self.previous else { return false };
        let tables: Vec<&ModelTable> = model
            .tables
            .iter()
            .filter(|before| before.source == table.source)
            .collect();
        let grouped = tables
            .iter()
            .flat_map(|table| &table.dimensions)
            .any(|dimension| dimension.expr.column() == Some(column));
        let aggregated = model.metrics.iter().any(|metric| match &metric.kind {
            MetricKind::Simple(simple) => {
                let reads = simple.expr.as_ref().is_some_and(|expr| expr.column() == Some(column));
                reads && tables.iter().any(|table| table.name == simple.table)
            }
            MetricKind::Ratio { .. }
            | MetricKind::Derived { .. }
            | MetricKind::Conversion(_)
            | MetricKind::Nested(_)
            | MetricKind::Cumulative { .. } => false,
        });
        grouped || aggregated
    }
}

enum Column {
    /// Its dataset is gone; that is said once, for the table.
    Unknown,
    Missing,
    Known(ColumnType),
}

fn is_time(table: &ModelTable, name: &str) -> bool {
    table
        .dimension(name)
        .is_some_and(|dimension| dimension.kind == DimensionType::Time)
}

fn fits(dimension: &Dimension, kind: ColumnType) -> bool {
    match dimension.kind {
        DimensionType::String => true,
        DimensionType::Geo => kind == ColumnType::String,
        DimensionType::Json => matches!(kind, ColumnType::Json | ColumnType::String),
        DimensionType::Number | DimensionType::Bin => kind.is_numeric(),
        DimensionType::Bool => kind == ColumnType::Boolean,
        DimensionType::Time => {
            let stored = match kind {
                ColumnType::Date => StoredTime::Date,
                ColumnType::Timestamp => StoredTime::Timestamp,
                ColumnType::Timestamptz => StoredTime::Timestamptz,
                ColumnType::String
                | ColumnType::Integer
                | ColumnType::Number
                | ColumnType::Decimal
                | ColumnType::Boolean
                | ColumnType::Time
                | ColumnType::Json
                | ColumnType::Geo => return false,
            };
            dimension.stored == Some(stored)
        }
    }
}
