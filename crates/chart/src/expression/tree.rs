//! What an expression says.

use super::operator::{Binary, Unary};
use crate::data::Table;
use crate::value::Value;

#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    Literal(Value),
    /// `datum`, a parameter or a constant.
    Name(String),
    /// `datum.field`, known by its shape because it is by far the most frequent.
    Datum(String),
    /// The same once the table is known: which column.
    Column(usize),
    Member(Box<Expression>, Box<Expression>),
    Unary(Unary, Box<Expression>),
    Binary(Binary, Box<Expression>, Box<Expression>),
    Choice(Box<Expression>, Box<Expression>, Box<Expression>),
    List(Vec<Expression>),
    Object(Vec<(String, Expression)>),
    Call(String, Vec<Expression>),
}

impl Expression {
    /// The same with its fields found, to be computed for many rows of this table.
    pub fn bind(&self, table: &Table) -> Expression {
        let boxed = |tree: &Expression| Box::new(tree.bind(table));
        let all = |trees: &[Expression]| trees.iter().map(|tree| tree.bind(table)).collect();
        match self {
            Expression::Literal(_) | Expression::Name(_) | Expression::Column(_) => self.clone(),
            Expression::Datum(field) => table
                .column(field)
                .map_or(Expression::Literal(Value::Missing), Expression::Column),
            Expression::Member(object, key) => Expression::Member(boxed(object), boxed(key)),
            Expression::Unary(operator, value) => Expression::Unary(*operator, boxed(value)),
            Expression::Binary(operator, left, right) => Expression::Binary(*operator, boxed(left), boxed(right)),
            Expression::Choice(test, yes, no) => Expression::Choice(boxed(test), boxed(yes), boxed(no)),
            Expression::List(items) => Expression::List(all(items)),
            Expression::Object(fields) => Expression::Object(
                fields
                    .iter()
                    .map(|(name, tree)| (name.clone(), tree.bind(table)))
                    .collect(),
            ),
            Expression::Call(name, arguments) => Expression::Call(name.clone(), all(arguments)),
        }
    }
}
