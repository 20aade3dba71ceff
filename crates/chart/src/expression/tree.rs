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
    /// Does the test hold for it or for a part of it?
    pub fn any(&self, test: &impl Fn(&Expression) -> bool) -> bool {
        test(self)
            || match self {
                Expression::Literal(_) | Expression::Name(_) | Expression::Datum(_) | Expression::Column(_) => false,
                Expression::Member(a, b) | Expression::Binary(_, a, b) => a.any(test) || b.any(test),
                Expression::Unary(_, a) => a.any(test),
                Expression::Choice(a, b, c) => a.any(test) || b.any(test) || c.any(test),
                Expression::List(items) | Expression::Call(_, items) => items.iter().any(|item| item.any(test)),
                Expression::Object(fields) => fields.iter().any(|(_, tree)| tree.any(test)),
            }
    }

    /// How many parts it has, itself included.
    pub fn parts(&self) -> usize {
        let count = std::cell::Cell::new(0);
        self.any(&|_| {
            count.set(count.get() + 1);
            false
        });
        count.get()
    }

    /// The same with each part replaced for which there is something else.
    pub fn replace(&self, with: &impl Fn(&Expression) -> Option<Expression>) -> Expression {
        if let Some(other) = with(self) {
            return other;
        }
        let boxed = |tree: &Expression| Box::new(tree.replace(with));
        let all = |trees: &[Expression]| trees.iter().map(|tree| tree.replace(with)).collect();
        match self {
            Expression::Literal(_) | Expression::Name(_) | Expression::Datum(_) | Expression::Column(_) => self.clone(),
            Expression::Member(object, key) => Expression::Member(boxed(object), boxed(key)),
            Expression::Unary(operator, value) => Expression::Unary(*operator, boxed(value)),
            Expression::Binary(operator, left, right) => Expression::Binary(*operator, boxed(left), boxed(right)),
            Expression::Choice(test, yes, no) => Expression::Choice(boxed(test), boxed(yes), boxed(no)),
            Expression::List(items) => Expression::List(all(items)),
            Expression::Object(fields) => {
                let fields = fields.iter().map(|(name, tree)| (name.clone(), tree.replace(with)));
                Expression::Object(fields.collect())
            }
            Expression::Call(name, arguments) => Expression::Call(name.clone(), all(arguments)),
        }
    }

    /// The same with its fields found, to be computed for many rows of this table.
    pub fn bind(&self, table: &Table) -> Expression {
        self.replace(&|tree| match tree {
            Expression::Datum(field) => Some(
                table
                    .column(field)
                    .map_or(Expression::Literal(Value::Missing), Expression::Column),
            ),
            _ => None,
        })
    }
}
