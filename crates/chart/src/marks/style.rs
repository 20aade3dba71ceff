//! Paint, opacity and outline of items.

use super::encoder::{Channelled, Encoder};
use crate::data::Row;
use crate::error::ChartError;
use crate::model::Unit;
use crate::scene::{Paint, Style};
use crate::spec::{Channel, MarkKind};
use crate::value::Value;
use std::cell::RefCell;
use std::sync::Arc;

/// Fill and outline without any channel.
pub fn default_paints(unit: &Unit) -> (Option<Paint>, Option<Paint>) {
    let filled = unit.filled();
    let fill = unit
        .style
        .get(|m| m.fill.clone().or(if filled { m.color.clone() } else { None }));
    let stroke = unit
        .style
        .get(|m| m.stroke.clone().or(if filled { None } else { m.color.clone() }));
    (fill, stroke)
}

/// A paint in the mark's own definition is stronger than its colour channel.
fn has_own_paint(unit: &Unit) -> bool {
    let own = &unit.style.own;
    if unit.filled() {
        own.fill.is_some()
    } else {
        own.stroke.is_some()
    }
}

/// The channels that paint, ready to be read.
pub struct Painter<'a> {
    base: Style,
    /// What was found last: neighbours mostly look the same.
    last: RefCell<Option<Arc<Style>>>,
    filled: bool,
    color: Option<Channelled<'a>>,
    fill: Option<Channelled<'a>>,
    stroke: Option<Channelled<'a>>,
    opacity: Option<Channelled<'a>>,
    fill_opacity: Option<Channelled<'a>>,
    stroke_opacity: Option<Channelled<'a>>,
    stroke_width: Option<Channelled<'a>>,
    stroke_dash: Option<Channelled<'a>>,
    has_computed: bool,
    /// Of lines and rules, whose size is their width.
    size: Option<Channelled<'a>>,
    own_size: Option<f64>,
}

impl<'a> Painter<'a> {
    pub fn new(encoder: &Encoder<'a>) -> Painter<'a> {
        let unit = encoder.unit;
        let (fill, stroke) = default_paints(unit);
        let get = |channel| encoder.channel(channel);
        let s = &unit.style;
        Painter {
            base: Style {
                fill,
                stroke,
                opacity: s.get(|m| m.opacity),
                fill_opacity: s.get(|m| m.fill_opacity),
                stroke_opacity: s.get(|m| m.stroke_opacity),
                stroke_width: s.get(|m| m.stroke_width),
                stroke_dash: s.get(|m| m.stroke_dash.clone()).filter(|d| !d.is_empty()).map(Arc::new),
                stroke_dash_offset: s.get(|m| m.stroke_dash_offset),
                stroke_cap: s.get(|m| m.stroke_cap.clone()),
                stroke_join: s.get(|m| m.stroke_join.clone()),
            },
            last: RefCell::default(),
            filled: unit.filled(),
            color: get(Channel::Color).filter(|_| !has_own_paint(unit)),
            fill: get(Channel::Fill),
            stroke: get(Channel::Stroke),
            opacity: get(Channel::Opacity),
            fill_opacity: get(Channel::FillOpacity),
            stroke_opacity: get(Channel::StrokeOpacity),
            stroke_width: get(Channel::StrokeWidth),
            stroke_dash: get(Channel::StrokeDash),
            has_computed: s.own.computed.is_some(),
            size: None,
            own_size: None,
        }
    }

    /// Of lines and rules.
    pub fn sized(encoder: &Encoder<'a>) -> Painter<'a> {
        Painter {
            size: encoder.channel(Channel::Size),
            own_size: encoder.unit.style.own.size,
            ..Painter::new(encoder)
        }
    }

    /// Whether every row looks the same.
    fn is_constant(&self) -> bool {
        let channels = [
            &self.color,
            &self.fill,
            &self.stroke,
            &self.opacity,
            &self.fill_opacity,
            &self.stroke_opacity,
            &self.stroke_width,
            &self.stroke_dash,
            &self.size,
        ];
        !self.has_computed && channels.iter().all(|channel| channel.is_none())
    }

    pub fn get(&self, encoder: &Encoder, row: &Row) -> Result<Arc<Style>, ChartError> {
        let mut last = self.last.borrow_mut();
        if let Some(known) = last.as_ref().filter(|_| self.is_constant()) {
            return Ok(known.clone());
        }
        let style = self.found(encoder, row)?;
        Ok(match &*last {
            Some(known) if **known == style => known.clone(),
            _ => last.insert(Arc::new(style)).clone(),
        })
    }

    fn found(&self, encoder: &Encoder, row: &Row) -> Result<Style, ChartError> {
        let mut style = self.base.clone();
        let paint = |channel: &Option<Channelled>, slot: &mut Option<Paint>| -> Result<(), ChartError> {
            if let Some(channel) = channel
                && let Some(value) = channel.get(encoder, row)?
            {
                *slot = to_paint(&value);
            }
            Ok(())
        };
        paint(
            &self.color,
            if self.filled {
                &mut style.fill
            } else {
                &mut style.stroke
            },
        )?;
        paint(&self.fill, &mut style.fill)?;
        paint(&self.stroke, &mut style.stroke)?;
        let number = |channel: &Option<Channelled>, slot: &mut Option<f64>| -> Result<(), ChartError> {
            if let Some(channel) = channel
                && let Some(value) = channel.get(encoder, row)?
                && value.is_valid()
            {
                *slot = Some(value.number());
            }
            Ok(())
        };
        number(&self.opacity, &mut style.opacity)?;
        number(&self.fill_opacity, &mut style.fill_opacity)?;
        number(&self.stroke_opacity, &mut style.stroke_opacity)?;
        number(&self.stroke_width, &mut style.stroke_width)?;
        if let Some(channel) = &self.stroke_dash
            && let Some(value) = channel.get(encoder, row)?
        {
            style.stroke_dash = to_dash(&value);
        }
        if self.has_computed {
            for (name, slot) in [("color", 0), ("fill", 1), ("stroke", 2)] {
                if let Some(value) = encoder.computed(name, row)? {
                    let fill = slot == 1 || (slot == 0 && self.filled);
                    *(if fill { &mut style.fill } else { &mut style.stroke }) = to_paint(&value);
                }
            }
            for name in ["opacity", "fillOpacity", "strokeOpacity", "strokeWidth"] {
                if let Some(value) = encoder.computed(name, row)? {
                    let slot = match name {
                        "opacity" => &mut style.opacity,
                        "fillOpacity" => &mut style.fill_opacity,
                        "strokeOpacity" => &mut style.stroke_opacity,
                        _ => &mut style.stroke_width,
                    };
                    *slot = Some(value.number());
                }
            }
        }
        if let Some(size) = &self.size {
            style.stroke_width = size.get(encoder, row)?.map(|v| v.number()).or(style.stroke_width);
        } else if self.own_size.is_some() {
            style.stroke_width = self.own_size;
        }
        Ok(style)
    }
}

pub fn to_paint(value: &Value) -> Option<Paint> {
    match value {
        Value::Text(t) if !matches!(&**t, "transparent" | "none") => Some(Paint::Css(t.clone())),
        _ => None,
    }
}

pub fn to_dash(value: &Value) -> Option<Arc<Vec<f64>>> {
    match value {
        Value::List(items) => Some(Arc::new(items.iter().map(Value::number).collect())),
        _ => None,
    }
}

/// The look of a legend's symbols before the channels of the legend: fill, outline and shape of the mark.
pub fn legend_symbol(unit: &Unit, channel: Channel) -> (Style, Arc<str>) {
    let filled = unit.filled() && unit.mark != MarkKind::Trail;
    let (mut fill, mut stroke) = default_paints(unit);
    if unit.mark == MarkKind::Trail {
        // A stretch of line stands for it, which has nothing to fill.
        fill = None;
    }
    let encodes = |c: Channel| unit.encoding.get(c).is_some_and(crate::spec::ChannelDef::is_data);
    let value_of = |c: Channel| {
        let def = unit.encoding.get(c)?;
        let inner = def.condition.iter().flatten().find_map(|k| k.then.value.clone());
        def.value.clone().or(inner)
    };
    let fill_encoded = encodes(Channel::Fill) || (filled && encodes(Channel::Color));
    let stroke_encoded = encodes(Channel::Stroke) || (!filled && encodes(Channel::Color));
    for (c, is_fill) in [
        (Channel::Color, filled),
        (Channel::Fill, true),
        (Channel::Stroke, false),
    ] {
        let own = channel == c || (channel == Channel::Color && is_fill == filled);
        if own && unit.encoding.data(c).is_some() {
            *(if is_fill { &mut fill } else { &mut stroke }) = None;
        } else if let Some(value) = value_of(c) {
            *(if is_fill { &mut fill } else { &mut stroke }) = to_paint(&value);
        }
    }
    let own_fill = channel == Channel::Fill || (filled && channel == Channel::Color);
    // Black stands for any colour.
    let black = fill_encoded && !own_fill;
    if fill_encoded {
        fill = black.then(|| Paint::css("black"));
    }
    if stroke_encoded {
        stroke = None;
    }
    let symbolic = matches!(
        unit.mark,
        MarkKind::Bar | MarkKind::Point | MarkKind::Circle | MarkKind::Square
    );
    if fill.is_none() && symbolic && !fill_encoded {
        fill = Some(Paint::None);
    }
    let s = &unit.style;
    let opacity_values = unit.encoding.get(Channel::Opacity).and_then(|def| {
        let all = def
            .condition
            .iter()
            .flatten()
            .filter_map(|k| k.then.value.as_ref())
            .chain(def.value.as_ref());
        all.map(Value::number)
            .fold(None, |a: Option<f64>, b| Some(a.map_or(b, |a| a.max(b))))
    });
    let opacity = opacity_values.or(s.own.opacity);
    let style = Style {
        fill,
        stroke,
        opacity: if channel == Channel::Opacity {
            None
        } else {
            opacity.filter(|o| *o != 0.0)
        },
        fill_opacity: if black {
            Some(opacity.unwrap_or(1.0))
        } else {
            s.configured(|m| m.fill_opacity)
        },
        stroke_opacity: s.configured(|m| m.stroke_opacity),
        stroke_width: s.configured(|m| m.stroke_width),
        stroke_dash: s
            .configured(|m| m.stroke_dash.clone())
            .filter(|d| !d.is_empty())
            .map(Arc::new),
        stroke_dash_offset: None,
        stroke_cap: None,
        stroke_join: None,
    };
    let own_shape = value_of(Channel::Shape)
        .map(|v| v.label())
        .or_else(|| s.own.shape.clone());
    let by_mark = match unit.mark {
        MarkKind::Bar | MarkKind::Rect | MarkKind::Image | MarkKind::Square => "square",
        MarkKind::Line | MarkKind::Trail | MarkKind::Rule => "stroke",
        _ => "circle",
    };
    (
        style,
        if channel == Channel::Shape {
            Arc::from(by_mark)
        } else {
            own_shape.unwrap_or_else(|| Arc::from(by_mark))
        },
    )
}
