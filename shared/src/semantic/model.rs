//! The model document: tables with dimensions and segments, joins, and metrics. A published version never changes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AccessEntry, Atlas, Calendar, CalendarGrain, Condition, FISCAL_GRAINS, FiscalYearStart, Format, FunctionDefinition,
    Grain, GrainName, Hierarchy, Join, JsonValue, MetricDefinition, Parameter, Point, Rollup, WeekStart,
};
use crate::{names::Identifier, table::ColumnType};

/// One version of a model. `version` 0 means "not stored yet"; the store numbers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub format: u32,
    pub model: Identifier,
    #[serde(default)]
    pub version: u32,
    /// IANA name; default UTC.
    #[serde(default = "utc")]
    pub time_zone: String,
    #[serde(default)]
    pub week_start: WeekStart,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fiscal_year_start: Option<FiscalYearStart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calendars: Vec<Calendar>,
    pub tables: Vec<ModelTable>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joins: Vec<Join>,
    #[serde(default)]
    pub metrics: Vec<MetricDefinition>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hierarchies: Vec<Hierarchy>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub functions: Vec<FunctionDefinition>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access: Vec<AccessEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rollups: Vec<Rollup>,
}

fn utc() -> String {
    "UTC".to_owned()
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelTable {
    pub name: Identifier,
    /// Name or id of the database connection that `source` is in; none for a dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    pub source: Source,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub primary_key: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unique_keys: Vec<Vec<String>>,
    /// The time dimension that `time` means for metrics that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_time: Option<Identifier>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// After those of the document, the two numbers of each point.
    #[serde(
        default,
        deserialize_with = "super::place::read",
        serialize_with = "super::place::write"
    )]
    pub dimensions: Vec<Dimension>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
}

/// Where a table's rows come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The newest complete version of the workspace's dataset with this name.
    Dataset(String),
    /// A table or view of the table's connection: `public.orders`.
    Table(String),
    /// A query to the table's connection, as somebody wrote it; what is sent is checked and printed anew.
    Sql(String),
}

impl Source {
    pub fn dataset(&self) -> Option<&str> {
        match self {
            Self::Dataset(name) => Some(name),
            Self::Table(_) | Self::Sql(_) => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DimensionType {
    String,
    Number,
    Bool,
    Time,
    /// Numbers sorted into the ranges between `bins`.
    Bin,
    /// The name or code of a region of `atlas`; or a point, `{"lat","lon"}`.
    Geo,
    /// A JSON document, as its text.
    Json,
}

impl DimensionType {
    /// Is a value a text? Of geo dimensions only regions have values; points stand for two numbers.
    pub const fn is_text(self) -> bool {
        match self {
            Self::String | Self::Geo | Self::Json => true,
            Self::Number | Self::Bool | Self::Time | Self::Bin => false,
        }
    }
}

/// What a time column stores: `date` never moves; `timestamp` is a wall clock in `zone`; `timestamptz` is an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StoredTime {
    Date,
    Timestamp,
    Timestamptz,
}

/// A stored column, or an SQL expression over the columns of its table: `amount * {param:fx}`. `{table.field}` is a field of
/// another table, of which each row has one. `{"field","grain"}` is the start of another time dimension's bucket. `{"lat","lon"}`
/// is a point, of two expressions.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "WrittenExpression", into = "WrittenExpression")]
#[schemars(with = "WrittenExpression")]
pub enum Expression {
    Col(String),
    Sql(String),
    Field(GrainOf),
    Json(JsonValue),
    Point(Box<Point>),
}

/// A time dimension, `table.dimension` or one of the same table by its bare name, cut down to a grain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GrainOf {
    pub field: String,
    pub grain: Grain,
}

/// An expression as documents have it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenExpression {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    col: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sql: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grain: Option<Grain>,
    /// Within a JSON column: `$.plan.name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// What stands at the path is read as. Default: text.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    kind: Option<ColumnType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lat: Option<Box<Self>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lon: Option<Box<Self>>,
}

impl TryFrom<WrittenExpression> for Expression {
    type Error = &'static str;

    fn try_from(written: WrittenExpression) -> Result<Self, Self::Error> {
        if let (Some(column), Some(path), None, None, None) =
            (&written.col, &written.path, &written.sql, &written.field, written.grain)
        {
            return Ok(Self::Json(JsonValue {
                column: column.clone(),
                path: path.clone().try_into()?,
                kind: written.kind.unwrap_or(ColumnType::String),
            }));
        }
        let beside = written.path.is_some() || written.kind.is_some();
        if let (Some(lat), Some(lon)) = (&written.lat, &written.lon) {
            let coordinate = |written: &WrittenExpression| match Self::try_from(written.clone())? {
                Self::Point(_) => Err("a latitude and a longitude are a column or SQL"),
                single @ (Self::Col(_) | Self::Sql(_) | Self::Field(_) | Self::Json(_)) => Ok(single),
            };
            let (lat, lon) = (coordinate(lat)?, coordinate(lon)?);
            let alone = written.col.is_none() && written.sql.is_none() && written.field.is_none() && !beside;
            return match alone && written.grain.is_none() {
                true => Ok(Self::Point(Box::new(Point { lat, lon }))),
                false => Err("a point is {\"lat\",\"lon\"} and nothing else"),
            };
        }
        let beside = beside || written.lat.is_some() || written.lon.is_some();
        match (written.col, written.sql, written.field, written.grain) {
            (Some(column), None, None, None) if !beside => Ok(Self::Col(column)),
            (None, Some(sql), None, None) if !beside => Ok(Self::Sql(sql)),
            (None, None, Some(field), Some(grain)) if !beside => Ok(Self::Field(GrainOf { field, grain })),
            _ => Err(
                "an expression is {\"col\"}, {\"sql\"}, {\"field\",\"grain\"}, {\"col\",\"path\",\"as\"} or {\"lat\",\"lon\"}",
            ),
        }
    }
}

impl From<Expression> for WrittenExpression {
    fn from(expression: Expression) -> Self {
        let mut written = Self::default();
        match expression {
            Expression::Col(column) => written.col = Some(column),
            Expression::Sql(sql) => written.sql = Some(sql),
            Expression::Field(GrainOf { field, grain }) => (written.field, written.grain) = (Some(field), Some(grain)),
            Expression::Json(JsonValue { column, path, kind }) => {
                (written.col, written.path) = (Some(column), Some(path.to_string()));
                written.kind = (kind != ColumnType::String).then_some(kind);
            }
            Expression::Point(point) => {
                written.lat = Some(Box::new(point.lat.into()));
                written.lon = Some(Box::new(point.lon.into()));
            }
        }
        written
    }
}

impl Expression {
    /// The column that it is and nothing else.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Col(name) => Some(name),
            Self::Sql(_) | Self::Field(_) | Self::Json(_) | Self::Point(_) => None,
        }
    }

    /// The two of a point; anything else is itself.
    pub fn singles(&self) -> impl Iterator<Item = &Self> {
        let (first, second) = match self {
            Self::Point(point) => (&point.lat, Some(&point.lon)),
            Self::Col(_) | Self::Sql(_) | Self::Field(_) | Self::Json(_) => (self, None),
        };
        std::iter::once(first).chain(second)
    }

    /// As people read it.
    pub fn text(&self) -> &str {
        match self {
            Self::Col(text) | Self::Sql(text) => text,
            Self::Field(of) => &of.field,
            Self::Json(value) => value.path.as_str(),
            Self::Point(point) => point.lat.text(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    pub name: Identifier,
    #[serde(rename = "type")]
    pub kind: DimensionType,
    pub expr: Expression,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Not offered in the fields pane; still answers queries.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Time only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<StoredTime>,
    /// Zone of a `timestamp` column; default the model's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Grains offered; empty: all that the stored type can give.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grains: Vec<GrainName>,
    /// Bin only: ascending edges; value v falls into [edge, next edge).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bins: Vec<f64>,
    /// What dragging this column into a values well does; `None`: it is grouped by, not aggregated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_aggregation: Option<Aggregation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<ValueIndex>,
    /// Geo only: the shapes that its regions are among; default the countries of the world.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub atlas: Option<Atlas>,
    /// The point that it is a number of; such dimensions are not written in documents.
    #[serde(skip)]
    pub coordinate_of: Option<Identifier>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueIndex {
    /// Keep the values with their numbers of rows, so that searching among them reads nothing else.
    #[serde(default)]
    pub index: bool,
    /// Values that are kept at most, 1 to 100,000; default 5,000. A field with more is searched in the rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
    /// What people call a value otherwise: searching for it finds the value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub synonyms: BTreeMap<String, Vec<String>>,
}

impl ValueIndex {
    pub const DEFAULT_MAX: u32 = 5_000;
    pub const MOST: u32 = 100_000;

    /// Values that are kept at most.
    pub fn max(&self) -> u32 {
        self.max.unwrap_or(Self::DEFAULT_MAX)
    }

    /// The values that are also called by something that contains `search`, whatever its case.
    pub fn called(&self, search: &str) -> Vec<&str> {
        let search = search.to_lowercase();
        let is_called = |names: &Vec<String>| names.iter().any(|name| name.to_lowercase().contains(&search));
        let found = self.synonyms.iter().filter(|(_, names)| is_called(names));
        found.map(|(value, _)| value.as_str()).collect()
    }
}

/// A named condition on the table's own fields, used as `{"segment":"table.name"}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    pub name: Identifier,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(rename = "where")]
    pub condition: Condition,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Aggregation {
    Sum,
    /// Rows; with a column, non-NULL values.
    Count,
    CountDistinct,
    Avg,
    Min,
    Max,
    Median,
    Percentile,
    /// Sample standard deviation.
    Stddev,
    First,
    Last,
}

impl Aggregation {
    pub const ALL: [Self; 11] = [
        Self::Sum,
        Self::Count,
        Self::CountDistinct,
        Self::Avg,
        Self::Min,
        Self::Max,
        Self::Median,
        Self::Percentile,
        Self::Stddev,
        Self::First,
        Self::Last,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Count => "count",
            Self::CountDistinct => "count_distinct",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
            Self::Median => "median",
            Self::Percentile => "percentile",
            Self::Stddev => "stddev",
            Self::First => "first",
            Self::Last => "last",
        }
    }

    /// Must the column be a number? (min, max, first and last take any type and keep it.)
    pub const fn needs_number(self) -> bool {
        match self {
            Self::Sum | Self::Avg | Self::Median | Self::Percentile | Self::Stddev => true,
            Self::Count | Self::CountDistinct | Self::Min | Self::Max | Self::First | Self::Last => false,
        }
    }
}

/// What is shown where a metric has no row for a key. Default: zero for counts, NULL for the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Empty {
    Null,
    Zero,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    #[default]
    Continuous,
    Discrete,
}

impl Model {
    pub fn table(&self, name: &str) -> Option<&ModelTable> {
        self.tables.iter().find(|table| table.name.as_str() == name)
    }

    /// The table whose rows are called `name`: by its own name, or by the role it plays in a join.
    pub fn node(&self, name: &str) -> Option<&ModelTable> {
        self.table(name).or_else(|| {
            let join = self.joins.iter().find(|join| join.node() == name)?;
            self.table(join.to.as_str())
        })
    }

    pub fn metric(&self, name: &str) -> Option<&MetricDefinition> {
        self.metrics.iter().find(|metric| metric.name.as_str() == name)
    }

    /// The calendar that has a grain of this name.
    pub fn calendar_grain(&self, name: &str) -> Option<(&Calendar, &CalendarGrain)> {
        self.calendars.iter().find_map(|calendar| {
            let (_, grain) = calendar.grains.iter().find(|(known, _)| known.as_str() == name)?;
            Some((calendar, grain))
        })
    }

    /// Is it a grain that the model brings?
    pub fn has_own_grain(&self, name: &str) -> bool {
        let is_fiscal = self.fiscal_year_start.is_some() && FISCAL_GRAINS.iter().any(|(known, _)| *known == name);
        is_fiscal || self.calendar_grain(name).is_some()
    }

    /// The calendar that has a shift of this name, and the column with the day to compare with.
    pub fn calendar_shift(&self, name: &str) -> Option<(&Calendar, &str)> {
        self.calendars.iter().find_map(|calendar| {
            let (_, column) = calendar.shifts.iter().find(|(known, _)| known.as_str() == name)?;
            Some((calendar, column.as_str()))
        })
    }

    /// The dimension behind `table.name` or `role.name` (or a bare `name` when only one table has it), with its table.
    pub fn dimension(&self, field: &str) -> Option<(&ModelTable, &Dimension)> {
        match field.split_once('.') {
            Some((table, name)) => {
                let table = self.node(table)?;
                table.dimension(name).map(|dimension| (table, dimension))
            }
            None => {
                let mut found = self
                    .tables
                    .iter()
                    .filter_map(|table| table.dimension(field).map(|dimension| (table, dimension)));
                let first = found.next();
                if found.next().is_some() { None } else { first }
            }
        }
    }

    /// A field by its full name: `table.dimension`.
    pub fn full_name(&self, field: &str) -> String {
        match self.dimension(field) {
            Some((table, dimension)) if !field.contains('.') => format!("{}.{}", table.name, dimension.name),
            Some(_) | None => field.to_owned(),
        }
    }

    /// The next levels, as `table.dimension`, of the hierarchies that `field` stands in; each once.
    pub fn levels_below(&self, field: &str) -> Vec<String> {
        let mut below = Vec::new();
        for hierarchy in &self.hierarchies {
            let levels: Vec<String> = hierarchy.levels.iter().map(|level| self.full_name(level)).collect();
            let next = levels
                .iter()
                .position(|level| level == field)
                .and_then(|at| levels.get(at + 1));
            if let Some(next) = next.filter(|next| !below.contains(*next)) {
                below.push(next.clone());
            }
        }
        below
    }
}

impl ModelTable {
    /// Those of the document, without the numbers that stand for its points.
    pub fn written_dimensions(&self) -> impl Iterator<Item = &Dimension> {
        self.dimensions
            .iter()
            .filter(|dimension| dimension.coordinate_of.is_none())
    }

    /// To be called when dimensions were changed in place: their points have their numbers again.
    pub fn settle_points(&mut self) {
        super::place::settle(&mut self.dimensions);
    }

    pub fn dimension(&self, name: &str) -> Option<&Dimension> {
        self.dimensions.iter().find(|dimension| dimension.name.as_str() == name)
    }

    pub fn display_label(&self) -> String {
        self.label
            .clone()
            .unwrap_or_else(|| super::humanize(self.name.as_str()))
    }
}

impl Dimension {
    pub const fn new(name: Identifier, kind: DimensionType, expr: Expression) -> Self {
        Self {
            name,
            kind,
            expr,
            label: None,
            description: None,
            hidden: false,
            synonyms: Vec::new(),
            format: None,
            stored: None,
            zone: None,
            grains: Vec::new(),
            bins: Vec::new(),
            default_aggregation: None,
            values: None,
            atlas: None,
            coordinate_of: None,
        }
    }

    /// The point that it is.
    pub fn point(&self) -> Option<&Point> {
        match &self.expr {
            Expression::Point(point) => Some(point),
            Expression::Col(_) | Expression::Sql(_) | Expression::Field(_) | Expression::Json(_) => None,
        }
    }

    pub fn display_label(&self) -> String {
        self.label
            .clone()
            .unwrap_or_else(|| super::humanize(self.name.as_str()))
    }
}
