//! From the start of the program to the first good answer, and what it holds in memory then.

use std::{path::Path, thread, time::Duration};

use super::figure::{self, Figure};
use crate::{failure::Outcome, instance::Instance};

const ROUNDS: usize = 5;

/// The median of some starts on an empty folder, and the memory two seconds later.
pub fn measure(binary: &Path, scratch: &Path) -> Outcome<[Figure; 2]> {
    let mut starts = Vec::new();
    let mut memory = None;
    for round in 0..ROUNDS {
        let instance = Instance::start(binary, scratch, &[])?;
        starts.push(instance.start);
        if round + 1 == ROUNDS {
            thread::sleep(Duration::from_secs(2));
            memory = instance.memory_kib();
        }
    }
    let start = format!("{:.3} s", figure::median(&mut starts).as_secs_f64());
    let what = "idle memory";
    let (peer, goal) = ("Superset 562 MB + database", "< 80 MiB");
    let memory = memory.map_or_else(
        || Figure::missing(what, peer, goal, "not known on this system"),
        |kib| Figure::measured(what, peer, goal, format!("{:.0} MiB", kib as f64 / 1024.0)),
    );
    Ok([
        Figure::measured(
            "release binary to ready, empty data folder",
            "Superset 2.85 s",
            "< 0.3 s",
            start,
        ),
        memory,
    ])
}
