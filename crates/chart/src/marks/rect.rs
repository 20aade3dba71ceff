//! Bars, rectangles and ticks.

use super::encoder::Encoder;
use super::position::Default_;
use super::span::Span;
use super::style::Painter;
use crate::data::Row;
use crate::error::ChartError;
use crate::model::column_name;
use crate::scene::{Group, HitPoint, Item, Mark, MarkType, Path, Rect, Shape, Style};
use crate::spec::{Channel, MarkKind, Orient};
use std::sync::Arc;

struct Corners {
    top_left: f64,
    top_right: f64,
    bottom_right: f64,
    bottom_left: f64,
}

impl Corners {
    fn of(encoder: &Encoder) -> Corners {
        let s = &encoder.unit.style;
        let all = s.get(|m| m.corner_radius).unwrap_or(0.0);
        Corners {
            top_left: s.get(|m| m.corner_radius_top_left).unwrap_or(all),
            top_right: s.get(|m| m.corner_radius_top_right).unwrap_or(all),
            bottom_right: s.get(|m| m.corner_radius_bottom_right).unwrap_or(all),
            bottom_left: s.get(|m| m.corner_radius_bottom_left).unwrap_or(all),
        }
    }

    fn any(&self) -> bool {
        [self.top_left, self.top_right, self.bottom_right, self.bottom_left]
            .iter()
            .any(|r| *r > 0.0)
    }

    /// Turned so that the rounded end is where the value is, for bars below zero.
    fn flipped(&self, orient: Option<Orient>) -> Corners {
        match orient {
            Some(Orient::Horizontal) => Corners {
                top_left: self.top_right,
                top_right: self.top_left,
                bottom_right: self.bottom_left,
                bottom_left: self.bottom_right,
            },
            _ => Corners {
                top_left: self.bottom_left,
                top_right: self.bottom_right,
                bottom_right: self.top_right,
                bottom_left: self.top_left,
            },
        }
    }
}

/// A rectangle, with rounded corners when there are radii.
pub fn rounded(x: f64, y: f64, w: f64, h: f64, radii: [f64; 4]) -> String {
    let mut path = Path::with_room(if radii.iter().any(|r| *r > 0.0) { 20 } else { 4 });
    if radii.iter().all(|r| *r <= 0.0) {
        path.move_to(x, y).horizontal(w).vertical(h).horizontal(-w).close();
        return path.d;
    }
    const K: f64 = 1.0 - 0.552_284_749_830_793_4;
    let most = (w / 2.0).min(h / 2.0);
    let [tl, tr, br, bl] = radii.map(|r| r.clamp(0.0, most));
    let (r, b) = (x + w, y + h);
    path.move_to(x + tl, y).line_to(r - tr, y);
    path.curve_to((r - K * tr, y), (r, y + K * tr), (r, y + tr))
        .line_to(r, b - br);
    path.curve_to((r, b - K * br), (r - K * br, b), (r - br, b))
        .line_to(x + bl, b);
    path.curve_to((x + K * bl, b), (x, b - K * bl), (x, b - bl))
        .line_to(x, y + tl);
    path.curve_to((x, y + K * tl), (x + K * tl, y), (x + tl, y)).close();
    path.d
}

struct Bar<'r> {
    row: &'r Row,
    label: String,
    bounds: Rect,
    style: Arc<Style>,
    flipped: bool,
}

pub fn draw(encoder: &Encoder, hits: &mut Vec<HitPoint>) -> Result<Vec<Mark>, ChartError> {
    let bars = measure(encoder)?;
    let corners = Corners::of(encoder);
    let description = match encoder.unit.mark {
        MarkKind::Bar => "bar",
        MarkKind::Tick => "tick",
        _ => "rect mark",
    };
    hits.reserve(bars.len());
    for bar in &bars {
        let (x, y) = (
            (bar.bounds.x1 + bar.bounds.x2) / 2.0,
            (bar.bounds.y1 + bar.bounds.y2) / 2.0,
        );
        let y = if encoder.unit.mark == MarkKind::Bar && encoder.unit.orient == Some(Orient::Vertical) {
            bar.bounds.y1
        } else {
            y
        };
        hits.push(HitPoint {
            row: bar.row.source,
            x_px: x,
            y_px: y,
            mark: encoder.mark_index,
        });
    }
    if encoder.unit.mark == MarkKind::Bar
        && (corners.any() || encoder.unit.style.get(|m| m.computed_corners) == Some(true))
        && encoder.unit.stack.is_some()
        && encoder.def(Channel::Size).is_none()
    {
        return Ok(vec![rounded_stacks(encoder, bars, &corners, description)]);
    }
    let items = bars.into_iter().map(|bar| {
        let c = if bar.flipped {
            corners.flipped(encoder.unit.orient)
        } else {
            Corners { ..corners }
        };
        item(
            bar,
            [c.top_left, c.top_right, c.bottom_right, c.bottom_left],
            (0.0, 0.0),
        )
    });
    Ok(vec![mark(encoder, items.collect(), description)])
}

fn mark(encoder: &Encoder, items: Vec<Item>, description: &'static str) -> Mark {
    let clip = encoder.unit.style.get(|m| m.clip).unwrap_or(false);
    Mark::Items {
        kind: MarkType::Rect,
        role: "mark",
        name: encoder.unit.name.clone(),
        items,
        clip,
        description,
    }
}

fn item(bar: Bar, radii: [f64; 4], origin: (f64, f64)) -> Item {
    let b = bar.bounds.shifted(-origin.0, -origin.1);
    let d = rounded(b.x1, b.y1, b.width(), b.height(), radii);
    let mut item = Item::new(Shape::Path { d, bounds: b }, bar.style);
    item.label = Some(bar.label);
    item.row = Some(bar.row.source);
    item
}

fn measure<'r>(encoder: &Encoder<'r>) -> Result<Vec<Bar<'r>>, ChartError> {
    let tick = encoder.unit.mark == MarkKind::Tick;
    let horizontal = encoder.unit.orient == Some(Orient::Horizontal);
    let thickness = encoder.unit.style.get(|m| m.thickness).unwrap_or(1.0);
    let (x, y): (Option<Span>, Option<Span>) = if tick {
        if horizontal {
            (Some(encoder.span(Channel::X)), None)
        } else {
            (None, Some(encoder.span(Channel::Y)))
        }
    } else {
        (Some(encoder.span(Channel::X)), Some(encoder.span(Channel::Y)))
    };
    let point = |channel| encoder.point(channel, Some(Default_::Mid));
    let (px, py) = (point(Channel::X), point(Channel::Y));
    let (painter, labels) = (Painter::new(encoder), encoder.labels());
    let value_axis = if encoder.unit.orient == Some(Orient::Horizontal) {
        Channel::X
    } else {
        Channel::Y
    };
    let mut out = Vec::with_capacity(encoder.table.rows.len());
    for row in &encoder.table.rows {
        let thin = |at: f64| (at - thickness / 2.0, at + thickness / 2.0);
        let mut flipped = false;
        let ends =
            |span: &Option<Span>, point: &Option<super::position::Position>, axis: Channel, flipped: &mut bool| {
                let Some(span) = span else {
                    return Ok::<_, ChartError>(thin(point.as_ref().map_or(f64::NAN, |p| p.get(row))));
                };
                let (a, b) = span.ends(encoder, row)?;
                // The first end is the value, the second the base.
                if axis == value_axis {
                    *flipped = if axis == Channel::Y { a > b } else { a < b };
                }
                Ok(if b < a { (b, a) } else { (a, b) })
            };
        let (x1, x2) = ends(&x, &px, Channel::X, &mut flipped)?;
        let (y1, y2) = ends(&y, &py, Channel::Y, &mut flipped)?;
        if [x1, x2, y1, y2].iter().any(|v| !v.is_finite()) {
            continue;
        }
        out.push(Bar {
            row,
            label: labels.of(row),
            bounds: Rect::new(x1, y1, x2, y2),
            style: painter.get(encoder, row)?,
            flipped,
        });
    }
    Ok(out)
}

/// Each stack is cut by one rounded rectangle.
fn rounded_stacks(encoder: &Encoder, bars: Vec<Bar>, corners: &Corners, description: &'static str) -> Mark {
    let stack = encoder.unit.stack.as_ref();
    let columns: Vec<Arc<str>> = stack
        .iter()
        .flat_map(|s| s.groupby.iter())
        .filter_map(|c| encoder.def(*c))
        .map(|d| Arc::from(column_name(d)))
        .collect();
    let fields: Vec<crate::data::Field> = columns
        .iter()
        .map(|c| crate::data::Field::of(encoder.table, c))
        .collect();
    let mut groups: Vec<(String, Vec<Bar>)> = Vec::new();
    for bar in bars {
        let key: String = fields
            .iter()
            .map(|f| format!("{}\u{0}", f.get(bar.row).label()))
            .collect();
        match groups.iter_mut().find(|(k, _)| *k == key) {
            Some((_, list)) => list.push(bar),
            None => groups.push((key, vec![bar])),
        }
    }
    let groups = groups.into_iter().map(|(_, list)| {
        let mut bounds = Rect::EMPTY;
        list.iter().for_each(|b| bounds.union(b.bounds));
        let flipped = list.iter().all(|b| b.flipped);
        let c = if flipped {
            corners.flipped(encoder.unit.orient)
        } else {
            Corners { ..*corners }
        };
        let radii = [c.top_left, c.top_right, c.bottom_right, c.bottom_left];
        let stroke = list.first().map(|b| Style::clone(&b.style)).unwrap_or_default();
        let items = list.into_iter().map(|b| item(b, [0.0; 4], (bounds.x1, bounds.y1)));
        let style = Style {
            fill: None,
            fill_opacity: None,
            opacity: None,
            ..stroke
        };
        Group {
            place: (bounds.x1, bounds.y1),
            width: bounds.width(),
            height: bounds.height(),
            stroke_foreground: style.stroke.is_some(),
            style,
            outline: Some(rounded(0.0, 0.0, bounds.width(), bounds.height(), radii)),
            clip: true,
            marks: vec![mark(encoder, items.collect(), description)],
            ..Group::default()
        }
    });
    Mark::Groups {
        role: "scope".into(),
        name: String::new(),
        groups: groups.collect(),
        orient: None,
        label: None,
        hidden: false,
    }
}
