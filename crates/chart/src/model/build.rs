//! Views to units with data, and scales shared between them.

use super::column::{column_name, suffixed};
use super::limits::{mark_limits, scale_limits};
use super::orient::orient_of;
use super::projection::{ProjectionModel, is_geographic, map_limits, share_projections};
use super::stacking::{StackInfo, stack_of};
use super::style::Levels;
use super::tree::{FacetNode, Model, Node, NodeKind, ScaleId, ScaleModel};
use super::unit::Unit;
use crate::data::{Conversion, Field, MAX_COLUMNS, Table, convert_column};
use crate::error::{ChartError, Problem};
use crate::scales::{compatible_kinds, default_kind, stronger_kind};
use crate::spec::{
    Aggregate, AggregateItem, Bin, Channel, ChannelDef, Config, Encoding, FieldKind, MarkKind, Orient, ProjectionDef,
    Resolve, Scale, Sort, SortOrder, View, ViewKind,
};
use crate::transform::{self, BinSteps, Sources, StackSort};
use crate::value::Value;
use std::sync::Arc;

struct Builder<'a> {
    config: &'a Config,
    sources: &'a Sources<'a>,
    units: Vec<Unit>,
    scales: Vec<ScaleModel>,
    projections: Vec<ProjectionModel>,
    /// What the views around say of projections.
    projection: Option<Arc<ProjectionDef>>,
}

/// Runs the data of all views.
pub fn build(view: View, config: &Config, sources: &Sources) -> Result<Model, ChartError> {
    let mut builder = Builder {
        config,
        sources,
        units: Vec::new(),
        scales: Vec::new(),
        projections: Vec::new(),
        projection: None,
    };
    let root = builder.node(view, &Arc::new(Table::default()), "", "$", &[])?;
    builder.share_scales(&root);
    share_projections(&root, &mut builder.units, &mut builder.projections);
    Ok(Model {
        units: builder.units,
        scales: builder.scales,
        projections: builder.projections,
        root,
    })
}

impl Builder<'_> {
    fn node(
        &mut self,
        mut view: View,
        outer: &Arc<Table>,
        prefix: &str,
        path: &str,
        facets: &[Arc<str>],
    ) -> Result<Node, ChartError> {
        let mut table = match view.data.take() {
            Some(source) => {
                let mut table = transform::load(source, self.sources)?;
                if table.rows.len() > transform::MAX_ROWS {
                    return Err(ChartError::Limit(format!("more than {} rows", transform::MAX_ROWS)));
                }
                if table.names.len() > MAX_COLUMNS {
                    return Err(ChartError::Limit(format!("data with more than {MAX_COLUMNS} columns")));
                }
                parse_times(&mut table, &view);
                table
            }
            None => outer.clone(),
        };
        for step in &view.transforms {
            transform::apply(&mut table, step, self.sources, facets)?;
        }
        // It stands in one view.
        let placed = facets.is_empty() && matches!(view.kind, ViewKind::Unit { .. } | ViewKind::Layer(_));
        if !view.brushes.is_empty() && !placed {
            return Err(ChartError::Unsupported(vec![Problem {
                path: format!("{path}.params"),
                reason: "an interval that starts with a value in several views is not supported".into(),
            }]));
        }
        let outer_projection = self.projection.clone();
        self.projection = view.projection.take().or(outer_projection.clone());
        let (title, style, width, height, resolve) = (view.title, view.style, view.width, view.height, view.resolve);
        let kind = match view.kind {
            ViewKind::Unit {
                mark,
                def,
                mut encoding,
            } => {
                settle_bins(&mut encoding, self.sources)?;
                let id = self.unit(mark, def, encoding, table, prefix, path, facets)?;
                if let Some(unit) = self.units.get_mut(id) {
                    (unit.width, unit.height) = (width.clone(), height.clone());
                    unit.brushes = view.brushes;
                }
                NodeKind::Unit(id)
            }
            ViewKind::Layer(children) => {
                let mut nodes = Vec::with_capacity(children.len());
                let mut brushes = view.brushes;
                for (i, mut child) in children.into_iter().enumerate() {
                    // What is said of all layers is drawn with the first.
                    child.brushes.append(&mut brushes);
                    pin_bins(&mut child, &table);
                    nodes.push(self.node(
                        child,
                        &table,
                        &format!("{prefix}layer_{i}_"),
                        &format!("{path}.layer[{i}]"),
                        facets,
                    )?);
                }
                NodeKind::Layer(nodes)
            }
            ViewKind::Concat {
                children,
                layout,
                prefix: kind,
            } => {
                let mut nodes = Vec::with_capacity(children.len());
                for (i, child) in children.into_iter().enumerate() {
                    nodes.push(self.node(
                        child,
                        &table,
                        &format!("{prefix}{kind}_{i}_"),
                        &format!("{path}.concat[{i}]"),
                        facets,
                    )?);
                }
                NodeKind::Concat {
                    children: nodes,
                    layout,
                    prefix: kind,
                }
            }
            ViewKind::Facet { facet, child, layout } => {
                let mut columns = facets.to_vec();
                for def in [&facet.row, &facet.column, &facet.wrap].into_iter().flatten() {
                    derive(Arc::make_mut(&mut table), def, &mut None);
                    columns.push(Arc::from(column_name(def)));
                    if def.is_binning() {
                        columns.push(Arc::from(suffixed(def, "end")));
                    }
                }
                let child = self.node(
                    *child,
                    &table,
                    &format!("{prefix}child_"),
                    &format!("{path}.spec"),
                    &columns,
                )?;
                NodeKind::Facet(Box::new(FacetNode {
                    row: facet.row,
                    column: facet.column,
                    wrap: facet.wrap,
                    child,
                    layout,
                }))
            }
        };
        self.projection = outer_projection;
        Ok(Node {
            kind,
            title,
            style,
            width,
            height,
            resolve,
            name: prefix.to_owned(),
        })
    }

    #[expect(clippy::too_many_arguments, reason = "what a view hands to its mark")]
    fn unit(
        &mut self,
        mark: MarkKind,
        def: Box<crate::spec::MarkDef>,
        encoding: Encoding,
        mut table: Arc<Table>,
        prefix: &str,
        path: &str,
        facets: &[Arc<str>],
    ) -> Result<usize, ChartError> {
        for (_, channel) in &encoding.channels {
            if channel.kind == Some(FieldKind::Temporal)
                && let Some(field) = channel.field.as_deref()
            {
                parse_column(&mut table, field);
            }
        }
        for (_, channel) in &encoding.channels {
            let extreme = matches!(&channel.aggregate, Some(Aggregate::Op(op)) if matches!(&**op, "min" | "max"));
            if let (true, Some(FieldKind::Quantitative), Some(field)) =
                (extreme, channel.kind, channel.field.as_deref())
            {
                let source = Field::of(&table, field);
                if table.rows.iter().any(|row| matches!(*source.cell(row), Value::Text(_))) {
                    convert_column(Arc::make_mut(&mut table), field, &Conversion::Number);
                }
            }
        }
        let stack = stack_of(mark, &def, &encoding, self.config);
        let mut style = Levels::new(mark, def, self.config);
        let orient = orient_of(mark, &encoding, style.get(|m| m.orient));
        round_ends(mark, &mut style, orient, &encoding);
        if style.get(|m| m.opacity).is_none()
            && style.get(|m| m.fill_opacity).is_none()
            && (mark.is_symbol() || mark == MarkKind::Tick)
            && !encoding.is_aggregate()
        {
            style.own.opacity = Some(0.7);
        }
        let mut bins = Vec::new();
        let with_conditions = encoding.channels.iter().flat_map(|(c, d)| {
            std::iter::once((*c, d)).chain(d.condition.iter().flatten().map(move |k| (*c, &k.then)))
        });
        let defs: Vec<(Channel, &ChannelDef)> = with_conditions.filter(|(_, d)| d.is_field()).collect();
        for (channel, def) in &defs {
            let mut steps = None;
            if def.is_binning() || def.time_unit.as_ref().is_some_and(|u| !u.binned) || def.time_unit.is_some() {
                derive(Arc::make_mut(&mut table), def, &mut steps);
            }
            bins.extend(steps.map(|s| (*channel, s)));
        }
        let aggregated = defs.iter().any(|(_, d)| d.aggregate.is_some());
        let sorted = |def: &ChannelDef| matches!(def.sort, Some(Sort::Field { .. } | Sort::Encoding { .. }));
        let asked = aggregated
            || !facets.is_empty()
            || is_geographic(mark, &encoding)
            || encoding.channels.iter().any(|(_, def)| sorted(def));
        let mut raw = asked.then(|| table.clone());
        if let Some(raw) = &mut raw
            && defs.iter().any(|(_, d)| d.is_binning() && d.kind().is_discrete())
        {
            finish_columns(raw, &defs, self.config);
        }
        if aggregated {
            table = Arc::new(aggregate_encoding(&table, &defs, facets));
        }
        finish_columns(&mut table, &defs, self.config);
        impute_encoding(&mut table, mark, &encoding, facets);
        if let Some(stack) = &stack {
            stack_encoding(Arc::make_mut(&mut table), stack, &encoding, facets);
        }
        let id = self.units.len();
        self.units.push(Unit {
            name: format!("{prefix}marks"),
            mark,
            style,
            encoding,
            orient,
            stack,
            raw,
            table,
            bins,
            scales: Vec::new(),
            projection: None,
            width: None,
            height: None,
            path: path.to_owned(),
            brushes: Vec::new(),
        });
        self.unit_scales(id)?;
        self.unit_projection(id);
        Ok(id)
    }

    /// A unit on a map starts with a projection of its own.
    fn unit_projection(&mut self, id: usize) {
        if let Some(unit) = self.units.get_mut(id).filter(|u| u.is_geographic()) {
            let own = self.projection.as_deref().cloned().unwrap_or_default();
            unit.projection = Some(self.projections.len());
            self.projections.push(ProjectionModel {
                def: own.or(&self.config.projection),
                units: vec![id],
            });
        }
    }

    fn unit_scales(&mut self, id: usize) -> Result<(), ChartError> {
        let Some(unit) = self.units.get(id) else { return Ok(()) };
        let mut made: Vec<(Channel, ScaleModel)> = Vec::new();
        let mut problems = mark_limits(unit);
        problems.extend(map_limits(unit));
        for (channel, _) in &unit.encoding.channels {
            let main = channel.main();
            if !main.has_scale() || made.iter().any(|(c, _)| *c == main) {
                continue;
            }
            let Some(def) = unit.encoding.data(main).or_else(|| unit.encoding.data(*channel)) else {
                continue;
            };
            if def.scale == Some(None) || def.kind() == FieldKind::GeoJson {
                continue;
            }
            let spec = def
                .scale
                .as_ref()
                .and_then(|s| s.as_deref().cloned())
                .unwrap_or_default();
            let kind = default_kind(unit, main, def, &spec);
            problems.extend(scale_limits(unit, main, kind, &spec));
            if matches!(kind, crate::spec::ScaleKind::Threshold) && spec.domain.is_none() {
                let problem = Problem {
                    path: format!("{}.encoding.{}.scale", unit.path, main.name()),
                    reason: "needs a domain".into(),
                };
                return Err(ChartError::Invalid(vec![problem]));
            }
            let mut members = Vec::new();
            if unit.encoding.data(main).is_some() {
                members.push((id, main));
            }
            if let Some(second) = main.secondary()
                && unit.encoding.data(second).is_some()
            {
                members.push((id, second));
            }
            made.push((
                main,
                ScaleModel {
                    kind,
                    members,
                    spec,
                    per_cell: false,
                },
            ));
        }
        if !problems.is_empty() {
            return Err(ChartError::Unsupported(problems));
        }
        shared::sort::sort_by_key(&mut made, |(c, _)| *c);
        for (channel, scale) in made {
            let at = self.scales.len();
            self.scales.push(scale);
            if let Some(unit) = self.units.get_mut(id) {
                unit.scales.push((channel, at));
            }
        }
        Ok(())
    }

    /// Merges the scales of child views where they are shared; returns what the view offers to its parent.
    fn share_scales(&mut self, node: &Node) -> Vec<(Channel, ScaleId)> {
        let (children, facet, layer): (Vec<&Node>, bool, bool) = match &node.kind {
            NodeKind::Unit(id) => return self.units.get(*id).map(|u| u.scales.clone()).unwrap_or_default(),
            NodeKind::Layer(children) => (children.iter().collect(), false, true),
            NodeKind::Concat { children, .. } => (children.iter().collect(), false, false),
            NodeKind::Facet(f) => (vec![&f.child], true, false),
        };
        let mut shared: Vec<(Channel, ScaleId)> = Vec::new();
        let mut broken: Vec<Channel> = Vec::new();
        let offers: Vec<Vec<(Channel, ScaleId)>> = children.iter().map(|c| self.share_scales(c)).collect();
        for offer in &offers {
            for (channel, id) in offer {
                let default = if facet {
                    *channel != Channel::Theta
                } else {
                    layer || !(channel.is_xy() || channel.is_polar() || channel.is_offset())
                };
                let share = Resolve::find(&node.resolve.scale, *channel).unwrap_or(default);
                if !share || broken.contains(channel) {
                    if facet {
                        self.mark_per_cell(*id);
                    }
                    continue;
                }
                match shared.iter().find(|(c, _)| c == channel) {
                    None => shared.push((*channel, *id)),
                    Some((_, first)) => {
                        let first = *first;
                        if first != *id && !self.merge(first, *id) {
                            broken.push(*channel);
                        }
                    }
                }
            }
        }
        shared.retain(|(c, _)| !broken.contains(c));
        shared
    }

    fn mark_per_cell(&mut self, id: ScaleId) {
        if let Some(scale) = self.scales.get_mut(id) {
            scale.per_cell = true;
        }
    }

    fn merge(&mut self, into: ScaleId, from: ScaleId) -> bool {
        let (Some(a), Some(b)) = (self.scales.get(into).cloned(), self.scales.get(from).cloned()) else {
            return false;
        };
        if !compatible_kinds(a.kind, b.kind) {
            return false;
        }
        let kind = match (a.spec.kind, b.spec.kind) {
            (Some(_), None) => a.kind,
            (None, Some(_)) => b.kind,
            _ => stronger_kind(a.kind, b.kind),
        };
        if let Some(scale) = self.scales.get_mut(into) {
            scale.kind = kind;
            scale.spec = merge_specs(&a.spec, &b.spec);
            scale.members.extend(b.members.iter().copied());
        }
        for unit in &mut self.units {
            for (_, id) in &mut unit.scales {
                if *id == from {
                    *id = into;
                }
            }
        }
        true
    }
}

fn merge_specs(a: &Scale, b: &Scale) -> Scale {
    use crate::spec::Domain::Values;
    let mut out = a.or(b);
    // Explicit domains of several layers are joined.
    if let (Some(Values(x)), Some(Values(y))) = (&a.domain, &b.domain)
        && x != y
    {
        let numeric = x.iter().chain(y).all(|v| matches!(v, Value::Number(_)));
        let mut all = x.clone();
        all.extend(y.iter().filter(|v| numeric || !x.contains(v)).cloned());
        if numeric && x.len() == 2 && y.len() == 2 {
            let numbers: Vec<f64> = all.iter().map(Value::number).collect();
            let lo = numbers.iter().copied().fold(f64::INFINITY, f64::min);
            let hi = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            all = vec![Value::Number(lo), Value::Number(hi)];
        }
        out.domain = Some(Values(all));
    }
    out
}

/// `cornerRadiusEnd` rounds the far end of a bar.
fn round_ends(mark: MarkKind, style: &mut Levels, orient: Option<Orient>, encoding: &Encoding) {
    if mark != MarkKind::Bar {
        return;
    }
    let (Some(radius), Some(orient)) = (style.get(|m| m.corner_radius_end), orient) else {
        return;
    };
    let ranged = match orient {
        Orient::Horizontal => encoding.get(Channel::X2).is_some(),
        Orient::Vertical => encoding.get(Channel::Y2).is_some(),
    };
    let def = &mut style.own;
    if ranged {
        def.corner_radius = Some(radius);
    } else {
        def.corner_radius_top_right = Some(radius);
        match orient {
            Orient::Horizontal => def.corner_radius_bottom_right = Some(radius),
            Orient::Vertical => def.corner_radius_top_left = Some(radius),
        }
    }
}

/// Layers bin alike: the ranges come from the rows before a layer's own filters.
fn pin_bins(child: &mut View, table: &Table) {
    if child.data.is_some() || child.transforms.is_empty() {
        return;
    }
    let ViewKind::Unit { encoding, .. } = &mut child.kind else {
        return;
    };
    for (_, def) in &mut encoding.channels {
        if let (Some(Bin::On(params)), Some(field)) = (&mut def.bin, &def.field)
            && params.extent.is_none()
            && params.extent_from.is_none()
            && Field::of(table, field).exists()
        {
            let (lo, hi) = transform::extent_of(table, field, params);
            params.extent = Some(vec![lo, hi]);
        }
    }
}

/// Ranges over an extent that the data has told.
fn settle_bins(encoding: &mut Encoding, sources: &Sources) -> Result<(), ChartError> {
    for (_, def) in &mut encoding.channels {
        if let Some(Bin::On(params)) = &mut def.bin
            && params.extent_from.is_some()
        {
            *params = transform::settled(params, sources)?;
        }
    }
    Ok(())
}

/// Reads the fields that some unit under the view shows as times.
fn parse_times(table: &mut Arc<Table>, view: &View) {
    let mut fields: Vec<Arc<str>> = Vec::new();
    collect_times(view, &mut fields);
    for field in fields {
        parse_column(table, &field);
    }
}

fn collect_times(view: &View, fields: &mut Vec<Arc<str>>) {
    let mut add = |def: &ChannelDef| {
        if def.kind == Some(FieldKind::Temporal)
            && let Some(field) = &def.field
            && !fields.contains(field)
        {
            fields.push(field.clone());
        }
    };
    match &view.kind {
        ViewKind::Unit { encoding, .. } => encoding.channels.iter().for_each(|(_, d)| add(d)),
        ViewKind::Layer(children) | ViewKind::Concat { children, .. } => {
            children.iter().for_each(|c| collect_times(c, fields))
        }
        ViewKind::Facet { facet, child, .. } => {
            [&facet.row, &facet.column, &facet.wrap]
                .into_iter()
                .flatten()
                .for_each(add);
            collect_times(child, fields);
        }
    }
}

fn parse_column(table: &mut Arc<Table>, field: &str) {
    let source = Field::of(table, field);
    if table.rows.iter().any(|row| matches!(*source.cell(row), Value::Text(_))) {
        convert_column(Arc::make_mut(table), field, &Conversion::Date);
    }
}

/// Adds the columns of a bin or time unit.
fn derive(table: &mut Table, def: &ChannelDef, steps: &mut Option<BinSteps>) {
    let Some(field) = def.field.as_deref() else { return };
    if let Some(Bin::On(params)) = &def.bin {
        let found = transform::bin_steps(params, transform::extent_of(table, field, params));
        transform::apply_bin(table, field, &found, &column_name(def), &suffixed(def, "end"));
        *steps = Some(found);
    } else if let Some(unit) = &def.time_unit
        && !unit.binned
    {
        let source = Field::of(table, field);
        table.fill(&column_name(def), |row| transform::time_floor(&source.cell(row), unit));
    }
}

fn aggregate_encoding(table: &Table, defs: &[(Channel, &ChannelDef)], facets: &[Arc<str>]) -> Table {
    let mut items: Vec<AggregateItem> = Vec::new();
    let mut groupby: Vec<Arc<str>> = Vec::new();
    let mut group = |name: String| {
        let name: Arc<str> = Arc::from(name);
        if !groupby.contains(&name) {
            groupby.push(name);
        }
    };
    for (_, def) in defs {
        match &def.aggregate {
            Some(op) => {
                let name = match op {
                    Aggregate::Op(_) => column_name(def),
                    Aggregate::ArgMin(_) | Aggregate::ArgMax(_) => {
                        column_name(def).split('.').next().unwrap_or_default().to_owned()
                    }
                };
                if !items.iter().any(|i| *i.name == *name) {
                    items.push(AggregateItem {
                        op: op.clone(),
                        field: def.field.clone(),
                        name: Arc::from(name),
                    });
                }
            }
            None => {
                group(column_name(def));
                if def.is_binning() {
                    group(suffixed(def, "end"));
                }
            }
        }
    }
    for facet in facets {
        group(facet.to_string());
    }
    transform::aggregate(table, &items, &groupby)
}

/// Ends of time units and labels of ranges.
fn finish_columns(table: &mut Arc<Table>, defs: &[(Channel, &ChannelDef)], config: &Config) {
    for (_, def) in defs {
        if let Some(unit) = &def.time_unit {
            let table = Arc::make_mut(table);
            let start = Field::of(table, &column_name(def));
            table.fill(&suffixed(def, "end"), |row| match start.get(row) {
                Value::Number(n) => Value::Number(unit.end(n)),
                other => other,
            });
        }
        if def.is_binning() && def.kind().is_discrete() {
            let table = Arc::make_mut(table);
            let (start, end) = (
                Field::of(table, &column_name(def)),
                Field::of(table, &suffixed(def, "end")),
            );
            let format = config.number_format.as_deref().unwrap_or("");
            table.fill(&suffixed(def, "range"), |row| {
                let (a, b) = (start.cell(row), end.cell(row));
                if !a.is_valid() || !a.number().is_finite() {
                    return Value::text("null");
                }
                let text = |v: &Value| crate::format::number::format(format, v.number());
                Value::text(&format!("{} – {}", text(&a), text(&b)))
            });
        }
    }
}

/// Columns that split a line or area into series.
pub fn series_columns(mark: MarkKind, encoding: &Encoding) -> Vec<Arc<str>> {
    use Channel::{
        Color, Detail, Fill, FillOpacity, Key, Opacity, Size, Stroke, StrokeDash, StrokeOpacity, StrokeWidth,
    };
    let mut out: Vec<Arc<str>> = Vec::new();
    for (channel, def) in &encoding.channels {
        let splits = matches!(
            channel,
            Detail | Key | Color | Fill | Stroke | Opacity | FillOpacity | StrokeOpacity | StrokeDash | StrokeWidth
        ) || (*channel == Size && mark != MarkKind::Trail);
        if !splits {
            continue;
        }
        let inner = def.condition.iter().flatten().map(|c| &c.then);
        for def in std::iter::once(def)
            .chain(inner)
            .filter(|d| d.is_field() && d.aggregate.is_none())
        {
            let name: Arc<str> = Arc::from(column_name(def));
            if !out.contains(&name) {
                out.push(name);
            }
        }
    }
    out
}

fn impute_encoding(table: &mut Arc<Table>, mark: MarkKind, encoding: &Encoding, facets: &[Arc<str>]) {
    for (channel, other) in [(Channel::X, Channel::Y), (Channel::Y, Channel::X)] {
        let Some(def) = encoding.get(channel) else { continue };
        let (Some(how), Some(key)) = (&def.impute, encoding.get(other)) else {
            continue;
        };
        let mut groupby = series_columns(mark, encoding);
        groupby.extend(facets.iter().cloned());
        transform::impute(
            Arc::make_mut(table),
            &column_name(def),
            &column_name(key),
            &groupby,
            how,
        );
    }
}

/// The column that orders the parts of a stack: where the values stand in a given list, or the values themselves.
fn rank_column(table: &mut Table, encoding: &Encoding, column: &str) -> String {
    let sorted = encoding.channels.iter().find_map(|(_, d)| match &d.sort {
        Some(Sort::Values(list)) if d.is_field() && column_name(d) == column => Some(list),
        _ => None,
    });
    let Some(list) = sorted else { return column.to_owned() };
    let name = format!("{column}_sort_index");
    let field = Field::of(table, column);
    table.fill(&name, |row| {
        let value = field.cell(row);
        Value::Number(list.iter().position(|v| *v == *value).unwrap_or(list.len()) as f64)
    });
    name
}

fn stack_encoding(table: &mut Table, stack: &StackInfo, encoding: &Encoding, facets: &[Arc<str>]) {
    let Some(def) = encoding.get(stack.channel) else { return };
    let field = column_name(def);
    let mut groupby: Vec<Arc<str>> = Vec::new();
    for channel in &stack.groupby {
        let Some(dimension) = encoding.get(*channel) else {
            continue;
        };
        if dimension.is_binning() {
            let (start, end) = (
                Field::of(table, &column_name(dimension)),
                Field::of(table, &suffixed(dimension, "end")),
            );
            if stack.impute {
                let mid = suffixed(dimension, "mid");
                let share = dimension.band_position.unwrap_or(0.5);
                table.fill(&mid, |row| {
                    let (a, b) = (start.get(row), end.get(row));
                    if a.is_valid() {
                        Value::Number(share * a.number() + (1.0 - share) * b.number())
                    } else {
                        a
                    }
                });
                groupby.push(Arc::from(mid));
                continue;
            }
            groupby.push(Arc::from(suffixed(dimension, "end")));
        }
        groupby.push(Arc::from(column_name(dimension)));
    }
    if stack.impute {
        let mut by: Vec<Arc<str>> = stack.by.iter().map(|b| Arc::from(b.as_str())).collect();
        by.extend(facets.iter().cloned());
        for key in &groupby {
            transform::impute_zero(table, &field, key, &by);
        }
    }
    let orders: Vec<&ChannelDef> = encoding.all(Channel::Order).filter(|d| d.is_field()).collect();
    let sort: Vec<StackSort> = if orders.is_empty() {
        let given = encoding.get(Channel::Order).and_then(|d| d.sort.as_ref());
        let order = match given {
            Some(Sort::Order(order)) => *order,
            _ if stack.channel == Channel::Y => SortOrder::Descending,
            _ => SortOrder::Ascending,
        };
        stack
            .by
            .iter()
            .map(|b| StackSort {
                field: Arc::from(rank_column(table, encoding, b)),
                order,
            })
            .collect()
    } else {
        let order = |d: &ChannelDef| {
            if let Some(Sort::Order(order)) = d.sort {
                order
            } else {
                SortOrder::Ascending
            }
        };
        orders
            .iter()
            .map(|d| StackSort {
                field: Arc::from(column_name(d)),
                order: order(d),
            })
            .collect()
    };
    groupby.extend(facets.iter().cloned());
    transform::stack(
        table,
        &field,
        &groupby,
        &sort,
        stack.offset,
        &suffixed(def, "start"),
        &suffixed(def, "end"),
    );
}
