//! One metric of the list: what it means and is worth; opened, its form.

use leptos::prelude::*;
use shared::semantic::{DashboardUsage, MetricDefinition, Model};

use super::{
    form::MetricForm,
    kind::{free_name, kind_label},
    meaning::meaning,
    plan_text::PlanText,
    preview::{Preview, Previews},
};
use crate::{
    components::{Icon, IconView},
    pages::model::{
        draft::ModelDraft,
        remove::{Consequences, RemoveButton},
        used_by::UsedBy,
    },
};

#[component]
pub fn MetricCard(
    draft: ModelDraft,
    name: String,
    previews: Previews,
    open: RwSignal<Option<String>>,
) -> impl IntoView {
    let metric = draft.metric(name.clone());
    let read = move |read: fn(&MetricDefinition) -> String| {
        Memo::new(move |_| metric.with(|metric| metric.as_ref().map(read).unwrap_or_default()))
    };
    let label = read(MetricDefinition::display_label);
    let kind = read(|metric| kind_label(&metric.kind).to_owned());
    let hidden = Memo::new(move |_| metric.with(|metric| metric.as_ref().is_some_and(|metric| metric.hidden)));
    let sentence = Memo::new(move |_| {
        metric.with(|metric| {
            draft
                .edited
                .with(|model| metric.as_ref().map(|metric| meaning(metric, model)))
        })
    });
    let description =
        Memo::new(move |_| metric.with(|metric| metric.as_ref().and_then(|metric| metric.description.clone())));
    let body = format!("metric-{name}");
    let controls = body.clone();
    let name = StoredValue::new(name);
    let is_open = Memo::new(move |_| open.with(|open| open.as_ref() == Some(&name.get_value())));
    let toggle = move |_| open.set((!is_open.get_untracked()).then(|| name.get_value()));
    let value = move || value_view(previews.of(&name.get_value()));
    let uses = move |usage: DashboardUsage| usage.uses_metric(&name.get_value());
    view! {
        <article class="card metric" data-testid="metric" data-metric=name.get_value()>
            <header class="metric__head">
                <div class="metric__title">
                    <h2>
                        <button class="metric__toggle" type="button" aria-expanded=move || is_open.get().to_string() aria-controls=controls on:click=toggle>
                            <IconView icon=Icon::ChevronRight />
                            {move || label.get()}
                        </button>
                    </h2>
                    <span class="badge">{move || kind.get()}</span>
                    {move || hidden.get().then(|| view! { <span class="badge">"Hidden"</span> })}
                </div>
                <p class="metric__value" data-testid="metric-value">{value}</p>
            </header>
            <p>{move || sentence.get()}</p>
            {move || description.get().map(|text| view! { <p class="muted">{text}</p> })}
            <div class="metric__body" id=body>
                <Show when=move || is_open.get()>
                    <MetricForm draft=draft name=name.get_value() on_rename=Callback::new(move |renamed| open.set(Some(renamed))) />
                    <PlanText draft=draft metric=name.get_value() />
                    <Foot draft=draft name=name label=label open=open />
                </Show>
            </div>
            <footer class="metric__foot">
                <UsedBy draft=draft uses=Callback::new(uses) />
            </footer>
        </article>
    }
}

fn value_view(preview: Preview) -> AnyView {
    match preview {
        Preview::Waiting => view! { <span class="muted">"…"</span> }.into_any(),
        Preview::Value(text) => text.into_any(),
        Preview::None(reason) => {
            view! { <span class="metric__problem" title=reason.clone()>{reason.clone()}</span> }.into_any()
        }
        Preview::AfterSaving => view! { <span class="muted metric__later">"Value after saving"</span> }.into_any(),
    }
}

#[component]
fn Foot(
    draft: ModelDraft,
    name: StoredValue<String>,
    label: Memo<String>,
    open: RwSignal<Option<String>>,
) -> impl IntoView {
    let duplicate = move |_| {
        let copy = draft.edited.with_untracked(|model| copied(model, &name.get_value()));
        if let Some(copy) = copy {
            open.set(Some(copy.name.to_string()));
            draft.edit(|model| {
                let at = model
                    .metrics
                    .iter()
                    .position(|metric| metric.name.as_str() == name.get_value());
                model.metrics.insert(at.map_or(model.metrics.len(), |at| at + 1), copy);
            });
        }
    };
    let consequences = move |()| {
        let name = name.get_value();
        Consequences {
            parts: draft.edited.with_untracked(|model| made_of(model, &name)),
            dashboards: draft.users(|usage| usage.uses_metric(&name)),
        }
    };
    let remove = move |()| {
        open.set(None);
        draft.edit(|model| model.metrics.retain(|metric| metric.name.as_str() != name.get_value()));
    };
    view! {
        <div class="row">
            <button class="button" type="button" on:click=duplicate><IconView icon=Icon::Copy />"Duplicate"</button>
            <RemoveButton draft=draft what=label consequences=Callback::new(consequences) on_sure=Callback::new(remove) />
            <code class="muted">{name.get_value()}</code>
        </div>
    }
}

fn copied(model: &Model, name: &str) -> Option<MetricDefinition> {
    let metric = model.metric(name)?;
    Some(MetricDefinition {
        name: free_name(&format!("{name}_copy"), model)?,
        label: Some(format!("{} (copy)", metric.display_label())),
        ..metric.clone()
    })
}

/// Labels of the metrics that have it as an input.
fn made_of(model: &Model, name: &str) -> Vec<String> {
    let users = model.metrics.iter().filter(|metric| {
        let mut inputs = metric.kind.inputs().into_iter();
        inputs.any(|input| input.metric().as_str() == name)
    });
    users.map(MetricDefinition::display_label).collect()
}
