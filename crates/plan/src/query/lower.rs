//! Conditions as expressions over the stored columns of one fact.

use serde_json::Value;
use shared::{
    AppError, ErrorCode,
    semantic::{Condition, Dimension, DimensionType, FieldCondition, MetricCondition, Operator},
    table::ColumnType,
};

use super::{
    Policy,
    gate::{Gate, metric_gate},
    literal::{literal, number, whole},
    moments::TimeValue,
    names::{find_field, in_fact},
    resolved::{Fact, Field, Resolved},
    time_condition::time_set,
};
use crate::{
    catalog::nearest,
    logical::{BinaryOperator, Expression, Function, Literal, UnaryOperator},
};

/// Lowers conditions for the rows of `fact`; conditions on metrics become gates that the rows must be joined with.
pub struct Lowering<'r, 'a> {
    pub resolved: &'r Resolved<'a>,
    pub fact: Fact<'a>,
    pub gates: Vec<Gate>,
    /// Stands in for the axis, where a condition acts on the displayed period.
    pub shown: Option<TimeValue>,
}

impl<'r, 'a> Lowering<'r, 'a> {
    pub const fn new(resolved: &'r Resolved<'a>, fact: Fact<'a>) -> Self {
        Self {
            resolved,
            fact,
            gates: Vec::new(),
            shown: None,
        }
    }

    /// # Errors
    /// `unknown_field`, `unreachable_dimension`, or `invalid` naming the field whose value or operator does not fit.
    pub fn condition(&mut self, condition: &Condition) -> Result<Expression, AppError> {
        match condition {
            Condition::And { and } => Ok(Expression::all(self.list(and)?)),
            Condition::Or { or } => Ok(Expression::any(self.list(or)?)),
            Condition::Not { not } => Ok(self.condition(not)?.negated()),
            Condition::Segment { segment } => self.segment(segment),
            Condition::Field(field) => self.field(field),
            Condition::Metric(metric) => self.metric(metric),
        }
    }

    fn list(&mut self, conditions: &[Condition]) -> Result<Vec<Expression>, AppError> {
        conditions.iter().map(|condition| self.condition(condition)).collect()
    }

    fn segment(&mut self, name: &str) -> Result<Expression, AppError> {
        let model = self.resolved.model;
        let found = name.split_once('.').and_then(|(table, segment)| {
            let table = model.table(table)?;
            let segment = table
                .segments
                .iter()
                .find(|candidate| candidate.name.as_str() == segment)?;
            Some((table, segment))
        });
        let Some((table, segment)) = found else {
            let all = model.tables.iter().flat_map(|table| {
                table
                    .segments
                    .iter()
                    .map(move |segment| format!("{}.{}", table.name, segment.name))
            });
            let message = format!("The model {} has no segment called {name}.", model.model);
            return Err(AppError::new(ErrorCode::UnknownField, message)
                .with_field(name)
                .with_candidates(nearest(name, all)));
        };
        if table.name != self.fact.table.name {
            let message = format!("The segment {name} cannot be reached from {}.", self.fact.table.name);
            return Err(AppError::new(ErrorCode::UnreachableDimension, message).with_field(name));
        }
        self.condition(&segment.condition)
    }

    fn metric(&mut self, condition: &MetricCondition) -> Result<Expression, AppError> {
        let gate = metric_gate(self.resolved, &self.fact, condition, self.gates.len())?;
        // A missing group never matches, also under `not`.
        let passes = Expression::column(gate.name.clone()).or_literal(Literal::Bool(false));
        self.gates.push(gate);
        Ok(passes)
    }

    fn field(&self, condition: &FieldCondition) -> Result<Expression, AppError> {
        // Hidden columns were looked for in what the person wrote; rules and segments may use them.
        let field = find_field(self.resolved.model, &Policy::default(), &condition.field)?;
        let dimension = in_fact(&field, &self.fact)?;
        if dimension.kind != DimensionType::Time {
            if condition.grain.is_some() || condition.part.is_some() || condition.op == Operator::InRange {
                let message = format!("{} is not a time, so it has no grain, part or range.", condition.field);
                return Err(AppError::invalid(condition.field.clone(), message));
            }
            return plain(condition, dimension);
        }
        self.time(condition, &field, dimension)
    }

    fn time(
        &self,
        condition: &FieldCondition,
        field: &Field<'a>,
        dimension: &Dimension,
    ) -> Result<Expression, AppError> {
        let clock = &self.resolved.clock;
        let time = match &self.shown {
            Some(shown) if self.resolved.on_axis(field, &self.fact) => shown.clone(),
            _ => TimeValue::stored(dimension, &self.resolved.model.time_zone, clock)?,
        };
        match (condition.op, condition.part) {
            (Operator::IsNull, _) => Ok(time.value.is_null()),
            (Operator::IsNotNull, _) => Ok(Expression::unary(UnaryOperator::IsNotNull, time.value)),
            (_, Some(_)) if condition.grain.is_some() => {
                let message = format!(
                    "The condition on {} has both a grain and a part; choose one.",
                    condition.field
                );
                Err(AppError::invalid(condition.field.clone(), message))
            }
            (_, Some(part)) => compare(condition, time.part(part, clock), |value| {
                whole(value, &condition.field)
            }),
            (_, None) => {
                let set = time_set(condition, clock)?;
                let within = set
                    .intervals
                    .iter()
                    .map(|interval| Expression::all(time.within(*interval, clock)));
                let any = Expression::any(within);
                Ok(if set.negated { any.negated() } else { any })
            }
        }
    }
}

/// The value of a dimension that is no time.
pub fn scalar(dimension: &Dimension) -> Expression {
    let column = Expression::column(dimension.expr.column());
    match dimension.kind {
        DimensionType::Bin => Expression::call(
            Function::Bin {
                edges: dimension.bins.clone(),
            },
            vec![column],
        ),
        DimensionType::String | DimensionType::Number | DimensionType::Bool | DimensionType::Time => column,
    }
}

fn plain(condition: &FieldCondition, dimension: &Dimension) -> Result<Expression, AppError> {
    let field = condition.field.as_str();
    let operand = scalar(dimension);
    let text = |function: Function| {
        if dimension.kind != DimensionType::String {
            return Err(AppError::invalid(
                field,
                format!("{field} is not text; it cannot be searched."),
            ));
        }
        match &condition.value {
            Some(Value::String(needle)) => {
                let needle = Expression::literal(Literal::Text(needle.clone()));
                Ok(Expression::call(function, vec![operand.clone(), needle]))
            }
            _ => Err(AppError::invalid(field, format!("The search in {field} needs a text."))),
        }
    };
    match condition.op {
        Operator::Contains => text(Function::Contains { case: condition.case }),
        Operator::StartsWith => text(Function::StartsWith { case: condition.case }),
        Operator::EndsWith => text(Function::EndsWith { case: condition.case }),
        Operator::Matches => text(Function::Matches),
        Operator::Gt | Operator::Gte | Operator::Lt | Operator::Lte | Operator::Between
            if dimension.kind == DimensionType::Bool =>
        {
            Err(AppError::invalid(
                field,
                format!("{field} is true or false; it has no order."),
            ))
        }
        Operator::Eq
        | Operator::Ne
        | Operator::In
        | Operator::NotIn
        | Operator::Gt
        | Operator::Gte
        | Operator::Lt
        | Operator::Lte
        | Operator::Between
        | Operator::IsNull
        | Operator::IsNotNull
        | Operator::InRange => compare(condition, operand, |value| literal(value, dimension.kind, field)),
    }
}

fn compare(
    condition: &FieldCondition,
    operand: Expression,
    read: impl Fn(&Value) -> Result<Literal, AppError>,
) -> Result<Expression, AppError> {
    comparison(
        &condition.field,
        condition.op,
        condition.value.as_ref(),
        condition.values.as_deref(),
        operand,
        read,
    )
}

/// A condition on an aggregated value of the given type.
///
/// # Errors
/// `invalid` naming the metric.
pub fn metric_comparison(
    condition: &MetricCondition,
    kind: ColumnType,
    operand: Expression,
) -> Result<Expression, AppError> {
    let name = condition.metric.as_str();
    let read = |value: &Value| match (kind, value) {
        (ColumnType::String | ColumnType::Json | ColumnType::Geo | ColumnType::Time, Value::String(text)) => {
            Ok(Literal::Text(text.clone()))
        }
        (ColumnType::Boolean, Value::Bool(truth)) => Ok(Literal::Bool(*truth)),
        (ColumnType::Date, Value::String(text)) => Ok(Literal::Date(text.clone())),
        (ColumnType::Timestamp | ColumnType::Timestamptz, _) => Err(AppError::invalid(
            name,
            format!("{name} is a time; it cannot be compared here."),
        )),
        _ => number(value, name),
    };
    comparison(
        name,
        condition.op,
        condition.value.as_ref(),
        condition.values.as_deref(),
        operand,
        read,
    )
}

fn comparison(
    field: &str,
    op: Operator,
    value: Option<&Value>,
    values: Option<&[Value]>,
    operand: Expression,
    read: impl Fn(&Value) -> Result<Literal, AppError>,
) -> Result<Expression, AppError> {
    let one = || {
        let missing = || AppError::invalid(field, format!("The condition on {field} needs a value."));
        value.ok_or_else(missing).and_then(&read)
    };
    let many = || {
        let missing = || AppError::invalid(field, format!("The condition on {field} needs values."));
        values
            .ok_or_else(missing)?
            .iter()
            .map(&read)
            .collect::<Result<Vec<_>, _>>()
    };
    let binary = |operator, literal| Expression::binary(operator, operand.clone(), Expression::literal(literal));
    match op {
        Operator::Eq => Ok(binary(BinaryOperator::Eq, one()?)),
        Operator::Ne => Ok(binary(BinaryOperator::Ne, one()?)),
        Operator::Gt => Ok(binary(BinaryOperator::Gt, one()?)),
        Operator::Gte => Ok(binary(BinaryOperator::Gte, one()?)),
        Operator::Lt => Ok(binary(BinaryOperator::Lt, one()?)),
        Operator::Lte => Ok(binary(BinaryOperator::Lte, one()?)),
        Operator::In => Ok(Expression::In {
            operand: Box::new(operand),
            list: many()?,
        }),
        Operator::NotIn => Ok(Expression::In {
            operand: Box::new(operand),
            list: many()?,
        }
        .negated()),
        Operator::Between => match many()?.as_slice() {
            [low, high] => Ok(Expression::all([
                binary(BinaryOperator::Gte, low.clone()),
                binary(BinaryOperator::Lte, high.clone()),
            ])),
            _ => Err(AppError::invalid(
                field,
                format!("between on {field} needs two values."),
            )),
        },
        Operator::IsNull => Ok(operand.is_null()),
        Operator::IsNotNull => Ok(Expression::unary(UnaryOperator::IsNotNull, operand)),
        Operator::Contains | Operator::StartsWith | Operator::EndsWith | Operator::Matches | Operator::InRange => Err(
            AppError::invalid(field, format!("{field} cannot be compared like this.")),
        ),
    }
}
