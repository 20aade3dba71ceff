//! What holds for the model as a whole: what it is called, and how its time is cut.

use leptos::prelude::*;
use shared::semantic::{FiscalYearStart, Model, WeekStart};

use super::{
    draft::ModelDraft,
    options::{Choose, TextField, given},
};
use crate::components::{Field, TimeZones};

const MONDAY: &str = "monday";
const SUNDAY: &str = "sunday";
/// Without fiscal years.
const COMMON_YEAR: &str = "";
const FISCAL_STARTS: [(&str, &str); 11] = [
    ("02-01", "1 February"),
    ("03-01", "1 March"),
    ("04-01", "1 April"),
    ("05-01", "1 May"),
    ("06-01", "1 June"),
    ("07-01", "1 July"),
    ("08-01", "1 August"),
    ("09-01", "1 September"),
    ("10-01", "1 October"),
    ("11-01", "1 November"),
    ("12-01", "1 December"),
];

#[component]
pub fn SettingsView(draft: ModelDraft) -> impl IntoView {
    let read = move |of: fn(&Model) -> String| Signal::derive(move || draft.edited.with(of));
    let zone = read(|model| model.time_zone.clone());
    let set_zone = move |event: web_sys::Event| match given(event_target_value(&event).trim().to_owned()) {
        Some(text) => draft.edit(|model| model.time_zone = text),
        // A model has a zone: the one before is shown again.
        None => event_target::<web_sys::HtmlInputElement>(&event).set_value(&zone.get_untracked()),
    };
    let week = read(|model| {
        match model.week_start {
            WeekStart::Monday => MONDAY,
            WeekStart::Sunday => SUNDAY,
        }
        .to_owned()
    });
    let set_week = move |text: String| {
        let start = if text == SUNDAY {
            WeekStart::Sunday
        } else {
            WeekStart::Monday
        };
        draft.edit(|model| model.week_start = start);
    };
    let fiscal = read(fiscal_start);
    let set_fiscal = move |text: String| {
        let start = text.parse::<FiscalYearStart>().ok();
        draft.edit(|model| model.fiscal_year_start = start);
    };
    view! {
        <fieldset class="card stack bare" disabled=!draft.may_edit>
            <legend class="visually-hidden">"Settings"</legend>
            <div class="form-grid">
                <TextField label="Label" hint="What people read instead of the name." value=read(|model| model.label.clone().unwrap_or_default()) on_change=move |text: String| draft.edit(|model| model.label = given(text)) />
                <TextField label="Description" value=read(|model| model.description.clone().unwrap_or_default()) on_change=move |text: String| draft.edit(|model| model.description = given(text)) />
            </div>
            <div class="form-grid">
                <Field label="Time zone" hint="Where days, weeks and months begin. Type a city, as Berlin.">
                    <input class="input" list="model-time-zones" autocomplete="off" prop:value=move || zone.get() value=zone.get_untracked() on:change=set_zone />
                </Field>
                <Choose label="Weeks start on" options=Signal::stored(options([(MONDAY, "Monday"), (SUNDAY, "Sunday")])) value=week on_choose=Callback::new(set_week) />
                <Choose label="Fiscal years start on" options=Signal::derive(move || fiscal_starts(&fiscal.get())) value=fiscal on_choose=Callback::new(set_fiscal) />
            </div>
            <TimeZones id="model-time-zones" />
            <Show when=move || draft.edited.with(|model| model.fiscal_year_start.is_some())>
                <p class="muted">"Times can be grouped and compared by fiscal year and fiscal quarter too. They are shown by the day they start on."</p>
            </Show>
        </fieldset>
    }
}

fn fiscal_start(model: &Model) -> String {
    model
        .fiscal_year_start
        .map_or_else(|| COMMON_YEAR.to_owned(), String::from)
}

/// The first of each month, and the day that the document names, if it is another.
fn fiscal_starts(own: &str) -> Vec<(String, String)> {
    let mut starts = options([(COMMON_YEAR, "1 January, as the calendar year")]);
    starts.extend(options(FISCAL_STARTS));
    if starts.iter().all(|(start, _)| start != own) {
        starts.push((own.to_owned(), own.to_owned()));
    }
    starts
}

fn options<const COUNT: usize>(options: [(&str, &str); COUNT]) -> Vec<(String, String)> {
    options
        .map(|(value, label)| (value.to_owned(), label.to_owned()))
        .into()
}
