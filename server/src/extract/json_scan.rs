//! A look at the bytes of a JSON body before anything recursive reads them.

/// Why a body is not parsed at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanProblem {
    TooDeep,
    /// `\u0000` in a text: no database keeps it.
    NulCharacter,
    /// A number that would become another one, or none, when it is read.
    HugeNumber,
}

/// Refuses nesting deeper than `depth`, NUL characters and numbers beyond what is counted with, in one pass without recursion.
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
            (false, b'-' | b'0'..=b'9') => {
                let word = word_at(bytes, position - 1);
                if !is_kept(word) {
                    return Err(ScanProblem::HugeNumber);
                }
                position += word.len().saturating_sub(1);
            }
            (true | false, _) => {}
        }
    }
    Ok(())
}

/// The whole word that starts here: in broken JSON it may hold a number and be none, as an id without its quotes.
fn word_at(bytes: &[u8], start: usize) -> &str {
    let rest = bytes.get(start..).unwrap_or_default();
    let is_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let end = rest.iter().position(|byte| !is_of_word(byte)).unwrap_or(rest.len());
    rest.get(..end)
        .and_then(|word| str::from_utf8(word).ok())
        .unwrap_or_default()
}

/// Whether an integer stays the same to its last digit, and a fraction is one at all. What is no number passes: whoever reads
/// it says so.
fn is_kept(word: &str) -> bool {
    let is_of_number = |byte: u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    if !word.bytes().all(is_of_number) {
        return true;
    }
    if word.contains(['.', 'e', 'E']) {
        return word.parse::<f64>().map_or(true, f64::is_finite);
    }
    word.parse::<i64>().is_ok() || word.parse::<u64>().is_ok() || word.parse::<f64>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_what_they_are_or_are_refused() {
        for kept in [
            "[-0]",
            "[9223372036854775807,-9223372036854775808]",
            "[18446744073709551615]",
            "[1e308,-0.1]",
            "[1-2]",
            "[-]",
            "['d3a9-93872e788']",
            "[-Infinity]",
        ] {
            assert_eq!(scan(kept.as_bytes(), 3), Ok(()), "{kept}");
        }
        for huge in [
            "[18446744073709551616]",
            "{\"a\":-9223372036854775809}",
            "[1e400]",
            "[-1.5e999]",
        ] {
            assert_eq!(scan(huge.as_bytes(), 3), Err(ScanProblem::HugeNumber), "{huge}");
        }
        assert_eq!(scan(br#"["18446744073709551616"]"#, 3), Ok(()));
    }

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
