//! The profile of one column.

use polars::prelude::*;
use shared::{
    dataset::{ColumnProfile, TopValue},
    table::Cell,
};

use super::{
    counter::{FixedCounter, TextCounter},
    histogram::Histogram,
};
use crate::{
    answer::{date_text, decimal_text, instant_text, time_text, wall_clock_text},
    lower::Kind,
};

const TOP: usize = 10;
const TEXT_CHARACTERS: usize = 200;

/// What is kept depends on how values are stored.
enum Values {
    /// Whole numbers and everything temporal, in the unit they are stored in.
    Integers {
        counter: FixedCounter<i64>,
        range: Option<(i64, i64)>,
        sum: i128,
    },
    /// Bits of floating-point numbers, −0 as 0.
    Numbers {
        counter: FixedCounter<u64>,
        range: Option<(f64, f64)>,
        sum: f64,
    },
    Decimals {
        counter: FixedCounter<i128>,
        range: Option<(i128, i128)>,
        sum: f64,
        scale: usize,
    },
    Booleans {
        truths: u64,
        falsehoods: u64,
    },
    Texts {
        counter: TextCounter,
        range: Option<(String, String)>,
    },
}

pub struct ColumnProfiler {
    name: String,
    kind: Kind,
    nulls: u64,
    filled: u64,
    values: Values,
    second_pass: Option<Histogram>,
}

impl ColumnProfiler {
    pub fn new(name: &str, kind: Kind, limit: usize) -> Self {
        let values = match kind {
            Kind::Boolean => Values::Booleans {
                truths: 0,
                falsehoods: 0,
            },
            Kind::Integer | Kind::Date | Kind::Time | Kind::Timestamp | Kind::Instant => Values::Integers {
                counter: FixedCounter::new(limit),
                range: None,
                sum: 0,
            },
            Kind::Number => Values::Numbers {
                counter: FixedCounter::new(limit),
                range: None,
                sum: 0.0,
            },
            Kind::Decimal { scale } => Values::Decimals {
                counter: FixedCounter::new(limit),
                range: None,
                sum: 0.0,
                scale,
            },
            Kind::Null | Kind::Text => Values::Texts {
                counter: TextCounter::new(limit),
                range: None,
            },
        };
        Self {
            name: name.to_owned(),
            kind,
            nulls: 0,
            filled: 0,
            values,
            second_pass: None,
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn update(&mut self, column: &Column) -> PolarsResult<()> {
        let series = column.as_materialized_series();
        let nulls = u64::try_from(series.null_count()).unwrap_or_default();
        self.nulls += nulls;
        self.filled += u64::try_from(series.len()).unwrap_or_default() - nulls;
        match &mut self.values {
            Values::Booleans { truths, falsehoods } => {
                for truth in series.bool()?.iter().flatten() {
                    *(if truth { &mut *truths } else { &mut *falsehoods }) += 1;
                }
            }
            Values::Integers { counter, range, sum } => {
                for value in integers(series)?.iter().flatten() {
                    widen(range, value);
                    *sum += i128::from(value);
                    counter.add(value);
                }
            }
            Values::Numbers { counter, range, sum } => {
                for value in series.f64()?.iter().flatten().filter(|value| value.is_finite()) {
                    let value = value + 0.0;
                    let (low, high) = range.get_or_insert((value, value));
                    *low = low.min(value);
                    *high = high.max(value);
                    *sum += value;
                    counter.add(value.to_bits());
                }
            }
            Values::Decimals {
                counter,
                range,
                sum,
                scale,
            } => {
                let unit = unit(*scale);
                for value in series.decimal()?.physical().iter().flatten() {
                    widen(range, value);
                    *sum += approximate(value) * unit;
                    counter.add(value);
                }
            }
            Values::Texts { counter, range } => {
                for text in series.str()?.iter().flatten() {
                    match range {
                        None => *range = Some((text.to_owned(), text.to_owned())),
                        Some((low, _)) if text < low.as_str() => text.clone_into(low),
                        Some((_, high)) if text > high.as_str() => text.clone_into(high),
                        Some(_) => {}
                    }
                    counter.add(text);
                }
            }
        }
        Ok(())
    }

    /// Numbers and times with too many distinct values to have a histogram made from their counts.
    pub const fn needs_second_pass(&self) -> bool {
        match &self.values {
            Values::Integers { counter, .. } => !counter.is_complete(),
            Values::Numbers { counter, .. } => !counter.is_complete(),
            Values::Decimals { counter, .. } => !counter.is_complete(),
            Values::Booleans { .. } | Values::Texts { .. } => false,
        }
    }

    pub fn update_histogram(&mut self, column: &Column) -> PolarsResult<()> {
        let Some((from, to)) = self.range() else { return Ok(()) };
        let histogram = self
            .second_pass
            .get_or_insert_with(|| Histogram::new(from, to, u64::MAX));
        let series = column.as_materialized_series();
        match &self.values {
            Values::Integers { .. } => integers(series)?
                .iter()
                .flatten()
                .for_each(|value| histogram.add(position(self.kind, value), 1)),
            Values::Numbers { .. } => series
                .f64()?
                .iter()
                .flatten()
                .filter(|value| value.is_finite())
                .for_each(|value| histogram.add(value, 1)),
            Values::Decimals { scale, .. } => {
                let unit = unit(*scale);
                series
                    .decimal()?
                    .physical()
                    .iter()
                    .flatten()
                    .for_each(|value| histogram.add(approximate(value) * unit, 1));
            }
            Values::Booleans { .. } | Values::Texts { .. } => {}
        }
        Ok(())
    }

    /// Smallest and largest value on the axis of the histogram.
    fn range(&self) -> Option<(f64, f64)> {
        match &self.values {
            Values::Integers { range, .. } => {
                range.map(|(low, high)| (position(self.kind, low), position(self.kind, high)))
            }
            Values::Numbers { range, .. } => *range,
            Values::Decimals { range, scale, .. } => {
                range.map(|(low, high)| (approximate(low) * unit(*scale), approximate(high) * unit(*scale)))
            }
            Values::Booleans { .. } | Values::Texts { .. } => None,
        }
    }

    pub fn finish(self) -> ColumnProfile {
        let histogram = self.histogram();
        let filled = self.filled;
        let mut profile = ColumnProfile {
            nulls: self.nulls,
            histogram,
            ..ColumnProfile::default()
        };
        match self.values {
            Values::Booleans { truths, falsehoods } => {
                let mut counted = vec![(true, truths), (false, falsehoods)];
                counted.retain(|(_, count)| *count > 0);
                counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
                profile.distinct = u64::try_from(counted.len()).unwrap_or_default();
                profile.min = counted
                    .iter()
                    .map(|(truth, _)| *truth)
                    .min()
                    .map_or(Cell::Null, Cell::Bool);
                profile.max = counted
                    .iter()
                    .map(|(truth, _)| *truth)
                    .max()
                    .map_or(Cell::Null, Cell::Bool);
                profile.top = counted
                    .into_iter()
                    .map(|(truth, count)| TopValue {
                        value: Cell::Bool(truth),
                        count,
                    })
                    .collect();
            }
            Values::Integers { counter, range, sum } => {
                let write = |value| integer_cell(self.kind, value);
                fill(&mut profile, &counter, range, write, filled);
                if self.kind == Kind::Integer && filled > 0 {
                    profile.mean = Some(approximate(sum) / approximate(i128::from(filled)));
                }
            }
            Values::Numbers { counter, range, sum } => {
                fill(
                    &mut profile,
                    &counter,
                    None,
                    |bits| Cell::from(f64::from_bits(bits)),
                    filled,
                );
                (profile.min, profile.max) = range.map_or((Cell::Null, Cell::Null), |(low, high)| {
                    (Cell::from(low), Cell::from(high))
                });
                profile.mean = (filled > 0)
                    .then(|| sum / approximate(i128::from(filled)))
                    .filter(|mean| mean.is_finite());
            }
            Values::Decimals {
                counter,
                range,
                sum,
                scale,
            } => {
                fill(
                    &mut profile,
                    &counter,
                    range,
                    |value| Cell::Text(decimal_text(value, scale)),
                    filled,
                );
                profile.mean = (filled > 0).then(|| sum / approximate(i128::from(filled)));
            }
            Values::Texts { counter, range } => {
                profile.distinct = counter.distinct();
                profile.distinct_is_estimate = !counter.is_exact();
                let cut = |text: &str| Cell::Text(text.chars().take(TEXT_CHARACTERS).collect());
                if let Some((low, high)) = range {
                    profile.min = cut(&low);
                    profile.max = cut(&high);
                }
                if says_something(profile.distinct, filled) {
                    profile.top = counter
                        .top(TOP)
                        .into_iter()
                        .map(|(text, count)| TopValue {
                            value: cut(text),
                            count,
                        })
                        .collect();
                }
            }
        }
        profile
    }

    fn histogram(&self) -> Vec<shared::dataset::HistogramBin> {
        if let Some(histogram) = &self.second_pass {
            return histogram.clone().into_bins();
        }
        let Some((from, to)) = self.range() else {
            return Vec::new();
        };
        let mut histogram;
        match &self.values {
            Values::Integers { counter, .. } => {
                histogram = Histogram::new(from, to, counter.distinct());
                counter
                    .iter()
                    .for_each(|(value, count)| histogram.add(position(self.kind, value), count));
            }
            Values::Numbers { counter, .. } => {
                histogram = Histogram::new(from, to, counter.distinct());
                counter
                    .iter()
                    .for_each(|(bits, count)| histogram.add(f64::from_bits(bits), count));
            }
            Values::Decimals { counter, scale, .. } => {
                let unit = unit(*scale);
                histogram = Histogram::new(from, to, counter.distinct());
                counter
                    .iter()
                    .for_each(|(value, count)| histogram.add(approximate(value) * unit, count));
            }
            Values::Booleans { .. } | Values::Texts { .. } => return Vec::new(),
        }
        histogram.into_bins()
    }
}

fn fill<K: Copy + Eq + std::hash::Hash + Ord>(
    profile: &mut ColumnProfile,
    counter: &FixedCounter<K>,
    range: Option<(K, K)>,
    write: impl Fn(K) -> Cell,
    filled: u64,
) {
    profile.distinct = counter.distinct();
    profile.distinct_is_estimate = !counter.is_exact();
    if let Some((low, high)) = range {
        profile.min = write(low);
        profile.max = write(high);
    }
    if says_something(profile.distinct, filled) {
        profile.top = counter
            .top(TOP)
            .into_iter()
            .map(|(value, count)| TopValue {
                value: write(value),
                count,
            })
            .collect();
    }
}

/// Ten of a million different values are not "the most frequent".
const fn says_something(distinct: u64, filled: u64) -> bool {
    distinct < filled || distinct <= 10
}

fn widen<T: Copy + Ord>(range: &mut Option<(T, T)>, value: T) {
    let (low, high) = range.get_or_insert((value, value));
    *low = (*low).min(value);
    *high = (*high).max(value);
}

/// The stored whole numbers behind integers and temporal values.
fn integers(series: &Series) -> PolarsResult<Int64Chunked> {
    let physical = series.to_physical_repr();
    Ok(physical.cast(&DataType::Int64)?.i64()?.clone())
}

fn integer_cell(kind: Kind, value: i64) -> Cell {
    match kind {
        Kind::Date => date_text(value),
        Kind::Time => time_text(value),
        Kind::Timestamp => wall_clock_text(value, None),
        Kind::Instant => instant_text(value, None),
        Kind::Null | Kind::Boolean | Kind::Integer | Kind::Number | Kind::Decimal { .. } | Kind::Text => {
            Cell::Int(value)
        }
    }
}

/// On the axis of the histogram: numbers as they are, times in milliseconds.
fn position(kind: Kind, value: i64) -> f64 {
    let value = approximate(i128::from(value));
    match kind {
        Kind::Date => value * 86_400_000.0,
        Kind::Time => value / 1_000_000.0,
        Kind::Timestamp | Kind::Instant => value / 1000.0,
        Kind::Null | Kind::Boolean | Kind::Integer | Kind::Number | Kind::Decimal { .. } | Kind::Text => value,
    }
}

fn unit(scale: usize) -> f64 {
    10_f64.powi(-i32::try_from(scale).unwrap_or_default())
}

#[expect(clippy::cast_precision_loss, reason = "means and bins are approximate")]
const fn approximate(value: i128) -> f64 {
    value as f64
}
