//! Which tables a row of one table finds, and along which joins.

use std::collections::BTreeMap;

use shared::{
    AppError, ErrorCode,
    semantic::{Cardinality, Join, Model, ModelTable},
};

/// Longer ways are not looked for.
const MOST_STEPS: usize = 8;
/// Ways looked at before the model is called too tangled.
const MOST_WAYS: usize = 20_000;
/// Candidates in a message.
const MOST_NAMED: usize = 40;

/// The joins of a model, with what the query says about which of several to take.
#[derive(Clone, Copy, Debug)]
pub struct Graph<'a> {
    pub model: &'a Model,
    /// Table → the role (or join) to reach it by.
    pub chosen: &'a BTreeMap<String, String>,
}

/// Rows: of which table, and what they are called.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub node: &'a str,
    pub table: &'a ModelTable,
}

impl<'a> Place<'a> {
    pub fn of(table: &'a ModelTable) -> Self {
        Self {
            node: table.name.as_str(),
            table,
        }
    }

    /// Where a way from here leads.
    pub fn after(self, way: &[Step<'a>]) -> Self {
        way.last().map_or(self, |step| Self {
            node: step.node,
            table: step.table,
        })
    }

    /// Does a field's first part mean these rows?
    pub fn is_called(self, node: &str) -> bool {
        self.node == node || self.table.name.as_str() == node
    }
}

/// One join, from either of its ends.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    pub join: &'a Join,
    pub reversed: bool,
    /// What the rows it leads to are called.
    pub node: &'a str,
    pub table: &'a ModelTable,
}

/// Joins one after the other; empty: the table itself.
pub type Way<'a> = Vec<Step<'a>>;

/// How a field is seen from the rows of a table.
pub enum Reach<'a> {
    /// Each row has one.
    One(Way<'a>),
    /// A row may have many; the joins up to the first that leads to many, and that one.
    Many { before: Way<'a>, step: Step<'a> },
}

impl<'a> Step<'a> {
    /// Stored columns of both ends.
    pub fn pairs(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let reversed = self.reversed;
        self.join.on.iter().map(move |(from, to)| {
            let (from, to) = (from.as_str(), to.as_str());
            if reversed { (to, from) } else { (from, to) }
        })
    }

    fn cardinality(&self) -> Cardinality {
        if self.reversed {
            self.join.cardinality.reversed()
        } else {
            self.join.cardinality
        }
    }
}

/// `customers.countries.` for the columns at the end of a way; nothing for the table's own.
pub fn prefix(way: &[Step<'_>]) -> String {
    way.iter().map(|step| format!("{}.", step.node)).collect()
}

/// What a stored column at the end of a way is called in the rows of its start. `table.column` is that of a table earlier on
/// the way.
pub fn stored<'a>(from: Place<'a>, way: &[Step<'a>], name: &str) -> String {
    let Some((table, column)) = name.split_once('.') else {
        return format!("{}{name}", prefix(way));
    };
    let parts = (0..=way.len()).filter_map(|length| way.get(..length));
    let earlier = parts
        .rev()
        .find(|part| from.after(part).is_called(table))
        .unwrap_or(way);
    format!("{}{column}", prefix(earlier))
}

impl<'a> Graph<'a> {
    /// The joins that rows called `node` of a table can take, those of their own direction first.
    pub fn steps(&self, here: Place<'a>) -> Vec<Step<'a>> {
        let is_here = |name: &str| here.is_called(name);
        let forward = self
            .model
            .joins
            .iter()
            .filter(|join| is_here(join.from.as_str()))
            .filter_map(|join| {
                Some(Step {
                    join,
                    reversed: false,
                    node: join.node(),
                    table: self.model.table(join.to.as_str())?,
                })
            });
        // What only one direction can decide is not looked at from the other end.
        let can_turn = |join: &&Join| {
            join.valid.is_none() && join.condition.is_none() && join.on.iter().all(|(from, _)| !from.contains('.'))
        };
        let backward = self
            .model
            .joins
            .iter()
            .filter(|join| is_here(join.node()) || join.to == here.table.name)
            .filter(can_turn)
            .filter_map(|join| {
                Some(Step {
                    join,
                    reversed: true,
                    node: join.from.as_str(),
                    table: self.model.node(join.from.as_str())?,
                })
            });
        let mut found: Vec<Step<'a>> = Vec::new();
        for step in forward.chain(backward) {
            if !found.iter().any(|known| known.node == step.node) {
                found.push(step);
            }
        }
        found
    }

    /// How rows see the rows called `node`.
    ///
    /// # Errors
    /// `ambiguous_path` with the ways to choose from; `unreachable_dimension` with what can be reached.
    pub fn reach_node(&self, from: Place<'a>, node: &str) -> Result<Reach<'a>, AppError> {
        self.reach(from, node, node)
    }

    /// As `reach_node`, for a field of those rows.
    ///
    /// # Errors
    /// As `reach_node`, naming the field.
    pub fn reach(&self, from: Place<'a>, node: &str, field: &str) -> Result<Reach<'a>, AppError> {
        if from.is_called(node) {
            return Ok(Reach::One(Way::new()));
        }
        if let Some(way) = self.shortest(from, node, field, true)? {
            return Ok(Reach::One(way));
        }
        if let Some(way) = self.shortest(from, node, field, false)? {
            let first_many = way.iter().position(|step| !step.cardinality().is_to_one());
            if let Some((before, step)) = first_many.and_then(|place| Some((way.get(..place)?, way.get(place)?))) {
                return Ok(Reach::Many {
                    before: before.to_vec(),
                    step: *step,
                });
            }
        }
        Err(self.unreachable(from, field))
    }

    /// The only shortest way to rows called `node`, else to rows of the table of that name.
    fn shortest(&self, from: Place<'a>, node: &str, field: &str, to_one: bool) -> Result<Option<Way<'a>>, AppError> {
        for by_table in [false, true] {
            let wanted = |step: &Step<'_>| step.node == node || (by_table && step.table.name.as_str() == node);
            let mut found = self.ways(from, node, to_one, wanted)?;
            match (found.pop(), found.is_empty()) {
                (None, _) => {}
                (Some(only), true) => return Ok(Some(only)),
                (Some(last), false) => {
                    found.push(last);
                    let names = found.iter().map(|way| way_name(way)).collect();
                    let message = format!("There is more than one way from {} to {field}.", from.node);
                    return Err(AppError::new(ErrorCode::AmbiguousPath, message)
                        .with_field(field)
                        .with_hint("Name the role in the field, or choose it with \"joins\": {\"table\": \"role\"}.")
                        .with_candidates(names));
                }
            }
        }
        Ok(None)
    }

    /// All shortest ways to what is wanted.
    fn ways(
        &self,
        from: Place<'a>,
        node: &str,
        to_one: bool,
        wanted: impl Fn(&Step<'_>) -> bool,
    ) -> Result<Vec<Way<'a>>, AppError> {
        let mut level: Vec<Way<'a>> = vec![Way::new()];
        let mut seen = vec![from.node];
        for _ in 0..MOST_STEPS {
            let mut next: Vec<Way<'a>> = Vec::new();
            for way in &level {
                for step in self.steps(from.after(way)) {
                    let is_chosen = self
                        .chosen
                        .get(step.table.name.as_str())
                        .is_none_or(|role| role == step.node || role == step.join.name.as_str() || step.node == node);
                    if !is_chosen || (to_one && !step.cardinality().is_to_one()) || seen.contains(&step.node) {
                        continue;
                    }
                    let mut longer = way.clone();
                    longer.push(step);
                    next.push(longer);
                }
                if next.len() > MOST_WAYS {
                    return Err(self.tangled());
                }
            }
            let found: Vec<Way<'a>> = next
                .iter()
                .filter(|way| way.last().is_some_and(&wanted))
                .cloned()
                .collect();
            if !found.is_empty() || next.is_empty() {
                return Ok(found);
            }
            seen.extend(next.iter().filter_map(|way| way.last()).map(|step| step.node));
            level = next;
        }
        Ok(Vec::new())
    }

    /// Every way on which each row finds one row, the rows themselves left out, shorter ones first.
    ///
    /// # Errors
    /// `limit` for a model whose joins lead too many ways: a part of them would look like all.
    pub fn ways_to_one(&self, from: Place<'a>) -> Result<Vec<Way<'a>>, AppError> {
        let mut all: Vec<Way<'a>> = Vec::new();
        let mut level: Vec<Way<'a>> = vec![Way::new()];
        for _ in 0..MOST_STEPS {
            let mut next = Vec::new();
            for way in &level {
                let fresh = |step: &Step<'_>| {
                    step.cardinality().is_to_one()
                        && step.node != from.node
                        && way.iter().all(|known| known.node != step.node)
                };
                for step in self.steps(from.after(way)).into_iter().filter(fresh) {
                    let mut longer = way.clone();
                    longer.push(step);
                    next.push(longer);
                }
            }
            if next.is_empty() {
                break;
            }
            if all.len() + next.len() > MOST_WAYS {
                return Err(self.tangled());
            }
            all.extend(next.iter().cloned());
            level = next;
        }
        Ok(all)
    }

    fn tangled(&self) -> AppError {
        let message = format!("The joins of {} lead too many ways.", self.model.model);
        AppError::new(ErrorCode::Limit, message).with_hint("Leave out joins that are not needed.")
    }

    /// The way whose columns have a prefix such as `customers.countries`.
    pub fn walk(&self, from: Place<'a>, nodes: &str) -> Option<Way<'a>> {
        let mut way = Way::new();
        for node in nodes.split('.') {
            let step = self
                .steps(from.after(&way))
                .into_iter()
                .find(|step| step.node == node)?;
            way.push(step);
        }
        Some(way)
    }

    /// Names of the fields that can be asked of the rows of a table.
    pub fn fields(&self, from: Place<'a>) -> Vec<String> {
        let of = |node: &str, table: &ModelTable| {
            let names = table.dimensions.iter().filter(|dimension| !dimension.hidden);
            names
                .map(|dimension| format!("{node}.{}", dimension.name))
                .collect::<Vec<_>>()
        };
        let mut fields = of(from.node, from.table);
        let mut seen = Vec::new();
        // Only names to choose from: of a tangled model its own fields do.
        for way in self.ways_to_one(from).unwrap_or_default() {
            if let Some(step) = way.last()
                && !seen.contains(&step.node)
            {
                seen.push(step.node);
                fields.extend(of(step.node, step.table));
            }
        }
        fields
    }

    fn unreachable(&self, from: Place<'a>, field: &str) -> AppError {
        let mut candidates = self.fields(from);
        candidates.truncate(MOST_NAMED);
        let message = format!("{field} cannot be reached from {}.", from.node);
        AppError::new(ErrorCode::UnreachableDimension, message)
            .with_field(field)
            .with_candidates(candidates)
    }
}

fn way_name(way: &[Step<'_>]) -> String {
    let nodes: Vec<&str> = way.iter().map(|step| step.node).collect();
    nodes.join(".")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Every table leads to all others: more ways than anybody has in mind.
    #[test]
    fn a_tangled_model_is_refused_rather_than_looked_at_in_part() {
        let name = |table: usize| format!("t{table}");
        let tables: Vec<_> = (0..12)
            .map(|table| json!({"name": name(table), "source": {"dataset": name(table)}}))
            .collect();
        let pairs = (0..12).flat_map(|from| (0..12).filter(move |to| *to != from).map(move |to| (from, to)));
        let joins: Vec<_> = pairs
            .map(|(from, to)| json!({"name": format!("j{from}_{to}"), "from": name(from), "to": name(to), "on": [["a", "b"]], "cardinality": "many_to_one"}))
            .collect();
        let model: Model =
            serde_json::from_value(json!({"format": 1, "model": "m", "tables": tables, "joins": joins})).unwrap();
        let chosen = BTreeMap::new();
        let graph = Graph {
            model: &model,
            chosen: &chosen,
        };
        let from = Place::of(model.table("t0").unwrap());
        assert_eq!(graph.ways_to_one(from).unwrap_err().code, ErrorCode::Limit);
        assert!(matches!(graph.reach_node(from, "t9"), Ok(Reach::One(way)) if way.len() == 1));
    }
}
