//! What the columns of a dataset mean: labels, default aggregation, format, synonyms, what is hidden.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use shared::semantic::{Aggregation, Dimension, DimensionType, Format, FormatKind, Model};

use crate::{
    components::{Skeleton, Waiting, loaded},
    contexts::use_toasts,
    page_title::page_title,
    pages::workspace::use_workspace_slug,
    server_fns::model::{get_model, put_model},
    wire,
};

const AGGREGATIONS: [(Option<Aggregation>, &str); 7] = [
    (None, "Group by it"),
    (Some(Aggregation::Sum), "Sum"),
    (Some(Aggregation::Avg), "Average"),
    (Some(Aggregation::Min), "Smallest"),
    (Some(Aggregation::Max), "Largest"),
    (Some(Aggregation::Median), "Median"),
    (Some(Aggregation::CountDistinct), "Count distinct"),
];
const FORMATS: [(FormatKind, &str); 6] = [
    (FormatKind::Number, "Number"),
    (FormatKind::Currency, "Currency"),
    (FormatKind::Percent, "Percent"),
    (FormatKind::Duration, "Duration (seconds)"),
    (FormatKind::Bytes, "Bytes"),
    (FormatKind::Text, "As it is"),
];

#[component]
pub fn ModelPage() -> impl IntoView {
    let workspace = use_workspace_slug();
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|params| params.get("name").unwrap_or_default()));
    let model = wire::load(
        move || (workspace.get(), name.get()),
        |(workspace, name)| get_model(workspace, name, None),
    );
    view! {
        <Title text="Model · Sightline" />
        <Suspense fallback=|| view! { <Skeleton of=Waiting::Page /> }>
            {move || Suspend::new(async move { loaded(model.await, move |model| view! { <ModelEditor workspace=workspace model=model /> }) })}
        </Suspense>
    }
}

#[component]
fn ModelEditor(workspace: Memo<String>, model: Model) -> impl IntoView {
    let toasts = use_toasts();
    let title = model.label.clone().unwrap_or_else(|| model.model.to_string());
    let version = RwSignal::new(model.version);
    let edited_model = RwSignal::new(model);
    let dirty = RwSignal::new(false);
    let save = crate::browser::action(move |(): &()| {
        let (slug, edited) = (workspace.get_untracked(), edited_model.get_untracked());
        async move {
            match put_model(slug, edited).await {
                Ok(saved) => {
                    let (number, warnings) = (saved.version, saved.warnings);
                    version.set(number);
                    edited_model.update(|model| model.version = number);
                    dirty.set(false);
                    let text = warnings
                        .first()
                        .map(|warning| format!(" {}", warning.message))
                        .unwrap_or_default();
                    toasts.say(format!("Saved as version {number}.{text}"));
                }
                Err(error) => toasts.fail(&error),
            }
        }
    });
    let rows = edited_model.with_untracked(|model| {
        model
            .tables
            .iter()
            .enumerate()
            .flat_map(|(table, entry)| {
                entry
                    .dimensions
                    .iter()
                    .cloned()
                    .enumerate()
                    .map(move |(index, dimension)| (table, index, dimension))
            })
            .map(|(table, index, dimension)| {
                let change = Callback::new(move |changed: Dimension| {
                    edited_model.update(|model| {
                        if let Some(slot) = model
                            .tables
                            .get_mut(table)
                            .and_then(|table| table.dimensions.get_mut(index))
                        {
                            *slot = changed;
                        }
                    });
                    dirty.set(true);
                });
                view! { <DimensionRow dimension=dimension change=change /> }
            })
            .collect_view()
    });
    view! {
        <Title text=page_title(format!("{title} · Sightline")) />
        <div class="page">
            <header class="page__head">
                <div class="page__title">
                    <h1>{title}</h1>
                    <p class="muted">"What the columns mean, once, for every dashboard. Version " {move || version.get()}</p>
                </div>
                <button class="button button--primary" type="button" disabled=move || !dirty.get() || save.pending().get() on:click=move |_| { save.dispatch(()); }>"Save as new version"</button>
            </header>
            <div class="table-wrap">
                <table class="table model">
                    <thead><tr><th>"Label"</th><th>"Column"</th><th>"Type"</th><th>"When dragged as a value"</th><th>"Shown as"</th><th>"Also called"</th><th>"Hidden"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </div>
    }
}

#[component]
fn DimensionRow(dimension: Dimension, change: Callback<Dimension>) -> impl IntoView {
    let label = dimension.display_label();
    let column = dimension.expr.text().to_owned();
    let (kind, numeric) = match dimension.kind {
        DimensionType::String => ("Text", false),
        DimensionType::Number => ("Number", true),
        DimensionType::Bool => ("Yes / no", false),
        DimensionType::Time => ("Time", false),
        DimensionType::Bin => ("Ranges", false),
    };
    let (aggregation, format) = (
        dimension.default_aggregation,
        dimension.format.clone().unwrap_or_default().kind,
    );
    let (synonyms, hidden) = (dimension.synonyms.join(", "), dimension.hidden);
    let stored = StoredValue::new(dimension);
    let edit = move |edit: &dyn Fn(&mut Dimension)| {
        stored.update_value(|dimension| edit(dimension));
        change.run(stored.get_value());
    };
    let name = label.clone();
    view! {
        <tr>
            <td>
                <input class="input" aria-label=format!("Label of {column}") value=label on:change=move |event| { let text = event_target_value(&event); edit(&|dimension| dimension.label = Some(text.trim().to_owned()).filter(|text| !text.is_empty())); } />
            </td>
            <td class="muted">{column}</td>
            <td>{kind}</td>
            <td>
                {numeric
                    .then(|| {
                        view! {
                            <select class="input" aria-label=format!("Aggregation of {name}") on:change=move |event| { let index: usize = event_target_value(&event).parse().unwrap_or(0); edit(&|dimension| dimension.default_aggregation = AGGREGATIONS.get(index).and_then(|(aggregation, _)| *aggregation)); }>
                                {AGGREGATIONS.iter().enumerate().map(|(index, (value, text))| view! { <option value=index.to_string() selected=*value == aggregation>{*text}</option> }).collect_view()}
                            </select>
                        }
                    })}
            </td>
            <td>
                {numeric
                    .then(|| {
                        view! {
                            <select class="input" aria-label="Format" on:change=move |event| { let index: usize = event_target_value(&event).parse().unwrap_or(0); edit(&|dimension| { let kind = FORMATS.get(index).map(|(kind, _)| *kind).unwrap_or_default(); dimension.format = Some(Format { kind, code: (kind == FormatKind::Currency).then(|| "EUR".to_owned()), ..dimension.format.clone().unwrap_or_default() }); }); }>
                                {FORMATS.iter().enumerate().map(|(index, (value, text))| view! { <option value=index.to_string() selected=*value == format>{*text}</option> }).collect_view()}
                            </select>
                        }
                    })}
            </td>
            <td><input class="input" aria-label="Synonyms, separated by commas" placeholder="turnover, sales" value=synonyms on:change=move |event| { let text = event_target_value(&event); edit(&|dimension| dimension.synonyms = text.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()); } /></td>
            <td><input type="checkbox" aria-label="Hidden" checked=hidden on:change=move |event| { let on = event_target_checked(&event); edit(&|dimension| dimension.hidden = on); } /></td>
        </tr>
    }
}
