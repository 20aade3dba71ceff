//! The functions of the expression language. There is no clock and no randomness, so `now` and `random` are unknown.

use super::evaluate::{Scope, evaluate, to_int, work};
use super::tree::Expression;
use crate::budget;
use crate::colour::Rgb;
use crate::format;
use crate::math;
use crate::scales::FUNCTIONS;
use crate::time::calendar::{self, DateTime};
use crate::time::{Interval, TimeUnit, parse as time_parse};
use crate::value::{Value, compare};
use std::sync::Arc;

/// Calls a function by name.
pub fn call(name: &str, arguments: &[Expression], scope: &Scope) -> Result<Value, String> {
    if name == "if" {
        let [test, yes, no] = arguments else {
            return Err("`if` takes three arguments".into());
        };
        return evaluate(if evaluate(test, scope)?.truthy() { yes } else { no }, scope);
    }
    let values: Vec<Value> = arguments.iter().map(|a| evaluate(a, scope)).collect::<Result<_, _>>()?;
    values.iter().try_for_each(|value| work(length(value)))?;
    if let Some(scales) = scope.scales.filter(|_| FUNCTIONS.contains(&name)) {
        let found = scales.call(name, &values);
        work(length(&found))?;
        return Ok(found);
    }
    let made = numeric(name, &values)
        .or_else(|| of_type(name, &values))
        .or_else(|| of_text(name, &values))
        .or_else(|| of_list(name, &values))
        .or_else(|| of_time(name, &values))
        .or_else(|| of_colour(name, &values))
        .ok_or_else(|| format!("the function `{name}` is not known"))?;
    work(length(&made))?;
    Ok(made)
}

/// Steps of work that a value's letters or parts are.
fn length(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len() / budget::LETTERS,
        // Each may be a text of its own.
        Value::List(items) => items.len() * 2 * budget::CELL,
        Value::Object(fields) => fields.len() * budget::CELL,
        Value::Missing | Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

fn at(values: &[Value], i: usize) -> Value {
    values.get(i).cloned().unwrap_or_default()
}

fn n(values: &[Value], i: usize) -> f64 {
    at(values, i).number()
}

fn numeric(name: &str, v: &[Value]) -> Option<Value> {
    let x = n(v, 0);
    Some(Value::Number(match name {
        "abs" => x.abs(),
        "acos" => math::acos(x),
        "asin" => math::asin(x),
        "atan" => math::atan(x),
        "atan2" => math::atan2(x, n(v, 1)),
        "ceil" => x.ceil(),
        "cos" => math::cos(x),
        "exp" => math::exp(x),
        "floor" => x.floor(),
        "hypot" => math::hypot(x, n(v, 1)),
        "log" => math::ln(x),
        "pow" => math::pow(x, n(v, 1)),
        "round" => math::round(x),
        "sin" => math::sin(x),
        "sqrt" => x.sqrt(),
        "tan" => math::tan(x),
        "trunc" => x.trunc(),
        "max" => v.iter().map(Value::number).fold(f64::NEG_INFINITY, |a, b| {
            if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
        }),
        "min" => v.iter().map(Value::number).fold(f64::INFINITY, |a, b| {
            if a.is_nan() || b.is_nan() { f64::NAN } else { a.min(b) }
        }),
        "clamp" => {
            let (lo, hi) = (n(v, 1).min(n(v, 2)), n(v, 2).max(n(v, 1)));
            if x.is_nan() { x } else { x.max(lo).min(hi) }
        }
        "toNumber" => {
            return Some(if at(v, 0).is_nothing() {
                Value::Null
            } else {
                Value::Number(x)
            });
        }
        "parseFloat" | "parseInt" => {
            let text = at(v, 0).label();
            let text = text.trim_start();
            let whole = name == "parseInt";
            let ok = |(i, c): (usize, char)| {
                c.is_ascii_digit() || (i == 0 && (c == '-' || c == '+')) || (!whole && c == '.')
            };
            let end = text.char_indices().find(|p| !ok(*p)).map_or(text.len(), |p| p.0);
            text.get(..end).unwrap_or("").parse().unwrap_or(f64::NAN)
        }
        _ => return None,
    }))
}

fn of_type(name: &str, v: &[Value]) -> Option<Value> {
    let first = at(v, 0);
    Some(match name {
        "isValid" => Value::Bool(first.is_valid()),
        "isDefined" => Value::Bool(first != Value::Missing),
        "isNaN" => Value::Bool(first.number().is_nan()),
        "isFinite" => Value::Bool(first.number().is_finite()),
        "isNumber" => Value::Bool(matches!(first, Value::Number(_))),
        "isString" => Value::Bool(matches!(first, Value::Text(_))),
        "isBoolean" => Value::Bool(matches!(first, Value::Bool(_))),
        "isArray" => Value::Bool(matches!(first, Value::List(_))),
        "isObject" => Value::Bool(matches!(first, Value::List(_) | Value::Object(_))),
        "isDate" => Value::Bool(matches!(first, Value::Number(_))),
        "toBoolean" => {
            if first.is_nothing() {
                Value::Null
            } else {
                Value::Bool(!matches!(&*first.label(), "false" | "0" | ""))
            }
        }
        "toString" | "String" => {
            if first.is_nothing() {
                Value::Null
            } else {
                Value::Text(first.label())
            }
        }
        "Number" => Value::Number(first.number()),
        "Boolean" => Value::Bool(first.truthy()),
        _ => return None,
    })
}

fn of_text(name: &str, v: &[Value]) -> Option<Value> {
    let first = at(v, 0);
    let text = || first.label();
    let index = |i: usize, default: f64, length: usize| {
        let x = if v.len() > i { n(v, i) } else { default };
        x.max(0.0).min(length as f64) as usize
    };
    Some(match name {
        "upper" => Value::text(&text().to_uppercase()),
        "lower" => Value::text(&text().to_lowercase()),
        "trim" => Value::text(text().trim()),
        "substring" => {
            let chars: Vec<char> = text().chars().collect();
            let (a, b) = (index(1, 0.0, chars.len()), index(2, f64::INFINITY, chars.len()));
            Value::text(&chars.get(a.min(b)..a.max(b)).unwrap_or(&[]).iter().collect::<String>())
        }
        "split" => {
            let separator = at(v, 1).label();
            let text = text();
            let parts: Vec<Value> = if separator.is_empty() {
                text.chars().map(|c| Value::text(c.encode_utf8(&mut [0; 4]))).collect()
            } else {
                text.split(&*separator).map(Value::text).collect()
            };
            Value::List(Arc::new(parts))
        }
        "replace" => Value::text(&text().replacen(&*at(v, 1).label(), &at(v, 2).label(), 1)),
        "pad" => {
            let (text, length) = (text(), n(v, 1).clamp(0.0, 1000.0) as usize);
            let fill = if v.len() > 2 { at(v, 2).label() } else { Arc::from(" ") };
            let missing = length.saturating_sub(text.chars().count());
            let padding: String = fill
                .chars()
                .cycle()
                .take(if fill.is_empty() { 0 } else { missing })
                .collect();
            Value::text(&match &*at(v, 3).label() {
                "left" => format!("{padding}{text}"),
                "center" => {
                    let half = padding.chars().count() / 2;
                    let (a, b): (String, String) = (
                        padding.chars().take(half).collect(),
                        padding.chars().skip(half).collect(),
                    );
                    format!("{a}{text}{b}")
                }
                _ => format!("{text}{padding}"),
            })
        }
        "truncate" => {
            let (text, length) = (text(), n(v, 1).clamp(0.0, 1e6) as usize);
            let chars: Vec<char> = text.chars().collect();
            if chars.len() <= length {
                Value::Text(text)
            } else {
                let cut: String = chars.iter().take(length.saturating_sub(1)).collect();
                Value::text(&format!("{cut}…"))
            }
        }
        "format" => Value::text(&format::number::format(&at(v, 1).label(), first.number())),
        _ => return None,
    })
}

fn of_list(name: &str, v: &[Value]) -> Option<Value> {
    let first = at(v, 0);
    let items = || match &first {
        Value::List(items) => items.to_vec(),
        _ => Vec::new(),
    };
    let list = |items: Vec<Value>| Value::List(Arc::new(items));
    Some(match name {
        "length" => first.member("length"),
        "indexof" | "lastindexof" => match &first {
            Value::Text(t) => {
                let needle = at(v, 1).label();
                let found = if name == "indexof" {
                    t.find(&*needle)
                } else {
                    t.rfind(&*needle)
                };
                Value::Number(
                    found
                        .and_then(|b| t.get(..b))
                        .map_or(-1.0, |head| head.chars().count() as f64),
                )
            }
            _ => {
                let (items, needle) = (items(), at(v, 1));
                let found = if name == "indexof" {
                    items.iter().position(|i| *i == needle)
                } else {
                    items.iter().rposition(|i| *i == needle)
                };
                Value::Number(found.map_or(-1.0, |i| i as f64))
            }
        },
        "slice" => {
            let pick = |length: usize| {
                let bound = |i: usize, default: f64| {
                    let x = if v.len() > i { n(v, i) } else { default };
                    (if x < 0.0 {
                        (length as f64 + x).max(0.0)
                    } else {
                        x.min(length as f64)
                    }) as usize
                };
                let (a, b) = (bound(1, 0.0), bound(2, length as f64));
                a..b.max(a)
            };
            match &first {
                Value::Text(t) => {
                    let chars: Vec<char> = t.chars().collect();
                    Value::text(&chars.get(pick(chars.len())).unwrap_or(&[]).iter().collect::<String>())
                }
                _ => {
                    let items = items();
                    list(items.get(pick(items.len())).unwrap_or(&[]).to_vec())
                }
            }
        }
        "join" => {
            let separator = if v.len() > 1 { at(v, 1).label() } else { Arc::from(",") };
            Value::text(
                &items()
                    .iter()
                    .map(|i| i.label().to_string())
                    .collect::<Vec<_>>()
                    .join(&separator),
            )
        }
        "reverse" => list(items().into_iter().rev().collect()),
        "sort" => {
            let mut items = items();
            shared::sort::sort_by(&mut items, compare);
            list(items)
        }
        "extent" => {
            let numbers: Vec<f64> = items().iter().filter(|i| i.is_valid()).map(Value::number).collect();
            let lo = numbers.iter().copied().fold(f64::INFINITY, f64::min);
            let hi = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            list(vec![Value::Number(lo), Value::Number(hi)])
        }
        "span" => {
            let items = items();
            Value::Number(items.last().map_or(0.0, Value::number) - items.first().map_or(0.0, Value::number))
        }
        "peek" => items().last().cloned().unwrap_or_default(),
        "inrange" => {
            let Value::List(range) = at(v, 1) else {
                return Some(Value::Bool(false));
            };
            let (a, b) = (
                range.first().map_or(f64::NAN, Value::number),
                range.last().map_or(f64::NAN, Value::number),
            );
            let x = first.number();
            Value::Bool(x >= a.min(b) && x <= a.max(b))
        }
        "lerp" => {
            let items = items();
            let (a, b) = (
                items.first().map_or(f64::NAN, Value::number),
                items.last().map_or(f64::NAN, Value::number),
            );
            Value::Number(a + (b - a) * n(v, 1))
        }
        "sequence" => {
            let (start, stop, step) = match v.len() {
                1 => (0.0, n(v, 0), 1.0),
                2 => (n(v, 0), n(v, 1), 1.0),
                _ => (n(v, 0), n(v, 1), n(v, 2)),
            };
            let count = ((stop - start) / step).ceil().clamp(0.0, 100_000.0) as usize;
            list((0..count).map(|i| Value::Number(start + i as f64 * step)).collect())
        }
        "merge" => {
            let mut fields: Vec<(Arc<str>, Value)> = Vec::new();
            for value in v {
                let Value::Object(more) = value else { continue };
                for (key, value) in more.iter() {
                    match fields.iter_mut().find(|(k, _)| k == key) {
                        Some(slot) => slot.1 = value.clone(),
                        None => fields.push((key.clone(), value.clone())),
                    }
                }
            }
            Value::Object(Arc::new(fields))
        }
        "toDate" => {
            if first.is_nothing() {
                Value::Null
            } else {
                Value::Number(time_of(&first))
            }
        }
        "bitand" => Value::Number(f64::from(to_int(n(v, 0)) & to_int(n(v, 1)))),
        _ => return None,
    })
}

/// Milliseconds of a value that stands for a time.
fn time_of(value: &Value) -> f64 {
    match value {
        Value::Text(t) => time_parse::parse(t),
        other => other.number(),
    }
}

fn of_time(name: &str, v: &[Value]) -> Option<Value> {
    let first = at(v, 0);
    if name == "datetime" || name == "utc" {
        if v.len() == 1 && name == "datetime" {
            return Some(Value::Number(time_of(&first)));
        }
        let part = |i: usize, default: f64| if v.len() > i { n(v, i) } else { default };
        let whole = |i: usize, default: f64| part(i, default).clamp(-1e12, 1e12) as i64;
        let parts = [
            whole(0, 0.0),
            whole(1, 0.0),
            whole(2, 1.0),
            whole(3, 0.0),
            whole(4, 0.0),
            whole(5, 0.0),
            whole(6, 0.0),
        ];
        let [year, month, day, hour, minute, second, ms] = parts;
        return Some(Value::Number(calendar::ms(
            year.clamp(-200_000, 200_000),
            month,
            day,
            hour,
            minute,
            second,
            ms,
        )));
    }
    let plain = name
        .strip_prefix("utc")
        .map_or_else(|| name.to_owned(), str::to_lowercase);
    let ms = time_of(&first);
    let date = DateTime::from_ms(ms);
    let part = |x: i64| Some(Value::Number(if ms.is_finite() { x as f64 } else { f64::NAN }));
    match plain.as_str() {
        "time" => Some(Value::Number(ms)),
        "year" => part(date.year),
        "quarter" => part(date.month / 3 + 1),
        "month" => part(date.month),
        "date" => part(date.day),
        "day" => part(date.weekday),
        "dayofyear" => part(date.day_of_year()),
        "week" => part(date.week_sunday()),
        "hours" => part(date.hour),
        "minutes" => part(date.minute),
        "seconds" => part(date.second),
        "milliseconds" => part(date.millisecond),
        _ => match name {
            "timeFormat" | "utcFormat" => Some(Value::text(&if v.len() > 1 && !at(v, 1).is_nothing() {
                format::time::format(&at(v, 1).label(), ms)
            } else {
                format::time::format_default(ms)
            })),
            "timeParse" | "utcParse" => Some(Value::Number(time_parse::parse_with(&first.label(), &at(v, 1).label()))),
            "timeOffset" | "utcOffset" => {
                let interval = Interval::named(&first.label())?;
                let step = if v.len() > 2 { n(v, 2) } else { 1.0 };
                Some(Value::Number(interval.offset(time_of(&at(v, 1)), step)))
            }
            "timeUnitSpecifier" => {
                let units = match &first {
                    Value::List(items) => items.iter().map(|i| i.label().to_string()).collect::<String>(),
                    other => other.label().to_string(),
                };
                TimeUnit::parse(&units).map(|u| Value::text(&u.specifier()))
            }
            "monthFormat" | "monthAbbrevFormat" => {
                let long = *format::time::MONTHS.get(first.number().max(0.0) as usize)?;
                Some(Value::text(if name == "monthFormat" { long } else { long.get(..3)? }))
            }
            "dayFormat" | "dayAbbrevFormat" => {
                let long = *format::time::DAYS.get(first.number().max(0.0) as usize)?;
                Some(Value::text(if name == "dayFormat" { long } else { long.get(..3)? }))
            }
            _ => None,
        },
    }
}

fn of_colour(name: &str, v: &[Value]) -> Option<Value> {
    let colour = |i: usize| Rgb::parse(&at(v, i).label());
    Some(match name {
        "rgb" if v.len() >= 3 => Value::text(
            &Rgb {
                r: n(v, 0),
                g: n(v, 1),
                b: n(v, 2),
                a: if v.len() > 3 { n(v, 3) } else { 1.0 },
            }
            .css(),
        ),
        "hsl" if v.len() >= 3 => Value::text(&Rgb::from_hsl(n(v, 0), n(v, 1), n(v, 2)).css()),
        "luminance" => Value::Number(colour(0)?.luminance()),
        "contrast" => {
            let (a, b) = (colour(0)?.luminance(), colour(1)?.luminance());
            Value::Number((a.max(b) + 0.05) / (a.min(b) + 0.05))
        }
        _ => return None,
    })
}
