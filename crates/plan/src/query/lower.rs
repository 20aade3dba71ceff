//! Conditions as expressions over the stored columns of one fact.

use serde_json::Value;
use shared::{
    AppError, ErrorCode,
    semantic::{
        Condition, DimensionType, FieldCondition, Grain, GrainName, MetricCondition, Missing, Operator, RowCondition,
    },
    table::ColumnType,
};

use super::{
    Policy,
    gate::{Gate, metric_gate, rows_gate},
    literal::{literal, number, whole},
    located::{Located, Seen},
    moments::{TimeKind, TimeValue},
    names::{find_field, node_name, time_of},
    periods::find_periods,
    resolved::{Fact, Field, Resolved},
    time_condition::time_set,
};
use crate::{
    catalog::nearest,
    graph::{Place, Reach, Step, Way},
    logical::{BinaryOperator, Expression, Function, Literal, UnaryOperator},
};

/// Relations that the conditions of one scan may be looked up in.
const MOST_GATES: usize = 32;

/// Lowers conditions for the rows of `fact`; conditions on metrics become gates that the rows must be joined with.
pub struct Lowering<'r, 'a> {
    pub resolved: &'r Resolved<'a>,
    pub fact: Fact<'a>,
    /// Where conditions are looked at from: the end of a way that starts at the fact.
    pub base: Way<'a>,
    pub gates: Vec<Gate>,
    /// Days whose period was looked up: the name of its grain, the day, and the column with its start.
    pub periods: Vec<(String, Expression, String)>,
    /// Stands in for the axis, where a condition acts on the displayed period.
    pub shown: Option<TimeValue>,
}

impl<'r, 'a> Lowering<'r, 'a> {
    pub const fn new(resolved: &'r Resolved<'a>, fact: Fact<'a>) -> Self {
        Self {
            resolved,
            fact,
            base: Way::new(),
            gates: Vec::new(),
            periods: Vec::new(),
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
            Condition::Row(row) => self.row(row),
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
            table
                .segments
                .iter()
                .find(|candidate| candidate.name.as_str() == segment)
        });
        let Some(segment) = found else {
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
        self.condition(&segment.condition)
    }

    /// Another relation that the rows are joined with.
    ///
    /// # Errors
    /// `limit` when there are too many: each is a join around the ones before, and plans are taken apart by recursion.
    pub fn push(&mut self, gate: Gate) -> Result<(), AppError> {
        self.resolved.scope.parameters.count_gate()?;
        if self.gates.len() >= MOST_GATES {
            let message = format!("At most {MOST_GATES} conditions may look into other tables and metrics at once.");
            return Err(AppError::new(ErrorCode::Limit, message).with_field("where"));
        }
        self.gates.push(gate);
        Ok(())
    }

    fn metric(&mut self, condition: &MetricCondition) -> Result<Expression, AppError> {
        let gate = metric_gate(self.resolved, &self.fact, condition, self.gates.len())?;
        // A missing group never matches, also under `not`, unless the condition says what it counts as.
        let verdict = gate.verdict();
        let passes = match condition.missing {
            None => verdict.or_literal(Literal::Bool(false)),
            Some(Missing::Zero) => {
                let zero = Expression::literal(Literal::Int(0));
                Expression::Case {
                    branches: vec![(
                        verdict.clone().is_null(),
                        metric_comparison(condition, ColumnType::Number, zero)?,
                    )],
                    otherwise: Box::new(verdict),
                }
            }
        };
        self.push(gate)?;
        Ok(passes)
    }

    /// Is there a row among the many that meets the condition?
    fn exists(&mut self, condition: &Condition, before: Way<'a>, step: Step<'a>) -> Result<Expression, AppError> {
        let way = self.base.iter().copied().chain(before).collect::<Way<'a>>();
        let gate = rows_gate(self, &way, step, condition)?;
        let passes = gate.verdict().or_literal(Literal::Bool(false));
        self.push(gate)?;
        Ok(passes)
    }

    fn row(&mut self, row: &RowCondition) -> Result<Expression, AppError> {
        let name = row.row_of.as_str();
        let model = self.resolved.model;
        let (Some(table), Some(node)) = (model.node(name), node_name(model, name)) else {
            let known = model.tables.iter().map(|table| table.name.to_string());
            let message = format!("The model {} has no table called {name}.", model.model);
            return Err(AppError::new(ErrorCode::UnknownField, message)
                .with_field(name)
                .with_candidates(nearest(name, known)));
        };
        let all = Condition::And { and: row.and.clone() };
        match self.resolved.scope.graph.reach_node(self.here(), node)? {
            Reach::One(_) => self.condition(&all),
            Reach::Many { before, step } if step.node == node || step.table.name == table.name => {
                self.exists(&all, before, step)
            }
            Reach::Many { before, step } => self.exists(&Condition::Row(row.clone()), before, step),
        }
    }

    fn seen<'s>(&'s self, base: &'s Way<'a>) -> Seen<'s, 'a> {
        Seen {
            scope: self.resolved.scope,
            clock: &self.resolved.clock,
            from: self.fact.place(),
            base,
        }
    }

    /// What `time` means: the fact's time, or at the end of a way that of the table there.
    fn own_time(&self) -> Result<Located<'a>, AppError> {
        let here = self.here();
        let default_time = || here.table.dimension(here.table.default_time.as_ref()?.as_str());
        let fact = Fact {
            time: if self.base.is_empty() {
                self.fact.time
            } else {
                default_time()
            },
            ..Fact::of(here.table, None)
        };
        self.seen(&self.base).at(Way::new(), time_of(&fact)?)
    }

    fn here(&self) -> Place<'a> {
        self.fact.place().after(&self.base)
    }

    fn field(&mut self, condition: &FieldCondition) -> Result<Expression, AppError> {
        // Hidden columns were looked for in what the person wrote; rules and segments may use them.
        let field = find_field(self.resolved.model, &Policy::default(), &condition.field)?;
        let dimension = match field {
            Field::Time => self.own_time()?,
            Field::Of { dimension, .. } => match self.seen(&self.base).reach(&field)? {
                Reach::One(way) => self.seen(&self.base).at(way, dimension)?,
                Reach::Many { before, step } => {
                    return self.exists(&Condition::Field(condition.clone()), before, step);
                }
            },
        };
        if let Some(other) = &condition.other {
            return self.fields(condition, &dimension, other);
        }
        if dimension.kind != DimensionType::Time {
            if condition.grain.is_some() || condition.part.is_some() || condition.op == Operator::InRange {
                let message = format!("{} is not a time, so it has no grain, part or range.", condition.field);
                return Err(AppError::invalid(condition.field.clone(), message));
            }
            return plain(condition, &dimension);
        }
        self.time(condition, &field, &dimension)
    }

    /// One field compared with another.
    fn fields(&mut self, condition: &FieldCondition, left: &Located<'a>, other: &str) -> Result<Expression, AppError> {
        let wrong = |message: String| AppError::invalid(condition.field.clone(), message);
        if condition.value.is_some() || condition.values.is_some() || condition.range.is_some() {
            return Err(wrong(format!(
                "{} is compared with {other} or with a value, not with both.",
                condition.field
            )));
        }
        let operator = match condition.op {
            Operator::Eq => BinaryOperator::Eq,
            Operator::Ne => BinaryOperator::Ne,
            Operator::Gt => BinaryOperator::Gt,
            Operator::Gte => BinaryOperator::Gte,
            Operator::Lt => BinaryOperator::Lt,
            Operator::Lte => BinaryOperator::Lte,
            Operator::In
            | Operator::NotIn
            | Operator::Between
            | Operator::Contains
            | Operator::StartsWith
            | Operator::EndsWith
            | Operator::Matches
            | Operator::IsNull
            | Operator::IsNotNull
            | Operator::InRange => {
                return Err(wrong(format!(
                    "Two fields can be compared with eq, ne, gt, gte, lt and lte; {} was asked.",
                    condition.field
                )));
            }
        };
        let field = find_field(self.resolved.model, &Policy::default(), other)?;
        let right = match field {
            Field::Time => self.own_time()?,
            Field::Of { dimension, .. } => self.seen(&self.base).locate(&field, dimension)?,
        };
        let comparable = |kind: DimensionType| match kind {
            DimensionType::Number | DimensionType::Bin => DimensionType::Number,
            DimensionType::String | DimensionType::Geo | DimensionType::Json => DimensionType::String,
            DimensionType::Bool | DimensionType::Time => kind,
        };
        if comparable(left.kind) != comparable(right.kind) {
            return Err(wrong(format!(
                "{} and {other} are of different types.",
                condition.field
            )));
        }
        if left.kind != DimensionType::Time {
            return Ok(Expression::binary(operator, scalar(left), scalar(&right)));
        }
        let clock = &self.resolved.clock;
        let time = |dimension: &Located<'_>| TimeValue::stored(dimension, &self.resolved.model.time_zone, clock);
        let (left, right) = (time(left)?, time(&right)?);
        let (left, right) = match &condition.grain {
            Some(GrainName::Common(grain)) => (left.bucket(*grain, clock), right.bucket(*grain, clock)),
            Some(GrainName::Calendar(name)) => {
                let periods = find_periods(self.resolved.model, name.as_str(), &condition.field)?;
                (
                    self.period(&periods, left.bucket(Grain::Day, clock))?,
                    self.period(&periods, right.bucket(Grain::Day, clock))?,
                )
            }
            None if left.kind == right.kind => (left.value, right.value),
            // A date beside a time of day means the day.
            None if left.kind == TimeKind::Date || right.kind == TimeKind::Date => {
                (left.bucket(Grain::Day, clock), right.bucket(Grain::Day, clock))
            }
            None => (
                left.bucket(Grain::Millisecond, clock),
                right.bucket(Grain::Millisecond, clock),
            ),
        };
        Ok(Expression::binary(operator, left, right))
    }

    fn time(
        &mut self,
        condition: &FieldCondition,
        field: &Field<'a>,
        dimension: &Located<'a>,
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
                let time = match &condition.grain {
                    Some(GrainName::Calendar(name)) => {
                        let periods = find_periods(self.resolved.model, name.as_str(), &condition.field)?;
                        TimeValue {
                            value: self.period(&periods, time.bucket(Grain::Day, clock))?,
                            kind: TimeKind::Date,
                        }
                    }
                    Some(GrainName::Common(_)) | None => time,
                };
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
pub fn scalar(dimension: &Located<'_>) -> Expression {
    let column = dimension.value.clone();
    match dimension.kind {
        DimensionType::Bin => Expression::call(
            Function::Bin {
                edges: dimension.bins.clone(),
            },
            vec![column],
        ),
        DimensionType::String
        | DimensionType::Number
        | DimensionType::Bool
        | DimensionType::Time
        | DimensionType::Geo
        | DimensionType::Json => column,
    }
}

fn plain(condition: &FieldCondition, dimension: &Located<'_>) -> Result<Expression, AppError> {
    let field = condition.field.as_str();
    let operand = scalar(dimension);
    let text = |function: Function| {
        if !dimension.kind.is_text() {
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
