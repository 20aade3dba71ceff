//! A look at the bytes of a JSON body before anything recursive reads them.

/// Why a body is not parsed at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanProblem {
    TooDeep,
    /// `\u0000` in a text: no database keeps it.
    NulCharacter,
}

/// Refuses nesting deeper than `depth` and NUL characters, in one pass without recursion.
///
/// # Errors
/// The first problem found.
pub fn scan(bytes: &[u8], depth: usize) -> Result<(), ScanProblem> {
    let mut open = 0_usize;
    let mut position = 0;
    let mut in_text = false;
    while let Some(byte) = bytes.get(position) {
        position += 1;
        match (in_text, byte) {
            (true, b'\\') => {
                if bytes.get(position..).is_some_and(|rest| rest.starts_with(b"u0000")) {
                    return Err(ScanProblem::NulCharacter);
                }
                position += 1;
            }
            (_, b'"') => in_text = !in_text,
            (false, b'[' | b'{') => {
                open += 1;
                if open > depth {
                    return Err(ScanProblem::TooDeep);
                }
            }
            (false, b']' | b'}') => open = open.saturating_sub(1),
            (true | false, _) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_outside_of_texts_only() {
        assert_eq!(scan(br#"{"a":[{"b":"[[[[[[\"[["}]}"#, 3), Ok(()));
        assert_eq!(scan(b"[[[[", 3), Err(ScanProblem::TooDeep));
        assert_eq!(scan(&vec![b'['; 100_000], 64), Err(ScanProblem::TooDeep));
        assert_eq!(scan(b"[][][]{}{}", 1), Ok(()));
    }

    #[test]
    fn nul_characters_are_found_and_escaped_backslashes_are_not() {
        assert_eq!(scan(br#"{"a":"x\u0000"}"#, 3), Err(ScanProblem::NulCharacter));
        assert_eq!(scan(br#"{"a":"x\\u0000"}"#, 3), Ok(()));
        assert_eq!(scan(br#"{"a":"\"#, 3), Ok(()));
    }
}
