//! Conditions on times as stretches of time.

use shared::{
    AppError,
    semantic::{FieldCondition, Grain, GrainName, Operator},
};

use super::{
    calendar,
    clock::{Clock, Moment},
    interval::{Interval, resolve_range},
    literal::moment,
};

/// The time lies in one of the stretches (or, when negated, in none of them).
#[derive(Clone, Debug, PartialEq)]
pub struct TimeSet {
    pub intervals: Vec<Interval>,
    pub negated: bool,
}

impl TimeSet {
    /// The one stretch it stands for.
    pub const fn single(&self) -> Option<Interval> {
        match (self.intervals.as_slice(), self.negated) {
            ([interval], false) => Some(*interval),
            _ => None,
        }
    }
}

/// Nothing at all: an interval that ends where it starts.
fn nothing(at: Moment) -> Interval {
    Interval::between(at, at)
}

/// The stretches of a condition on a time that is not about a part nor about NULL. With `grain` the truncated time is
/// compared.
///
/// # Errors
/// `invalid` naming the field: unreadable dates, missing operands, an operator for text.
pub fn time_set(condition: &FieldCondition, clock: &Clock) -> Result<TimeSet, AppError> {
    let field = condition.field.as_str();
    let wrong = |message: String| AppError::invalid(field, message);
    let one = || {
        let value = condition
            .value
            .as_ref()
            .ok_or_else(|| wrong(format!("The condition on {field} needs a value.")))?;
        moment(value, field, clock)
    };
    let many = || {
        let values = condition
            .values
            .as_ref()
            .ok_or_else(|| wrong(format!("The condition on {field} needs values.")))?;
        values
            .iter()
            .map(|value| moment(value, field, clock))
            .collect::<Result<Vec<_>, _>>()
    };
    let cells = Cells {
        // The start of a calendar's period is compared as it is stored.
        grain: condition.grain.as_ref().and_then(GrainName::common),
        clock,
    };
    let set = |intervals, negated| Ok(TimeSet { intervals, negated });
    match condition.op {
        Operator::Eq => set(vec![cells.equal(one()?)], false),
        Operator::Ne => set(vec![cells.equal(one()?)], true),
        Operator::In => set(many()?.into_iter().map(|value| cells.equal(value)).collect(), false),
        Operator::NotIn => set(many()?.into_iter().map(|value| cells.equal(value)).collect(), true),
        Operator::Gte => set(
            vec![Interval {
                from: Some(cells.first_from(one()?)),
                to: None,
            }],
            false,
        ),
        Operator::Gt => set(
            vec![Interval {
                from: Some(cells.after(one()?)),
                to: None,
            }],
            false,
        ),
        Operator::Lt => set(
            vec![Interval {
                from: None,
                to: Some(cells.first_from(one()?)),
            }],
            false,
        ),
        Operator::Lte => set(
            vec![Interval {
                from: None,
                to: Some(cells.after(one()?)),
            }],
            false,
        ),
        Operator::Between => match many()?.as_slice() {
            [low, high] => set(
                vec![Interval::between(cells.first_from(*low), cells.after(*high))],
                false,
            ),
            _ => Err(wrong(format!("between on {field} needs two values."))),
        },
        Operator::InRange => {
            let range = condition
                .range
                .as_ref()
                .ok_or_else(|| wrong(format!("in_range on {field} needs a range.")))?;
            set(vec![resolve_range(range, clock, field)?], false)
        }
        Operator::Contains | Operator::StartsWith | Operator::EndsWith | Operator::Matches => {
            Err(wrong(format!("{field} is a time; it cannot be searched as text.")))
        }
        Operator::IsNull | Operator::IsNotNull => Err(wrong(format!("{field} cannot be compared like this."))),
    }
}

/// The cells of the time line that a condition compares: buckets, or single microseconds.
struct Cells<'a> {
    grain: Option<Grain>,
    clock: &'a Clock,
}

impl Cells<'_> {
    /// The cell that starts at `value`; nothing when none does.
    fn equal(&self, value: Moment) -> Interval {
        if self.first_from(value) == value {
            Interval::between(value, self.after(value))
        } else {
            nothing(value)
        }
    }

    /// Start of the first cell that does not start before `value`.
    fn first_from(&self, value: Moment) -> Moment {
        match self.grain {
            Some(grain) => self.at(value, calendar::ceil(value.wall, grain, self.clock.week_start)),
            None => value,
        }
    }

    /// Start of the first cell that starts after `value`.
    fn after(&self, value: Moment) -> Moment {
        match self.grain {
            Some(grain) if grain < Grain::Day => {
                let floor = self.clock.truncate(value.wall, grain);
                let length = calendar::step(grain).microseconds;
                self.clock.at_instant(value.instant - (value.wall - floor) + length)
            }
            Some(grain) => {
                let floor = self.clock.truncate(value.wall, grain);
                self.clock.at_wall(calendar::shift(floor, calendar::step(grain)))
            }
            None => Moment {
                instant: value.instant + 1,
                wall: value.wall + 1,
            },
        }
    }

    /// Keeps the instant of a reading that exists twice.
    fn at(&self, value: Moment, wall: i64) -> Moment {
        if wall == value.wall {
            value
        } else {
            self.clock.at_wall(wall)
        }
    }
}
