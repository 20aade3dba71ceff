//! A relative range, or two days.

use leptos::prelude::*;
use shared::{dashboard::write_range, semantic::{Condition, TimeRange}};

use super::summary::{COMMON_RANGES, common_range, last_day, range_text, time_range};

/// Fields `name` (a relative range), `name.from` and `name.until` (days, both included).
#[component]
pub fn TimeRangeControl(name: String, #[prop(into)] condition: Signal<Option<Condition>>) -> impl IntoView {
    let range = Memo::new(move |_| time_range(condition.get().as_ref()));
    let chosen = move || range.get().filter(|range| !matches!(range, TimeRange::Between(_))).map(|range| write_range(&range)).unwrap_or_default();
    let unusual = move || range.get().filter(|range| !matches!(range, TimeRange::Between(_)) && common_range(range).is_none());
    let day = move |end: fn(&shared::semantic::BetweenRange) -> Option<String>| match range.get() {
        Some(TimeRange::Between(range)) => end(&range).unwrap_or_default(),
        Some(_) | None => String::new(),
    };
    view! {
        <div class="filter__panel">
            <label class="field">
                <span class="field__label">"Period"</span>
                <select class="input" name=name.clone() prop:value=chosen>
                    <option value="" selected=move || chosen().is_empty()>"Any time or days below"</option>
                    {COMMON_RANGES
                        .iter()
                        .map(|(key, text)| view! { <option value=*key selected=move || chosen() == *key>{*text}</option> })
                        .collect_view()}
                    {move || unusual().map(|range| view! { <option value=write_range(&range) selected=true>{range_text(&range)}</option> })}
                </select>
            </label>
            <div class="filter__pair">
                <label class="field">
                    <span class="field__label">"From"</span>
                    <input class="input" type="date" name=format!("{name}.from") value=move || day(|range| range.from.clone()) />
                </label>
                <label class="field">
                    <span class="field__label">"Until"</span>
                    <input class="input" type="date" name=format!("{name}.until") value=move || day(|range| range.to.as_deref().map(last_day)) />
                </label>
            </div>
        </div>
    }
}
