//! Counting distinct values: one by one up to a limit, then by estimate.

use std::hash::{BuildHasher as _, Hash};

use hashbrown::{DefaultHashBuilder, HashMap, HashTable, hash_table::Entry};

use super::sketch::Sketch;

/// Counts of values of a fixed size.
pub struct FixedCounter<K> {
    counts: HashMap<K, u64>,
    /// The values so far while each is greater than the one before, as numbers of rows are: they need no looking up.
    ascending: Option<Ascending<K>>,
    limit: usize,
    sketch: Option<Sketch>,
    hasher: DefaultHashBuilder,
}

struct Ascending<K> {
    /// Up to the limit; beyond it only the sketch knows them.
    values: Vec<K>,
    last: Option<K>,
    count: u64,
}

impl<K: Copy + Eq + Hash + Ord> FixedCounter<K> {
    pub fn new(limit: usize) -> Self {
        Self {
            counts: HashMap::new(),
            ascending: Some(Ascending {
                values: Vec::new(),
                last: None,
                count: 0,
            }),
            limit,
            sketch: None,
            hasher: DefaultHashBuilder::default(),
        }
    }

    pub fn add(&mut self, key: K) {
        if let Some(ascending) = &mut self.ascending {
            if ascending.last.is_none_or(|last| last < key) {
                ascending.last = Some(key);
                ascending.count += 1;
                if self.sketch.is_none() {
                    ascending.values.push(key);
                    if ascending.values.len() > self.limit {
                        let values = std::mem::take(&mut ascending.values);
                        self.sketch = Some(self.sketch_of(values.into_iter()));
                    }
                    return;
                }
            } else {
                let values = std::mem::take(&mut ascending.values);
                self.counts = values.into_iter().map(|value| (value, 1)).collect();
                self.ascending = None;
            }
        }
        if let Some(sketch) = &mut self.sketch {
            sketch.add(self.hasher.hash_one(key));
            return;
        }
        *self.counts.entry(key).or_insert(0) += 1;
        if self.counts.len() > self.limit {
            let counts = std::mem::take(&mut self.counts);
            self.sketch = Some(self.sketch_of(counts.into_keys()));
        }
    }

    fn sketch_of(&self, keys: impl Iterator<Item = K>) -> Sketch {
        let mut sketch = Sketch::new();
        keys.for_each(|key| sketch.add(self.hasher.hash_one(key)));
        sketch
    }

    /// Are all values at hand, with their counts?
    pub const fn is_complete(&self) -> bool {
        self.sketch.is_none()
    }

    /// Is `distinct` counted, not estimated?
    pub const fn is_exact(&self) -> bool {
        self.sketch.is_none() || self.ascending.is_some()
    }

    pub fn distinct(&self) -> u64 {
        match (&self.ascending, &self.sketch) {
            (Some(ascending), _) => ascending.count,
            (None, Some(sketch)) => sketch.estimate(),
            (None, None) => u64::try_from(self.counts.len()).unwrap_or(u64::MAX),
        }
    }

    /// Empty unless the counter is complete.
    pub fn iter(&self) -> impl Iterator<Item = (K, u64)> {
        let ascending = self.ascending.iter().flat_map(|ascending| &ascending.values);
        let counted = self.counts.iter().map(|(key, count)| (*key, *count));
        ascending.map(|value| (*value, 1)).chain(counted)
    }

    /// The most frequent first, ties by value.
    pub fn top(&self, most: usize) -> Vec<(K, u64)> {
        top(self.iter().collect(), most, |left, right| left.cmp(right))
    }
}

struct TextEntry {
    start: usize,
    length: usize,
    hash: u64,
    count: u64,
}

/// Counts of texts; each distinct one is kept once, end to end.
pub struct TextCounter {
    texts: String,
    entries: HashTable<TextEntry>,
    limit: usize,
    sketch: Option<Sketch>,
    hasher: DefaultHashBuilder,
}

/// Text kept for counting, per column.
const TEXT_BYTES: usize = 32 * 1024 * 1024;

impl TextCounter {
    pub fn new(limit: usize) -> Self {
        Self {
            texts: String::new(),
            entries: HashTable::new(),
            limit,
            sketch: None,
            hasher: DefaultHashBuilder::default(),
        }
    }

    pub fn add(&mut self, text: &str) {
        let hash = self.hasher.hash_one(text);
        if let Some(sketch) = &mut self.sketch {
            sketch.add(hash);
            return;
        }
        let texts = &self.texts;
        let same =
            |entry: &TextEntry| entry.hash == hash && texts.get(entry.start..entry.start + entry.length) == Some(text);
        match self.entries.entry(hash, same, |entry| entry.hash) {
            Entry::Occupied(mut entry) => entry.get_mut().count += 1,
            Entry::Vacant(entry) => {
                entry.insert(TextEntry {
                    start: self.texts.len(),
                    length: text.len(),
                    hash,
                    count: 1,
                });
                self.texts.push_str(text);
            }
        }
        if self.entries.len() > self.limit || self.texts.len() > TEXT_BYTES {
            let mut sketch = Sketch::new();
            self.entries.iter().for_each(|entry| sketch.add(entry.hash));
            self.entries = HashTable::new();
            self.texts = String::new();
            self.sketch = Some(sketch);
        }
    }

    pub const fn is_exact(&self) -> bool {
        self.sketch.is_none()
    }

    pub fn distinct(&self) -> u64 {
        self.sketch.as_ref().map_or_else(
            || u64::try_from(self.entries.len()).unwrap_or(u64::MAX),
            Sketch::estimate,
        )
    }

    pub fn top(&self, most: usize) -> Vec<(&str, u64)> {
        let text = |entry: &TextEntry| {
            self.texts
                .get(entry.start..entry.start + entry.length)
                .unwrap_or_default()
        };
        top(
            self.entries.iter().map(|entry| (text(entry), entry.count)).collect(),
            most,
            |left, right| left.cmp(right),
        )
    }
}

fn top<T>(mut counted: Vec<(T, u64)>, most: usize, order: impl Fn(&T, &T) -> std::cmp::Ordering) -> Vec<(T, u64)> {
    let by_count = |left: &(T, u64), right: &(T, u64)| right.1.cmp(&left.1).then_with(|| order(&left.0, &right.0));
    if counted.len() > most {
        counted.select_nth_unstable_by(most, by_count);
        counted.truncate(most);
    }
    counted.sort_unstable_by(by_count);
    counted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_ranks() {
        let mut counter = TextCounter::new(100);
        for text in ["b", "a", "b", "c", ""] {
            counter.add(text);
        }
        assert_eq!(counter.distinct(), 4);
        assert_eq!(counter.top(2), [("b", 2), ("", 1)]);
        let mut numbers = FixedCounter::new(100);
        [3_i64, 1, 3, 2].into_iter().for_each(|number| numbers.add(number));
        assert_eq!(numbers.top(10), [(3, 2), (1, 1), (2, 1)]);
    }

    #[test]
    fn beyond_the_limit_it_estimates() {
        let mut counter = FixedCounter::new(1000);
        (0..50_000_i64).rev().for_each(|number| counter.add(number));
        assert!(!counter.is_exact());
        assert!((48_000..52_000).contains(&counter.distinct()), "{}", counter.distinct());
    }

    #[test]
    fn ascending_values_are_counted_however_many_there_are() {
        let mut counter = FixedCounter::new(1000);
        (0..50_000_i64).for_each(|number| counter.add(number * 3));
        assert!(counter.is_exact() && !counter.is_complete());
        assert_eq!((counter.distinct(), counter.iter().count()), (50_000, 0));
        // One that breaks the row: estimated, with all that came before.
        counter.add(7);
        assert!(!counter.is_exact());
        assert!((48_000..52_000).contains(&counter.distinct()), "{}", counter.distinct());

        let mut few = FixedCounter::new(1000);
        [1_i64, 2, 5, 5, 2].into_iter().for_each(|number| few.add(number));
        assert!(few.is_exact() && few.is_complete());
        assert_eq!((few.distinct(), few.top(10)), (3, vec![(2, 2), (5, 2), (1, 1)]));
    }
}
