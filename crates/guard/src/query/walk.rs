//! The walk over a query's tree. Every struct of the parser is taken apart field by field, so that a field that a new version
//! of the parser adds does not compile until somebody has decided about it; variants that are not named are refused.

use std::collections::BTreeSet;

use sqlparser::{
    ast::{Ident, ObjectName, ObjectNamePart, Spanned},
    keywords::ALL_KEYWORDS,
};

use super::{QueryRules, joins::JoinCount, recursion::Recursive};
use crate::{Dialect, Place, Refusal, RefusalKind, RelationName};

/// What was met so far.
pub struct Walk<'r> {
    pub rules: &'r QueryRules<'r>,
    /// Of all reasons met, the first in the order of kinds.
    pub refusal: Option<Refusal>,
    pub relations: BTreeSet<RelationName>,
    pub functions: BTreeSet<String>,
    /// Names of common table expressions that can be seen from here, innermost last.
    pub scope: Vec<Ident>,
    /// The recursive one whose body is walked.
    pub recursive: Option<Recursive>,
    pub joins: JoinCount,
    /// All lengths of series, multiplied.
    pub series_rows: u64,
}

impl<'r> Walk<'r> {
    pub fn new(rules: &'r QueryRules<'r>) -> Self {
        Self {
            rules,
            refusal: None,
            relations: BTreeSet::new(),
            functions: BTreeSet::new(),
            scope: Vec::new(),
            recursive: None,
            joins: JoinCount::default(),
            series_rows: 1,
        }
    }

    pub const fn dialect(&self) -> Dialect {
        self.rules.dialect
    }

    /// Whether a reason of this kind would be told. To be asked before looking for near names, which takes long for a text
    /// full of unknown ones.
    pub fn tells(&self, kind: RefusalKind) -> bool {
        self.refusal.as_ref().is_none_or(|known| kind < known.kind)
    }

    pub fn refuse(&mut self, kind: RefusalKind, place: Option<Place>, message: impl Into<String>) {
        if self.tells(kind) {
            self.refusal = Some(Refusal::new(kind, place, message));
        }
    }

    /// A part of SQL that no list names.
    pub fn construct(&mut self, what: &str, node: &impl Spanned) {
        self.construct_at(what, place(node));
    }

    pub fn construct_at(&mut self, what: &str, place: Option<Place>) {
        self.refuse(
            RefusalKind::Construct,
            place,
            format!("{what} is not allowed in queries here. Write it in another way, or make a view in the database."),
        );
    }

    /// A name of a column, an alias, a collation: no variable.
    pub fn name(&mut self, name: &Ident) {
        if name.quote_style.is_none() && name.value.starts_with('@') {
            self.variable(Place::of(name.span.start), &name.value);
        }
    }

    pub fn variable(&mut self, place: Option<Place>, name: &str) {
        self.refuse(
            RefusalKind::Variable,
            place,
            format!("The variable or placeholder {name} is not allowed. Write the value itself."),
        );
    }

    /// A new name that the query gives. Words that are part of SQL get quotes, so that nothing reads them as such.
    pub fn alias(&mut self, name: &mut Ident) {
        self.name(name);
        if name.value.contains(['"', '`', '\\', '\'']) || name.value.chars().any(crate::text::unwanted) {
            self.refuse(
                RefusalKind::EscapedName,
                Place::of(name.span.start),
                "A new name may have no quotes and no backslashes in it. Give it a plainer one.",
            );
        }
        let keyword = || {
            ALL_KEYWORDS
                .binary_search(&name.value.to_ascii_uppercase().as_str())
                .is_ok()
        };
        match name.quote_style {
            None if keyword() => *name = self.quoted(name),
            // A text as a name: MySQL and SQLite know it, and so does the parser.
            Some('\'') => *name = self.quoted(name),
            Some('"') if self.dialect().quote() != '"' => *name = self.quoted(name),
            None | Some(_) => {}
        }
    }

    /// The same name in the dialect's quotes.
    pub fn quoted(&self, name: &Ident) -> Ident {
        Ident {
            value: self.dialect().stored(name),
            quote_style: Some(self.dialect().quote()),
            span: name.span,
        }
    }

    /// The parts of a dotted name; nothing (and a refusal) when one is no plain name.
    pub fn parts(&mut self, name: &ObjectName) -> Option<Vec<Ident>> {
        let mut parts = Vec::new();
        for part in &name.0 {
            match part {
                ObjectNamePart::Identifier(part) => {
                    self.name(part);
                    parts.push(part.clone());
                }
                ObjectNamePart::Function(_) => {
                    self.construct("A name made by a function", name);
                    return None;
                }
            }
        }
        Some(parts)
    }
}

pub fn place(node: &impl Spanned) -> Option<Place> {
    Place::of(node.span().start)
}
