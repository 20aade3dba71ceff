//! Query document → resolved query → branches → logical plan. Every stage is a pure function and can be printed.
//!
//! | stage | file | gives |
//! |---|---|---|
//! | resolve | `resolve`, `metric`, `names`, `interval` | [`resolved::Resolved`]: typed fields, leaves, one clock |
//! | lower | `lower`, `gate`, `moments`, `literal` | conditions and keys as expressions of one fact |
//! | rows | `rows`, `shift`, `start_of`, `periods`, `spine` | the rows of one fact in one period, with keys and arguments |
//! | measure | `measure` | branches aggregated, united and grouped again; ratios, comparisons, filling |
//! | assemble | `calculate`, `having`, `top`, `assemble` | the plan of the rows, and one per total |
//! | rewrite | `rollup` | the same plans, reading what rollups keep where that answers |
//!
//! Where the contract leaves room, this is how it is read:
//! - `last` without `complete` runs to the end of the current unit, `to_date` to `as_of`. A range made of units stays the
//!   same all day, so that answers can be cached.
//! - Buckets of a day and coarser are dates; finer ones of instants are instants.
//! - A key is in the answer when any metric has a row for it. A metric's own filter decides which rows those are.
//! - The axis (what ranges, comparison and filling act on) is `time.field`; else the first time that is grouped by; else
//!   each metric's own. Conditions on it directly under `where` that are one stretch of time narrow the range.
//! - In a comparison, other conditions on the axis act on the displayed period where it decides them, else on the rows
//!   that are read. Weeks compared by the year read the week that the shifted Monday falls into; week 53 has no partner
//!   in a year without one.
//! - The rest of a top-N stands after the members beside it, whatever its value. Ranks and running totals are of the
//!   members; the rest has none.
//! - Running totals of what cannot be added up are refused.
//! - Filling an open range goes from the first to the last bucket that has rows.
//! - A calendar's grain is looked up by day; days that it does not have are in no period. As an offset it pairs days.
//! - Base events of a conversion at one time are told apart by the keys of the answer, the least first.
//! - Values of groups within a metric are grouped by their rows' own time, also in an earlier period.
//! - With `of`, conditions on what a member has one of choose members; all others only choose rows.

mod aggregation;
mod assemble;
mod calculate;
mod calendar;
mod canonical;
mod clock;
mod columns;
mod context;
mod custom_function;
mod definition;
mod explain;
mod gate;
mod having;
mod interval;
mod levels;
mod literal;
mod located;
mod lower;
mod masks;
mod measure;
mod metric;
mod moments;
mod names;
mod naming;
mod periods;
mod points;
mod policy;
mod probe;
mod ranges;
mod resolve;
mod resolved;
mod rollup;
mod rows;
mod scope;
mod shift;
mod spine;
mod start_of;
mod time_condition;
mod top;

pub use context::PlanContext;
pub use policy::{Identity, Policy};
pub use probe::{JoinSide, OVERLAPS, PROBED, join_probe, overlap_probe};
pub use ranges::{widths_query, with_widths};
pub use rollup::{RollupPlan, rollup_plan, value_index_plan, with_rollup};
pub use scope::parameters;

use shared::{
    AppError,
    semantic::{Model, Query},
};

use crate::logical::PlannedQuery;

/// The plan of a query over a model, as a principal with `policy` may ask it.
///
/// # Errors
/// What is wrong with the query, with the field and candidates: `unknown_field`, `unreachable_dimension`, `invalid`,
/// `limit`, `non_additive`, `unsupported`, `forbidden` (a masked column).
pub fn plan_query(
    query: &Query,
    model: &Model,
    policy: &Policy,
    context: &PlanContext,
) -> Result<PlannedQuery, AppError> {
    let query = points::with_coordinates(query, model);
    let parameters = scope::parameters(&query, model)?;
    assemble::assemble(&resolve::resolve(&query, model, policy, &parameters, context, 0)?)
}

/// The cache key of a query: equal keys have equal answers over equal data. Canonical query, model version, policy,
/// absolute time ranges and zone, as one stable JSON text.
///
/// # Errors
/// As [`plan_query`], for names and times.
pub fn canonical_key(query: &Query, model: &Model, policy: &Policy, context: &PlanContext) -> Result<String, AppError> {
    canonical::canonical(&points::with_coordinates(query, model), model, policy, context)
}

/// Every stage of the plan as stable text.
///
/// # Errors
/// As [`plan_query`].
pub fn explain(query: &Query, model: &Model, policy: &Policy, context: &PlanContext) -> Result<String, AppError> {
    let query = points::with_coordinates(query, model);
    let parameters = scope::parameters(&query, model)?;
    let resolved = resolve::resolve(&query, model, policy, &parameters, context, 0)?;
    let planned = assemble::assemble(&resolved)?;
    Ok(explain::explained(&resolved, &planned))
}
