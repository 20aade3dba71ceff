//! The functions of expressions: a closed set, so that every back end knows all of them.

use shared::semantic::{DatePart, Grain, TimeUnit};

/// Arguments as listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// (number)
    Abs,
    /// (number, digits = 0): half away from zero.
    Round,
    /// (number)
    Floor,
    /// (number)
    Ceil,
    /// (number): natural; NULL for 0 and below.
    Ln,
    /// (number)
    Exp,
    /// (base, exponent)
    Power,
    /// (number): NULL below 0.
    Sqrt,
    /// (number): -1, 0 or 1.
    Sign,
    /// (number, divisor): the sign of the first; NULL on 0.
    Mod,
    /// (a, b, …): NULLs are skipped.
    Least,
    /// (a, b, …): NULLs are skipped.
    Greatest,
    /// (a, b, …): the first that is not NULL.
    Coalesce,
    /// (a, b): NULL when both are equal, else a.
    NullIf,
    /// (condition, then, else)
    If,
    /// (text)
    Lower,
    /// (text)
    Upper,
    /// (text): without blanks at both ends.
    Trim,
    /// (text): characters.
    Length,
    /// (text, from, length = the rest): the first character is 1.
    Substring,
    /// (text, old, new)
    Replace,
    /// (a, b, …): NULLs are skipped.
    Concat,
    /// (text, characters)
    Left,
    /// (text, characters)
    Right,
    /// (text, start): with case.
    StartsWith,
    /// (text, end): with case.
    EndsWith,
    /// (text, part): with case.
    Contains,
    /// (): the moment the query asks for, the same in the whole query.
    AsOf,
    /// (from, to): how many borders of the unit lie between.
    DateDiff(TimeUnit),
    /// (count, time)
    DateAdd(TimeUnit),
    /// (time)
    Part(DatePart),
    /// (time)
    Truncate(Grain),
}

/// A name in the text and what it takes.
pub struct Signature {
    pub name: &'static str,
    pub least: usize,
    /// Any number, when nothing.
    pub most: Option<usize>,
    pub kind: SignatureKind,
}

/// Those of the calendar take a word as the first argument.
#[derive(Clone, Copy)]
pub enum SignatureKind {
    Plain(Function),
    DateDiff,
    DateAdd,
    Part,
    Truncate,
}

const fn plain(name: &'static str, least: usize, most: usize, function: Function) -> Signature {
    Signature {
        name,
        least,
        most: Some(most),
        kind: SignatureKind::Plain(function),
    }
}

const fn many(name: &'static str, function: Function) -> Signature {
    Signature {
        name,
        least: 1,
        most: None,
        kind: SignatureKind::Plain(function),
    }
}

const fn worded(name: &'static str, arguments: usize, kind: SignatureKind) -> Signature {
    Signature {
        name,
        least: arguments,
        most: Some(arguments),
        kind,
    }
}

/// Sorted by name.
pub const SIGNATURES: [Signature; 34] = [
    plain("abs", 1, 1, Function::Abs),
    plain("as_of", 0, 0, Function::AsOf),
    plain("ceil", 1, 1, Function::Ceil),
    plain("ceiling", 1, 1, Function::Ceil),
    many("coalesce", Function::Coalesce),
    many("concat", Function::Concat),
    plain("contains", 2, 2, Function::Contains),
    worded("date_add", 3, SignatureKind::DateAdd),
    worded("date_diff", 3, SignatureKind::DateDiff),
    plain("ends_with", 2, 2, Function::EndsWith),
    plain("exp", 1, 1, Function::Exp),
    plain("floor", 1, 1, Function::Floor),
    many("greatest", Function::Greatest),
    plain("if", 3, 3, Function::If),
    many("least", Function::Least),
    plain("left", 2, 2, Function::Left),
    plain("length", 1, 1, Function::Length),
    plain("ln", 1, 1, Function::Ln),
    plain("lower", 1, 1, Function::Lower),
    plain("mod", 2, 2, Function::Mod),
    plain("nullif", 2, 2, Function::NullIf),
    worded("part", 2, SignatureKind::Part),
    plain("power", 2, 2, Function::Power),
    plain("replace", 3, 3, Function::Replace),
    plain("right", 2, 2, Function::Right),
    plain("round", 1, 2, Function::Round),
    plain("sign", 1, 1, Function::Sign),
    plain("sqrt", 1, 1, Function::Sqrt),
    plain("starts_with", 2, 2, Function::StartsWith),
    plain("substr", 2, 3, Function::Substring),
    plain("substring", 2, 3, Function::Substring),
    plain("trim", 1, 1, Function::Trim),
    worded("trunc", 2, SignatureKind::Truncate),
    plain("upper", 1, 1, Function::Upper),
];

pub fn find(name: &str) -> Option<&'static Signature> {
    SIGNATURES.iter().find(|signature| signature.name == name)
}

/// NULLs are skipped; over no values: count 0, the others NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    Sum,
    Count,
    Avg,
    Min,
    Max,
    Median,
}

impl Aggregate {
    pub const ALL: [Self; 6] = [Self::Sum, Self::Count, Self::Avg, Self::Min, Self::Max, Self::Median];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Count => "count",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
            Self::Median => "median",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_unique() {
        assert!(SIGNATURES.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
