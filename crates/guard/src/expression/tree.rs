//! The tree of an expression. NULL goes through every operator and function but those that say otherwise; a comparison with
//! NULL is NULL.

use shared::{semantic::TimeUnit, table::ColumnType};

use super::{Aggregate, Function};

/// A scalar expression that every back end can print or run.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A column of the expression's own table, by its stored name, quoted or not.
    Column(String),
    /// `{table.field}`: of a table that can be reached by joins.
    Field(FieldReference),
    /// `{param:name}`: a typed value, bound and never printed.
    Parameter(String),
    Literal(Literal),
    Unary {
        operator: UnaryOperator,
        operand: Box<Expression>,
    },
    Binary {
        operator: BinaryOperator,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    IsNull {
        operand: Box<Expression>,
        negated: bool,
    },
    /// At least one item.
    In {
        operand: Box<Expression>,
        list: Vec<Expression>,
        negated: bool,
    },
    /// Both ends belong to it.
    Between {
        operand: Box<Expression>,
        low: Box<Expression>,
        high: Box<Expression>,
        negated: bool,
    },
    /// `%` any text, `_` any character; `escape` (default: none) makes the next one stand for itself.
    Like {
        operand: Box<Expression>,
        pattern: Box<Expression>,
        escape: Option<char>,
        ignore_case: bool,
        negated: bool,
    },
    /// The first branch whose condition is true, or, with an operand, whose first part equals it; NULL without `otherwise`.
    Case {
        operand: Option<Box<Expression>>,
        branches: Vec<(Expression, Expression)>,
        otherwise: Option<Box<Expression>>,
    },
    Cast {
        operand: Box<Expression>,
        to: ColumnType,
    },
    Call {
        function: Function,
        arguments: Vec<Expression>,
    },
    /// A function of the model, with as many arguments as it takes.
    Custom {
        name: String,
        arguments: Vec<Expression>,
    },
    /// Only where the rules allow it. Without `argument`: `count(*)`.
    Aggregate {
        function: Aggregate,
        distinct: bool,
        argument: Option<Box<Expression>>,
    },
}

/// A field of another table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldReference {
    pub table: String,
    pub field: String,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// Decimal text: digits, perhaps a point and an exponent. No sign.
    Number(String),
    Text(String),
    Boolean(bool),
    Null,
    /// `2026-11-20`
    Date(String),
    /// Wall clock, `2026-11-20 09:30:00`.
    Timestamp(String),
    Interval {
        count: i64,
        unit: TimeUnit,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    Negate,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    /// Never of whole numbers only; NULL on 0.
    Divide,
    /// The sign of the left side; NULL on 0.
    Modulo,
    /// `||`
    Concat,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
}
