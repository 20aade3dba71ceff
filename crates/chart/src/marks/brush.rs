//! The rectangles of an interval selection that starts with a value: a tint behind the marks, and an outline before them.

use super::encoder::Encoder;
use super::rect::rounded;
use crate::scene::{Item, Mark, MarkType, Paint, Rect, Shape, Style};
use crate::spec::{Brush, Channel};
use crate::value::Value;
use std::sync::Arc;

/// What stands behind the marks of the unit, and what stands before them.
pub fn brushes(encoder: &Encoder) -> (Vec<Mark>, Vec<Mark>) {
    let pairs = encoder.unit.brushes.iter().map(|brush| {
        let area = area(encoder, brush);
        let look = &brush.look;
        let tint = Style {
            fill: Some(look.fill.clone().unwrap_or_else(|| Paint::css("#333"))),
            fill_opacity: Some(look.fill_opacity.unwrap_or(0.125)),
            ..Style::default()
        };
        let outline = Style {
            stroke: Some(look.stroke.clone().unwrap_or_else(|| Paint::css("white"))),
            stroke_opacity: look.stroke_opacity,
            stroke_width: look.stroke_width,
            stroke_dash: look.stroke_dash.clone().map(Arc::new),
            ..Style::default()
        };
        let name = format!("{}_brush", brush.name);
        (mark(format!("{name}_bg"), area, tint), mark(name, area, outline))
    });
    pairs.unzip()
}

fn area(encoder: &Encoder, brush: &Brush) -> Rect {
    let ends = |channel: Channel, interval: &Option<(Value, Value)>, length: f64| {
        let scale = encoder.scale(channel);
        let Some(((low, high), scale)) = interval.as_ref().zip(scale) else {
            return (0.0, length);
        };
        let (a, b) = (scale.number(low), scale.number(high));
        // A brush does not reach out of its view.
        (a.min(b).clamp(0.0, length), a.max(b).clamp(0.0, length))
    };
    let (x1, x2) = ends(Channel::X, &brush.x, encoder.width);
    let (y1, y2) = ends(Channel::Y, &brush.y, encoder.height);
    Rect::new(x1, y1, x2, y2)
}

fn mark(name: String, area: Rect, style: Style) -> Mark {
    let d = rounded(area.x1, area.y1, area.width(), area.height(), [0.0; 4]);
    Mark::Items {
        kind: MarkType::Rect,
        role: "mark",
        name,
        items: vec![Item::new(Shape::Path { d, bounds: area }, style)],
        clip: true,
        description: "",
    }
}
