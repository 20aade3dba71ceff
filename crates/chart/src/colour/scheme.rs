//! Looking up a named scheme.

use super::palettes::{CONTINUOUS, DISCRETE};
use super::rgb::Rgb;

/// A named scheme.
#[derive(Clone, Debug, PartialEq)]
pub enum Scheme {
    /// Stops of a ramp.
    Continuous(Vec<Rgb>),
    /// Colours for categories.
    Discrete(Vec<Rgb>),
}

/// The scheme of a name in any case, such as `tableau10` or `yellowGreenBlue-5`'s `yellowgreenblue`.
pub fn scheme(name: &str) -> Option<Scheme> {
    let name = name.to_ascii_lowercase();
    let find = |list: &'static [(&str, &str)]| {
        list.binary_search_by(|(n, _)| (*n).cmp(name.as_str()))
            .ok()
            .and_then(|i| list.get(i))
            .map(|(_, c)| colours(c))
    };
    find(CONTINUOUS)
        .map(Scheme::Continuous)
        .or_else(|| find(DISCRETE).map(Scheme::Discrete))
}

fn colours(digits: &str) -> Vec<Rgb> {
    let code = |i: usize| {
        digits
            .get(i * 6..i * 6 + 6)
            .and_then(|h| u32::from_str_radix(h, 16).ok())
    };
    (0..digits.len() / 6).filter_map(code).map(Rgb::hex).collect()
}

#[cfg(test)]
mod tests {
    use super::{Scheme, scheme};

    #[test]
    fn finds_schemes() {
        assert!(matches!(scheme("Tableau10"), Some(Scheme::Discrete(c)) if c.len() == 10));
        assert!(matches!(scheme("yellowGreenBlue"), Some(Scheme::Continuous(c)) if c.len() > 8));
        assert_eq!(scheme("nothing"), None);
    }
}
