//! What a failure inside Polars means to the caller.

use polars::prelude::PolarsError;
use shared::{AppError, ErrorCode};

use crate::protocol::WorkerFailure;

/// The failure behind an error of Polars. Its text goes to the log only: it may hold cell values.
pub fn explain(error: PolarsError) -> WorkerFailure {
    let detail = error.to_string();
    let public = if ["Cannot allocate memory", "os error 12", "memory allocation"]
        .iter()
        .any(|sign| detail.contains(sign))
    {
        AppError::new(ErrorCode::OutOfMemory, "This needs more memory than a query may use.")
    } else if detail.contains("regex") {
        AppError::new(ErrorCode::Invalid, "The pattern is no valid regular expression.")
    } else if detail.contains("i128") {
        AppError::new(
            ErrorCode::Limit,
            "A sum of whole numbers is larger than 64 bits can hold.",
        )
        .with_hint("Change the column's type to number or decimal.")
    } else {
        AppError::internal()
    };
    WorkerFailure {
        public,
        detail: Some(detail),
    }
}

/// Types that do not meet. Expressions of a model are people's own, so that it is said what does not fit; `what` names types
/// and columns, never values.
pub fn mismatched(what: impl Into<String>) -> WorkerFailure {
    let what = what.into();
    let message = format!("A definition of the model cannot be computed: {what}.");
    WorkerFailure {
        public: AppError::new(ErrorCode::Invalid, message)
            .with_hint("Look at the expressions of the fields and metrics that are asked for."),
        detail: Some(what),
    }
}

/// The plan contradicts itself or its data; a defect of whoever made it.
pub fn impossible(detail: impl Into<String>) -> WorkerFailure {
    WorkerFailure::internal(detail)
}
