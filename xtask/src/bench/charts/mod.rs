//! From a Vega-Lite specification to its SVG: the chart crate, and Vega in Node on the same specifications in the same run. On both
//! sides the specification is parsed JSON and data files are bytes in memory. And the same code in a browser: bytes and milliseconds.

mod browser;
mod native;
mod specs;
mod vega;

use std::{collections::BTreeMap, path::Path};

use self::{specs::Specs, vega::VegaTime};
use super::figure::Figure;
use crate::{failure::Outcome, step, workspace::Workspace};

const DRAWN: (&str, &str, &str) = (
    "chart: spec → SVG",
    "Vega in Node 13 ms median, before",
    "< 0.2 ms native",
);
const RATIO: (&str, &str, &str) = (
    "chart: beside Vega in Node, each spec in the same run",
    "1",
    "≥ 60 times faster in the median",
);

const NATIVE_ROUNDS: usize = 30;
const VEGA_ROUNDS: usize = 10;

/// All of them.
pub fn measure(workspace: &Workspace, scratch: &Path) -> Vec<Figure> {
    let native = specs::find(workspace, scratch)
        .and_then(|specs| native::measure(workspace, &specs, NATIVE_ROUNDS).map(|times| (specs, times)));
    match native {
        Ok((specs, ours)) => {
            let vega = vega::measure(workspace, &specs, VEGA_ROUNDS);
            let mut figures = vec![drawn(&specs, &ours), ratio(&ours, vega)];
            figures.extend(browser::measure(workspace, &specs, scratch));
            figures
        }
        Err(error) => [DRAWN, RATIO].map(|names| missing(names, &error)).into(),
    }
}

fn drawn(specs: &Specs, ours: &BTreeMap<String, f64>) -> Figure {
    let (what, peer, goal) = DRAWN;
    let times = Spread::of(ours.values().copied());
    Figure::measured(
        what,
        peer,
        goal,
        format!(
            "{:.0} µs median, p95 {:.0} µs, {:.0} µs at most ({} of {} specs)",
            times.median,
            times.p95,
            times.most,
            ours.len(),
            specs.names.len()
        ),
    )
}

fn ratio(ours: &BTreeMap<String, f64>, vega: Outcome<BTreeMap<String, VegaTime>>) -> Figure {
    let vega = match vega {
        Ok(times) => times,
        Err(error) => return missing(RATIO, error),
    };
    let pairs: Vec<(f64, VegaTime)> = ours
        .iter()
        .filter_map(|(name, us)| Some((*us, *vega.get(name)?)))
        .collect();
    if pairs.is_empty() {
        return missing(RATIO, "no spec was drawn by both");
    }
    for (name, us) in ours {
        if let Some(time) = vega.get(name) {
            let ratio = time.whole_us / us;
            step::say(&format!(
                "{name}: {us:.0} µs, Vega {:.0} µs, {ratio:.0} times",
                time.whole_us
            ));
        }
    }
    let ratios = Spread::of(pairs.iter().map(|(us, time)| time.whole_us / us));
    let whole = Spread::of(pairs.iter().map(|(_, time)| time.whole_us / 1e3));
    let compile = Spread::of(pairs.iter().map(|(_, time)| time.compile_us / 1e3));
    let share = Spread::of(pairs.iter().map(|(_, time)| time.compile_us / time.whole_us * 100.0));
    let (what, peer, goal) = RATIO;
    Figure::measured(
        what,
        peer,
        goal,
        format!(
            "{:.0} times in the median, {:.0} at least; Vega {:.1} ms median, p95 {:.1} ms, of it Vega-Lite's compiling {:.1} ms ({:.0} %) ({} specs)",
            ratios.median,
            ratios.least,
            whole.median,
            whole.p95,
            compile.median,
            share.median,
            pairs.len()
        ),
    )
}

fn missing((what, peer, goal): (&str, &str, &str), why: impl std::fmt::Display) -> Figure {
    Figure::missing(what, peer, goal, why)
}

/// How numbers are spread; zeros without any.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Spread {
    least: f64,
    median: f64,
    p95: f64,
    most: f64,
}

impl Spread {
    fn of(numbers: impl Iterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = numbers.collect();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1) as f64;
        let at = |share: f64| sorted.get((last * share).round() as usize).copied().unwrap_or_default();
        Self {
            least: at(0.0),
            median: at(0.5),
            p95: at(0.95),
            most: at(1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_is_taken_from_each_spec_first() {
        let ours = BTreeMap::from([("a".to_owned(), 10.0), ("b".to_owned(), 100.0), ("c".to_owned(), 1.0)]);
        let time = |whole_us| VegaTime {
            compile_us: whole_us / 4.0,
            whole_us,
        };
        let vega = BTreeMap::from([("a".to_owned(), time(700.0)), ("b".to_owned(), time(3000.0))]);
        let figure = format!("{:?}", ratio(&ours, Ok(vega)));
        assert!(figure.contains("70 times in the median, 30 at least"), "{figure}");
        assert!(figure.contains("(25 %) (2 specs)"), "{figure}");
    }

    #[test]
    fn spread_of_few_and_none() {
        let spread = Spread::of([3.0, 1.0, 2.0].into_iter());
        assert_eq!((spread.least, spread.median, spread.most), (1.0, 2.0, 3.0));
        assert_eq!(Spread::of(std::iter::empty()), Spread::default());
    }
}
