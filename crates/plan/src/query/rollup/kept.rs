//! What a rollup keeps, and how expressions over rows are worked out from it.

use shared::semantic::{DatePart, Grain};

use crate::{
    logical::{BinaryOperator, Expression, Literal, UnaryOperator},
    query::{
        calendar,
        clock::{Clock, Moment},
        moments::{TimeKind, TimeValue},
        shift::{holds, is_fixed_within},
    },
};

/// Buckets of a time.
#[derive(Clone, Debug)]
struct KeptTime {
    /// In the rows.
    time: TimeValue,
    grain: Grain,
    /// In the rollup.
    bucket: TimeValue,
}

/// A column of the rows that the rollup does not have.
struct NotKept;

/// The dimensions of a rollup, as expressions over rows.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    clock: Clock,
    /// Over the rows, and over the rollup.
    known: Vec<(Expression, Expression)>,
    times: Vec<KeptTime>,
}

impl Kept {
    pub(super) const fn new(clock: Clock) -> Self {
        Self {
            clock,
            known: Vec::new(),
            times: Vec::new(),
        }
    }

    pub(super) fn keep(&mut self, value: Expression, column: &str) {
        self.known.push((value, Expression::column(column)));
    }

    /// Buckets of `time` in `column`, and with them all that is the same within each.
    pub(super) fn keep_time(&mut self, time: TimeValue, grain: Grain, column: &str) {
        let clock = &self.clock;
        let bucket = TimeValue {
            value: Expression::column(column),
            kind: time.bucket_kind(grain),
        };
        self.known.push((time.bucket(grain, clock), bucket.value.clone()));
        for coarser in Grain::ALL.into_iter().filter(|of| *of != grain && holds(*of, grain)) {
            self.known
                .push((time.bucket(coarser, clock), bucket.bucket(coarser, clock)));
        }
        for part in DatePart::ALL.into_iter().filter(|part| is_fixed_within(*part, grain)) {
            self.known.push((time.part(part, clock), bucket.part(part, clock)));
        }
        self.times.push(KeptTime { time, grain, bucket });
    }

    /// The same value worked out from the rollup; `None` when what it needs is not kept.
    pub(super) fn worked_out(&self, value: &Expression) -> Option<Expression> {
        let replaced = value.try_replace(&|part| {
            let known = self.known.iter().find(|(known, _)| known == part);
            if let Some((_, kept)) = known {
                return Ok(Some(kept.clone()));
            }
            match part {
                Expression::Column(_) => Err(NotKept),
                Expression::Unary { operator, operand } => Ok(self.presence(*operator, operand)),
                Expression::Binary { operator, left, right } => Ok(self.compared(*operator, left, right)),
                Expression::Literal(_) | Expression::In { .. } | Expression::Case { .. } | Expression::Call { .. } => {
                    Ok(None)
                }
            }
        });
        replaced.ok()
    }

    /// A time is there when its bucket is.
    fn presence(&self, operator: UnaryOperator, operand: &Expression) -> Option<Expression> {
        match operator {
            UnaryOperator::IsNull | UnaryOperator::IsNotNull => {}
            UnaryOperator::Not | UnaryOperator::Negate => return None,
        }
        let kept = self.times.iter().find(|kept| kept.time.value == *operand)?;
        Some(Expression::unary(operator, kept.bucket.value.clone()))
    }

    /// A time beside the start of one of its buckets.
    fn compared(&self, operator: BinaryOperator, left: &Expression, right: &Expression) -> Option<Expression> {
        let (BinaryOperator::Gte | BinaryOperator::Lt, Expression::Literal(literal)) = (operator, right) else {
            return None;
        };
        self.times
            .iter()
            .filter(|kept| kept.time.value == *left)
            .find_map(|kept| {
                let start = self.moment(literal, &kept.time.kind)?;
                let is_start = self.clock.truncate(start.wall, kept.grain) == start.wall;
                let literal = match &kept.bucket.kind {
                    TimeKind::Date => Literal::Date(calendar::day_text(start.wall)),
                    TimeKind::Wall | TimeKind::WallIn(_) => Literal::Timestamp(start.wall),
                    TimeKind::Instant => Literal::Instant(start.instant),
                };
                let bucket = kept.bucket.value.clone();
                is_start.then(|| Expression::binary(operator, bucket, Expression::literal(literal)))
            })
    }

    /// What a literal means that a time of this kind is compared with.
    fn moment(&self, literal: &Literal, kind: &TimeKind) -> Option<Moment> {
        match (kind, literal) {
            (TimeKind::Date, Literal::Date(day)) => Some(self.clock.at_wall(calendar::parse(day)?)),
            (TimeKind::Wall, Literal::Timestamp(wall)) => Some(self.clock.at_wall(*wall)),
            (TimeKind::WallIn(zone), Literal::Timestamp(wall)) => Some(self.clock.at_instant(zone.instant_of(*wall))),
            (TimeKind::Instant, Literal::Instant(instant)) => Some(self.clock.at_instant(*instant)),
            (TimeKind::Date | TimeKind::Wall | TimeKind::WallIn(_) | TimeKind::Instant, _) => None,
        }
    }
}
