//! The stored columns that expressions read: a table's own, and those of the tables that its rows find by joins.

use std::collections::BTreeMap;

use shared::{
    AppError, ErrorCode,
    semantic::{Dimension, DimensionType, FieldCondition, Grain, Operator, StoredTime, Validity},
};

use crate::{
    graph::{Graph, Place, Step, Way, prefix, stored},
    logical::{BinaryOperator, Expression, JoinKind, Named, Node, Origin, SourceTable},
    query::{
        clock::Zone,
        gate::Gate,
        lower::Lowering,
        moments::TimeValue,
        resolved::{Fact, Resolved},
    },
};

/// Joins of one scan: each is put around the ones before, and plans are taken apart by recursion.
const MOST_JOINS: usize = 32;

/// The day that a row's validity is looked up by.
const AT: &str = "__at";

/// What `filters` and `columns` read of the rows of `fact`, joined with the groups of conditions.
///
/// # Errors
/// `invalid` for a join that cannot be read.
pub fn scan<'a>(
    resolved: &Resolved<'a>,
    fact: &Fact<'a>,
    filters: &[Expression],
    columns: &[Named<Expression>],
    gates: Vec<Gate>,
) -> Result<Node, AppError> {
    let mut read = Vec::new();
    filters
        .iter()
        .chain(columns.iter().map(|column| &column.value))
        .for_each(|expression| expression.collect_columns(&mut read));
    let gate_keys = gates.iter().flat_map(|gate| &gate.keys);
    gate_keys.for_each(|(_, value)| value.collect_columns(&mut read));
    read.retain(|name| !gates.iter().any(|gate| gate.columns.contains(name)));
    let node = joined(resolved, fact.place(), &read)?;
    Ok(if gates.is_empty() {
        node
    } else {
        gated(node, &read, gates)
    })
}

/// The columns `read` of a relation, joined with the groups of conditions.
pub fn gated(node: Node, read: &[String], gates: Vec<Gate>) -> Node {
    let gate_keys = gates.iter().flat_map(|gate| gate.keys.clone());
    let with_keys = read
        .iter()
        .cloned()
        .map(Named::same)
        .chain(gate_keys.map(|(name, value)| Named::new(name, value)));
    let mut node = node.project(with_keys.collect());
    for gate in gates {
        let on = gate.keys.into_iter().map(|(name, _)| (name.clone(), name)).collect();
        node = left_join(node, gate.groups, on);
    }
    node
}

fn left_join(left: Node, right: Node, on: Vec<(String, String)>) -> Node {
    Node::Join {
        kind: JoinKind::Left,
        left: Box::new(left),
        right: Box::new(right),
        on,
        null_equal: false,
    }
}

/// The end of a way, and what is read there.
struct End<'a> {
    way: Way<'a>,
    columns: Vec<String>,
}

/// Shorter ways first.
type Ends<'a> = BTreeMap<(usize, String), End<'a>>;

fn joined<'a>(resolved: &Resolved<'a>, from: Place<'a>, read: &[String]) -> Result<Node, AppError> {
    let graph = resolved.scope.graph;
    let mut own = Vec::new();
    let mut ends = Ends::new();
    for name in read {
        want(&graph, from, name, &mut own, &mut ends);
    }
    // The keys of a join are read at its start, which may be the end of another.
    let deepest_first: Vec<(usize, String)> = ends.keys().rev().cloned().collect();
    for key in deepest_first {
        let Some(way) = ends.get(&key).map(|end| end.way.clone()) else {
            continue;
        };
        for name in left_columns(from, &way) {
            want(&graph, from, &name, &mut own, &mut ends);
        }
    }
    if ends.len() > MOST_JOINS {
        let message = format!("One query may reach other tables in at most {MOST_JOINS} ways.");
        return Err(AppError::new(ErrorCode::Limit, message).with_hint("Ask for fewer dimensions at once."));
    }
    let mut node = scan_of(from, own);
    for end in ends.values() {
        if let Some((step, before)) = end.way.split_last() {
            node = join(resolved, node, from, before, *step, &end.columns)?;
        }
    }
    Ok(node)
}

fn scan_of(place: Place<'_>, columns: Vec<String>) -> Node {
    Node::Scan {
        source: SourceTable {
            table: place.table.name.to_string(),
            origin: Origin::Table(place.table.source.clone()),
        },
        columns,
    }
}

/// Notes that a column is read, and the ends on the way to it.
fn want<'a>(graph: &Graph<'a>, from: Place<'a>, name: &str, own: &mut Vec<String>, ends: &mut Ends<'a>) {
    let found = name
        .rsplit_once('.')
        .and_then(|(nodes, column)| Some((graph.walk(from, nodes)?, column)));
    let Some((way, column)) = found else {
        if !own.iter().any(|known| known == name) {
            own.push(name.to_owned());
        }
        return;
    };
    for length in 1..=way.len() {
        let part: Way<'a> = way.iter().copied().take(length).collect();
        let end = ends.entry((length, prefix(&part))).or_insert_with(|| End {
            way: part,
            columns: Vec::new(),
        });
        if length == way.len() && !end.columns.iter().any(|known| known == column) {
            end.columns.push(column.to_owned());
        }
    }
}

/// The columns at the start of the last join of a way that it is joined by.
fn left_columns<'a>(from: Place<'a>, way: &[Step<'a>]) -> Vec<String> {
    let Some((step, before)) = way.split_last() else {
        return Vec::new();
    };
    let at = step.join.valid.as_ref().map(|valid| valid.at.as_str());
    step.pairs()
        .map(|(left, _)| left)
        .chain(at)
        .map(|name| stored(from, before, name))
        .collect()
}

/// Adds the columns that a row finds by one join.
fn join<'a>(
    resolved: &Resolved<'a>,
    node: Node,
    from: Place<'a>,
    before: &[Step<'a>],
    step: Step<'a>,
    columns: &[String],
) -> Result<Node, AppError> {
    let mut way = before.to_vec();
    way.push(step);
    let named = prefix(&way);
    let right_key = |place: usize| format!("__on{place}");
    let on: Vec<(String, String)> = step
        .pairs()
        .enumerate()
        .map(|(place, (left, _))| (stored(from, before, left), right_key(place)))
        .collect();
    let mut shown: Vec<Named<Expression>> = step
        .pairs()
        .enumerate()
        .map(|(place, (_, right))| Named::new(right_key(place), Expression::column(right)))
        .collect();
    shown.extend(
        columns
            .iter()
            .map(|column| Named::new(format!("{named}{column}"), Expression::column(column.clone()))),
    );
    let place = Place {
        node: step.node,
        table: step.table,
    };
    let filters: Vec<Expression> = constant(resolved, place, step)?.into_iter().collect();
    let Some(valid) = &step.join.valid else {
        return Ok(left_join(node, rows_of(place, filters, shown), on));
    };
    let days = Days { resolved, valid };
    shown.push(Named::new("__from", days.of(place, &valid.from)?));
    shown.push(Named::new("__to", days.of(place, &valid.to)?));
    let start = from.after(before);
    let at = match valid.at.split_once('.') {
        None => days.of_column(start, &valid.at, stored(from, before, &valid.at))?,
        Some((table, column)) => {
            let earlier = (0..before.len())
                .map(|length| from.after(before.get(..length).unwrap_or_default()))
                .find(|place| place.is_called(table))
                .unwrap_or(start);
            days.of_column(earlier, column, stored(from, before, &valid.at))?
        }
    };
    // Each key and day finds its row once; the rows then find them by both.
    let mut left_shown: Vec<Named<Expression>> = node.columns().into_iter().map(Named::same).collect();
    left_shown.push(Named::new(AT, at));
    let node = node.project(left_shown);
    let mut keys: Vec<String> = on.iter().map(|(left, _)| left.clone()).collect();
    keys.dedup();
    let keys_and_day: Vec<String> = keys.iter().cloned().chain([AT.to_owned()]).collect();
    let asked = node
        .clone()
        .aggregate(keys_and_day.iter().cloned().map(Named::same).collect(), Vec::new());
    let column = |name: &str| Expression::column(name);
    let compare = |operator, left: &str, right: &str| Expression::binary(operator, column(left), column(right));
    let is_valid = Expression::all([
        compare(BinaryOperator::Lte, "__from", AT),
        Expression::any([column("__to").is_null(), compare(BinaryOperator::Lt, AT, "__to")]),
    ]);
    let found = Node::Join {
        kind: JoinKind::Inner,
        left: Box::new(asked),
        right: Box::new(rows_of(place, filters, shown)),
        on,
        null_equal: false,
    }
    .filter(is_valid);
    let right_name = |name: &str| format!("__right{name}");
    let mut found_columns: Vec<Named<Expression>> = keys_and_day
        .iter()
        .map(|name| Named::new(right_name(name), column(name)))
        .collect();
    found_columns.extend(columns.iter().map(|name| Named::same(format!("{named}{name}"))));
    let by_both = keys_and_day
        .iter()
        .map(|name| (name.clone(), right_name(name)))
        .collect();
    Ok(left_join(node, found.project(found_columns), by_both))
}

/// Rows of a joined table: the columns that `shown` and `filters` read, filtered.
fn rows_of(place: Place<'_>, filters: Vec<Expression>, shown: Vec<Named<Expression>>) -> Node {
    let mut read = Vec::new();
    filters
        .iter()
        .chain(shown.iter().map(|column| &column.value))
        .for_each(|expression| expression.collect_columns(&mut read));
    scan_of(place, read).filter_all(filters).project(shown)
}

/// The join's own condition on its target: on a dimension of it, or else on a stored column.
pub fn constant<'a>(resolved: &Resolved<'a>, place: Place<'a>, step: Step<'a>) -> Result<Option<Expression>, AppError> {
    let Some(condition) = &step.join.condition else {
        return Ok(None);
    };
    let fact = Fact {
        node: place.node,
        table: place.table,
        time: None,
    };
    let name = condition.field.as_str();
    if place.table.dimension(name).is_none() {
        return stored_condition(condition).map(Some);
    }
    let condition = FieldCondition {
        field: format!("{}.{name}", place.table.name),
        ..condition.clone()
    };
    Lowering::new(resolved, fact).condition(&condition.into()).map(Some)
}

fn stored_condition(condition: &FieldCondition) -> Result<Expression, AppError> {
    let name = condition.field.as_str();
    let wrong = || AppError::invalid(name, format!("The condition of a join on {name} needs eq and a value."));
    let value = condition
        .value
        .as_ref()
        .filter(|_| condition.op == Operator::Eq)
        .ok_or_else(wrong)?;
    let literal = match value {
        serde_json::Value::String(text) => crate::logical::Literal::Text(text.clone()),
        serde_json::Value::Bool(truth) => crate::logical::Literal::Bool(*truth),
        number => crate::query::literal::number(number, name)?,
    };
    Ok(Expression::binary(
        BinaryOperator::Eq,
        Expression::column(name),
        Expression::literal(literal),
    ))
}

/// Stored times as days in the model's zone.
struct Days<'r, 'a> {
    resolved: &'r Resolved<'a>,
    valid: &'a Validity,
}

impl Days<'_, '_> {
    fn of(&self, place: Place<'_>, column: &str) -> Result<Expression, AppError> {
        self.of_column(place, column, column.to_owned())
    }

    /// `stored_as`: what the column is called where it is read.
    fn of_column(&self, place: Place<'_>, column: &str, stored_as: String) -> Result<Expression, AppError> {
        let value = Expression::column(stored_as);
        let is_it =
            |dimension: &&Dimension| dimension.kind == DimensionType::Time && dimension.expr.column() == Some(column);
        let known = place.table.dimensions.iter().find(is_it);
        let Some(dimension) = known.filter(|dimension| dimension.stored != Some(StoredTime::Date)) else {
            return Ok(value);
        };
        let mut clock = self.resolved.clock.clone();
        clock.zone = Zone::named(&self.resolved.model.time_zone, &self.valid.at)?;
        let time = TimeValue::of(Some(dimension), value, &self.resolved.model.time_zone, &clock)?;
        Ok(time.bucket(Grain::Day, &clock))
    }
}
