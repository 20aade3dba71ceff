//! Names of columns inside a plan. They never meet the user's names: stored columns end at the first projection, output
//! names begin at the last; in between, what stands beside stored columns starts with two underscores.

pub const OTHERS: &str = "o";
pub const PICKED: &str = "__picked";
pub const CELL: &str = "__cell";
pub const SHOWN: &str = "__shown";
pub const ORDER: &str = "t";
pub const MOMENT: &str = "__moment";
pub const ROW: &str = "__row";

/// What has a moment of its own in a semi-additive metric.
pub fn per_name(place: usize) -> String {
    format!("__per{place}")
}

/// When a base event of a conversion happened.
pub const BASE_TIME: &str = "__base_time";

/// What a conversion shares with its base event.
pub fn same_name(place: usize) -> String {
    format!("__same{place}")
}

/// A dimension of the query, by position.
pub fn key_name(key: usize) -> String {
    format!("k{key}")
}

/// What a leaf aggregates.
pub fn argument_name(leaf: usize) -> String {
    format!("a{leaf}")
}

/// Not NULL in the rows that a filtered leaf counts.
pub fn flag_name(leaf: usize) -> String {
    format!("f{leaf}")
}

/// A leaf's aggregate; `period` is "" for the current one, `p0` … for comparisons, `e0` … for offsets.
pub fn value_name(period: &str, leaf: usize) -> String {
    format!("{period}v{leaf}")
}

/// How many rows a leaf's aggregate is made of.
pub fn rows_name(period: &str, leaf: usize) -> String {
    format!("{period}n{leaf}")
}

pub fn period_name(comparison: usize) -> String {
    format!("p{comparison}")
}

/// The period that inputs of metrics are taken from.
pub fn offset_name(offset: usize) -> String {
    format!("e{offset}")
}

/// The first time a leaf has a row, for a comparison.
pub fn first_name(comparison: usize, leaf: usize) -> String {
    format!("first{comparison}_{leaf}")
}

pub fn metric_name(metric: usize) -> String {
    format!("m{metric}")
}

/// A metric's value in the period compared with.
pub fn previous_name(comparison: usize, metric: usize) -> String {
    format!("c{comparison}_{metric}")
}

/// A value at fewer dimensions.
pub fn within_name(place: usize) -> String {
    format!("__within{place}")
}

pub fn calculation_name(calculation: usize) -> String {
    format!("s{calculation}")
}
