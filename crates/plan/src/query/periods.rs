//! Periods that the model brings: the one that a day lies in, and the days that are compared. Those of calendars are looked up
//! in their tables, fiscal ones are worked out.

use shared::{
    AppError, ErrorCode,
    semantic::{Calendar, FISCAL_GRAINS, FiscalYearStart, Grain, Model, SortDirection},
    table::ColumnType,
};

use super::{
    calendar::Shift,
    clock::Clock,
    gate::Gate,
    interval::Interval,
    lower::Lowering,
    moments::{TimeKind, TimeValue},
    naming::{CELL, SHOWN, key_name},
    resolved::{Key, Periods, PeriodsOf, Resolved},
    spine::spine,
};
use crate::{
    catalog::nearest,
    logical::{
        AggregateCall, BinaryOperator, Expression, Function, JoinKind, Literal, Named, Node, Origin, SortKey,
        SourceTable, WindowCall,
    },
};

/// # Errors
/// `unknown_field` with the grains there are.
pub fn find_periods<'a>(model: &'a Model, name: &str, field: &str) -> Result<Periods<'a>, AppError> {
    if let (Some(start), Some((name, grain))) = (
        model.fiscal_year_start,
        FISCAL_GRAINS.into_iter().find(|(known, _)| *known == name),
    ) {
        return Ok(Periods {
            name,
            of: PeriodsOf::Fiscal { start, grain },
        });
    }
    let named = |(calendar, grain): (&'a Calendar, _)| {
        let (name, _) = calendar.grains.iter().find(|(known, _)| known.as_str() == name)?;
        Some(Periods {
            name: name.as_str(),
            of: PeriodsOf::Calendar { calendar, grain },
        })
    };
    model.calendar_grain(name).and_then(named).ok_or_else(|| {
        let common = Grain::ALL.map(|grain| grain.as_str().to_owned());
        let own = model.calendars.iter().flat_map(|calendar| calendar.grains.keys());
        let fiscal = model.fiscal_year_start.into_iter().flat_map(|_| FISCAL_GRAINS);
        let own = own
            .map(ToString::to_string)
            .chain(fiscal.map(|(name, _)| name.to_owned()));
        AppError::new(ErrorCode::UnknownField, format!("There is no grain called {name}."))
            .with_field(field)
            .with_candidates(nearest(name, own.chain(common)))
    })
}

/// The start of the fiscal period that a day lies in: days and months are taken off until the year starts on the first of
/// January, and put on again.
fn fiscal(start: FiscalYearStart, grain: Grain, day: Expression, clock: &Clock) -> Expression {
    let (days, months) = (Shift::days_of(start), Shift::months_of(start));
    let day = TimeValue {
        value: day,
        kind: TimeKind::Date,
    };
    let common = day.shifted(days.back(), clock).shifted(months.back(), clock);
    let period = TimeValue {
        value: common.bucket(grain, clock),
        kind: TimeKind::Date,
    };
    period.shifted(months, clock).shifted(days, clock).value
}

/// Days with the start of the period that each lies in: of a calendar its own; else all that people keep data about, as far
/// as `range` reaches.
///
/// # Errors
/// As `days`.
fn period_days(
    resolved: &Resolved<'_>,
    periods: &Periods<'_>,
    range: Interval,
    day: &str,
    value: &str,
) -> Result<Node, AppError> {
    match periods.of {
        PeriodsOf::Calendar { calendar, grain } => days(resolved, calendar, &grain.start, day, value),
        PeriodsOf::Fiscal { start, grain } => {
            let clock = &resolved.clock;
            let all = spine(day, range, Grain::Day, &TimeKind::Date, clock)?;
            let period = fiscal(start, grain, Expression::column(day), clock);
            Ok(all.project(vec![Named::same(day), Named::new(value, period)]))
        }
    }
}

/// Each day of a calendar once, as `day`, with a stored date column as `value`.
///
/// # Errors
/// `unsupported` where access rules hide rows of the calendar: its days would go missing without a word.
pub fn days(
    resolved: &Resolved<'_>,
    calendar: &Calendar,
    stored: &str,
    day: &str,
    value: &str,
) -> Result<Node, AppError> {
    let name = calendar.table.as_str();
    if resolved.policy.tables.contains_key(name) {
        let message = format!(
            "The calendar {} cannot be used: access to {name} is limited.",
            calendar.name
        );
        return Err(AppError::new(ErrorCode::Unsupported, message).with_field(name));
    }
    let table = resolved.model.table(name).ok_or_else(|| {
        let message = format!(
            "The table {name} of the calendar {} is not in the model.",
            calendar.name
        );
        AppError::invalid(name, message)
    })?;
    let mut columns = vec![calendar.day.clone()];
    if stored != calendar.day {
        columns.push(stored.to_owned());
    }
    let date = |column: &str| Expression::call(Function::Cast(ColumnType::Date), vec![Expression::column(column)]);
    let rows = Node::Scan {
        source: SourceTable {
            table: name.to_owned(),
            origin: Origin::Table(table.source.clone()),
        },
        columns,
    }
    .project(vec![
        Named::new(day, date(&calendar.day)),
        Named::new(value, date(stored)),
    ])
    .filter(Expression::column(day).is_null().negated());
    // A day that is there twice must not count rows twice.
    let one = Named::new(value, AggregateCall::Min(Expression::column(value)));
    Ok(rows.aggregate(vec![Named::same(day)], vec![one]))
}

impl Lowering<'_, '_> {
    /// The start of the period that a day lies in; NULL for days that the calendar does not have.
    ///
    /// # Errors
    /// As `days`; `limit` for too many of them.
    pub fn period(&mut self, periods: &Periods<'_>, day: Expression) -> Result<Expression, AppError> {
        let known = self
            .periods
            .iter()
            .find(|(name, of, _)| name == periods.name && *of == day);
        if let Some((_, _, start)) = known {
            return Ok(Expression::column(start.clone()));
        }
        let (calendar, grain) = match periods.of {
            PeriodsOf::Calendar { calendar, grain } => (calendar, grain),
            PeriodsOf::Fiscal { start, grain } => return Ok(fiscal(start, grain, day, &self.resolved.clock)),
        };
        let index = self.gates.len();
        let (start, key) = (format!("__period{index}"), format!("__period{index}_day"));
        let groups = days(self.resolved, calendar, &grain.start, &key, &start)?;
        self.push(Gate {
            columns: vec![start.clone()],
            keys: vec![(key, day.clone())],
            groups,
        })?;
        self.periods.push((periods.name.to_owned(), day, start.clone()));
        Ok(Expression::column(start))
    }
}

/// What keys show of a time that is a column of `node`: the relation (with the periods of calendars added), and a column for
/// each key under its name.
///
/// # Errors
/// As `days`.
pub fn shown_as(
    resolved: &Resolved<'_>,
    mut node: Node,
    time: &TimeValue,
    keys: &[usize],
) -> Result<(Node, Vec<Named<Expression>>), AppError> {
    let clock = &resolved.clock;
    let mut columns = Vec::new();
    for index in keys {
        let Some(key) = resolved.keys.get(*index) else { continue };
        let value = match (&key.periods, key.grain, key.part) {
            (Some(periods), _, _) => {
                let start = format!("__start{index}");
                node = with_period(resolved, node, periods, time.bucket(Grain::Day, clock), &start)?;
                Expression::column(start)
            }
            (None, Some(grain), _) => time.bucket(grain, clock),
            (None, None, Some(part)) => time.part(part, clock),
            (None, None, None) => time.plain(),
        };
        columns.push(Named::new(key_name(*index), value));
    }
    Ok((node, columns))
}

/// Adds the start of the period that a day lies in as a column.
pub fn with_period(
    resolved: &Resolved<'_>,
    node: Node,
    periods: &Periods<'_>,
    day: Expression,
    start: &str,
) -> Result<Node, AppError> {
    let mut columns: Vec<Named<Expression>> = node.columns().into_iter().map(Named::same).collect();
    let (calendar, grain) = match periods.of {
        PeriodsOf::Calendar { calendar, grain } => (calendar, grain),
        PeriodsOf::Fiscal { start: of, grain } => {
            columns.push(Named::new(start, fiscal(of, grain, day, &resolved.clock)));
            return Ok(node.project(columns));
        }
    };
    let key = format!("{start}_day");
    let groups = days(resolved, calendar, &grain.start, &key, start)?;
    columns.push(Named::new(key.clone(), day));
    Ok(Node::Join {
        kind: JoinKind::Left,
        left: Box::new(node.project(columns)),
        right: Box::new(groups),
        on: vec![(key.clone(), key)],
        null_equal: false,
    })
}

/// The periods that have a day in the range, by their start.
///
/// # Errors
/// As `days`.
pub fn starts(resolved: &Resolved<'_>, periods: &Periods<'_>, name: &str) -> Result<Node, AppError> {
    let day = "__calendar_day";
    let known = Expression::column(name).is_null().negated();
    let within = date(day).within(resolved.range, &resolved.clock);
    Ok(period_days(resolved, periods, resolved.range, day, name)?
        .filter_all(within)
        .filter(known)
        .aggregate(vec![Named::same(name)], Vec::new()))
}

/// `SHOWN` days, and in `CELL` the day that the calendar's table names for each.
///
/// # Errors
/// As `days`.
pub fn named_days(resolved: &Resolved<'_>, calendar: &Calendar, stored: &str) -> Result<Node, AppError> {
    let known = Expression::column(CELL).is_null().negated();
    Ok(days(resolved, calendar, stored, SHOWN, CELL)?.filter(known))
}

const START: &str = "__start";
/// Number of a day, or of the first day of a period.
const NUMBER: &str = "__number";
const PERIOD: &str = "__period";
const LENGTH: &str = "__length";
const TARGET: &str = "__target";

/// `SHOWN` days, and in `CELL` the days that are shown there: those at the same place `count` periods before, and on the last
/// day of a period also those that it has no place for.
///
/// # Errors
/// As `days`.
pub fn same_places(resolved: &Resolved<'_>, periods: &Periods<'_>, count: u32) -> Result<Node, AppError> {
    // A year holds whole periods of every kind.
    let years = Shift {
        months: 12 * i32::try_from(count + 1).unwrap_or(i32::MAX / 12),
        microseconds: 0,
    };
    let reach = Interval {
        from: resolved.range.shifted(years.back(), &resolved.clock).from,
        to: resolved.range.shifted(years, &resolved.clock).to,
    };
    // All days are numbered, so that places in periods are differences of numbers.
    let numbered_days = |day: &str| -> Result<Node, AppError> {
        let days = period_days(resolved, periods, reach, day, START)?;
        Ok(numbered(days.filter(column(START).is_null().negated()), day, NUMBER))
    };
    let all = numbered_days(CELL)?.aggregate(
        vec![Named::same(START)],
        vec![
            Named::new(NUMBER, AggregateCall::Min(column(NUMBER))),
            Named::new(LENGTH, AggregateCall::CountRows),
        ],
    );
    let all = numbered(all, NUMBER, PERIOD);
    let count = Expression::literal(Literal::Int(i64::from(count)));
    let earlier = all.clone().project(vec![
        Named::same(START),
        Named::new("__first", column(NUMBER)),
        Named::new(PERIOD, Expression::binary(BinaryOperator::Add, column(PERIOD), count)),
    ]);
    let later = all.project([PERIOD, NUMBER, LENGTH].map(Named::same).into());
    let later = equal(earlier, later, &[PERIOD]).project(vec![
        Named::same(START),
        Named::same("__first"),
        Named::new("__to_first", column(NUMBER)),
        Named::same(LENGTH),
    ]);
    let place = Expression::binary(BinaryOperator::Subtract, column(NUMBER), column("__first"));
    let fits = Expression::binary(BinaryOperator::Lt, place.clone(), column(LENGTH));
    let one = Expression::literal(Literal::Int(1));
    let clamped = Expression::Case {
        branches: vec![(fits, place)],
        otherwise: Box::new(Expression::binary(BinaryOperator::Subtract, column(LENGTH), one)),
    };
    let target = Expression::binary(BinaryOperator::Add, column("__to_first"), clamped);
    let moved = equal(numbered_days(CELL)?, later, &[START]);
    // Each day has one target and each target is one day; grouping says so to databases that would search for more.
    let one = |name: &str, of: Expression| vec![Named::new(name, AggregateCall::Min(of))];
    let moved = moved.aggregate(vec![Named::same(CELL)], one(TARGET, target));
    let shown = numbered_days(SHOWN)?.project(vec![Named::same(SHOWN), Named::new(TARGET, column(NUMBER))]);
    Ok(equal(moved, shown, &[TARGET]).aggregate(vec![Named::same(CELL)], one(SHOWN, column(SHOWN))))
}

fn column(name: &str) -> Expression {
    Expression::column(name)
}

/// Numbered 1, 2, 3 … in the order of a column.
fn numbered(input: Node, order: &str, name: &str) -> Node {
    Node::Window {
        input: Box::new(input),
        partition: Vec::new(),
        order: vec![SortKey {
            column: order.to_owned(),
            direction: SortDirection::Asc,
        }],
        columns: vec![Named::new(name, WindowCall::RowNumber)],
    }
}

/// Joined where columns that are never NULL are equal.
fn equal(left: Node, right: Node, columns: &[&str]) -> Node {
    Node::Join {
        kind: JoinKind::Inner,
        left: Box::new(left),
        right: Box::new(right),
        on: columns
            .iter()
            .map(|name| ((*name).to_owned(), (*name).to_owned()))
            .collect(),
        null_equal: false,
    }
}

/// A column of dates.
pub fn date(column: &str) -> TimeValue {
    TimeValue {
        value: Expression::column(column),
        kind: TimeKind::Date,
    }
}

/// The value of a key of a calendar in the rows that `lowering` is about.
///
/// # Errors
/// As `days`.
pub fn period_of(
    lowering: &mut Lowering<'_, '_>,
    key: &Key<'_>,
    time: &TimeValue,
    clock: &Clock,
) -> Result<Option<Expression>, AppError> {
    match &key.periods {
        Some(periods) => lowering.period(periods, time.bucket(Grain::Day, clock)).map(Some),
        None => Ok(None),
    }
}
