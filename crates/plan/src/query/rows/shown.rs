//! Rows of an earlier period under the period they are displayed in.

use shared::{
    AppError,
    semantic::{Condition, DatePart, Grain, GrainName},
};

use crate::{
    logical::{BinaryOperator, Expression, JoinKind, Literal, Named, Node},
    query::{
        gate::Gate,
        lower::Lowering,
        moments::{TimeKind, TimeValue, shift_bucket},
        naming::{CELL, SHOWN, key_name},
        periods::with_period,
        resolved::{Key, Resolved},
        rows::joined::gated,
        shift::{Method, Shifting, holds, is_fixed_within},
        spine::spine,
    },
};

/// Can the condition be answered from the displayed time alone?
pub(super) fn decides(shown: &Shown, condition: &Condition) -> bool {
    let (Some(grain), Condition::Field(field)) = (shown.grain, condition) else {
        return shown.grain.is_none();
    };
    match (field.part, &field.grain) {
        (Some(part), _) => is_fixed_within(part, grain),
        (None, Some(GrainName::Common(of))) => holds(*of, grain),
        (None, Some(GrainName::Calendar(_))) => grain <= Grain::Day,
        (None, None) => false,
    }
}

/// The displayed time of a row of the earlier period.
pub(super) struct Shown {
    pub(super) time: TimeValue,
    /// `time` is only good to this grain.
    pub(super) grain: Option<Grain>,
    /// What the row is joined to the spine by.
    pub(super) cell: Option<Expression>,
    /// `time` comes from the spine.
    pub(super) joined: bool,
}

pub(super) fn shown_time(shifting: &Shifting, axis: &TimeValue, resolved: &Resolved<'_>) -> Option<Shown> {
    let clock = &resolved.clock;
    match shifting.method {
        Method::Range => None,
        Method::Buckets { grain } => {
            let bucket = TimeValue {
                value: axis.bucket(grain, clock),
                kind: axis.bucket_kind(grain),
            };
            let value = shift_bucket(&bucket, shifting.by, grain, clock);
            let time = TimeValue {
                value,
                kind: axis.bucket_kind(grain),
            };
            Some(Shown {
                time,
                grain: Some(grain),
                cell: None,
                joined: false,
            })
        }
        Method::Rows => Some(Shown {
            time: axis.shifted(shifting.by, clock),
            grain: None,
            cell: None,
            joined: false,
        }),
        Method::SpineOfBuckets { grain } => Some(Shown {
            time: TimeValue {
                value: Expression::column(SHOWN),
                kind: axis.bucket_kind(grain),
            },
            grain: Some(grain),
            cell: Some(axis.bucket(grain, clock)),
            joined: true,
        }),
        Method::Paired { grain } => Some(Shown {
            time: TimeValue {
                value: Expression::column(SHOWN),
                kind: axis.bucket_kind(grain),
            },
            grain: Some(grain),
            cell: Some(axis.bucket(grain, clock)),
            joined: true,
        }),
        Method::SpineOfDays => Some(Shown {
            time: TimeValue {
                value: Expression::column(SHOWN),
                kind: TimeKind::Date,
            },
            grain: Some(Grain::Day),
            cell: Some(axis.bucket(Grain::Day, clock)),
            joined: true,
        }),
    }
}

/// Hours and minutes of the day are not moved by days.
pub(super) const fn needs_own_time(key: &Key<'_>) -> bool {
    matches!(key.part, Some(DatePart::Hour | DatePart::Minute))
}

pub(super) fn shown_key(
    shown: &Shown,
    key: &Key<'_>,
    axis: Option<&TimeValue>,
    resolved: &Resolved<'_>,
) -> Result<Expression, AppError> {
    let clock = &resolved.clock;
    match (key.grain, key.part) {
        (Some(grain), _) if shown.grain == Some(grain) => Ok(shown.time.value.clone()),
        (Some(grain), _) if shown.grain.is_none_or(|of| of <= grain) => Ok(shown.time.bucket(grain, clock)),
        (_, Some(part)) => {
            let time = if needs_own_time(key) {
                axis.unwrap_or(&shown.time)
            } else {
                &shown.time
            };
            Ok(time.part(part, clock))
        }
        (None, None) if shown.grain.is_none() => Ok(shown.time.plain()),
        (Some(_) | None, None) => Err(AppError::invalid(
            key.output.clone(),
            format!("{} needs a coarser grain to be compared like this.", key.output),
        )),
    }
}

pub(super) fn join_spine(
    node: Node,
    columns: &[Named<Expression>],
    late: Vec<Named<Expression>>,
    shifting: &Shifting,
    shown: &Option<Shown>,
    resolved: &Resolved<'_>,
) -> Result<Node, AppError> {
    let Some(shown) = shown else {
        return Ok(node);
    };
    let clock = &resolved.clock;
    let grain = shown.grain.unwrap_or(Grain::Day);
    let kind = &shown.time.kind;
    let displayed = TimeValue {
        value: Expression::column(SHOWN),
        kind: kind.clone(),
    };
    let mut pairs = match &shifting.pairs {
        Some(pairs) => pairs.clone(),
        None => {
            let earlier = shift_bucket(&displayed, shifting.by.back(), grain, clock);
            let buckets = spine(SHOWN, resolved.range, grain, kind, clock)?;
            buckets.project(vec![Named::same(SHOWN), Named::new(CELL, earlier)])
        }
    };
    let mut conditions = Vec::new();
    if shifting.no_week_53 {
        let week = |column: &str| {
            TimeValue {
                value: Expression::column(column),
                kind: kind.clone(),
            }
            .part(DatePart::Week, clock)
        };
        let is_53 =
            |column: &str| Expression::binary(BinaryOperator::Eq, week(column), Expression::literal(Literal::Int(53)));
        conditions.push(Expression::any([is_53(SHOWN).negated(), is_53(CELL)]));
    }
    let (decided, gates) = displayed_conditions(resolved, shown, &displayed)?;
    conditions.extend(decided);
    if !gates.is_empty() {
        pairs = gated(pairs, &[SHOWN, CELL].map(str::to_owned), gates);
    }
    pairs = pairs.filter_all(conditions);
    for (index, key) in resolved.keys.iter().enumerate() {
        let name = key_name(index);
        if let Some(periods) = key.periods.filter(|_| late.iter().any(|column| column.name == name)) {
            let day = displayed.bucket(Grain::Day, clock);
            pairs = with_period(resolved, pairs, &periods, day, &name)?;
        }
    }
    if late.is_empty() {
        // A row counts once, however often its day is displayed.
        pairs = pairs.aggregate(vec![Named::same(CELL)], Vec::new());
    }
    let joined = Node::Join {
        kind: JoinKind::Inner,
        left: Box::new(node),
        right: Box::new(pairs),
        on: vec![(CELL.to_owned(), CELL.to_owned())],
        null_equal: false,
    };
    let kept = columns
        .iter()
        .filter(|column| column.name != CELL)
        .map(|column| Named::same(column.name.clone()));
    Ok(joined.project(kept.chain(late).collect()))
}

/// Conditions on the axis that the spine's own buckets decide.
fn displayed_conditions(
    resolved: &Resolved<'_>,
    shown: &Shown,
    displayed: &TimeValue,
) -> Result<(Vec<Expression>, Vec<Gate>), AppError> {
    let Some(fact) = resolved.facts.first() else {
        return Ok((Vec::new(), Vec::new()));
    };
    let mut lowering = Lowering::new(resolved, *fact);
    lowering.shown = Some(displayed.clone());
    let decided = resolved
        .axis_conditions
        .iter()
        .filter(|condition| decides(shown, condition));
    let conditions = decided
        .map(|condition| lowering.condition(condition))
        .collect::<Result<Vec<_>, _>>()?;
    Ok((conditions, lowering.gates))
}
