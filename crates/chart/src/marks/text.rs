//! Text.

use super::encoder::Encoder;
use super::position::Default_;
use super::style::Painter;
use crate::budget;
use crate::data::Row;
use crate::error::ChartError;
use crate::math;
use crate::scene::{Align, Anchor, HitPoint, Item, Mark, MarkType, Shape, TextItem};
use crate::spec::Channel;
use crate::text::{Font, cut_lines};
use crate::transform::Test;
use crate::value::Value;
use std::sync::Arc;

pub fn draw(encoder: &Encoder, hits: &mut Vec<HitPoint>) -> Result<Vec<Mark>, ChartError> {
    let unit = encoder.unit;
    let s = &unit.style;
    let x = encoder.point(Channel::X, Some(Default_::Mid));
    let y = encoder.point(Channel::Y, Some(Default_::Mid));
    let theta = encoder.point(Channel::Theta, None);
    let radius = encoder.point(Channel::Radius, None);
    let painter = Painter::new(encoder);
    let size = encoder.channel(Channel::Size);
    let angle = encoder.channel(Channel::Angle);
    let font_size = s.get(|m| m.font_size).unwrap_or(11.0);
    let font: Arc<str> = s
        .get(|m| m.font.clone())
        .or_else(|| encoder.config.font.clone())
        .unwrap_or_else(|| Arc::from("sans-serif"));
    let bold = s.get(|m| m.font_weight).unwrap_or(false);
    let limit = s.get(|m| m.limit).unwrap_or(0.0);
    let mut items = Vec::new();
    for row in &encoder.table.rows {
        let at = |p: &Option<super::position::Position>| p.as_ref().map(|p| p.get(row));
        let (mut px, mut py) = (at(&x).unwrap_or(0.0), at(&y).unwrap_or(0.0));
        if let Some(r) = at(&radius) {
            let t = at(&theta).unwrap_or(0.0) - math::PI / 2.0;
            (px, py) = (px + r * math::cos(t), py + r * math::sin(t));
        }
        if !px.is_finite() || !py.is_finite() {
            continue;
        }
        let mut lines = text_of(encoder, row)?;
        let letters: usize = lines.iter().map(|line| budget::LETTERS + line.len()).sum();
        budget::spend(letters / budget::LETTERS * 4)?;
        let number = |name: &str, default: f64| -> Result<f64, ChartError> {
            Ok(encoder.computed(name, row)?.map_or(default, |v| v.number()))
        };
        let size_px = match &size {
            Some(channel) => channel.get(encoder, row)?.map_or(font_size, |v| v.number()),
            None => number("fontSize", s.own.size.unwrap_or(font_size))?,
        };
        let turned = match &angle {
            Some(channel) => channel.get(encoder, row)?.map_or(0.0, |v| v.number()),
            None => number("angle", s.get(|m| m.angle).unwrap_or(0.0))?,
        };
        let word = |name: &str, own: Option<Arc<str>>, default: &str| -> Result<Arc<str>, ChartError> {
            Ok(encoder
                .computed(name, row)?
                .map(|v| v.label())
                .or(own)
                .unwrap_or_else(|| Arc::from(default)))
        };
        let align = word("align", s.get(|m| m.align.clone()), "center")?;
        let baseline = word("baseline", s.get(|m| m.baseline.clone()), "middle")?;
        let measure = Font {
            table: encoder.config.widths,
            size_px,
            bold,
            mono: is_mono(&font),
        };
        let text = TextItem {
            width_px: cut_lines(&mut lines, measure, limit),
            lines,
            dx: number("dx", s.get(|m| m.dx).unwrap_or(0.0))? + number("xOffset", 0.0)?,
            dy: number("dy", s.get(|m| m.dy).unwrap_or(0.0))? + number("yOffset", 0.0)?,
            angle: turned,
            align: Align::parse(&align),
            anchor: Anchor::parse(&baseline),
            font: font.clone(),
            size_px,
            line_height_px: s.get(|m| m.line_height).unwrap_or(size_px + 2.0),
            bold,
            italic: s.get(|m| m.font_style).unwrap_or(false),
        };
        let mut item = Item::new(
            Shape::Text {
                x: px,
                y: py,
                text: Box::new(text),
            },
            painter.get(encoder, row)?,
        );
        item.row = Some(row.source);
        hits.push(HitPoint {
            row: row.source,
            x_px: px,
            y_px: py,
            mark: encoder.mark_index,
        });
        items.push(item);
    }
    let clip = s.get(|m| m.clip).unwrap_or(false);
    Ok(vec![Mark::Items {
        kind: MarkType::Text,
        role: "mark",
        name: unit.name.clone(),
        items,
        clip,
        description: "text mark",
    }])
}

pub fn is_mono(font: &str) -> bool {
    let names = |word: &str| {
        let mut parts = font.as_bytes().windows(word.len());
        parts.any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    names("mono") || names("courier")
}

fn text_of(encoder: &Encoder, row: &Row) -> Result<Vec<String>, ChartError> {
    if let Some(value) = encoder.computed("text", row)? {
        return Ok(lines(&value));
    }
    let Some(def) = encoder.def(Channel::Text) else {
        return Ok(encoder
            .unit
            .style
            .get(|m| m.text.clone())
            .map(|v| lines(&v))
            .unwrap_or_default());
    };
    let mut chosen = def;
    for condition in def.condition.iter().flatten() {
        if Test::new(&condition.test, encoder.table).passes(encoder.table, row, encoder.known)? {
            chosen = &condition.then;
            break;
        }
    }
    if let Some(value) = &chosen.value {
        return Ok(lines(value));
    }
    if let Some(tree) = &chosen.computed {
        let value = crate::expression::evaluate(tree, &encoder.scope(row))
            .map_err(|r| super::encoder::refuse(&encoder.unit.path, &r))?;
        return Ok(lines(&value));
    }
    if !chosen.is_data() {
        return Ok(Vec::new());
    }
    let by_channel = encoder.unit.stack.as_ref().filter(|s| {
        encoder
            .def(s.channel)
            .is_some_and(|d| d.field == chosen.field && d.aggregate == chosen.aggregate && chosen.field.is_some())
            && s.offset == crate::spec::StackOffset::Normalize
    });
    let _ = by_channel;
    Ok(vec![encoder.field_text(Channel::Text, chosen, row)])
}

fn lines(value: &Value) -> Vec<String> {
    match value {
        Value::List(items) => items.iter().map(|i| i.label().to_string()).collect(),
        Value::Missing | Value::Null => Vec::new(),
        other => vec![other.label().to_string()],
    }
}
