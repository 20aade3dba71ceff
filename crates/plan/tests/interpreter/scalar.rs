use std::cmp::Ordering;

use plan::logical::Scalar;

use super::Value;

pub fn scalar(function: Scalar, arguments: &[Value]) -> Value {
    let known = || arguments.iter().filter(|value| !value.is_null());
    match function {
        Scalar::Least => return known().min_by(|a, b| a.compare(b)).cloned().unwrap_or(Value::Null),
        Scalar::Greatest => return known().max_by(|a, b| a.compare(b)).cloned().unwrap_or(Value::Null),
        Scalar::Concat => return Value::Text(known().map(text).collect()),
        _ => {}
    }
    if arguments.iter().any(Value::is_null) {
        return Value::Null;
    }
    let number = |place: usize| arguments[place].number().unwrap();
    let float = |number: f64| {
        if number.is_finite() {
            Value::Float(number)
        } else {
            Value::Null
        }
    };
    let word = |place: usize| text(&arguments[place]);
    let count = |place: usize| number(place) as i64;
    let part = |from: i64, length: i64| {
        let letters: Vec<char> = word(0).chars().collect();
        let end = (from + length).clamp(0, letters.len() as i64) as usize;
        let start = (from.max(0) as usize).min(end);
        Value::Text(letters[start..end].iter().collect())
    };
    match function {
        Scalar::Least | Scalar::Greatest | Scalar::Concat => unreachable!(),
        Scalar::Abs => match &arguments[0] {
            Value::Int(whole) => Value::Int(whole.abs()),
            other => Value::Float(other.number().unwrap().abs()),
        },
        Scalar::Round => {
            let power = 10_f64.powf(if arguments.len() > 1 { number(1) } else { 0.0 });
            float((number(0) * power).round() / power)
        }
        Scalar::Floor => float(number(0).floor()),
        Scalar::Ceil => float(number(0).ceil()),
        Scalar::Ln => float(number(0).ln()),
        Scalar::Exp => float(number(0).exp()),
        Scalar::Power => float(number(0).powf(number(1))),
        Scalar::Sqrt => float(number(0).sqrt()),
        Scalar::Sign => Value::Int(number(0).partial_cmp(&0.0).map_or(0, |order| match order {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        })),
        Scalar::Modulo => float(number(0) % number(1)),
        Scalar::Lower => Value::Text(word(0).to_lowercase()),
        Scalar::Upper => Value::Text(word(0).to_uppercase()),
        Scalar::Trim => Value::Text(word(0).trim_matches(' ').to_owned()),
        Scalar::Length => Value::Int(word(0).chars().count() as i64),
        Scalar::Substring => part(
            count(1) - 1,
            if arguments.len() > 2 {
                count(2).max(0)
            } else {
                i64::from(i32::MAX)
            },
        ),
        Scalar::Replace if word(1).is_empty() => Value::Text(word(0)),
        Scalar::Replace => Value::Text(word(0).replace(&word(1), &word(2))),
        Scalar::Join => Value::Text(word(0) + &word(1)),
        Scalar::Left => part(0, count(1).max(0)),
        Scalar::Right => {
            let length = word(0).chars().count() as i64;
            part((length - count(1).max(0)).max(0), length)
        }
        Scalar::StartsWith => Value::Bool(word(0).starts_with(&word(1))),
        Scalar::EndsWith => Value::Bool(word(0).ends_with(&word(1))),
        Scalar::Contains => Value::Bool(word(0).contains(&word(1))),
        Scalar::Microseconds => match &arguments[0] {
            Value::Date(day) => Value::Int(day * 86_400_000_000),
            Value::Wall(time) | Value::Instant(time) => Value::Int(*time),
            other => panic!("{other:?} is no time"),
        },
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Int(whole) => whole.to_string(),
        other => panic!("{other:?} is no text"),
    }
}
