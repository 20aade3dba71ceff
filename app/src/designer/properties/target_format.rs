//! What a number should reach, and where a dial begins and ends.

use leptos::prelude::*;
use shared::visual::Family;

use super::{
    lines_format::{number_or_none, number_text},
    pane::Selected,
};
use crate::designer::controls::Line;

#[component]
pub fn TargetFormat(selected: Selected) -> impl IntoView {
    let is_dial = selected.part(|visual| visual.kind.family() == Family::Dial, false);
    let has_field = selected.part(|visual| !visual.wells.target.is_empty(), false);
    let target = selected.part(|visual| number_text(visual.format.target), String::new());
    let from = selected.part(|visual| number_text(visual.format.dial.from), String::new());
    let to = selected.part(|visual| number_text(visual.format.dial.to), String::new());
    view! {
        <section class="properties__section">
            <h3>"Target"</h3>
            <Show when=move || has_field.get() fallback=move || view! {
                <Line
                    label="Target"
                    kind="number"
                    placeholder="none"
                    value=target
                    on_change=Callback::new(move |text: String| selected.format(&["target"], number_or_none(&text), "target"))
                    testid="target"
                />
            }>
                <p class="muted">"The target comes from the field in its well."</p>
            </Show>
            <Show when=move || is_dial.get()>
                <Line
                    label="Dial from"
                    kind="number"
                    placeholder="automatic"
                    value=from
                    on_change=Callback::new(move |text: String| {
                        selected.change("Change the dial", |visual| visual.format.dial.from = number_or_none(&text));
                    })
                />
                <Line
                    label="Dial to"
                    kind="number"
                    placeholder="automatic"
                    value=to
                    on_change=Callback::new(move |text: String| {
                        selected.change("Change the dial", |visual| visual.format.dial.to = number_or_none(&text));
                    })
                    testid="dial-to"
                />
            </Show>
        </section>
    }
}
