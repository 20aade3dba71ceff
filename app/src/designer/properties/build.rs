//! Build: the kind of visual, its wells, its order and its size.

use leptos::prelude::*;
use shared::visual::VisualKind;

use super::{
    compare::CompareControl, gallery::Gallery, interactions::Interactions, pane::Selected, sort::SortControl,
    top_n::TopControl, wells::WellList,
};

#[component]
pub fn BuildTab(selected: Selected) -> impl IntoView {
    let kind = selected.kind();
    view! {
        <Gallery selected=selected />
        <WellList selected=selected />
        <section class="properties__section">
            <h3>"Order"</h3>
            <Show when=move || kind.get() != VisualKind::Kpi fallback=|| ()>
                <SortControl selected=selected />
                <TopControl selected=selected />
            </Show>
            <Show when=move || kind.get() == VisualKind::Kpi fallback=|| ()>
                <CompareControl selected=selected />
            </Show>
        </section>
        <Interactions selected=selected />
    }
}
