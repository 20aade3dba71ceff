//! Equal bins from the smallest to the largest value.

use shared::dataset::HistogramBin;

const MOST_BINS: usize = 24;

#[derive(Clone, Debug)]
pub struct Histogram {
    from: f64,
    to: f64,
    counts: Vec<u64>,
}

impl Histogram {
    /// One bin when there is one value; at most as many as there are distinct values.
    pub fn new(from: f64, to: f64, distinct: u64) -> Self {
        let bins = if from < to {
            usize::try_from(distinct).unwrap_or(MOST_BINS).clamp(1, MOST_BINS)
        } else {
            1
        };
        Self {
            from,
            to,
            counts: vec![0; bins],
        }
    }

    pub fn add(&mut self, value: f64, count: u64) {
        let last = self.counts.len() - 1;
        let share = if self.from < self.to {
            (value - self.from) / (self.to - self.from)
        } else {
            0.0
        };
        let bins = u32::try_from(self.counts.len()).map_or(1.0, f64::from);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to the bins"
        )]
        let place = (share * bins).floor().clamp(0.0, bins - 1.0) as usize;
        if let Some(bin) = self.counts.get_mut(place.min(last)) {
            *bin += count;
        }
    }

    pub fn into_bins(self) -> Vec<HistogramBin> {
        let bins = u32::try_from(self.counts.len()).map_or(1.0, f64::from);
        let width = (self.to - self.from) / bins;
        let edge =
            |place: usize| u32::try_from(place).map_or(self.to, |place| width.mul_add(f64::from(place), self.from));
        let last = self.counts.len() - 1;
        let bin = |(place, count): (usize, &u64)| HistogramBin {
            from: edge(place),
            to: if place == last { self.to } else { edge(place + 1) },
            count: *count,
        };
        self.counts.iter().enumerate().map(bin).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_value_is_in_the_last_bin() {
        let mut histogram = Histogram::new(0.0, 10.0, 100);
        for value in 0..=10 {
            histogram.add(f64::from(value), 1);
        }
        let bins = histogram.into_bins();
        assert_eq!(bins.len(), 24);
        assert_eq!(bins.iter().map(|bin| bin.count).sum::<u64>(), 11);
        assert_eq!(bins.last().map(|bin| (bin.to, bin.count)), Some((10.0, 1)));
    }

    #[test]
    fn one_value_one_bin() {
        let mut histogram = Histogram::new(5.0, 5.0, 1);
        histogram.add(5.0, 3);
        assert_eq!(
            histogram.into_bins(),
            [HistogramBin {
                from: 5.0,
                to: 5.0,
                count: 3
            }]
        );
    }
}
