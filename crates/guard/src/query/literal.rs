//! Literals, written so that every reader takes them for what they are.

use sqlparser::ast::{Expr, UnaryOperator, Value, ValueWithSpan};

use super::walk::Walk;
use crate::{Place, RefusalKind, text::unwanted};

impl Walk<'_> {
    /// All texts become ordinary ones, whatever form they came in. Where a backslash could hide a quote from some reader,
    /// PostgreSQL gets `E'…'`, which says so itself, and MySQL a second backslash.
    pub fn literal(&mut self, literal: &mut ValueWithSpan) {
        let at = Place::of(literal.span.start);
        let text = match &mut literal.value {
            Value::Number(digits, _) => {
                let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '+' | '-');
                if !digits.chars().all(plain) {
                    self.odd(at);
                }
                return;
            }
            Value::HexStringLiteral(digits) => {
                if !digits.chars().all(|letter| letter.is_ascii_hexdigit()) {
                    self.odd(at);
                }
                return;
            }
            Value::Boolean(_) | Value::Null => return,
            Value::Placeholder(name) => {
                let name = name.clone();
                return self.variable(at, &name);
            }
            Value::SingleQuotedString(text)
            | Value::DoubleQuotedString(text)
            | Value::EscapedStringLiteral(text)
            | Value::UnicodeStringLiteral(text) => std::mem::take(text),
            Value::DollarQuotedString(dollar) => std::mem::take(&mut dollar.value),
            _ => return self.odd(at),
        };
        if text.chars().any(unwanted) {
            self.refuse(
                RefusalKind::Character,
                at,
                "A text has a control character in it, perhaps by an escape. Remove it.",
            );
        }
        literal.value = self.text(&text);
    }

    fn text(&self, text: &str) -> Value {
        let quoted = text.replace('\'', "''");
        match self.dialect() {
            crate::Dialect::Postgres if text.contains('\\') => Value::EscapedStringLiteral(text.to_owned()),
            // The parser prints doubled quotes as they are.
            dialect if dialect.backslash_escapes() => Value::SingleQuotedString(quoted.replace('\\', "\\\\")),
            _ => Value::SingleQuotedString(quoted),
        }
    }

    fn odd(&mut self, at: Option<Place>) {
        self.refuse(
            RefusalKind::Construct,
            at,
            "This form of a literal is not allowed. Write a number, or a text in single quotes.",
        );
    }
}

/// The whole number that is written there, with a sign or in parentheses or not.
pub fn whole(expression: &Expr) -> Option<i64> {
    match expression {
        Expr::Nested(inner) => whole(inner),
        Expr::UnaryOp {
            op: UnaryOperator::Minus,
            expr,
        } => whole(expr)?.checked_neg(),
        Expr::Value(ValueWithSpan {
            value: Value::Number(digits, _),
            ..
        }) => digits.parse().ok(),
        _ => None,
    }
}
