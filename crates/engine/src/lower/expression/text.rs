//! Searching in text. Ignoring case means Unicode's simple case folding.

use plan::logical::{Expression, Literal};
use polars::prelude::*;

use super::{Typed, lower};
use crate::{
    lower::{Kind, failure::impossible, table::Columns},
    protocol::WorkerFailure,
};

/// Where the needle has to be.
#[derive(Clone, Copy)]
pub enum Place {
    Anywhere,
    Start,
    End,
}

pub fn search(arguments: &[Expression], place: Place, case: bool, columns: &Columns) -> Result<Typed, WorkerFailure> {
    let (text, needle) = text_and_literal(arguments, columns)?;
    let found = if case {
        match place {
            Place::Anywhere => text.str().contains_literal(lit(needle)),
            Place::Start => text.str().starts_with(lit(needle)),
            Place::End => text.str().ends_with(lit(needle)),
        }
    } else {
        let escaped = escape(&needle);
        let pattern = match place {
            Place::Anywhere => format!("(?i){escaped}"),
            Place::Start => format!(r"\A(?i){escaped}"),
            Place::End => format!(r"(?i){escaped}\z"),
        };
        text.str().contains(lit(pattern), true)
    };
    Ok(Typed::new(found, Kind::Boolean))
}

pub fn matches(arguments: &[Expression], columns: &Columns) -> Result<Typed, WorkerFailure> {
    let (text, pattern) = text_and_literal(arguments, columns)?;
    Ok(Typed::new(text.str().contains(lit(pattern), true), Kind::Boolean))
}

/// The text as it looks, whatever its kind, and what is searched in it.
fn text_and_literal(arguments: &[Expression], columns: &Columns) -> Result<(Expr, String), WorkerFailure> {
    match arguments {
        [text, Expression::Literal(Literal::Text(needle))] => {
            Ok((lower(text, columns)?.into_kind(Kind::Text), needle.clone()))
        }
        _ => Err(impossible("a text search takes a text and a literal")),
    }
}

/// The needle as a pattern that matches itself.
fn escape(needle: &str) -> String {
    let mut escaped = String::with_capacity(needle.len() + 8);
    for letter in needle.chars() {
        if letter.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}
