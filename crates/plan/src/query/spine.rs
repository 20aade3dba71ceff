//! Unbroken rows of buckets.

use shared::{
    AppError, ErrorCode,
    semantic::{Grain, Span, TimeUnit},
    table::ColumnType,
};

use super::{calendar, clock::Clock, interval::Interval, moments::TimeKind, shift::spine_bounds};
use crate::logical::{Expression, Function, Literal, Named, Node};

/// More buckets than this are a range taken by mistake.
const MOST_BUCKETS: i64 = 1_000_000;
const MOST_LITERAL_BUCKETS: i64 = 100_000;

/// One column `name` with the start of every bucket that the interval touches, typed as `TimeValue::bucket` gives it.
/// Open ends reach as far as people keep data, for days and coarser.
///
/// # Errors
/// `limit` for too many buckets.
pub fn spine(name: &str, interval: Interval, grain: Grain, kind: &TimeKind, clock: &Clock) -> Result<Node, AppError> {
    let (from, to) = spine_bounds(interval, grain, clock);
    let (from, to) = match kind {
        // On the line of instants, so that a day has its 23 or 25 hours.
        TimeKind::Instant | TimeKind::WallIn(_) => (clock.zone.instant_of(from), clock.zone.instant_of(to)),
        TimeKind::Date | TimeKind::Wall => (from, to),
    };
    let step = calendar::step(grain);
    let length = if step.months == 0 {
        step.microseconds
    } else {
        i64::from(step.months) * 28 * calendar::DAY
    };
    let buckets = (to - from) / length;
    let most = if span(grain).is_some() {
        MOST_BUCKETS
    } else {
        MOST_LITERAL_BUCKETS
    };
    if buckets > most {
        let message = format!("The range has more than {most} buckets of one {}.", grain.as_str());
        return Err(AppError::new(ErrorCode::Limit, message)
            .with_field("time")
            .with_hint("Take a shorter range or a coarser grain."));
    }
    let walls = match span(grain) {
        Some(step) => Node::Spine {
            column: name.to_owned(),
            from,
            to,
            step,
        },
        None => Node::Values {
            columns: vec![name.to_owned()],
            rows: (0..buckets)
                .map(|index| vec![Literal::Timestamp(from + index * length)])
                .collect(),
        },
    };
    let column = Expression::column(name);
    let value = match kind {
        TimeKind::Date => Expression::call(Function::Cast(ColumnType::Date), vec![column]),
        TimeKind::Wall => return Ok(walls),
        TimeKind::WallIn(_) | TimeKind::Instant => {
            Expression::call(Function::ToInstant { zone: "UTC".to_owned() }, vec![column])
        }
    };
    Ok(walls.project(vec![Named::new(name, value)]))
}

const fn span(grain: Grain) -> Option<Span> {
    let unit = match grain {
        Grain::Millisecond | Grain::Second => return None,
        Grain::Minute => TimeUnit::Minute,
        Grain::Hour => TimeUnit::Hour,
        Grain::Day => TimeUnit::Day,
        Grain::Week => TimeUnit::Week,
        Grain::Month => TimeUnit::Month,
        Grain::Quarter => TimeUnit::Quarter,
        Grain::Year => TimeUnit::Year,
    };
    Some(Span { count: 1, unit })
}
