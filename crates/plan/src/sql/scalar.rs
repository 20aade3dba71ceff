//! Functions of numbers and texts, where a database has exactly ours.

use super::{
    Kind, Printed, Unsupported,
    dialect::Dialect,
    expression::{fit, number},
    fold::Place,
    scope::Scope,
    search,
    term::{Binding, Term},
};
use crate::logical::{Expression, Literal, Scalar};

pub fn scalar(function: Scalar, arguments: &[Expression], scope: &Scope<'_>) -> Printed<Term> {
    let dialect = scope.dialect;
    let values = arguments
        .iter()
        .map(|argument| scope.term(argument))
        .collect::<Printed<Vec<_>>>()?;
    let value = |place: usize| values.get(place).ok_or_else(|| lacks(function));
    let text = |place: usize| dialect.convert(value(place)?, Kind::Text);
    match function {
        Scalar::Abs => {
            let value = value(0)?;
            if !value.kind.is_numeric() {
                return Err(Unsupported::new(format!("size of {}", value.kind.noun())));
            }
            Ok(Term::atom(format!("abs({})", value.text), value.kind))
        }
        Scalar::Floor => Ok(dialect.floor(&number(value(0)?, dialect)?)),
        Scalar::Ceil => {
            let below = Term::new(
                format!("-{}", number(value(0)?, dialect)?.inside(Binding::Atom)),
                Kind::Number,
                Binding::Sign,
            );
            let floor = dialect.floor(&below);
            Ok(Term::new(
                format!("-{}", floor.inside(Binding::Atom)),
                Kind::Number,
                Binding::Sign,
            ))
        }
        Scalar::Sign => {
            let number = number(value(0)?, dialect)?;
            let x = number.inside(Binding::Sum);
            let text = format!("CASE WHEN {x} > 0 THEN 1 WHEN {x} < 0 THEN -1 WHEN {x} = 0 THEN 0 END");
            Ok(Term::atom(text, Kind::Integer))
        }
        Scalar::Least => extreme(&values, "<", dialect),
        Scalar::Greatest => extreme(&values, ">", dialect),
        Scalar::Length => Ok(Term::atom(
            format!("{}({})", dialect.length_function(), text(0)?.text),
            Kind::Integer,
        )),
        Scalar::Concat => {
            let texts = (0..values.len())
                .map(|place| Ok(Term::atom(format!("coalesce({}, '')", text(place)?.text), Kind::Text)))
                .collect::<Printed<Vec<_>>>()?;
            Ok(dialect.joined(&texts))
        }
        Scalar::Join => Ok(dialect.joined(&[text(0)?, text(1)?])),
        Scalar::StartsWith => part(arguments, Place::Start, scope),
        Scalar::EndsWith => part(arguments, Place::End, scope),
        Scalar::Contains => part(arguments, Place::Anywhere, scope),
        // Databases round, cut and fold each in a way of their own, or answer with an error where ours is NULL.
        Scalar::Round
        | Scalar::Ln
        | Scalar::Exp
        | Scalar::Power
        | Scalar::Sqrt
        | Scalar::Modulo
        | Scalar::Lower
        | Scalar::Upper
        | Scalar::Trim
        | Scalar::Substring
        | Scalar::Replace
        | Scalar::Left
        | Scalar::Right
        | Scalar::Microseconds => Err(Unsupported::new(format!("function {} such as ours", function.as_str()))),
    }
}

fn lacks(function: Scalar) -> Unsupported {
    Unsupported::new(format!("function {} without its arguments", function.as_str()))
}

/// With case, for a literal; what is looked for may not differ from row to row.
fn part(arguments: &[Expression], place: Place, scope: &Scope<'_>) -> Printed<Term> {
    if matches!(arguments, [_, Expression::Literal(Literal::Text(_))]) {
        search::search(arguments, place, true, scope)
    } else {
        Err(Unsupported::new("search for what is no literal"))
    }
}

/// The first or last of all in their order; NULLs are skipped.
fn extreme(values: &[Term], goes_before: &str, dialect: &dyn Dialect) -> Printed<Term> {
    let mut kind = Kind::Null;
    for value in values {
        kind = kind
            .meet(value.kind)
            .ok_or_else(|| Unsupported::new("choice between values of different types"))?;
    }
    let known = values.iter().filter(|value| value.kind != Kind::Null);
    let known = known
        .map(|value| fit(value, kind, dialect))
        .collect::<Printed<Vec<_>>>()?;
    let best = known.into_iter().reduce(|best, other| {
        let (one, two) = (best.inside(Binding::Sum), other.inside(Binding::Sum));
        let ordered = if kind == Kind::Text {
            dialect.bytewise(other.clone()).inside(Binding::Sum)
        } else {
            two
        };
        let text = format!(
            "CASE WHEN {one} IS NULL OR {ordered} {goes_before} {one} THEN {} ELSE {} END",
            other.text, best.text
        );
        Term::atom(text, kind)
    });
    Ok(best.unwrap_or_else(|| Term::atom("NULL", Kind::Null)))
}
