//! Slices of pies, donuts and radial bars.

use super::encoder::{Encoder, refuse};
use super::position::Default_;
use super::style::Painter;
use crate::error::ChartError;
use crate::math;
use crate::scene::{HitPoint, Item, Mark, MarkType, Path, Rect, Shape};
use crate::spec::Channel;

pub fn draw(encoder: &Encoder, hits: &mut Vec<HitPoint>) -> Result<Vec<Mark>, ChartError> {
    let unit = encoder.unit;
    if unit.style.get(|m| m.corner_radius).is_some_and(|r| r > 0.0) {
        return Err(refuse(&format!("{}.mark.cornerRadius", unit.path), "not supported"));
    }
    let x = encoder.point(Channel::X, Some(Default_::Mid));
    let y = encoder.point(Channel::Y, Some(Default_::Mid));
    let (radius, theta) = (encoder.span(Channel::Radius), encoder.span(Channel::Theta));
    let labels = encoder.labels();
    let painter = Painter::new(encoder);
    let pad = unit.style.get(|m| m.pad_angle).unwrap_or(0.0);
    let mut items = Vec::new();
    for row in &encoder.table.rows {
        let at = |p: &Option<super::position::Position>| p.as_ref().map_or(0.0, |p| p.get(row));
        let (px, py) = (at(&x), at(&y));
        let (outer, inner) = radius.ends(encoder, row)?;
        let (end, start) = theta.ends(encoder, row)?;
        if ![px, py, outer, inner, start, end].iter().all(|v| v.is_finite()) {
            continue;
        }
        let (inner, outer) = (inner.min(outer).max(0.0), inner.max(outer).max(0.0));
        let d = sector(inner, outer, start.min(end), start.max(end), pad);
        let mid = (start + end) / 2.0 - math::PI / 2.0;
        let reach = (inner + outer) / 2.0;
        hits.push(HitPoint {
            row: row.source,
            x_px: px + reach * math::cos(mid),
            y_px: py + reach * math::sin(mid),
            mark: encoder.mark_index,
        });
        let bounds = sector_bounds(inner, outer, start.min(end), start.max(end)).shifted(px, py);
        let mut item = Item::new(
            Shape::Placed {
                x: px,
                y: py,
                d: d.into(),
                bounds,
            },
            painter.get(encoder, row)?,
        );
        item.label = Some(labels.of(row));
        item.row = Some(row.source);
        items.push(item);
    }
    let clip = unit.style.get(|m| m.clip).unwrap_or(false);
    Ok(vec![Mark::Items {
        kind: MarkType::Arc,
        role: "mark",
        name: unit.name.clone(),
        items,
        clip,
        description: "arc mark",
    }])
}

fn sector(r0: f64, r1: f64, start: f64, end: f64, pad: f64) -> String {
    let mut path = Path::default();
    let quarter = math::PI / 2.0;
    let (a0, a1) = (start - quarter, end - quarter);
    let sweep = a1 - a0;
    let point = |r: f64, a: f64| (r * math::cos(a), r * math::sin(a));
    if r1 < 1e-12 {
        path.move_to(0.0, 0.0).close();
        return path.d;
    }
    if sweep > math::TAU - 1e-12 {
        let (x, y) = point(r1, a0);
        path.move_to(x, y)
            .arc_to(r1, true, true, -x, -y)
            .arc_to(r1, true, true, x, y);
        if r0 > 1e-12 {
            let (x, y) = point(r0, a1);
            path.move_to(x, y)
                .arc_to(r0, true, false, -x, -y)
                .arc_to(r0, true, false, x, y);
        }
        path.close();
        return path.d;
    }
    let (mut outer, mut inner) = ((a0, a1), (a0, a1));
    let reach = (r0 * r0 + r1 * r1).sqrt();
    if pad > 1e-12 && reach > 1e-12 {
        let half = pad / 2.0;
        let shrink = |r: f64, span: (f64, f64)| {
            let p = math::asin((reach / r * math::sin(half)).clamp(-1.0, 1.0));
            let middle = (a0 + a1) / 2.0;
            if span.1 - span.0 - 2.0 * p > 1e-12 {
                (span.0 + p, span.1 - p)
            } else {
                (middle, middle)
            }
        };
        outer = shrink(r1, outer);
        if r0 > 1e-12 {
            inner = shrink(r0, inner);
        }
    }
    let (x, y) = point(r1, outer.0);
    path.move_to(x, y);
    if outer.1 - outer.0 > 1e-12 {
        let (x, y) = point(r1, outer.1);
        path.arc_to(r1, outer.1 - outer.0 >= math::PI, true, x, y);
    }
    let (x, y) = point(r0, inner.1);
    path.line_to(x, y);
    if r0 > 1e-12 && inner.1 - inner.0 > 1e-12 {
        let (x, y) = point(r0, inner.0);
        path.arc_to(r0, inner.1 - inner.0 >= math::PI, false, x, y);
    }
    path.close();
    path.d
}

fn sector_bounds(r0: f64, r1: f64, start: f64, end: f64) -> Rect {
    let mut out = Rect::EMPTY;
    let steps = 24;
    for i in 0..=steps {
        let a = start + (end - start) * f64::from(i) / f64::from(steps) - math::PI / 2.0;
        for r in [r0, r1] {
            let (x, y) = (r * math::cos(a), r * math::sin(a));
            out.union(Rect::new(x, y, x, y));
        }
    }
    out
}
