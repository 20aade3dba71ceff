//! What values a scale covers.

use super::frame::{Frame, UnitTables};
use crate::data::{Field, Table};
use crate::model::{Model, ScaleModel, Unit, column_name, suffixed};
use crate::spec::{Channel, ChannelDef, Domain, ScaleKind, Sort, SortOrder, StackOffset};
use crate::transform;
use crate::value::{Value, compare};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A value given for a domain; texts of temporal fields are times.
pub fn given(value: &Value, kind: ScaleKind) -> f64 {
    match value {
        Value::Text(t) if kind.is_time() => crate::time::parse::parse(t),
        other => other.number(),
    }
}

struct Extent(f64, f64);

impl Extent {
    fn add(&mut self, n: f64) {
        if !n.is_nan() {
            self.0 = self.0.min(n);
            self.1 = self.1.max(n);
        }
    }

    fn column(&mut self, table: &Table, name: &str) {
        let field = Field::of(table, name);
        for row in &table.rows {
            let value = field.cell(row);
            if value.is_valid() && !matches!(&*value, Value::Text(t) if t.is_empty()) {
                self.add(value.number());
            }
        }
    }
}

/// The ends of a continuous domain over all members; `None` without data.
pub fn continuous(model: &Model, scale: &ScaleModel, frame: &Frame) -> Option<Vec<f64>> {
    if let Some(Domain::Values(values)) = &scale.spec.domain {
        return Some(values.iter().map(|v| given(v, scale.kind)).collect());
    }
    let mut extent = Extent(f64::INFINITY, f64::NEG_INFINITY);
    if let Some(Domain::UnionWith(values)) = &scale.spec.domain {
        values.iter().for_each(|v| extent.add(given(v, scale.kind)));
    }
    for (id, channel) in &scale.members {
        let (Some(unit), Some(tables)) = (model.units.get(*id), frame.units.get(*id)) else {
            continue;
        };
        let Some(def) = unit.encoding.data(*channel) else {
            continue;
        };
        member_extent(&mut extent, unit, &tables.scales, &tables.raw, *channel, def, scale);
    }
    (extent.0 <= extent.1).then(|| vec![extent.0, extent.1])
}

fn member_extent(
    extent: &mut Extent,
    unit: &Unit,
    table: &Table,
    raw: &Table,
    channel: Channel,
    def: &ChannelDef,
    scale: &ScaleModel,
) {
    if let Some(stack) = &unit.stack
        && stack.channel == channel
    {
        if stack.offset == StackOffset::Normalize {
            extent.add(0.0);
            extent.add(1.0);
            return;
        }
        extent.column(table, &suffixed(def, "start"));
        extent.column(table, &suffixed(def, "end"));
        return;
    }
    if let Some(datum) = &def.datum {
        extent.add(given(datum, scale.kind));
        return;
    }
    if matches!(scale.spec.domain, Some(Domain::Unaggregated)) && def.aggregate.is_some() {
        extent.column(raw, def.field.as_deref().unwrap_or(""));
        return;
    }
    if def.is_binning()
        && let Some(bin) = unit.bin(channel)
    {
        extent.add(bin.start);
        extent.add(bin.stop);
        return;
    }
    let has_end = channel.secondary().is_some_and(|c| unit.encoding.get(c).is_some());
    if def.time_unit.is_some() && scale.kind.is_time() && unit.has_band_end(def, has_end) {
        let position = unit.band_position(def, has_end).unwrap_or(0.5);
        if unit.mark.is_rect_based() && position != 0.5 && channel.is_xy() {
            let (a, b) = (
                Field::of(table, &column_name(def)),
                Field::of(table, &suffixed(def, "end")),
            );
            for row in &table.rows {
                let (a, b) = (a.number(row), b.number(row));
                let shift = (position - 0.5) * (b - a);
                extent.add(a + shift);
                extent.add(b + shift);
            }
            return;
        }
        extent.column(table, &column_name(def));
        extent.column(table, &suffixed(def, "end"));
        return;
    }
    extent.column(table, &column_name(def));
}

/// The numbers of a member, for quantiles.
pub fn numbers(model: &Model, scale: &ScaleModel, frame: &Frame) -> Vec<f64> {
    let mut out = Vec::new();
    for (id, channel) in &scale.members {
        let (Some(unit), Some(tables)) = (model.units.get(*id), frame.units.get(*id)) else {
            continue;
        };
        let Some(def) = unit.encoding.data(*channel) else {
            continue;
        };
        let field = Field::of(&tables.scales, &column_name(def));
        out.extend(
            tables
                .scales
                .rows
                .iter()
                .map(|r| field.cell(r))
                .filter(|v| v.is_valid())
                .map(|v| v.number())
                .filter(|n| n.is_finite()),
        );
    }
    shared::sort::sort_by(&mut out, f64::total_cmp);
    out
}

/// Values met before; those that read the same are the same.
#[derive(Default)]
struct Seen {
    last: Option<Value>,
    numbers: HashSet<u64>,
    labels: HashSet<Arc<str>>,
}

impl Seen {
    fn is_new(&mut self, value: &Value) -> bool {
        if self.last.as_ref() == Some(value) {
            return false;
        }
        self.last = Some(value.clone());
        // Only numbers not met before are written out.
        if let Value::Number(n) = value
            && !self.numbers.insert(n.to_bits())
        {
            return false;
        }
        self.labels.insert(value.label())
    }
}

/// One way to order the values of a discrete domain.
enum Order {
    AsData,
    Ascending,
    Descending,
    By(HashMap<Arc<str>, Value>, SortOrder),
}

/// The values of a discrete domain as they come.
fn unordered(model: &Model, scale: &ScaleModel, frame: &Frame) -> Vec<Value> {
    if let Some(Domain::Values(values)) = &scale.spec.domain
        && !finds_values(scale)
    {
        return values.clone();
    }
    let mut values: Vec<Value> = Vec::new();
    let mut seen = Seen::default();
    let mut push = |value: &Value| {
        if *value != Value::Missing && seen.is_new(value) {
            values.push(value.clone());
        }
    };
    if let Some(Domain::UnionWith(more)) = &scale.spec.domain {
        more.iter().for_each(&mut push);
    }
    for member in members(model, scale, frame) {
        if let Some(datum) = &member.def.datum {
            push(datum);
            continue;
        }
        // Sorting by another field looks at the rows before aggregation.
        let by_raw = matches!(member.def.sort, Some(Sort::Field { .. } | Sort::Encoding { .. }));
        let table = if by_raw && !member.def.is_binning() {
            &member.tables.raw
        } else {
            &member.tables.scales
        };
        let field = Field::of(table, &member.column());
        for row in &table.rows {
            push(&field.cell(row));
        }
    }
    values
}

/// An ordinal scale with an empty domain takes in what it is asked for.
fn finds_values(scale: &ScaleModel) -> bool {
    let is_empty = matches!(&scale.spec.domain, Some(Domain::Values(values)) if values.is_empty());
    is_empty && scale.kind == ScaleKind::Ordinal
}

/// What a scale's values come from.
struct Member<'a> {
    unit: &'a Unit,
    tables: &'a UnitTables,
    channel: Channel,
    def: &'a ChannelDef,
}

impl Member<'_> {
    fn column(&self) -> String {
        if self.def.is_binning() && self.def.kind().is_discrete() {
            suffixed(self.def, "range")
        } else {
            column_name(self.def)
        }
    }
}

fn members<'a>(model: &'a Model, scale: &'a ScaleModel, frame: &'a Frame) -> impl Iterator<Item = Member<'a>> {
    scale.members.iter().filter_map(|(id, channel)| {
        let unit = model.units.get(*id)?;
        Some(Member {
            unit,
            tables: frame.units.get(*id)?,
            channel: *channel,
            def: unit.encoding.data(*channel)?,
        })
    })
}

/// How many values a discrete domain has.
pub fn discrete_count(model: &Model, scale: &ScaleModel, frame: &Frame) -> usize {
    unordered(model, scale, frame).len()
}

/// The values of a discrete domain in order.
pub fn discrete(model: &Model, scale: &ScaleModel, frame: &Frame) -> Vec<Value> {
    let mut values = unordered(model, scale, frame);
    if matches!(scale.spec.domain, Some(Domain::Values(_))) {
        // In an empty domain values stand as they come.
        return values;
    }
    let mut orders: Vec<Order> = Vec::new();
    let mut sources = 0;
    for member in members(model, scale, frame).filter(|m| m.def.datum.is_none()) {
        sources += 1;
        if member.channel.main() == member.channel {
            let tables = member.tables;
            let (column, range) = (member.column(), member.def.is_binning());
            orders.push(order_of(
                member.unit,
                member.def,
                &tables.raw,
                &tables.scales,
                &column,
                range,
            ));
        }
    }
    // Several layers: a special order counts only when no other says something else.
    let special = orders
        .iter()
        .position(|o| matches!(o, Order::By(..) | Order::Descending));
    let natural = orders.iter().any(|o| matches!(o, Order::Ascending));
    let chosen = match special {
        Some(at) if sources == 1 || !natural => orders.into_iter().nth(at),
        Some(at) => orders.into_iter().nth(at),
        None if natural => Some(Order::Ascending),
        None => None,
    };
    match chosen {
        None | Some(Order::AsData) => {}
        Some(Order::Ascending) => shared::sort::sort_by(&mut values, compare),
        Some(Order::Descending) => shared::sort::sort_by(&mut values, |a, b| compare(b, a)),
        Some(Order::By(keys, order)) => {
            let key = |v: &Value| keys.get(&v.label()).cloned().unwrap_or(Value::Null);
            shared::sort::sort_by(&mut values, |a, b| {
                let found = compare(&key(a), &key(b));
                if order == SortOrder::Descending {
                    found.reverse()
                } else {
                    found
                }
            });
        }
    }
    values
}

fn order_of(unit: &Unit, def: &ChannelDef, raw: &Table, table: &Table, column: &str, range: bool) -> Order {
    let stacked = |field: Option<&str>| {
        unit.stack.as_ref().is_some_and(|s| {
            let mut dims = s
                .groupby
                .iter()
                .filter_map(|c| unit.encoding.get(*c))
                .map(column_name)
                .chain(s.by.iter().cloned());
            !dims.any(|d| Some(d.as_str()) == field)
        })
    };
    let default_op = |field: Option<&str>| if stacked(field) { "sum" } else { "min" };
    match &def.sort {
        Some(Sort::None) => Order::AsData,
        Some(Sort::Values(list)) => {
            let rank = list
                .iter()
                .enumerate()
                .map(|(i, v)| (v.label(), Value::Number(i as f64)));
            let mut keys: HashMap<Arc<str>, Value> = rank.collect();
            let field = Field::of(table, column);
            for row in &table.rows {
                let value = field.cell(row);
                // Times may be listed as text.
                let found = list.iter().position(|l| {
                    *l == *value || matches!(l, Value::Text(t) if Value::Number(crate::time::parse::parse(t)) == *value)
                });
                keys.entry(value.label())
                    .or_insert(Value::Number(found.unwrap_or(list.len()) as f64));
            }
            Order::By(keys, SortOrder::Ascending)
        }
        Some(Sort::Field { field, op, order }) => {
            let op = op.as_deref().unwrap_or_else(|| default_op(field.as_deref()));
            Order::By(summaries(raw, column, field.as_deref(), op), *order)
        }
        Some(Sort::Encoding { channel, order }) => {
            let Some(by) = unit.encoding.get(*channel) else {
                return Order::Ascending;
            };
            let op = match &by.aggregate {
                Some(crate::spec::Aggregate::Op(op)) => op.as_ref(),
                _ => default_op(by.field.as_deref()),
            };
            let field = if by.aggregate.is_none() {
                Some(column_name(by))
            } else {
                by.field.as_deref().map(str::to_owned)
            };
            Order::By(summaries(raw, column, field.as_deref(), op), *order)
        }
        Some(Sort::Order(order)) if range => {
            Order::By(summaries(table, column, Some(&column_name(def)), "min"), *order)
        }
        None if range => Order::By(
            summaries(table, column, Some(&column_name(def)), "min"),
            SortOrder::Ascending,
        ),
        Some(Sort::Order(SortOrder::Descending)) => Order::Descending,
        Some(Sort::Order(SortOrder::Ascending)) | None => Order::Ascending,
    }
}

/// A summary of a field for each value of a column.
fn summaries(table: &Table, column: &str, field: Option<&str>, op: &str) -> HashMap<Arc<str>, Value> {
    let key = Field::of(table, column);
    let groups = transform::group_rows(table, &[Arc::from(column)]);
    let item = crate::spec::AggregateItem {
        op: crate::spec::Aggregate::Op(Arc::from(op)),
        field: field.map(Arc::from),
        name: Arc::from(""),
    };
    let mut out = HashMap::new();
    for rows in groups {
        let Some(first) = rows.first().and_then(|r| table.rows.get(*r)) else {
            continue;
        };
        out.insert(key.get(first).label(), transform::summarise(table, &rows, &item));
    }
    out
}

/// Facet values in order, with the same rules.
pub fn facet_values(def: &ChannelDef, table: &Table) -> Vec<Value> {
    let column = column_name(def);
    let field = Field::of(table, &column);
    let mut values: Vec<Value> = Vec::new();
    let mut seen = Seen::default();
    for row in &table.rows {
        let value = field.cell(row);
        if seen.is_new(&value) {
            values.push(value.into_owned());
        }
    }
    match &def.sort {
        Some(Sort::None) => {}
        Some(Sort::Values(list)) => {
            let rank = |v: &Value| list.iter().position(|l| l == v).unwrap_or(list.len());
            shared::sort::sort_by_key(&mut values, rank);
        }
        Some(Sort::Field { field, op, order }) => {
            let keys = summaries(table, &column, field.as_deref(), op.as_deref().unwrap_or("min"));
            shared::sort::sort_by(&mut values, |a, b| {
                let get = |v: &Value| keys.get(&v.label()).cloned().unwrap_or(Value::Null);
                let found: Ordering = compare(&get(a), &get(b));
                if *order == SortOrder::Descending {
                    found.reverse()
                } else {
                    found
                }
            });
        }
        Some(Sort::Order(SortOrder::Descending)) => shared::sort::sort_by(&mut values, |a, b| compare(b, a)),
        Some(Sort::Order(SortOrder::Ascending) | Sort::Encoding { .. }) | None => {
            shared::sort::sort_by(&mut values, compare)
        }
    }
    values
}
