//! The signs between and before values.

/// Between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    And,
    Or,
    /// `??`: the other where there is nothing.
    Else,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
    ShiftRightUnsigned,
    Same,
    NotSame,
    Equal,
    NotEqual,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
}

impl Binary {
    pub fn of(sign: &str) -> Option<Binary> {
        Some(match sign {
            "&&" => Binary::And,
            "||" => Binary::Or,
            "??" => Binary::Else,
            "+" => Binary::Add,
            "-" => Binary::Subtract,
            "*" => Binary::Multiply,
            "/" => Binary::Divide,
            "%" => Binary::Remainder,
            "**" => Binary::Power,
            "&" => Binary::BitAnd,
            "|" => Binary::BitOr,
            "^" => Binary::BitXor,
            "<<" => Binary::ShiftLeft,
            ">>" => Binary::ShiftRight,
            ">>>" => Binary::ShiftRightUnsigned,
            "===" => Binary::Same,
            "!==" => Binary::NotSame,
            "==" => Binary::Equal,
            "!=" => Binary::NotEqual,
            "<" => Binary::Less,
            ">" => Binary::Greater,
            "<=" => Binary::LessOrEqual,
            ">=" => Binary::GreaterOrEqual,
            _ => return None,
        })
    }

    /// What binds stronger is computed first.
    pub fn strength(self) -> u8 {
        match self {
            Binary::Or | Binary::Else => 1,
            Binary::And => 2,
            Binary::BitOr => 3,
            Binary::BitXor => 4,
            Binary::BitAnd => 5,
            Binary::Equal | Binary::NotEqual | Binary::Same | Binary::NotSame => 6,
            Binary::Less | Binary::Greater | Binary::LessOrEqual | Binary::GreaterOrEqual => 7,
            Binary::ShiftLeft | Binary::ShiftRight | Binary::ShiftRightUnsigned => 8,
            Binary::Add | Binary::Subtract => 9,
            Binary::Multiply | Binary::Divide | Binary::Remainder => 10,
            Binary::Power => 11,
        }
    }
}

/// Before a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    Not,
    Minus,
    Plus,
    BitNot,
}

impl Unary {
    pub const ALL: [Unary; 4] = [Unary::Not, Unary::Minus, Unary::Plus, Unary::BitNot];

    pub fn sign(self) -> &'static str {
        match self {
            Unary::Not => "!",
            Unary::Minus => "-",
            Unary::Plus => "+",
            Unary::BitNot => "~",
        }
    }
}
