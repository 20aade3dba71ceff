//! Conversions: each event belongs to the latest base event of the same entity at or before it, within the window.
//!
//! Base events are what the query asks for: its filters, range and groups are theirs. Base events of one entity at one time
//! are told apart by the groups they are in, the least of which gets the conversion; so it counts once, whatever is grouped
//! by.

use shared::{
    AppError, ErrorCode,
    semantic::{SortDirection, TimeUnit},
};

use super::Builder;
use crate::{
    logical::{AggregateCall, BinaryOperator, Expression, JoinKind, Literal, Named, Node, SortKey, WindowCall},
    query::{
        calendar::Shift,
        definition::Reading,
        lower::Lowering,
        measure::call,
        moments::{TimeKind, TimeValue},
        names::time_of,
        naming::{BASE_TIME, ROW, argument_name, rows_name, same_name, value_name},
        resolved::{Conversion, Fact, Leaf},
        rows::{policy_filters, rows, scan},
        shift::{Method, Shifting},
    },
};

/// When a conversion happened.
const EVENT_TIME: &str = "__event_time";
/// 1 for the latest base event.
const LATEST: &str = "__latest";

impl<'a> Builder<'_, 'a> {
    /// Keys of the base events, the leaf's value over their conversions, and how many there are.
    ///
    /// # Errors
    /// As reading both tables.
    pub(super) fn conversion_branch(
        &self,
        (period, index): (&str, usize),
        leaf: &Leaf,
        conversion: &Conversion,
        shifting: Option<&Shifting>,
    ) -> Result<Node, AppError> {
        if let Some(shifting) = shifting {
            match shifting.method {
                Method::Range | Method::Buckets { .. } | Method::Rows => {}
                Method::SpineOfBuckets { .. } | Method::SpineOfDays | Method::Paired { .. } => {
                    let message = "A conversion cannot be shown where several periods look at one earlier day.";
                    return Err(AppError::new(ErrorCode::Unsupported, message)
                        .with_field("compare")
                        .with_hint("Compare by months or weeks, or ask for the earlier period itself."));
                }
            }
        }
        let mut spec = self.rows_of(leaf.fact, std::slice::from_ref(&index), shifting);
        spec.conversion = Some(conversion);
        let same: Vec<String> = (0..conversion.same.len()).map(same_name).collect();
        let base_columns = self.key_columns().into_iter().chain(same.clone());
        let base_columns = base_columns.chain([BASE_TIME.to_owned()]).map(Named::same);
        let base = rows(self.resolved, &spec)?.aggregate(base_columns.collect(), Vec::new());

        let event = self.event(conversion)?;
        let numbered = Node::Window {
            input: Box::new(self.events((index, leaf), conversion, &event)?),
            partition: Vec::new(),
            order: vec![ascending(EVENT_TIME)],
            columns: vec![Named::new(ROW, WindowCall::RowNumber)],
        };
        let pairs = Node::Join {
            kind: JoinKind::Inner,
            left: Box::new(numbered),
            right: Box::new(base),
            on: same.iter().map(|name| (name.clone(), name.clone())).collect(),
            null_equal: false,
        }
        .filter(self.follows(leaf, conversion, &event)?);
        let mut order = vec![SortKey {
            column: BASE_TIME.to_owned(),
            direction: SortDirection::Desc,
        }];
        order.extend(self.key_columns().iter().map(|name| ascending(name)));
        let ranked = Node::Window {
            input: Box::new(pairs),
            partition: vec![ROW.to_owned()],
            order,
            columns: vec![Named::new(LATEST, WindowCall::RowNumber)],
        };
        let is_latest = compare(
            BinaryOperator::Eq,
            Expression::column(LATEST),
            Expression::literal(Literal::Int(1)),
        );
        Ok(ranked.filter(is_latest).aggregate(
            self.same_keys(),
            vec![
                Named::new(value_name(period, index), call(index, leaf, false)),
                Named::new(rows_name(period, index), AggregateCall::CountRows),
            ],
        ))
    }

    fn event(&self, conversion: &Conversion) -> Result<Fact<'a>, AppError> {
        let table = self.resolved.model.table(conversion.table.as_str());
        let table = table.ok_or_else(AppError::internal)?;
        Ok(Fact::of(table, table.dimension(conversion.time.as_str())))
    }

    /// The rows of the other table that count, with what they share with base events.
    fn events(
        &self,
        (index, leaf): (usize, &Leaf),
        conversion: &Conversion,
        event: &Fact<'a>,
    ) -> Result<Node, AppError> {
        let resolved = self.resolved;
        let mut lowering = Lowering::new(resolved, *event);
        let mut filters = policy_filters(&mut lowering)?;
        for filter in &conversion.filters {
            filters.push(lowering.condition(filter)?);
        }
        let reading = Reading::of(resolved, event.place(), &[]);
        let mut columns: Vec<Named<Expression>> = conversion
            .same
            .iter()
            .enumerate()
            .map(|(place, column)| Named::new(same_name(place), Expression::column(column.clone())))
            .collect();
        columns.push(Named::new(EVENT_TIME, reading.value(&time_of(event)?.expr)?));
        if let Some(value) = &leaf.value {
            columns.push(Named::new(argument_name(index), reading.value(value)?));
        }
        Ok(scan(resolved, event, &filters, &columns, lowering.gates)?
            .filter_all(filters)
            .project(columns))
    }

    /// Is the base event at or before the conversion, and within the window?
    fn follows(&self, leaf: &Leaf, conversion: &Conversion, event: &Fact<'a>) -> Result<Expression, AppError> {
        let (resolved, clock) = (self.resolved, &self.resolved.clock);
        let base = resolved.facts.get(leaf.fact).ok_or_else(AppError::internal)?;
        let time = |fact: &Fact<'a>, column: &str| {
            let value = Expression::column(column);
            TimeValue::of(Some(time_of(fact)?), value, &resolved.model.time_zone, clock)
        };
        let (base, event) = (time(base, BASE_TIME)?, time(event, EVENT_TIME)?);
        let (base, event) = match (&base.kind, &event.kind) {
            (left, right) if left == right => (base, event),
            // A date beside a time of day means the day.
            (TimeKind::Date, _) | (_, TimeKind::Date) => (base.day(clock), event.day(clock)),
            _ => (base.as_instant(clock), event.as_instant(clock)),
        };
        let before = compare(BinaryOperator::Lte, base.value.clone(), event.value.clone());
        let Some(window) = conversion.window else {
            return Ok(before);
        };
        let hours = matches!(window.unit, TimeUnit::Hour | TimeUnit::Minute);
        if hours && event.kind == TimeKind::Date {
            let message = "A window of hours needs times of day; one of these events has only a date.";
            return Err(AppError::invalid("window", message));
        }
        let opens = event.shifted(Shift::of(window).back(), clock);
        let base = if opens.kind == base.kind {
            base
        } else {
            base.shifted(Shift::NONE, clock)
        };
        let within = compare(BinaryOperator::Gt, base.value, opens.value);
        Ok(Expression::all([before, within]))
    }
}

fn compare(operator: BinaryOperator, left: Expression, right: Expression) -> Expression {
    Expression::binary(operator, left, right)
}

fn ascending(column: &str) -> SortKey {
    SortKey {
        column: column.to_owned(),
        direction: SortDirection::Asc,
    }
}
