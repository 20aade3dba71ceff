//! What a scale gives when nobody says: sizes, colours, shapes.

use super::scale::Output;
use crate::colour::{Rgb, Scheme, Space, scheme};
use crate::math;
use crate::model::{Model, Unit};
use crate::spec::{
    Channel, ChannelDef, Config, FieldKind, MarkKind, Range, RangeChoice, Scale as Spec, ScaleKind, SchemeRef, Size,
};
use crate::value::Value;
use std::sync::Arc;

pub const SYMBOLS: [&str; 8] = [
    "circle",
    "square",
    "triangle-up",
    "cross",
    "diamond",
    "triangle-right",
    "triangle-down",
    "triangle-left",
];
const DASHES: [&[f64]; 5] = [
    &[1.0, 0.0],
    &[4.0, 2.0],
    &[2.0, 1.0],
    &[1.0, 1.0],
    &[1.0, 2.0, 4.0, 2.0],
];

/// Where a scheme's or list's colours go.
struct Need {
    kind: ScaleKind,
    /// Classes of a discrete or discretizing scale.
    classes: usize,
}

fn named(name: &str) -> SchemeRef {
    SchemeRef {
        name: Arc::from(name),
        extent: None,
        count: None,
    }
}

/// The output of a channel that is no position.
#[expect(clippy::too_many_arguments, reason = "what decides an output")]
pub fn output(
    model: &Model,
    unit: &Unit,
    channel: Channel,
    def: &ChannelDef,
    kind: ScaleKind,
    spec: &Spec,
    classes: usize,
    size: (f64, f64),
    config: &Config,
) -> Output {
    let _ = model;
    let need = Need { kind, classes };
    if let Some(range) = &spec.range {
        match range {
            Range::Values(values) => return from_values(values, channel, kind, spec, classes),
            Range::Named(name) => {
                if let Some(choice) = choice(name, config) {
                    return from_choice(&choice, &need);
                }
            }
            Range::Field(_) => {}
        }
    }
    if let Some(scheme) = spec.scheme.as_ref().filter(|_| channel.is_color()) {
        return from_scheme(scheme, &need);
    }
    let numbers = |lo: f64, hi: f64| {
        let bound = |given: &Option<Value>, default: f64| given.as_ref().map_or(default, Value::number);
        let (lo, hi) = (bound(&spec.range_min, lo), bound(&spec.range_max, hi));
        if kind.is_discretizing() && classes > 1 {
            return Output::Numbers(
                (0..classes)
                    .map(|i| lo + (hi - lo) * i as f64 / (classes - 1) as f64)
                    .collect(),
            );
        }
        Output::Numbers(vec![lo, hi])
    };
    let s = &config.scale;
    match channel {
        Channel::Size => {
            let (lo, hi) = size_range(unit, size, config);
            numbers(lo, hi)
        }
        Channel::Opacity | Channel::FillOpacity | Channel::StrokeOpacity => {
            numbers(s.min_opacity.unwrap_or(0.3), s.max_opacity.unwrap_or(0.8))
        }
        Channel::StrokeWidth => numbers(s.min_stroke_width.unwrap_or(1.0), s.max_stroke_width.unwrap_or(4.0)),
        Channel::Angle => numbers(0.0, 360.0),
        Channel::Theta => numbers(0.0, math::TAU),
        Channel::Radius => numbers(0.0, size.0.min(size.1) / 2.0),
        Channel::StrokeDash => Output::Values(
            DASHES
                .iter()
                .map(|d| Value::List(Arc::new(d.iter().map(|n| Value::Number(*n)).collect())))
                .collect(),
        ),
        Channel::Shape => match choice("symbol", config) {
            Some(RangeChoice::Values(values)) => Output::Values(values),
            _ => Output::Values(SYMBOLS.iter().map(|s| Value::text(s)).collect()),
        },
        _ => {
            let name = if kind == ScaleKind::Ordinal {
                if def.kind() == FieldKind::Nominal {
                    "category"
                } else {
                    "ordinal"
                }
            } else if spec.domain_mid.is_some() {
                "diverging"
            } else if matches!(unit.mark, MarkKind::Rect | MarkKind::Geoshape) {
                "heatmap"
            } else {
                "ramp"
            };
            choice(name, config).map_or(Output::Values(Vec::new()), |c| from_choice(&c, &need))
        }
    }
}

fn choice(name: &str, config: &Config) -> Option<RangeChoice> {
    let r = &config.range;
    let (set, default) = match name {
        "category" => (&r.category, "tableau10"),
        "ordinal" => (&r.ordinal, "blues"),
        "ramp" => (&r.ramp, "blues"),
        "heatmap" => (&r.heatmap, "yellowgreenblue"),
        "diverging" => (&r.diverging, "blueorange"),
        "symbol" => return r.symbol.clone(),
        _ => return None,
    };
    let mut scheme = named(default);
    if name == "diverging" {
        scheme.extent = Some((1.0, 0.0));
    }
    Some(set.clone().unwrap_or(RangeChoice::Scheme(scheme)))
}

fn from_choice(choice: &RangeChoice, need: &Need) -> Output {
    match choice {
        RangeChoice::Scheme(scheme) => from_scheme(scheme, need),
        RangeChoice::Values(values) => {
            if need.kind == ScaleKind::Ordinal && need.classes <= values.len() {
                // A ramp given as a list is spread over the classes by the caller's configuration.
                return Output::Values(values.clone());
            }
            let stops: Option<Vec<Rgb>> = values.iter().map(|v| Rgb::parse(&v.label())).collect();
            match stops {
                Some(stops) if need.kind != ScaleKind::Ordinal => spread(stops, (0.0, 1.0), need),
                _ => Output::Values(values.clone()),
            }
        }
    }
}

fn from_scheme(reference: &SchemeRef, need: &Need) -> Output {
    match scheme(&reference.name) {
        Some(Scheme::Discrete(colours)) => {
            if need.kind.is_continuous() {
                return Output::Ramp(colours, Space::Rgb);
            }
            let keep = if need.kind == ScaleKind::Ordinal {
                colours.len()
            } else {
                need.classes.max(1)
            };
            Output::Values(colours.iter().take(keep).map(|c| Value::text(&c.css())).collect())
        }
        Some(Scheme::Continuous(stops)) => spread(stops, reference.extent.unwrap_or((0.0, 1.0)), need),
        None => Output::Values(Vec::new()),
    }
}

/// A ramp as it is, or cut into as many colours as there are classes.
fn spread(stops: Vec<Rgb>, (a, b): (f64, f64), need: &Need) -> Output {
    let at = |t: f64| super::scale::ramp(&stops, Space::Rgb, (a + (b - a) * t).clamp(0.0, 1.0));
    if need.kind.is_continuous() {
        if need.kind.is_time() {
            // Vega takes as many colours as the domain has ends, and mixes them.
            return Output::Ramp(vec![at(1.0 / 3.0), at(2.0 / 3.0)], Space::Hcl);
        }
        if (a, b) == (0.0, 1.0) {
            return Output::Ramp(stops, Space::Rgb);
        }
        if (a, b) == (1.0, 0.0) {
            return Output::Ramp(stops.into_iter().rev().collect(), Space::Rgb);
        }
        return Output::Ramp((0..=32).map(|i| at(f64::from(i) / 32.0)).collect(), Space::Rgb);
    }
    let n = need.classes.max(1);
    Output::Values(
        (0..n)
            .map(|i| Value::text(&at((i + 1) as f64 / (n + 1) as f64).css()))
            .collect(),
    )
}

fn from_values(values: &[Value], channel: Channel, kind: ScaleKind, spec: &Spec, classes: usize) -> Output {
    if values.iter().all(|v| matches!(v, Value::Number(_))) {
        let numbers: Vec<f64> = values.iter().map(Value::number).collect();
        return if kind.is_discrete() {
            Output::Values(values.to_vec())
        } else {
            Output::Numbers(numbers)
        };
    }
    if channel.is_color()
        && (kind.is_continuous() || (kind == ScaleKind::BinOrdinal && values.len() == 2 && classes > 2))
    {
        let stops: Option<Vec<Rgb>> = values.iter().map(|v| Rgb::parse(&v.label())).collect();
        if let Some(stops) = stops {
            let space = spec.interpolate.as_deref().and_then(Space::parse).unwrap_or(Space::Hcl);
            return Output::Ramp(stops, space);
        }
    }
    Output::Values(values.to_vec())
}

/// Areas or lengths of the smallest and largest value.
fn size_range(unit: &Unit, size: (f64, f64), config: &Config) -> (f64, f64) {
    let s = &config.scale;
    let step = min_step(unit, size, config);
    match unit.mark {
        MarkKind::Bar | MarkKind::Tick => (s.min_band_size.unwrap_or(2.0), s.max_band_size.unwrap_or(step - 1.0)),
        MarkKind::Line | MarkKind::Trail | MarkKind::Rule => {
            (s.min_stroke_width.unwrap_or(1.0), s.max_stroke_width.unwrap_or(4.0))
        }
        MarkKind::Text => (s.min_font_size.unwrap_or(8.0), s.max_font_size.unwrap_or(40.0)),
        _ => (
            s.min_size.unwrap_or(4.0),
            s.max_size.unwrap_or_else(|| math::pow(0.95 * step, 2.0)),
        ),
    }
}

fn min_step(unit: &Unit, size: (f64, f64), config: &Config) -> f64 {
    let step = |channel: Channel, given: &Option<Size>, length: f64, default: &Option<Size>| {
        if let Some(bin) = unit.bin(channel) {
            return length / ((bin.stop - bin.start) / bin.step);
        }
        match given.as_ref().or(default.as_ref()) {
            Some(Size::Step(step, _)) => *step,
            _ => match default {
                Some(Size::Step(step, _)) => *step,
                _ => config.view.step.unwrap_or(20.0),
            },
        }
    };
    let x = step(Channel::X, &unit.width, size.0, &config.view.discrete_width);
    let y = step(Channel::Y, &unit.height, size.1, &config.view.discrete_height);
    x.min(y)
}
