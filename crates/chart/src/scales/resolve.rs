//! Scale models to finished scales, and the size of a view.

use super::defaults::{default_band_padding, default_padding, default_reverse, default_zero};
use super::domain;
use super::frame::Frame;
use super::range;
use super::scale::{Output, Scale, bandspace, time_interval};
use super::ticks;
use crate::budget;
use crate::model::{Model, Node, ScaleId, ScaleModel, Unit, UnitId};
use crate::spec::{Channel, ChannelDef, Config, Domain, MarkKind, Nice, Range, ScaleKind, Size, StepFor};
use crate::time::Interval;
use crate::value::Value;

/// The scales of one view, by id.
#[derive(Clone, Debug, Default)]
pub struct ScaleSet {
    pub scales: Vec<Option<Scale>>,
}

impl ScaleSet {
    pub fn get(&self, id: ScaleId) -> Option<&Scale> {
        self.scales.get(id).and_then(Option::as_ref)
    }

    pub fn of(&self, unit: &Unit, channel: Channel) -> Option<&Scale> {
        self.get(unit.scale(channel)?)
    }
}

/// What is known of a view: its tables and its size in px.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub model: &'a Model,
    pub config: &'a Config,
    pub full: &'a Frame,
    pub cell: &'a Frame,
}

impl<'a> View<'a> {
    fn frame(&self, scale: &ScaleModel) -> &'a Frame {
        if scale.per_cell { self.cell } else { self.full }
    }

    fn primary(&self, scale: &ScaleModel) -> Option<(&'a Unit, &'a ChannelDef)> {
        let (id, channel) = scale.members.first()?;
        let unit = self.model.units.get(*id)?;
        Some((unit, unit.encoding.data(*channel)?))
    }

    /// Units and definitions that use the scale as their main one.
    fn users(&self, scale: &'a ScaleModel) -> impl Iterator<Item = (&'a Unit, &'a ChannelDef)> + use<'a, '_> {
        let model = self.model;
        scale.members.iter().filter_map(move |(id, channel)| {
            let unit = model.units.get(*id)?;
            (channel.main() == *channel).then_some(())?;
            Some((unit, unit.encoding.data(*channel)?))
        })
    }
}

/// The width and height of a view's data rectangle in px.
pub fn view_size(view: View, node: &Node, given: (Option<f64>, Option<f64>)) -> (f64, f64) {
    let units = node.units();
    (
        given.0.unwrap_or_else(|| length(view, node, &units, Channel::X)),
        given.1.unwrap_or_else(|| length(view, node, &units, Channel::Y)),
    )
}

fn length(view: View, node: &Node, units: &[UnitId], channel: Channel) -> f64 {
    let config = &view.config.view;
    let horizontal = channel == Channel::X;
    let (continuous, discrete) = if horizontal {
        (config.continuous_width, &config.discrete_width)
    } else {
        (config.continuous_height, &config.discrete_height)
    };
    let default_step = Size::Step(config.step.unwrap_or(20.0), StepFor::Default);
    let own = if horizontal { &node.width } else { &node.height };
    let members: Vec<&Unit> = units.iter().filter_map(|u| view.model.units.get(*u)).collect();
    let given = own.clone().or_else(|| {
        members
            .iter()
            .find_map(|u| if horizontal { u.width.clone() } else { u.height.clone() })
    });
    if let Some(Size::Px(px)) = given {
        return px.max(0.0);
    }
    let scale = members
        .iter()
        .find_map(|u| u.scale(channel))
        .and_then(|s| view.model.scales.get(s));
    let continuous = continuous.unwrap_or(300.0);
    match scale {
        Some(scale) if scale.kind.is_discrete() => {
            let size = match &given {
                Some(step @ Size::Step(..)) => step.clone(),
                Some(_) => return discrete.as_ref().and_then(Size::px).unwrap_or(continuous),
                None => discrete.clone().unwrap_or(default_step),
            };
            let (step, how) = match size {
                Size::Px(px) => return px,
                Size::Step(step, how) => (step, how),
                Size::Container => return continuous,
            };
            let count = domain::discrete_count(view.model, scale, view.frame(scale));
            let Some((unit, _)) = view.primary(scale) else {
                return continuous;
            };
            let (inner, outer) = default_band_padding(unit, channel, scale.kind, &scale.spec, view.config);
            bandspace(count as f64, inner, outer) * position_step(view, &members, channel, step, how, inner)
        }
        Some(_) => continuous,
        None if members
            .iter()
            .any(|u| u.mark == MarkKind::Arc || u.projection.is_some()) =>
        {
            continuous
        }
        None => match (given, discrete) {
            (Some(Size::Step(step, _)), _) => step,
            (None, Some(Size::Step(step, _))) => *step,
            (_, Some(Size::Px(px))) => *px,
            (Some(Size::Container), _) => continuous,
            _ => config.step.unwrap_or(20.0),
        },
    }
}

/// Px per position; a step for an offset scale makes the position as wide as all its offsets.
fn position_step(view: View, units: &[&Unit], channel: Channel, step: f64, how: StepFor, inner: f64) -> f64 {
    let Some(offset) = channel.offset() else { return step };
    let scale = units
        .iter()
        .find_map(|u| u.scale(offset))
        .and_then(|s| view.model.scales.get(s));
    let Some(scale) = scale.filter(|s| s.kind.is_discrete()) else {
        return step;
    };
    if how == StepFor::Position {
        return step;
    }
    let count = domain::discrete_count(view.model, scale, view.frame(scale)) as f64;
    let space = match view.primary(scale) {
        Some((unit, _)) if scale.kind == ScaleKind::Band => {
            let (a, b) = default_band_padding(unit, offset, scale.kind, &scale.spec, view.config);
            bandspace(count, a, b)
        }
        _ => count,
    };
    step * space / (1.0 - inner)
}

/// Finishes the scales that the units of a view use.
pub fn resolve(view: View, units: &[UnitId], size: (f64, f64)) -> ScaleSet {
    let mut wanted: Vec<(Channel, ScaleId)> = units
        .iter()
        .filter_map(|u| view.model.units.get(*u))
        .flat_map(|u| u.scales.iter().copied())
        .collect();
    shared::sort::sort(&mut wanted);
    wanted.dedup();
    let mut set = ScaleSet {
        scales: vec![None; view.model.scales.len()],
    };
    for (channel, id) in wanted {
        let Some(model) = view.model.scales.get(id) else {
            continue;
        };
        let scale = finish(view, model, channel, size, &set, units);
        budget::take(scale.as_ref().map_or(0, |scale| scale.values.len() * budget::CELL));
        if let Some(slot) = set.scales.get_mut(id) {
            *slot = scale;
        }
    }
    set
}

fn finish(
    view: View,
    model: &ScaleModel,
    channel: Channel,
    size: (f64, f64),
    set: &ScaleSet,
    units: &[UnitId],
) -> Option<Scale> {
    let frame = view.frame(model);
    let (unit, def) = view.primary(model)?;
    let spec = &model.spec;
    let mut scale = Scale::new(channel, model.kind);
    scale.clamp = spec.clamp.or(view.config.scale.clamp).unwrap_or(false);
    if let Some(base) = spec.base {
        scale.curve.base = base;
    }
    if let (ScaleKind::Pow, Some(exponent)) = (model.kind, spec.exponent) {
        scale.curve.exponent = exponent;
    }
    if let Some(constant) = spec.constant {
        scale.curve.constant = constant;
    }
    let reverse = spec.reverse.unwrap_or_else(|| {
        view.users(model)
            .any(|(_, d)| default_reverse(channel, d, model.kind, view.config))
    });
    let position = channel.is_xy() || channel.is_offset();
    if position {
        scale.output = Output::Numbers(position_range(view, model, channel, size, set, units, unit, def));
    }
    if model.kind.is_discrete() {
        if model.kind == ScaleKind::BinOrdinal {
            if let Some(bin) = unit.bin(channel) {
                let n = ((bin.stop - bin.start) / bin.step).round().clamp(1.0, 10_000.0) as usize;
                scale.bins = Some((0..=n).map(|i| bin.start + bin.step * i as f64).collect());
            }
        } else {
            scale.set_values(domain::discrete(view.model, model, frame));
        }
        let classes = scale
            .bins
            .as_ref()
            .map_or(scale.values.len(), |b| b.len().saturating_sub(1));
        let banded = matches!(model.kind, ScaleKind::Band | ScaleKind::Point);
        if !position {
            scale.output = range::output(
                view.model,
                unit,
                channel,
                def,
                model.kind,
                spec,
                classes,
                size,
                view.config,
            );
        }
        if banded {
            if let Output::Numbers(ends) = &mut scale.output
                && reverse
            {
                ends.reverse();
            }
            (scale.padding_inner, scale.padding_outer) =
                default_band_padding(unit, channel, model.kind, spec, view.config);
            scale.align = spec.align.map_or(0.5, |align| align.clamp(0.0, 1.0));
            scale.asked_step = asked_step(view, unit, channel, units);
            scale.place_bands();
        } else {
            if let (Output::Ramp(stops, space), ScaleKind::BinOrdinal) = (&scale.output, model.kind) {
                let n = classes.max(1);
                let t = |i: usize| if n > 1 { i as f64 / (n - 1) as f64 } else { 0.0 };
                scale.output = Output::Values(
                    (0..n)
                        .map(|i| Value::text(&super::scale::ramp(stops, *space, t(i)).css()))
                        .collect(),
                );
            }
            if reverse && let Output::Values(values) = &mut scale.output {
                values.reverse();
            }
        }
        return Some(scale);
    }
    if model.kind.is_discretizing() {
        finish_discretizing(view, model, channel, size, &mut scale, unit, def, frame);
        return Some(scale);
    }
    finish_continuous(
        view, model, channel, size, &mut scale, unit, def, frame, reverse, position,
    );
    Some(scale)
}

fn asked_step(view: View, unit: &Unit, channel: Channel, units: &[UnitId]) -> Option<f64> {
    if !channel.is_xy() {
        return None;
    }
    let horizontal = channel == Channel::X;
    let given = units
        .iter()
        .filter_map(|u| view.model.units.get(*u))
        .find_map(|u| if horizontal { u.width.clone() } else { u.height.clone() });
    let config = if horizontal {
        &view.config.view.discrete_width
    } else {
        &view.config.view.discrete_height
    };
    let _ = unit;
    match given.as_ref().or(config.as_ref()) {
        Some(Size::Step(step, _)) => Some(*step),
        None => Some(view.config.view.step.unwrap_or(20.0)),
        Some(_) => None,
    }
}

#[expect(clippy::too_many_arguments, reason = "the pieces of one scale")]
fn position_range(
    view: View,
    model: &ScaleModel,
    channel: Channel,
    size: (f64, f64),
    set: &ScaleSet,
    units: &[UnitId],
    unit: &Unit,
    def: &ChannelDef,
) -> Vec<f64> {
    let _ = def;
    let length = if matches!(channel, Channel::X | Channel::XOffset) {
        size.0
    } else {
        size.1
    };
    if let Some(Range::Values(values)) = &model.spec.range {
        let number = |v: &Value| match v {
            Value::Text(t) if &**t == "width" => size.0,
            Value::Text(t) if &**t == "height" => size.1,
            other => other.number(),
        };
        return values.iter().map(number).collect();
    }
    let flip = channel == Channel::Y && !model.kind.is_discrete();
    let mut range = if channel.is_xy() {
        if flip { vec![length, 0.0] } else { vec![0.0, length] }
    } else {
        offset_range(view, channel, length, set, units, unit)
    };
    for (slot, given) in [(0, &model.spec.range_min), (1, &model.spec.range_max)] {
        if let (Some(end), Some(value)) = (range.get_mut(slot), given) {
            *end = value.number();
        }
    }
    range
}

fn offset_range(view: View, channel: Channel, length: f64, set: &ScaleSet, units: &[UnitId], unit: &Unit) -> Vec<f64> {
    let base = if channel == Channel::XOffset {
        Channel::X
    } else {
        Channel::Y
    };
    let position = units
        .iter()
        .filter_map(|u| view.model.units.get(*u))
        .find_map(|u| set.of(u, base));
    let Some(position) = position else {
        return vec![-length / 2.0, length / 2.0];
    };
    if position.kind == ScaleKind::Band {
        return vec![0.0, position.bandwidth];
    }
    let def = unit.encoding.get(base);
    if let Some(time) = def.and_then(|d| d.time_unit.as_ref()) {
        let start = crate::format::time::year_start(2001);
        let duration = position.at(start + time.duration()) - position.at(start);
        let padding = view.config.scale.band_with_nested_offset_padding_inner.unwrap_or(0.2);
        let shift = def.and_then(|d| unit.band_position(d, false)).unwrap_or(0.5) - 0.5;
        return vec![
            (padding / 2.0 + shift) * duration,
            (1.0 - padding / 2.0 + shift) * duration,
        ];
    }
    vec![-length / 2.0, length / 2.0]
}

#[expect(clippy::too_many_arguments, reason = "the pieces of one scale")]
fn finish_discretizing(
    view: View,
    model: &ScaleModel,
    channel: Channel,
    size: (f64, f64),
    scale: &mut Scale,
    unit: &Unit,
    def: &ChannelDef,
    frame: &Frame,
) {
    let spec = &model.spec;
    let given_range = match &spec.range {
        Some(Range::Values(values)) => Some(values.len()),
        _ => None,
    };
    let scheme_count = spec.scheme.as_ref().map(|s| s.count.unwrap_or(5.0) as usize);
    let config = &view.config.scale;
    let classes = match model.kind {
        ScaleKind::Threshold => domain::continuous(view.model, model, frame).map_or(1, |d| d.len() + 1),
        ScaleKind::Quantile => given_range
            .or(scheme_count)
            .unwrap_or(config.quantile_count.unwrap_or(4.0) as usize),
        _ => given_range
            .or(scheme_count)
            .unwrap_or(config.quantize_count.unwrap_or(4.0) as usize),
    };
    let classes = if channel.is_color()
        && given_range.is_none()
        && scheme_count.is_none()
        && model.kind != ScaleKind::Threshold
    {
        5
    } else {
        classes
    };
    scale.output = range::output(
        view.model,
        unit,
        channel,
        def,
        model.kind,
        spec,
        classes,
        size,
        view.config,
    );
    let classes = match &scale.output {
        Output::Values(v) => v.len(),
        Output::Numbers(n) => n.len(),
        Output::Ramp(..) => classes,
    };
    match model.kind {
        ScaleKind::Threshold => scale.domain = domain::continuous(view.model, model, frame).unwrap_or_default(),
        ScaleKind::Quantile => {
            let numbers = match &spec.domain {
                Some(Domain::Values(v)) => v.iter().map(Value::number).collect(),
                _ => domain::numbers(view.model, model, frame),
            };
            scale.domain = (1..classes)
                .map(|i| quantile_sorted(&numbers, i as f64 / classes as f64))
                .collect();
        }
        _ => {
            let ends = domain::continuous(view.model, model, frame).unwrap_or_else(|| vec![0.0, 1.0]);
            let (mut a, mut b) = (
                ends.first().copied().unwrap_or(0.0),
                ends.last().copied().unwrap_or(1.0),
            );
            if spec.zero == Some(true) {
                (a, b) = (a.min(0.0), b.max(0.0));
            }
            match &spec.nice {
                Some(Nice::Flag(true)) => (a, b) = ticks::nice(a, b, 10.0),
                Some(Nice::Count(n)) => (a, b) = ticks::nice(a, b, *n),
                _ => {}
            }
            scale.domain = (1..classes)
                .map(|i| (i as f64 * b - (i as f64 - classes as f64) * a) / classes as f64)
                .collect();
            scale.bins = Some(vec![a, b]);
        }
    }
}

fn quantile_sorted(sorted: &[f64], p: f64) -> f64 {
    let at = (sorted.len() as f64 - 1.0) * p;
    let low = at.floor();
    let get = |i: f64| sorted.get(i.max(0.0) as usize).copied();
    match (get(low), get(low + 1.0)) {
        (Some(a), Some(b)) => a + (b - a) * (at - low),
        (Some(a), None) => a,
        _ => f64::NAN,
    }
}

#[expect(clippy::too_many_arguments, reason = "the pieces of one scale")]
fn finish_continuous(
    view: View,
    model: &ScaleModel,
    channel: Channel,
    size: (f64, f64),
    scale: &mut Scale,
    unit: &Unit,
    def: &ChannelDef,
    frame: &Frame,
    reverse: bool,
    position: bool,
) {
    let spec = &model.spec;
    let bins: Option<Vec<f64>> = unit.bin(channel).map(|bin| {
        let n = ((bin.stop - bin.start) / bin.step).round().clamp(1.0, 10_000.0) as usize;
        (0..=n).map(|i| bin.start + bin.step * i as f64).collect()
    });
    scale.bins = spec.bins.clone().or(bins);
    let found = domain::continuous(view.model, model, frame);
    if let (Some(crate::spec::Bin::Binned { step: Some(step) }), Some(ends)) = (&def.bin, &found)
        && let (Some(a), Some(b)) = (ends.first(), ends.last())
    {
        let n = ((b - a) / step).floor().clamp(0.0, 10_000.0) as usize;
        scale.bins = Some((0..=n).map(|i| a + step * i as f64).collect());
    }
    let mut domain = found.unwrap_or_else(|| {
        if model.kind == ScaleKind::Log {
            vec![1.0, 10.0]
        } else {
            vec![0.0, 0.0]
        }
    });
    if domain.len() == 1 {
        domain.push(domain.first().copied().unwrap_or(0.0));
    }
    let last = domain.len() - 1;
    let supports_zero = matches!(
        model.kind,
        ScaleKind::Linear | ScaleKind::Pow | ScaleKind::Sqrt | ScaleKind::Symlog
    );
    let users: Vec<(&Unit, &ChannelDef)> = view.users(model).collect();
    let users = if users.is_empty() { vec![(unit, def)] } else { users };
    let zero = supports_zero
        && spec.zero.unwrap_or_else(|| {
            users
                .first()
                .is_some_and(|(u, d)| default_zero(u, channel, d, model.kind, spec, view.config))
        });
    scale.zero = zero;
    if zero {
        if let Some(first) = domain.first_mut()
            && *first > 0.0
        {
            *first = 0.0;
        }
        if let Some(end) = domain.get_mut(last)
            && *end < 0.0
        {
            *end = 0.0;
        }
    }
    if let (Some(min), Some(slot)) = (&spec.domain_min, domain.first_mut()) {
        *slot = domain::given(min, model.kind);
    }
    if let (Some(max), Some(slot)) = (&spec.domain_max, domain.get_mut(last)) {
        *slot = domain::given(max, model.kind);
    }
    if let Some(mid) = spec.domain_mid {
        let (a, b) = (
            domain.first().copied().unwrap_or(0.0),
            domain.get(last).copied().unwrap_or(0.0),
        );
        let at = if mid > b {
            last + 1
        } else if mid < a {
            0
        } else {
            last
        };
        domain.insert(at, mid);
    }
    scale.curve.negative = model.kind == ScaleKind::Log && domain.first().is_some_and(|d| *d < 0.0);
    let padding = spec.padding.or_else(|| {
        users
            .iter()
            .find_map(|(u, d)| default_padding(u, channel, d, model.kind, view.config))
    });
    if let Some(padding) = padding.filter(|p| *p != 0.0 && position) {
        pad(scale, &mut domain, padding);
    }
    let automatic = users.iter().map(|(_, d)| {
        let binned = d.is_field() && (d.is_binning() || d.is_binned());
        let set =
            matches!(spec.domain, Some(Domain::Values(_))) || spec.domain_max.is_some() || spec.domain_min.is_some();
        !(binned || set || model.kind.is_time()) && channel.is_xy()
    });
    let nice = spec
        .nice
        .clone()
        .unwrap_or(Nice::Flag(automatic.clone().next().unwrap_or(false)));
    let _ = automatic;
    make_nice(scale, &mut domain, &nice);
    scale.domain = domain;
    if !position {
        scale.output = range::output(view.model, unit, channel, def, model.kind, spec, 0, size, view.config);
    }
    if reverse {
        match &mut scale.output {
            Output::Numbers(n) => n.reverse(),
            Output::Ramp(stops, _) => stops.reverse(),
            Output::Values(v) => v.reverse(),
        }
        scale.reverse = true;
    }
}

/// Widens the domain so that it leaves some px free at both ends.
fn pad(scale: &Scale, domain: &mut [f64], padding: f64) {
    let (a, b) = scale.range();
    let span = (b - a).abs();
    let share = span / (span - 2.0 * padding);
    let (Some(first), Some(last)) = (domain.first().copied(), domain.last().copied()) else {
        return;
    };
    if first == last || !share.is_finite() {
        return;
    }
    let (u, v) = (scale.curve.forward(first), scale.curve.forward(last));
    let mid = (u + v) / 2.0;
    if let Some(slot) = domain.first_mut() {
        *slot = scale.curve.backward(mid + (u - mid) * share);
    }
    if let Some(slot) = domain.last_mut() {
        *slot = scale.curve.backward(mid + (v - mid) * share);
    }
}

fn make_nice(scale: &Scale, domain: &mut [f64], nice: &Nice) {
    let count = match nice {
        Nice::Flag(false) => return,
        Nice::Flag(true) => 10.0,
        Nice::Count(n) => *n,
        Nice::Every(..) => 10.0,
    };
    let (Some(a), Some(b)) = (domain.first().copied(), domain.last().copied()) else {
        return;
    };
    let (lo, hi) = if scale.kind.is_time() {
        let interval = match nice {
            Nice::Every(name, step) => Interval::named(name).map(|i| Interval::new(i.unit, i.step * step)),
            _ => time_interval(a, b, count),
        };
        let Some(interval) = interval else { return };
        if b < a {
            (interval.ceil(a), interval.floor(b))
        } else {
            (interval.floor(a), interval.ceil(b))
        }
    } else if scale.kind == ScaleKind::Log {
        let base = scale.curve.base;
        let log = |x: f64| {
            if base == 10.0 {
                crate::math::log10(x)
            } else {
                crate::math::ln(x) / crate::math::ln(base)
            }
        };
        let up = |x: f64| crate::math::pow(base, log(x).ceil());
        let down = |x: f64| crate::math::pow(base, log(x).floor());
        if b < a { (up(a), down(b)) } else { (down(a), up(b)) }
    } else {
        ticks::nice(a, b, count)
    };
    if let Some(slot) = domain.first_mut() {
        *slot = lo;
    }
    if let Some(slot) = domain.last_mut() {
        *slot = hi;
    }
}
