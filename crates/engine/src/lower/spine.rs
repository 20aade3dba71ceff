//! Every bucket start of a stretch of time, whether or not there is data in it.

use chrono::{DateTime, Months, NaiveDateTime};
use polars::prelude::*;
use shared::{
    AppError, ErrorCode,
    semantic::{Span, TimeUnit as Unit},
};

use super::{
    Kind, explain,
    table::{Columns, Table},
};
use crate::protocol::WorkerFailure;

/// More buckets than any chart or table can show.
const BUCKET_LIMIT: usize = 1_000_000;

pub fn lower(column: &str, from: i64, to: i64, step: Span) -> Result<Table, WorkerFailure> {
    let starts = bucket_starts(from, to, step)?;
    let series = Series::new(column.into(), starts)
        .cast(&Kind::Timestamp.dtype())
        .map_err(explain)?;
    let frame = DataFrame::new_infer_height(vec![series.into_column()]).map_err(explain)?;
    let columns = Columns(vec![(column.to_owned(), Kind::Timestamp)]);
    Ok(Table::new(frame.lazy(), columns))
}

/// `from`, `from + step`, … < `to`. Months are counted from `from`, so that the 31st comes back after February.
fn bucket_starts(from: i64, to: i64, step: Span) -> Result<Vec<i64>, WorkerFailure> {
    let mut starts = Vec::new();
    for index in 0_u32.. {
        let Some(start) = advance(from, step, index).filter(|start| *start < to) else {
            break;
        };
        if starts.len() == BUCKET_LIMIT || step.count == 0 {
            return Err(WorkerFailure::refuse(
                AppError::new(
                    ErrorCode::Limit,
                    format!("The time range has more than {BUCKET_LIMIT} buckets."),
                )
                .with_hint("Choose a coarser grain or a shorter range."),
            ));
        }
        starts.push(start);
    }
    Ok(starts)
}

fn advance(from: i64, step: Span, times: u32) -> Option<i64> {
    const MINUTE: i64 = 60_000_000;
    let count = step.count.checked_mul(times)?;
    let fixed = |unit: i64| {
        i64::from(count)
            .checked_mul(unit)
            .and_then(|length| from.checked_add(length))
    };
    match step.unit {
        Unit::Minute => fixed(MINUTE),
        Unit::Hour => fixed(60 * MINUTE),
        Unit::Day => fixed(24 * 60 * MINUTE),
        Unit::Week => fixed(7 * 24 * 60 * MINUTE),
        Unit::Month => add_months(from, count),
        Unit::Quarter => add_months(from, count.checked_mul(3)?),
        Unit::Year => add_months(from, count.checked_mul(12)?),
    }
}

fn add_months(from: i64, months: u32) -> Option<i64> {
    let start: NaiveDateTime = DateTime::from_timestamp_micros(from)?.naive_utc();
    Some(
        start
            .checked_add_months(Months::new(months))?
            .and_utc()
            .timestamp_micros(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(text: &str) -> i64 {
        text.parse::<NaiveDateTime>().unwrap().and_utc().timestamp_micros()
    }

    #[test]
    fn months_are_counted_from_the_start() {
        let (from, to) = (micros("2026-01-31T00:00:00"), micros("2026-04-01T00:00:00"));
        let starts = bucket_starts(
            from,
            to,
            Span {
                count: 1,
                unit: Unit::Month,
            },
        )
        .unwrap();
        let expected = ["2026-01-31T00:00:00", "2026-02-28T00:00:00", "2026-03-31T00:00:00"].map(micros);
        assert_eq!(starts, expected);
    }

    #[test]
    fn endless_spines_are_refused() {
        assert!(
            bucket_starts(
                0,
                i64::MAX,
                Span {
                    count: 1,
                    unit: Unit::Minute
                }
            )
            .is_err()
        );
        assert!(
            bucket_starts(
                0,
                1,
                Span {
                    count: 0,
                    unit: Unit::Day
                }
            )
            .is_err()
        );
        assert!(
            bucket_starts(
                5,
                5,
                Span {
                    count: 1,
                    unit: Unit::Day
                }
            )
            .unwrap()
            .is_empty()
        );
    }
}
