//! Ranges of time: a list of the usual ones, or two days.

use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use shared::{
    dashboard::read_range,
    semantic::{BetweenRange, RangeUnit, TimeRange},
};

use super::choice::{Choice, range_value};

/// The usual ranges, in the spelling of addresses.
const PRESETS: [(&str, &str); 16] = [
    ("this_day", "Today"),
    ("last_1d_complete", "Yesterday"),
    ("last_7d", "Last 7 days"),
    ("last_30d", "Last 30 days"),
    ("last_90d", "Last 90 days"),
    ("this_week", "This week"),
    ("this_month", "This month"),
    ("last_1m_complete", "Last month"),
    ("this_quarter", "This quarter"),
    ("last_1q_complete", "Last quarter"),
    ("last_12m", "Last 12 months"),
    ("last_12m_complete", "Last 12 full months"),
    ("to_date_month", "Month to date"),
    ("to_date_year", "Year to date"),
    ("this_year", "This year"),
    ("last_1y_complete", "Last year"),
];

/// Where the model has fiscal years.
const FISCAL_PRESETS: [(&str, &str); 6] = [
    ("this_fiscal_quarter", "This fiscal quarter"),
    ("last_1fq_complete", "Last fiscal quarter"),
    ("to_date_fiscal_quarter", "Fiscal quarter to date"),
    ("this_fiscal_year", "This fiscal year"),
    ("last_1fy_complete", "Last fiscal year"),
    ("to_date_fiscal_year", "Fiscal year to date"),
];

const fn unit_name(unit: RangeUnit) -> &'static str {
    match unit {
        RangeUnit::FiscalQuarter => "fiscal quarter",
        RangeUnit::FiscalYear => "fiscal year",
        RangeUnit::Minute
        | RangeUnit::Hour
        | RangeUnit::Day
        | RangeUnit::Week
        | RangeUnit::Month
        | RangeUnit::Quarter
        | RangeUnit::Year => unit.as_str(),
    }
}

fn usual(has_fiscal_years: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
    let fiscal = has_fiscal_years.then_some(FISCAL_PRESETS).into_iter().flatten();
    PRESETS.into_iter().chain(fiscal)
}

/// A range in words: "Last 30 days", "2024-01-01 to 2024-01-31".
pub fn range_words(range: &TimeRange) -> String {
    let spelling = range_value(range);
    if let Some((_, words)) = usual(true).find(|(known, _)| *known == spelling) {
        return words.to_owned();
    }
    let counted = |count: u32, unit: RangeUnit| {
        let name = unit_name(unit);
        if count == 1 {
            name.to_owned()
        } else {
            format!("{count} {name}s")
        }
    };
    match range {
        TimeRange::Last(range) if range.complete && range.last > 1 => {
            format!("Last {} full {}s", range.last, unit_name(range.unit))
        }
        TimeRange::Last(range) if range.complete => format!("Last full {}", unit_name(range.unit)),
        TimeRange::Last(range) => format!("Last {}", counted(range.last, range.unit)),
        TimeRange::This(range) => format!("This {}", unit_name(range.unit)),
        TimeRange::Next(range) => format!("Next {}", counted(range.next, range.unit)),
        TimeRange::ToDate(range) => format!("{} to date", unit_name(range.to_date)),
        TimeRange::All(_) => "All time".to_owned(),
        TimeRange::Between(range) => {
            let (from, until) = days(range);
            match (from.is_empty(), until.is_empty()) {
                (false, false) if from == until => from,
                (false, false) => format!("{from} to {until}"),
                (false, true) => format!("From {from}"),
                (true, false) => format!("Until {until}"),
                (true, true) => "All time".to_owned(),
            }
        }
    }
}

/// First and last day (included) of a range between two days; empty where an end is open.
pub fn days(range: &BetweenRange) -> (String, String) {
    let day = |text: &str| text.get(..10).and_then(|day| day.parse::<NaiveDate>().ok());
    let from = range.from.as_deref().and_then(day);
    let until = range.to.as_deref().and_then(|text| {
        let end = day(text)?;
        // An end in the middle of a day includes that day.
        if text.len() > 10 {
            Some(end)
        } else {
            end.checked_sub_days(Days::new(1))
        }
    });
    let text = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    (text(from), text(until))
}

/// The range from the first to the last day, both included; `None` when both are empty or unreadable.
pub fn between_days(from: &str, until: &str) -> Option<TimeRange> {
    let from = from.parse::<NaiveDate>().ok();
    let until = until.parse::<NaiveDate>().ok();
    if from.is_none() && until.is_none() {
        return None;
    }
    let to = until.and_then(|until| until.checked_add_days(Days::new(1)));
    Some(TimeRange::between(
        from.map(|day| day.to_string()),
        to.map(|day| day.to_string()),
    ))
}

/// Relative ranges and two dates.
#[component]
pub fn RangeControl(
    /// `f.KEY`: name of the form controls.
    name: String,
    choice: Signal<Choice>,
    on_choice: Callback<Choice>,
    /// Offers fiscal quarters and years, too.
    has_fiscal_years: bool,
) -> impl IntoView {
    let custom = move || match choice.get().range() {
        Some(TimeRange::Between(range)) => days(range),
        Some(_) | None => (String::new(), String::new()),
    };
    let chosen = move || match choice.get() {
        Choice::Range(TimeRange::Between(_)) => String::new(),
        Choice::Range(range) => range_value(&range),
        Choice::All | Choice::Members(_) | Choice::Bounds(..) | Choice::Other(_) => "all".to_owned(),
    };
    let from = RwSignal::new(custom().0);
    let until = RwSignal::new(custom().1);
    Effect::new(move |_| {
        let (first, last) = custom();
        from.set(first);
        until.set(last);
    });
    let pick = move |value: String| {
        if value == "all" {
            on_choice.run(Choice::All);
        } else if let Some(range) = read_range(&value) {
            on_choice.run(Choice::Range(range));
        }
    };
    let dates_changed = move || {
        if let Some(range) = between_days(&from.get_untracked(), &until.get_untracked()) {
            on_choice.run(Choice::Range(range));
        }
    };
    // A range that is none of the usual ones keeps its place in the list.
    let unusual = move || {
        let value = chosen();
        (!value.is_empty() && value != "all" && usual(has_fiscal_years).all(|(known, _)| known != value))
            .then(|| choice.get().range().map(|range| (value, range_words(range))))
            .flatten()
    };
    let label = format!("{name}.from");
    let last = format!("{name}.until");
    view! {
        <label class="field">
            <span class="field__label">"Range"</span>
            <select class="input" name=name prop:value=chosen on:change=move |event| pick(event_target_value(&event))>
                <option value="all" selected=move || chosen() == "all">"All time"</option>
                {move || unusual().map(|(value, words)| view! { <option value=value selected=true>{words}</option> })}
                {usual(has_fiscal_years)
                    .map(|(value, words)| view! { <option value=value selected=move || chosen() == value>{words}</option> })
                    .collect_view()}
                <option value="" selected=move || chosen().is_empty()>"Between two days"</option>
            </select>
        </label>
        <div class="filter__days">
            <label class="field">
                <span class="field__label">"From"</span>
                <input
                    class="input"
                    type="date"
                    name=label
                    value=custom().0
                    prop:value=move || from.get()
                    on:change=move |event| {
                        from.set(event_target_value(&event));
                        dates_changed();
                    }
                />
            </label>
            <label class="field">
                <span class="field__label">"Until"</span>
                <input
                    class="input"
                    type="date"
                    name=last
                    value=custom().1
                    prop:value=move || until.get()
                    on:change=move |event| {
                        until.set(event_target_value(&event));
                        dates_changed();
                    }
                />
            </label>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_a_range_with_words() {
        for (spelling, words) in usual(true) {
            let range = read_range(spelling).unwrap();
            assert_eq!(range_value(&range), spelling);
            assert_eq!(range_words(&range), words);
        }
    }

    #[test]
    fn both_days_are_included() {
        let range = between_days("2024-01-01", "2024-01-31").unwrap();
        assert_eq!(range_value(&range), "2024-01-01..2024-02-01");
        assert_eq!(range_words(&range), "2024-01-01 to 2024-01-31");
        assert_eq!(
            range_words(&between_days("", "2024-01-31").unwrap()),
            "Until 2024-01-31"
        );
    }
}
