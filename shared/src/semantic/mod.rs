//! The semantic layer as documents: the model (what the data means), the query (what is asked) and the answer.

mod access;
mod answer;
mod calendar;
mod condition;
mod format;
mod formula;
mod infer;
mod join;
mod json_path;
mod metric;
mod model;
mod parameter;
mod place;
mod proposal;
mod query;
mod rollup;
mod summary;
mod time;
mod usage;

pub use access::AccessEntry;
pub use answer::{
    Answer, AnswerColumn, CacheState, ColumnRole, Direction, Explanation, FinerLevel, TotalRows, Warning,
};
pub use calendar::{
    Calendar, CalendarGrain, FISCAL_GRAINS, FiscalYearStart, FunctionBody, FunctionDefinition, Hierarchy,
};
pub use condition::{Condition, FieldCondition, MetricCondition, Missing, Operator, RowCondition};
pub use format::{Format, FormatKind};
pub use formula::{Formula, FormulaComparison, FormulaCondition, FormulaFunction, FormulaOperator, FormulaTerm};
pub use infer::{InferredColumn, humanize, infer_model, machine_name};
pub use join::{Cardinality, Join, Validity};
pub use json_path::{JsonPath, JsonStep, JsonValue};
pub use metric::{
    ConversionMetric, ConversionResult, MetricDefinition, MetricInput, MetricKind, MetricRef, NestedMetric, Pick,
    RollUp, SemiAdditive, SimpleMetric, TimeSource,
};
pub use model::{
    Aggregation, Dimension, DimensionType, Empty, Expression, GrainOf, Interpolation, Model, ModelTable, Segment,
    Source, StoredTime, ValueIndex,
};
pub use parameter::{Parameter, ParameterType};
pub use place::{Atlas, Point, coordinate_names};
pub use proposal::{JoinProposal, JoinProposals};
pub use query::{
    AutoBin, Bin, Calculation, CalculationKind, ColumnAggregation, Compare, CompareAlign, CompareOutput,
    ComparePartial, DimensionRef, DimensionWithOptions, Fill, FillDimensions, MetricSelection, MetricWithOptions,
    Multiply, Query, Sort, SortDirection, TIME_FIELD, TimeFilter, Top,
};
pub use rollup::{RefreshInterval, Rollup, RollupBuilt, RollupState, RollupStatus, RollupTime};
pub use summary::{ModelCheck, ModelSaved, ModelSummary, ModelVersionInfo};
pub use time::{
    AllRange, BetweenRange, CalendarSpan, DatePart, Grain, GrainName, LastRange, NextRange, Offset, RangeUnit, Span,
    StartOf, ThisRange, TimeRange, TimeUnit, ToDateRange, WeekStart,
};
pub use usage::{DashboardUsage, ModelUsage, NamesUsed, PublishedUsage};
