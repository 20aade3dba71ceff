//! Cumulative metrics: for every day (or finer step) the rows of the days before it, then one of those values for each
//! bucket. The range and the conditions on time choose the days that are shown; rows are read back before them.
//!
//! Rows are put together by their own day first where that loses nothing. Days without rows are days like any other, so
//! that gaps never shorten a window. Only days whose window has a row are shown.

use shared::{
    AppError, ErrorCode,
    semantic::{Aggregation, Grain, RollUp, Span, TimeUnit},
};

use super::{Builder, call};
use crate::{
    logical::{AggregateCall, BinaryOperator, Expression, JoinKind, Literal, Named, Node, SortKey, WindowCall},
    query::{
        calendar::{self, Shift},
        interval::Interval,
        lower::Lowering,
        moments::{TimeValue, shift_bucket},
        naming::{OTHERS, argument_name, key_name, rows_name, value_name},
        periods::with_period,
        resolved::{Leaf, Reach, Window},
        rows::{WINDOW_DAY, gated, rows},
        shift::{Method, Shifting},
        spine::spine,
    },
};

/// The day that is shown.
const SHOWN_DAY: &str = "__shown_day";
const VALUE: &str = "__value";
const ROWS: &str = "__rows";
const UNIT: &str = "__unit";
const FIRST: &str = "__first_day";
const LAST: &str = "__last_day";

/// How the rows of a day, and the days of a window, are put together.
struct Parts {
    /// Of the rows of one day.
    day: AggregateCall,
    /// Of the days' values.
    whole: AggregateCall,
}

impl Parts {
    /// `None`: only from the rows themselves.
    fn of(index: usize, leaf: &Leaf) -> Option<Self> {
        let value = || Expression::column(VALUE);
        let whole = match leaf.agg {
            Aggregation::Sum | Aggregation::Count => AggregateCall::Sum(value()),
            Aggregation::Min => AggregateCall::Min(value()),
            Aggregation::Max => AggregateCall::Max(value()),
            Aggregation::CountDistinct
            | Aggregation::Avg
            | Aggregation::Median
            | Aggregation::Percentile
            | Aggregation::Stddev
            | Aggregation::First
            | Aggregation::Last => return None,
        };
        Some(Self {
            day: call(index, leaf, false),
            whole,
        })
    }
}

fn column(name: &str) -> Expression {
    Expression::column(name)
}

fn compare(operator: BinaryOperator, left: Expression, right: Expression) -> Expression {
    Expression::binary(operator, left, right)
}

impl Builder<'_, '_> {
    /// Keys, the leaf's value and the number of days behind it. `shifting`: days of an earlier period, under the days that
    /// they are displayed as.
    ///
    /// # Errors
    /// `unsupported` where an earlier day is displayed more than once (29 February).
    pub(super) fn window_branch(
        &self,
        (period, index): (&str, usize),
        leaf: &Leaf,
        window: &Window,
        shifting: Option<&Shifting>,
    ) -> Result<Node, AppError> {
        let resolved = self.resolved;
        let range = shifting.map_or(resolved.range, |shifting| shifting.read);
        let axis_keys: Vec<usize> = resolved
            .axis_keys()
            .into_iter()
            .filter(|key| self.keys.contains(key))
            .collect();
        let others: Vec<usize> = self
            .keys
            .iter()
            .copied()
            .filter(|key| !axis_keys.contains(key))
            .collect();
        // Their members are matched by the rows' own time, not by the day that is shown.
        let by_time = |keys: &[usize]| keys.iter().any(|key| resolved.axis_keys().contains(key));
        let kept_by_time = self.options.keep.is_some() && !resolved.axis_keys().is_empty();
        if kept_by_time
            || self
                .options
                .others
                .is_some_and(|top| by_time(&top.per) || by_time(&[top.field]))
        {
            let message = "A cumulative metric has no \"Others\" within times, and no totals after having or top.";
            return Err(AppError::new(ErrorCode::Unsupported, message).with_field("top"));
        }
        let step = self.step(&axis_keys, window);
        let mut spec = self.rows_of(leaf.fact, std::slice::from_ref(&index), None);
        spec.keys = &others;
        spec.window_step = Some(step);
        spec.range = self.read_range(range, window, axis_keys.is_empty(), step);
        let base = rows(resolved, &spec)?;
        let names: Vec<String> = others
            .iter()
            .map(|key| key_name(*key))
            .chain(self.options.others.map(|_| OTHERS.to_owned()))
            .collect();
        let same = |names: &[String]| names.iter().cloned().map(Named::same).collect::<Vec<_>>();
        let measures = || {
            vec![
                Named::new(value_name(period, index), call(index, leaf, false)),
                Named::new(rows_name(period, index), AggregateCall::CountRows),
            ]
        };
        if axis_keys.is_empty() {
            // The value at the end of the range.
            return Ok(base.aggregate(same(&names), measures()));
        }
        let mut by_day = names.clone();
        by_day.push(WINDOW_DAY.to_owned());
        let parts = Parts::of(index, leaf);
        let days = match &parts {
            Some(parts) => base.aggregate(
                same(&by_day),
                vec![
                    Named::new(VALUE, parts.day.clone()),
                    Named::new(ROWS, AggregateCall::CountRows),
                ],
            ),
            None if leaf.agg == Aggregation::CountDistinct => {
                let mut distinct = by_day.clone();
                distinct.push(argument_name(index));
                base.aggregate(same(&distinct), Vec::new())
            }
            None => base,
        };
        let shown = self.shown_days(range, step, &days)?;
        let additive = matches!(leaf.agg, Aggregation::Sum | Aggregation::Count);
        let mut by_shown = names.clone();
        by_shown.push(SHOWN_DAY.to_owned());
        let values = match window.reach {
            Reach::Ever if additive => self.running(shown, days, &names),
            Reach::Ever | Reach::ToDate(_) | Reach::Last(_) => {
                let pairs = self.pairs(shown, days, window, step)?;
                let whole = match &parts {
                    Some(parts) => parts.whole.clone(),
                    None => call(index, leaf, false),
                };
                pairs.aggregate(
                    same(&by_shown),
                    vec![Named::new(VALUE, whole), Named::new(ROWS, AggregateCall::CountRows)],
                )
            }
        };
        let cut = shifting.and_then(|shifting| shifting.cut);
        let values = match cut {
            Some(cut) => {
                let day = TimeValue {
                    value: column(SHOWN_DAY),
                    kind: self.bucket_kind(step)?,
                };
                let within = Expression::all(day.within(cut, &resolved.clock));
                values.filter(within.negated())
            }
            None => values,
        };
        self.rolled_up(values, &axis_keys, &others, (period, index), (window, step, shifting))
    }

    /// Days, or what is finer: a grain that is shown, or the unit of the window.
    fn step(&self, axis_keys: &[usize], window: &Window) -> Grain {
        let grains = axis_keys.iter().filter_map(|key| self.resolved.keys.get(*key)?.grain);
        let unit = match window.reach {
            Reach::Last(Span { unit, .. }) | Reach::ToDate(unit) => grain_of(unit),
            Reach::Ever => Grain::Day,
        };
        grains.chain([unit, Grain::Day]).min().unwrap_or(Grain::Day)
    }

    /// What has to be read for the days of the query's range; `at_end`: for its last day alone.
    fn read_range(&self, range: Interval, window: &Window, at_end: bool, step: Grain) -> Interval {
        let clock = &self.resolved.clock;
        let first = if at_end {
            let last_day = range
                .to
                .map(|to| clock.at_wall(calendar::truncate(to.wall - 1, step, clock.week_start)));
            // Without an end there is no last day to look back from: everything counts.
            let Some(last_day) = last_day else {
                return Interval { from: None, ..range };
            };
            last_day
        } else {
            let Some(from) = range.from else { return range };
            from
        };
        let from = match window.reach {
            Reach::Ever => None,
            Reach::ToDate(unit) => Some(calendar::truncate(first.wall, grain_of(unit), clock.week_start)),
            Reach::Last(span) => {
                let start = calendar::shift(first.wall, Shift::of(span).back());
                // The day exactly a window before belongs to it no more.
                Some(if at_end {
                    calendar::shift(start, calendar::step(step))
                } else {
                    start
                })
            }
        };
        Interval {
            from: from.map(|wall| clock.at_wall(wall)),
            to: range.to,
        }
    }

    /// Every day of the range; where it is open, from the first to the last that has a row.
    fn shown_days(&self, range: Interval, step: Grain, days: &Node) -> Result<Node, AppError> {
        let clock = &self.resolved.clock;
        let kind = self.bucket_kind(step)?;
        let shown = spine(SHOWN_DAY, range, step, &kind, clock)?;
        if range.bounds().is_some() {
            return Ok(shown);
        }
        let edge = |name: &str, call: fn(Expression) -> AggregateCall| Named::new(name, call(column(WINDOW_DAY)));
        let edges = days.clone().aggregate(
            Vec::new(),
            vec![edge(FIRST, AggregateCall::Min), edge(LAST, AggregateCall::Max)],
        );
        let within = Expression::all([
            compare(BinaryOperator::Gte, column(SHOWN_DAY), column(FIRST)),
            compare(BinaryOperator::Lte, column(SHOWN_DAY), column(LAST)),
        ]);
        Ok(shown
            .join_on(JoinKind::Cross, edges, &[])
            .filter(within)
            .project(vec![Named::same(SHOWN_DAY)]))
    }

    /// Sums since ever: what lies before the first day that is shown counts on it.
    fn running(&self, shown: Node, days: Node, names: &[String]) -> Node {
        let first = shown.clone().aggregate(
            Vec::new(),
            vec![Named::new(FIRST, AggregateCall::Min(column(SHOWN_DAY)))],
        );
        let is_before = compare(BinaryOperator::Lt, column(WINDOW_DAY), column(FIRST));
        let moved = Expression::Case {
            branches: vec![(is_before, column(FIRST))],
            otherwise: Box::new(column(WINDOW_DAY)),
        };
        let same = |names: &[String]| names.iter().cloned().map(Named::same).collect::<Vec<_>>();
        let sum = |name: &str| Named::new(name, AggregateCall::Sum(column(name)));
        let mut keys = same(names);
        keys.push(Named::new(WINDOW_DAY, moved));
        let days = days
            .join_on(JoinKind::Cross, first, &[])
            .aggregate(keys, vec![sum(VALUE), sum(ROWS)]);
        let mut grid = shown;
        if !names.is_empty() {
            // NULL members are members.
            grid = grid.join_on(JoinKind::Cross, days.clone().aggregate(same(names), Vec::new()), &[]);
        }
        let right_name = |name: &str| format!("__right_{name}");
        let mut right: Vec<Named<Expression>> = names
            .iter()
            .map(|name| Named::new(right_name(name), column(name)))
            .collect();
        right.extend([WINDOW_DAY, VALUE, ROWS].map(Named::same));
        let mut on: Vec<(String, String)> = names.iter().map(|name| (name.clone(), right_name(name))).collect();
        on.push((SHOWN_DAY.to_owned(), WINDOW_DAY.to_owned()));
        let filled = Node::Join {
            kind: JoinKind::Left,
            left: Box::new(grid),
            right: Box::new(days.project(right)),
            on,
            null_equal: true,
        };
        let running = |name: &str| Named::new(format!("{name}_so_far"), WindowCall::RunningSum(name.to_owned()));
        let summed = Node::Window {
            input: Box::new(filled),
            partition: names.to_vec(),
            order: vec![SortKey {
                column: SHOWN_DAY.to_owned(),
                direction: shared::semantic::SortDirection::Asc,
            }],
            columns: vec![running(VALUE), running(ROWS)],
        };
        let zero = Expression::literal(Literal::Int(0));
        let has_rows = compare(BinaryOperator::Gt, column(&format!("{ROWS}_so_far")), zero);
        let mut columns = same(names);
        columns.push(Named::same(SHOWN_DAY));
        columns.extend([VALUE, ROWS].map(|name| Named::new(name, column(&format!("{name}_so_far")))));
        summed.filter(has_rows).project(columns)
    }

    /// Every shown day beside each row of the days in its window.
    fn pairs(&self, shown: Node, days: Node, window: &Window, step: Grain) -> Result<Node, AppError> {
        let clock = &self.resolved.clock;
        let kind = self.bucket_kind(step)?;
        let time = |name: &str| TimeValue {
            value: column(name),
            kind: kind.clone(),
        };
        let not_after = compare(BinaryOperator::Lte, column(WINDOW_DAY), column(SHOWN_DAY));
        let with_unit = |node: Node, unit: Expression| {
            let mut columns: Vec<Named<Expression>> = node.columns().into_iter().map(Named::same).collect();
            columns.push(Named::new(UNIT, unit));
            node.project(columns)
        };
        match window.reach {
            Reach::Ever => Ok(shown.join_on(JoinKind::Cross, days, &[]).filter(not_after)),
            Reach::ToDate(unit) => {
                let unit = grain_of(unit);
                let shown = with_unit(shown, time(SHOWN_DAY).bucket(unit, clock));
                let days = with_unit(days, time(WINDOW_DAY).bucket(unit, clock));
                Ok(shown
                    .join_on(JoinKind::Inner, days, &[UNIT.to_owned()])
                    .filter(not_after))
            }
            Reach::Last(span) => {
                // Joined by a coarse unit, once for each unit that a window can reach over, so that the pairs stay few.
                let start = time(SHOWN_DAY)
                    .shifted(Shift::of(span).back(), clock)
                    .bucket(step, clock);
                let within = Expression::all([not_after, compare(BinaryOperator::Gt, column(WINDOW_DAY), start)]);
                let Some((unit, units)) = coarse(span) else {
                    return Ok(shown.join_on(JoinKind::Cross, days, &[]).filter(within));
                };
                let each = Shift::of(Span { count: 1, unit });
                let unit = grain_of(unit);
                let shown_unit = time(SHOWN_DAY).bucket(unit, clock);
                let day_unit = TimeValue {
                    value: time(WINDOW_DAY).bucket(unit, clock),
                    kind: kind.clone().bucket(unit),
                };
                let copies = (0..=units).map(|count| {
                    let by = Shift {
                        months: each.months * count,
                        microseconds: each.microseconds * i64::from(count),
                    };
                    with_unit(days.clone(), day_unit.shifted(by, clock).bucket(unit, clock))
                });
                Ok(with_unit(shown, shown_unit)
                    .join_on(JoinKind::Inner, Node::union(copies.collect()), &[UNIT.to_owned()])
                    .filter(within))
            }
        }
    }

    /// One value for each bucket: of its first or last day, or the average of its days.
    fn rolled_up(
        &self,
        values: Node,
        axis_keys: &[usize],
        others: &[usize],
        (period, index): (&str, usize),
        (window, step, shifting): (&Window, Grain, Option<&Shifting>),
    ) -> Result<Node, AppError> {
        let (resolved, clock) = (self.resolved, &self.resolved.clock);
        let day = TimeValue {
            value: column(SHOWN_DAY),
            kind: self.bucket_kind(step)?,
        };
        let fact = resolved
            .leaves
            .get(index)
            .and_then(|leaf| resolved.facts.get(leaf.fact))
            .ok_or_else(AppError::internal)?;
        let displayed = match shifting.map(|shifting| (shifting.method, shifting.by)) {
            None | Some((Method::Range, _)) => day.clone(),
            Some((Method::Rows, by)) => day.shifted(by, clock),
            // A condition that needs a day is not asked of a bucket.
            Some((Method::Buckets { .. }, by)) if by.months == 0 => day.shifted(by, clock),
            Some((Method::Buckets { .. }, _)) if resolved.axis_conditions.is_empty() => day.clone(),
            Some((
                Method::Buckets { .. } | Method::SpineOfBuckets { .. } | Method::SpineOfDays | Method::Paired { .. },
                _,
            )) => {
                return Err(refuse_shift());
            }
        };
        let mut lowering = Lowering::new(resolved, *fact);
        lowering.shown = Some(displayed.clone());
        let conditions = resolved
            .axis_conditions
            .iter()
            .map(|condition| lowering.condition(condition))
            .collect::<Result<Vec<_>, _>>()?;
        let values = if lowering.gates.is_empty() {
            values
        } else {
            let read = values.columns();
            gated(values, &read, lowering.gates)
        };
        let mut values = values.filter_all(conditions);
        let mut keys: Vec<Named<Expression>> = others.iter().map(|key| Named::same(key_name(*key))).collect();
        keys.extend(self.options.others.map(|_| Named::same(OTHERS)));
        for key in axis_keys {
            let Some(target) = resolved.keys.get(*key) else {
                continue;
            };
            let moved = shifting.filter(|shifting| matches!(shifting.method, Method::Buckets { .. }));
            let day = &displayed;
            if let Some(periods) = &target.periods {
                let start = format!("__start{key}");
                values = with_period(resolved, values, periods, day.bucket(Grain::Day, clock), &start)?;
                keys.push(Named::new(key_name(*key), column(&start)));
                continue;
            }
            let value = match (target.grain, target.part) {
                (Some(grain), _) if moved.is_some_and(|moved| moved.by.months != 0) => {
                    let bucket = TimeValue {
                        value: day.bucket(grain, clock),
                        kind: day.bucket_kind(grain),
                    };
                    shift_bucket(&bucket, moved.map_or(Shift::NONE, |moved| moved.by), grain, clock)
                }
                (Some(grain), _) if grain == step && shifting.is_none() => day.value.clone(),
                (Some(grain), _) => day.bucket(grain, clock),
                (None, Some(part)) => day.part(part, clock),
                (None, None) => day.plain(),
            };
            keys.push(Named::new(key_name(*key), value));
        }
        let picked =
            |pick: fn(Expression, Option<Expression>) -> AggregateCall| pick(column(VALUE), Some(column(SHOWN_DAY)));
        let value = match window.roll_up {
            RollUp::First => picked(|argument, order| AggregateCall::First { argument, order }),
            RollUp::Last => picked(|argument, order| AggregateCall::Last { argument, order }),
            RollUp::Avg => AggregateCall::Avg(column(VALUE)),
        };
        Ok(values.aggregate(
            keys,
            vec![
                Named::new(value_name(period, index), value),
                Named::new(rows_name(period, index), AggregateCall::CountRows),
            ],
        ))
    }
}

fn refuse_shift() -> AppError {
    AppError::new(
        ErrorCode::Unsupported,
        "A cumulative metric cannot be compared with an earlier period of this length.",
    )
    .with_field("metrics")
}

/// Most times that days are put beside themselves for a join; a longer window is joined with all days.
const MOST_COPIES: i64 = 64;

/// A unit to join days by, and over how many of its borders a window reaches at most; `None` for windows of centuries.
fn coarse(span: Span) -> Option<(TimeUnit, i32)> {
    let count = i64::from(span.count);
    let days = match span.unit {
        TimeUnit::Minute => count / 1_440,
        TimeUnit::Hour => count / 24,
        TimeUnit::Day => count,
        TimeUnit::Week => count * 7,
        TimeUnit::Month => count * 31,
        TimeUnit::Quarter => count * 92,
        TimeUnit::Year => count * 366,
    };
    // The shortest that a unit can be.
    let (unit, length) = match days {
        0..=2 => (TimeUnit::Day, 1),
        3..=21 => (TimeUnit::Week, 7),
        22..=800 => (TimeUnit::Month, 28),
        _ => (TimeUnit::Year, 365),
    };
    let units = days / length + 2;
    let units = i32::try_from(units).ok().filter(|_| units <= MOST_COPIES)?;
    Some((unit, units))
}

const fn grain_of(unit: TimeUnit) -> Grain {
    match unit {
        TimeUnit::Minute => Grain::Minute,
        TimeUnit::Hour => Grain::Hour,
        TimeUnit::Day => Grain::Day,
        TimeUnit::Week => Grain::Week,
        TimeUnit::Month => Grain::Month,
        TimeUnit::Quarter => Grain::Quarter,
        TimeUnit::Year => Grain::Year,
    }
}
