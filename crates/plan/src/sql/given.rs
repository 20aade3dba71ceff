//! Rows that no table holds: literals, and the buckets of a stretch of time.

use shared::semantic::Span;

use super::{
    Kind, Printed, Unsupported,
    block::Block,
    dialect::Step,
    expression::{fit, literal},
    names::Taken,
    scope::SourceColumn,
    term::Term,
    write::Writer,
};
use crate::logical::Literal;

/// More literal rows than one query of SQLite may have.
const MOST_VALUES: usize = 400;

/// More buckets than any chart or table can show; the engine's limit.
const MOST_BUCKETS: u32 = 1_000_000;

impl Writer<'_> {
    pub fn values(&mut self, columns: &[String], rows: &[Vec<Literal>]) -> Printed<Block> {
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

    pub fn spine(&mut self, column: &str, from: i64, to: i64, step: Span) -> Printed<Block> {
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
