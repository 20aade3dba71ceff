//! Scalar expressions as SQL, with the kinds of the engine.

use shared::table::ColumnType;

use super::{
    Kind, Printed, Unsupported,
    dialect::{Dialect, comparison},
    moment::{clock_text, date_text},
    scalar,
    scope::Scope,
    search,
    term::{Binding, Term},
    time,
};
use crate::logical::{BinaryOperator, Expression, Function, Literal, UnaryOperator};

pub fn print(expression: &Expression, scope: &Scope<'_>) -> Printed<Term> {
    match expression {
        Expression::Column(name) => scope.column(name),
        Expression::Literal(value) => literal(value, scope.dialect),
        Expression::Unary { operator, operand } => unary(*operator, &scope.term(operand)?, scope.dialect),
        Expression::Binary { operator, left, right } => {
            binary(*operator, &scope.term(left)?, &scope.term(right)?, scope.dialect)
        }
        Expression::In { operand, list } => is_in(&scope.term(operand)?, list, scope.dialect),
        Expression::Case { branches, otherwise } => case(branches, otherwise, scope),
        Expression::Call { function, arguments } => call(function, arguments, scope),
    }
}

pub fn literal(value: &Literal, dialect: &dyn Dialect) -> Printed<Term> {
    Ok(match value {
        Literal::Null => Term::atom("NULL", Kind::Null),
        Literal::Bool(true) => Term::atom("TRUE", Kind::Boolean),
        Literal::Bool(false) => Term::atom("FALSE", Kind::Boolean),
        // Without a sign, this one would not be a whole number.
        Literal::Int(i64::MIN) => Term::atom(format!("({} - 1)", i64::MIN + 1), Kind::Integer),
        Literal::Int(number) if *number < 0 => Term::new(number.to_string(), Kind::Integer, Binding::Sign),
        Literal::Int(number) => Term::atom(number.to_string(), Kind::Integer),
        Literal::Float(number) => dialect.number(*number)?,
        Literal::Text(text) => Term::atom(dialect.text(text)?, Kind::Text),
        Literal::Decimal(text) => dialect.decimal(digits(text)?),
        Literal::Date(text) => dialect.date(&date_text(text)?),
        Literal::Timestamp(microseconds) => dialect.timestamp(&clock_text(*microseconds)?),
        Literal::Instant(microseconds) => dialect.instant(&clock_text(*microseconds)?),
    })
}

/// Digits with a point and a sign; nothing else goes into SQL without quotes.
fn digits(text: &str) -> Printed<&str> {
    let bare = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = bare.split_once('.').unwrap_or((bare, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits(whole) && all_digits(fraction) {
        Ok(text)
    } else {
        Err(Unsupported::new(format!("decimal {text:?}")))
    }
}

fn unary(operator: UnaryOperator, operand: &Term, dialect: &dyn Dialect) -> Printed<Term> {
    Ok(match operator {
        UnaryOperator::Not => {
            let truth = truth(operand, dialect)?;
            Term::new(
                format!("NOT {}", truth.inside(Binding::Atom)),
                Kind::Boolean,
                Binding::Not,
            )
        }
        UnaryOperator::IsNull => null_test(operand, "IS NULL"),
        UnaryOperator::IsNotNull => null_test(operand, "IS NOT NULL"),
        UnaryOperator::Negate => {
            let number = numeric(operand, dialect)?;
            let number = if number.kind == Kind::Integer {
                dialect.wide(number)
            } else {
                number
            };
            Term::new(format!("-{}", number.inside(Binding::Atom)), number.kind, Binding::Sign)
        }
    })
}

fn null_test(operand: &Term, test: &str) -> Term {
    Term::new(
        format!("{} {test}", operand.inside(Binding::Sum)),
        Kind::Boolean,
        Binding::Comparison,
    )
}

fn binary(operator: BinaryOperator, left: &Term, right: &Term, dialect: &dyn Dialect) -> Printed<Term> {
    match operator {
        BinaryOperator::And => logical("AND", Binding::And, left, right, dialect),
        BinaryOperator::Or => logical("OR", Binding::Or, left, right, dialect),
        BinaryOperator::Eq => compare("=", left, right, dialect),
        BinaryOperator::Ne => compare("<>", left, right, dialect),
        BinaryOperator::Lt => compare("<", left, right, dialect),
        BinaryOperator::Lte => compare("<=", left, right, dialect),
        BinaryOperator::Gt => compare(">", left, right, dialect),
        BinaryOperator::Gte => compare(">=", left, right, dialect),
        BinaryOperator::IsNotDistinctFrom => {
            let (left, right) = met(left, right, dialect)?;
            Ok(dialect.same(&dialect.comparable(left), &right))
        }
        BinaryOperator::Add => sum("+", left, right, dialect),
        BinaryOperator::Subtract => sum("-", left, right, dialect),
        BinaryOperator::Multiply => product(left, right, dialect),
        BinaryOperator::Divide => {
            let quotient = format!(
                "{} / nullif({}, 0)",
                dialect.floating(&numeric(left, dialect)?)?.inside(Binding::Product),
                numeric(right, dialect)?.text
            );
            Ok(Term::new(quotient, Kind::Number, Binding::Product))
        }
    }
}

fn logical(operator: &str, binding: Binding, left: &Term, right: &Term, dialect: &dyn Dialect) -> Printed<Term> {
    let (left, right) = (truth(left, dialect)?, truth(right, dialect)?);
    let text = format!("{} {operator} {}", left.inside(binding), right.inside(binding));
    Ok(Term::new(text, Kind::Boolean, binding))
}

/// As a truth value.
pub fn truth(value: &Term, dialect: &dyn Dialect) -> Printed<Term> {
    if matches!(value.kind, Kind::Boolean | Kind::Null) {
        dialect.convert(value, Kind::Boolean)
    } else {
        Err(Unsupported::new(format!("condition that is {}", value.kind.noun())))
    }
}

fn compare(operator: &str, left: &Term, right: &Term, dialect: &dyn Dialect) -> Printed<Term> {
    let (mut left, right) = met(left, right, dialect)?;
    if left.kind == Kind::Text {
        left = if matches!(operator, "=" | "<>") {
            dialect.comparable(left)
        } else {
            dialect.bytewise(left)
        };
    }
    Ok(comparison(operator, &left, &right))
}

/// Both as the kind in which they can be compared: where one side is text, as text.
pub fn met(left: &Term, right: &Term, dialect: &dyn Dialect) -> Printed<(Term, Term)> {
    let kind = left
        .kind
        .meet(right.kind)
        .or_else(|| [left.kind, right.kind].contains(&Kind::Text).then_some(Kind::Text))
        .ok_or_else(|| Unsupported::new(format!("comparison of {} with {}", left.kind.noun(), right.kind.noun())))?;
    Ok((fit(left, kind, dialect)?, fit(right, kind, dialect)?))
}

/// As `kind`, left as it is where the database sees to it by itself.
pub fn fit(value: &Term, kind: Kind, dialect: &dyn Dialect) -> Printed<Term> {
    if value.kind == kind || value.kind.is_numeric() && kind.is_numeric() {
        Ok(value.clone())
    } else {
        dialect.convert(value, kind)
    }
}

fn is_in(operand: &Term, list: &[Literal], dialect: &dyn Dialect) -> Printed<Term> {
    let members: Vec<&Literal> = list.iter().filter(|member| **member != Literal::Null).collect();
    if members.is_empty() {
        return Ok(Term::atom("FALSE", Kind::Boolean));
    }
    let members = members
        .into_iter()
        .map(|member| literal(member, dialect))
        .collect::<Printed<Vec<_>>>()?;
    let mut own = Kind::Null;
    for member in &members {
        own = own
            .meet(member.kind)
            .ok_or_else(|| Unsupported::new("list of values of different types"))?;
    }
    let kind = operand
        .kind
        .meet(own)
        .or_else(|| [operand.kind, own].contains(&Kind::Text).then_some(Kind::Text))
        .ok_or_else(|| Unsupported::new(format!("comparison of {} with {}", operand.kind.noun(), own.noun())))?;
    let operand = dialect.comparable(fit(operand, kind, dialect)?);
    let members = members
        .iter()
        .map(|member| fit(member, kind, dialect).map(|member| member.text))
        .collect::<Printed<Vec<_>>>()?;
    let text = format!("{} IN ({})", operand.inside(Binding::Sum), members.join(", "));
    Ok(Term::new(text, Kind::Boolean, Binding::Comparison))
}

fn case(branches: &[(Expression, Expression)], otherwise: &Expression, scope: &Scope<'_>) -> Printed<Term> {
    let mut conditions = Vec::with_capacity(branches.len());
    let mut values = Vec::with_capacity(branches.len() + 1);
    for (condition, value) in branches {
        conditions.push(truth(&scope.term(condition)?, scope.dialect)?);
        values.push(scope.term(value)?);
    }
    values.push(scope.term(otherwise)?);
    let (values, kind) = together(values, scope.dialect)?;
    let Some((otherwise, values)) = values.split_last() else {
        return Ok(Term::atom("NULL", Kind::Null));
    };
    if conditions.is_empty() {
        return Ok(otherwise.clone());
    }
    let mut text = "CASE".to_owned();
    for (condition, value) in conditions.iter().zip(values) {
        text.push_str(&format!(" WHEN {} THEN {}", condition.text, value.text));
    }
    if otherwise.text != "NULL" {
        text.push_str(&format!(" ELSE {}", otherwise.text));
    }
    text.push_str(" END");
    Ok(Term::atom(text, kind))
}

/// Values that stand in one column, NULL left without a type.
fn together(values: Vec<Term>, dialect: &dyn Dialect) -> Printed<(Vec<Term>, Kind)> {
    let mut kind = Kind::Null;
    for value in &values {
        kind = kind
            .meet(value.kind)
            .ok_or_else(|| Unsupported::new(format!("column of both {} and {}", kind.noun(), value.kind.noun())))?;
    }
    let fitted = values.iter().map(|value| {
        if value.kind == Kind::Null {
            Ok(value.clone())
        } else {
            fit(value, kind, dialect)
        }
    });
    Ok((fitted.collect::<Printed<Vec<_>>>()?, kind))
}

/// Truth values count as 0 and 1.
fn numeric(value: &Term, dialect: &dyn Dialect) -> Printed<Term> {
    match value.kind {
        Kind::Integer | Kind::Number | Kind::Decimal => Ok(value.clone()),
        Kind::Null | Kind::Boolean => dialect.convert(value, Kind::Integer),
        Kind::Text | Kind::Date | Kind::Time | Kind::Timestamp | Kind::Instant => {
            Err(Unsupported::new(format!("arithmetic with {}", value.kind.noun())))
        }
    }
}

/// As a floating-point number; anything but a number is a defect of the plan.
pub fn number(value: &Term, dialect: &dyn Dialect) -> Printed<Term> {
    dialect.floating(&numeric(value, dialect)?)
}

fn sum(operator: &str, left: &Term, right: &Term, dialect: &dyn Dialect) -> Printed<Term> {
    let (left, right) = (numeric(left, dialect)?, numeric(right, dialect)?);
    let kind = left.kind.meet(right.kind).unwrap_or(Kind::Number);
    if kind == Kind::Decimal {
        // Only where decimals are exact.
        dialect.sum(&left.clone().with_kind(kind), "")?;
    }
    let left = if kind == Kind::Integer {
        dialect.wide(left)
    } else {
        left
    };
    let text = format!(
        "{} {operator} {}",
        left.inside(Binding::Sum),
        right.inside(Binding::Product)
    );
    Ok(Term::new(text, kind, Binding::Sum))
}

/// Whole numbers stay whole; decimals multiply in floating point, as a product would outgrow their digits.
fn product(left: &Term, right: &Term, dialect: &dyn Dialect) -> Printed<Term> {
    let (left, right) = (numeric(left, dialect)?, numeric(right, dialect)?);
    let (left, kind) = match (left.kind, right.kind) {
        (Kind::Integer, Kind::Integer) => (dialect.wide(left), Kind::Integer),
        (_, Kind::Number) => (left, Kind::Number),
        _ => (dialect.floating(&left)?, Kind::Number),
    };
    let text = format!("{} * {}", left.inside(Binding::Product), right.inside(Binding::Sign));
    Ok(Term::new(text, kind, Binding::Product))
}

fn call(function: &Function, arguments: &[Expression], scope: &Scope<'_>) -> Printed<Term> {
    let dialect = scope.dialect;
    let only = || match arguments {
        [argument] => scope.term(argument),
        _ => Err(Unsupported::new("function with that many arguments")),
    };
    match function {
        Function::Coalesce => {
            let values = arguments
                .iter()
                .map(|argument| scope.term(argument))
                .collect::<Printed<Vec<_>>>()?;
            let (values, kind) = together(values, dialect)?;
            let values: Vec<Term> = values.into_iter().filter(|value| value.kind != Kind::Null).collect();
            Ok(match values.as_slice() {
                [] => Term::atom("NULL", Kind::Null),
                [value] => value.clone(),
                values => {
                    let texts: Vec<&str> = values.iter().map(|value| value.text.as_str()).collect();
                    Term::atom(format!("coalesce({})", texts.join(", ")), kind)
                }
            })
        }
        Function::Cast(target) => cast(&only()?, *target, dialect),
        Function::Truncate {
            grain,
            week_start,
            zone,
        } => time::truncate(&only()?, *grain, *week_start, zone.as_deref(), dialect),
        Function::TruncateInstant { grain, zone } => time::truncate_instant(&only()?, *grain, zone, dialect),
        Function::Part { part, zone } => time::part(&only()?, *part, zone.as_deref(), dialect),
        Function::ToInstant { zone } => time::to_instant(&only()?, zone, dialect),
        Function::Shift { months, microseconds } => time::shift(&only()?, *months, *microseconds, dialect),
        Function::Contains { case } => search::search(arguments, super::fold::Place::Anywhere, *case, scope),
        Function::StartsWith { case } => search::search(arguments, super::fold::Place::Start, *case, scope),
        Function::EndsWith { case } => search::search(arguments, super::fold::Place::End, *case, scope),
        // Every database has regular expressions of its own.
        Function::Matches => Err(Unsupported::new("regular expressions such as ours")),
        // What they make of objects, of numbers beyond 64 bits and of broken texts differs.
        Function::JsonText { .. } => Err(Unsupported::new("values within JSON")),
        // Finished elsewhere until each is held against every database.
        Function::Bin { edges } => bin(&number(&only()?, dialect)?, edges, dialect),
        Function::Step { width } => {
            let value = number(&only()?, dialect)?;
            if (*width - 1.0).abs() < f64::EPSILON {
                return Ok(dialect.floor(&value));
            }
            let width = dialect.number(*width)?;
            let places = Term::new(
                format!("{} / {}", value.inside(Binding::Product), width.inside(Binding::Sign)),
                Kind::Number,
                Binding::Product,
            );
            let text = format!(
                "{} * {}",
                dialect.floor(&places).inside(Binding::Product),
                width.inside(Binding::Sign)
            );
            Ok(Term::new(text, Kind::Number, Binding::Product))
        }
        Function::Scalar(function) => scalar::scalar(*function, arguments, scope),
    }
}

fn cast(value: &Term, target: ColumnType, dialect: &dyn Dialect) -> Printed<Term> {
    dialect.convert(value, Kind::of(target))
}

/// From the last range to the first.
fn bin(value: &Term, edges: &[f64], dialect: &dyn Dialect) -> Printed<Term> {
    if edges.is_empty() {
        return Ok(Term::atom("NULL", Kind::Null));
    }
    let mut text = "CASE".to_owned();
    for edge in edges.iter().rev() {
        let edge = dialect.number(*edge)?;
        text.push_str(&format!(
            " WHEN {} >= {} THEN {}",
            value.inside(Binding::Sum),
            edge.inside(Binding::Sum),
            edge.text
        ));
    }
    text.push_str(" END");
    Ok(Term::atom(text, Kind::Number))
}
