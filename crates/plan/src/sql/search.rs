//! Searching in text.

use super::{
    Kind, Printed, Unsupported,
    fold::{Place, same_letters},
    scope::Scope,
    term::{Binding, Term},
};
use crate::logical::{Expression, Literal};

pub fn search(arguments: &[Expression], place: Place, case: bool, scope: &Scope<'_>) -> Printed<Term> {
    let [text, Expression::Literal(Literal::Text(needle))] = arguments else {
        return Err(Unsupported::new("search for what is no literal"));
    };
    let text = scope.dialect.convert(&scope.term(text)?, Kind::Text)?;
    if needle.is_empty() {
        // In every text, and NULL in NULL.
        let itself = format!("{0} = {0}", text.inside(Binding::Sum));
        return Ok(Term::new(itself, Kind::Boolean, Binding::Comparison));
    }
    let has_case = needle.chars().any(|letter| same_letters(letter).len() > 1);
    if case || !has_case {
        scope.dialect.holds(&text, needle, place)
    } else {
        scope.dialect.holds_folded(&text, needle, place)
    }
}
