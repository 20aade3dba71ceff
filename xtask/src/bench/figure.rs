//! One line of the table, and the table.

use std::time::Duration;

/// What was measured, beside what it should be.
#[derive(Clone, Debug)]
pub struct Figure {
    what: String,
    peer: String,
    goal: String,
    measured: String,
}

impl Figure {
    /// A figure with its result.
    pub fn measured(what: &str, peer: &str, goal: &str, measured: impl Into<String>) -> Self {
        Self {
            what: what.to_owned(),
            peer: peer.to_owned(),
            goal: goal.to_owned(),
            measured: measured.into(),
        }
    }

    /// A figure that could not be taken, and why.
    pub fn missing(what: &str, peer: &str, goal: &str, why: impl std::fmt::Display) -> Self {
        let why = why.to_string();
        Self::measured(
            what,
            peer,
            goal,
            format!("not measured: {}", why.lines().next().unwrap_or_default()),
        )
    }
}

/// The whole document.
pub fn document(machine: &str, figures: &[Figure]) -> String {
    let mut text = format!(
        "# Figures\n\nMade by `cargo xtask bench --write` on {machine}. Compare figures of one run only; peers were measured once, on a like machine.\n\n\
         | what | peer, measured | goal | here |\n|---|---|---|---|\n"
    );
    for figure in figures {
        let cells = [&figure.what, &figure.peer, &figure.goal, &figure.measured].map(|cell| cell.replace('|', "\\|"));
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}

/// The middle of sorted times; zero without any.
pub fn median(times: &mut [Duration]) -> Duration {
    quantile(times, 0.5)
}

/// The time that this share of requests stays below.
pub fn quantile(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    times
        .get((last as f64 * share).round() as usize)
        .copied()
        .unwrap_or_default()
}

/// Milliseconds with one decimal.
pub fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_few_and_none() {
        let mut times: Vec<Duration> = [5, 1, 3].map(Duration::from_millis).into();
        assert_eq!(median(&mut times), Duration::from_millis(3));
        assert_eq!(quantile(&mut times, 0.99), Duration::from_millis(5));
        assert_eq!(median(&mut []), Duration::ZERO);
    }
}
