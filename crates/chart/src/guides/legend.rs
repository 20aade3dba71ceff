//! Legends: symbols with labels, and colour ramps.

use super::axis::thin;
use super::labels::{Formatter, effective_count, relabel};
use super::lettering::Lettering;
use crate::budget;
use crate::error::ChartError;
use crate::expression::Known;
use crate::marks::{legend_symbol, symbol_path};
use crate::model::{Model, ScaleId, UnitId, column_name, default_title};
use crate::scales::{Output, Scale, ScaleSet};
use crate::scene::{Align, Anchor, Gradient, GradientStop, Group, Item, Mark, MarkType, Paint, Rect, Shape, Style};
use crate::spec::{Channel, Config, FieldKind, Legend, MarkKind, Overlap, ScaleKind, TickCount};
use crate::value::Value;
use std::sync::Arc;

/// One legend to draw; several channels of the same field share one.
#[derive(Clone, Debug)]
pub struct LegendPlan {
    pub channels: Vec<(Channel, ScaleId, UnitId)>,
    pub spec: Legend,
    pub title: Vec<String>,
    gradient: bool,
    key: String,
}

impl LegendPlan {
    /// Explained by a band per class: the paint of a scale with classes, on its own.
    fn is_banded(&self, model: &Model) -> bool {
        let units = |c: Channel| {
            self.channels
                .iter()
                .filter(move |(own, ..)| *own == c)
                .map(|(_, _, u)| *u)
        };
        let Some((first, id, _)) = self.channels.first() else {
            return false;
        };
        let members: Vec<(UnitId, Channel)> = units(*first).map(|u| (u, *first)).collect();
        let kind = model.scales.get(*id).map(|s| s.kind);
        self.spec.kind.is_none()
            && first.is_color()
            && members.len() == self.channels.len()
            && one_paint(model, *first, &members)
            && kind.is_some_and(|k| k.is_discretizing() || k == ScaleKind::BinOrdinal)
    }
}

/// A legend at the origin, its size, and which side it belongs on.
#[derive(Clone, Debug)]
pub struct DrawnLegend {
    pub group: Group,
    pub width: f64,
    pub height: f64,
    pub orient: Arc<str>,
    pub offset: f64,
    pub at: Option<(f64, f64)>,
}

/// A scale to explain, and the units it is explained for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Explained {
    pub channel: Channel,
    pub scale: ScaleId,
    pub units: Vec<UnitId>,
}

/// The legends of some scales.
pub fn plan_legends(model: &Model, scales: &[Explained], config: &Config) -> Vec<LegendPlan> {
    let mut plans: Vec<LegendPlan> = Vec::new();
    let mut sorted: Vec<&Explained> = scales.iter().filter(|e| e.channel.has_legend()).collect();
    shared::sort::sort(&mut sorted);
    for explained in sorted {
        let (channel, id) = (explained.channel, explained.scale);
        let Some(scale) = model.scales.get(id) else { continue };
        let own = scale.members.iter().filter(|(u, _)| explained.units.contains(u));
        let members: Vec<(UnitId, Channel)> = own.copied().collect();
        let mut spec = Legend::default();
        let mut shown: Option<UnitId> = None;
        let mut explicit: Vec<Vec<String>> = Vec::new();
        let mut implicit: Vec<String> = Vec::new();
        let mut users: Vec<(Channel, ScaleId, UnitId)> = Vec::new();
        for (unit, own) in &members {
            let Some(def) = model.units.get(*unit).and_then(|u| u.encoding.data(*own)) else {
                continue;
            };
            if def.legend == Some(None) || (def.legend.is_none() && config.legend.disable == Some(true)) {
                continue;
            }
            if let Some(Some(legend)) = &def.legend {
                spec = spec.or(legend);
            }
            shown = shown.or(Some(*unit));
            users.push((channel, id, *unit));
            let given = def
                .legend
                .as_ref()
                .and_then(|l| l.as_ref())
                .and_then(|l| l.title.clone())
                .or_else(|| def.title.clone());
            match given {
                Some(title) if !explicit.contains(&title) => explicit.push(title),
                Some(_) => {}
                None if def.is_field() => {
                    let title = default_title(def, config);
                    if !implicit.contains(&title) {
                        implicit.push(title);
                    }
                }
                None => {}
            }
        }
        // One hidden definition hides the legend unless another asks for it.
        let hidden = members.iter().any(|(u, c)| {
            model
                .units
                .get(*u)
                .and_then(|u| u.encoding.data(*c))
                .is_some_and(|d| d.legend == Some(None))
        });
        let asked = members.iter().any(|(u, c)| {
            model
                .units
                .get(*u)
                .and_then(|u| u.encoding.data(*c))
                .is_some_and(|d| matches!(d.legend, Some(Some(_))))
        });
        let Some(unit) = shown.filter(|_| !hidden || asked) else {
            continue;
        };
        let Some(def) = members
            .iter()
            .find(|(u, _)| *u == unit)
            .and_then(|(u, c)| model.units.get(*u)?.encoding.data(*c))
        else {
            continue;
        };
        let named = |list: Vec<Vec<String>>| {
            let list: Vec<Vec<String>> = list.into_iter().filter(|t| !t.is_empty()).collect();
            match list.len() {
                0 => Vec::new(),
                1 => list.into_iter().next().unwrap_or_default(),
                _ => vec![list.iter().map(|t| t.join(" ")).collect::<Vec<_>>().join(", ")],
            }
        };
        let title = if !explicit.is_empty() {
            named(explicit)
        } else if implicit.is_empty() {
            Vec::new()
        } else {
            vec![implicit.join(", ")]
        };
        let short = def
            .time_unit
            .as_ref()
            .is_some_and(|u| matches!(u.name.as_str(), "quarter" | "month" | "day"));
        let kind = spec.kind.clone();
        let gradient = match kind.as_deref() {
            Some("gradient") => true,
            Some(_) => false,
            // A ramp explains one paint; fills and outlines of one scale are explained by symbols.
            None => is_ramp(channel, scale.kind) && !short && one_paint(model, channel, &members),
        };
        let key = match &def.datum {
            Some(datum) => format!("datum {}", datum.label()),
            None => format!(
                "{} {:?} {:?} {:?}",
                column_name(def),
                def.sort,
                scale.spec.domain,
                scale.kind.is_discrete()
            ),
        };
        if let Some(same) = plans.iter_mut().find(|p| p.key == key) {
            same.channels.extend(users);
            same.gradient = false;
            same.spec = same.spec.or(&spec);
            if same.title != title && !title.is_empty() && !same.title.is_empty() {
                let own = def.title.is_some() || spec.title.is_some();
                same.title = if own { title } else { same.title.clone() };
            }
            continue;
        }
        plans.push(LegendPlan {
            channels: users,
            spec,
            title,
            gradient,
            key,
        });
    }
    plans
}

fn is_ramp(channel: Channel, kind: ScaleKind) -> bool {
    channel.is_color() && kind.is_continuous()
}

fn one_paint(model: &Model, channel: Channel, members: &[(UnitId, Channel)]) -> bool {
    let mut fills = members
        .iter()
        .filter_map(|(u, _)| model.units.get(*u))
        .map(|u| u.filled());
    let first = fills.next();
    channel != Channel::Color || fills.all(|f| Some(f) == first)
}

struct Entry {
    value: Value,
    label: String,
}

fn ramp_length(spec: &Legend, horizontal: bool, beside: bool, size: (f64, f64)) -> f64 {
    spec.gradient_length.unwrap_or(match (horizontal, beside) {
        (true, true) => size.0.clamp(100.0, 200.0),
        (true, false) => 100.0,
        (false, _) => size.1.clamp(64.0, 200.0),
    })
}

fn entries(
    plan: &LegendPlan,
    scale: &Scale,
    default_count: f64,
    model: &Model,
    config: &Config,
    known: Known,
) -> Result<Vec<Entry>, ChartError> {
    let spec = plan.spec.or(&config.legend);
    let first = plan.channels.first();
    let def = first.and_then(|(c, _, u)| model.units.get(*u)?.encoding.data(*c));
    let time = def.is_some_and(|d| d.kind == Some(FieldKind::Temporal));
    let count = effective_count(
        scale,
        &spec.tick_count.clone().unwrap_or(TickCount::About(default_count)),
        spec.tick_min_step,
    );
    let number = if let TickCount::About(n) = &count { *n } else { 5.0 };
    let given: Option<Vec<Value>> = spec.values.as_ref().map(|list| {
        list.iter()
            .map(|v| match v {
                Value::Text(t) if time => Value::Number(crate::time::parse::parse(t)),
                other => other.clone(),
            })
            .collect()
    });
    let ranged =
        !plan.gradient && (scale.bins.is_some() && scale.kind != ScaleKind::Quantize || scale.kind.is_discretizing());
    let mut ends: Option<(Vec<f64>, f64)> = None;
    let values: Vec<Value> = if let Some(values) = given.clone() {
        values
    } else if scale.kind.is_discretizing() {
        let list: Vec<f64> = std::iter::once(f64::NEG_INFINITY)
            .chain(scale.domain.iter().copied())
            .collect();
        ends = Some((list.clone(), f64::INFINITY));
        list.into_iter().map(Value::Number).collect()
    } else if let Some(bins) = &scale.bins {
        let list: Vec<f64> = bins.iter().take(bins.len().saturating_sub(1)).copied().collect();
        ends = Some((list.clone(), bins.last().copied().unwrap_or(f64::INFINITY)));
        list.into_iter().map(Value::Number).collect()
    } else if scale.kind.is_discrete() {
        scale.values.clone()
    } else {
        scale.ticks(&count).into_iter().map(Value::Number).collect()
    };
    let normal = first.is_some_and(|(c, _, u)| model.units.get(*u).is_some_and(|u| super::labels::normalised(u, *c)));
    let formatter = if scale.kind.is_discretizing() {
        let list: Vec<f64> = if scale.kind == ScaleKind::Quantize {
            scale.bins.clone().unwrap_or_default()
        } else {
            scale.domain.clone()
        };
        let least = list.windows(2).map(|w| w[1] - w[0]).fold(f64::INFINITY, f64::min);
        let specifier = match &spec.format {
            Some(Value::Text(t)) => Some(t.to_string()),
            _ => config.number_format.as_deref().map(str::to_owned),
        };
        if scale.kind == ScaleKind::Threshold {
            Formatter::new(
                scale,
                def,
                &spec.format,
                &spec.format_type,
                normal,
                number,
                values.len(),
                true,
                config,
            )
        } else {
            let span = if least.is_finite() {
                least
            } else {
                list.first().copied().unwrap_or(1.0)
            };
            Formatter::Number(
                crate::format::number::span_format(0.0, span, 30.0, specifier.as_deref()),
                0.0,
            )
        }
    } else {
        Formatter::new(
            scale,
            def,
            &spec.format,
            &spec.format_type,
            normal,
            number,
            values.len(),
            given.is_some() || !plan.gradient,
            config,
        )
    };
    let mut values = values;
    if !plan.gradient && given.is_none() && !scale.kind.is_discrete() && scale.bins.is_none() {
        let log = scale.kind == ScaleKind::Log;
        if log {
            values.retain(|v| !formatter_is_blank(scale, def, &spec, number, v, config));
        }
        let sized = plan.channels.iter().any(|(c, _, _)| *c == Channel::Size);
        if sized && values.first().is_some_and(|v| scale.number(v) == 0.0) {
            values.remove(0);
        }
    }
    if plan.gradient && values.len() < 3 && given.is_none() {
        let ends = (scale.domain.first(), scale.domain.last());
        if let (Some(a), Some(b)) = ends
            && a != b
        {
            values = vec![Value::Number(*a), Value::Number(*b)];
        }
    }
    let limit = spec.symbol_limit.unwrap_or(30.0).max(1.0) as usize;
    let hidden = if !plan.gradient && values.len() > limit {
        values.len() - (limit - 1)
    } else {
        0
    };
    let shown = values.len() - hidden;
    let n = values.len();
    let mut out = Vec::new();
    for (i, value) in values.into_iter().enumerate() {
        if i > shown || (i == shown && hidden == 0) {
            break;
        }
        if i == shown {
            out.push(Entry {
                value,
                label: format!("…{hidden} entries"),
            });
            break;
        }
        let label = match (&ends, ranged) {
            (Some((list, last)), true) => {
                let upper = list.get(i + 1).copied().unwrap_or(*last);
                let text = |x: f64| {
                    if x.is_finite() {
                        Some(formatter.label(&Value::Number(x)))
                    } else {
                        None
                    }
                };
                match (text(value.number()), text(upper)) {
                    (Some(a), Some(b)) => format!("{a} – {b}"),
                    (None, Some(b)) => format!("< {b}"),
                    (Some(a), None) => format!("≥ {a}"),
                    (None, None) => String::new(),
                }
            }
            _ => formatter.label(&value),
        };
        let label = match &spec.label_expr {
            Some(tree) => relabel(tree, &value, &label, i as f64 / (n.max(2) - 1) as f64, known)?,
            None => label,
        };
        out.push(Entry { value, label });
    }
    Ok(out)
}

fn formatter_is_blank(
    scale: &Scale,
    def: Option<&crate::spec::ChannelDef>,
    spec: &Legend,
    number: f64,
    value: &Value,
    config: &Config,
) -> bool {
    let ticks = scale.ticks(&TickCount::About(number)).len();
    Formatter::new(
        scale,
        def,
        &spec.format,
        &spec.format_type,
        false,
        number,
        ticks,
        false,
        config,
    )
    .label(value)
    .is_empty()
}

fn items_mark(kind: MarkType, role: &'static str, items: Vec<Item>) -> Mark {
    Mark::Items {
        kind,
        role,
        name: String::new(),
        items,
        clip: false,
        description: "",
    }
}

fn wrap(role: &str, group: Group) -> Mark {
    Mark::Groups {
        role: role.into(),
        name: String::new(),
        groups: vec![group],
        orient: None,
        label: None,
        hidden: false,
    }
}

/// Draws a legend at the origin.
pub fn draw_legend(
    plan: &LegendPlan,
    model: &Model,
    scales: &ScaleSet,
    size: (f64, f64),
    config: &Config,
    known: Known,
) -> Result<Option<DrawnLegend>, ChartError> {
    // The values come from the channel that shows them best.
    const ORDER: [Channel; 7] = [
        Channel::Shape,
        Channel::Size,
        Channel::Color,
        Channel::Fill,
        Channel::Stroke,
        Channel::StrokeWidth,
        Channel::StrokeDash,
    ];
    let rank = |c: &Channel| ORDER.iter().position(|o| o == c).unwrap_or(ORDER.len());
    let Some((_, id, _)) = plan.channels.iter().min_by_key(|(c, _, _)| rank(c)) else {
        return Ok(None);
    };
    let Some(scale) = scales.get(*id) else { return Ok(None) };
    if plan.is_banded(model) {
        let owner = plan
            .channels
            .first()
            .and_then(|(c, _, u)| Some((*c, model.units.get(*u)?)));
        let path = owner.map_or_else(String::new, |(c, u)| format!("{}.encoding.{}.legend", u.path, c.name()));
        return Err(ChartError::Unsupported(vec![crate::Problem {
            path,
            reason: "the bands of a scale with classes are not supported; a legend of type `symbol` is".into(),
        }]));
    }
    let spec = plan.spec.or(&config.legend);
    let orient: Arc<str> = spec.orient.clone().unwrap_or_else(|| Arc::from("right"));
    let beside = matches!(&*orient, "top" | "bottom");
    let horizontal = match spec.direction.as_deref() {
        Some("horizontal") => true,
        Some(_) => false,
        None => beside || (plan.gradient && !matches!(&*orient, "left" | "right" | "none")),
    };
    let length = ramp_length(&spec, horizontal, beside, size);
    let default_count = if plan.gradient {
        (2.0 * (length / 100.0).floor()).max(2.0)
    } else {
        5.0
    };
    let entries = entries(plan, scale, default_count, model, config, known)?;
    budget::spend(entries.len() * 2 * budget::MARK)?;
    let lettering = {
        let mut l = Lettering::of(config, "guide-label", 10.0, false).set(
            &spec.label_font,
            spec.label_font_size,
            spec.label_font_weight,
            spec.label_font_style,
            &spec.label_color,
            Some(spec.label_limit.unwrap_or(160.0)),
        );
        l.set_opacity(spec.label_opacity);
        l
    };
    let body = if plan.gradient {
        ramp(
            plan, scale, &spec, &entries, &lettering, horizontal, beside, size, model,
        )
    } else {
        symbols(plan, scales, &spec, &entries, &lettering, horizontal, config, model)?
    };
    let (mut entry, mut bounds) = body;
    let mut marks = Vec::new();
    let title = if plan.spec.title.is_none() && config.legend.title.is_some() {
        config.legend.title.clone().unwrap_or_default()
    } else {
        plan.title.clone()
    };
    let padding = spec.padding.unwrap_or(0.0);
    let mut title_mark = None;
    if !title.iter().all(String::is_empty) {
        let mut letters = Lettering::of(config, "guide-title", 11.0, true).set(
            &spec.title_font,
            spec.title_font_size,
            spec.title_font_weight,
            spec.title_font_style,
            &spec.title_color,
            Some(spec.title_limit.unwrap_or(180.0)),
        );
        letters.set_opacity(spec.title_opacity);
        letters.line_height = spec.title_line_height.or(letters.line_height);
        let left = matches!(spec.title_orient.as_deref(), Some("left"));
        let more_lines = title.len().saturating_sub(1) as f64;
        let item = letters.item(title, (padding, padding), 0.0, Align::Left, Anchor::Top);
        let room = item.bounds();
        let gap = spec.title_padding.unwrap_or(5.0);
        if left {
            entry.place = (padding + room.width().ceil() + gap, padding);
        } else {
            let height = letters.size_px + letters.line_height_px() * more_lines;
            entry.place = (padding, padding + (height + gap).ceil());
        }
        bounds = bounds.shifted(entry.place.0, entry.place.1);
        bounds.union(Rect::new(padding, padding, room.x2, room.y2));
        title_mark = Some(items_mark(MarkType::Text, "legend-title", vec![item]));
    } else {
        entry.place = (padding, padding);
        bounds = bounds.shifted(padding, padding);
    }
    marks.push(wrap("legend-entry", entry));
    marks.extend(title_mark);
    let width = (bounds.x2.max(0.0) + padding).ceil();
    let height = (bounds.y2.max(0.0) + padding).ceil();
    let mut style = Style::default();
    if let Some(fill) = &spec.fill_color {
        style.fill = Some(fill.clone());
    }
    if let Some(stroke) = &spec.stroke_color {
        style.stroke = Some(stroke.clone());
        style.stroke_width = spec.stroke_width;
    }
    let group = Group {
        width,
        height,
        style,
        corner_radius: spec.corner_radius.unwrap_or(0.0),
        marks,
        ..Group::default()
    };
    let at = if &*orient == "none" {
        Some((spec.legend_x.unwrap_or(0.0), spec.legend_y.unwrap_or(0.0)))
    } else {
        None
    };
    Ok(Some(DrawnLegend {
        group,
        width,
        height,
        orient,
        offset: spec.offset.unwrap_or(18.0),
        at,
    }))
}

/// The look that the marks give their legend: that of the first channel and unit with one. What a unit gives for a ramp has
/// no part in symbols.
fn look(plan: &LegendPlan, model: &Model) -> (Style, Arc<str>) {
    let mut first = None;
    for (channel, id, unit) in &plan.channels {
        let (Some(unit), Some(scale)) = (model.units.get(*unit), model.scales.get(*id)) else {
            continue;
        };
        let (mut style, shape) = legend_symbol(unit, *channel);
        if plan.spec.kind.is_none() && is_ramp(*channel, scale.kind) {
            let opacity = style.opacity;
            style = Style::default();
            if plan.gradient {
                style.opacity = opacity;
            } else if opacity.is_some() {
                return (style, shape);
            }
        }
        if style != Style::default() {
            return (style, shape);
        }
        first = first.or(Some((style, shape)));
    }
    first.unwrap_or_else(|| (Style::default(), Arc::from("circle")))
}

#[expect(clippy::too_many_arguments, reason = "the pieces of one legend")]
fn symbols(
    plan: &LegendPlan,
    scales: &ScaleSet,
    spec: &Legend,
    entries: &[Entry],
    lettering: &Lettering,
    horizontal: bool,
    config: &Config,
    model: &Model,
) -> Result<(Group, Rect), ChartError> {
    let Some((_, _, unit)) = plan.channels.first() else {
        return Ok((Group::default(), Rect::EMPTY));
    };
    let Some(unit) = model.units.get(*unit) else {
        return Ok((Group::default(), Rect::EMPTY));
    };
    let filled = unit.filled();
    let look = look(plan, model);
    let mut looks: Vec<(Style, Arc<str>, f64)> = Vec::with_capacity(entries.len());
    for entry in entries {
        let (mut style, mut shape) = look.clone();
        let mut area = spec.symbol_size.unwrap_or(100.0);
        let mut scaled_fill = false;
        for (channel, id, owner) in &plan.channels {
            let Some(scale) = scales.get(*id) else { continue };
            let fills = *channel == Channel::Fill
                || (*channel == Channel::Color && model.units.get(*owner).is_some_and(|u| u.filled()));
            match channel {
                Channel::Color | Channel::Fill | Channel::Stroke => {
                    let paint = scale.paint(&sample(scale, &entry.value));
                    if fills {
                        style.fill = paint;
                        scaled_fill = true;
                    } else {
                        style.stroke = paint;
                    }
                }
                // A trail is as wide as its size says.
                Channel::Size if model.units.get(*owner).is_some_and(|u| u.mark == MarkKind::Trail) => {
                    style.stroke_width = Some(scale.number(&entry.value));
                }
                Channel::Size => area = scale.number(&entry.value),
                Channel::Shape => shape = scale.value(&entry.value).map_or(shape, |v| v.label()),
                Channel::Opacity => style.opacity = scale.value(&entry.value).map(|v| v.number()),
                Channel::FillOpacity => style.fill_opacity = scale.value(&entry.value).map(|v| v.number()),
                Channel::StrokeOpacity => style.stroke_opacity = scale.value(&entry.value).map(|v| v.number()),
                Channel::StrokeWidth => style.stroke_width = scale.value(&entry.value).map(|v| v.number()),
                Channel::StrokeDash => {
                    if let Some(Value::List(items)) = scale.value(&entry.value) {
                        style.stroke_dash = Some(Arc::new(items.iter().map(Value::number).collect()));
                    }
                }
                _ => {}
            }
        }
        let given_fill = look.0.fill.is_some();
        if let Some(paint) = spec.symbol_fill_color.as_ref().filter(|_| !scaled_fill && !given_fill) {
            style.fill = Some(paint.clone());
        }
        if let Some(paint) = &spec.symbol_stroke_color {
            style.stroke = Some(paint.clone());
        }
        if !scaled_fill && style.stroke.is_none() && !(filled && style.fill.is_some()) {
            style.stroke = Some(Paint::css("#888"));
        }
        // Lines with points are explained by their points.
        if plan.channels.iter().all(|(c, _, _)| *c != Channel::Shape) {
            let shapes = plan
                .channels
                .iter()
                .filter_map(|(c, _, u)| model.units.get(*u).map(|u| legend_symbol(u, *c).1));
            shape = shapes
                .reduce(|a, b| if &*a == "circle" { a } else { b })
                .unwrap_or(shape);
        }
        if let Some(kind) = &spec.symbol_type {
            shape = kind.clone();
        }
        style.stroke_width = style.stroke_width.or(spec.symbol_stroke_width).or(Some(1.5));
        style.stroke_dash = style.stroke_dash.or_else(|| spec.symbol_dash.clone().map(Arc::new));
        style.opacity = spec.symbol_opacity.or(style.opacity);
        looks.push((style, shape, if area.is_finite() { area.max(0.0) } else { 0.0 }));
    }
    let extent = |look: &(Style, Arc<str>, f64)| (look.2.sqrt() + look.0.stroke_width.unwrap_or(1.5)).ceil();
    let widest = looks.iter().map(extent).fold(0.0, f64::max);
    let columns = spec
        .columns
        .map_or(if horizontal { entries.len().max(1) } else { 1 }, |c| {
            if c < 1.0 { entries.len().max(1) } else { c as usize }
        });
    let mut cells: Vec<(Item, Item, f64, f64)> = Vec::with_capacity(looks.len());
    for (index, (entry, look)) in entries.iter().zip(looks).enumerate() {
        let height = extent(&look).max(lettering.size_px);
        let y = height / 2.0;
        let x = widest / 2.0 + spec.symbol_offset.unwrap_or(0.0);
        let Some((d, b)) = symbol_path(&look.1, look.2, 0.0) else {
            return Err(ChartError::Unsupported(vec![crate::Problem {
                path: "$.encoding.shape".into(),
                reason: format!("the shape `{}` is not supported", look.1),
            }]));
        };
        let mut symbol = Item::new(
            Shape::Placed {
                x,
                y,
                d,
                bounds: b.shifted(x, y),
            },
            look.0,
        );
        let at = (widest + spec.label_offset.unwrap_or(4.0), y);
        let align = spec.label_align.as_deref().map_or(Align::Left, Align::parse);
        let lines: Vec<String> = entry.label.split('\n').map(str::to_owned).collect();
        let mut label = lettering.item(lines, at, 0.0, align, Anchor::Middle);
        if config.numbered_entries {
            (symbol.entry, label.entry) = (Some(index), Some(index));
        }
        let width = label.bounds().x2.max(widest);
        cells.push((symbol, label, width, height));
    }
    // Entries of a vertical legend run down its columns.
    if !horizontal && columns > 1 {
        let rows = cells.len().div_ceil(columns).max(1);
        let mut numbered: Vec<(usize, _)> = cells.into_iter().enumerate().collect();
        shared::sort::sort_by_key(&mut numbered, |(i, _)| (i % rows, *i));
        cells = numbered.into_iter().map(|(_, cell)| cell).collect();
    }
    let mut widths = vec![0.0f64; columns.min(cells.len().max(1))];
    for (i, cell) in cells.iter().enumerate() {
        if let Some(w) = widths.get_mut(i % columns) {
            *w = w.max(cell.2.ceil());
        }
    }
    let (mut groups, mut bounds, mut y, mut row_height) = (Vec::new(), Rect::new(0.0, 0.0, 0.0, 0.0), 0.0, 0.0f64);
    for (i, (symbol, label, width, height)) in cells.into_iter().enumerate() {
        let column = i % columns;
        if column == 0 && i > 0 {
            y += row_height + spec.row_padding.unwrap_or(2.0);
            row_height = 0.0;
        }
        row_height = row_height.max(height);
        let gap = spec.column_padding.unwrap_or(10.0);
        let x: f64 = widths.iter().take(column).map(|w| w + gap).sum();
        bounds.union(Rect::new(x, y, x + width, y + height));
        let marks = vec![
            items_mark(MarkType::Symbol, "legend-symbol", vec![symbol]),
            items_mark(MarkType::Text, "legend-label", vec![label]),
        ];
        groups.push(Group {
            place: (x, y),
            width,
            height,
            marks,
            ..Group::default()
        });
    }
    let scope = Mark::Groups {
        role: "scope".into(),
        name: String::new(),
        groups,
        orient: None,
        label: None,
        hidden: false,
    };
    Ok((
        Group {
            marks: vec![scope],
            ..Group::default()
        },
        bounds,
    ))
}

/// A value inside the class an entry stands for.
fn sample(scale: &Scale, value: &Value) -> Value {
    match value {
        Value::Number(n) if scale.kind.is_discretizing() && n.is_infinite() => {
            Value::Number(scale.domain.first().copied().unwrap_or(0.0) - 1.0)
        }
        other => other.clone(),
    }
}

#[expect(clippy::too_many_arguments, reason = "the pieces of one legend")]
fn ramp(
    plan: &LegendPlan,
    scale: &Scale,
    spec: &Legend,
    entries: &[Entry],
    lettering: &Lettering,
    horizontal: bool,
    beside: bool,
    size: (f64, f64),
    model: &Model,
) -> (Group, Rect) {
    let thickness = spec.gradient_thickness.unwrap_or(16.0);
    let length = ramp_length(spec, horizontal, beside, size);
    let (w, h) = if horizontal {
        (length, thickness)
    } else {
        (thickness, length)
    };
    let (a, b) = (
        scale.domain.first().copied().unwrap_or(0.0),
        scale.domain.last().copied().unwrap_or(1.0),
    );
    let share = |v: f64| {
        let (u, v, w) = (scale.curve.forward(a), scale.curve.forward(v), scale.curve.forward(b));
        if w == u { 0.5 } else { (v - u) / (w - u) }
    };
    let mut style = Style {
        stroke: spec.gradient_stroke_color.clone(),
        stroke_width: spec.gradient_stroke_width,
        ..Style::default()
    };
    let mut marks = Vec::new();
    style.opacity = spec.gradient_opacity.or_else(|| look(plan, model).0.opacity);
    // As Vega, which asks the scale at its ticks and ends.
    let mut stops: Vec<GradientStop> = Vec::new();
    if let (Output::Ramp(colours, space), true) = (&scale.output, a == b) {
        stops.extend((0..=15).map(|i| f64::from(i) / 15.0).map(|t| GradientStop {
            offset: t,
            color: Arc::from(crate::scales::ramp(colours, *space, t).css()),
        }));
    } else {
        let mut values = scale.ticks(&TickCount::About(15.0));
        values.retain(|v| *v != a && *v != b);
        values.insert(0, a);
        values.push(b);
        stops.extend(values.into_iter().map(|v| GradientStop {
            offset: share(v),
            color: match scale.value(&Value::Number(v)) {
                Some(Value::Text(t)) => t,
                _ => Arc::from("#000"),
            },
        }));
    }
    let gradient = Gradient {
        from: if horizontal { (0.0, 0.0) } else { (0.0, 1.0) },
        to: if horizontal { (1.0, 0.0) } else { (0.0, 0.0) },
        stops,
    };
    style.fill = Some(Paint::Gradient(Arc::new(gradient)));
    let d = crate::marks::rounded(0.0, 0.0, w, h, [0.0; 4]);
    marks.push(items_mark(
        MarkType::Rect,
        "legend-gradient",
        vec![Item::new(
            Shape::Path {
                d,
                bounds: Rect::new(0.0, 0.0, w, h),
            },
            style,
        )],
    ));
    let gap = spec.label_offset.unwrap_or(2.0);
    let mut labels: Vec<(Item, bool)> = entries
        .iter()
        .map(|entry| {
            let t = share(entry.value.number());
            let lines = vec![entry.label.clone()];
            let item = if horizontal {
                let align = if t <= 0.0 {
                    Align::Left
                } else if t >= 1.0 {
                    Align::Right
                } else {
                    Align::Center
                };
                lettering.item(lines, (t * length, thickness + gap), 0.0, align, Anchor::Top)
            } else {
                let anchor = if t <= 0.0 {
                    Anchor::Bottom
                } else if t >= 1.0 {
                    Anchor::Top
                } else {
                    Anchor::Middle
                };
                let at = (thickness + gap, (1.0 - t) * length);
                lettering.item(lines, at, 0.0, Align::Left, anchor)
            };
            (item, true)
        })
        .collect();
    let greedy = matches!(scale.kind, ScaleKind::Log | ScaleKind::Symlog);
    thin(
        &mut labels,
        spec.label_overlap
            .unwrap_or(if greedy { Overlap::Greedy } else { Overlap::Parity }),
        spec.label_separation.unwrap_or(0.0),
    );
    let labels: Vec<Item> = labels.into_iter().filter(|l| l.1).map(|l| l.0).collect();
    let mut bounds = Rect::new(0.0, 0.0, w, h);
    labels
        .iter()
        .map(Item::bounds)
        .filter(|b| !b.is_empty())
        .for_each(|b| bounds.union(b));
    marks.push(items_mark(MarkType::Text, "legend-label", labels));
    (
        Group {
            marks,
            ..Group::default()
        },
        bounds,
    )
}
