//! Rows of several inputs, columns by name.

use super::{
    Kind, Printed, Unsupported,
    block::{Block, Item},
    scope::SourceColumn,
    write::Writer,
};
use crate::logical::{Expression, Node};

impl Writer<'_> {
    pub fn union(&mut self, inputs: &[Node]) -> Printed<Block> {
        let mut blocks = Vec::with_capacity(inputs.len());
        for input in inputs {
            let mut block = self.block(input)?;
            if block.limit.is_some() {
                block = self.close(block, "top")?;
            }
            block.order.clear();
            blocks.push(block);
        }
        let mut columns: Vec<(String, Kind)> = Vec::new();
        for item in blocks.iter().flat_map(|block| &block.columns) {
            match columns.iter_mut().find(|(name, _)| *name == item.name) {
                Some((_, kind)) => {
                    *kind = kind.meet(item.kind).ok_or_else(|| {
                        Unsupported::new(format!("column of both {} and {}", kind.noun(), item.kind.noun()))
                    })?;
                }
                None => columns.push((item.name.clone(), item.kind)),
            }
        }
        let mut lines = Vec::new();
        let mut written: Vec<SourceColumn> = Vec::new();
        let stem = blocks.first().map(|block| block.stem.clone()).unwrap_or_default();
        for mut block in blocks {
            block.columns = columns
                .iter()
                .map(|(name, kind)| Item {
                    name: name.clone(),
                    value: block
                        .item(name)
                        .map_or_else(|_| Expression::null(), |item| item.value.clone()),
                    kind: *kind,
                })
                .collect();
            if !lines.is_empty() {
                lines.push("UNION ALL".to_owned());
            }
            let (own, mut columns) = block.print(self.dialect)?;
            lines.extend(own);
            for (column, before) in columns.iter_mut().zip(&written) {
                column.nullable |= before.nullable;
            }
            written = columns;
        }
        if lines.is_empty() {
            return self.values(&[], &[]);
        }
        let names = columns.into_iter().map(|(name, _)| name).collect();
        Ok(self.staged(lines, written, names, stem, "together"))
    }
}
