//! The members along a category axis, and which times of a crowded axis are named.

use serde_json::{Value, json};
use shared::{
    semantic::{Answer, Grain},
    table::Cell,
};

use super::{
    series::{self, Series},
    value::wall_clock,
};

/// Each member once, in the answer's order.
pub(super) struct Categories {
    pub labels: Vec<String>,
    /// When the members are times: their wall clocks, as many as labels.
    pub times: Option<Times>,
}

pub(super) struct Times {
    grain: Option<Grain>,
    pub clocks: Vec<String>,
}

impl Categories {
    pub fn of(answer: &Answer, axis: Option<usize>, series: &Series) -> Self {
        let (mut labels, mut clocks) = (Vec::new(), Vec::new());
        let mut seen = std::collections::BTreeSet::new();
        for row in &series.rows {
            let text = |key: &str| row.get(key).and_then(Value::as_str);
            if let Some(label) = text("x")
                && seen.insert(label)
            {
                labels.push(label.to_owned());
                clocks.extend(text("t").map(str::to_owned));
            }
        }
        // A member without a time, NULL, makes a list of names of it.
        let times = (series::is_time(answer, axis) && clocks.len() == labels.len()).then(|| Times {
            grain: axis.and_then(|axis| answer.columns.get(axis)?.grain),
            clocks,
        });
        Self { labels, times }
    }
}

impl Categories {
    /// The members of a column, those without a value too.
    pub fn of_column(answer: &Answer, column: Option<usize>) -> Self {
        let rows = answer.rows.iter().map(|row| {
            let mut data = json!({ "x": series::member(answer, row, column) });
            if let (Value::Object(data), true, Some(Cell::Text(text))) = (
                &mut data,
                series::is_time(answer, column),
                column.and_then(|column| row.get(column)),
            ) {
                data.insert("t".to_owned(), Value::from(wall_clock(text)));
            }
            data
        });
        let members = Series {
            rows: rows.collect(),
            ..Series::default()
        };
        Self::of(answer, column, &members)
    }
}

impl Times {
    /// Positions of at most `most` times at steps that people count in: months by quarters and years, the rest evenly.
    pub fn steady(&self, most: usize) -> Vec<usize> {
        let count = self.clocks.len();
        if self.grain == Some(Grain::Month)
            && let Some(months) = self
                .clocks
                .iter()
                .map(|clock| month_number(clock))
                .collect::<Option<Vec<_>>>()
        {
            let span = match (months.iter().min(), months.iter().max()) {
                (Some(first), Some(last)) => last - first + 1,
                (None, _) | (_, None) => 0,
            };
            let step = [1, 2, 3, 6, 12, 24, 60, 120]
                .into_iter()
                .find(|step| span.div_ceil(*step) <= most)
                .unwrap_or(240);
            return (0..)
                .zip(months)
                .filter(|(_, month)| month % step == 0)
                .map(|(index, _)| index)
                .collect();
        }
        (0..count).step_by(count.div_ceil(most.max(1)).max(1)).collect()
    }

    /// d3's words for ticks of their own grain; `None` where the axis chooses its ticks itself.
    pub fn named_by(&self) -> Option<&'static str> {
        match self.grain? {
            Grain::Year => Some("%Y"),
            Grain::Quarter => Some("Q%q %Y"),
            Grain::Month => Some("%b %Y"),
            Grain::Week | Grain::Day | Grain::Hour | Grain::Minute | Grain::Second | Grain::Millisecond => None,
        }
    }

    /// Words for ticks that the axis chooses; `None` leaves the words to it as well.
    pub fn chosen_ticks(&self) -> Option<&'static str> {
        let days = self
            .clocks
            .iter()
            .map(|clock| clock.get(..10))
            .collect::<Option<std::collections::BTreeSet<_>>>()?;
        let (first, last) = (days.first()?, days.last()?);
        let months = month_number(last)?.checked_sub(month_number(first)?)?;
        match self.grain? {
            Grain::Week | Grain::Day if months >= 3 => Some("%b %Y"),
            Grain::Week | Grain::Day => Some("%-d %b"),
            Grain::Year
            | Grain::Quarter
            | Grain::Month
            | Grain::Hour
            | Grain::Minute
            | Grain::Second
            | Grain::Millisecond => None,
        }
    }
}

/// Months since year 0 of `2026-05-01…`.
fn month_number(clock: &str) -> Option<usize> {
    let year: usize = clock.get(..4)?.parse().ok()?;
    let month: usize = clock.get(5..7)?.parse().ok()?;
    Some(year * 12 + month.checked_sub(1)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(count: usize) -> Times {
        let clocks =
            (0..count).map(|index| format!("{}-{:02}-01T00:00:00", 2025 + index.div_ceil(12), (index + 11) % 12 + 1));
        Times {
            grain: Some(Grain::Month),
            clocks: clocks.collect(),
        }
    }

    #[test]
    fn months_are_named_at_steps_that_hit_january() {
        assert_eq!(months(12).steady(12), (0..12).collect::<Vec<_>>());
        assert_eq!(months(12).steady(6), [1, 3, 5, 7, 9, 11]);
        assert_eq!(months(24).steady(8), [1, 4, 7, 10, 13, 16, 19, 22]);
        assert_eq!(months(36).steady(4), [1, 13, 25]);
    }

    #[test]
    fn other_times_are_named_evenly() {
        let days = Times {
            grain: Some(Grain::Day),
            clocks: (1..=10).map(|day| format!("2026-05-{day:02}")).collect(),
        };
        assert_eq!(days.steady(4), [0, 3, 6, 9]);
        assert_eq!(days.chosen_ticks(), Some("%-d %b"));
    }
}
