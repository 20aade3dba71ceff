//! What the person at the terminal sees: a header per step, its duration, a table at the end.

use std::time::{Duration, Instant};

use crate::failure::Outcome;

/// One line of what the tool does right now.
pub fn say(line: &str) {
    println!("   {line}");
}

/// Steps run so far, for the table at the end.
#[derive(Debug, Default)]
pub struct Steps {
    finished: Vec<(String, Duration, bool)>,
}

impl Steps {
    /// Runs one step under a header and keeps its duration, also when it fails.
    pub fn run<T>(&mut self, name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        println!("\n== {name}");
        let start = Instant::now();
        let outcome = work();
        let duration = start.elapsed();
        println!(
            "== {name}: {} ({})",
            if outcome.is_ok() { "ok" } else { "FAILED" },
            seconds(duration)
        );
        self.finished.push((name.to_owned(), duration, outcome.is_ok()));
        outcome
    }

    /// Prints the table of all steps.
    pub fn print(&self) {
        let width = self
            .finished
            .iter()
            .map(|(name, ..)| name.chars().count())
            .max()
            .unwrap_or(0);
        let total = self.finished.iter().map(|(_, duration, _)| *duration).sum();
        println!();
        for (name, duration, ok) in &self.finished {
            println!(
                "  {}  {name:width$}  {:>8}",
                if *ok { "ok    " } else { "FAILED" },
                seconds(*duration)
            );
        }
        println!("  {:6}  {:width$}  {:>8}", "", "all", seconds(total));
    }
}

/// `12.3 s`, or `3 min 20 s` from one minute on.
fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    if whole < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}
