//! From the parser's tree to ours.

use std::collections::BTreeSet;

use sqlparser::ast::{
    BinaryOperator as Operator, CaseWhen, CastKind, Expr, Ident, InTarget, Spanned, TypedString, UnaryOperator as Sign,
    Value, ValueWithSpan,
};

use super::{
    BinaryOperator, CheckedExpression, Expression, ExpressionRules, FieldReference, Literal, UnaryOperator, literal,
    placeholder::{Meaning, meaning},
};
use crate::{Place, Refusal, RefusalKind};

pub type Reading = Result<Expression, Refusal>;

pub struct Reader<'r> {
    pub rules: &'r ExpressionRules<'r>,
    columns: BTreeSet<String>,
    fields: BTreeSet<FieldReference>,
    parameters: BTreeSet<String>,
    pub custom_functions: BTreeSet<String>,
}

impl<'r> Reader<'r> {
    pub const fn new(rules: &'r ExpressionRules<'r>) -> Self {
        Self {
            rules,
            columns: BTreeSet::new(),
            fields: BTreeSet::new(),
            parameters: BTreeSet::new(),
            custom_functions: BTreeSet::new(),
        }
    }

    pub fn checked(self, expression: Expression) -> CheckedExpression {
        CheckedExpression {
            expression,
            columns: self.columns,
            fields: self.fields,
            parameters: self.parameters,
            custom_functions: self.custom_functions,
        }
    }

    pub fn read(&mut self, parsed: &Expr) -> Reading {
        match parsed {
            Expr::Nested(inner) => self.read(inner),
            Expr::Identifier(name) => self.column(name),
            Expr::CompoundIdentifier(names) => Err(qualified(names)),
            Expr::Value(value) => self.value(value),
            Expr::TypedString(TypedString {
                data_type,
                value,
                uses_odbc_syntax: false,
            }) => literal::typed(data_type, &value.value)
                .map(Expression::Literal)
                .ok_or_else(|| {
                    no(
                        RefusalKind::Construct,
                        parsed,
                        "Dates are written as DATE '2026-11-20', times as TIMESTAMP '2026-11-20 09:30:00'.",
                    )
                }),
            Expr::Interval(interval) => literal::interval(interval).map(Expression::Literal).ok_or_else(|| {
                no(
                    RefusalKind::Construct,
                    parsed,
                    "An interval has one whole count and one unit from minute to year, as in INTERVAL '7 days'.",
                )
            }),
            Expr::UnaryOp { op, expr } => self.unary(*op, expr),
            Expr::BinaryOp { .. } => self.binary(parsed),
            Expr::IsNull(operand) => self.is_null(operand, false),
            Expr::IsNotNull(operand) => self.is_null(operand, true),
            Expr::In {
                expr,
                target,
                negated,
                global: false,
            } => self.in_list(expr, target, *negated),
            Expr::Between {
                expr,
                negated,
                low,
                high,
            } => Ok(Expression::Between {
                operand: self.boxed(expr)?,
                low: self.boxed(low)?,
                high: self.boxed(high)?,
                negated: *negated,
            }),
            Expr::Like {
                negated,
                any: false,
                expr,
                pattern,
                escape_char,
            } => self.like(expr, pattern, escape_char.as_deref(), (*negated, false)),
            Expr::ILike {
                negated,
                any: false,
                expr,
                pattern,
                escape_char,
            } => self.like(expr, pattern, escape_char.as_deref(), (*negated, true)),
            Expr::Case {
                case_token: _,
                end_token: _,
                operand,
                conditions,
                else_result,
            } => self.case(operand.as_deref(), conditions, else_result.as_deref()),
            Expr::Cast {
                kind: CastKind::Cast | CastKind::DoubleColon,
                expr,
                data_type,
                format: None,
            } => {
                let to = literal::column_type(data_type).ok_or_else(|| {
                    let told = format!(
                        "{data_type} is not the same on every database. Cast to text, bigint, double precision, decimal, boolean, \
                         date, time, timestamp or timestamptz, without a length; round(…, digits) cuts digits."
                    );
                    no(RefusalKind::CastType, parsed, told)
                })?;
                let operand = self.boxed(expr)?;
                Ok(Expression::Cast { operand, to })
            }
            Expr::Exists { .. } | Expr::Subquery(_) => Err(subquery(parsed)),
            other => self.written_like_a_call(other),
        }
    }

    pub fn boxed(&mut self, parsed: &Expr) -> Result<Box<Expression>, Refusal> {
        self.read(parsed).map(Box::new)
    }

    pub fn all<'e>(&mut self, parsed: impl IntoIterator<Item = &'e Expr>) -> Result<Vec<Expression>, Refusal> {
        parsed.into_iter().map(|item| self.read(item)).collect()
    }

    fn column(&mut self, name: &Ident) -> Reading {
        if name.quote_style.is_none() && name.value.starts_with('@') {
            return Err(variable(Place::of(name.span.start), &name.value));
        }
        let stored = self.rules.dialect.stored(name);
        self.columns.insert(stored.clone());
        Ok(Expression::Column(stored))
    }

    fn value(&mut self, value: &ValueWithSpan) -> Reading {
        let at = Place::of(value.span.start);
        if let Value::Placeholder(written) = &value.value {
            return match meaning(written) {
                Some(Meaning::Parameter(name)) => {
                    self.parameters.insert(name.clone());
                    Ok(Expression::Parameter(name))
                }
                Some(Meaning::Field(field)) => {
                    self.fields.insert(field.clone());
                    Ok(Expression::Field(field))
                }
                None => Err(variable(at, written)),
            };
        }
        literal::plain(&value.value).map(Expression::Literal).ok_or_else(|| {
            let told = "This form of a literal is not the same on every database. Write a decimal number, or a text in quotes.";
            Refusal::new(RefusalKind::Construct, at, told)
        })
    }

    fn unary(&mut self, sign: Sign, operand: &Expr) -> Reading {
        let operator = match sign {
            Sign::Plus => return self.read(operand),
            Sign::Minus => UnaryOperator::Negate,
            Sign::Not => UnaryOperator::Not,
            _ => return Err(operator(operand, &sign.to_string())),
        };
        let operand = self.boxed(operand)?;
        Ok(Expression::Unary { operator, operand })
    }

    /// `1+1+…` leans to the left and is read in a loop.
    fn binary(&mut self, parsed: &Expr) -> Reading {
        let mut first = parsed;
        let mut rest = Vec::new();
        while let Expr::BinaryOp { left, op, right } = first {
            rest.push((op, right.as_ref()));
            first = left;
        }
        let mut read = self.read(first)?;
        for (op, right) in rest.into_iter().rev() {
            let operator = binary_operator(op).ok_or_else(|| operator(right, &op.to_string()))?;
            read = Expression::Binary {
                operator,
                left: Box::new(read),
                right: self.boxed(right)?,
            };
        }
        Ok(read)
    }

    fn is_null(&mut self, operand: &Expr, negated: bool) -> Reading {
        let operand = self.boxed(operand)?;
        Ok(Expression::IsNull { operand, negated })
    }

    fn in_list(&mut self, operand: &Expr, target: &InTarget, negated: bool) -> Reading {
        match target {
            InTarget::List(items) if !items.is_empty() => Ok(Expression::In {
                operand: self.boxed(operand)?,
                list: self.all(items)?,
                negated,
            }),
            InTarget::Subquery(_) => Err(subquery(operand)),
            _ => Err(no(
                RefusalKind::Construct,
                operand,
                "IN takes a list of values in parentheses.",
            )),
        }
    }

    fn like(
        &mut self,
        operand: &Expr,
        pattern: &Expr,
        escape: Option<&Expr>,
        (negated, ignore_case): (bool, bool),
    ) -> Reading {
        let escape = match escape {
            None => None,
            Some(Expr::Value(ValueWithSpan { value, .. })) => {
                literal::text(value).filter(|text| text.chars().count() == 1)
            }
            Some(_) => Some(""),
        };
        let escape = match escape {
            None => None,
            Some(text) => Some(text.chars().next().ok_or_else(|| {
                no(
                    RefusalKind::Construct,
                    pattern,
                    "After ESCAPE stands one character in quotes.",
                )
            })?),
        };
        Ok(Expression::Like {
            operand: self.boxed(operand)?,
            pattern: self.boxed(pattern)?,
            escape,
            ignore_case,
            negated,
        })
    }

    fn case(&mut self, operand: Option<&Expr>, conditions: &[CaseWhen], otherwise: Option<&Expr>) -> Reading {
        let operand = operand.map(|operand| self.boxed(operand)).transpose()?;
        let mut branches = Vec::with_capacity(conditions.len());
        for CaseWhen { condition, result } in conditions {
            branches.push((self.read(condition)?, self.read(result)?));
        }
        let otherwise = otherwise.map(|otherwise| self.boxed(otherwise)).transpose()?;
        Ok(Expression::Case {
            operand,
            branches,
            otherwise,
        })
    }
}

const fn binary_operator(operator: &Operator) -> Option<BinaryOperator> {
    Some(match operator {
        Operator::Plus => BinaryOperator::Add,
        Operator::Minus => BinaryOperator::Subtract,
        Operator::Multiply => BinaryOperator::Multiply,
        Operator::Divide => BinaryOperator::Divide,
        Operator::Modulo => BinaryOperator::Modulo,
        Operator::StringConcat => BinaryOperator::Concat,
        Operator::Eq => BinaryOperator::Equal,
        Operator::NotEq => BinaryOperator::NotEqual,
        Operator::Lt => BinaryOperator::Less,
        Operator::LtEq => BinaryOperator::LessOrEqual,
        Operator::Gt => BinaryOperator::Greater,
        Operator::GtEq => BinaryOperator::GreaterOrEqual,
        Operator::And => BinaryOperator::And,
        Operator::Or => BinaryOperator::Or,
        _ => return None,
    })
}

pub fn no(kind: RefusalKind, at: &impl Spanned, message: impl Into<String>) -> Refusal {
    Refusal::new(kind, Place::of(at.span().start), message)
}

fn operator(at: &Expr, written: &str) -> Refusal {
    let told = format!(
        "The operator {written} is not the same on every database. There are + - * / % ||, comparisons, AND, OR and NOT."
    );
    no(RefusalKind::Construct, at, told)
}

pub fn subquery(at: &impl Spanned) -> Refusal {
    let told = "An expression has no query inside. Use a field of another table, {table.field}, or a metric.";
    no(RefusalKind::Subquery, at, told)
}

fn variable(place: Option<Place>, name: &str) -> Refusal {
    let told = format!("The variable or placeholder {name} is not allowed. Parameters are written {{param:name}}.");
    Refusal::new(RefusalKind::Variable, place, told)
}

fn qualified(names: &[Ident]) -> Refusal {
    let place = names.first().and_then(|name| Place::of(name.span.start));
    let parts: Vec<&str> = names.iter().map(|name| name.value.as_str()).collect();
    let field = match parts.as_slice() {
        [.., table, field] => format!("{table}.{field}"),
        _ => parts.concat(),
    };
    let told = format!(
        "{} names a table. Columns of the expression's own table are written without it, fields of another one as {{{field}}}.",
        parts.join(".")
    );
    Refusal::new(RefusalKind::QualifiedColumn, place, told)
}

/// A literal that is one of these words is written as a text or as a name.
pub fn word(parsed: &Expr) -> Option<String> {
    match parsed {
        Expr::Identifier(name) => Some(name.value.to_ascii_lowercase()),
        Expr::Value(ValueWithSpan { value, .. }) => match literal::plain(value)? {
            Literal::Text(text) => Some(text.to_ascii_lowercase()),
            Literal::Number(_)
            | Literal::Boolean(_)
            | Literal::Null
            | Literal::Date(_)
            | Literal::Timestamp(_)
            | Literal::Interval { .. } => None,
        },
        _ => None,
    }
}
