//! Which shapes a map is made of.

use leptos::prelude::*;
use shared::visual::Atlas;

use super::pane::Selected;
use crate::designer::controls::Choose;

#[component]
pub fn MapFormat(selected: Selected) -> impl IntoView {
    let atlas = selected.part(
        |visual| visual.format.atlas.unwrap_or_default().as_str().to_owned(),
        String::new(),
    );
    let options = Signal::derive(|| {
        Atlas::ALL
            .into_iter()
            .map(|atlas| (atlas.as_str().to_owned(), atlas.label().to_owned()))
            .collect::<Vec<_>>()
    });
    view! {
        <section class="properties__section">
            <h3>"Map"</h3>
            <Choose
                label="Shapes"
                options=options
                value=atlas
                on_change=Callback::new(move |chosen: String| {
                    let atlas = Atlas::ALL.into_iter().find(|atlas| atlas.as_str() == chosen);
                    selected.format(&["atlas"], atlas, "map");
                })
                testid="atlas"
            />
        </section>
    }
}
