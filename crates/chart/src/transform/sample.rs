//! Some of the rows, picked at random and yet the same at each drawing.

use crate::data::Table;

/// Any odd number; the same rows are picked wherever a chart is drawn.
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// Keeps `size` rows in their order, each row with the same chance: A. Waterman's algorithm R, in D. E. Knuth, "The Art of
/// Computer Programming", volume 2, section 3.4.2.
pub fn sample(table: &mut Table, size: usize) {
    if table.rows.len() <= size {
        return;
    }
    let mut state = SEED;
    let mut kept: Vec<usize> = (0..size).collect();
    for at in size..table.rows.len() {
        let slot = (next(&mut state) % (at as u64 + 1)) as usize;
        if let Some(slot) = kept.get_mut(slot) {
            *slot = at;
        }
    }
    shared::sort::sort(&mut kept);
    let rows = std::mem::take(&mut table.rows);
    let mut kept = kept.into_iter().peekable();
    table.rows = rows
        .into_iter()
        .enumerate()
        .filter(|(at, _)| kept.next_if_eq(at).is_some())
        .map(|(_, row)| row)
        .collect();
}

/// SplitMix64, by G. L. Steele, D. Lea and C. H. Flood.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(SEED);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::sample;
    use crate::data::{Row, Table};
    use crate::value::Value;

    #[test]
    fn each_row_has_its_chance_and_the_order_stays() {
        let rows = (0..1_000).map(|i| Row::of([Value::Number(f64::from(i))], i as usize));
        let mut table = Table {
            names: vec!["n".into()],
            rows: rows.collect(),
        };
        let mut again = table.clone();
        sample(&mut table, 100);
        sample(&mut again, 100);
        assert_eq!(table, again);
        let picked: Vec<usize> = table.rows.iter().map(|row| row.source).collect();
        assert!(picked.len() == 100 && picked.is_sorted());
        let late = picked.iter().filter(|at| **at >= 500).count();
        assert!((30..=70).contains(&late), "{late} of 100 are from the second half");
        sample(&mut table, 500);
        assert_eq!(table.rows.len(), 100);
    }
}
