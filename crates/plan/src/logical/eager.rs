//! Aggregating before joining, and by day before by month: a table with many rows is first brought down to its groups, which
//! are then joined, truncated and put together (Yan and Larson, "Eager Aggregation and Lazy Aggregation", VLDB 1995).

use std::collections::{BTreeMap, BTreeSet};

use shared::semantic::{Grain, WeekStart};

use super::{
    Expression, Function, Named, Node,
    parts::{Asked, Leaf, Part, from_groups, unmasked},
};

/// The same rows, aggregated early wherever that is possible and `is_worth` it: it is given the table that would be brought
/// down, and the columns of its groups.
#[must_use]
pub fn eager(node: &Node, is_worth: &mut dyn FnMut(&Node, &[Named<Expression>]) -> bool) -> Node {
    let node = node.map_inputs(&mut |input| eager(input, is_worth));
    let Node::Aggregate { input, keys, measures } = &node else {
        return node;
    };
    let is_rows = |node: &Node| Chain::of(node).is_some();
    let sooner = from_groups(input, keys, measures, &is_rows, &mut |leaf, asked| {
        let split = Split::of(leaf, asked)?;
        is_worth(split.chain.base, &split.groups).then(|| split.put_together())
    });
    sooner.unwrap_or(node)
}

/// A table and what its rows find by joins, filtered.
struct Chain<'p> {
    base: &'p Node,
    /// From the table outwards.
    joins: Vec<&'p Node>,
    conditions: Vec<&'p Expression>,
}

impl<'p> Chain<'p> {
    fn of(node: &'p Node) -> Option<Self> {
        match node {
            Node::Scan { .. } | Node::Fetched { .. } => Some(Self {
                base: node,
                joins: Vec::new(),
                conditions: Vec::new(),
            }),
            Node::Filter { input, predicate } => {
                let mut chain = Self::of(input)?;
                chain.conditions.extend(predicate.conjuncts());
                Some(chain)
            }
            // Whatever a row finds, all rows of its group find.
            Node::Join { left, .. } => {
                let mut chain = Self::of(left)?;
                chain.joins.push(node);
                Some(chain)
            }
            Node::Values { .. }
            | Node::Project { .. }
            | Node::Aggregate { .. }
            | Node::Union { .. }
            | Node::Sort { .. }
            | Node::Limit { .. }
            | Node::Spine { .. }
            | Node::Window { .. } => None,
        }
    }
}

/// Rows brought down to groups.
struct Split<'p> {
    chain: Chain<'p>,
    /// Conditions on the table alone, and those that need what is joined.
    below: Vec<Expression>,
    above: Vec<Expression>,
    /// Of the first aggregate.
    groups: Vec<Named<Expression>>,
    parts: Vec<Part>,
    /// The columns of the leaf, and parts under their masks.
    shown: Vec<Named<Expression>>,
}

impl<'p> Split<'p> {
    fn of(leaf: &Leaf<'p, '_>, asked: &[Asked<'_>]) -> Option<Self> {
        let chain = Chain::of(leaf.rows)?;
        let own: BTreeSet<String> = chain.base.columns().into_iter().collect();
        let is_own = |value: &Expression| {
            let mut read = Vec::new();
            value.collect_columns(&mut read);
            read.iter().all(|column| own.contains(column))
        };
        let conditions = chain.conditions.iter().map(|condition| (*condition).clone());
        let (below, above): (Vec<Expression>, Vec<Expression>) = conditions.partition(is_own);
        let mut parts: Vec<Part> = Vec::new();
        let mut shown = Vec::new();
        for (asked, argument) in asked.iter().zip(leaf.arguments) {
            let (mask, value) = argument.as_ref().map(unmasked).unzip();
            if value.as_ref().is_some_and(|value| !is_own(value)) {
                return None;
            }
            let (within, outside): (Vec<_>, Vec<_>) = mask.into_iter().flatten().partition(is_own);
            for kind in asked.needs {
                let part = Part::of(*kind, value.as_ref(), &within);
                let known = parts.iter().position(|known| known.is(&part));
                let place = known.unwrap_or_else(|| {
                    parts.push(part);
                    parts.len() - 1
                });
                let column = Expression::column(part_name(place));
                let column = if outside.is_empty() {
                    column
                } else {
                    Expression::only_if(Expression::all(outside.iter().cloned()), column)
                };
                shown.push(Named::new(asked.part(*kind), column));
            }
        }
        // How finely times are looked at.
        let mut uses = Uses::default();
        leaf.columns.iter().for_each(|column| uses.note(&column.value));
        above.iter().for_each(|condition| uses.note(condition));
        shown.iter().for_each(|column| uses.note(&column.value));
        let mut groups: Vec<Named<Expression>> = Vec::new();
        let mut group = |name: &str, value: Expression| {
            if !groups.iter().any(|group| group.name == name) {
                groups.push(Named::new(name, value));
            }
        };
        let mut needed = Vec::new();
        for column in leaf.columns {
            let mut read = Vec::new();
            column.value.collect_columns(&mut read);
            let is_coarse = !read.is_empty() && read.iter().all(|name| uses.grain(name).is_some());
            if is_own(&column.value) && !is_coarse {
                let name = format!("__key_{}", column.name);
                group(&name, column.value.clone());
                shown.push(Named::new(column.name.clone(), Expression::column(name)));
            } else {
                needed.extend(read);
                shown.push(column.clone());
            }
        }
        above
            .iter()
            .for_each(|condition| condition.collect_columns(&mut needed));
        shown
            .iter()
            .for_each(|column| column.value.collect_columns(&mut needed));
        for join in &chain.joins {
            if let Node::Join { on, .. } = join {
                for (left, _) in on {
                    uses.raw(left);
                    needed.push(left.clone());
                }
            }
        }
        let mut is_coarser = false;
        for name in needed.iter().filter(|name| own.contains(*name)) {
            let column = Expression::column(name.clone());
            match uses.grain(name) {
                None => group(name, column),
                Some(grain) => {
                    is_coarser = true;
                    let truncate = Function::Truncate {
                        grain,
                        week_start: WeekStart::default(),
                        zone: None,
                    };
                    group(name, Expression::call(truncate, vec![column]));
                }
            }
        }
        // Nothing would be done that is not done anyway.
        if groups.is_empty() || (chain.joins.is_empty() && !is_coarser && !leaf.is_below) {
            return None;
        }
        Some(Self {
            chain,
            below,
            above,
            groups,
            parts,
            shown,
        })
    }

    /// The columns of the leaf and the parts, of groups.
    fn put_together(self) -> Node {
        let mut columns = self.groups;
        let groups = columns.iter().map(|group| Named::same(group.name.clone())).collect();
        let mut measures = Vec::new();
        for (place, part) in self.parts.iter().enumerate() {
            let (call, argument) = part.call(argument_name(place));
            measures.push(Named::new(part_name(place), call));
            columns.extend(argument.map(|value| Named::new(argument_name(place), value)));
        }
        let rows = self.chain.base.clone().filter_all(self.below);
        let mut node = rows.project(columns).aggregate(groups, measures);
        for join in self.chain.joins {
            if let Node::Join {
                kind,
                right,
                on,
                null_equal,
                ..
            } = join
            {
                node = Node::Join {
                    kind: *kind,
                    left: Box::new(node),
                    right: right.clone(),
                    on: on.clone(),
                    null_equal: *null_equal,
                };
            }
        }
        node.filter_all(self.above).project(self.shown)
    }
}

fn part_name(place: usize) -> String {
    format!("__part{place}")
}

fn argument_name(place: usize) -> String {
    format!("__argument{place}")
}

/// The coarsest grain at which nothing that looks at a column sees a difference; `None`: it is looked at as it is.
#[derive(Default)]
struct Uses(BTreeMap<String, Option<Grain>>);

impl Uses {
    fn grain(&self, column: &str) -> Option<Grain> {
        self.0.get(column).copied().flatten()
    }

    fn raw(&mut self, column: &str) {
        self.0.insert(column.to_owned(), None);
    }

    fn note(&mut self, value: &Expression) {
        match value {
            Expression::Column(name) => self.raw(name),
            Expression::Literal(_) => {}
            Expression::Unary { operand, .. } | Expression::In { operand, .. } => self.note(operand),
            Expression::Binary { left, right, .. } => {
                self.note(left);
                self.note(right);
            }
            Expression::Case { branches, otherwise } => {
                for (condition, then) in branches {
                    self.note(condition);
                    self.note(then);
                }
                self.note(otherwise);
            }
            Expression::Call { function, arguments } => match (fixed_within(function), arguments.as_slice()) {
                (Some(grain), [Expression::Column(name)]) => {
                    let known = self.0.entry(name.clone()).or_insert(Some(grain));
                    *known = known.map(|known| known.min(grain));
                }
                _ => arguments.iter().for_each(|argument| self.note(argument)),
            },
        }
    }
}

/// Within which stretch of time a function gives the same, where that is cheap to find. Days that begin elsewhere are not.
const fn fixed_within(function: &Function) -> Option<Grain> {
    match function {
        Function::Truncate { grain, zone: None, .. } => match grain {
            Grain::Day | Grain::Week | Grain::Month | Grain::Quarter | Grain::Year => Some(Grain::Day),
            Grain::Hour => Some(Grain::Hour),
            Grain::Minute | Grain::Second | Grain::Millisecond => None,
        },
        Function::Part { part, zone: None } => Some(match part.grain() {
            Grain::Week | Grain::Month | Grain::Quarter | Grain::Year => Grain::Day,
            fine => fine,
        }),
        _ => None,
    }
}
