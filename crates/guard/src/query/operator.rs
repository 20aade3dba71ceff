//! Operators that may be used: those the database itself defines.

use sqlparser::ast::{BinaryOperator, CastKind, Expr, UnaryOperator};

use super::walk::{Walk, place};

impl Walk<'_> {
    pub fn unary(&mut self, operator: &UnaryOperator, operand: &mut Box<Expr>) {
        match operator {
            UnaryOperator::Minus => {
                // `--` begins a comment.
                if starts_with_minus(operand) {
                    let inner = std::mem::replace(operand.as_mut(), Expr::Tuple(Vec::new()));
                    **operand = Expr::Nested(Box::new(inner));
                }
            }
            UnaryOperator::Plus
            | UnaryOperator::Not
            | UnaryOperator::BangNot
            | UnaryOperator::BitwiseNot
            | UnaryOperator::PGSquareRoot
            | UnaryOperator::PGCubeRoot => {}
            _ => self.construct("This operator", operand.as_ref()),
        }
    }

    /// Operators that the database itself defines. Whatever is written as `OPERATOR(…)` or is not known could be anybody's.
    pub fn binary(&mut self, operator: &BinaryOperator, at: &Expr) {
        use BinaryOperator as Op;
        match operator {
            Op::Plus
            | Op::Minus
            | Op::Multiply
            | Op::Divide
            | Op::Modulo
            | Op::StringConcat
            | Op::Gt
            | Op::Lt
            | Op::GtEq
            | Op::LtEq
            | Op::Spaceship
            | Op::Eq
            | Op::NotEq
            | Op::And
            | Op::Or
            | Op::Xor
            | Op::BitwiseOr
            | Op::BitwiseAnd
            | Op::BitwiseXor
            | Op::DuckIntegerDivide
            | Op::MyIntegerDivide
            | Op::Regexp
            | Op::Glob
            | Op::PGBitwiseXor
            | Op::PGBitwiseShiftLeft
            | Op::PGBitwiseShiftRight
            | Op::PGExp
            | Op::PGOverlap
            | Op::PGRegexMatch
            | Op::PGRegexIMatch
            | Op::PGRegexNotMatch
            | Op::PGRegexNotIMatch
            | Op::PGLikeMatch
            | Op::PGILikeMatch
            | Op::PGNotLikeMatch
            | Op::PGNotILikeMatch
            | Op::PGStartsWith
            | Op::Arrow
            | Op::LongArrow
            | Op::HashArrow
            | Op::HashLongArrow
            | Op::AtAt
            | Op::AtArrow
            | Op::ArrowAt
            | Op::HashMinus
            | Op::AtQuestion
            | Op::Question
            | Op::QuestionAnd
            | Op::QuestionPipe
            | Op::Overlaps
            | Op::Is
            | Op::IsNot => {}
            Op::Assignment => self.variable(place(at), ":="),
            _ => self.construct("This operator", at),
        }
    }
}

fn starts_with_minus(mut expression: &Expr) -> bool {
    loop {
        match expression {
            Expr::UnaryOp {
                op: UnaryOperator::Minus,
                ..
            } => return true,
            Expr::Value(value) => return value.to_string().starts_with('-'),
            Expr::BinaryOp { left, .. } => expression = left,
            Expr::Cast {
                kind: CastKind::DoubleColon,
                expr,
                ..
            }
            | Expr::Collate { expr, .. }
            | Expr::CompoundFieldAccess { root: expr, .. }
            | Expr::AtTimeZone { timestamp: expr, .. } => expression = expr,
            _ => return false,
        }
    }
}
