//! What services count, each under one name. Without a recorder, as in commands of the console, counting does nothing.

use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use shared::semantic::CacheState;

const QUERIES: &str = "sightline_queries_total";
const QUERY_SECONDS: &str = "sightline_query_duration_seconds";
const LIMITED: &str = "sightline_rate_limited_total";
const LOADS: &str = "sightline_dataset_loads_total";
const LOAD_SECONDS: &str = "sightline_dataset_load_duration_seconds";

/// Every name that services count under.
pub const NAMES: [&str; 5] = [QUERIES, QUERY_SECONDS, LIMITED, LOADS, LOAD_SECONDS];

/// What the names mean, for whoever reads them.
pub fn describe() {
    describe_counter!(
        QUERIES,
        "Queries by outcome: hit (kept answer), miss (computed), failed"
    );
    describe_histogram!(QUERY_SECONDS, Unit::Seconds, "Time of queries that were computed");
    describe_counter!(LIMITED, "Requests that met a rate limit, by limit");
    describe_counter!(LOADS, "Files that were to be loaded, by outcome: loaded, failed");
    describe_histogram!(
        LOAD_SECONDS,
        Unit::Seconds,
        "Time from the order to load a file to the data set"
    );
}

/// One question of a person or a tile; `None`: it failed.
pub(crate) fn asked(outcome: Option<CacheState>, duration: Duration) {
    let word = match outcome {
        Some(CacheState::Hit) => "hit",
        Some(CacheState::Miss) => "miss",
        None => "failed",
    };
    counter!(QUERIES, "outcome" => word).increment(1);
    if outcome == Some(CacheState::Miss) {
        histogram!(QUERY_SECONDS).record(duration.as_secs_f64());
    }
}

/// One file; stopped by its sender counts as failed.
pub(crate) fn loaded(is_good: bool, duration: Duration) {
    counter!(LOADS, "outcome" => if is_good { "loaded" } else { "failed" }).increment(1);
    if is_good {
        histogram!(LOAD_SECONDS).record(duration.as_secs_f64());
    }
}

/// A request that came too soon after others.
pub(crate) fn limited(limit: &'static str) {
    counter!(LIMITED, "limit" => limit).increment(1);
}
