//! A tile that has no numbers says why and how to mend it.

use leptos::prelude::*;
use shared::{AppError, ErrorCode};

use super::Repair;
use crate::components::{Icon, IconView};

#[component]
pub fn TileProblem(
    error: AppError,
    /// Tries again, where that makes sense.
    #[prop(optional_no_strip)]
    retry: Option<Callback<()>>,
    /// Mends it, for those who build.
    #[prop(optional_no_strip)]
    repair: Option<Callback<Repair>>,
) -> impl IntoView {
    let repairs = repair.and_then(|repair| Some((repair, repairs(&error)?)));
    // What is not there will not be there the next time either.
    let retry = retry.filter(|_| repairs.is_none());
    view! {
        <div class="tile__problem" role="alert">
            <IconView icon=Icon::TriangleAlert />
            <strong>{error.message}</strong>
            {error.hint.map(|hint| view! { <span>{hint}</span> })}
            {repairs.map(|(repair, repairs)| view! { <Repairs repairs=repairs on_repair=repair /> })}
            {retry.map(|retry| view! { <button class="button" type="button" on:click=move |_| retry.run(())>"Try again"</button> })}
        </div>
    }
}

/// A name that is unknown can be another's, of the same sort (fields have their table before them), or go.
fn repairs(error: &AppError) -> Option<Vec<Repair>> {
    let name = error.field.clone().filter(|_| error.code == ErrorCode::UnknownField)?;
    let alike = error
        .candidates
        .iter()
        .filter(|other| other.contains('.') == name.contains('.'));
    let mut repairs: Vec<Repair> = alike
        .map(|new| Repair::Use {
            old: name.clone(),
            new: new.clone(),
        })
        .collect();
    repairs.push(Repair::Remove { name });
    Some(repairs)
}

#[component]
fn Repairs(repairs: Vec<Repair>, on_repair: Callback<Repair>) -> impl IntoView {
    let button = move |repair: Repair| {
        let words = match &repair {
            Repair::Use { new, .. } => format!("Use {new}"),
            Repair::Remove { .. } => "Take it out".to_owned(),
        };
        view! {
            <button class="button button--small" type="button" data-testid="tile-repair" on:click=move |_| on_repair.run(repair.clone())>
                {words}
            </button>
        }
    };
    view! { <span class="tile__repairs">{repairs.into_iter().map(button).collect_view()}</span> }
}
