//! Conditional colours.

use leptos::prelude::*;
use plan::visual::outputs;
use shared::visual::{Rule, RuleTest, Tone};

use super::{
    lines_format::{number_or_none, number_text},
    list_editor::{AddEntry, Entry},
    pane::Selected,
    tone::ToneChoice,
};
use crate::designer::{
    controls::{Choose, Line},
    editor::item_label,
};

const TESTS: [(RuleTest, &str, &str); 6] = [
    (RuleTest::Above, "above", "is above"),
    (RuleTest::AtLeast, "at_least", "is at least"),
    (RuleTest::Below, "below", "is below"),
    (RuleTest::AtMost, "at_most", "is at most"),
    (RuleTest::Between, "between", "is between"),
    (RuleTest::Equal, "equal", "equals"),
];

#[component]
pub fn Rules(selected: Selected) -> impl IntoView {
    let count = selected.part(|visual| visual.format.rules.len(), 0);
    let add = Callback::new(move |()| {
        selected.change("Add a rule", |visual| {
            visual.format.rules.push(Rule {
                of: None,
                test: RuleTest::Below,
                value: 0.0,
                to: None,
                tone: Tone::Bad,
            });
        });
    });
    view! {
        <section class="properties__section">
            <h3>"Conditional colours"</h3>
            {move || (0..count.get()).map(|index| view! { <RuleEntry selected=selected index=index /> }).collect_view()}
            <AddEntry label="Add a rule" on_add=add testid="add-rule" />
        </section>
    }
}

#[component]
fn RuleEntry(selected: Selected, index: usize) -> impl IntoView {
    let rule = selected.part(move |visual| visual.format.rules.get(index).cloned(), None);
    let change = move |change: &dyn Fn(&mut Rule)| {
        selected.change("Change a rule", |visual| {
            if let Some(rule) = visual.format.rules.get_mut(index) {
                change(rule);
            }
        });
    };
    let values = Signal::derive(move || {
        let shown = [(String::new(), "The value shown".to_owned())];
        let named = selected.visual.with(|visual| {
            let measures = visual.iter().flat_map(outputs).filter(|output| output.is_measure);
            measures
                .map(|output| {
                    let label = selected
                        .designer
                        .catalog
                        .with(|catalog| item_label(output.item, catalog));
                    (output.name, label)
                })
                .collect::<Vec<_>>()
        });
        shown.into_iter().chain(named).collect::<Vec<_>>()
    });
    let tests = Signal::derive(|| {
        TESTS
            .iter()
            .map(|(_, name, words)| ((*name).to_owned(), (*words).to_owned()))
            .collect::<Vec<_>>()
    });
    let test = Signal::derive(move || {
        let test = rule.get().map_or(RuleTest::Below, |rule| rule.test);
        TESTS
            .iter()
            .find(|(known, _, _)| *known == test)
            .map_or_else(String::new, |(_, name, _)| (*name).to_owned())
    });
    view! {
        <Entry
            name=format!("Rule {}", index + 1)
            on_remove=Callback::new(move |()| {
                selected.change("Remove a rule", |visual| {
                    if index < visual.format.rules.len() {
                        visual.format.rules.remove(index);
                    }
                });
            })
        >
            <Choose
                label="Where"
                options=values
                value=Signal::derive(move || rule.get().and_then(|rule| rule.of).unwrap_or_default())
                on_change=Callback::new(move |name: String| change(&|rule| rule.of = Some(name.clone()).filter(|name| !name.is_empty())))
            />
            <Choose
                label="Test"
                options=tests
                value=test
                on_change=Callback::new(move |name: String| {
                    if let Some((test, _, _)) = TESTS.iter().find(|(_, known, _)| *known == name) {
                        change(&|rule| rule.test = *test);
                    }
                })
                testid="rule-test"
            />
            <Line
                label="Number"
                kind="number"
                value=Signal::derive(move || number_text(rule.get().map(|rule| rule.value)))
                on_change=Callback::new(move |text: String| {
                    if let Some(number) = number_or_none(&text) {
                        change(&|rule| rule.value = number);
                    }
                })
                testid="rule-value"
            />
            <Show when=move || test.get() == "between">
                <Line
                    label="And"
                    kind="number"
                    value=Signal::derive(move || number_text(rule.get().and_then(|rule| rule.to)))
                    on_change=Callback::new(move |text: String| change(&|rule| rule.to = number_or_none(&text)))
                />
            </Show>
            <ToneChoice
                value=Signal::derive(move || rule.get().map(|rule| rule.tone).unwrap_or_default())
                on_change=Callback::new(move |tone| change(&|rule| rule.tone = tone))
            />
        </Entry>
    }
}
