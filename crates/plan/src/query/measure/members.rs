//! Members that have no rows: of the table that the query is about, and those that no row points to.

use shared::{
    AppError, ErrorCode,
    semantic::{Condition, Fill, FillDimensions, Operator},
};

use super::Builder;
use crate::{
    graph::{Place, Reach, Step, Way, prefix},
    logical::{Expression, JoinKind, Named, Node},
    query::{
        Policy,
        interval::Interval,
        lower::Lowering,
        names::find_field,
        naming::{OTHERS, key_name},
        resolve::fields_of,
        resolved::{Fact, Field},
        rows::{key_value, policy_filters, rows, scan},
    },
};

impl<'a> Builder<'_, 'a> {
    /// The keys of the members of `of`, but for those on the axis: these come from filling.
    ///
    /// # Errors
    /// `invalid` where times are grouped by and not filled; else as finding the keys.
    pub(super) fn members(&self) -> Result<Option<Node>, AppError> {
        let resolved = self.resolved;
        // Who leaves rows out after they are finished wants no new ones.
        if resolved.root.is_none() || !self.options.fill || self.options.keep.is_some() {
            return Ok(None);
        }
        let axis = resolved.axis_keys();
        let keys: Vec<usize> = self.keys.iter().copied().filter(|key| !axis.contains(key)).collect();
        let fills = |fill: &Fill| fill.time && fill.dimensions == FillDimensions::All;
        if keys.len() < self.keys.len() && !resolved.query.fill.as_ref().is_some_and(fills) {
            let message = "Members without rows have no time to be shown at.";
            return Err(
                AppError::invalid("of", message).with_hint("Add \"fill\":{\"time\":true}, or leave the time out.")
            );
        }
        if keys.is_empty() {
            return Ok(None);
        }
        let mut spec = self.rows_of(0, &[], None);
        spec.root = true;
        spec.keys = &keys;
        spec.range = Interval::ALL;
        let names = keys.iter().map(|key| key_name(*key));
        let names = names.chain(self.options.others.map(|_| OTHERS.to_owned()));
        let columns = names.map(Named::same).collect();
        Ok(Some(rows(resolved, &spec)?.aggregate(columns, Vec::new())))
    }

    /// Rows of tables that the root's rows find, which none of them does: their keys, and NULL for all others. `range`: of the
    /// root's rows.
    ///
    /// # Errors
    /// `unsupported` for conditions about both, and for joins that find rows by more than their keys.
    pub(super) fn unmatched(&self, keys: &[usize], range: &Interval) -> Result<Vec<Node>, AppError> {
        let resolved = self.resolved;
        let Some(root) = resolved.facts.first() else {
            return Ok(Vec::new());
        };
        let mut ways: Vec<Way<'a>> = Vec::new();
        for key in keys.iter().filter_map(|key| resolved.keys.get(*key)) {
            let way = self.way(root, &key.field)?;
            for length in 1..=way.len() {
                let part: Way<'a> = way.iter().copied().take(length).collect();
                if !ways.iter().any(|known| prefix(known) == prefix(&part)) {
                    ways.push(part);
                }
            }
        }
        let mut found = Vec::new();
        // A row without a partner has no time of the root's.
        if !range.is_all() || !resolved.axis_conditions.is_empty() {
            return Ok(found);
        }
        for way in &ways {
            found.extend(self.unmatched_at(root, way, keys)?);
        }
        Ok(found)
    }

    fn way(&self, root: &Fact<'a>, field: &Field<'a>) -> Result<Way<'a>, AppError> {
        let Field::Of { node, .. } = field else {
            return Ok(Way::new());
        };
        match self.resolved.scope.graph.reach(root.place(), node, &field.name())? {
            Reach::One(way) => Ok(way),
            Reach::Many { .. } => Ok(Way::new()),
        }
    }

    fn unmatched_at(&self, root: &Fact<'a>, way: &Way<'a>, keys: &[usize]) -> Result<Option<Node>, AppError> {
        let resolved = self.resolved;
        let Some((step, before)) = way.split_last() else {
            return Ok(None);
        };
        if step.join.valid.is_some() || step.join.condition.is_some() {
            let message = format!(
                "Members that nothing points to cannot be listed through {}.",
                step.join.name
            );
            return Err(AppError::new(ErrorCode::Unsupported, message).with_field("unmatched"));
        }
        let fact = Fact {
            node: step.node,
            table: step.table,
            time: None,
        };
        let mut lowering = Lowering::new(resolved, fact);
        let mut filters = policy_filters(&mut lowering)?;
        for condition in &resolved.conditions {
            match self.about(root, way, condition)? {
                About::There => filters.push(lowering.condition(condition)?),
                About::Nothing => return Ok(None),
            }
        }
        let mut columns: Vec<Named<Expression>> = step
            .pairs()
            .enumerate()
            .map(|(place, (_, right))| Named::new(point(place), Expression::column(right)))
            .collect();
        for index in keys {
            let Some(key) = resolved.keys.get(*index) else { continue };
            let there = prefix(&self.way(root, &key.field)?).starts_with(&prefix(way));
            let value = if there {
                key_value(&mut lowering, key)?
            } else {
                Expression::null()
            };
            columns.push(Named::new(key_name(*index), value));
        }
        let there = scan(resolved, &fact, &filters, &columns, lowering.gates)?
            .filter_all(filters)
            .project(columns);
        let names: Vec<String> = (0..step.pairs().count()).map(point).collect();
        let alone = Node::Join {
            kind: JoinKind::Anti,
            left: Box::new(there),
            right: Box::new(self.pointing(root.place().after(before), *step)?),
            on: names.iter().map(|name| (name.clone(), name.clone())).collect(),
            null_equal: false,
        };
        Ok(Some(
            alone.project(keys.iter().map(|key| Named::same(key_name(*key))).collect()),
        ))
    }

    /// What the rows at the start of a join point to, as far as they may be seen.
    fn pointing(&self, place: Place<'a>, step: Step<'a>) -> Result<Node, AppError> {
        let fact = Fact {
            node: place.node,
            table: place.table,
            time: None,
        };
        let mut lowering = Lowering::new(self.resolved, fact);
        let filters = policy_filters(&mut lowering)?;
        let columns: Vec<Named<Expression>> = step
            .pairs()
            .enumerate()
            .map(|(place, (left, _))| Named::new(point(place), Expression::column(left)))
            .collect();
        Ok(scan(self.resolved, &fact, &filters, &columns, lowering.gates)?
            .filter_all(filters)
            .project(columns))
    }

    /// What a condition says of rows at the end of a way.
    fn about(&self, root: &Fact<'a>, way: &Way<'a>, condition: &Condition) -> Result<About, AppError> {
        let mut names = Vec::new();
        fields_of(condition, &mut names);
        let mut there = Vec::new();
        for name in &names {
            let field = find_field(self.resolved.model, &Policy::default(), name);
            there.push(match field {
                Ok(field) => prefix(&self.way(root, &field)?).starts_with(&prefix(way)),
                Err(_) => false,
            });
        }
        if !there.is_empty() && there.iter().all(|there| *there) {
            return Ok(About::There);
        }
        // What is asked of the root's rows is never true where there is none.
        let compares = matches!(condition, Condition::Field(field) if field.op != Operator::IsNull);
        if compares && there.iter().all(|there| !*there) {
            return Ok(About::Nothing);
        }
        let message = "Members that nothing points to cannot be listed under this condition.";
        Err(AppError::new(ErrorCode::Unsupported, message)
            .with_field("unmatched")
            .with_hint("Use conditions that are each about one table."))
    }
}

enum About {
    /// It decides.
    There,
    /// It is never true.
    Nothing,
}

fn point(place: usize) -> String {
    format!("__point{place}")
}
