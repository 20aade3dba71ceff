//! Comparing texts of which there are many: names of fields, categories.

/// Whether two texts are equal; of short ones without the call that comparing takes.
#[inline]
pub fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    match (one.first_chunk::<8>(), other.first_chunk::<8>()) {
        // Both ends overlap.
        (Some(a), Some(b)) if one.len() <= 16 => a == b && one.last_chunk::<8>() == other.last_chunk::<8>(),
        (Some(_), _) => one == other,
        (None, _) => one.iter().eq(other),
    }
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn texts_are_the_same_to_the_last_letter() {
        let text = "abcdefghijklmnopqrst";
        for length in 0..text.len() {
            let (one, longer) = (&text[..length], &text[..=length]);
            assert!(is_same(one, one) && !is_same(one, longer) && !is_same(longer, one));
            for at in 0..length {
                let mut other = one.as_bytes().to_vec();
                other[at] = b'_';
                assert!(!is_same(one, &String::from_utf8_lossy(&other)));
            }
        }
    }
}
