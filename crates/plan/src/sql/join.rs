//! Joins: the right side is a source of its own; semi and anti joins are conditions.

use super::{
    Kind, Printed,
    block::{Block, Condition, Item},
    names::Taken,
    scope::{Place, Role, Source, missing},
    write::Writer,
};
use crate::logical::{Expression, JoinKind, Node};

impl Writer<'_> {
    pub fn join(
        &mut self,
        kind: JoinKind,
        left: &Node,
        right: &Node,
        on: &[(String, String)],
        null_equal: bool,
    ) -> Printed<Block> {
        let mut block = self.block(left)?;
        let right = self.block(right)?;
        let stem = right.stem.clone();
        let (mut source, names) = self.source(right, "rows")?;
        let computed_key = on
            .iter()
            .any(|(left, _)| block.item(left).is_ok_and(|item| item.value.column_name().is_none()));
        let closed = block.is_grouped() || !block.windows.is_empty() || block.limit.is_some() || computed_key;
        if closed {
            block = self.close(block, "rows")?;
        }
        block.order.clear();
        let mut pairs = Vec::with_capacity(on.len());
        for (left, right) in on {
            let column = names
                .iter()
                .find(|(name, _)| name == right)
                .map(|(_, column)| *column)
                .ok_or_else(missing)?;
            pairs.push((block.item(left)?.value.clone(), column));
        }
        let mut taken = Taken::default();
        block.sources.iter().for_each(|source| taken.reserve(&source.alias));
        for condition in &block.conditions {
            if let Condition::Exists { source, .. } = condition {
                taken.reserve(&source.alias);
            }
        }
        source.alias = taken.fresh(&source.alias);
        let index = block.sources.len();
        match kind {
            JoinKind::Semi | JoinKind::Anti => block.conditions.push(Condition::Exists {
                negated: kind == JoinKind::Anti,
                source,
                on: pairs,
                null_equal,
            }),
            JoinKind::Inner | JoinKind::Left | JoinKind::Cross => {
                for (name, column) in names {
                    if on.iter().any(|(_, key)| *key == name) {
                        continue;
                    }
                    let kind = source.columns.get(column).map_or(Kind::Null, |column| column.kind);
                    block.columns.push(Item {
                        name,
                        value: Place::Source { source: index, column }.expression(),
                        kind,
                    });
                }
                source.role = Role::Joined {
                    kind,
                    on: pairs
                        .into_iter()
                        .map(|(left, column)| (left, Place::Source { source: index, column }.expression()))
                        .collect(),
                    null_equal,
                };
                block.sources.push(source);
            }
        }
        if block.stem.is_empty() {
            block.stem = stem;
        }
        // Unknown types of keys show here.
        block.print(self.dialect)?;
        Ok(block)
    }

    /// The block as a source to join, and which of its columns has which name.
    pub fn source(&mut self, block: Block, what: &str) -> Printed<(Source, Vec<(String, usize)>)> {
        let mut block = self.close(block, what)?;
        let mut names = Vec::with_capacity(block.columns.len());
        for item in &block.columns {
            if let Expression::Column(name) = &item.value
                && let Some(Place::Source { column, .. }) = Place::of(name)
            {
                names.push((item.name.clone(), column));
            }
        }
        let source = block.sources.pop().ok_or_else(missing)?;
        Ok((source, names))
    }
}
