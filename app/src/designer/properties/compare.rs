//! A number beside the same number a period earlier.

use leptos::prelude::*;
use shared::semantic::{Compare, CompareAlign, CompareOutput, Span, TimeUnit};

use super::pane::Selected;
use crate::designer::controls::Choose;

/// Output name of the comparison.
const NAME: &str = "previous";

const PERIODS: [(TimeUnit, &str); 5] = [
    (TimeUnit::Day, "the day before"),
    (TimeUnit::Week, "the week before"),
    (TimeUnit::Month, "the month before"),
    (TimeUnit::Quarter, "the quarter before"),
    (TimeUnit::Year, "the year before"),
];

#[component]
pub fn CompareControl(selected: Selected) -> impl IntoView {
    let options = Signal::derive(|| {
        std::iter::once((String::new(), "Nothing".to_owned()))
            .chain(
                PERIODS
                    .iter()
                    .map(|(unit, words)| (unit.as_str().to_owned(), (*words).to_owned())),
            )
            .collect::<Vec<_>>()
    });
    let value = selected.part(
        |visual| {
            visual
                .query
                .compare
                .first()
                .map_or_else(String::new, |compare| compare.shift.unit.as_str().to_owned())
        },
        String::new(),
    );
    let change = Callback::new(move |chosen: String| {
        let unit = PERIODS
            .iter()
            .map(|(unit, _)| *unit)
            .find(|unit| unit.as_str() == chosen);
        let compare = unit.map(|unit| Compare {
            alias: NAME.to_owned(),
            shift: Span { count: 1, unit },
            align: CompareAlign::Calendar,
            partial: None,
            outputs: vec![CompareOutput::Value, CompareOutput::Delta, CompareOutput::Pct],
        });
        selected.change("Compare", |visual| visual.query.compare = compare.into_iter().collect());
    });
    view! {
        <Choose label="Compare with" options=options value=value on_change=change testid="compare" />
        <p class="properties__hint">"Compares the time that is filtered, so give the page a date filter."</p>
    }
}
