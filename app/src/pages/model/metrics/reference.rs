//! One metric inside another: which, of which rows, and how much earlier.

use leptos::prelude::*;
use shared::{
    names::Identifier,
    semantic::{Condition, MetricInput, MetricKind, MetricRef, Model, Offset, Span, TimeUnit},
};

use super::filter::FilterEditor;
use crate::pages::model::{
    draft::ModelDraft,
    options::{Choose, TextField},
};

/// The metrics that `own` can be made of, with their labels.
pub fn other_metrics(model: &Model, own: &str, takes: impl Fn(&MetricKind) -> bool) -> Vec<(String, String)> {
    let others = model
        .metrics
        .iter()
        .filter(|metric| metric.name.as_str() != own && takes(&metric.kind));
    others
        .map(|metric| (metric.name.to_string(), metric.display_label()))
        .collect()
}

/// The shortest way to say it.
pub fn reference(metric: Identifier, filter: Option<Condition>, offset: Option<Offset>) -> MetricRef {
    if filter.is_none() && offset.is_none() {
        return MetricRef::Name(metric);
    }
    MetricRef::With(Box::new(MetricInput { metric, filter, offset }))
}

#[component]
pub fn ReferenceInput(
    draft: ModelDraft,
    #[prop(into)] label: String,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(into)] value: Signal<Option<MetricRef>>,
    #[prop(into)] on_change: Callback<MetricRef>,
    /// May it be of an earlier period?
    #[prop(optional)]
    earlier: bool,
) -> impl IntoView {
    let name = move || value.with(|value| value.as_ref().map(|value| value.metric().to_string()));
    let filter = Signal::derive(move || value.with(|value| value.as_ref()?.filter().cloned()));
    let offset = Signal::derive(move || value.with(|value| value.as_ref()?.offset().cloned()));
    let store = move |filter: Option<Condition>, offset: Option<Offset>| {
        if let Some(metric) = value.with_untracked(|value| value.as_ref().map(|value| value.metric().clone())) {
            on_change.run(reference(metric, filter, offset));
        }
    };
    let choose = move |chosen: String| {
        if let Ok(metric) = Identifier::try_from(chosen) {
            on_change.run(reference(metric, filter.get_untracked(), offset.get_untracked()));
        }
    };
    // Fields of the metric's own table come first.
    let table = Signal::derive(move || {
        draft.edited.with(|model| match &model.metric(&name()?)?.kind {
            MetricKind::Simple(simple) => Some(simple.table.to_string()),
            MetricKind::Ratio { .. }
            | MetricKind::Derived { .. }
            | MetricKind::Cumulative { .. }
            | MetricKind::Conversion(_)
            | MetricKind::Nested(_) => None,
        })
    });
    let is_filtered = filter.with_untracked(Option::is_some);
    view! {
        <div class="stack stack--tight">
            <Choose label=label options=options value=Signal::derive(move || name().unwrap_or_default()) on_choose=Callback::new(choose) />
            {earlier.then(|| view! { <Earlier offset=offset on_change=Callback::new(move |offset: Option<Span>| store(filter.get_untracked(), offset.map(Offset::from))) /> })}
            <details class="disclosure" open=is_filtered>
                <summary>"Only some rows"</summary>
                <FilterEditor draft=draft table=table value=filter on_change=Callback::new(move |filter| store(filter, offset.get_untracked())) />
            </details>
        </div>
    }
}

#[component]
fn Earlier(offset: Signal<Option<Offset>>, on_change: Callback<Option<Span>>) -> impl IntoView {
    // By a calendar, or the start of a period: that is said in the document, and stays.
    let is_other = offset.with_untracked(|offset| matches!(offset, Some(Offset::Calendar(_) | Offset::StartOf(_))));
    if is_other {
        return view! { <p class="muted">"Of an earlier time, as the definition in the document says."</p> }.into_any();
    }
    let offset = Signal::derive(move || {
        offset.with(|offset| match offset {
            Some(Offset::Span(span)) => Some(*span),
            Some(Offset::Calendar(_) | Offset::StartOf(_)) | None => None,
        })
    });
    let mut units = vec![(String::new(), "Of the same time".to_owned())];
    units.extend(TimeUnit::ALL.map(|unit| (unit.as_str().to_owned(), format!("So many {}s earlier", unit.as_str()))));
    let choose = move |name: String| {
        let unit = TimeUnit::ALL.into_iter().find(|unit| unit.as_str() == name);
        let count = offset.get_untracked().map_or(1, |span| span.count);
        on_change.run(unit.map(|unit| Span { count, unit }));
    };
    let set_count = move |text: String| {
        if let (Ok(count), Some(span)) = (text.parse(), offset.get_untracked()) {
            on_change.run(Some(Span { count, ..span }));
        }
    };
    let shifted = Memo::new(move |_| offset.with(Option::is_some));
    view! {
        <div class="form-grid">
            <Choose label="Period" options=Signal::stored(units) value=Signal::derive(move || offset.get().map(|span| span.unit.as_str().to_owned()).unwrap_or_default()) on_choose=Callback::new(choose) />
            <Show when=move || shifted.get()>
                <TextField label="How many" value=Signal::derive(move || offset.get().map(|span| span.count.to_string()).unwrap_or_default()) on_change=Callback::new(set_count) />
            </Show>
        </div>
    }
    .into_any()
}
