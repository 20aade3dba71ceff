//! A tree and a row of data to a value.

use super::call::call;
use super::operator::{Binary, Unary};
use super::tree::Expression;
use crate::budget;
use crate::data::{Row, Table};
use crate::math;
use crate::scales::ScaleSet;
use crate::value::Value;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

/// What an expression can see.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The table and row behind `datum`.
    pub datum: Option<(&'a Table, &'a Row)>,
    /// Parameters by name; `datum` may stand here too, where it is no row of a table.
    pub names: &'a [(String, Value)],
    /// The scales of the view, once they are made.
    pub scales: Option<&'a ScaleSet>,
}

/// What expressions know beside the data.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    pub names: &'a [(String, Value)],
    pub scales: Option<&'a ScaleSet>,
}

impl<'a> Known<'a> {
    /// Parameters, before there are scales.
    pub fn names(names: &'a [(String, Value)]) -> Known<'a> {
        Known { names, scales: None }
    }

    pub fn with(self, table: &'a Table, row: &'a Row) -> Scope<'a> {
        Scope {
            datum: Some((table, row)),
            names: self.names,
            scales: self.scales,
        }
    }
}

/// Computes a value, or finds the one that stands in the tree or the row already.
fn operand<'a>(tree: &'a Expression, scope: &Scope<'a>) -> Result<Cow<'a, Value>, String> {
    match (tree, scope.datum) {
        (Expression::Literal(value), _) => Ok(Cow::Borrowed(value)),
        (Expression::Column(column), Some((_, row))) => Ok(Cow::Borrowed(row.get(*column))),
        _ => evaluate(tree, scope).map(Cow::Owned),
    }
}

/// Computes a value; the error names what is unknown.
pub fn evaluate(tree: &Expression, scope: &Scope) -> Result<Value, String> {
    work(1)?;
    match tree {
        Expression::Literal(value) => Ok(value.clone()),
        Expression::Datum(field) => Ok(match scope.datum {
            Some((table, row)) => table.column(field).map_or(Value::Missing, |c| row.get(c).clone()),
            None => find(scope, "datum").ok_or("there is no `datum` here")?.member(field),
        }),
        Expression::Column(column) => Ok(scope.datum.map_or(Value::Missing, |(_, row)| row.get(*column).clone())),
        Expression::Name(name) => find(scope, name).map_or_else(|| constant(name, scope), Ok),
        Expression::Member(object, key) => {
            let object = evaluate(object, scope)?;
            let key = evaluate(key, scope)?;
            Ok(object.member(&key.label()))
        }
        Expression::Unary(operator, value) => {
            let value = evaluate(value, scope)?;
            Ok(match operator {
                Unary::Not => Value::Bool(!value.truthy()),
                Unary::Minus => Value::Number(-value.number()),
                Unary::BitNot => Value::Number(f64::from(!to_int(value.number()))),
                Unary::Plus => Value::Number(value.number()),
            })
        }
        Expression::Binary(operator, left, right) => binary(*operator, left, right, scope),
        Expression::Choice(test, yes, no) => evaluate(if evaluate(test, scope)?.truthy() { yes } else { no }, scope),
        Expression::List(items) => {
            let items: Vec<Value> = items.iter().map(|i| evaluate(i, scope)).collect::<Result<_, _>>()?;
            unfolded(&items, MAX_NESTING)?;
            Ok(Value::List(Arc::new(items)))
        }
        Expression::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(k, v)| Ok((Arc::from(k.as_str()), evaluate(v, scope)?)));
            let fields: Vec<(Arc<str>, Value)> = fields.collect::<Result<_, String>>()?;
            fields
                .iter()
                .try_for_each(|(_, value)| unfolded(std::slice::from_ref(value), MAX_NESTING))?;
            Ok(Value::Object(Arc::new(fields)))
        }
        Expression::Call(name, arguments) => call(name, arguments, scope),
    }
}

/// Lists inside lists.
const MAX_NESTING: usize = 32;

/// Takes steps of the drawing's work.
pub fn work(steps: usize) -> Result<(), String> {
    if budget::take(steps) {
        Ok(())
    } else {
        Err(budget::USED_UP.into())
    }
}

/// Takes a step for every value inside, each time it is there: lists that share their parts are small only until they are
/// written.
fn unfolded(values: &[Value], depth: usize) -> Result<(), String> {
    let depth = depth.checked_sub(1).ok_or("a list is nested too deeply")?;
    work(values.len())?;
    for value in values {
        match value {
            Value::List(items) => unfolded(items, depth)?,
            Value::Object(fields) => {
                for (_, value) in fields.iter() {
                    unfolded(std::slice::from_ref(value), depth)?;
                }
            }
            Value::Missing | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {}
        }
    }
    Ok(())
}

fn find(scope: &Scope, name: &str) -> Option<Value> {
    budget::take(scope.names.len() / 8);
    scope.names.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone())
}

fn constant(name: &str, scope: &Scope) -> Result<Value, String> {
    Ok(Value::Number(match name {
        "PI" => math::PI,
        "E" => std::f64::consts::E,
        "LN2" => std::f64::consts::LN_2,
        "LN10" => std::f64::consts::LN_10,
        "SQRT2" => std::f64::consts::SQRT_2,
        "NaN" => f64::NAN,
        "Infinity" => f64::INFINITY,
        "MAX_VALUE" => f64::MAX,
        "MIN_VALUE" => 5e-324,
        "datum" => {
            let Some((table, row)) = scope.datum else {
                return Err("there is no `datum` here".into());
            };
            work(table.names.len() * budget::CELL)?;
            let fields = table
                .names
                .iter()
                .enumerate()
                .map(|(i, n)| (n.clone(), row.get(i).clone()));
            return Ok(Value::Object(Arc::new(fields.collect())));
        }
        _ => return Err(format!("`{name}` is not known")),
    }))
}

pub fn to_int(x: f64) -> i32 {
    if x.is_finite() {
        x.trunc().rem_euclid(4_294_967_296.0) as u32 as i32
    } else {
        0
    }
}

fn binary(operator: Binary, left: &Expression, right: &Expression, scope: &Scope) -> Result<Value, String> {
    let a = operand(left, scope)?;
    let decided = match operator {
        Binary::And => !a.truthy(),
        Binary::Or => a.truthy(),
        Binary::Else => !a.is_nothing(),
        Binary::Add
        | Binary::Subtract
        | Binary::Multiply
        | Binary::Divide
        | Binary::Remainder
        | Binary::Power
        | Binary::BitAnd
        | Binary::BitOr
        | Binary::BitXor
        | Binary::ShiftLeft
        | Binary::ShiftRight
        | Binary::ShiftRightUnsigned
        | Binary::Same
        | Binary::NotSame
        | Binary::Equal
        | Binary::NotEqual
        | Binary::Less
        | Binary::Greater
        | Binary::LessOrEqual
        | Binary::GreaterOrEqual => false,
    };
    if decided {
        return Ok(a.into_owned());
    }
    let b = operand(right, scope)?;
    let number = |f: fn(f64, f64) -> f64| Value::Number(f(a.number(), b.number()));
    Ok(match operator {
        Binary::And | Binary::Or | Binary::Else => b.into_owned(),
        Binary::Add => return add(&a, &b),
        Binary::Subtract => number(|x, y| x - y),
        Binary::Multiply => number(|x, y| x * y),
        Binary::Divide => number(|x, y| x / y),
        Binary::Remainder => number(|x, y| x % y),
        Binary::Power => number(math::pow),
        Binary::BitAnd => number(|x, y| f64::from(to_int(x) & to_int(y))),
        Binary::BitOr => number(|x, y| f64::from(to_int(x) | to_int(y))),
        Binary::BitXor => number(|x, y| f64::from(to_int(x) ^ to_int(y))),
        Binary::ShiftLeft => number(|x, y| f64::from(to_int(x).wrapping_shl(to_int(y) as u32))),
        Binary::ShiftRight => number(|x, y| f64::from(to_int(x).wrapping_shr(to_int(y) as u32))),
        Binary::ShiftRightUnsigned => number(|x, y| f64::from((to_int(x) as u32).wrapping_shr(to_int(y) as u32))),
        Binary::Same
        | Binary::NotSame
        | Binary::Equal
        | Binary::NotEqual
        | Binary::Less
        | Binary::Greater
        | Binary::LessOrEqual
        | Binary::GreaterOrEqual => Value::Bool(comparison(operator).is_some_and(|compare| compare(&a, &b))),
    })
}

/// What an operator that compares asks of its sides.
fn comparison(operator: Binary) -> Option<fn(&Value, &Value) -> bool> {
    Some(match operator {
        Binary::Same => |a, b| a == b,
        Binary::NotSame => |a, b| a != b,
        Binary::Equal => loosely_equal,
        Binary::NotEqual => |a, b| !loosely_equal(a, b),
        Binary::Less => |a, b| order(a, b) == Some(Ordering::Less),
        Binary::Greater => |a, b| order(a, b) == Some(Ordering::Greater),
        Binary::LessOrEqual => |a, b| order(a, b).is_some_and(Ordering::is_le),
        Binary::GreaterOrEqual => |a, b| order(a, b).is_some_and(Ordering::is_ge),
        Binary::And
        | Binary::Or
        | Binary::Else
        | Binary::Add
        | Binary::Subtract
        | Binary::Multiply
        | Binary::Divide
        | Binary::Remainder
        | Binary::Power
        | Binary::BitAnd
        | Binary::BitOr
        | Binary::BitXor
        | Binary::ShiftLeft
        | Binary::ShiftRight
        | Binary::ShiftRightUnsigned => return None,
    })
}

/// Whether what is computed is truthy. Most tests compare, and need no value for that.
pub fn holds(tree: &Expression, scope: &Scope) -> Result<bool, String> {
    if let Expression::Binary(operator, left, right) = tree
        && let Some(compare) = comparison(*operator)
    {
        work(1)?;
        let left = operand(left, scope)?;
        return Ok(compare(&left, &*operand(right, scope)?));
    }
    evaluate(tree, scope).map(|value| value.truthy())
}

/// Texts, lists and objects are put together as text, all else is added.
fn add(a: &Value, b: &Value) -> Result<Value, String> {
    match (a, b) {
        (Value::Text(_) | Value::List(_) | Value::Object(_), _)
        | (_, Value::Text(_) | Value::List(_) | Value::Object(_)) => {
            let text = format!("{}{}", a.label(), b.label());
            work(text.len() / budget::LETTERS)?;
            if text.len() > 1 << 20 {
                Err("a text is too long".into())
            } else {
                Ok(Value::text(&text))
            }
        }
        _ => Ok(Value::Number(a.number() + b.number())),
    }
}

fn loosely_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text(_), Value::Text(_)) | (Value::Bool(_), Value::Bool(_)) | (Value::List(_), Value::List(_)) => {
            a == b
        }
        _ if a.is_nothing() || b.is_nothing() => a.is_nothing() && b.is_nothing(),
        _ => a.number() == b.number(),
    }
}

/// Two texts by their letters, all else as numbers; nothing where one is no number.
fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Text(x), Value::Text(y)) => Some(x.cmp(y)),
        _ => a.number().partial_cmp(&b.number()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Scope, evaluate};
    use crate::expression::parse;
    use crate::value::Value;

    fn run(text: &str) -> Value {
        let names = [
            ("a".to_owned(), Value::Number(3.0)),
            ("s".to_owned(), Value::text("Ab")),
        ];
        evaluate(
            &parse(text).expect(text),
            &Scope {
                datum: None,
                names: &names,
                scales: None,
            },
        )
        .expect(text)
    }

    #[test]
    fn computes_like_vega() {
        for (text, value) in [
            ("1 + 2 * a", Value::Number(7.0)),
            ("-a ** 2 + 1", Value::Number(10.0)),
            ("a > 2 && s == 'Ab' ? 'x' + 1 : null", Value::text("x1")),
            ("format(1234.5, ',.1f')", Value::text("1,234.5")),
            ("timeFormat(datetime(2020, 1, 29), '%b %d')", Value::text("Feb 29")),
            ("upper(s) + length([1,2,3])", Value::text("AB3")),
            ("{x: [1, 2]}.x[1]", Value::Number(2.0)),
            ("if(a === 3, 'yes', 'no')", Value::text("yes")),
            ("isValid(null) || inrange(a, [1, 5])", Value::Bool(true)),
            ("round(2.5) + floor(-1.5)", Value::Number(1.0)),
            ("'2' == 2", Value::Bool(true)),
            ("substring('hello', 1, 3)", Value::text("el")),
        ] {
            assert_eq!(run(text), value, "{text}");
        }
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert!(parse("1 +").is_err());
        assert!(parse(&"(".repeat(500)).is_err());
        let scope = Scope {
            datum: None,
            names: &[],
            scales: None,
        };
        assert!(evaluate(&parse("window.x").expect("parses"), &scope).is_err());
        assert!(evaluate(&parse("now()").expect("parses"), &scope).is_err());
    }
}
