//! Searching without regard to case, as a pattern that names every letter of the same folding: no database folds as Unicode
//! says, and what one takes for lower case depends on its locale.

use std::{collections::BTreeMap, sync::OnceLock};

/// Where the needle has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Anywhere,
    Start,
    End,
}

/// All letters that fold as this one does, itself first; alone when it has no case.
pub fn same_letters(letter: char) -> Vec<char> {
    static CLASSES: OnceLock<BTreeMap<char, Vec<char>>> = OnceLock::new();
    let classes = CLASSES.get_or_init(|| {
        let mut classes: BTreeMap<char, Vec<char>> = BTreeMap::new();
        for other in '\0'..='\u{1FFFF}' {
            classes.entry(fold(other)).or_default().push(other);
        }
        classes.retain(|_, letters| letters.len() > 1);
        classes
    });
    let mut letters = vec![letter];
    letters.extend(
        classes
            .get(&fold(letter))
            .into_iter()
            .flatten()
            .copied()
            .filter(|other| *other != letter),
    );
    letters
}

/// Unicode's simple folding: the letter behind the capital. The Turkish i's have none.
fn fold(letter: char) -> char {
    if matches!(letter, 'ı' | 'İ') {
        return letter;
    }
    let single = |mut letters: Box<dyn Iterator<Item = char>>| letters.next().filter(|_| letters.next().is_none());
    let upper = single(Box::new(letter.to_uppercase())).unwrap_or(letter);
    single(Box::new(upper.to_lowercase())).unwrap_or(upper)
}

/// A regular expression for the needle, understood alike by PostgreSQL, ICU, PCRE and RE2.
pub fn regex(needle: &str, place: Place, end: &str) -> String {
    let mut pattern = String::new();
    if place == Place::Start {
        pattern.push('^');
    }
    for letter in needle.chars() {
        match same_letters(letter).as_slice() {
            [_] if letter.is_ascii_punctuation() => pattern.extend(['\\', letter]),
            [_] => pattern.push(letter),
            letters => {
                pattern.push('[');
                pattern.extend(letters);
                pattern.push(']');
            }
        }
    }
    if place == Place::End {
        pattern.push_str(end);
    }
    pattern
}

/// The same for `GLOB`.
pub fn glob(needle: &str, place: Place) -> String {
    let mut pattern = String::new();
    if place != Place::Start {
        pattern.push('*');
    }
    for letter in needle.chars() {
        match same_letters(letter).as_slice() {
            [_] if !matches!(letter, '*' | '?' | '[') => pattern.push(letter),
            letters => {
                pattern.push('[');
                pattern.extend(letters);
                pattern.push(']');
            }
        }
    }
    if place != Place::End {
        pattern.push('*');
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_one_folding_find_each_other() {
        assert_eq!(same_letters('k'), ['k', 'K', '\u{212A}']);
        assert_eq!(same_letters('S'), ['S', 's', 'ſ']);
        assert_eq!(same_letters('ß'), ['ß', 'ẞ']);
        assert_eq!(same_letters('σ').len(), 3);
        assert_eq!(same_letters('i'), ['i', 'I']);
        assert_eq!(same_letters('İ'), ['İ']);
        assert_eq!(same_letters('7'), ['7']);
        assert_eq!(regex("a.b", Place::End, "$"), r"[aA]\.[bB]$");
        assert_eq!(glob("[5*", Place::Start), "[[]5[*]*");
    }
}
