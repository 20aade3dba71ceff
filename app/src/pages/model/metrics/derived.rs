//! The form of a formula over metrics.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::{
    names::Identifier,
    semantic::{Formula, MetricKind, MetricRef},
};

use super::reference::{ReferenceInput, other_metrics};
use crate::{
    components::{Icon, IconView},
    pages::model::draft::ModelDraft,
};

type Inputs = BTreeMap<Identifier, MetricRef>;

#[component]
pub fn DerivedForm(draft: ModelDraft, name: StoredValue<String>) -> impl IntoView {
    let parts = Memo::new(move |_| {
        draft.edited.with(|model| match &model.metric(&name.get_value())?.kind {
            MetricKind::Derived { inputs, expr } => Some((inputs.clone(), String::from(expr.clone()))),
            MetricKind::Simple(_)
            | MetricKind::Ratio { .. }
            | MetricKind::Cumulative { .. }
            | MetricKind::Conversion(_)
            | MetricKind::Nested(_) => None,
        })
    });
    let edit = move |change: &dyn Fn(&mut Inputs, &mut Formula)| {
        draft.edit_metric(&name.get_value(), |metric| {
            if let MetricKind::Derived { inputs, expr } = &mut metric.kind {
                change(inputs, expr);
            }
        });
    };
    let options = Signal::derive(move || {
        draft
            .edited
            .with(|model| other_metrics(model, &name.get_value(), |_| true))
    });
    let names = Memo::new(move |_| {
        parts.with(|parts| {
            parts
                .iter()
                .flat_map(|(inputs, _)| inputs.keys().cloned())
                .collect::<Vec<_>>()
        })
    });
    let add = move |_| {
        let known = names.get_untracked();
        let free = ('a'..='z').filter_map(|letter| Identifier::try_from(letter.to_string()).ok());
        let free = free.into_iter().find(|letter| !known.contains(letter));
        let metric = options.get_untracked().into_iter().next();
        let metric = metric.and_then(|(metric, _)| Identifier::try_from(metric).ok());
        if let (Some(letter), Some(metric)) = (free, metric) {
            edit(&|inputs, _| {
                inputs.insert(letter.clone(), MetricRef::Name(metric.clone()));
            });
        }
    };
    let problem = RwSignal::new(None::<String>);
    let take = move |event| match Formula::try_from(event_target_value(&event)) {
        Ok(formula) => {
            problem.set(None);
            edit(&|_, expr| *expr = formula.clone());
        }
        Err(error) => problem.set(Some(format!("This cannot be read, so nothing was changed: {error}."))),
    };
    let formula = move || parts.with(|parts| parts.as_ref().map(|(_, formula)| formula.clone()).unwrap_or_default());
    view! {
        <label class="field">
            <span class="field__label">"Formula"</span>
            <input class="input code" spellcheck="false" prop:value=formula value=formula() on:change=take />
            {move || match problem.get() {
                Some(problem) => view! { <span class="field__error" role="alert">{problem}</span> }.into_any(),
                None => view! { <span class="field__hint">"+ - * / and brackets, coalesce(a, 0), nullif(a, 0), abs(a); dividing by 0 gives nothing"</span> }.into_any(),
            }}
        </label>
        <div class="form-grid form-grid--wide">
            <For each=move || names.get() key=ToString::to_string let:input>
                {
                    let (read, stored) = (input.clone(), input.clone());
                    let label = format!("{input} is");
                    let value = Signal::derive(move || parts.with(|parts| parts.as_ref()?.0.get(&read).cloned()));
                    let store = move |value: MetricRef| edit(&|inputs, _| { inputs.insert(stored.clone(), value.clone()); });
                    let remove = move |_| edit(&|inputs, _| { inputs.remove(&input); });
                    view! {
                        <div class="derived__input">
                            <ReferenceInput draft=draft label=label.clone() options=options value=value on_change=Callback::new(store) earlier=true />
                            <button class="button button--quiet button--icon" type="button" aria-label=format!("Remove: {label}") on:click=remove><IconView icon=Icon::Close /></button>
                        </div>
                    }
                }
            </For>
        </div>
        <div class="row"><button class="button button--quiet" type="button" on:click=add><IconView icon=Icon::Plus />"Add a metric to the formula"</button></div>
    }
}
