//! The form of a ratio: one metric divided by another.

use leptos::prelude::*;
use shared::semantic::{MetricKind, MetricRef};

use super::reference::{ReferenceInput, other_metrics};
use crate::pages::model::draft::ModelDraft;

#[component]
pub fn RatioForm(draft: ModelDraft, name: StoredValue<String>) -> impl IntoView {
    let side = move |numerator: bool| {
        let read = move |kind: &MetricKind| match kind {
            MetricKind::Ratio {
                numerator: above,
                denominator,
            } => Some(if numerator { above } else { denominator }.clone()),
            MetricKind::Simple(_)
            | MetricKind::Derived { .. }
            | MetricKind::Cumulative { .. }
            | MetricKind::Conversion(_)
            | MetricKind::Nested(_) => None,
        };
        Signal::derive(move || draft.edited.with(|model| read(&model.metric(&name.get_value())?.kind)))
    };
    let store = move |numerator: bool, value: MetricRef| {
        draft.edit_metric(&name.get_value(), |metric| {
            if let MetricKind::Ratio {
                numerator: above,
                denominator,
            } = &mut metric.kind
            {
                *(if numerator { above } else { denominator }) = value;
            }
        });
    };
    let options = Signal::derive(move || {
        draft
            .edited
            .with(|model| other_metrics(model, &name.get_value(), |_| true))
    });
    view! {
        <div class="form-grid form-grid--wide">
            <ReferenceInput draft=draft label="Numerator" options=options value=side(true) on_change=Callback::new(move |value| store(true, value)) />
            <ReferenceInput draft=draft label="Denominator" options=options value=side(false) on_change=Callback::new(move |value| store(false, value)) />
        </div>
    }
}
