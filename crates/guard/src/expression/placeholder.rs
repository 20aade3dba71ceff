//! `{param:name}` and `{table.field}`, found among the tokens: text in quotes is one token, so that nothing in it is touched.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::FieldReference;
use crate::{Place, Refusal, RefusalKind};

/// Each becomes one token of the kind that stands for a value to come. No text of a person can make a token that begins with a
/// brace, so that it cannot be mistaken for one of theirs (`?`, `$1`).
pub fn replace(tokens: Vec<TokenWithSpan>) -> Result<Vec<TokenWithSpan>, Refusal> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut rest = tokens.into_iter();
    while let Some(token) = rest.next() {
        match token.token {
            Token::LBrace => {
                let inside: Vec<TokenWithSpan> = rest.by_ref().take(4).collect();
                let written = written(&inside).ok_or_else(|| refusal(&token))?;
                out.push(TokenWithSpan::new(Token::Placeholder(written), token.span));
            }
            Token::RBrace => return Err(refusal(&token)),
            _ => out.push(token),
        }
    }
    Ok(out)
}

fn written(inside: &[TokenWithSpan]) -> Option<String> {
    let [first, sign, second, end] = inside else {
        return None;
    };
    let (Token::Word(first), Token::Word(second), Token::RBrace) = (&first.token, &second.token, &end.token) else {
        return None;
    };
    let plain = first.quote_style.is_none() && second.quote_style.is_none();
    match sign.token {
        Token::Colon if plain && first.value == "param" => Some(format!("{{param:{}}}", second.value)),
        Token::Period if plain => Some(format!("{{{}.{}}}", first.value, second.value)),
        _ => None,
    }
}

/// What one of them stands for; nothing for a placeholder of somebody else.
pub enum Meaning {
    Parameter(String),
    Field(FieldReference),
}

pub fn meaning(written: &str) -> Option<Meaning> {
    let inside = written.strip_prefix('{')?.strip_suffix('}')?;
    if let Some(name) = inside.strip_prefix("param:") {
        return Some(Meaning::Parameter(name.to_owned()));
    }
    let (table, field) = inside.split_once('.')?;
    Some(Meaning::Field(FieldReference {
        table: table.to_owned(),
        field: field.to_owned(),
    }))
}

fn refusal(token: &TokenWithSpan) -> Refusal {
    Refusal::new(
        RefusalKind::Placeholder,
        Place::of(token.span.start),
        "Braces hold a parameter, {param:name}, or a field of another table, {table.field}, and nothing else.",
    )
}
