//! The expressions of a model's definitions as expressions of a plan.

use guard::expression::{
    BinaryOperator as SqlBinary, Expression as Sql, FieldReference, Function as SqlFunction, Literal as SqlLiteral,
    UnaryOperator as SqlUnary,
};
use shared::{
    AppError, ErrorCode,
    semantic::{DatePart, DimensionType, Expression as Definition, Grain, GrainOf, TimeUnit},
    table::ColumnType,
};

use super::{
    calendar::{DAY, HOUR, MINUTE},
    clock::Clock,
    custom_function::{Arguments, checked, within_size},
    moments::TimeValue,
    resolved::Resolved,
    scope::Scope,
};
use crate::{
    graph::{Place, Reach, Step, Way, prefix},
    logical::{BinaryOperator, Expression, Function, Literal, Scalar, UnaryOperator},
};

/// Fields of fields deeper than this go in circles.
const DEEPEST: usize = 16;

/// Where a definition is read: the end of a way that starts at the fact.
#[derive(Clone, Copy)]
pub struct Reading<'r, 'a> {
    pub scope: Scope<'a>,
    pub clock: &'r Clock,
    /// The fact.
    pub from: Place<'a>,
    pub way: &'r [Step<'a>],
    /// Inside of a function: what its arguments are. It has no columns then.
    pub arguments: Option<&'r Arguments>,
}

impl<'r, 'a> Reading<'r, 'a> {
    pub const fn of(resolved: &'r Resolved<'a>, from: Place<'a>, way: &'r [Step<'a>]) -> Self {
        Self {
            scope: resolved.scope,
            clock: &resolved.clock,
            from,
            way,
            arguments: None,
        }
    }

    /// The value of a definition in the rows of the fact.
    ///
    /// # Errors
    /// `invalid` for an expression that the guard refuses or whose names mean nothing here.
    pub fn value(&self, definition: &Definition) -> Result<Expression, AppError> {
        self.read(definition, 0)
    }

    fn here(&self) -> Place<'a> {
        self.from.after(self.way)
    }

    fn read(&self, definition: &Definition, depth: usize) -> Result<Expression, AppError> {
        match definition {
            Definition::Col(column) => Ok(self.column(column)),
            Definition::Field(of) => self.bucket_of(of, depth),
            Definition::Json(value) => {
                let path = value.path.steps().to_vec();
                let text = Expression::call(Function::JsonText { path }, vec![self.column(&value.column)]);
                Ok(match value.kind {
                    ColumnType::String => text,
                    kind => Expression::call(Function::Cast(kind), vec![text]),
                })
            }
            Definition::Point(_) => {
                let text = "A point is two numbers: name its latitude or its longitude, such as place_lat of place.";
                Err(AppError::invalid("expr", text))
            }
            Definition::Sql(sql) => self.lower(&checked(self.scope.graph.model, sql)?.expression, depth),
        }
    }

    /// The start of the bucket of another time dimension, of the same table when it has no table's name.
    fn bucket_of(&self, of: &GrainOf, depth: usize) -> Result<Expression, AppError> {
        let (table, field) = of
            .field
            .split_once('.')
            .unwrap_or((self.here().node, of.field.as_str()));
        let reference = FieldReference {
            table: table.to_owned(),
            field: field.to_owned(),
        };
        let name = format!("{table}.{field}");
        let time = self.scope.graph.model.dimension(&name).map(|(_, dimension)| dimension);
        if time.is_none_or(|dimension| dimension.kind != DimensionType::Time) {
            return Err(AppError::invalid(
                "expr",
                format!("{name} is not a time, so it has no grain."),
            ));
        }
        let value = self.field(&reference, depth)?;
        let value = TimeValue::of(time, value, &self.scope.graph.model.time_zone, self.clock)?;
        Ok(value.bucket(of.grain, self.clock))
    }

    fn column(&self, column: &str) -> Expression {
        Expression::column(format!("{}{column}", prefix(self.way)))
    }

    pub(super) fn lower(&self, sql: &Sql, depth: usize) -> Result<Expression, AppError> {
        let lower = |sql: &Sql| self.lower(sql, depth);
        match sql {
            Sql::Column(name) => match self.arguments {
                Some(given) => Ok(Self::argument(given, name)?.value.clone()),
                None => Ok(self.column(name)),
            },
            Sql::Field(field) => self.field(field, depth),
            Sql::Parameter(name) => self.parameter(name),
            Sql::Literal(SqlLiteral::Interval { .. }) => Err(unsupported("an interval that stands alone")),
            Sql::Literal(literal) => constant(literal).map(Expression::literal),
            Sql::Unary { operator, operand } => {
                let operator = match operator {
                    SqlUnary::Negate => UnaryOperator::Negate,
                    SqlUnary::Not => UnaryOperator::Not,
                };
                Ok(Expression::unary(operator, lower(operand)?))
            }
            Sql::Binary { operator, left, right } => self.binary(*operator, left, right, depth),
            Sql::IsNull { operand, negated } => {
                let operator = if *negated {
                    UnaryOperator::IsNotNull
                } else {
                    UnaryOperator::IsNull
                };
                Ok(Expression::unary(operator, lower(operand)?))
            }
            Sql::In { operand, list, negated } => {
                let operand = within_size(lower(operand)?, list.len(), "IN")?;
                let equal = |item: &Sql| Ok(Expression::binary(BinaryOperator::Eq, operand.clone(), lower(item)?));
                let any = Expression::any(list.iter().map(equal).collect::<Result<Vec<_>, AppError>>()?);
                Ok(if *negated { any.negated() } else { any })
            }
            Sql::Between {
                operand,
                low,
                high,
                negated,
            } => {
                let operand = within_size(lower(operand)?, 2, "BETWEEN")?;
                let both = Expression::all([
                    Expression::binary(BinaryOperator::Gte, operand.clone(), lower(low)?),
                    Expression::binary(BinaryOperator::Lte, operand, lower(high)?),
                ]);
                Ok(if *negated { both.negated() } else { both })
            }
            Sql::Like {
                operand,
                pattern,
                escape,
                ignore_case,
                negated,
            } => {
                let Sql::Literal(SqlLiteral::Text(pattern)) = pattern.as_ref() else {
                    return Err(unsupported("LIKE with a pattern that is no text literal"));
                };
                let pattern = Expression::literal(Literal::Text(regular(pattern, *escape, *ignore_case)));
                let found = Expression::call(Function::Matches, vec![lower(operand)?, pattern]);
                Ok(if *negated { found.negated() } else { found })
            }
            Sql::Case {
                operand,
                branches,
                otherwise,
            } => {
                let operand = match operand.as_deref() {
                    Some(operand) => Some(within_size(lower(operand)?, branches.len(), "CASE")?),
                    None => None,
                };
                let branches = branches
                    .iter()
                    .map(|(condition, value)| {
                        let condition = lower(condition)?;
                        let condition = match &operand {
                            Some(operand) => Expression::binary(BinaryOperator::Eq, operand.clone(), condition),
                            None => condition,
                        };
                        Ok((condition, lower(value)?))
                    })
                    .collect::<Result<Vec<_>, AppError>>()?;
                let otherwise = otherwise
                    .as_deref()
                    .map(lower)
                    .transpose()?
                    .unwrap_or_else(Expression::null);
                Ok(Expression::Case {
                    branches,
                    otherwise: Box::new(otherwise),
                })
            }
            Sql::Cast { operand, to } => Ok(Expression::call(Function::Cast(*to), vec![lower(operand)?])),
            Sql::Call { function, arguments } => self.call(*function, arguments, depth),
            Sql::Custom { name, arguments } => self.custom(name, arguments, depth),
            Sql::Aggregate { .. } => Err(unsupported("an aggregation inside of an expression")),
        }
    }

    /// A field of another table, of which each row here has one.
    fn field(&self, reference: &FieldReference, depth: usize) -> Result<Expression, AppError> {
        let name = format!("{}.{}", reference.table, reference.field);
        let wrong = |message: String| AppError::invalid("expr", message);
        if depth >= DEEPEST {
            return Err(wrong(format!("{name} is made of itself.")));
        }
        self.scope.parameters.count_definition()?;
        let Some((_, dimension)) = self.scope.graph.model.dimension(&name) else {
            return Err(crate::catalog::unknown_field(self.scope.graph.model, &name));
        };
        let Reach::One(way) = self.scope.graph.reach(self.here(), &reference.table, &name)? else {
            let message = format!(
                "One row of {} has many of {name}; a definition needs one.",
                self.here().node
            );
            return Err(AppError::new(ErrorCode::FanOut, message).with_field(name));
        };
        let way: Way<'a> = self.way.iter().copied().chain(way).collect();
        let there = Reading {
            way: &way,
            arguments: None,
            ..*self
        };
        let value = within_size(there.read(&dimension.expr, depth + 1)?, 1, &name)?;
        Ok(match dimension.kind {
            DimensionType::Bin => Expression::call(
                Function::Bin {
                    edges: dimension.bins.clone(),
                },
                vec![value],
            ),
            DimensionType::String
            | DimensionType::Number
            | DimensionType::Bool
            | DimensionType::Time
            | DimensionType::Geo
            | DimensionType::Json => value,
        })
    }

    fn parameter(&self, name: &str) -> Result<Expression, AppError> {
        self.scope
            .parameters
            .get(name)
            .cloned()
            .map(Expression::literal)
            .ok_or_else(|| {
                let message = format!(
                    "The model {} has no parameter called {name}.",
                    self.scope.graph.model.model
                );
                AppError::new(ErrorCode::UnknownField, message).with_field("expr")
            })
    }

    fn binary(&self, operator: SqlBinary, left: &Sql, right: &Sql, depth: usize) -> Result<Expression, AppError> {
        // A time and an interval.
        if let (SqlBinary::Add | SqlBinary::Subtract, Sql::Literal(SqlLiteral::Interval { count, unit })) =
            (operator, right)
        {
            let count = if operator == SqlBinary::Add {
                Some(*count)
            } else {
                count.checked_neg()
            };
            return moved(self.lower(left, depth)?, count, *unit);
        }
        let (left, right) = (self.lower(left, depth)?, self.lower(right, depth)?);
        let plain = |operator| Expression::binary(operator, left.clone(), right.clone());
        let scalar = |function| Expression::call(Function::Scalar(function), vec![left.clone(), right.clone()]);
        Ok(match operator {
            SqlBinary::Add => plain(BinaryOperator::Add),
            SqlBinary::Subtract => plain(BinaryOperator::Subtract),
            SqlBinary::Multiply => plain(BinaryOperator::Multiply),
            SqlBinary::Divide => plain(BinaryOperator::Divide),
            SqlBinary::Modulo => scalar(Scalar::Modulo),
            SqlBinary::Concat => scalar(Scalar::Join),
            SqlBinary::Equal => plain(BinaryOperator::Eq),
            SqlBinary::NotEqual => plain(BinaryOperator::Ne),
            SqlBinary::Less => plain(BinaryOperator::Lt),
            SqlBinary::LessOrEqual => plain(BinaryOperator::Lte),
            SqlBinary::Greater => plain(BinaryOperator::Gt),
            SqlBinary::GreaterOrEqual => plain(BinaryOperator::Gte),
            SqlBinary::And => plain(BinaryOperator::And),
            SqlBinary::Or => plain(BinaryOperator::Or),
        })
    }

    fn call(&self, function: SqlFunction, arguments: &[Sql], depth: usize) -> Result<Expression, AppError> {
        let values = || {
            arguments
                .iter()
                .map(|argument| self.lower(argument, depth))
                .collect::<Result<Vec<_>, _>>()
        };
        let scalar = |scalar: Scalar| Ok(Expression::call(Function::Scalar(scalar), values()?));
        match function {
            SqlFunction::Abs => scalar(Scalar::Abs),
            SqlFunction::Round => scalar(Scalar::Round),
            SqlFunction::Floor => scalar(Scalar::Floor),
            SqlFunction::Ceil => scalar(Scalar::Ceil),
            SqlFunction::Ln => scalar(Scalar::Ln),
            SqlFunction::Exp => scalar(Scalar::Exp),
            SqlFunction::Power => scalar(Scalar::Power),
            SqlFunction::Sqrt => scalar(Scalar::Sqrt),
            SqlFunction::Sign => scalar(Scalar::Sign),
            SqlFunction::Mod => scalar(Scalar::Modulo),
            SqlFunction::Least => scalar(Scalar::Least),
            SqlFunction::Greatest => scalar(Scalar::Greatest),
            SqlFunction::Coalesce => Ok(Expression::call(Function::Coalesce, values()?)),
            SqlFunction::NullIf => match values()?.as_slice() {
                [value, other] => {
                    let value = within_size(value.clone(), 2, "nullif")?;
                    let same = Expression::binary(BinaryOperator::Eq, value.clone(), other.clone());
                    Ok(Expression::Case {
                        branches: vec![(same, Expression::null())],
                        otherwise: Box::new(value),
                    })
                }
                _ => Err(AppError::internal()),
            },
            SqlFunction::If => match values()?.as_slice() {
                [condition, then, otherwise] => Ok(Expression::Case {
                    branches: vec![(condition.clone(), then.clone())],
                    otherwise: Box::new(otherwise.clone()),
                }),
                _ => Err(AppError::internal()),
            },
            SqlFunction::Lower => scalar(Scalar::Lower),
            SqlFunction::Upper => scalar(Scalar::Upper),
            SqlFunction::Trim => scalar(Scalar::Trim),
            SqlFunction::Length => scalar(Scalar::Length),
            SqlFunction::Substring => scalar(Scalar::Substring),
            SqlFunction::Replace => scalar(Scalar::Replace),
            SqlFunction::Concat => scalar(Scalar::Concat),
            SqlFunction::Left => scalar(Scalar::Left),
            SqlFunction::Right => scalar(Scalar::Right),
            SqlFunction::StartsWith => scalar(Scalar::StartsWith),
            SqlFunction::EndsWith => scalar(Scalar::EndsWith),
            SqlFunction::Contains => scalar(Scalar::Contains),
            SqlFunction::AsOf => Ok(Expression::literal(Literal::Timestamp(self.clock.as_of.wall))),
            SqlFunction::DateDiff(unit) => match arguments {
                [from, to] => self.difference(unit, from, to, depth),
                _ => Err(AppError::internal()),
            },
            SqlFunction::DateAdd(unit) => match arguments {
                [Sql::Literal(SqlLiteral::Number(count)), time] => {
                    moved(self.lower(time, depth)?, count.parse().ok(), unit)
                }
                [
                    Sql::Unary {
                        operator: SqlUnary::Negate,
                        operand,
                    },
                    time,
                ] => match operand.as_ref() {
                    Sql::Literal(SqlLiteral::Number(count)) => {
                        let count = count.parse::<i64>().ok().and_then(i64::checked_neg);
                        moved(self.lower(time, depth)?, count, unit)
                    }
                    _ => Err(unsupported("date_add with a count that is no number")),
                },
                _ => Err(unsupported("date_add with a count that is no number")),
            },
            SqlFunction::Part(part) => match arguments {
                [time] => Ok(self.time(time, depth)?.part(part, self.clock)),
                _ => Err(AppError::internal()),
            },
            SqlFunction::Truncate(grain) => match arguments {
                [time] => Ok(self.time(time, depth)?.bucket(grain, self.clock)),
                _ => Err(AppError::internal()),
            },
        }
    }

    /// A time with what is known of how it is stored: columns that a time dimension shows are as it says, others are clock
    /// readings of the query's zone.
    pub(super) fn time(&self, sql: &Sql, depth: usize) -> Result<TimeValue, AppError> {
        if let (Sql::Column(name), Some(given)) = (sql, self.arguments) {
            return Self::argument(given, name).cloned();
        }
        let model = self.scope.graph.model;
        let dimension = match sql {
            Sql::Column(column) => self.here().table.dimensions.iter().find(|dimension| {
                dimension.kind == DimensionType::Time && dimension.expr.column() == Some(column.as_str())
            }),
            Sql::Field(field) => model
                .dimension(&format!("{}.{}", field.table, field.field))
                .map(|(_, dimension)| dimension)
                .filter(|dimension| dimension.kind == DimensionType::Time),
            _ => None,
        };
        // Parts of a time name it twice.
        let value = within_size(self.lower(sql, depth)?, 2, "a time")?;
        TimeValue::of(dimension, value, &model.time_zone, self.clock)
    }

    /// How many borders of the unit lie between two times.
    fn difference(&self, unit: TimeUnit, from: &Sql, to: &Sql, depth: usize) -> Result<Expression, AppError> {
        let (from, to) = (self.time(from, depth)?, self.time(to, depth)?);
        let minus = |left: Expression, right: Expression| Expression::binary(BinaryOperator::Subtract, left, right);
        let by_parts = |per_year: i64, part: DatePart| {
            let whole = |time: &TimeValue| {
                let years = Expression::binary(
                    BinaryOperator::Multiply,
                    time.part(DatePart::Year, self.clock),
                    Expression::literal(Literal::Int(per_year)),
                );
                Expression::binary(BinaryOperator::Add, years, time.part(part, self.clock))
            };
            minus(whole(&to), whole(&from))
        };
        let by_length = |grain: Grain, length: i64| {
            let start = |time: &TimeValue| {
                Expression::call(
                    Function::Scalar(Scalar::Microseconds),
                    vec![time.bucket(grain, self.clock)],
                )
            };
            let quotient = Expression::binary(
                BinaryOperator::Divide,
                minus(start(&to), start(&from)),
                Expression::literal(Literal::Int(length)),
            );
            Expression::call(Function::Cast(ColumnType::Integer), vec![quotient])
        };
        Ok(match unit {
            TimeUnit::Year => minus(
                to.part(DatePart::Year, self.clock),
                from.part(DatePart::Year, self.clock),
            ),
            TimeUnit::Quarter => by_parts(4, DatePart::Quarter),
            TimeUnit::Month => by_parts(12, DatePart::Month),
            TimeUnit::Week => by_length(Grain::Week, 7 * DAY),
            TimeUnit::Day => by_length(Grain::Day, DAY),
            TimeUnit::Hour => by_length(Grain::Hour, HOUR),
            TimeUnit::Minute => by_length(Grain::Minute, MINUTE),
        })
    }
}

fn unsupported(what: &str) -> AppError {
    AppError::new(ErrorCode::Unsupported, format!("Definitions cannot have {what} yet.")).with_field("expr")
}

fn constant(literal: &SqlLiteral) -> Result<Literal, AppError> {
    let wrong = |text: &str| AppError::invalid("expr", format!("{text} cannot be read."));
    Ok(match literal {
        SqlLiteral::Number(text) => match text.parse::<i64>() {
            Ok(whole) => Literal::Int(whole),
            Err(_) => Literal::Float(text.parse().map_err(|_| wrong(text))?),
        },
        SqlLiteral::Text(text) => Literal::Text(text.clone()),
        SqlLiteral::Boolean(truth) => Literal::Bool(*truth),
        SqlLiteral::Null => Literal::Null,
        SqlLiteral::Date(text) => Literal::Date(text.clone()),
        SqlLiteral::Timestamp(text) => {
            let time = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").map_err(|_| wrong(text))?;
            Literal::Timestamp(time.and_utc().timestamp_micros())
        }
        SqlLiteral::Interval { .. } => return Err(wrong("An interval")),
    })
}

fn moved(time: Expression, count: Option<i64>, unit: TimeUnit) -> Result<Expression, AppError> {
    let (months, microseconds) = match unit {
        TimeUnit::Minute => (0, MINUTE),
        TimeUnit::Hour => (0, HOUR),
        TimeUnit::Day => (0, DAY),
        TimeUnit::Week => (0, 7 * DAY),
        TimeUnit::Month => (1, 0),
        TimeUnit::Quarter => (3, 0),
        TimeUnit::Year => (12, 0),
    };
    let far = || AppError::invalid("expr", "A time cannot be moved so far.");
    let count = count.ok_or_else(far)?;
    let months = count
        .checked_mul(months)
        .and_then(|months| i32::try_from(months).ok())
        .ok_or_else(far)?;
    let microseconds = count.checked_mul(microseconds).ok_or_else(far)?;
    Ok(Expression::call(Function::Shift { months, microseconds }, vec![time]))
}

/// A pattern of LIKE as a regular expression over the whole text.
fn regular(pattern: &str, escape: Option<char>, ignore_case: bool) -> String {
    let mut regular = String::from(if ignore_case { r"(?is)\A" } else { r"(?s)\A" });
    let mut letters = pattern.chars();
    let literal = |regular: &mut String, letter: char| {
        if letter.is_ascii_punctuation() {
            regular.push('\\');
        }
        regular.push(letter);
    };
    while let Some(letter) = letters.next() {
        match letter {
            _ if escape == Some(letter) => literal(&mut regular, letters.next().unwrap_or(letter)),
            '%' => regular.push_str(".*"),
            '_' => regular.push('.'),
            other => literal(&mut regular, other),
        }
    }
    regular.push_str(r"\z");
    regular
}

#[cfg(test)]
mod tests {
    use super::regular;

    #[test]
    fn patterns_of_like_match_whole_texts() {
        assert_eq!(regular("a%b_", None, false), r"(?s)\Aa.*b.\z");
        assert_eq!(regular("50!%.", Some('!'), true), r"(?is)\A50\%\.\z");
    }
}
