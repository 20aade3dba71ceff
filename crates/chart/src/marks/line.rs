//! Lines and areas: one path per series, with gaps where values are missing.

use super::curve;
use super::encoder::{Channelled, Encoder};
use super::position::{Default_, Position};
use super::style::Painter;
use super::trail::{self, Bead};
use crate::data::{Field, Row};
use crate::error::ChartError;
use crate::model::{column_name, series_columns};
use crate::scene::{HitPoint, Item, Mark, MarkType, Path, Rect, Shape};
use crate::spec::{Channel, InvalidMode, MarkKind, Orient, Sort, SortOrder};
use crate::transform::group_rows;
use crate::value::{Value, compare};

/// A point of a series with the opposite edge of an area.
struct Vertex<'r> {
    row: &'r Row,
    x: f64,
    y: f64,
    x2: f64,
    y2: f64,
    defined: bool,
}

pub fn draw(encoder: &Encoder, hits: &mut Vec<HitPoint>) -> Result<Vec<Mark>, ChartError> {
    let unit = encoder.unit;
    let (area, is_trail) = (unit.mark == MarkKind::Area, unit.mark == MarkKind::Trail);
    let horizontal = unit.orient == Some(Orient::Horizontal);
    let default = |across: bool| {
        if area && across {
            Default_::ZeroOrMax
        } else {
            Default_::Mid
        }
    };
    let x = encoder.point(Channel::X, Some(default(horizontal)));
    let y = encoder.point(Channel::Y, Some(default(!horizontal)));
    let (across, second) = if horizontal {
        (Channel::X, Channel::X2)
    } else {
        (Channel::Y, Channel::Y2)
    };
    // Between categories there is no ground to fill down to.
    let flat = encoder.scale(across).is_some_and(|s| s.kind.is_discrete()) && encoder.def(second).is_none();
    let opposite = if flat {
        encoder.point(across, None)
    } else {
        Some(encoder.second(second, Default_::ZeroOrMin))
    };
    let opposite = opposite.filter(|_| area);
    let labels = encoder.labels();
    let painter = if area || is_trail {
        Painter::new(encoder)
    } else {
        Painter::sized(encoder)
    };
    let size = encoder.channel(Channel::Size);
    let columns = series_columns(unit.mark, &unit.encoding);
    let mut items = Vec::new();
    for rows in group_rows(encoder.table, &columns) {
        let mut rows: Vec<&Row> = rows.iter().filter_map(|r| encoder.table.rows.get(*r)).collect();
        let Some(first) = rows.first().copied() else { continue };
        order_by_field(encoder, &mut rows);
        let mut vertices = vertices(encoder, &rows, &x, &y, &opposite, horizontal);
        if sorts_by_position(encoder, horizontal) {
            shared::sort::sort_by(&mut vertices, |a, b| {
                if horizontal {
                    a.y.total_cmp(&b.y)
                } else {
                    a.x.total_cmp(&b.x)
                }
            });
        }
        let style = painter.get(encoder, first)?;
        let whole = whole_of_one_row(&vertices);
        match whole {
            Some((row, x_px, y_px)) => hits.push(HitPoint {
                row,
                x_px,
                y_px,
                mark: encoder.mark_index,
            }),
            None => hits.extend(vertices.iter().filter(|v| v.defined).map(|v| HitPoint {
                row: v.row.source,
                x_px: v.x,
                y_px: v.y,
                mark: encoder.mark_index,
            })),
        }
        let (d, bounds) = if is_trail {
            trail_outline(encoder, &vertices, size.as_ref())?
        } else {
            outline(encoder, &vertices, area)
        };
        let mut item = Item::new(Shape::Path { d, bounds }, style);
        item.label = Some(labels.of(first));
        item.row = whole.map(|(row, ..)| row);
        items.push(item);
    }
    let (kind, description) = if area {
        (MarkType::Area, "area mark")
    } else if is_trail {
        (MarkType::Trail, "trail")
    } else {
        (MarkType::Line, "line mark")
    };
    let clip = unit.style.get(|m| m.clip).unwrap_or(false);
    Ok(vec![Mark::Items {
        kind,
        role: "mark",
        name: unit.name.clone(),
        items,
        clip,
        description,
    }])
}

/// The row that all points came from, when a list in it was flattened, and the middle of them: then the whole path stands
/// for that row.
fn whole_of_one_row(vertices: &[Vertex]) -> Option<(usize, f64, f64)> {
    let [first, _, ..] = vertices else { return None };
    let row = first.row.source;
    if vertices.iter().any(|v| v.row.source != row || !v.defined) {
        return None;
    }
    let count = vertices.len() as f64;
    let x: f64 = vertices.iter().map(|v| f64::midpoint(v.x, v.x2)).sum();
    let y: f64 = vertices.iter().map(|v| f64::midpoint(v.y, v.y2)).sum();
    Some((row, x / count, y / count))
}

fn sorts_by_position(encoder: &Encoder, horizontal: bool) -> bool {
    let order = encoder.def(Channel::Order);
    if encoder.unit.style.get(|m| m.order) == Some(false) && order.is_none() {
        return false;
    }
    let by_field = order.is_some_and(|d| d.is_field()) && encoder.unit.stack.is_none();
    let off = order.is_some_and(|d| matches!(d.value, Some(Value::Null | Value::Bool(false))));
    let dimension = if horizontal { Channel::Y } else { Channel::X };
    !by_field && !off && encoder.def(dimension).is_some_and(|d| d.is_field())
}

fn order_by_field(encoder: &Encoder, rows: &mut [&Row]) {
    if encoder.unit.stack.is_some() {
        return;
    }
    let orders: Vec<(Field, bool)> = encoder
        .unit
        .encoding
        .all(Channel::Order)
        .filter(|d| d.is_field())
        .map(|d| {
            (
                Field::of(encoder.table, &column_name(d)),
                d.sort == Some(Sort::Order(SortOrder::Descending)),
            )
        })
        .collect();
    if orders.is_empty() {
        return;
    }
    shared::sort::sort_by(rows, |a, b| {
        for (field, descending) in &orders {
            let found = compare(&field.cell(a), &field.cell(b));
            if found != std::cmp::Ordering::Equal {
                return if *descending { found.reverse() } else { found };
            }
        }
        std::cmp::Ordering::Equal
    });
}

fn unit_imputes(encoder: &Encoder) -> bool {
    encoder.unit.stack.as_ref().is_some_and(|s| s.impute)
}

fn vertices<'r>(
    encoder: &Encoder,
    rows: &[&'r Row],
    x: &Option<Position>,
    y: &Option<Position>,
    opposite: &Option<Position>,
    horizontal: bool,
) -> Vec<Vertex<'r>> {
    let breaks = matches!(
        encoder.unit.invalid().0,
        InvalidMode::BreakPathsShowDomains | InvalidMode::BreakPathsFilterDomains
    );
    let checked: Vec<Field> = [Channel::X, Channel::Y]
        .into_iter()
        .filter(|c| encoder.scale(*c).is_some_and(|s| !s.kind.is_discrete()) && encoder.shown_invalid(*c).is_none())
        .filter_map(|c| encoder.def(c))
        .filter(|d| d.is_field() && !d.is_count())
        .map(|d| {
            let middle = d.is_binning() && unit_imputes(encoder);
            Field::of(
                encoder.table,
                &if middle {
                    crate::model::suffixed(d, "mid")
                } else {
                    column_name(d)
                },
            )
        })
        .collect();
    let get = |p: &Option<Position>, row: &Row| p.as_ref().map_or(0.0, |p| p.get(row));
    rows.iter()
        .map(|row| {
            let (px, py) = (get(x, row), get(y, row));
            let far = opposite.as_ref().map(|p| p.get(row));
            let valid = |f: &Field| {
                let v = f.cell(row);
                v.is_valid() && v.number().is_finite()
            };
            let defined = (!breaks || checked.iter().all(valid)) && px.is_finite() && py.is_finite();
            let (x2, y2) = if horizontal {
                (far.unwrap_or(px), py)
            } else {
                (px, far.unwrap_or(py))
            };
            Vertex {
                row,
                x: px,
                y: py,
                x2,
                y2,
                defined,
            }
        })
        .collect()
}

/// As wide at each point as its size says.
fn trail_outline(
    encoder: &Encoder,
    vertices: &[Vertex],
    size: Option<&Channelled>,
) -> Result<(String, Rect), ChartError> {
    let plain = encoder.unit.style.get(|m| m.size).unwrap_or(2.0);
    let (mut path, mut bounds) = (Path::default(), Rect::EMPTY);
    for run in vertices.split(|v| !v.defined) {
        let mut beads = Vec::with_capacity(run.len());
        for v in run {
            let width = match size {
                Some(size) => size.get(encoder, v.row)?.map_or(plain, |w| w.number()),
                None => plain,
            };
            beads.push(Bead {
                x: v.x,
                y: v.y,
                radius: if width > 0.0 { width / 2.0 } else { 0.0 },
            });
        }
        bounds.union(trail::outline(&mut path, &beads));
    }
    Ok((path.d, bounds))
}

fn outline(encoder: &Encoder, vertices: &[Vertex], area: bool) -> (String, Rect) {
    let unit = encoder.unit;
    let kind = unit.style.get(|m| m.interpolate).unwrap_or_default();
    let tension = unit.style.get(|m| m.tension).unwrap_or(0.0);
    let mut path = Path::with_room(vertices.len() * if area { 2 } else { 1 });
    let mut bounds = Rect::EMPTY;
    for run in vertices.split(|v| !v.defined).filter(|r| !r.is_empty()) {
        for v in run {
            bounds.union(Rect::new(v.x, v.y, v.x, v.y));
            if area {
                bounds.union(Rect::new(v.x2, v.y2, v.x2, v.y2));
            }
        }
        let near: Vec<(f64, f64)> = run.iter().map(|v| (v.x, v.y)).collect();
        if !area {
            curve::line(&mut path, &near, kind, tension, false);
            continue;
        }
        let far: Vec<(f64, f64)> = run.iter().rev().map(|v| (v.x2, v.y2)).collect();
        if near.len() == 1 {
            if let (Some(a), Some(b)) = (near.first(), far.first()) {
                path.move_to(a.0, a.1).line_to(b.0, b.1).close();
            }
            continue;
        }
        curve::line(&mut path, &near, kind, tension, false);
        // The way back steps at the other side.
        let back = match kind {
            crate::spec::Interpolate::StepBefore => crate::spec::Interpolate::StepAfter,
            crate::spec::Interpolate::StepAfter => crate::spec::Interpolate::StepBefore,
            other => other,
        };
        curve::line(&mut path, &far, back, tension, true);
        path.close();
    }
    (path.d, bounds)
}
