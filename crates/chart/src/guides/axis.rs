//! Axes: ticks, labels, grids and titles.

use super::labels::{Formatter, effective_count, normalised, relabel, valid_ticks};
use super::lettering::Lettering;
use crate::budget;
use crate::data::{Row, Table};
use crate::error::ChartError;
use crate::expression::Known;
use crate::math;
use crate::model::{Model, Node, ScaleId, Unit, UnitId, default_title};
use crate::scales::{Scale, ScaleSet};
use crate::scene::{Align, Anchor, Group, Item, Mark, MarkType, Paint, Rect, Shape, Style};
use crate::spec::{
    Axis, Channel, ChannelDef, Config, FieldKind, MarkKind, Overlap, Resolve, ScaleKind, TickBand, TickCount,
};
use crate::transform::Test;
use crate::value::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// One axis to draw.
#[derive(Clone, Debug)]
pub struct AxisPlan<'a> {
    pub channel: Channel,
    pub scale: ScaleId,
    /// The unit whose definition decides the defaults.
    pub unit: UnitId,
    /// What the units say of it, the first being the strongest.
    axes: Vec<&'a Axis>,
    pub orient: &'static str,
    pub title: Vec<String>,
}

/// The pieces of a finished axis; `bounds` is in the coordinates of the view.
#[derive(Clone, Debug)]
pub struct DrawnAxis {
    pub grid: Option<Mark>,
    pub main: Option<Mark>,
    pub bounds: Rect,
    pub in_front: bool,
}

/// The axes of a unit or layer.
pub fn plan_axes<'a>(model: &'a Model, node: &Node, config: &Config) -> Vec<AxisPlan<'a>> {
    let mut plans: Vec<AxisPlan> = Vec::new();
    let units = node.units();
    for channel in [Channel::X, Channel::Y] {
        let independent = Resolve::find(&node.resolve.axis, channel) == Some(false);
        let mut groups: Vec<(ScaleId, Vec<UnitId>)> = Vec::new();
        for id in &units {
            let Some(unit) = model.units.get(*id) else { continue };
            let Some(scale) = unit.scale(channel) else { continue };
            if unit.encoding.data(channel).is_none()
                && channel.secondary().is_none_or(|c| unit.encoding.data(c).is_none())
            {
                continue;
            }
            match groups.iter_mut().find(|(s, _)| *s == scale && !independent) {
                Some((_, list)) => list.push(*id),
                None => groups.push((scale, vec![*id])),
            }
        }
        let mut taken: Vec<&'static str> = Vec::new();
        for (scale, members) in groups {
            let shown: Vec<UnitId> = members
                .into_iter()
                .filter(|id| {
                    model
                        .units
                        .get(*id)
                        .and_then(|u| main_def(u, channel))
                        .is_some_and(|d| d.axis != Some(None))
                })
                .collect();
            let Some(first) = shown.first().copied() else { continue };
            let defs = shown
                .iter()
                .filter_map(|id| model.units.get(*id))
                .filter_map(|u| main_def(u, channel));
            let axes: Vec<&Axis> = defs.filter_map(|def| def.axis.as_ref()?.as_deref()).collect();
            let default = match (channel, taken.len()) {
                (Channel::X, 0) => "bottom",
                (Channel::X, _) => "top",
                (_, 0) => "left",
                _ => "right",
            };
            let names = [["axis", letter(channel), ""], ["axis", "", ""]];
            let configured = names.into_iter().filter_map(|name| config.axis(name));
            let mut all = axes.iter().copied().chain(configured);
            let orient = match all.find_map(|axis| axis.orient.as_deref()) {
                Some("top") => "top",
                Some("bottom") => "bottom",
                Some("left") => "left",
                Some("right") => "right",
                _ => default,
            };
            taken.push(orient);
            let title = merged_title(model, &shown, channel, config);
            plans.push(AxisPlan {
                channel,
                scale,
                unit: first,
                axes,
                orient,
                title,
            });
        }
    }
    plans
}

fn letter(channel: Channel) -> &'static str {
    if channel == Channel::X { "X" } else { "Y" }
}

fn main_def(unit: &Unit, channel: Channel) -> Option<&ChannelDef> {
    unit.encoding
        .data(channel)
        .or_else(|| unit.encoding.data(channel.secondary()?))
}

/// The titles of all layers, each once.
fn merged_title(model: &Model, units: &[UnitId], channel: Channel, config: &Config) -> Vec<String> {
    let mut explicit: Vec<Vec<String>> = Vec::new();
    let mut implicit: Vec<String> = Vec::new();
    for unit in units.iter().filter_map(|id| model.units.get(*id)) {
        let defs = [
            unit.encoding.data(channel),
            channel.secondary().and_then(|c| unit.encoding.data(c)),
        ];
        let mut own: Option<Vec<String>> = None;
        for def in defs.into_iter().flatten() {
            let axis = def.axis.as_ref().and_then(|a| a.as_ref()).and_then(|a| a.title.clone());
            if let Some(title) = axis.clone().or_else(|| def.title.clone()) {
                let joined = match &own {
                    Some(before) if !before.is_empty() && axis.is_none() && *before != title && !title.is_empty() => {
                        vec![format!("{}, {}", before.join(" "), title.join(" "))]
                    }
                    Some(before) => before.clone(),
                    None => title,
                };
                own = Some(joined);
            }
        }
        if let Some(title) = own {
            if !explicit.contains(&title) {
                explicit.push(title);
            }
            continue;
        }
        for def in defs.into_iter().flatten().filter(|d| d.is_field()) {
            let title = default_title(def, config);
            if !implicit.contains(&title) {
                implicit.push(title);
            }
        }
    }
    match explicit.len() {
        0 if implicit.is_empty() => Vec::new(),
        0 => vec![implicit.join(", ")],
        1 => explicit.remove(0),
        _ => {
            let named: Vec<String> = explicit.iter().filter(|t| !t.is_empty()).map(|t| t.join(" ")).collect();
            if named.is_empty() {
                Vec::new()
            } else {
                vec![named.join(", ")]
            }
        }
    }
}

/// Everything about an axis with its defaults filled in.
struct Look<'a> {
    spec: Cow<'a, Axis>,
    orient: &'static str,
    angle: Option<f64>,
}

fn look<'a>(plan: &AxisPlan<'a>, scale: &Scale, def: &ChannelDef, config: &'a Config) -> Look<'a> {
    let kind = match scale.kind {
        ScaleKind::Band => &["Band", "Discrete"][..],
        ScaleKind::Point => &["Point", "Discrete"],
        k if k.is_time() => &["Temporal"],
        k if k.is_continuous() => &["Quantitative"],
        _ => &[],
    };
    let xy = letter(plan.channel);
    let side = match plan.orient {
        "top" => "Top",
        "bottom" => "Bottom",
        "left" => "Left",
        _ => "Right",
    };
    let by_kind = kind.iter().map(|kind| ["axis", xy, kind]);
    let names = by_kind.chain(kind.iter().map(|kind| ["axis", kind, ""])).chain([
        ["axis", xy, ""],
        ["axis", side, ""],
        ["axis", "", ""],
    ]);
    let configured = names.filter_map(|name| config.axis(name));
    let all = plan.axes.iter().copied().chain(configured).map(Cow::Borrowed);
    let spec = all
        .reduce(|axis, weaker| Cow::Owned(axis.or(&weaker)))
        .unwrap_or_default();
    let slanted =
        plan.channel == Channel::X && def.kind().is_discrete() && !(def.is_field() && def.time_unit.is_some());
    let angle = spec
        .label_angle
        .map(|a| a.rem_euclid(360.0))
        .or(slanted.then_some(270.0));
    Look {
        spec,
        orient: plan.orient,
        angle,
    }
}

struct Tick {
    at: f64,
    /// Where its label stands: the middle of a band.
    label_at: f64,
    label: String,
    /// The axis as it is here, where that is not as everywhere.
    own: Option<Box<Axis>>,
}

impl Tick {
    /// The axis as it is at this tick.
    fn spec<'a>(&'a self, plain: &'a Axis) -> &'a Axis {
        self.own.as_deref().unwrap_or(plain)
    }
}

/// Draws an axis of a view of some size.
#[expect(clippy::too_many_arguments, reason = "what a view hands to its axes")]
pub fn draw_axis(
    plan: &AxisPlan,
    model: &Model,
    scales: &ScaleSet,
    size: (f64, f64),
    config: &Config,
    known: Known,
    grid_only: bool,
    main_only: bool,
) -> Result<Option<DrawnAxis>, ChartError> {
    let (Some(unit), Some(scale)) = (model.units.get(plan.unit), scales.get(plan.scale)) else {
        return Ok(None);
    };
    let Some(def) = main_def(unit, plan.channel) else {
        return Ok(None);
    };
    let look = look(plan, scale, def, config);
    if look.spec.disable == Some(true) {
        return Ok(None);
    }
    let horizontal = plan.channel == Channel::X;
    let length = if horizontal { size.0 } else { size.1 };
    let ticks = ticks(&look, unit, def, plan.channel, scale, length, config, known)?;
    // A line, a tick and a label.
    budget::spend(ticks.len() * 3 * budget::MARK)?;
    let spec = &*look.spec;
    let binned = def.is_field() && (def.is_binning() || def.is_binned());
    let grid_default = !scale.kind.is_discrete() && def.is_field() && !binned;
    let other = if horizontal { size.1 } else { size.0 };
    let rect_on_discrete = unit.mark == MarkKind::Rect && discrete_field(def);
    let in_front = spec.zindex.map_or(rect_on_discrete, |z| z > 0.0);
    let grid =
        (spec.grid.unwrap_or(grid_default) && !main_only).then(|| grid_mark(spec, &ticks, scale, horizontal, other));
    if grid_only {
        return Ok(Some(DrawnAxis {
            grid,
            main: None,
            bounds: Rect::EMPTY,
            in_front,
        }));
    }
    let mut axis = AxisParts {
        look: &look,
        scale,
        horizontal,
        size,
        config,
        marks: Vec::new(),
        bounds: Rect::EMPTY,
    };
    axis.ticks(&ticks);
    axis.labels(ticks, def);
    axis.domain();
    let has_own_title = plan.axes.iter().any(|axis| axis.title.is_some());
    let title = if look.spec.title.is_some() && !has_own_title {
        look.spec.title.clone().unwrap_or_default()
    } else {
        plan.title.clone()
    };
    let name = if horizontal { "X-axis" } else { "Y-axis" };
    let label = format!(
        "{name} titled '{}' for a {} scale",
        title.join(" "),
        scale_word(scale.kind)
    );
    axis.title(title, length);
    let (place, bounds) = axis.place();
    let group = Group {
        place,
        marks: axis.marks,
        ..Group::default()
    };
    let main = Mark::Groups {
        role: "axis".into(),
        name: String::new(),
        groups: vec![group],
        orient: Some(plan.orient),
        label: Some(label),
        hidden: false,
    };
    Ok(Some(DrawnAxis {
        grid,
        main: Some(main),
        bounds,
        in_front,
    }))
}

fn discrete_field(def: &ChannelDef) -> bool {
    def.kind().is_discrete() || def.is_binning() && def.kind().is_discrete()
}

fn scale_word(kind: ScaleKind) -> &'static str {
    match kind {
        ScaleKind::Linear => "linear",
        ScaleKind::Log => "logarithmic",
        ScaleKind::Pow => "power",
        ScaleKind::Sqrt => "square root",
        ScaleKind::Symlog => "symmetric logarithmic",
        ScaleKind::Time | ScaleKind::Utc => "time",
        ScaleKind::Band | ScaleKind::Point | ScaleKind::Ordinal | ScaleKind::BinOrdinal => "discrete",
        ScaleKind::Quantile | ScaleKind::Quantize | ScaleKind::Threshold => "discretized",
    }
}

fn given_values(spec: &Axis, def: &ChannelDef) -> Option<Vec<Value>> {
    let time = def.kind == Some(FieldKind::Temporal) || def.time_unit.is_some();
    let convert = |v: &Value| match v {
        Value::Text(t) if time => Value::Number(crate::time::parse::parse(t)),
        Value::Number(n) if time => Value::Number(def.time_unit.as_ref().map_or(*n, |u| u.of_number(*n))),
        other => other.clone(),
    };
    spec.values.as_ref().map(|list| list.iter().map(convert).collect())
}

#[expect(clippy::too_many_arguments, reason = "what decides the ticks")]
fn ticks(
    look: &Look,
    unit: &Unit,
    def: &ChannelDef,
    channel: Channel,
    scale: &Scale,
    length: f64,
    config: &Config,
    known: Known,
) -> Result<Vec<Tick>, ChartError> {
    let spec = &*look.spec;
    let values = given_values(spec, def);
    let month_like = def
        .time_unit
        .as_ref()
        .is_some_and(|u| matches!(u.name.as_str(), "month" | "hours" | "day" | "quarter"));
    let default = if values.is_some()
        || scale.kind.is_discrete()
        || scale.kind == ScaleKind::Log
        || (def.is_field() && month_like && !def.is_binning())
    {
        None
    } else if def.is_field() && def.is_binning() {
        Some((length / 10.0).ceil())
    } else {
        Some((length / 40.0).ceil())
    };
    let given = values.as_ref().map(|v| v.len() as f64);
    let tally = spec
        .tick_count
        .clone()
        .unwrap_or_else(|| TickCount::About(default.or(given).unwrap_or(10.0)));
    let whole = matches!(&spec.format, Some(Value::Text(t)) if &**t == "d");
    let duration = def.time_unit.as_ref().filter(|_| def.is_field()).map(|u| u.duration());
    let least = spec.tick_min_step.or(if whole { Some(1.0) } else { None }).or(duration);
    let count = effective_count(scale, &tally, least);
    let number = if let TickCount::About(n) = &count { *n } else { 10.0 };
    let banded = tick_share(spec);
    let place = |value: &Value, share: f64| match scale.kind {
        ScaleKind::Band | ScaleKind::Point => scale.number(value) + share * scale.bandwidth,
        _ => scale.number(value),
    };
    let list: Vec<Value> = if scale.kind.is_discrete() {
        values.unwrap_or_else(|| scale.values.clone())
    } else if let Some(values) = &values {
        let numbers = values.iter().map(Value::number).collect();
        valid_ticks(scale, numbers, number)
            .into_iter()
            .map(Value::Number)
            .collect()
    } else if let Some(bins) = &scale.bins {
        valid_ticks(scale, bins.clone(), number)
            .into_iter()
            .map(Value::Number)
            .collect()
    } else {
        scale.ticks(&count).into_iter().map(Value::Number).collect()
    };
    let formatter = Formatter::new(
        scale,
        Some(def),
        &spec.format,
        &spec.format_type,
        normalised(unit, channel),
        number,
        list.len(),
        spec.values.is_some(),
        config,
    );
    let last = (list.len().max(2) - 1) as f64;
    let varying = Varying::new(spec);
    let mut out = Vec::with_capacity(list.len());
    for (i, value) in list.into_iter().enumerate() {
        let (at, label_at) = (place(&value, banded), place(&value, 0.5));
        if !at.is_finite() {
            continue;
        }
        let mut label = formatter.label(&value);
        if let Some(tree) = &spec.label_expr {
            label = relabel(tree, &value, &label, i as f64 / last, known)?;
        }
        let own = varying.at(&value, &label, i as f64 / last, known)?;
        out.push(Tick {
            at,
            label_at,
            label,
            own,
        });
    }
    Ok(out)
}

/// An axis that differs from tick to tick.
struct Varying<'a> {
    plain: &'a Axis,
    /// Names of what a test sees.
    table: Table,
    conditions: Vec<(Test<'a>, &'a Axis)>,
}

impl<'a> Varying<'a> {
    fn new(spec: &'a Axis) -> Varying<'a> {
        let table = Table {
            names: ["value", "label", "index"].map(Arc::from).to_vec(),
            rows: Vec::new(),
        };
        let tests = spec.conditions.iter();
        Varying {
            plain: spec,
            conditions: tests.map(|c| (Test::new(&c.test, &table), &c.then)).collect(),
            table,
        }
    }

    /// `None` where nothing depends on the tick.
    fn at(&self, value: &Value, label: &str, index: f64, known: Known) -> Result<Option<Box<Axis>>, ChartError> {
        if self.conditions.is_empty() {
            return Ok(None);
        }
        let row = Row::of([value.clone(), Value::text(label), Value::Number(index)], 0);
        let mut here = Axis::default();
        for (test, then) in &self.conditions {
            if test.passes(&self.table, &row, known)? {
                here = here.or(then);
            }
        }
        Ok(Some(Box::new(here.or(self.plain))))
    }
}

fn line_style(
    color: &Option<Paint>,
    default: &str,
    width: Option<f64>,
    dash: &Option<Vec<f64>>,
    opacity: Option<f64>,
) -> Style {
    Style {
        stroke: color.clone().or_else(|| Some(Paint::css(default))),
        stroke_width: Some(width.unwrap_or(1.0)),
        stroke_dash: dash.clone().filter(|d| !d.is_empty()).map(Arc::new),
        opacity,
        ..Style::default()
    }
}

fn placed(spec: &Axis, at: f64, offset: f64) -> f64 {
    if spec.tick_round == Some(false) {
        at + offset
    } else {
        math::round(at + offset)
    }
}

/// Where in a band ticks stand: 0 at its start, 1 at its end.
fn tick_share(spec: &Axis) -> f64 {
    match spec.tick_band {
        Some(TickBand::Extent) => 1.0,
        Some(TickBand::Center) => 0.5,
        None => spec.band_position.unwrap_or(0.5),
    }
}

fn extends(spec: &Axis, scale: &Scale) -> bool {
    spec.tick_band == Some(TickBand::Extent) && scale.kind == ScaleKind::Band
}

fn tick_offset(spec: &Axis, scale: &Scale) -> f64 {
    spec.tick_offset
        .unwrap_or(if scale.kind == ScaleKind::Band && !extends(spec, scale) {
            -0.5
        } else {
            0.0
        })
}

/// A line at each tick, where they are not as everywhere in a style of its own; with ticks between bands there is one more,
/// before the first band.
fn lines(
    spec: &Axis,
    ticks: &[Tick],
    scale: &Scale,
    line: impl Fn(f64, &Axis) -> Shape,
    style: impl Fn(&Axis) -> Style,
) -> Vec<Item> {
    let offset = tick_offset(spec, scale);
    let plain = Arc::new(style(spec));
    let item = |at: f64, own: Option<&Axis>| {
        let shape = line(placed(spec, at, offset), own.unwrap_or(spec));
        Item::new(shape, own.map_or_else(|| plain.clone(), |own| Arc::new(style(own))))
    };
    let mut items = Vec::with_capacity(ticks.len() + 1);
    items.extend(ticks.iter().map(|tick| item(tick.at, tick.own.as_deref())));
    if (spec.tick_extra == Some(true) || spec.tick_band == Some(TickBand::Extent))
        && let Some(first) = ticks.first()
    {
        items.push(item(first.at - tick_share(spec) * scale.bandwidth, None));
    }
    items
}

fn grid_mark(spec: &Axis, ticks: &[Tick], scale: &Scale, horizontal: bool, other: f64) -> Mark {
    let style = |spec: &Axis| {
        line_style(
            &spec.grid_color,
            "#ddd",
            spec.grid_width,
            &spec.grid_dash,
            spec.grid_opacity,
        )
    };
    let line = |at: f64, _: &Axis| {
        if horizontal {
            Shape::Line {
                x: at,
                y: 0.0,
                dx: 0.0,
                dy: other,
            }
        } else {
            Shape::Line {
                x: 0.0,
                y: at,
                dx: other,
                dy: 0.0,
            }
        }
    };
    let lines = Mark::Items {
        kind: MarkType::Rule,
        role: "axis-grid",
        name: String::new(),
        items: lines(spec, ticks, scale, line, style),
        clip: false,
        description: "",
    };
    let group = Group {
        place: (0.5, 0.5),
        marks: vec![lines],
        ..Group::default()
    };
    let orient = Some(if horizontal { "bottom" } else { "left" });
    Mark::Groups {
        role: "axis".into(),
        name: String::new(),
        groups: vec![group],
        orient,
        label: None,
        hidden: true,
    }
}

struct AxisParts<'a> {
    look: &'a Look<'a>,
    scale: &'a Scale,
    horizontal: bool,
    size: (f64, f64),
    config: &'a Config,
    marks: Vec<Mark>,
    /// In the coordinates of the axis: along it, and away from the view.
    bounds: Rect,
}

impl AxisParts<'_> {
    /// -1 when the axis grows towards smaller coordinates.
    fn sign(&self) -> f64 {
        if matches!(self.look.orient, "top" | "left") {
            -1.0
        } else {
            1.0
        }
    }

    fn push(&mut self, kind: MarkType, role: &'static str, items: Vec<Item>) {
        for item in &items {
            let b = item.bounds();
            if !b.is_empty() {
                self.bounds.union(b);
            }
        }
        self.marks.push(Mark::Items {
            kind,
            role,
            name: String::new(),
            items,
            clip: false,
            description: "",
        });
    }

    fn tick_size(&self) -> f64 {
        if self.look.spec.ticks == Some(false) {
            0.0
        } else {
            self.look.spec.tick_size.unwrap_or(5.0)
        }
    }

    fn ticks(&mut self, ticks: &[Tick]) {
        let spec = &*self.look.spec;
        if spec.ticks == Some(false) {
            return;
        }
        let style = |spec: &Axis| {
            line_style(
                &spec.tick_color,
                "#888",
                spec.tick_width,
                &spec.tick_dash,
                spec.tick_opacity,
            )
        };
        let line = |at: f64, here: &Axis| {
            let reach = self.sign() * here.tick_size.unwrap_or(5.0);
            if self.horizontal {
                Shape::Line {
                    x: at,
                    y: 0.0,
                    dx: 0.0,
                    dy: reach,
                }
            } else {
                Shape::Line {
                    x: 0.0,
                    y: at,
                    dx: reach,
                    dy: 0.0,
                }
            }
        };
        let items = lines(spec, ticks, self.scale, line, style);
        self.push(MarkType::Rule, "axis-tick", items);
    }

    fn labels(&mut self, ticks: Vec<Tick>, def: &ChannelDef) {
        let spec = &*self.look.spec;
        if spec.labels == Some(false) {
            return;
        }
        let angle = self.look.angle.unwrap_or(0.0);
        let plain = self.lettering(spec);
        let continuous = matches!(def.kind(), FieldKind::Quantitative | FieldKind::Temporal);
        let flush = match &spec.label_flush {
            Some(Value::Bool(true)) => Some(1.0),
            Some(Value::Number(n)) => Some(*n),
            Some(_) => None,
            None => (self.horizontal && continuous).then_some(1.0),
        };
        let own = if self.horizontal {
            spec.label_align.is_some() || self.default_align().is_some()
        } else {
            spec.label_baseline.is_some() || self.default_anchor().is_some()
        };
        let flush = flush.filter(|_| !own);
        let (a, b) = self.scale.range();
        let mut items: Vec<(Item, bool)> = ticks
            .into_iter()
            .map(|t| {
                let here = t.spec(spec);
                let along = t.label_at + here.label_offset.unwrap_or(0.0) + here.tick_offset.unwrap_or(0.0);
                let away = self.sign() * (self.tick_size() + here.label_padding.unwrap_or(2.0));
                let (mut align, mut anchor) = (self.align(here), self.anchor(here));
                if flush.is_some_and(|near| (t.label_at - a.min(b)).abs() < near) {
                    (align, anchor) = if self.horizontal {
                        (Align::Left, anchor)
                    } else {
                        (align, Anchor::Top)
                    };
                } else if flush.is_some_and(|near| (t.label_at - a.max(b)).abs() < near) {
                    (align, anchor) = if self.horizontal {
                        (Align::Right, anchor)
                    } else {
                        (align, Anchor::Bottom)
                    };
                }
                let at = if self.horizontal { (along, away) } else { (away, along) };
                let own = t.own.as_deref().map(|own| self.lettering(own));
                let lettering = own.as_ref().unwrap_or(&plain);
                (lettering.item(lines_of(t.label), at, angle, align, anchor), true)
            })
            .collect();
        let sorted = !matches!(
            def.sort,
            Some(crate::spec::Sort::Field { .. } | crate::spec::Sort::Encoding { .. })
        );
        let timed = def.is_field() && def.time_unit.is_some() && sorted;
        let overlap = spec.label_overlap.unwrap_or(if timed || !def.kind().is_discrete() {
            if matches!(self.scale.kind, ScaleKind::Log | ScaleKind::Symlog) {
                Overlap::Greedy
            } else {
                Overlap::Parity
            }
        } else {
            Overlap::None
        });
        thin(&mut items, overlap, spec.label_separation.unwrap_or(0.0));
        if let Some(bound) = spec
            .label_bound
            .as_ref()
            .filter(|b| **b != Value::Bool(false) && **b != Value::Null)
        {
            let slack = if let Value::Number(n) = bound { *n } else { 1.0 };
            let (lo, hi) = (a.min(b) - slack, a.max(b) + slack);
            for (item, visible) in &mut items {
                let b = item.bounds();
                let (from, to) = if self.horizontal { (b.x1, b.x2) } else { (b.y1, b.y2) };
                *visible &= from >= lo && to <= hi;
            }
        }
        let items = items
            .into_iter()
            .filter(|(_, visible)| *visible)
            .map(|(item, _)| item)
            .collect();
        self.push(MarkType::Text, "axis-label", items);
    }

    fn lettering(&self, spec: &Axis) -> Lettering {
        let mut lettering = Lettering::of(self.config, "guide-label", 10.0, false).set(
            &spec.label_font,
            spec.label_font_size,
            spec.label_font_weight,
            spec.label_font_style,
            &spec.label_color,
            Some(spec.label_limit.unwrap_or(180.0)),
        );
        lettering.set_opacity(spec.label_opacity);
        lettering.line_height = spec.label_line_height.or(lettering.line_height);
        lettering
    }

    fn align(&self, spec: &Axis) -> Align {
        let given = spec.label_align.as_deref().map(Align::parse);
        given
            .or_else(|| self.default_align())
            .unwrap_or(match self.look.orient {
                "left" => Align::Right,
                "right" => Align::Left,
                _ => Align::Center,
            })
    }

    fn anchor(&self, spec: &Axis) -> Anchor {
        let given = spec.label_baseline.as_deref().map(Anchor::parse);
        given
            .or_else(|| self.default_anchor())
            .unwrap_or(match self.look.orient {
                "top" => Anchor::Bottom,
                "bottom" => Anchor::Top,
                _ => Anchor::Middle,
            })
    }

    fn default_align(&self) -> Option<Align> {
        let angle = self.look.angle?;
        let start = if self.horizontal { 0.0 } else { 90.0 };
        if (angle + start) % 180.0 == 0.0 {
            let computed = self.look.spec.computed_angle.map(|_| Align::Left);
            return if self.horizontal { computed } else { Some(Align::Center) };
        }
        let main = self.look.orient == if self.horizontal { "bottom" } else { "left" };
        Some(if (start < angle && angle < 180.0 + start) == main {
            Align::Left
        } else {
            Align::Right
        })
    }

    fn default_anchor(&self) -> Option<Anchor> {
        let a = self.look.angle?;
        if self.horizontal {
            if (45.0 < a && a < 135.0) || (225.0 < a && a < 315.0) {
                return Some(Anchor::Middle);
            }
            return Some(if (a <= 45.0 || 315.0 <= a) == (self.look.orient == "top") {
                Anchor::Bottom
            } else {
                Anchor::Top
            });
        }
        if a <= 45.0 || 315.0 <= a || (135.0..=225.0).contains(&a) {
            return self.look.spec.computed_angle.map(|_| Anchor::Alphabetic);
        }
        Some(if (45.0..=135.0).contains(&a) == (self.look.orient == "left") {
            Anchor::Top
        } else {
            Anchor::Bottom
        })
    }

    fn domain(&mut self) {
        let spec = &*self.look.spec;
        if spec.domain == Some(false) {
            return;
        }
        let style = line_style(
            &spec.domain_color,
            "#888",
            spec.domain_width,
            &spec.domain_dash,
            spec.domain_opacity,
        );
        let (a, b) = self.scale.range();
        let shape = if self.horizontal {
            Shape::Line {
                x: a,
                y: 0.0,
                dx: b - a,
                dy: 0.0,
            }
        } else {
            Shape::Line {
                x: 0.0,
                y: a,
                dx: 0.0,
                dy: b - a,
            }
        };
        // The line itself does not push the title away.
        self.marks.push(Mark::Items {
            kind: MarkType::Rule,
            role: "axis-domain",
            name: String::new(),
            items: vec![Item::new(shape, style)],
            clip: false,
            description: "",
        });
    }

    fn title(&mut self, title: Vec<String>, length: f64) {
        let spec = &*self.look.spec;
        let (a, b) = self.scale.range();
        let range = b - a;
        let sign = self.sign();
        let along = |bounds: &Rect| {
            if self.horizontal {
                (bounds.y1, bounds.y2)
            } else {
                (bounds.x1, bounds.x2)
            }
        };
        let reach = if self.bounds.is_empty() {
            0.0
        } else if sign < 0.0 {
            -along(&self.bounds).0
        } else {
            along(&self.bounds).1
        };
        let extent = reach
            .min(spec.max_extent.unwrap_or(200.0))
            .max(spec.min_extent.unwrap_or(0.0));
        let far = sign * extent;
        let mut bounds = self.bounds;
        if self.horizontal {
            bounds.union(Rect::new(a.min(b), far.min(0.0), a.max(b), far.max(0.0)));
        } else {
            bounds.union(Rect::new(far.min(0.0), a.min(b), far.max(0.0), a.max(b)));
        }
        self.bounds = bounds;
        let _ = range;
        if title.is_empty() || title.iter().all(String::is_empty) {
            return;
        }
        let mut lettering = Lettering::of(self.config, "guide-title", 11.0, true).set(
            &spec.title_font,
            spec.title_font_size,
            spec.title_font_weight,
            spec.title_font_style,
            &spec.title_color,
            Some(spec.title_limit.unwrap_or(0.0)),
        );
        lettering.set_opacity(spec.title_opacity);
        lettering.line_height = spec.title_line_height.or(lettering.line_height);
        let share = match spec.title_anchor.as_deref() {
            Some("start") => 0.0,
            Some("end") => 1.0,
            _ => 0.5,
        };
        let along = match spec.title_anchor.as_deref() {
            Some("start" | "end") if !self.horizontal => length * (1.0 - share),
            _ => length * share,
        };
        let angle = spec.title_angle.unwrap_or(match self.look.orient {
            "left" => -90.0,
            "right" => 90.0,
            _ => 0.0,
        });
        let align = spec.title_align.as_deref().map_or(
            match spec.title_anchor.as_deref() {
                Some("start") => Align::Left,
                Some("end") => Align::Right,
                _ => Align::Center,
            },
            Align::parse,
        );
        let anchor = spec.title_baseline.as_deref().map_or(
            if self.look.orient == "bottom" {
                Anchor::Top
            } else {
                Anchor::Bottom
            },
            Anchor::parse,
        );
        let extra = if self.look.orient == "bottom" {
            0.0
        } else {
            lettering.line_height_px() * title.len().saturating_sub(1) as f64
        };
        let away = sign * (extent + spec.title_padding.unwrap_or(4.0) + extra);
        let mut at = if self.horizontal { (along, away) } else { (away, along) };
        at.0 = spec.title_x.unwrap_or(at.0);
        at.1 = spec.title_y.unwrap_or(at.1);
        let item = lettering.item(title, at, angle, align, anchor);
        self.push(MarkType::Text, "axis-title", vec![item]);
    }

    /// Where the axis stands in the view, and what room it takes there.
    fn place(&self) -> ((f64, f64), Rect) {
        let spec = &*self.look.spec;
        let offset = spec.offset.unwrap_or(0.0);
        let position = spec.position.unwrap_or(0.0);
        let (x, y) = match self.look.orient {
            "top" => (position, -offset),
            "left" => (-offset, position),
            "right" => (self.size.0 + offset, position),
            _ => (position, self.size.1 + offset),
        };
        let delta = spec.translate.unwrap_or(0.5);
        ((x + delta, y + delta), self.bounds.shifted(x, y))
    }
}

fn lines_of(label: String) -> Vec<String> {
    if label.contains('\n') {
        label.split('\n').map(str::to_owned).collect()
    } else {
        vec![label]
    }
}

/// Hides labels until no two of them touch.
pub fn thin(items: &mut [(Item, bool)], overlap: Overlap, separation: f64) {
    if overlap == Overlap::None {
        return;
    }
    let boxes: Vec<Rect> = items.iter().map(|(item, _)| item.bounds()).collect();
    let filled: Vec<usize> = boxes
        .iter()
        .enumerate()
        .filter(|(_, b)| !b.is_empty() && b.width() > 1.0 && b.height() > 1.0)
        .map(|(i, _)| i)
        .collect();
    let touch = |a: usize, b: usize| match (boxes.get(a), boxes.get(b)) {
        (Some(a), Some(b)) => separation > (b.x1 - a.x2).max(a.x1 - b.x2).max(b.y1 - a.y2).max(a.y1 - b.y2),
        _ => false,
    };
    let crowded = |kept: &[usize]| kept.windows(2).any(|w| touch(w[0], w[1]));
    let mut kept = filled.clone();
    if kept.len() >= 3 && crowded(&kept) {
        while kept.len() >= 3 && crowded(&kept) {
            kept = match overlap {
                Overlap::Greedy => {
                    let mut out: Vec<usize> = Vec::new();
                    for i in kept {
                        if out.last().is_none_or(|last| !touch(*last, i)) {
                            out.push(i);
                        }
                    }
                    if crowded(&out) {
                        out.into_iter().step_by(2).collect()
                    } else {
                        out
                    }
                }
                _ => kept.into_iter().step_by(2).collect(),
            };
        }
        if let (true, Some(last)) = (kept.len() < 3, filled.last())
            && kept.last() != Some(last)
        {
            if kept.len() > 1 {
                kept.pop();
            }
            kept.push(*last);
        }
        for i in &filled {
            if !kept.contains(i)
                && let Some(slot) = items.get_mut(*i)
            {
                slot.1 = false;
            }
        }
    }
}
