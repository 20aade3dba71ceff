//! Steps that are folded into the SELECT before them where SQL means the same by it.

use super::{
    Printed, aggregate,
    block::{Block, Condition, Item, WindowColumn, WindowFunction},
    emulate,
    expression::truth,
    scope::{Place, missing},
    write::Writer,
};
use crate::logical::{AggregateCall, Expression, Named, Node, SortKey, WindowCall};

impl Writer<'_> {
    pub fn filter(&mut self, input: &Node, predicate: &Expression) -> Printed<Block> {
        let mut block = self.block(input)?;
        let whole = block.keys.as_ref().is_some_and(Vec::is_empty);
        if block.limit.is_some() || !block.windows.is_empty() || whole || !block.folds([predicate]) {
            block = self.close(block, "rows")?;
        }
        let mut placed = block.placed(predicate)?;
        // After grouping only what is computed from groups can be asked about.
        if block.is_grouped() && placed.reads_source() {
            block = self.close(block, "groups")?;
            placed = block.placed(predicate)?;
        }
        truth(&block.scope(self.dialect).term(&placed)?, self.dialect)?;
        if block.is_grouped() {
            block.having.push(placed);
        } else {
            block.conditions.push(Condition::Where(placed));
        }
        Ok(block)
    }

    pub fn project(&mut self, input: &Node, columns: &[Named<Expression>]) -> Printed<Block> {
        let mut block = self.block(input)?;
        if !block.folds(columns.iter().map(|column| &column.value)) {
            block = self.close(block, "rows")?;
        }
        let mut placed = self.placed_columns(&block, columns)?;
        if block.is_grouped() && !self.keeps_groups(&block, &placed) {
            block = self.close(block, "groups")?;
            placed = self.placed_columns(&block, columns)?;
        }
        block.columns = placed;
        Ok(block)
    }

    fn placed_columns(&self, block: &Block, columns: &[Named<Expression>]) -> Printed<Vec<Item>> {
        columns
            .iter()
            .map(|column| self.item(block, &column.name, block.placed(&column.value)?))
            .collect()
    }

    /// Can a grouped block have these columns? Keys that are computed are grouped by position, so they have to stay.
    fn keeps_groups(&self, block: &Block, columns: &[Item]) -> bool {
        let keys: Vec<&Expression> = block.keys.iter().flatten().collect();
        let computed = keys.iter().filter(|key| !block.is_plain_key(key, self.dialect));
        // What makes one row of all of them is that something is aggregated.
        let mut stays = !keys.is_empty() || columns.iter().any(|item| item.value.reads_aggregate());
        for key in computed {
            stays &= columns.iter().any(|item| item.value == **key);
            // Beside itself, nothing may be computed from it.
            stays &= columns
                .iter()
                .all(|item| item.value == **key || !item.value.reads_source() || keys.contains(&&item.value));
        }
        stays
    }

    pub fn aggregate(
        &mut self,
        input: &Node,
        keys: &[Named<Expression>],
        measures: &[Named<AggregateCall>],
    ) -> Printed<Block> {
        let mut block = self.block(input)?;
        let arguments = measures.iter().flat_map(|measure| measure.value.arguments());
        let closed = block.is_grouped() || !block.windows.is_empty() || block.limit.is_some();
        if closed || !block.folds(keys.iter().map(|key| &key.value).chain(arguments)) {
            block = self.close(block, "rows")?;
        }
        block.order.clear();
        let keys = keys
            .iter()
            .map(|key| Ok(Named::new(key.name.clone(), block.placed(&key.value)?)))
            .collect::<Printed<Vec<_>>>()?;
        let measures = measures
            .iter()
            .map(|measure| {
                let value = measure.value.try_map(&|argument| block.placed(argument))?;
                Ok(Named::new(measure.name.clone(), value))
            })
            .collect::<Printed<Vec<_>>>()?;
        if measures
            .iter()
            .any(|measure| emulate::is_missing(&measure.value, self.dialect))
        {
            return emulate::aggregate(self, block, &keys, &measures);
        }
        self.group(block, keys, measures)
    }

    /// Keys and arguments are places.
    pub fn group(
        &mut self,
        mut block: Block,
        keys: Vec<Named<Expression>>,
        measures: Vec<Named<AggregateCall>>,
    ) -> Printed<Block> {
        let mut columns = Vec::with_capacity(keys.len() + measures.len());
        for key in &keys {
            columns.push(self.item(&block, &key.name, key.value.clone())?);
        }
        block.keys = Some(keys.into_iter().map(|key| key.value).collect());
        for measure in measures {
            let kind = aggregate::print(&measure.value, &block.scope(self.dialect))?.kind;
            let value = Place::Aggregate(block.aggregates.len()).expression();
            block.aggregates.push(measure.value);
            columns.push(Item {
                name: measure.name,
                value,
                kind,
            });
        }
        block.columns = columns;
        Ok(block)
    }

    pub fn sort(&mut self, input: &Node, keys: &[SortKey]) -> Printed<Block> {
        let mut block = self.block(input)?;
        let rewritten =
            block.is_grouped() && !self.dialect.calculates_over_keys() && !block.has_plain_keys(self.dialect);
        if block.limit.is_some() || rewritten {
            block = self.close(block, "groups")?;
        }
        block.order = keys
            .iter()
            .map(|key| Ok((block.item(&key.column)?.value.clone(), key.direction)))
            .collect::<Printed<Vec<_>>>()?;
        Ok(block)
    }

    pub fn window(
        &mut self,
        input: &Node,
        partition: &[String],
        order: &[SortKey],
        calls: &[Named<WindowCall>],
    ) -> Printed<Block> {
        let mut block = self.block(input)?;
        let computed = calls
            .iter()
            .filter_map(|call| call.value.column())
            .any(|column| block.item(column).is_ok_and(|item| item.value.column_name().is_none()));
        if block.is_grouped() || !block.windows.is_empty() || block.limit.is_some() || computed {
            block = self.close(block, "rows")?;
        }
        block.order.clear();
        let partition = partition
            .iter()
            .map(|name| Ok(block.item(name)?.value.clone()))
            .collect::<Printed<Vec<_>>>()?;
        let order = order
            .iter()
            .map(|key| Ok((block.item(&key.column)?.value.clone(), key.direction)))
            .collect::<Printed<Vec<_>>>()?;
        let mut added = Vec::with_capacity(calls.len());
        for call in calls {
            let value = call.value.try_map(&|name| {
                let place = block.item(name)?.value.column_name();
                place.map(str::to_owned).ok_or_else(missing)
            })?;
            let place = Place::Window(block.windows.len()).expression();
            block.windows.push(WindowColumn {
                call: WindowFunction::Call(value),
                partition: partition.clone(),
                order: order.clone(),
            });
            added.push(self.item(&block, &call.name, place)?);
        }
        block
            .columns
            .retain(|item| !added.iter().any(|new| new.name == item.name));
        block.columns.extend(added);
        Ok(block)
    }

    fn item(&self, block: &Block, name: &str, value: Expression) -> Printed<Item> {
        Ok(Item {
            name: name.to_owned(),
            kind: block.scope(self.dialect).term(&value)?.kind,
            value,
        })
    }
}
