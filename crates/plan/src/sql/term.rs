//! A printed expression: its text, what it gives, and how tightly it binds.

use super::Kind;

/// From the loosest to the tightest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Binding {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Sign,
    /// After it only `::type` and the like may follow without brackets.
    Atom,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub text: String,
    pub kind: Kind,
    pub binding: Binding,
}

impl Term {
    pub fn new(text: impl Into<String>, kind: Kind, binding: Binding) -> Self {
        Self {
            text: text.into(),
            kind,
            binding,
        }
    }

    pub fn atom(text: impl Into<String>, kind: Kind) -> Self {
        Self::new(text, kind, Binding::Atom)
    }

    /// The text as an operand of what binds as tightly as `outer`.
    pub fn inside(&self, outer: Binding) -> String {
        if self.binding < outer {
            format!("({})", self.text)
        } else {
            self.text.clone()
        }
    }

    /// With `::type` behind it.
    pub fn cast(&self, to: &str, kind: Kind) -> Self {
        Self::atom(format!("{}::{to}", self.inside(Binding::Atom)), kind)
    }

    #[must_use]
    pub fn with_kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }
}
