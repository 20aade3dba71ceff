//! Truth values.

/// Pairs of words; a column uses one pair. 0 and 1 are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pair {
    TrueFalse,
    YesNo,
    /// `t`, `f`; only when both occur, since one of them alone is more likely a code.
    TF,
    /// `y`, `n`; likewise.
    YN,
}

/// The truth value and the pair it belongs to; case is ignored.
pub fn parse(text: &str) -> Option<(bool, Pair)> {
    match text.len() {
        1 => match text.as_bytes().first()?.to_ascii_lowercase() {
            b't' => Some((true, Pair::TF)),
            b'f' => Some((false, Pair::TF)),
            b'y' => Some((true, Pair::YN)),
            b'n' => Some((false, Pair::YN)),
            _ => None,
        },
        2 if text.eq_ignore_ascii_case("no") => Some((false, Pair::YesNo)),
        3 if text.eq_ignore_ascii_case("yes") => Some((true, Pair::YesNo)),
        4 if text.eq_ignore_ascii_case("true") => Some((true, Pair::TrueFalse)),
        5 if text.eq_ignore_ascii_case("false") => Some((false, Pair::TrueFalse)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_letters() {
        assert_eq!(parse("TRUE"), Some((true, Pair::TrueFalse)));
        assert_eq!(parse("no"), Some((false, Pair::YesNo)));
        assert_eq!(parse("F"), Some((false, Pair::TF)));
        assert_eq!(parse("1"), None);
        assert_eq!(parse("truth"), None);
    }
}
