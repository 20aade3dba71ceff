//! Query document → resolved query → branches → logical plan. Every stage is a pure function and can be printed.

mod context;
mod policy;

pub use context::PlanContext;
pub use policy::Policy;

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
pub fn plan_query(query: &Query, model: &Model, policy: &Policy, context: &PlanContext) -> Result<PlannedQuery, AppError> {
    let _ = (query, model, policy, context);
    Err(AppError::new(shared::ErrorCode::Unsupported, "Queries cannot be planned yet."))
}

/// The cache key of a query: equal keys have equal answers over equal data. Canonical query, model version, policy,
/// absolute time ranges and zone, as one stable JSON text.
///
/// # Errors
/// As [`plan_query`], for what is needed to resolve times.
pub fn canonical_key(query: &Query, model: &Model, policy: &Policy, context: &PlanContext) -> Result<String, AppError> {
    let _ = (query, model, policy, context);
    Err(AppError::new(shared::ErrorCode::Unsupported, "Queries cannot be planned yet."))
}

/// Every stage of the plan as stable text.
///
/// # Errors
/// As [`plan_query`].
pub fn explain(query: &Query, model: &Model, policy: &Policy, context: &PlanContext) -> Result<String, AppError> {
    let planned = plan_query(query, model, policy, context)?;
    Ok(planned.rows.to_string())
}
