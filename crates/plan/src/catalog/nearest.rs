//! What could have been meant by a misspelt name.

/// At most this many candidates are named.
const CANDIDATES: usize = 5;

/// The known names nearest to `name`, nearest first: by edit distance, case and table prefix aside; a name that contains
/// the other counts as near. When nothing is near, the first known names.
pub fn nearest(name: &str, known: impl Iterator<Item = String>) -> Vec<String> {
    let wanted = key(name);
    let mut scored: Vec<(usize, usize, String)> = known
        .enumerate()
        .map(|(position, candidate)| (distance(&wanted, &key(&candidate)), position, candidate))
        .collect();
    shared::sort::sort(&mut scored);
    let limit = wanted.chars().count() / 3 + 1;
    let near = scored.iter().filter(|(distance, _, _)| *distance <= limit).count();
    if near == 0 {
        shared::sort::sort_by_key(&mut scored, |(_, position, _)| *position);
    } else {
        scored.truncate(near);
    }
    scored
        .into_iter()
        .take(CANDIDATES)
        .map(|(_, _, candidate)| candidate)
        .collect()
}

fn key(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).to_lowercase()
}

/// Insertions, deletions, replacements and swaps of neighbours; 1 when one contains the other.
fn distance(left: &str, right: &str) -> usize {
    let short = left.len().min(right.len());
    if left != right && short >= 3 && (left.contains(right) || right.contains(left)) {
        return 1;
    }
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    let cell = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
    for (i, a) in left.iter().enumerate() {
        let mut current = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let mut best = (cell(&previous, j) + usize::from(a != b))
                .min(cell(&previous, j + 1) + 1)
                .min(cell(&current, j) + 1);
            let swapped = i > 0 && j > 0 && left.get(i - 1) == Some(b) && right.get(j - 1) == Some(a);
            if swapped {
                best = best.min(cell(&before, j - 1) + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut previous, current);
    }
    previous.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_misspelt_name_comes_first() {
        let known = || {
            ["orders.region", "orders.revenue", "orders.status"]
                .into_iter()
                .map(str::to_owned)
        };
        assert_eq!(nearest("orders.regoin", known()), ["orders.region"]);
        assert_eq!(nearest("Revenu", known()), ["orders.revenue"]);
        assert_eq!(nearest("zzzzzz", known()).len(), 3);
    }
}
