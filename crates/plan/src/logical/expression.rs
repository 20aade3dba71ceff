//! Scalar expressions and aggregate calls of a plan. Three-valued logic: a comparison with NULL is NULL, a filter keeps
//! only true.

use serde::{Deserialize, Serialize};
use shared::{
    semantic::{DatePart, Grain, Interpolation, JsonStep, WeekStart},
    table::ColumnType,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expression {
    /// A column of the input by its name.
    Column(String),
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
    /// Is the operand one of the literals? NULL operand → NULL. An empty list is false.
    In {
        operand: Box<Expression>,
        list: Vec<Literal>,
    },
    /// The first branch whose condition is true; otherwise `otherwise`.
    Case {
        branches: Vec<(Expression, Expression)>,
        otherwise: Box<Expression>,
    },
    Call {
        function: Function,
        arguments: Vec<Expression>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// Exact decimal as text.
    Decimal(String),
    /// `2026-11-20`
    Date(String),
    /// Wall clock without zone, microseconds since 1970-01-01T00:00:00.
    Timestamp(i64),
    /// Instant, microseconds since 1970-01-01T00:00:00Z.
    Instant(i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnaryOperator {
    Not,
    IsNull,
    IsNotNull,
    Negate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BinaryOperator {
    And,
    Or,
    Eq,
    Ne,
    Lt,
    Lte,
    Gt,
    Gte,
    /// NULL equals NULL.
    IsNotDistinctFrom,
    Add,
    Subtract,
    Multiply,
    /// In floating point (or decimal); NULL where the divisor is 0.
    Divide,
}

/// Scalar functions. Argument order as listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// (a, b, …): the first that is not NULL.
    Coalesce,
    Cast(ColumnType),
    /// (time): truncated to `grain` in `zone`; the result is a wall clock in `zone` (date for grains of a day and coarser:
    /// still typed timestamp unless the input is a date). Conversion first, then truncation. Without `zone` the input is a
    /// date or already a wall clock.
    Truncate {
        grain: Grain,
        week_start: WeekStart,
        zone: Option<String>,
    },
    /// (instant): truncated to a grain finer than a day on the clock of `zone`; the result is an instant, so that the hour
    /// that comes twice in autumn stays two hours.
    TruncateInstant {
        grain: Grain,
        zone: String,
    },
    /// (time): integer part in `zone`.
    Part {
        part: DatePart,
        zone: Option<String>,
    },
    /// (timestamp): the wall clock read in `zone` as an instant. A reading that does not exist (spring forward) moves
    /// forward by the gap, one that exists twice is the earlier.
    ToInstant {
        zone: String,
    },
    /// (time): moved by `months` calendar months (day clamped to the month's end) and then `microseconds`.
    Shift {
        months: i32,
        microseconds: i64,
    },
    /// (text, literal needle); Unicode case folding unless `case`.
    Contains {
        case: bool,
    },
    StartsWith {
        case: bool,
    },
    EndsWith {
        case: bool,
    },
    /// (text, literal pattern): linear-time regular expression.
    Matches,
    /// (number): the index i of the half-open range [edges[i], edges[i+1]) it falls into, as that range's lower edge;
    /// NULL below the first edge. The last range is open.
    Bin {
        edges: Vec<f64>,
    },
    /// (number): the greatest multiple of `width` that is not above it.
    Step {
        width: f64,
    },
    /// (text): the text of what stands at the path of a JSON document, of a text without its quotes; NULL where nothing does,
    /// and for objects and lists.
    JsonText {
        path: Vec<JsonStep>,
    },
    Scalar(Scalar),
}

/// Functions of numbers and texts. NULL in any argument gives NULL, unless it says otherwise. Results that are no number
/// (a root of a negative number) are NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scalar {
    /// (number)
    Abs,
    /// (number, digits = 0): half away from zero.
    Round,
    /// (number)
    Floor,
    /// (number)
    Ceil,
    /// (number): natural; NULL for 0 and below.
    Ln,
    /// (number)
    Exp,
    /// (base, exponent)
    Power,
    /// (number): NULL below 0.
    Sqrt,
    /// (number): -1, 0 or 1.
    Sign,
    /// (number, divisor): the sign of the first; NULL on 0.
    Modulo,
    /// (a, b, …): NULLs are skipped.
    Least,
    /// (a, b, …): NULLs are skipped.
    Greatest,
    /// (text)
    Lower,
    /// (text)
    Upper,
    /// (text): without blanks at both ends.
    Trim,
    /// (text): characters.
    Length,
    /// (text, from, length = the rest): the first character is 1.
    Substring,
    /// (text, old, new)
    Replace,
    /// (a, b, …): one text of all; NULLs are skipped.
    Concat,
    /// (a, b): one text of both.
    Join,
    /// (text, characters)
    Left,
    /// (text, characters)
    Right,
    /// (text, start): with case.
    StartsWith,
    /// (text, end): with case.
    EndsWith,
    /// (text, part): with case.
    Contains,
    /// (time): microseconds since 1970-01-01T00:00:00, of a date its midnight.
    Microseconds,
}

impl Scalar {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Abs => "abs",
            Self::Round => "round",
            Self::Floor => "floor",
            Self::Ceil => "ceil",
            Self::Ln => "ln",
            Self::Exp => "exp",
            Self::Power => "power",
            Self::Sqrt => "sqrt",
            Self::Sign => "sign",
            Self::Modulo => "modulo",
            Self::Least => "least",
            Self::Greatest => "greatest",
            Self::Lower => "lower",
            Self::Upper => "upper",
            Self::Trim => "trim",
            Self::Length => "length",
            Self::Substring => "substring",
            Self::Replace => "replace",
            Self::Concat => "concat",
            Self::Join => "join",
            Self::Left => "left",
            Self::Right => "right",
            Self::StartsWith => "starts with",
            Self::EndsWith => "ends with",
            Self::Contains => "contains",
            Self::Microseconds => "microseconds",
        }
    }
}

/// One aggregate over the rows of a group. NULL arguments are skipped; over no values: count 0, everything else NULL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AggregateCall {
    CountRows,
    Count(Expression),
    CountDistinct(Expression),
    Sum(Expression),
    Avg(Expression),
    /// Any ordered type; keeps it.
    Min(Expression),
    Max(Expression),
    Median(Expression),
    /// `p` from 0 to 1; continuous interpolates linearly, discrete takes the first value with cumulative share ≥ p.
    Percentile {
        argument: Expression,
        p: f64,
        interpolation: Interpolation,
    },
    /// Sample standard deviation (n − 1); NULL for fewer than two values.
    Stddev(Expression),
    /// Of the row with the smallest (greatest) `order`.
    First {
        argument: Expression,
        order: Option<Expression>,
    },
    Last {
        argument: Expression,
        order: Option<Expression>,
    },
}

impl Expression {
    pub fn column(name: impl Into<String>) -> Self {
        Self::Column(name.into())
    }

    pub fn binary(operator: BinaryOperator, left: Self, right: Self) -> Self {
        Self::Binary {
            operator,
            left: Box::new(left),
            right: Box::new(right),
        }
    }

    pub fn unary(operator: UnaryOperator, operand: Self) -> Self {
        Self::Unary {
            operator,
            operand: Box::new(operand),
        }
    }

    pub const fn call(function: Function, arguments: Vec<Self>) -> Self {
        Self::Call { function, arguments }
    }
}
