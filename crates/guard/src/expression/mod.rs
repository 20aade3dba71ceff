//! Expression mode: one scalar expression of a model, read into a tree of our own that means the same on every database and in
//! Polars. Whatever the tree cannot say is refused by name.
//!
//! Beside columns of its own table an expression may use `{param:name}`, `{table.field}` and the custom functions of the
//! model. They are found among the tokens, so that nothing inside of quotes is ever taken for one.

mod calls;
mod function;
mod literal;
mod placeholder;
mod read;
mod tree;

use std::collections::BTreeSet;

use sqlparser::{parser::Parser, tokenizer::Token};

pub use function::{Aggregate, Function};
pub use tree::{BinaryOperator, Expression, FieldReference, Literal, UnaryOperator};

use crate::{Dialect, Place, Refusal, RefusalKind, query::unreadable, text};
use read::Reader;

/// What an expression is held against.
#[derive(Clone, Copy, Debug)]
pub struct ExpressionRules<'r> {
    /// How names and texts are quoted. The tree is the same for all.
    pub dialect: Dialect,
    /// The functions of the model.
    pub custom_functions: &'r [CustomFunction],
    /// Whether `sum(…)` and its kin may be called. Window functions never are.
    pub aggregates: bool,
}

/// A function a model defines, as far as calls go. Names are compared without case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomFunction {
    pub name: String,
    /// How many arguments it takes.
    pub arguments: usize,
}

/// An expression that may be used, and what it names.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedExpression {
    pub expression: Expression,
    /// Columns of its own table, as the database stores them.
    pub columns: BTreeSet<String>,
    /// Fields by `{table.field}`.
    pub fields: BTreeSet<FieldReference>,
    /// Names of parameters.
    pub parameters: BTreeSet<String>,
    /// Names of custom functions, as the model spells them.
    pub custom_functions: BTreeSet<String>,
}

/// Is it the name of a function that every expression may call? Without case.
pub fn is_function(name: &str) -> bool {
    function::find(&name.to_ascii_lowercase()).is_some()
}

/// Reads one expression.
///
/// # Errors
///
/// The first thing met that the tree has no word for, or that the text could not be read.
pub fn check_expression(sql: &str, rules: &ExpressionRules<'_>) -> Result<CheckedExpression, Refusal> {
    let mut tokens = text::read(sql, rules.dialect, text::LONGEST_EXPRESSION_CHAIN)?;
    tokens.retain(|token| !matches!(token.token, Token::Whitespace(_)));
    if let Some(end) = tokens.iter().find(|token| token.token == Token::SemiColon) {
        return Err(Refusal::new(
            RefusalKind::SeveralStatements,
            Place::of(end.span.start),
            "An expression has no semicolon. Remove it and what follows.",
        ));
    }
    let tokens = placeholder::replace(tokens)?;
    let mut parser = Parser::new(rules.dialect.grammar()).with_tokens_with_locations(tokens);
    let parsed = parser.parse_expr().map_err(|error| unreadable(&error, rules.dialect))?;
    let rest = parser.peek_token();
    if rest.token != Token::EOF {
        return Err(Refusal::new(
            RefusalKind::Unreadable,
            Place::of(rest.span.start),
            format!("The expression ends before {}. Write one expression only.", rest.token),
        ));
    }
    let mut reader = Reader::new(rules);
    let expression = reader.read(&parsed)?;
    Ok(reader.checked(expression))
}
