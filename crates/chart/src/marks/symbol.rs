//! Points, circles and squares.

use super::encoder::Encoder;
use super::position::Default_;
use super::style::Painter;
use crate::error::ChartError;
use crate::math;
use crate::scene::{HitPoint, Item, Mark, MarkType, Path, Rect, Shape};
use crate::spec::{Channel, MarkKind};
use std::sync::Arc;

/// Path data of a symbol of some area round the origin; `None` for a name that is not known.
pub fn symbol_path(shape: &str, size: f64, angle: f64) -> Option<(Arc<str>, Rect)> {
    let r = size.max(0.0).sqrt() / 2.0;
    let mut path = Path::with_room(6);
    let half = 0.866_025_403_784_438_6 * r;
    let radians = angle * math::PI / 180.0;
    let (cos, sin) = if angle == 0.0 {
        (1.0, 0.0)
    } else {
        (math::cos(radians), math::sin(radians))
    };
    let turn = |(x, y): (f64, f64)| {
        if angle == 0.0 {
            (x, y)
        } else {
            (x * cos - y * sin, x * sin + y * cos)
        }
    };
    let mut bounds = Rect::new(-r, -r, r, r);
    let polygon = |path: &mut Path, bounds: &mut Rect, points: &[(f64, f64)], close: bool| {
        *bounds = Rect::EMPTY;
        for (i, p) in points.iter().enumerate() {
            let (x, y) = turn(*p);
            bounds.union(Rect::new(x, y, x, y));
            if i == 0 {
                path.move_to(x, y);
            } else {
                path.line_to(x, y);
            }
        }
        if close {
            path.close();
        }
    };
    match shape {
        "circle" => {
            path.move_to(r, 0.0)
                .arc_to(r, true, true, -r, 0.0)
                .arc_to(r, true, true, r, 0.0);
        }
        "square" => polygon(&mut path, &mut bounds, &[(-r, -r), (r, -r), (r, r), (-r, r)], true),
        "diamond" => polygon(
            &mut path,
            &mut bounds,
            &[(-r, 0.0), (0.0, -r), (r, 0.0), (0.0, r)],
            true,
        ),
        "cross" => {
            let s = r / 2.5;
            let p = [
                (-r, -s),
                (-r, s),
                (-s, s),
                (-s, r),
                (s, r),
                (s, s),
                (r, s),
                (r, -s),
                (s, -s),
                (s, -r),
                (-s, -r),
                (-s, -s),
            ];
            polygon(&mut path, &mut bounds, &p, true);
        }
        "triangle" | "triangle-up" => polygon(&mut path, &mut bounds, &[(0.0, -half), (-r, half), (r, half)], true),
        "triangle-down" => polygon(&mut path, &mut bounds, &[(0.0, half), (-r, -half), (r, -half)], true),
        "triangle-right" => polygon(&mut path, &mut bounds, &[(half, 0.0), (-half, -r), (-half, r)], true),
        "triangle-left" => polygon(&mut path, &mut bounds, &[(-half, 0.0), (half, -r), (half, r)], true),
        "arrow" => {
            let (s, t, v) = (r / 7.0, r / 2.5, r / 8.0);
            let head = [(s, -v), (t, -v), (0.0, -r), (-t, -v), (-s, -v)];
            let p = [[(-s, r), (s, r)].as_slice(), head.as_slice()].concat();
            polygon(&mut path, &mut bounds, &p, true);
        }
        "wedge" => {
            let (rise, b) = (half - r * 0.577_350_269_189_625_8, r / 4.0);
            polygon(
                &mut path,
                &mut bounds,
                &[(0.0, -half - rise), (-b, half - rise), (b, half - rise)],
                true,
            );
        }
        "stroke" => polygon(&mut path, &mut bounds, &[(-r, 0.0), (r, 0.0)], false),
        _ => return None,
    }
    Some((path.d.into(), bounds))
}

/// Shape, size in px² and angle in degrees: symbols that agree in them share their path.
type Look = (Arc<str>, f64, f64);

pub fn draw(encoder: &Encoder, hits: &mut Vec<HitPoint>) -> Result<Vec<Mark>, ChartError> {
    let unit = encoder.unit;
    let x = encoder.point(Channel::X, Some(Default_::Mid));
    let y = encoder.point(Channel::Y, Some(Default_::Mid));
    let painter = Painter::new(encoder);
    let size = encoder.channel(Channel::Size);
    let angle = encoder.channel(Channel::Angle);
    let shape = if unit.mark == MarkKind::Point {
        encoder.channel(Channel::Shape)
    } else {
        None
    };
    let default_size = unit.style.get(|m| m.size).unwrap_or(30.0);
    let default_angle = unit.style.get(|m| m.angle).unwrap_or(0.0);
    let default_shape: Arc<str> = match unit.mark {
        MarkKind::Circle => Arc::from("circle"),
        MarkKind::Square => Arc::from("square"),
        _ => unit
            .style
            .get(|m| m.shape.clone())
            .unwrap_or_else(|| Arc::from("circle")),
    };
    let labels = encoder.labels();
    // Neighbours mostly look the same.
    let mut last: Option<(Look, (Arc<str>, Rect))> = None;
    let mut items = Vec::with_capacity(encoder.table.rows.len());
    hits.reserve(encoder.table.rows.len());
    for row in &encoder.table.rows {
        let at = |p: &Option<super::position::Position>| p.as_ref().map_or(0.0, |p| p.get(row));
        let (px, py) = (at(&x), at(&y));
        if !px.is_finite() || !py.is_finite() {
            continue;
        }
        let number = |channel: &Option<super::encoder::Channelled>, default: f64| -> Result<f64, ChartError> {
            Ok(channel
                .as_ref()
                .map(|c| c.get(encoder, row))
                .transpose()?
                .flatten()
                .map_or(default, |v| v.number()))
        };
        let size = match encoder.computed("size", row)? {
            Some(value) => value.number(),
            None => number(&size, default_size)?,
        };
        let angle = number(&angle, default_angle)?;
        let shape = match &shape {
            Some(channel) => channel
                .get(encoder, row)?
                .map_or_else(|| default_shape.clone(), |v| v.label()),
            None => default_shape.clone(),
        };
        let look = (shape, if size.is_finite() { size } else { 0.0 }, angle);
        if last.as_ref().is_none_or(|(known, _)| *known != look) {
            let Some(path) = symbol_path(&look.0, look.1, look.2) else {
                return Err(super::encoder::refuse(
                    &format!("{}.encoding.shape", unit.path),
                    &format!("the shape `{}` is not supported", look.0),
                ));
            };
            last = Some((look, path));
        }
        let Some((_, (d, bounds))) = &last else { continue };
        let shape = Shape::Placed {
            x: px,
            y: py,
            d: d.clone(),
            bounds: bounds.shifted(px, py),
        };
        let mut item = Item::new(shape, painter.get(encoder, row)?);
        item.label = Some(labels.of(row));
        item.row = Some(row.source);
        hits.push(HitPoint {
            row: row.source,
            x_px: px,
            y_px: py,
            mark: encoder.mark_index,
        });
        items.push(item);
    }
    let description = match unit.mark {
        MarkKind::Circle => "circle",
        MarkKind::Square => "square",
        _ => "point",
    };
    let clip = unit.style.get(|m| m.clip).unwrap_or(false);
    Ok(vec![Mark::Items {
        kind: MarkType::Symbol,
        role: "mark",
        name: unit.name.clone(),
        items,
        clip,
        description,
    }])
}
