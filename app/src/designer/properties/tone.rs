//! The choice of a colour with a meaning.

use leptos::prelude::*;
use shared::visual::Tone;

use crate::designer::controls::Choose;

#[component]
pub fn ToneChoice(#[prop(into)] value: Signal<Tone>, on_change: Callback<Tone>) -> impl IntoView {
    let options = Signal::derive(|| {
        Tone::ALL
            .into_iter()
            .map(|tone| (tone.as_str().to_owned(), tone.label().to_owned()))
            .collect::<Vec<_>>()
    });
    view! {
        <Choose
            label="Colour"
            options=options
            value=Signal::derive(move || value.get().as_str().to_owned())
            on_change=Callback::new(move |chosen: String| {
                if let Some(tone) = Tone::ALL.into_iter().find(|tone| tone.as_str() == chosen) {
                    on_change.run(tone);
                }
            })
        />
    }
}
