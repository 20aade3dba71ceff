//! Columns whose texts have codes: grouped and filtered by numbers, read as texts where something else is asked of them.

use plan::logical::{BinaryOperator, Expression};
use polars::prelude::*;

use super::{
    Kind, explain, expression,
    table::{Columns, Table},
};
use crate::{coding::code_column, protocol::WorkerFailure};

/// The columns of a table that have a column of codes beside them, and their texts in order of their codes.
#[derive(Clone, Default)]
pub struct Codes(Vec<(String, Series)>);

impl Codes {
    pub fn new(texts: impl IntoIterator<Item = (String, Series)>) -> Self {
        Self(texts.into_iter().collect())
    }

    pub fn texts(&self, column: &str) -> Option<&Series> {
        self.0.iter().find(|(known, _)| known == column).map(|(_, texts)| texts)
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn push(&mut self, column: &str, texts: Series) {
        self.0.push((column.to_owned(), texts));
    }

    pub fn remove(&mut self, column: &str) {
        self.0.retain(|(known, _)| known != column);
    }

    /// The columns of codes.
    pub fn columns(&self) -> impl Iterator<Item = Expr> {
        self.0.iter().map(|(column, _)| col(code_column(column)))
    }

    /// The columns of codes, read as texts.
    pub fn decoded(&self) -> impl Iterator<Item = Expr> {
        self.0.iter().map(|(column, texts)| decode(column, texts.clone()))
    }

    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Those of `columns`.
    #[must_use]
    pub fn among(&self, columns: &Columns) -> Self {
        let wanted = self.0.iter().filter(|(column, _)| columns.contains(column));
        Self(wanted.cloned().collect())
    }
}

/// The column of codes that stands for an expression: that of a column which has codes.
pub fn coded<'c>(expression: &Expression, codes: &'c Codes) -> Option<(Expr, &'c Series)> {
    let Expression::Column(column) = expression else {
        return None;
    };
    Some((col(code_column(column)), codes.texts(column)?))
}

fn decode(column: &str, texts: Series) -> Expr {
    let name: PlSmallStr = column.into();
    let field = Field::new(name.clone(), DataType::String);
    let read = move |codes: Column| {
        let places = codes.cast(&IDX_DTYPE)?;
        Ok(texts.take(places.idx()?)?.with_name(name.clone()).into_column())
    };
    col(code_column(column))
        .map(read, move |_, _| Ok(field.clone()))
        .alias(column)
}

/// A condition on the rows of `input`, which keeps those it is true for. What it asks of one column with codes is asked of
/// every text once instead of every row; not knowing is no then, which is the same to who keeps what is true.
///
/// # Errors
/// As [`expression::lower`].
pub fn condition(predicate: &Expression, input: &Table) -> Result<Expr, WorkerFailure> {
    if !input.codes.is_empty() {
        if let Some(asked) = asked_of_texts(predicate, input)? {
            return Ok(asked);
        }
        if let Expression::Binary { operator, left, right } = predicate {
            match operator {
                BinaryOperator::And => return Ok(condition(left, input)?.and(condition(right, input)?)),
                BinaryOperator::Or => return Ok(condition(left, input)?.or(condition(right, input)?)),
                BinaryOperator::Eq
                | BinaryOperator::Ne
                | BinaryOperator::Lt
                | BinaryOperator::Lte
                | BinaryOperator::Gt
                | BinaryOperator::Gte
                | BinaryOperator::IsNotDistinctFrom
                | BinaryOperator::Add
                | BinaryOperator::Subtract
                | BinaryOperator::Multiply
                | BinaryOperator::Divide => {}
            }
        }
    }
    expression::lower(predicate, &input.columns)?.into_boolean()
}

/// `None` when it reads no column with codes, or others beside it.
fn asked_of_texts(condition: &Expression, input: &Table) -> Result<Option<Expr>, WorkerFailure> {
    let mut columns = Vec::new();
    condition.collect_columns(&mut columns);
    let [column] = columns.as_slice() else { return Ok(None) };
    let Some(texts) = input.codes.texts(column) else {
        return Ok(None);
    };
    let asked = expression::lower(condition, &Columns(vec![(column.clone(), Kind::Text)]))?.into_boolean()?;
    let mut with_null = texts.clone().with_name(column.as_str().into());
    with_null
        .append(&Series::full_null(column.as_str().into(), 1, &DataType::String))
        .map_err(explain)?;
    let frame = DataFrame::new_infer_height(vec![with_null.into_column()]).map_err(explain)?;
    let answers = frame
        .lazy()
        .with_columns([asked.alias("answer")])
        .collect()
        .map_err(explain)?;
    let answers = answers
        .column("answer")
        .and_then(|answers| answers.bool().cloned())
        .map_err(explain)?;
    let kept = |place: usize| answers.get(place) == Some(true);
    let codes: Vec<u16> = (0..texts.len())
        .filter(|place| kept(*place))
        .filter_map(|place| u16::try_from(place).ok())
        .collect();
    let code = col(code_column(column));
    let is_kept = match codes.as_slice() {
        [] => lit(false),
        [only] => code.clone().eq(lit(*only)),
        _ if codes.len() == texts.len() => code.clone().is_not_null(),
        _ => code
            .clone()
            .is_in(lit(Series::new("codes".into(), codes)).implode(true), false),
    };
    Ok(Some(if kept(texts.len()) {
        code.is_null().or(is_kept)
    } else {
        is_kept
    }))
}
