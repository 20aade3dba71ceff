//! One cell per value of a field, with headers and shared axes outside of the cells.

use super::grid::arrange;
use super::view::{Context, Drawn, Inside, draw_node, groups, shifted};
use crate::budget;
use crate::error::ChartError;
use crate::expression::Known;
use crate::guides::{Formatter, draw_axis, header_label, plan_axes};
use crate::marks::{format_value, title_of};
use crate::model::{FacetNode, Node, NodeKind, column_name};
use crate::scales::{self, Frame, facet_values};
use crate::scene::{Align, Anchor, Group, Mark, Rect};
use crate::spec::{Channel, ChannelDef, Header, Resolve};
use crate::value::Value;

struct Cell {
    row: Option<Value>,
    column: Option<Value>,
}

/// The values of a facet over the data of all units.
fn values(context: &Context, node: &Node, def: &ChannelDef, frame: &Frame) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    for id in node.units() {
        let Some(tables) = frame.units.get(id) else { continue };
        let table = if matches!(def.sort, Some(crate::spec::Sort::Field { .. })) {
            &tables.raw
        } else {
            &tables.marks
        };
        if table.column(&column_name(def)).is_none() {
            continue;
        }
        for value in facet_values(def, table) {
            if !out.contains(&value) {
                out.push(value);
            }
        }
    }
    let _ = context;
    out
}

fn header_of(context: &Context, def: &ChannelDef, kind: &str) -> Header {
    def.header
        .clone()
        .flatten()
        .unwrap_or_default()
        .or(&context.config.header(&[kind, "header"]))
}

fn label_of(context: &Context, def: &ChannelDef, header: &Header, value: &Value) -> Result<String, ChartError> {
    if def.is_binning() {
        let Value::Number(n) = value else {
            return Ok(value.label().to_string());
        };
        let step = bin_step(context, def);
        let text = |v: f64| crate::format::number::format("", v);
        return Ok(format!("{} – {}", text(*n), text(n + step)));
    }
    let mut shown = def.clone();
    shown.format = header.format.clone().or(shown.format);
    shown.format_type = header.format_type.clone().or(shown.format_type);
    let label = if value.is_nothing() {
        value.label().to_string()
    } else {
        format_value(value, &shown, context.config, false)
    };
    let _ = std::marker::PhantomData::<Formatter>;
    match &header.label_expr {
        Some(tree) => {
            let datum = Value::Object(std::sync::Arc::new(vec![
                ("value".into(), value.clone()),
                ("label".into(), Value::text(&label)),
            ]));
            let mut names = vec![("datum".to_owned(), datum)];
            names.extend(context.signals.iter().cloned());
            crate::expression::evaluate(
                tree,
                &crate::expression::Scope {
                    datum: None,
                    names: &names,
                    scales: None,
                },
            )
            .map(|v| v.label().to_string())
            .map_err(|reason| {
                ChartError::Unsupported(vec![crate::Problem {
                    path: "$.header.labelExpr".into(),
                    reason,
                }])
            })
        }
        None => Ok(label),
    }
}

fn bin_step(context: &Context, def: &ChannelDef) -> f64 {
    let (start, end) = (column_name(def), crate::model::suffixed(def, "end"));
    for unit in &context.model.units {
        let Some(raw) = &unit.raw else { continue };
        let (Some(a), Some(b)) = (raw.column(&start), raw.column(&end)) else {
            continue;
        };
        if let Some(row) = raw.rows.iter().find(|r| r.get(a).is_valid()) {
            return row.get(b).number() - row.get(a).number();
        }
    }
    0.0
}

pub fn draw_facet(context: &Context, node: &Node, facet: &FacetNode, frame: &Frame) -> Result<Drawn, ChartError> {
    let (rows, columns): (Vec<Option<Value>>, Vec<Option<Value>>);
    let some = |list: Vec<Value>| -> Vec<Option<Value>> { list.into_iter().map(Some).collect() };
    let mut cells: Vec<Cell> = Vec::new();
    let per_row;
    if let Some(def) = &facet.wrap {
        let all = values(context, node, def, frame);
        per_row = facet.layout.columns.unwrap_or(all.len()).max(1).min(all.len().max(1));
        cells.extend(all.into_iter().map(|v| Cell {
            row: None,
            column: Some(v),
        }));
        rows = vec![None; cells.len().div_ceil(per_row)];
        columns = vec![None; per_row];
    } else {
        rows = facet
            .row
            .as_ref()
            .map_or_else(|| vec![None], |d| some(values(context, node, d, frame)));
        columns = facet
            .column
            .as_ref()
            .map_or_else(|| vec![None], |d| some(values(context, node, d, frame)));
        per_row = columns.len().max(1);
        for row in &rows {
            cells.extend(columns.iter().map(|column| Cell {
                row: row.clone(),
                column: column.clone(),
            }));
        }
    }
    if cells.len() > 2000 {
        return Err(ChartError::Limit("more than 2000 facets".into()));
    }
    let units = facet.child.units();
    let nested = !matches!(facet.child.kind, NodeKind::Unit(_) | NodeKind::Layer(_));
    let plans = if nested {
        Vec::new()
    } else {
        plan_axes(context.model, &facet.child, context.config)
    };
    let outside: Vec<Channel> = [Channel::X, Channel::Y]
        .into_iter()
        .filter(|c| Resolve::find(&node.resolve.axis, *c).unwrap_or(true))
        .filter(|c| {
            plans
                .iter()
                .filter(|p| p.channel == *c)
                .all(|p| context.model.scales.get(p.scale).is_some_and(|s| !s.per_cell))
        })
        .collect();
    let mut drawn: Vec<Drawn> = Vec::new();
    for cell in &cells {
        let mut key: Vec<(String, Value)> = Vec::new();
        for (def, value) in [
            (&facet.row, &cell.row),
            (&facet.column, &cell.column),
            (&facet.wrap, &cell.column),
        ] {
            if let (Some(def), Some(value)) = (def, value) {
                key.push((column_name(def), value.clone()));
            }
        }
        // Its rows are picked out of all.
        let rows = units.iter().filter_map(|id| frame.units.get(*id));
        budget::spend(rows.map(|tables| tables.raw.rows.len() * budget::ROW).sum())?;
        let inner = frame.cell(&units, &key);
        let mut view = draw_node(
            context,
            &facet.child,
            &inner,
            Inside {
                outer: Some(node),
                outside: &outside,
                ..Inside::default()
            },
        )?;
        if let (Some(def), Some(value)) = (&facet.wrap, &cell.column) {
            let header = header_of(context, def, "headerFacet");
            if header.labels != Some(false) {
                let label = label_of(context, def, &header, value)?;
                let top = view.bounds.map_or(0.0, |b| b.y1) - header.label_padding.unwrap_or(10.0);
                let place = (view.group.width / 2.0, top);
                let (mark, bounds) = header_label(
                    vec![label],
                    &header,
                    context.config,
                    place,
                    0.0,
                    Align::Center,
                    Anchor::Bottom,
                    false,
                );
                view.group.marks.push(mark);
                if let Some(b) = &mut view.bounds {
                    b.union(bounds);
                }
            }
        }
        drawn.push(view);
    }
    let gap = context.config.facet_spacing.unwrap_or(20.0);
    let bounds: Vec<Option<Rect>> = drawn.iter().map(|d| d.bounds).collect();
    let each = facet.layout.align.as_deref() == Some("each");
    let (places, total) = arrange(&bounds, per_row, facet.layout.spacing.unwrap_or((gap, gap)), !each);
    let mut out = Drawn::default();
    let sizes: Vec<(f64, f64)> = drawn.iter().map(|d| (d.group.width, d.group.height)).collect();
    let mut cell_groups = Vec::new();
    for (mut child, place) in drawn.into_iter().zip(&places) {
        child.group.place = *place;
        out.hits.extend(child.hits.into_iter().map(|h| shifted(h, *place)));
        cell_groups.push(child.group);
    }
    let mut headers = Headers {
        context,
        facet,
        total,
        bounds: total,
        sizes: &sizes,
        places: &places,
        per_row,
        marks: Vec::new(),
    };
    headers.draw(&rows, &columns, &plans, &outside, frame)?;
    out.bounds = Some(headers.bounds);
    out.group.marks = headers.marks;
    out.group.marks.push(groups("cell", "cell", cell_groups));
    Ok(out)
}

struct Headers<'a> {
    context: &'a Context<'a>,
    facet: &'a FacetNode,
    total: Rect,
    bounds: Rect,
    sizes: &'a [(f64, f64)],
    places: &'a [(f64, f64)],
    per_row: usize,
    marks: Vec<Mark>,
}

impl Headers<'_> {
    fn axes(
        &self,
        channel: Channel,
        near: bool,
        size: (f64, f64),
        plans: &[crate::guides::AxisPlan],
        outside: &[Channel],
        frame: &Frame,
    ) -> Result<(Vec<Mark>, Rect), ChartError> {
        let mut bounds = Rect::EMPTY;
        let mut marks = Vec::new();
        if !outside.contains(&channel) {
            return Ok((marks, bounds));
        }
        let view = scales::ViewSize {
            model: self.context.model,
            config: self.context.config,
            full: self.context.full,
            cell: frame,
        };
        let units = self.facet.child.units();
        let set = scales::resolve(view, &units, size);
        let flat = if channel == Channel::X {
            (size.0, 0.0)
        } else {
            (0.0, size.1)
        };
        for plan in plans.iter().filter(|p| p.channel == channel) {
            let is_near = matches!(plan.orient, "left" | "top");
            if is_near != near {
                continue;
            }
            let drawn = draw_axis(
                plan,
                self.context.model,
                &set,
                size,
                self.context.config,
                Known {
                    names: self.context.signals,
                    scales: Some(&set),
                },
                false,
                true,
            )?;
            let Some(mut axis) = drawn else { continue };
            // The group of a header has no extent across the axis.
            if let Some(Mark::Groups { groups, .. }) = &mut axis.main {
                for group in groups {
                    group.place.0 -= if plan.orient == "right" { size.0 - flat.0 } else { 0.0 };
                    group.place.1 -= if plan.orient == "bottom" { size.1 - flat.1 } else { 0.0 };
                }
            }
            let (dx, dy) = match plan.orient {
                "right" => (-size.0, 0.0),
                "bottom" => (0.0, -size.1),
                _ => (0.0, 0.0),
            };
            if !axis.bounds.is_empty() {
                bounds.union(axis.bounds.shifted(dx, dy));
            }
            marks.extend(axis.main);
        }
        Ok((marks, bounds))
    }

    fn draw(
        &mut self,
        rows: &[Option<Value>],
        columns: &[Option<Value>],
        plans: &[crate::guides::AxisPlan],
        outside: &[Channel],
        frame: &Frame,
    ) -> Result<(), ChartError> {
        let context = self.context;
        let facet = self.facet;
        let (mut row_groups, mut row_footers, mut column_groups, mut column_footers) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (i, value) in rows.iter().enumerate() {
            let Some((size, place)) = self
                .sizes
                .get(i * self.per_row)
                .copied()
                .zip(self.places.get(i * self.per_row).copied())
            else {
                continue;
            };
            let (mut marks, mut bounds) = self.axes(Channel::Y, true, size, plans, outside, frame)?;
            if let (Some(def), Some(value)) = (&facet.row, value) {
                let header = header_of(context, def, "headerRow");
                if header.labels != Some(false) {
                    let label = label_of(context, def, &header, value)?;
                    let left = if bounds.is_empty() { 0.0 } else { bounds.x1 };
                    let at = (left - header.label_padding.unwrap_or(10.0), size.1 / 2.0);
                    let angle = header.label_angle.unwrap_or(-90.0);
                    let (align, anchor) = if angle == 0.0 {
                        (Align::Right, Anchor::Middle)
                    } else {
                        (Align::Center, Anchor::Bottom)
                    };
                    let align = header.label_align.as_deref().map_or(align, Align::parse);
                    let (mark, b) = header_label(vec![label], &header, context.config, at, angle, align, anchor, false);
                    marks.insert(0, mark);
                    bounds.union(b);
                }
            }
            self.bounds.union(bounds.shifted(0.0, place.1));
            row_groups.push(Group {
                place: (0.0, place.1),
                height: size.1,
                marks,
                ..Group::default()
            });
            let (marks, bounds) = self.axes(Channel::Y, false, size, plans, outside, frame)?;
            if !marks.is_empty() {
                self.bounds.union(bounds.shifted(self.total.x2, place.1));
                row_footers.push(Group {
                    place: (self.total.x2, place.1),
                    height: size.1,
                    marks,
                    ..Group::default()
                });
            }
        }
        for (i, value) in columns.iter().enumerate() {
            let Some((size, place)) = self.sizes.get(i).copied().zip(self.places.get(i).copied()) else {
                continue;
            };
            let (mut marks, mut bounds) = self.axes(Channel::X, true, size, plans, outside, frame)?;
            if let (Some(def), Some(value)) = (&facet.column, value) {
                let header = header_of(context, def, "headerColumn");
                if header.labels != Some(false) {
                    let label = label_of(context, def, &header, value)?;
                    let top = if bounds.is_empty() { 0.0 } else { bounds.y1 };
                    let bottom = header.label_orient.as_deref().or(header.orient.as_deref()) == Some("bottom");
                    let y = if bottom {
                        self.total.y2 + header.label_padding.unwrap_or(10.0)
                    } else {
                        top - header.label_padding.unwrap_or(10.0)
                    };
                    let anchor = if bottom { Anchor::Top } else { Anchor::Bottom };
                    let angle = header.label_angle.unwrap_or(0.0);
                    let (mark, b) = header_label(
                        vec![label],
                        &header,
                        context.config,
                        (size.0 / 2.0, y),
                        angle,
                        Align::Center,
                        anchor,
                        false,
                    );
                    if bottom {
                        column_footers.push(Group {
                            place: (place.0, 0.0),
                            width: size.0,
                            marks: vec![mark],
                            ..Group::default()
                        });
                        self.bounds.union(b.shifted(place.0, 0.0));
                    } else {
                        marks.insert(0, mark);
                        bounds.union(b);
                    }
                }
            }
            if !bounds.is_empty() {
                self.bounds.union(bounds.shifted(place.0, self.total.y1));
            }
            column_groups.push(Group {
                place: (place.0, self.total.y1),
                width: size.0,
                marks,
                ..Group::default()
            });
            let (marks, bounds) = self.axes(Channel::X, false, size, plans, outside, frame)?;
            if !marks.is_empty() {
                let last = self
                    .places
                    .iter()
                    .zip(self.sizes)
                    .map(|(p, s)| p.1 + s.1)
                    .fold(0.0, f64::max);
                self.bounds.union(bounds.shifted(place.0, last));
                column_footers.push(Group {
                    place: (place.0, last),
                    width: size.0,
                    marks,
                    ..Group::default()
                });
            }
        }
        for (role, name, list) in [
            ("row-header", "row_header", row_groups),
            ("column-header", "column_header", column_groups),
            ("row-footer", "row_footer", row_footers),
            ("column-footer", "column_footer", column_footers),
        ] {
            if list.iter().any(|g| !g.marks.is_empty()) {
                self.marks.push(groups(role, name, list));
            }
        }
        self.titles();
        Ok(())
    }

    fn titles(&mut self) {
        let context = self.context;
        for (def, role, kind) in [
            (&self.facet.row, "row-title", "headerRow"),
            (&self.facet.column, "column-title", "headerColumn"),
            (&self.facet.wrap, "column-title", "headerFacet"),
        ] {
            let Some(def) = def else { continue };
            let header = header_of(context, def, kind);
            let Some(lines) = title_of(def, context.config).filter(|t| !t.iter().all(String::is_empty)) else {
                continue;
            };
            let gap = header.title_padding.unwrap_or(10.0);
            let (place, angle, anchor) = if role == "row-title" {
                (
                    (self.bounds.x1 - gap, (self.total.y1 + self.total.y2) / 2.0),
                    header.title_angle.unwrap_or(-90.0),
                    Anchor::Bottom,
                )
            } else if header.title_orient.as_deref().or(header.orient.as_deref()) == Some("bottom") {
                (
                    ((self.total.x1 + self.total.x2) / 2.0, self.bounds.y2 + gap),
                    0.0,
                    Anchor::Top,
                )
            } else {
                (
                    ((self.total.x1 + self.total.x2) / 2.0, self.bounds.y1 - gap),
                    header.title_angle.unwrap_or(0.0),
                    Anchor::Bottom,
                )
            };
            let (mark, bounds) = header_label(
                lines,
                &header,
                context.config,
                place,
                angle,
                Align::Center,
                anchor,
                true,
            );
            self.bounds.union(bounds);
            self.marks.insert(
                0,
                groups(
                    role,
                    role,
                    vec![Group {
                        marks: vec![mark],
                        ..Group::default()
                    }],
                ),
            );
        }
    }
}
