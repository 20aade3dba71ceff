//! Does the first record hold names?

use crate::ingest::table::{Evidence, Field, Origin, Reading, decide};

/// Every column votes: when its values have a type that its first field does not fit, the first field is a name; when it
/// fits, a value. Columns of text, and years (which make good names of columns), abstain. Without votes it is a header.
pub fn has_header(first: &[Field<'_>], rest: &[Vec<Field<'_>>]) -> bool {
    if first.iter().all(|field| field.origin == Origin::Missing) {
        return false;
    }
    let votes: i64 = first
        .iter()
        .enumerate()
        .map(|(place, name)| vote(name, place, rest))
        .sum();
    votes >= 0
}

fn vote(name: &Field<'_>, place: usize, rest: &[Vec<Field<'_>>]) -> i64 {
    let mut evidence = Evidence::new(false);
    rest.iter()
        .filter_map(|record| record.get(place))
        .for_each(|field| evidence.observe(field));
    let reading = decide(&evidence, "", None, false).reading;
    if rest.is_empty() {
        // One record only: numbers are hardly names.
        let mut own = Evidence::new(false);
        own.observe(name);
        return if matches!(decide(&own, "", None, false).reading, Reading::Text) {
            0
        } else {
            -1
        };
    }
    if matches!(reading, Reading::Text | Reading::Json) || name.origin == Origin::Missing || looks_like_year(&name.text)
    {
        return 0;
    }
    if reading.read(name).is_ok() { -1 } else { 1 }
}

fn looks_like_year(text: &str) -> bool {
    text.trim()
        .parse::<u32>()
        .is_ok_and(|year| (1800..=2200).contains(&year))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<Field<'_>> {
        text.split(',')
            .map(|text| {
                if text.is_empty() {
                    Field::MISSING
                } else {
                    Field::borrowed(text, Origin::Bare)
                }
            })
            .collect()
    }

    fn header(lines: &[&str]) -> bool {
        let records: Vec<_> = lines.iter().map(|line| fields(line)).collect();
        records
            .split_first()
            .is_some_and(|(first, rest)| has_header(first, rest))
    }

    #[test]
    fn names_against_values() {
        assert!(header(&["id,amount", "1,2.5", "2,3.5"]));
        assert!(!header(&["1,2.5", "2,3.5"]));
        assert!(header(&["country,2019,2020", "DE,1.5,2.5"]));
        assert!(header(&["name,city", "Ann,Rome"]));
        assert!(header(&["name,city"]));
        assert!(!header(&["2026-01-01,x", "2026-01-02,y"]));
        assert!(!header(&["1,2"]));
    }
}
