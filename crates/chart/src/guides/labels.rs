//! Values of a scale as the words of an axis or legend.

use crate::error::ChartError;
use crate::expression::{Expression, Known, Scope, evaluate};
use crate::format::number::{NumberFormat, span_format};
use crate::format::time;
use crate::math;
use crate::scales::Scale;
use crate::spec::{ChannelDef, Config, FieldKind, ScaleKind, StackOffset, TickCount};
use crate::value::Value;
use std::sync::Arc;

/// Turns values into labels.
pub enum Formatter {
    Time(Option<String>),
    /// A specifier per part of the date that changes.
    Dynamic(Vec<(Arc<str>, Value)>),
    Number(NumberFormat, f64),
    /// A logarithmic axis names only some of its ticks.
    Log {
        format: NumberFormat,
        base: f64,
        most: f64,
    },
    Plain,
}

impl Formatter {
    #[expect(clippy::too_many_arguments, reason = "what decides a label")]
    pub fn new(
        scale: &Scale,
        def: Option<&ChannelDef>,
        format: &Option<Value>,
        format_type: &Option<Arc<str>>,
        normalised: bool,
        count: f64,
        ticks: usize,
        name_all: bool,
        config: &Config,
    ) -> Formatter {
        let kind = def.map(ChannelDef::kind);
        let unit = def.and_then(|d| d.time_unit.as_ref());
        let specifier = match format {
            Some(Value::Text(t)) => Some(t.to_string()),
            _ => None,
        };
        let timed = format_type.as_deref() == Some("time")
            || (format_type.as_deref() != Some("number") && (kind == Some(FieldKind::Temporal) || unit.is_some()));
        if let (true, Some(Value::Object(parts))) = (timed || scale.kind.is_time(), format) {
            return Formatter::Dynamic(parts.to_vec());
        }
        if timed || scale.kind.is_time() {
            return Formatter::Time(specifier.or_else(|| unit.map(crate::time::TimeUnit::specifier)));
        }
        let default = if kind == Some(FieldKind::Quantitative) || kind.is_none() {
            if normalised {
                config.normalized_number_format.as_deref().or(Some(".0%"))
            } else {
                config.number_format.as_deref()
            }
        } else {
            None
        };
        let specifier = specifier.or_else(|| default.map(str::to_owned));
        if scale.kind == ScaleKind::Log {
            let format = log_format(specifier.as_deref());
            let most = if name_all || scale.bins.is_some() {
                f64::INFINITY
            } else {
                (scale.curve.base * count / ticks.max(1) as f64).max(1.0)
            };
            return Formatter::Log {
                format,
                base: scale.curve.base,
                most,
            };
        }
        if scale.kind.is_discrete() && scale.bins.is_none() {
            return match specifier.as_deref().and_then(NumberFormat::parse) {
                Some(format) => Formatter::Number(format, 0.0),
                None => Formatter::Plain,
            };
        }
        let ends = scale
            .bins
            .as_deref()
            .filter(|_| scale.kind.is_discrete())
            .unwrap_or(&scale.domain);
        let (a, b) = (
            ends.first().copied().unwrap_or(0.0),
            ends.last().copied().unwrap_or(1.0),
        );
        Formatter::Number(span_format(a, b, count, specifier.as_deref()), a.abs().max(b.abs()))
    }

    pub fn label(&self, value: &Value) -> String {
        match self {
            Formatter::Time(specifier) => {
                let ms = match value {
                    Value::Text(t) => crate::time::parse::parse(t),
                    Value::Missing | Value::Null => return value.label().to_string(),
                    other => other.number(),
                };
                match specifier {
                    Some(specifier) => time::format(specifier, ms),
                    None => time::format_default(ms),
                }
            }
            Formatter::Dynamic(parts) => {
                let part = time::changing_part(value.number());
                let found = parts.iter().find(|(name, _)| &**name == part).map(|(_, f)| f.label());
                found.map_or_else(
                    || time::format_default(value.number()),
                    |f| time::format(&f, value.number()),
                )
            }
            Formatter::Number(format, largest) => match value {
                Value::Number(n) => format.format_tick(*n, *largest),
                other if other.is_nothing() => other.label().to_string(),
                other => format.format(other.number()),
            },
            Formatter::Log { format, base, most } => {
                let n = value.number();
                let size = n.abs();
                let mut i = size / math::pow(*base, math::round(math::ln(size) / math::ln(*base)));
                if i * base < base - 0.5 {
                    i *= base;
                }
                if i <= *most { format.format(n) } else { String::new() }
            }
            Formatter::Plain => value.label().to_string(),
        }
    }
}

fn log_format(specifier: Option<&str>) -> NumberFormat {
    let text = specifier.unwrap_or(",");
    let format = NumberFormat::parse(text).or_else(|| NumberFormat::parse(","));
    match format {
        Some(format) if format.precision.is_none() => NumberFormat::parse(&trimmed(text)).unwrap_or(format),
        Some(format) => format,
        None => span_format(0.0, 1.0, 10.0, None),
    }
}

/// The specifier with twelve digits and no trailing zeros.
fn trimmed(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let kind = chars.pop().unwrap_or('f');
    let digits = match kind {
        '%' => 10,
        'e' => 11,
        _ => 12,
    };
    format!("{}.{digits}~{kind}", chars.into_iter().collect::<String>())
}

/// Whether a unit stacks this channel to shares of one.
pub fn normalised(unit: &crate::model::Unit, channel: crate::spec::Channel) -> bool {
    unit.stack
        .as_ref()
        .is_some_and(|s| s.channel == channel && s.offset == StackOffset::Normalize)
}

/// `labelExpr`: a label from the value and the plain label.
pub fn relabel(tree: &Expression, value: &Value, label: &str, index: f64, known: Known) -> Result<String, ChartError> {
    let datum = Value::Object(Arc::new(vec![
        (Arc::from("value"), value.clone()),
        (Arc::from("label"), Value::text(label)),
        (Arc::from("index"), Value::Number(index)),
    ]));
    let mut names = vec![("datum".to_owned(), datum)];
    names.extend(known.names.iter().cloned());
    let out = evaluate(
        tree,
        &Scope {
            datum: None,
            names: &names,
            scales: known.scales,
        },
    )
    .map_err(|reason| {
        crate::ChartError::Unsupported(vec![crate::Problem {
            path: "$.labelExpr".into(),
            reason,
        }])
    })?;
    Ok(match out {
        Value::List(items) => items
            .iter()
            .map(|i| i.label().to_string())
            .collect::<Vec<_>>()
            .join("\n"),
        Value::Missing | Value::Null => String::new(),
        other => other.label().to_string(),
    })
}

/// How many ticks, with the least step between them.
pub fn effective_count(scale: &Scale, count: &TickCount, least: Option<f64>) -> TickCount {
    let TickCount::About(mut n) = *count else {
        return count.clone();
    };
    if let Some(bins) = &scale.bins {
        n = n.max(bins.len() as f64);
    }
    if let Some(step) = least.filter(|s| *s > 0.0) {
        let (a, b) = (
            scale.domain.first().copied().unwrap_or(0.0),
            scale.domain.last().copied().unwrap_or(0.0),
        );
        let (lo, hi) = (a.min(b), a.max(b));
        let steps = ((hi - lo) / step).floor();
        n = n.min(if steps == 0.0 || steps.is_nan() { 1.0 } else { steps } + 1.0);
        let plain = scale.bins.is_none() && scale.kind != ScaleKind::Log && !scale.kind.is_time() && lo < hi;
        while plain && n > 1.0 && crate::scales::ticks::tick_step(lo, hi, n) < step {
            n -= 1.0;
        }
    }
    TickCount::About(n)
}

/// Ticks that lie on the scale, thinned to a count.
pub fn valid_ticks(scale: &Scale, values: Vec<f64>, count: f64) -> Vec<f64> {
    let (a, b) = scale.range();
    let (lo, hi) = (a.min(b).floor(), a.max(b).ceil());
    let mut placed: Vec<(f64, f64)> = values
        .into_iter()
        .map(|v| (v, scale.at(v)))
        .filter(|p| p.1 >= lo && p.1 <= hi)
        .collect();
    shared::sort::sort_by(&mut placed, |p, q| p.1.total_cmp(&q.1));
    if a > b {
        placed.reverse();
    }
    let mut ticks: Vec<f64> = placed.into_iter().map(|p| p.0).collect();
    if count > 0.0 && ticks.len() > 1 {
        let ends = vec![ticks[0], ticks[ticks.len() - 1]];
        while ticks.len() as f64 > count && ticks.len() >= 3 {
            ticks = ticks.into_iter().step_by(2).collect();
        }
        if ticks.len() < 3 {
            ticks = ends;
        }
    }
    ticks
}
