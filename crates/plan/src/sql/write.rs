//! Nodes of a plan folded into SELECTs; what cannot be folded becomes a stage (`WITH`) of its own.

use super::{
    Kind, Printed, Relation, Unsupported, aggregate,
    block::{Block, Condition, Item, Limit, WindowColumn, WindowFunction},
    dialect::{Dialect, Step},
    emulate,
    expression::{fit, literal},
    names::{Taken, stem},
    scope::{Place, Role, Source, SourceColumn},
    term::Term,
};
use crate::logical::{AggregateCall, Expression, JoinKind, Literal, Named, Node, SortKey, SourceTable, WindowCall};
use shared::{semantic::Span, table::ColumnType};

/// More literal rows than one query of SQLite may have.
const MOST_VALUES: usize = 400;
/// More buckets than any chart or table can show; the engine's limit.
const MOST_BUCKETS: u32 = 1_000_000;

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
            relations(source).name.iter().for_each(|part| taken.reserve(part));
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

    fn block(&mut self, node: &Node) -> Printed<Block> {
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
        let Some(last) = relation.name.last() else {
            return Err(Unsupported::new(format!("table {}", table.table)));
        };
        if relation.name.iter().any(|part| part.contains('\0')) {
            return Err(Unsupported::new("names with the character NUL"));
        }
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
        let quoted: Vec<String> = relation.name.iter().map(|part| self.dialect.quoted(part)).collect();
        let source = Source {
            relation: quoted.join("."),
            alias: last.clone(),
            columns: stored,
            role: Role::From,
            is_table: true,
        };
        let block = Block::over(source, columns.to_vec(), stem(&table.table));
        if apart { self.stage(block, "rows") } else { Ok(block) }
    }

    fn filter(&mut self, input: &Node, predicate: &Expression) -> Printed<Block> {
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
        super::expression::truth(&block.scope(self.dialect).term(&placed)?, self.dialect)?;
        if block.is_grouped() {
            block.having.push(placed);
        } else {
            block.conditions.push(Condition::Where(placed));
        }
        Ok(block)
    }

    fn project(&mut self, input: &Node, columns: &[Named<Expression>]) -> Printed<Block> {
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

    fn item(&self, block: &Block, name: &str, value: Expression) -> Printed<Item> {
        Ok(Item {
            name: name.to_owned(),
            kind: block.scope(self.dialect).term(&value)?.kind,
            value,
        })
    }

    /// Can a grouped block have these columns? Keys that are computed are grouped by position, so they have to stay.
    fn keeps_groups(&self, block: &Block, columns: &[Item]) -> bool {
        let keys: Vec<&Expression> = block.keys.iter().flatten().collect();
        let computed = keys.iter().filter(|key| !block.is_plain_key(key, self.dialect));
        let mut stays = true;
        for key in computed {
            stays &= columns.iter().any(|item| item.value == **key);
            // Beside itself, nothing may be computed from it.
            stays &= columns
                .iter()
                .all(|item| item.value == **key || !item.value.reads_source() || keys.contains(&&item.value));
        }
        stays
    }

    fn aggregate(
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

    fn join(
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
                .ok_or_else(super::scope::missing)?;
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

    fn union(&mut self, inputs: &[Node]) -> Printed<Block> {
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

    fn sort(&mut self, input: &Node, keys: &[SortKey]) -> Printed<Block> {
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

    fn window(
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
                place.map(str::to_owned).ok_or_else(super::scope::missing)
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

    fn values(&mut self, columns: &[String], rows: &[Vec<Literal>]) -> Printed<Block> {
        if rows.len() > MOST_VALUES {
            return Err(Unsupported::new("room for that many literal rows"));
        }
        let mut kinds = vec![Kind::Null; columns.len()];
        let mut terms: Vec<Vec<Term>> = Vec::with_capacity(rows.len());
        for row in rows {
            let row = row
                .iter()
                .map(|value| literal(value, self.dialect))
                .collect::<Printed<Vec<_>>>()?;
            for (kind, term) in kinds.iter_mut().zip(&row) {
                *kind = kind
                    .meet(term.kind)
                    .ok_or_else(|| Unsupported::new("column of values of different types"))?;
            }
            terms.push(row);
        }
        let mut taken = Taken::default();
        let written: Vec<SourceColumn> = columns
            .iter()
            .zip(&kinds)
            .map(|(name, kind)| SourceColumn {
                name: taken.column(name),
                kind: *kind,
                exact: true,
                nullable: true,
            })
            .collect();
        let none = terms.is_empty();
        if none {
            terms.push(vec![Term::atom("NULL", Kind::Null); columns.len()]);
        }
        let mut lines = Vec::new();
        for row in &terms {
            let mut texts = Vec::with_capacity(columns.len());
            for (term, column) in row.iter().zip(&written) {
                let value = if term.kind == Kind::Null {
                    self.dialect.null(column.kind)
                } else {
                    self.dialect.computed(fit(term, column.kind, self.dialect)?).text
                };
                texts.push(format!("{value} AS {}", self.dialect.name(&column.name)));
            }
            if texts.is_empty() {
                texts.push("1 AS c1".to_owned());
            }
            if !lines.is_empty() {
                lines.push("UNION ALL".to_owned());
            }
            lines.push(format!("SELECT {}", texts.join(", ")));
        }
        if none {
            lines.push("LIMIT 0".to_owned());
        }
        Ok(self.staged(lines, written, columns.to_vec(), "given".to_owned(), "values"))
    }

    fn spine(&mut self, column: &str, from: i64, to: i64, step: Span) -> Printed<Block> {
        let count = buckets(from, to, step)?;
        let mut taken = Taken::default();
        let name = taken.column(column);
        let quoted = self.dialect.name(&name);
        let mut lines = self.dialect.spine(&quoted, from, &Step::of(step), count.max(1))?;
        if count == 0 {
            lines.push("LIMIT 0".to_owned());
        }
        let written = vec![SourceColumn {
            name,
            kind: Kind::Timestamp,
            exact: true,
            nullable: false,
        }];
        Ok(self.staged(lines, written, vec![column.to_owned()], "time".to_owned(), "spine"))
    }

    /// The block as a table to select from; one that is only that stays.
    pub fn close(&mut self, block: Block, what: &str) -> Printed<Block> {
        if block.is_bare() {
            Ok(block)
        } else {
            self.stage(block, what)
        }
    }

    fn stage(&mut self, mut block: Block, what: &str) -> Printed<Block> {
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
    fn staged(
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

    /// The block as a source to join, and which of its columns has which name.
    fn source(&mut self, block: Block, what: &str) -> Printed<(Source, Vec<(String, usize)>)> {
        let mut block = self.close(block, what)?;
        let mut names = Vec::with_capacity(block.columns.len());
        for item in &block.columns {
            if let Expression::Column(name) = &item.value
                && let Some(Place::Source { column, .. }) = Place::of(name)
            {
                names.push((item.name.clone(), column));
            }
        }
        let source = block.sources.pop().ok_or_else(super::scope::missing)?;
        Ok((source, names))
    }
}

/// How many starts `from`, `from + step`, … lie before `to`.
fn buckets(from: i64, to: i64, step: Span) -> Printed<u32> {
    let too_many = || Unsupported::new("room for that many buckets");
    if step.count == 0 {
        return Err(too_many());
    }
    let start = |index: u32| -> Option<i64> {
        match Step::of(step) {
            Step::Microseconds(length) => from.checked_add(length.checked_mul(i64::from(index))?),
            Step::Months(months) => {
                let months = chrono::Months::new(u32::try_from(months).ok()?.checked_mul(index)?);
                let time = chrono::DateTime::from_timestamp_micros(from)?.checked_add_months(months)?;
                Some(time.timestamp_micros())
            }
        }
    };
    // The first index that is not before `to`, by halving.
    let (mut low, mut high) = (0, MOST_BUCKETS + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if start(middle).is_some_and(|start| start < to) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if low > MOST_BUCKETS { Err(too_many()) } else { Ok(low) }
}

impl AggregateCall {
    pub(super) fn arguments(&self) -> Vec<&Expression> {
        match self {
            Self::CountRows => Vec::new(),
            Self::Count(argument)
            | Self::CountDistinct(argument)
            | Self::Sum(argument)
            | Self::Avg(argument)
            | Self::Min(argument)
            | Self::Max(argument)
            | Self::Median(argument)
            | Self::Percentile { argument, .. }
            | Self::Stddev(argument) => vec![argument],
            Self::First { argument, order } | Self::Last { argument, order } => {
                std::iter::once(argument).chain(order).collect()
            }
        }
    }

    pub(super) fn try_map<E>(&self, map: &dyn Fn(&Expression) -> Result<Expression, E>) -> Result<Self, E> {
        Ok(match self {
            Self::CountRows => Self::CountRows,
            Self::Count(argument) => Self::Count(map(argument)?),
            Self::CountDistinct(argument) => Self::CountDistinct(map(argument)?),
            Self::Sum(argument) => Self::Sum(map(argument)?),
            Self::Avg(argument) => Self::Avg(map(argument)?),
            Self::Min(argument) => Self::Min(map(argument)?),
            Self::Max(argument) => Self::Max(map(argument)?),
            Self::Median(argument) => Self::Median(map(argument)?),
            Self::Percentile {
                argument,
                p,
                interpolation,
            } => Self::Percentile {
                argument: map(argument)?,
                p: *p,
                interpolation: *interpolation,
            },
            Self::Stddev(argument) => Self::Stddev(map(argument)?),
            Self::First { argument, order } => Self::First {
                argument: map(argument)?,
                order: order.as_ref().map(map).transpose()?,
            },
            Self::Last { argument, order } => Self::Last {
                argument: map(argument)?,
                order: order.as_ref().map(map).transpose()?,
            },
        })
    }
}

impl WindowCall {
    pub(super) fn column(&self) -> Option<&str> {
        match self {
            Self::RowNumber => None,
            Self::RankDescending(column) | Self::RunningSum(column) | Self::PartitionSum(column) => Some(column),
        }
    }

    fn try_map<E>(&self, map: &dyn Fn(&str) -> Result<String, E>) -> Result<Self, E> {
        Ok(match self {
            Self::RowNumber => Self::RowNumber,
            Self::RankDescending(column) => Self::RankDescending(map(column)?),
            Self::RunningSum(column) => Self::RunningSum(map(column)?),
            Self::PartitionSum(column) => Self::PartitionSum(map(column)?),
        })
    }
}
