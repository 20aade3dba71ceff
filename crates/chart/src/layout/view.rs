//! One view: its frame, axes, marks, legends and title.

use super::facet::draw_facet;
use super::grid::arrange;
use super::projection::{Maps, ProjectionSet};
use super::sharing::own_legends;
use crate::budget;
use crate::error::ChartError;
use crate::expression::Known;
use crate::guides::{DrawnLegend, draw_axis, draw_legend, draw_title, plan_axes, plan_legends};
use crate::marks::{self, Encoder};
use crate::model::{Model, Node, NodeKind, UnitId};
use crate::scales::{self, Frame, ScaleSet};
use crate::scene::{Group, HitPoint, Mark, Paint, Rect, Style};
use crate::spec::{Channel, Config};
use crate::value::Value;

/// What all views of a drawing have in common.
pub struct Context<'a> {
    pub model: &'a Model,
    pub config: &'a Config,
    pub full: &'a Frame,
    pub signals: &'a [(String, Value)],
    pub maps: Maps,
}

/// A drawn view: its group at the origin, and the room it takes with everything around it.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    pub group: Group,
    pub bounds: Option<Rect>,
    pub hits: Vec<HitPoint>,
}

/// How a view is drawn inside others.
#[derive(Clone, Copy, Default)]
pub struct Inside<'a> {
    pub outer: Option<&'a Node>,
    /// Axes that stand outside of the cells.
    pub outside: &'a [Channel],
    pub size: (Option<f64>, Option<f64>),
}

/// Draws a view of any kind.
pub fn draw_node(context: &Context, node: &Node, frame: &Frame, inside: Inside) -> Result<Drawn, ChartError> {
    match &node.kind {
        NodeKind::Unit(_) | NodeKind::Layer(_) => draw_unit(context, node, frame, inside),
        NodeKind::Concat {
            children,
            layout,
            prefix,
        } => {
            let mut drawn = Vec::with_capacity(children.len());
            for child in children {
                drawn.push(draw_node(
                    context,
                    child,
                    frame,
                    Inside {
                        outer: Some(node),
                        ..Inside::default()
                    },
                )?);
            }
            let columns = layout.columns.unwrap_or(children.len()).max(1);
            let gap = context.config.concat_spacing.unwrap_or(20.0);
            let bounds: Vec<Option<Rect>> = drawn.iter().map(|d| d.bounds).collect();
            let (places, total) = arrange(&bounds, columns, layout.spacing.unwrap_or((gap, gap)), false);
            let mut out = Drawn {
                bounds: Some(total),
                ..Drawn::default()
            };
            for (i, (mut child, place)) in drawn.into_iter().zip(places).enumerate() {
                child.group.place = place;
                out.hits.extend(child.hits.into_iter().map(|h| shifted(h, place)));
                let name = format!("{}{prefix}_{i}_group", node.name);
                out.group.marks.push(groups("scope", &name, vec![child.group]));
            }
            finish(context, node, frame, &mut out, (total.x2, total.y2), inside, "start")?;
            Ok(out)
        }
        NodeKind::Facet(facet) => {
            let mut out = draw_facet(context, node, facet, frame)?;
            let size = out.bounds.map_or((0.0, 0.0), |b| (b.x2, b.y2));
            finish(context, node, frame, &mut out, size, inside, "start")?;
            Ok(out)
        }
    }
}

pub fn shifted(hit: HitPoint, by: (f64, f64)) -> HitPoint {
    HitPoint {
        x_px: hit.x_px + by.0,
        y_px: hit.y_px + by.1,
        ..hit
    }
}

pub fn groups(role: &str, name: &str, groups: Vec<Group>) -> Mark {
    Mark::Groups {
        role: role.to_owned(),
        name: name.to_owned(),
        groups,
        orient: None,
        label: None,
        hidden: false,
    }
}

fn draw_unit(context: &Context, node: &Node, frame: &Frame, inside: Inside) -> Result<Drawn, ChartError> {
    let units = node.units();
    budget::spend(budget::DRAWN_VIEW)?;
    let view = scales::ViewSize {
        model: context.model,
        config: context.config,
        full: context.full,
        cell: frame,
    };
    let size = scales::view_size(view, node, inside.size);
    let set = scales::resolve(view, &units, size);
    let mut out = Drawn::default();
    let placed = |u: &crate::model::Unit| u.encoding.get(Channel::X).is_some() || u.encoding.get(Channel::Y).is_some();
    let cartesian = units.iter().filter_map(|u| context.model.units.get(*u)).any(placed);
    // The configured look is that of views with axes.
    let style = if cartesian {
        node.style.or(&context.config.view)
    } else {
        node.style.clone()
    };
    out.group.width = size.0;
    out.group.height = size.1;
    out.group.corner_radius = style.corner_radius.unwrap_or(0.0);
    out.group.style = Style {
        fill: style.fill.clone(),
        stroke: Some(
            style
                .stroke
                .clone()
                .unwrap_or(if cartesian { Paint::css("#ddd") } else { Paint::None }),
        ),
        opacity: style.opacity,
        fill_opacity: style.fill_opacity,
        stroke_opacity: style.stroke_opacity,
        stroke_width: style.stroke_width,
        stroke_dash: style.stroke_dash.clone().map(std::sync::Arc::new),
        ..Style::default()
    };
    let mut bounds = Rect::new(0.0, 0.0, size.0, size.1);
    if out.group.style.stroke.as_ref().is_some_and(|s| !s.is_none()) {
        bounds = bounds
            .grown(out.group.style.stroke_width.unwrap_or(1.0) / 2.0)
            .shifted(0.5, 0.5);
    }
    let (mut grids, mut axes, mut front) = (Vec::new(), Vec::new(), Vec::new());
    for plan in plan_axes(context.model, node, context.config) {
        let outside = inside.outside.contains(&plan.channel);
        let Some(axis) = draw_axis(
            &plan,
            context.model,
            &set,
            size,
            context.config,
            Known {
                names: context.signals,
                scales: Some(&set),
            },
            outside,
            false,
        )?
        else {
            continue;
        };
        if axis.in_front {
            front.extend(axis.grid);
            front.extend(axis.main);
        } else {
            grids.extend(axis.grid);
            axes.extend(axis.main);
        }
        if !axis.bounds.is_empty() {
            bounds.union(axis.bounds);
        }
    }
    out.group.marks.extend(grids);
    out.group.marks.extend(axes);
    let maps = ProjectionSet::of_view(context, &units, size)?;
    let (mut tints, mut marks, mut outlines) = (Vec::new(), Vec::new(), Vec::new());
    for id in &units {
        let Some(encoder) = encoder_of(context, *id, frame, (&set, &maps), size) else {
            continue;
        };
        let (behind, before) = marks::brushes(&encoder);
        tints.extend(behind);
        outlines.extend(before);
        marks.extend(draw_marks(&encoder, &mut out.hits, &mut bounds)?);
    }
    out.group.marks.extend(tints.into_iter().chain(marks).chain(outlines));
    out.group.marks.extend(front);
    out.bounds = Some(bounds);
    finish_with(context, node, &set, &mut out, size, size, inside, "middle")?;
    Ok(out)
}

fn encoder_of<'a>(
    context: &'a Context<'a>,
    id: UnitId,
    frame: &'a Frame,
    (set, maps): (&'a ScaleSet, &'a ProjectionSet),
    size: (f64, f64),
) -> Option<Encoder<'a>> {
    let (unit, tables) = context.model.units.get(id).zip(frame.units.get(id))?;
    Some(Encoder {
        unit,
        table: &tables.marks,
        scales: set,
        projection: maps.of(unit),
        map_points: &context.maps.budget,
        config: context.config,
        width: size.0,
        height: size.1,
        known: Known {
            names: context.signals,
            scales: Some(set),
        },
        mark_index: id,
    })
}

fn draw_marks(encoder: &Encoder, hits: &mut Vec<HitPoint>, bounds: &mut Rect) -> Result<Vec<Mark>, ChartError> {
    let marks = marks::draw(encoder, hits)?;
    for mark in &marks {
        if let Mark::Items { items, clip: false, .. } = mark {
            items
                .iter()
                .map(crate::scene::Item::bounds)
                .filter(|b| !b.is_empty())
                .for_each(|b| bounds.union(b));
        }
    }
    Ok(marks)
}

/// The first view with marks, after whose size legends are made.
fn first_view(node: &Node) -> &Node {
    match &node.kind {
        NodeKind::Unit(_) | NodeKind::Layer(_) => node,
        NodeKind::Concat { children, .. } => children.first().map_or(node, first_view),
        NodeKind::Facet(facet) => first_view(&facet.child),
    }
}

/// Adds the legends and the title of a view that holds others.
fn finish(
    context: &Context,
    node: &Node,
    frame: &Frame,
    out: &mut Drawn,
    size: (f64, f64),
    inside: Inside,
    anchor: &str,
) -> Result<(), ChartError> {
    let view = scales::ViewSize {
        model: context.model,
        config: context.config,
        full: context.full,
        cell: frame,
    };
    let inner = scales::view_size(view, first_view(node), (None, None));
    let set = scales::resolve(view, &node.units(), inner);
    finish_with(context, node, &set, out, size, inner, inside, anchor)
}

#[expect(clippy::too_many_arguments, reason = "the view, its scales and two sizes")]
fn finish_with(
    context: &Context,
    node: &Node,
    set: &ScaleSet,
    out: &mut Drawn,
    size: (f64, f64),
    inner: (f64, f64),
    inside: Inside,
    anchor: &str,
) -> Result<(), ChartError> {
    let mut bounds = out.bounds.unwrap_or(Rect::new(0.0, 0.0, 0.0, 0.0));
    let mut legends = Vec::new();
    for list in own_legends(context.model, node, inside.outer) {
        for plan in plan_legends(context.model, &list, context.config) {
            legends.extend(draw_legend(
                &plan,
                context.model,
                set,
                inner,
                context.config,
                Known {
                    names: context.signals,
                    scales: Some(set),
                },
            )?);
        }
    }
    place_legends(legends, size, &mut bounds, &mut out.group);
    if let Some(title) = &node.title
        && let Some(drawn) = draw_title(title, context.config, size, bounds, anchor)
    {
        bounds.union(drawn.bounds);
        out.group.marks.push(drawn.mark);
    }
    out.bounds = Some(bounds);
    Ok(())
}

fn place_legends(legends: Vec<DrawnLegend>, size: (f64, f64), bounds: &mut Rect, group: &mut Group) {
    let taken = *bounds;
    let mut along: Vec<(std::sync::Arc<str>, f64)> = Vec::new();
    for mut legend in legends {
        let used = match along.iter_mut().find(|(o, _)| *o == legend.orient) {
            Some((_, used)) => used,
            None => {
                along.push((legend.orient.clone(), 0.0));
                match along.last_mut() {
                    Some((_, used)) => used,
                    None => continue,
                }
            }
        };
        let (w, h, gap) = (legend.width, legend.height, legend.offset);
        let (x, y) = match &*legend.orient {
            "left" => (taken.x1.floor() - gap - w, *used),
            "top" => (*used, taken.y1.floor() - gap - h),
            "bottom" => (*used, taken.y2.ceil() + gap),
            "top-left" => (gap, gap + *used),
            "top-right" => (size.0 - gap - w, gap + *used),
            "bottom-left" => (gap, size.1 - gap - h - *used),
            "bottom-right" => (size.0 - gap - w, size.1 - gap - h - *used),
            "none" => legend.at.unwrap_or((0.0, 0.0)),
            _ => (taken.x2.ceil() + gap, *used),
        };
        *used += 8.0
            + if matches!(&*legend.orient, "top" | "bottom") {
                w
            } else {
                h
            };
        legend.group.place = (x, y);
        bounds.union(Rect::new(x, y, x + w, y + h));
        group.marks.push(groups("legend", "", vec![legend.group]));
    }
}
