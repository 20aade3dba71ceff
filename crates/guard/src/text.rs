//! What is looked at before there is a tree: length, characters, and how deep a tree could become.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Token, TokenWithSpan, Tokenizer},
};

use crate::{Dialect, Place, Refusal, RefusalKind};

/// 64 KB.
const LONGEST_BYTES: usize = 64 * 1024;
/// Parentheses, brackets, braces and CASE inside of each other.
const DEEPEST: usize = 50;
/// Tokens that can stand around each other in one tree: `1+1+…` nests as deep as it is long, and the tree is taken apart by
/// recursion. Items of lists do not add up.
pub const LONGEST_QUERY_CHAIN: usize = 1_500;
/// The same for an expression alone, whose tree others take apart as well.
pub const LONGEST_EXPRESSION_CHAIN: usize = 600;
/// Unions that can stand around each other.
const MOST_UNIONS: usize = 150;
/// Joins likewise: the parser reads `a JOIN b JOIN c …` without conditions by recursion, with much on the stack.
const MOST_JOINS: usize = 60;

/// The tokens of a text that may be parsed, blanks and comments left out.
pub fn read(sql: &str, dialect: Dialect, longest_chain: usize) -> Result<Vec<TokenWithSpan>, Refusal> {
    characters(sql)?;
    let tokens = Tokenizer::new(dialect.grammar(), sql)
        .tokenize_with_location()
        .map_err(|error| {
            let place = Place::of(error.location);
            let message = format!("The text cannot be read as {} SQL: {}.", dialect.label(), error.message);
            Refusal::new(RefusalKind::Unreadable, place, message)
        })?;
    let tokens: Vec<TokenWithSpan> = tokens
        .into_iter()
        .filter(|token| significant(&token.token, dialect))
        .collect();
    depth(&tokens, longest_chain)?;
    names(&tokens)?;
    Ok(tokens)
}

/// Comments go, but for hints: those are the parser's to find and the walk's to refuse.
fn significant(token: &Token, dialect: Dialect) -> bool {
    use sqlparser::tokenizer::Whitespace::{MultiLineComment, SingleLineComment};
    match token {
        Token::Whitespace(MultiLineComment(comment) | SingleLineComment { comment, .. }) => {
            let hint = comment.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric());
            dialect.grammar().supports_comment_optimizer_hint() && hint.starts_with('+')
        }
        Token::Whitespace(_) => false,
        _ => true,
    }
}

fn characters(sql: &str) -> Result<(), Refusal> {
    if sql.len() > LONGEST_BYTES {
        return Err(Refusal::new(
            RefusalKind::TooLong,
            None,
            "The SQL is longer than 64 KB, which is the limit. Make it shorter, for example by a view in the database.",
        ));
    }
    let mut place = Place { line: 1, column: 1 };
    for character in sql.chars() {
        if unwanted(character) {
            return Err(Refusal::new(
                RefusalKind::Character,
                Some(place),
                format!(
                    "The character U+{:04X} cannot be seen and is not allowed in SQL. Remove it.",
                    u32::from(character)
                ),
            ));
        }
        if character == '\n' {
            place = Place {
                line: place.line + 1,
                column: 1,
            };
        } else {
            place.column += 1;
        }
    }
    if sql.contains("/*!") || sql.to_ascii_lowercase().contains("/*m!") {
        return Err(Refusal::new(
            RefusalKind::ExecutableComment,
            None,
            "Comments that start with /*! or /*M! are code to some databases and are not allowed. Use a plain comment.",
        ));
    }
    Ok(())
}

/// Control characters but for tab and line ends, marks of direction, and line ends that only some programs see.
pub fn unwanted(character: char) -> bool {
    let blank = matches!(character, '\t' | '\n' | '\r');
    let invisible = matches!(
        character,
        '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
    );
    (character.is_control() && !blank) || invisible
}

/// What is open on one level of parentheses.
#[derive(Default)]
struct Level {
    /// Tokens since the last comma.
    chain: usize,
    /// So far: they nest as they follow each other, with commas between or not.
    unions: usize,
    joins: usize,
}

/// Counts more than there is rather than less, since words can also be names: only a comma ends what stands before it, and what
/// END closes still counts for the level around it.
fn depth(tokens: &[TokenWithSpan], longest_chain: usize) -> Result<(), Refusal> {
    let mut open = vec![Level::default()];
    for token in tokens {
        let keyword = match &token.token {
            Token::Word(word) if word.quote_style.is_none() => word.keyword,
            _ => Keyword::NoKeyword,
        };
        match (&token.token, keyword) {
            (Token::LParen | Token::LBracket | Token::LBrace, _) | (_, Keyword::CASE) => open.push(Level::default()),
            (Token::RParen | Token::RBracket | Token::RBrace, _) if open.len() > 1 => {
                open.pop();
            }
            (_, Keyword::END) if open.len() > 1 => {
                let closed = open.pop().unwrap_or_default();
                if let Some(level) = open.last_mut() {
                    level.chain += closed.chain;
                    level.unions += closed.unions;
                    level.joins += closed.joins;
                }
            }
            _ => {}
        }
        if let Some(level) = open.last_mut() {
            level.chain = if token.token == Token::Comma {
                0
            } else {
                level.chain + 1
            };
            level.unions += usize::from(is_union(keyword));
            level.joins += usize::from(matches!(keyword, Keyword::JOIN | Keyword::STRAIGHT_JOIN));
        }
        let sum = |of: fn(&Level) -> usize| open.iter().map(of).sum::<usize>();
        let long = sum(|level| level.chain) > longest_chain
            || sum(|level| level.unions) > MOST_UNIONS
            || sum(|level| level.joins) > MOST_JOINS;
        if open.len() > DEEPEST || long {
            return Err(Refusal::new(
                RefusalKind::TooDeep,
                Place::of(token.span.start),
                "The SQL is nested too deep, or strings too many operators together. Use a list (x IN (…)), or split it \
                 into steps with WITH.",
            ));
        }
    }
    Ok(())
}

const fn is_union(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::UNION | Keyword::EXCEPT | Keyword::INTERSECT | Keyword::MINUS
    )
}

/// `U&"…"` is a name with escapes that the parser does not undo; unquoted names are letters that look like themselves.
fn names(tokens: &[TokenWithSpan]) -> Result<(), Refusal> {
    for token in tokens {
        let Token::Word(word) = &token.token else { continue };
        let escaped = word.value.chars().any(|letter| matches!(letter, '"' | '`' | '\\'));
        if word.quote_style.is_some() && escaped {
            return Err(escape(&token.span.start));
        }
        let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$' | '@');
        if word.quote_style.is_none() && !word.value.chars().all(plain) {
            return Err(Refusal::new(
                RefusalKind::Character,
                Place::of(token.span.start),
                "A name has a character that is no letter, digit or underscore. Put the name in quotes, or remove the character.",
            ));
        }
    }
    for (first, second, third) in tokens
        .iter()
        .zip(tokens.iter().skip(1))
        .zip(tokens.iter().skip(2))
        .map(|((a, b), c)| (a, b, c))
    {
        let letter = matches!(&first.token, Token::Word(word) if word.quote_style.is_none() && word.value.eq_ignore_ascii_case("u"));
        let quoted = matches!(&third.token, Token::Word(word) if word.quote_style.is_some());
        let touches = first.span.end == second.span.start && second.span.end == third.span.start;
        if letter && second.token == Token::Ampersand && quoted && touches {
            return Err(escape(&first.span.start));
        }
    }
    Ok(())
}

fn escape(at: &sqlparser::tokenizer::Location) -> Refusal {
    Refusal::new(
        RefusalKind::EscapedName,
        Place::of(*at),
        "Quoted names with escapes, quotes or backslashes in them are not allowed. Write the name itself, or give the column \
         another name in a view.",
    )
}
