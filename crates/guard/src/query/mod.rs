//! Whole queries: read, walked, and printed again.
//!
//! In this order: the text (length, characters), one statement that is a query, what is in it (constructs, functions), the
//! tables it reads, cast types, recursion and joins; then the tree is printed, read and walked once more.

mod call;
mod cast;
mod expression;
mod from;
mod joins;
mod literal;
mod operator;
mod print;
mod recursion;
mod select;
mod series;
mod walk;

use std::collections::BTreeSet;

use sqlparser::{
    ast::{Query, Statement},
    keywords::Keyword,
    parser::{Parser, ParserError},
    tokenizer::{Token, TokenWithSpan},
};

use crate::{Dialect, Place, Refusal, RefusalKind, RelationName, Relations, text};
use walk::Walk;

/// What a query is held against.
#[derive(Clone, Copy, Debug)]
pub struct QueryRules<'r> {
    /// Of the connection the query is for.
    pub dialect: Dialect,
    pub relations: &'r Relations,
    /// Rows wanted. One more is asked for, so that the caller can tell that there were more.
    pub row_limit: u32,
}

/// A query that may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedQuery {
    query: String,
    row_limit: u32,
    relations: BTreeSet<RelationName>,
    functions: BTreeSet<String>,
}

impl CheckedQuery {
    /// What to send: the query printed from its tree, inside of `SELECT * FROM (…) AS q LIMIT n + 1`.
    pub fn sql(&self) -> String {
        let rows = u64::from(self.row_limit) + 1;
        format!("SELECT * FROM ({}) AS q LIMIT {rows}", self.query)
    }

    /// The query alone, for rewriting. What comes of it is checked like any text, by [`check_query`].
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The tables it reads, each once.
    pub const fn relations(&self) -> &BTreeSet<RelationName> {
        &self.relations
    }

    /// The functions it calls, in lower case, each once.
    pub const fn functions(&self) -> &BTreeSet<String> {
        &self.functions
    }
}

/// Checks a query and prints it again. Checking what was printed gives the same text, so that this is also the check after
/// rewriting.
///
/// # Errors
///
/// The first reason, in the order of [`RefusalKind`], not to send it.
pub fn check_query(sql: &str, rules: &QueryRules<'_>) -> Result<CheckedQuery, Refusal> {
    let (query, walk) = walked(sql, rules)?;
    let printed = print::print(&query, &walk)?;
    let (again, second) = walked(&printed, rules).map_err(|refusal| match refusal.kind {
        // Printed it is a little longer.
        RefusalKind::TooLong | RefusalKind::TooDeep => refusal,
        _ => print::unprintable(),
    })?;
    if again != query || second.relations != walk.relations || second.functions != walk.functions {
        return Err(print::unprintable());
    }
    Ok(CheckedQuery {
        query: printed,
        row_limit: rules.row_limit,
        relations: walk.relations,
        functions: walk.functions,
    })
}

/// The tree with names made unmistakable, and what the walk saw.
fn walked<'r>(sql: &str, rules: &'r QueryRules<'r>) -> Result<(Box<Query>, Walk<'r>), Refusal> {
    let mut query = parse(sql, rules.dialect)?;
    let mut walk = Walk::new(rules);
    walk.query(&mut query);
    match walk.refusal.take() {
        Some(refusal) => Err(refusal),
        None => Ok((query, walk)),
    }
}

fn parse(sql: &str, dialect: Dialect) -> Result<Box<Query>, Refusal> {
    let mut tokens = text::read(sql, dialect, text::LONGEST_QUERY_CHAIN)?;
    while tokens.last().is_some_and(|token| token.token == Token::SemiColon) {
        tokens.pop();
    }
    one_query(&tokens)?;
    let mut parser = Parser::new(dialect.grammar()).with_tokens_with_locations(tokens);
    let statement = parser.parse_statement().map_err(|error| unreadable(&error, dialect))?;
    let rest = parser.peek_token();
    if rest.token != Token::EOF {
        return Err(Refusal::new(
            RefusalKind::Unreadable,
            Place::of(rest.span.start),
            format!(
                "The query ends before {}, and what follows is not understood. Remove it.",
                rest.token
            ),
        ));
    }
    match statement {
        Statement::Query(query) => Ok(query),
        _ => Err(not_a_query(None)),
    }
}

/// What the tokens alone can tell: one statement, which begins as a query does.
fn one_query(tokens: &[TokenWithSpan]) -> Result<(), Refusal> {
    if let Some(end) = tokens.iter().find(|token| token.token == Token::SemiColon) {
        return Err(Refusal::new(
            RefusalKind::SeveralStatements,
            Place::of(end.span.start),
            "There is more than one statement. Only one query can be run at a time: remove what stands after the semicolon.",
        ));
    }
    let first = tokens
        .iter()
        .find(|token| !matches!(token.token, Token::LParen | Token::Whitespace(_)));
    match first.map(|token| &token.token) {
        Some(Token::Word(word))
            if matches!(word.keyword, Keyword::SELECT | Keyword::WITH | Keyword::VALUES)
                && word.quote_style.is_none() =>
        {
            Ok(())
        }
        _ => Err(not_a_query(first.and_then(|token| Place::of(token.span.start)))),
    }
}

fn not_a_query(place: Option<Place>) -> Refusal {
    Refusal::new(
        RefusalKind::NotAQuery,
        place,
        "Only queries can be run here, and they begin with SELECT, WITH or VALUES. Nothing can be changed, set or explained.",
    )
}

pub fn unreadable(error: &ParserError, dialect: Dialect) -> Refusal {
    let told = match error {
        ParserError::RecursionLimitExceeded => {
            return Refusal::new(
                RefusalKind::TooDeep,
                None,
                "The SQL is nested too deep. Split it into steps with WITH.",
            );
        }
        ParserError::TokenizerError(told) | ParserError::ParserError(told) => told,
    };
    let (reason, place) = match told.rsplit_once(" at Line: ") {
        Some((reason, place)) => (reason, place.split_once(", Column: ")),
        None => (told.as_str(), None),
    };
    let place = place.and_then(|(line, column)| {
        Some(Place {
            line: line.parse().ok()?,
            column: column.parse().ok()?,
        })
    });
    Refusal::new(
        RefusalKind::Unreadable,
        place,
        format!("The text cannot be read as {} SQL: {reason}.", dialect.label()),
    )
}
