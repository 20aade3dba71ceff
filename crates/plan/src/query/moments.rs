//! A time inside a plan: how it is stored, and how it is truncated, taken apart, shifted and compared.

use shared::{
    AppError,
    semantic::{DatePart, Dimension, Grain, StoredTime},
    table::ColumnType,
};

use super::{
    calendar::{self, Shift},
    clock::{Clock, Zone},
    interval::Interval,
    located::Located,
};
use crate::logical::{BinaryOperator, Expression, Function, Literal};

/// What the expression of a time gives.
#[derive(Clone, Debug, PartialEq)]
pub enum TimeKind {
    /// A date; never moves.
    Date,
    /// A clock reading in the query's zone.
    Wall,
    /// A clock reading in another zone.
    WallIn(Zone),
    Instant,
}

impl TimeKind {
    /// # Errors
    /// `invalid` when its zone is unknown.
    pub fn of(dimension: &Dimension, model_zone: &str, clock: &Clock) -> Result<Self, AppError> {
        Ok(match dimension.stored {
            Some(StoredTime::Date) => Self::Date,
            Some(StoredTime::Timestamptz) => Self::Instant,
            Some(StoredTime::Timestamp) | None => {
                let zone = Zone::named(dimension.zone.as_deref().unwrap_or(model_zone), dimension.name.as_str())?;
                if zone == clock.zone {
                    Self::Wall
                } else {
                    Self::WallIn(zone)
                }
            }
        })
    }

    /// Of the value as it stands: a clock reading of another zone is shown as an instant.
    pub fn plain(self) -> Self {
        match self {
            Self::Date | Self::Wall | Self::Instant => self,
            Self::WallIn(_) => Self::Instant,
        }
    }

    /// Of its buckets.
    pub fn bucket(self, grain: Grain) -> Self {
        if grain >= Grain::Day { Self::Date } else { self.plain() }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct TimeValue {
    pub value: Expression,
    pub kind: TimeKind,
}

impl TimeValue {
    /// The stored column of a time dimension.
    ///
    /// # Errors
    /// `invalid` when its zone is unknown.
    pub fn stored(dimension: &Located<'_>, model_zone: &str, clock: &Clock) -> Result<Self, AppError> {
        Self::of(Some(dimension.dimension), dimension.value.clone(), model_zone, clock)
    }

    /// A value that is stored as `dimension` says; without one a clock reading of the query's zone.
    ///
    /// # Errors
    /// `invalid` when its zone is unknown.
    pub fn of(
        dimension: Option<&Dimension>,
        value: Expression,
        model_zone: &str,
        clock: &Clock,
    ) -> Result<Self, AppError> {
        let kind = match dimension {
            Some(dimension) => TimeKind::of(dimension, model_zone, clock)?,
            None => TimeKind::Wall,
        };
        Ok(Self { value, kind })
    }

    /// The start of the bucket: a date for grains of a day and coarser; else a wall clock, or an instant for what is an
    /// instant (the hour that comes twice in autumn stays two).
    pub fn bucket(&self, grain: Grain, clock: &Clock) -> Expression {
        let truncate = |zone: Option<String>, value: Expression| {
            Expression::call(
                Function::Truncate {
                    grain,
                    week_start: clock.week_start,
                    zone,
                },
                vec![value],
            )
        };
        let date = |value: Expression| Expression::call(Function::Cast(ColumnType::Date), vec![value]);
        let coarse = grain >= Grain::Day;
        match &self.kind {
            TimeKind::Date if grain == Grain::Day => self.value.clone(),
            TimeKind::Date => truncate(None, self.value.clone()),
            TimeKind::Wall if coarse => date(truncate(None, self.value.clone())),
            TimeKind::Wall => truncate(None, self.value.clone()),
            TimeKind::WallIn(_) | TimeKind::Instant if coarse => {
                date(truncate(Some(clock.zone.name()), self.instant()))
            }
            TimeKind::WallIn(_) | TimeKind::Instant => Expression::call(
                Function::TruncateInstant {
                    grain,
                    zone: clock.zone.name(),
                },
                vec![self.instant()],
            ),
        }
    }

    /// Type of `bucket(grain)`.
    pub fn bucket_kind(&self, grain: Grain) -> TimeKind {
        self.kind.clone().bucket(grain)
    }

    pub fn part(&self, part: DatePart, clock: &Clock) -> Expression {
        let (zone, value) = match &self.kind {
            TimeKind::Date | TimeKind::Wall => (None, self.value.clone()),
            TimeKind::WallIn(_) | TimeKind::Instant => (Some(clock.zone.name()), self.instant()),
        };
        Expression::call(Function::Part { part, zone }, vec![value])
    }

    /// As itself, for grouping without a grain: a date, a wall clock of the query's zone, or an instant.
    pub fn plain(&self) -> Expression {
        match &self.kind {
            TimeKind::Date | TimeKind::Wall | TimeKind::Instant => self.value.clone(),
            TimeKind::WallIn(_) => self.instant(),
        }
    }

    /// Its day on the query's clock.
    #[must_use]
    pub fn day(&self, clock: &Clock) -> Self {
        Self {
            value: self.bucket(Grain::Day, clock),
            kind: TimeKind::Date,
        }
    }

    /// A time of day as an instant, so that readings of two clocks can be compared.
    #[must_use]
    pub fn as_instant(&self, clock: &Clock) -> Self {
        let value = match &self.kind {
            TimeKind::Wall => {
                let zone = clock.zone.name();
                Expression::call(Function::ToInstant { zone }, vec![self.value.clone()])
            }
            TimeKind::Date | TimeKind::WallIn(_) | TimeKind::Instant => self.instant(),
        };
        Self {
            value,
            kind: TimeKind::Instant,
        }
    }

    fn instant(&self) -> Expression {
        match &self.kind {
            TimeKind::WallIn(zone) => {
                Expression::call(Function::ToInstant { zone: zone.name() }, vec![self.value.clone()])
            }
            TimeKind::Date | TimeKind::Wall | TimeKind::Instant => self.value.clone(),
        }
    }

    /// The same time moved: hours and minutes on the line of instants, days and more on the query's clock.
    #[must_use]
    pub fn shifted(&self, by: Shift, clock: &Clock) -> Self {
        let by_call = Function::Shift {
            months: by.months,
            microseconds: by.microseconds,
        };
        match &self.kind {
            TimeKind::Date => {
                let moved = Expression::call(by_call, vec![self.value.clone()]);
                Self {
                    value: Expression::call(Function::Cast(ColumnType::Date), vec![moved]),
                    kind: TimeKind::Date,
                }
            }
            TimeKind::Wall => Self {
                value: Expression::call(by_call, vec![self.value.clone()]),
                kind: TimeKind::Wall,
            },
            TimeKind::WallIn(_) | TimeKind::Instant if by.months == 0 && !by.is_whole_days() => Self {
                value: Expression::call(by_call, vec![self.instant()]),
                kind: TimeKind::Instant,
            },
            TimeKind::WallIn(_) | TimeKind::Instant => {
                let to_wall = Function::Truncate {
                    grain: Grain::Millisecond,
                    week_start: clock.week_start,
                    zone: Some(clock.zone.name()),
                };
                let wall = Expression::call(to_wall, vec![self.instant()]);
                Self {
                    value: Expression::call(by_call, vec![wall]),
                    kind: TimeKind::Wall,
                }
            }
        }
    }

    /// Is the time in the interval? Compares the stored column with literals, so that files can be pruned.
    pub fn within(&self, interval: Interval, clock: &Clock) -> Vec<Expression> {
        let literal = |moment: super::clock::Moment| match &self.kind {
            TimeKind::Date => Literal::Date(calendar::day_text(calendar::ceil(
                moment.wall,
                Grain::Day,
                clock.week_start,
            ))),
            TimeKind::Wall => Literal::Timestamp(moment.wall),
            TimeKind::WallIn(zone) => Literal::Timestamp(zone.wall_of(moment.instant)),
            TimeKind::Instant => Literal::Instant(moment.instant),
        };
        let compare =
            |operator, moment| Expression::binary(operator, self.value.clone(), Expression::literal(literal(moment)));
        let from = interval.from.map(|from| compare(BinaryOperator::Gte, from));
        let to = interval.to.map(|to| compare(BinaryOperator::Lt, to));
        from.into_iter().chain(to).collect()
    }
}

/// A bucket column (`kind` as `TimeValue::bucket_kind`) moved by whole buckets, as the same kind.
pub fn shift_bucket(bucket: &TimeValue, by: Shift, grain: Grain, clock: &Clock) -> Expression {
    let moved = bucket.shifted(by, clock);
    match (&bucket.kind, &moved.kind) {
        (TimeKind::Instant, TimeKind::Wall) => {
            let truncate = Function::Truncate {
                grain,
                week_start: clock.week_start,
                zone: None,
            };
            let wall = Expression::call(truncate, vec![moved.value]);
            Expression::call(
                Function::ToInstant {
                    zone: clock.zone.name(),
                },
                vec![wall],
            )
        }
        _ => moved.bucket(grain, clock),
    }
}

/// The kind of column that such a time makes in an answer, and the zone it is written in.
pub fn column_type(kind: &TimeKind, clock: &Clock) -> (ColumnType, Option<String>) {
    match kind {
        TimeKind::Date => (ColumnType::Date, None),
        TimeKind::Wall => (ColumnType::Timestamp, Some(clock.zone.name())),
        TimeKind::WallIn(zone) => (ColumnType::Timestamp, Some(zone.name())),
        TimeKind::Instant => (ColumnType::Timestamptz, Some(clock.zone.name())),
    }
}
