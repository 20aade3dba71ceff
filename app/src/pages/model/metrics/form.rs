//! The form of a metric: what all types share, and the type's own part.

use leptos::prelude::*;
use shared::{
    names::Identifier,
    semantic::{Empty, Format, FormatKind, MetricDefinition, MetricKind},
};

use super::{cumulative::CumulativeForm, derived::DerivedForm, kind::kind_label, ratio::RatioForm, simple::SimpleForm};
use crate::pages::model::{
    draft::ModelDraft,
    json_editor::InDocument,
    options::{Choose, TextField, given, words_of},
    words::FORMATS,
};

/// `on_rename`: the name of a metric that is not stored yet was changed.
#[component]
pub fn MetricForm(draft: ModelDraft, name: String, #[prop(into)] on_rename: Callback<String>) -> impl IntoView {
    let metric = draft.metric(name.clone());
    let name = StoredValue::new(name);
    let kind = Memo::new(move |_| metric.with(|metric| metric.as_ref().map(|metric| kind_label(&metric.kind))));
    let own = move || {
        kind.track();
        metric.with_untracked(|metric| match &metric.as_ref()?.kind {
            MetricKind::Simple(_) => Some(view! { <SimpleForm draft=draft name=name /> }.into_any()),
            MetricKind::Ratio { .. } => Some(view! { <RatioForm draft=draft name=name /> }.into_any()),
            MetricKind::Derived { .. } => Some(view! { <DerivedForm draft=draft name=name /> }.into_any()),
            MetricKind::Cumulative { .. } => Some(view! { <CumulativeForm draft=draft name=name /> }.into_any()),
            // Made in the definition below.
            MetricKind::Conversion(_) | MetricKind::Nested(_) => None,
        })
    };
    let whole = Signal::derive(move || metric.get());
    let take = move |changed: Option<MetricDefinition>| {
        if let Some(changed) = changed {
            let renamed = changed.name.to_string();
            draft.edit_metric(&name.get_value(), |metric| *metric = changed);
            if renamed != name.get_value() {
                on_rename.run(renamed);
            }
        }
    };
    view! {
        <div class="stack metric__form">
            <Naming draft=draft name=name metric=metric on_rename=on_rename />
            {own}
            <Showing draft=draft name=name metric=metric />
            <InDocument value=whole on_change=Callback::new(take) />
        </div>
    }
}

type Read = fn(&MetricDefinition) -> Option<String>;

fn reader(metric: Memo<Option<MetricDefinition>>, read: Read) -> Signal<String> {
    Signal::derive(move || metric.with(|metric| metric.as_ref().and_then(read)).unwrap_or_default())
}

/// What it is called.
#[component]
fn Naming(
    draft: ModelDraft,
    name: StoredValue<String>,
    metric: Memo<Option<MetricDefinition>>,
    on_rename: Callback<String>,
) -> impl IntoView {
    let edit =
        move |change: &dyn Fn(&mut MetricDefinition)| draft.edit_metric(&name.get_value(), |metric| change(metric));
    let read = move |read: Read| reader(metric, read);
    let is_new = Memo::new(move |_| draft.stored.with(|model| model.metric(&name.get_value()).is_none()));
    let rename = move |text: String| {
        if let Ok(chosen) = Identifier::try_from(text)
            && draft
                .edited
                .with_untracked(|model| model.metric(chosen.as_str()).is_none())
        {
            edit(&|metric| metric.name = chosen.clone());
            on_rename.run(chosen.to_string());
        }
    };
    view! {
        <div class="form-grid">
            <TextField label="Label" value=read(|metric| metric.label.clone()) on_change=Callback::new(move |text| edit(&|metric| metric.label = given(String::clone(&text)))) />
            <Show when=move || is_new.get()>
                <TextField label="Name" hint="In formulas and queries; it stays once it is saved" value=read(|metric| Some(metric.name.to_string())) on_change=Callback::new(rename) />
            </Show>
            <TextField label="Description" value=read(|metric| metric.description.clone()) on_change=Callback::new(move |text| edit(&|metric| metric.description = given(String::clone(&text)))) />
            <TextField label="Also called" hint="Separated by commas" value=read(|metric| Some(metric.synonyms.join(", "))) on_change=Callback::new(move |text: String| edit(&|metric| metric.synonyms = words_of(&text))) />
        </div>
    }
}

/// How its value is shown, and to whom.
#[component]
fn Showing(draft: ModelDraft, name: StoredValue<String>, metric: Memo<Option<MetricDefinition>>) -> impl IntoView {
    let edit =
        move |change: &dyn Fn(&mut MetricDefinition)| draft.edit_metric(&name.get_value(), |metric| change(metric));
    let read = move |read: Read| reader(metric, read);
    let option = |value: &str, text: &str| (value.to_owned(), text.to_owned());
    let good = vec![
        option("", "Neither"),
        option("up", "More is good"),
        option("down", "Less is good"),
    ];
    let empty = vec![
        option("", "As its type has it"),
        option("zero", "0"),
        option("null", "Nothing"),
    ];
    let set_empty = move |chosen: String| {
        let chosen = match chosen.as_str() {
            "zero" => Some(Empty::Zero),
            "null" => Some(Empty::Null),
            _ => None,
        };
        edit(&|metric| metric.empty = chosen);
    };
    let empty_name: Read = |metric| {
        let name = metric.empty.map(|empty| match empty {
            Empty::Zero => "zero",
            Empty::Null => "null",
        });
        name.map(str::to_owned)
    };
    view! {
        <div class="form-grid">
            <FormatFields draft=draft name=name metric=metric />
            <Choose label="Which way is good" options=Signal::stored(good) value=read(|metric| metric.good.clone()) on_choose=Callback::new(move |text| edit(&|metric| metric.good = given(String::clone(&text)))) />
            <Choose label="Where there are no rows" options=Signal::stored(empty) value=read(empty_name) on_choose=Callback::new(set_empty) />
        </div>
        <label class="check">
            <input type="checkbox" prop:checked=move || metric.with(|metric| metric.as_ref().is_some_and(|metric| metric.hidden)) on:change=move |event| { let on = event_target_checked(&event); edit(&|metric| metric.hidden = on); } />
            <span>"Hidden: not offered to builders, still there for queries and other metrics"</span>
        </label>
    }
}

#[component]
fn FormatFields(draft: ModelDraft, name: StoredValue<String>, metric: Memo<Option<MetricDefinition>>) -> impl IntoView {
    let format = Memo::new(move |_| {
        metric
            .with(|metric| metric.as_ref().and_then(|metric| metric.format.clone()))
            .unwrap_or_default()
    });
    let edit = move |change: &dyn Fn(&mut Format)| {
        draft.edit_metric(&name.get_value(), |metric| {
            let mut format = metric.format.take().unwrap_or_default();
            change(&mut format);
            metric.format = Some(format).filter(|format| *format != Format::default());
        });
    };
    let options: Vec<_> = FORMATS
        .iter()
        .enumerate()
        .map(|(index, (_, text))| (index.to_string(), (*text).to_owned()))
        .collect();
    let kind = move || {
        let kind = format.with(|format| format.kind);
        FORMATS
            .iter()
            .position(|(known, _)| *known == kind)
            .unwrap_or_default()
            .to_string()
    };
    let choose = move |index: String| {
        let chosen = index.parse().ok().and_then(|index: usize| FORMATS.get(index));
        if let Some((kind, _)) = chosen {
            edit(&|format| {
                format.kind = *kind;
                format.code =
                    (*kind == FormatKind::Currency).then(|| format.code.clone().unwrap_or_else(|| "EUR".to_owned()));
            });
        }
    };
    let is_currency = Memo::new(move |_| format.with(|format| format.kind == FormatKind::Currency));
    view! {
        <Choose label="Shown as" options=Signal::stored(options) value=Signal::derive(kind) on_choose=Callback::new(choose) />
        <Show when=move || is_currency.get()>
            <TextField label="Currency" hint="EUR, USD, GBP …" value=Signal::derive(move || format.with(|format| format.code.clone()).unwrap_or_default()) on_change=Callback::new(move |text: String| edit(&|format| format.code = given(text.to_uppercase()))) />
        </Show>
        <TextField label="Places after the point" hint="Empty: as many as needed, at most 2" value=Signal::derive(move || format.with(|format| format.digits.map(|digits| digits.to_string())).unwrap_or_default()) on_change=Callback::new(move |text: String| edit(&|format| format.digits = text.parse().ok().filter(|digits| *digits <= 12))) />
    }
}
