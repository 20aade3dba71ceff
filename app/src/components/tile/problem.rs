//! A tile that has no numbers says why and how to mend it.

use leptos::prelude::*;
use shared::AppError;

use crate::components::{Icon, IconView};

#[component]
pub fn TileProblem(
    error: AppError,
    /// Tries again, where that makes sense.
    #[prop(optional)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    view! {
        <div class="tile__problem" role="alert">
            <IconView icon=Icon::TriangleAlert />
            <strong>{error.message}</strong>
            {error.hint.map(|hint| view! { <span>{hint}</span> })}
            {retry.map(|retry| view! { <button class="button" type="button" on:click=move |_| retry.run(())>"Try again"</button> })}
        </div>
    }
}
