//! Numbers between Rust's and the database's, which knows signed ones only.

/// Larger than the database can hold becomes its greatest.
pub(crate) fn to_stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// As `to_stored`, for small columns.
pub(crate) fn to_stored_small(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
