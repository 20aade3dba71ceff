//! One rollup as a line of words; opened, its form.

use leptos::prelude::*;
use shared::{
    names::Identifier,
    semantic::{GrainName, Model, Rollup, RollupState, RollupStatus},
};

use super::{form::RollupForm, statuses::Statuses};
use crate::{
    components::{Icon, IconView, Moment},
    pages::{
        datasets::{bytes_text, grouped},
        model::{
            draft::ModelDraft,
            json_editor::InDocument,
            options::TextField,
            remove::{Consequences, RemoveButton},
            words::{field_label, metric_label},
        },
    },
};

#[component]
pub fn RollupCard(
    draft: ModelDraft,
    name: String,
    statuses: Statuses,
    open: RwSignal<Option<String>>,
) -> impl IntoView {
    let name = StoredValue::new(name);
    let rollup = Memo::new(move |_| {
        let is_it = |rollup: &&Rollup| name.with_value(|name| rollup.name.as_str() == name);
        draft.edited.with(|model| model.rollups.iter().find(is_it).cloned())
    });
    let edit = Callback::new(move |changed: Rollup| {
        draft.edit(|model| {
            let mut rollups = model.rollups.iter_mut();
            if let Some(rollup) = rollups.find(|rollup| name.with_value(|name| rollup.name.as_str() == name)) {
                *rollup = changed;
            }
        });
    });
    let is_open = Memo::new(move |_| open.with(|open| open.as_ref() == Some(&name.get_value())));
    let toggle = move |_| open.set((!is_open.get_untracked()).then(|| name.get_value()));
    let words = move || {
        let rollup = rollup.get()?;
        Some(draft.edited.with(|model| holds(&rollup, model)))
    };
    let take = move |changed: Option<Rollup>| {
        if let Some(changed) = changed {
            open.set(Some(changed.name.to_string()));
            edit.run(changed);
        }
    };
    // A name that is taken, or none, leaves it as it is.
    let rename = move |text: String| {
        let is_taken = draft
            .edited
            .with_untracked(|model| model.rollups.iter().any(|rollup| rollup.name.as_str() == text));
        if let (Some(rollup), Ok(renamed), false) = (rollup.get_untracked(), Identifier::try_from(text), is_taken) {
            take(Some(Rollup {
                name: renamed,
                ..rollup
            }));
        }
    };
    let remove = move |()| {
        draft.edit(|model| {
            model
                .rollups
                .retain(|rollup| name.with_value(|name| rollup.name.as_str() != name));
        });
    };
    let body = format!("rollup-{}", name.get_value());
    view! {
        <article class="card join" data-testid="rollup">
            <header class="join__head">
                <div class="row">
                    <button class="metric__toggle" type="button" aria-expanded=move || is_open.get().to_string() aria-controls=body.clone() on:click=toggle>
                        <IconView icon=Icon::ChevronRight />
                        <span>{name.get_value()}</span>
                    </button>
                    <RollupBadge status=Signal::derive(move || statuses.of(&name.get_value())) />
                </div>
                <RemoveButton draft=draft what=Signal::derive(move || format!("the rollup {}", name.get_value())) consequences=Callback::new(|()| Consequences::default()) on_sure=Callback::new(remove) />
            </header>
            <p class="muted">{words}</p>
            {move || statuses.of(&name.get_value()).map(|status| view! { <Details status=status /> })}
            <div class="metric__body" id=body.clone()>
                <Show when=move || is_open.get()>
                    <div class="stack metric__form">
                        <TextField label="Name" value=Signal::derive(move || name.get_value()) on_change=Callback::new(rename) />
                        <RollupForm draft=draft rollup=rollup edit=edit />
                        <InDocument value=Signal::derive(move || rollup.get()) on_change=Callback::new(take) />
                    </div>
                </Show>
            </div>
        </article>
    }
}

#[component]
fn RollupBadge(status: Signal<Option<RollupStatus>>) -> impl IntoView {
    let state = Memo::new(move |_| status.with(|status| status.as_ref().map(|status| status.state)));
    let shown = move || {
        let (class, words) = match state.get() {
            None => ("badge", "Made once it is saved"),
            Some(RollupState::Ready) => ("badge badge--good", "Ready"),
            Some(RollupState::Building) => ("badge badge--accent", "Being made…"),
            Some(RollupState::Due) => ("badge", "About to be made"),
            Some(RollupState::Failed) => ("badge badge--warning", "Could not be made"),
        };
        view! { <span class=class>{words}</span> }
    };
    view! { <span role="status" data-testid="rollup-state">{shown}</span> }
}

#[component]
fn Details(status: RollupStatus) -> impl IntoView {
    let built = status.built.map(|built| {
        let rows = built.rows.map(|rows| match rows {
            1 => "1 row · ".to_owned(),
            rows => format!("{} rows · ", grouped(rows)),
        });
        let size = bytes_text(built.bytes as f64);
        view! { <p class="muted">{rows} {size} " · " <Moment at=built.at /></p> }
    });
    let error = status.error.map(|error| {
        view! { <p class="muted">{error} " It is tried again by itself; until then questions read the rows."</p> }
    });
    view! { {built} {error} }
}

/// `Revenue, Orders by Country and Channel, per day`
fn holds(rollup: &Rollup, model: &Model) -> String {
    let metrics: Vec<String> = rollup
        .metrics
        .iter()
        .map(|metric| metric_label(metric.as_str(), model))
        .collect();
    let dimensions: Vec<String> = rollup
        .dimensions
        .iter()
        .map(|dimension| {
            let label = field_label(dimension.field(), model);
            match dimension.grain() {
                Some(grain) => format!("{label} ({})", grain.as_str().replace('_', " ")),
                None => label,
            }
        })
        .collect();
    let mut text = metrics.join(", ");
    if !dimensions.is_empty() {
        text.push_str(" by ");
        text.push_str(&dimensions.join(", "));
    }
    if let Some(time) = rollup.time {
        text.push_str(", per ");
        text.push_str(GrainName::Common(time.grain).as_str());
    }
    text
}
