//! Nodes of a plan folded into SELECTs; what cannot be folded becomes a stage (`WITH`) of its own.

use shared::table::ColumnType;

use super::{
    Kind, Printed, Relation, RelationRows, Unsupported,
    block::{Block, Limit},
    dialect::Dialect,
    names::{Taken, stem},
    scope::{Place, Role, Source, SourceColumn},
};
use crate::logical::{Node, SourceTable};

pub struct Writer<'a> {
    pub dialect: &'a dyn Dialect,
    relations: &'a dyn Fn(&SourceTable) -> Relation,
    stages: Vec<Stage>,
    taken: Taken,
}

struct Stage {
    name: String,
    lines: Vec<String>,
    columns: Vec<SourceColumn>,
}

/// A finished statement.
pub struct Written {
    pub text: String,
    pub columns: Vec<(String, Kind)>,
}

impl<'a> Writer<'a> {
    /// No stage may be called like a table: it would hide it.
    pub fn new(dialect: &'a dyn Dialect, relations: &'a dyn Fn(&SourceTable) -> Relation, node: &Node) -> Self {
        let mut taken = Taken::default();
        for source in node.sources() {
            match relations(source).rows {
                RelationRows::Table(name) => name.iter().for_each(|part| taken.reserve(part)),
                RelationRows::Query(_) => taken.reserve(&source.table),
            }
        }
        Self {
            dialect,
            relations,
            stages: Vec::new(),
            taken,
        }
    }

    pub fn statement(mut self, node: &Node) -> Printed<Written> {
        let block = self.block(node)?;
        let columns = block
            .columns
            .iter()
            .map(|item| (item.name.clone(), item.kind))
            .collect();
        let lines = match self.last_stage(&block) {
            Some(lines) => lines,
            None => block.print(self.dialect)?.0,
        };
        let mut text = String::new();
        for (index, stage) in self.stages.iter().enumerate() {
            let start = if index == 0 { "WITH " } else { "),\n" };
            text.push_str(&format!("{start}{} AS (\n", self.dialect.name(&stage.name)));
            for line in &stage.lines {
                text.push_str(&format!("  {line}\n"));
            }
        }
        if !self.stages.is_empty() {
            text.push_str(")\n");
        }
        text.push_str(&lines.join("\n"));
        Ok(Written { text, columns })
    }

    /// Where the answer is just the last stage, that is the statement.
    fn last_stage(&mut self, block: &Block) -> Option<Vec<String>> {
        let last = self.stages.last()?;
        let only = block
            .sources
            .first()
            .filter(|_| block.is_bare() && block.order.is_empty())?;
        let all = block.columns.len() == last.columns.len();
        let in_order = block
            .columns
            .iter()
            .enumerate()
            .all(|(column, item)| item.value == Place::Source { source: 0, column }.expression());
        let reads_last = !only.is_table && only.alias == last.name;
        (all && in_order && reads_last).then(|| self.stages.pop().map(|stage| stage.lines))?
    }

    pub fn block(&mut self, node: &Node) -> Printed<Block> {
        match node {
            Node::Scan { source, columns } => self.scan(source, columns),
            Node::Fetched { name, .. } => Err(Unsupported::new(format!("table {name}, which was fetched before"))),
            Node::Values { columns, rows } => self.values(columns, rows),
            Node::Filter { input, predicate } => self.filter(input, predicate),
            Node::Project { input, columns } => self.project(input, columns),
            Node::Aggregate { input, keys, measures } => self.aggregate(input, keys, measures),
            Node::Join {
                kind,
                left,
                right,
                on,
                null_equal,
            } => self.join(*kind, left, right, on, *null_equal),
            Node::Union { inputs } => self.union(inputs),
            Node::Sort { input, keys } => self.sort(input, keys),
            Node::Limit { input, offset, count } => {
                let mut block = self.block(input)?;
                if block.limit.is_some() {
                    block = self.close(block, "top")?;
                }
                block.limit = Some(Limit {
                    offset: *offset,
                    count: *count,
                });
                Ok(block)
            }
            Node::Spine { column, from, to, step } => self.spine(column, *from, *to, *step),
            Node::Window {
                input,
                partition,
                order,
                columns,
            } => self.window(input, partition, order, columns),
        }
    }

    fn scan(&mut self, table: &SourceTable, columns: &[String]) -> Printed<Block> {
        let relation = (self.relations)(table);
        let (text, alias) = self.relation(&relation.rows, table)?;
        let mut stored = Vec::with_capacity(columns.len());
        for name in columns {
            let column = relation
                .columns
                .iter()
                .find(|column| column.name == *name && !name.contains('\0'))
                .ok_or_else(|| Unsupported::new(format!("column {name} in table {}", table.table)))?;
            stored.push(SourceColumn {
                name: column.name.clone(),
                kind: Kind::of(column.kind),
                exact: column.exact,
                // A text that is no time is read as NULL.
                nullable: column.nullable
                    || !column.exact
                        && matches!(
                            column.kind,
                            ColumnType::Date | ColumnType::Timestamp | ColumnType::Timestamptz
                        ),
            });
        }
        let apart = stored
            .iter()
            .any(|column| !column.exact && self.dialect.reads_apart(column.kind));
        let source = Source {
            relation: text,
            alias,
            columns: stored,
            role: Role::From,
            is_table: true,
        };
        let block = Block::over(source, columns.to_vec(), stem(&table.table));
        if apart { self.stage(block, "rows") } else { Ok(block) }
    }

    /// As it stands in FROM, and what it is called there.
    fn relation(&self, rows: &RelationRows, table: &SourceTable) -> Printed<(String, String)> {
        match rows {
            RelationRows::Table(name) => {
                let last = name
                    .last()
                    .ok_or_else(|| Unsupported::new(format!("table {}", table.table)))?;
                if name.iter().any(|part| part.contains('\0')) {
                    return Err(Unsupported::new("names with the character NUL"));
                }
                let quoted: Vec<String> = name.iter().map(|part| self.dialect.quoted(part)).collect();
                Ok((quoted.join("."), last.clone()))
            }
            RelationRows::Query(query) => Ok((format!("({query})"), table.table.clone())),
        }
    }

    /// The block as a table to select from; one that is only that stays.
    pub fn close(&mut self, block: Block, what: &str) -> Printed<Block> {
        if block.is_bare() {
            Ok(block)
        } else {
            self.stage(block, what)
        }
    }

    pub fn stage(&mut self, mut block: Block, what: &str) -> Printed<Block> {
        if block.limit.is_none() {
            block.order.clear();
        }
        let what = if block.limit.is_some() {
            "top"
        } else if block.is_grouped() {
            "groups"
        } else if block.windows.is_empty() {
            what
        } else {
            "ranked"
        };
        let (lines, columns) = block.print(self.dialect)?;
        let names = block.columns.into_iter().map(|item| item.name).collect();
        Ok(self.staged(lines, columns, names, block.stem, what))
    }

    /// The same stage is written once.
    pub fn staged(
        &mut self,
        lines: Vec<String>,
        columns: Vec<SourceColumn>,
        names: Vec<String>,
        stem: String,
        what: &str,
    ) -> Block {
        let known = self
            .stages
            .iter()
            .find(|stage| stage.lines == lines)
            .map(|stage| stage.name.clone());
        let name = known.unwrap_or_else(|| {
            let name = self.taken.fresh(&format!("{stem}_{what}"));
            self.stages.push(Stage {
                name: name.clone(),
                lines,
                columns: columns.clone(),
            });
            name
        });
        let source = Source {
            relation: self.dialect.name(&name),
            alias: name,
            columns,
            role: Role::From,
            is_table: false,
        };
        Block::over(source, names, stem)
    }
}
