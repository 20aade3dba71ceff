//! The menu at the head of a tile, and the way back from what was looked into.

use leptos::prelude::*;
use shared::{
    dashboard::{Selection, SelectionValue},
    table::Cell,
};

use super::TileActions;
use crate::components::{Icon, IconView, Menu};

#[component]
pub fn TileMenu(
    /// Of the tile, for the menu's name.
    #[prop(into)]
    title: Signal<String>,
    /// Can it be seen as a chart and as a table?
    #[prop(into)]
    drawn: Signal<bool>,
    as_table: RwSignal<bool>,
    actions: TileActions,
) -> impl IntoView {
    view! {
        <Menu label=title.get_untracked() testid="tile-menu">
            {move || {
                drawn
                    .get()
                    .then(|| {
                        let words = if as_table.get() { "Show as chart" } else { "Show as table" };
                        view! {
                            <button class="menu__item" type="button" role="menuitem" data-testid="show-as-table" on:click=move |_| as_table.update(|on| *on = !*on)>
                                {words}
                            </button>
                        }
                    })
            }}
            {actions
                .records
                .map(|records| {
                    view! {
                        <button class="menu__item" type="button" role="menuitem" data-testid="tile-records" on:click=move |_| records.run(Selection::default())>
                            "See the records behind it"
                        </button>
                    }
                })}
            {actions
                .computed
                .map(|computed| {
                    view! {
                        <button class="menu__item" type="button" role="menuitem" data-testid="tile-computed" on:click=move |_| computed.run(())>
                            "How is this computed?"
                        </button>
                    }
                })}
        </Menu>
    }
}

/// What a tile was drilled into, step by step; a click goes back to before that step.
#[component]
pub fn DrillPath(#[prop(into)] steps: Signal<Vec<SelectionValue>>, on_back: Callback<usize>) -> impl IntoView {
    let words = |value: &SelectionValue| match &value.value {
        Cell::Null => "(none)".to_owned(),
        Cell::Bool(truth) => truth.to_string(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => number.to_string(),
        // Of a moment, its day.
        Cell::Text(text) if value.grain.is_some() => text.get(..10).unwrap_or(text).to_owned(),
        Cell::Text(text) => text.clone(),
    };
    view! {
        <Show when=move || steps.with(|steps| !steps.is_empty())>
            <nav class="tile__path" aria-label="Looked into">
                {move || {
                    steps
                        .get()
                        .iter()
                        .enumerate()
                        .map(|(index, step)| {
                            view! {
                                <button
                                    class="chip"
                                    type="button"
                                    title="Back to before this step"
                                    data-testid="drill-step"
                                    on:click=move |event| {
                                        event.stop_propagation();
                                        on_back.run(index);
                                    }
                                >
                                    {words(step)}
                                    <IconView icon=Icon::Close />
                                </button>
                            }
                        })
                        .collect_view()
                }}
            </nav>
        </Show>
    }
}
