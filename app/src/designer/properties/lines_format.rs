//! Lines across the values, and marked times.

use leptos::prelude::*;
use shared::visual::{Event, ReferenceAt, ReferenceLine, Tone};

use super::{
    list_editor::{AddEntry, Entry},
    pane::Selected,
    tone::ToneChoice,
};
use crate::designer::controls::{Choose, Line};

const PLACES: [(&str, &str); 5] = [
    ("value", "A number"),
    ("average", "The average"),
    ("median", "The median"),
    ("least", "The least value"),
    ("greatest", "The greatest value"),
];

const fn place_name(at: ReferenceAt) -> &'static str {
    match at {
        ReferenceAt::Value(_) => "value",
        ReferenceAt::Average => "average",
        ReferenceAt::Median => "median",
        ReferenceAt::Least => "least",
        ReferenceAt::Greatest => "greatest",
    }
}

/// The place of this name; a number stays what it was.
fn place(name: &str, before: ReferenceAt) -> ReferenceAt {
    match name {
        "average" => ReferenceAt::Average,
        "median" => ReferenceAt::Median,
        "least" => ReferenceAt::Least,
        "greatest" => ReferenceAt::Greatest,
        _ => match before {
            ReferenceAt::Value(number) => ReferenceAt::Value(number),
            ReferenceAt::Average | ReferenceAt::Median | ReferenceAt::Least | ReferenceAt::Greatest => {
                ReferenceAt::Value(0.0)
            }
        },
    }
}

/// What was typed, without blanks around it; nothing when it is empty.
pub fn text_or_none(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

pub fn number_or_none(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|number| number.is_finite())
}

pub fn number_text(number: Option<f64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

#[component]
pub fn ReferenceLines(selected: Selected) -> impl IntoView {
    let count = selected.part(|visual| visual.format.reference_lines.len(), 0);
    let add = Callback::new(move |()| {
        selected.change("Add a reference line", |visual| {
            visual.format.reference_lines.push(ReferenceLine {
                at: ReferenceAt::Average,
                to: None,
                label: None,
                tone: Tone::Muted,
            });
        });
    });
    view! {
        <section class="properties__section">
            <h3>"Reference lines"</h3>
            {move || (0..count.get()).map(|index| view! { <LineEntry selected=selected index=index /> }).collect_view()}
            <AddEntry label="Add a line" on_add=add testid="add-reference-line" />
        </section>
    }
}

#[component]
fn LineEntry(selected: Selected, index: usize) -> impl IntoView {
    let line = selected.part(move |visual| visual.format.reference_lines.get(index).cloned(), None);
    let change = move |change: &dyn Fn(&mut ReferenceLine)| {
        selected.change("Change a reference line", |visual| {
            if let Some(line) = visual.format.reference_lines.get_mut(index) {
                change(line);
            }
        });
    };
    let at = Signal::derive(move || line.get().map_or(ReferenceAt::Average, |line| line.at));
    let is_number = move || matches!(at.get(), ReferenceAt::Value(_));
    let options = Signal::derive(|| {
        PLACES
            .iter()
            .map(|(name, words)| ((*name).to_owned(), (*words).to_owned()))
            .collect::<Vec<_>>()
    });
    let number = Signal::derive(move || match at.get() {
        ReferenceAt::Value(number) => number.to_string(),
        ReferenceAt::Average | ReferenceAt::Median | ReferenceAt::Least | ReferenceAt::Greatest => String::new(),
    });
    view! {
        <Entry
            name=format!("Reference line {}", index + 1)
            on_remove=Callback::new(move |()| {
                selected.change("Remove a reference line", |visual| {
                    if index < visual.format.reference_lines.len() {
                        visual.format.reference_lines.remove(index);
                    }
                });
            })
        >
            <Choose
                label="At"
                options=options
                value=Signal::derive(move || place_name(at.get()).to_owned())
                on_change=Callback::new(move |name: String| change(&|line| line.at = place(&name, line.at)))
                testid="reference-at"
            />
            <Show when=is_number>
                <Line
                    label="Number"
                    kind="number"
                    value=number
                    on_change=Callback::new(move |text: String| {
                        if let Some(number) = number_or_none(&text) {
                            change(&|line| line.at = ReferenceAt::Value(number));
                        }
                    })
                    testid="reference-value"
                />
                <Line
                    label="Band up to"
                    kind="number"
                    placeholder="a line"
                    value=Signal::derive(move || number_text(line.get().and_then(|line| line.to)))
                    on_change=Callback::new(move |text: String| change(&|line| line.to = number_or_none(&text)))
                />
            </Show>
            <Line
                label="Label"
                placeholder="automatic"
                value=Signal::derive(move || line.get().and_then(|line| line.label).unwrap_or_default())
                on_change=Callback::new(move |text: String| change(&|line| line.label = text_or_none(&text)))
            />
            <ToneChoice
                value=Signal::derive(move || line.get().map(|line| line.tone).unwrap_or_default())
                on_change=Callback::new(move |tone| change(&|line| line.tone = tone))
            />
        </Entry>
    }
}

#[component]
pub fn Events(selected: Selected) -> impl IntoView {
    let count = selected.part(|visual| visual.format.events.len(), 0);
    let add = Callback::new(move |()| {
        selected.change("Add an event", |visual| {
            visual.format.events.push(Event {
                at: String::new(),
                until: None,
                label: "Event".to_owned(),
            });
        });
    });
    view! {
        <section class="properties__section">
            <h3>"Events"</h3>
            {move || (0..count.get()).map(|index| view! { <EventEntry selected=selected index=index /> }).collect_view()}
            <AddEntry label="Mark a time" on_add=add testid="add-event" />
        </section>
    }
}

#[component]
fn EventEntry(selected: Selected, index: usize) -> impl IntoView {
    let event = selected.part(move |visual| visual.format.events.get(index).cloned(), None);
    let change = move |change: &dyn Fn(&mut Event)| {
        selected.change("Change an event", |visual| {
            if let Some(event) = visual.format.events.get_mut(index) {
                change(event);
            }
        });
    };
    view! {
        <Entry
            name=format!("Event {}", index + 1)
            on_remove=Callback::new(move |()| {
                selected.change("Remove an event", |visual| {
                    if index < visual.format.events.len() {
                        visual.format.events.remove(index);
                    }
                });
            })
        >
            <Line
                label="Label"
                value=Signal::derive(move || event.get().map(|event| event.label).unwrap_or_default())
                on_change=Callback::new(move |text: String| {
                    if let Some(label) = text_or_none(&text) {
                        change(&|event| event.label.clone_from(&label));
                    }
                })
                testid="event-label"
            />
            <Line
                label="On"
                kind="date"
                value=Signal::derive(move || event.get().map(|event| event.at).unwrap_or_default())
                on_change=Callback::new(move |text: String| change(&|event| text.trim().clone_into(&mut event.at)))
                testid="event-at"
            />
            <Line
                label="Until"
                kind="date"
                value=Signal::derive(move || event.get().and_then(|event| event.until).unwrap_or_default())
                on_change=Callback::new(move |text: String| change(&|event| event.until = text_or_none(&text)))
            />
        </Entry>
    }
}
