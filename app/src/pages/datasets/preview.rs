//! What was detected, with controls to correct it, and the first rows as they would be loaded.

use leptos::prelude::*;
use shared::{
    dataset::{FileKind, Preview, ReadOptions, TextEncoding},
    table::{Cell, ColumnType},
};

use crate::components::{Field, Notice, NoticeKind};

const DELIMITERS: [(char, &str); 5] = [
    (',', "Comma"),
    (';', "Semicolon"),
    ('\t', "Tab"),
    ('|', "Bar"),
    (' ', "Blank"),
];
const ENCODINGS: [(TextEncoding, &str); 4] = [
    (TextEncoding::Utf8, "UTF-8"),
    (TextEncoding::Windows1252, "Windows-1252"),
    (TextEncoding::Utf16Le, "UTF-16 LE"),
    (TextEncoding::Utf16Be, "UTF-16 BE"),
];
const TYPES: [(ColumnType, &str); 8] = [
    (ColumnType::String, "Text"),
    (ColumnType::Integer, "Whole number"),
    (ColumnType::Number, "Number"),
    (ColumnType::Decimal, "Exact decimal"),
    (ColumnType::Boolean, "Yes / no"),
    (ColumnType::Date, "Date"),
    (ColumnType::Timestamp, "Date and time"),
    (ColumnType::Timestamptz, "Instant"),
];

pub fn type_label(kind: ColumnType) -> &'static str {
    TYPES
        .iter()
        .find(|(candidate, _)| *candidate == kind)
        .map_or_else(|| kind.as_str(), |(_, label)| label)
}

fn choice<T: Copy + PartialEq + Send + Sync + 'static>(
    choices: &'static [(T, &'static str)],
    chosen: Option<T>,
) -> impl IntoView {
    choices.iter().enumerate().map(|(index, (value, label))| view! { <option value=index.to_string() selected=chosen == Some(*value)>{*label}</option> }).collect_view()
}

#[component]
pub fn PreviewForm(
    preview: Preview,
    replacing: bool,
    /// Look again with these.
    on_options: Callback<ReadOptions>,
    /// Load under this name.
    on_load: Callback<(String, ReadOptions)>,
) -> impl IntoView {
    let name = RwSignal::new(preview.name.clone());
    let options = StoredValue::new(preview.options.clone());
    // Types chosen by hand are kept apart: what was detected over the first rows must not bind the whole file.
    let chosen_types = RwSignal::new(std::collections::BTreeMap::<String, ColumnType>::new());
    let change = move |change: &dyn Fn(&mut ReadOptions)| {
        let mut next = options.get_value();
        next.types = chosen_types.get_untracked();
        change(&mut next);
        on_options.run(next);
    };
    let load = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let mut chosen = options.get_value();
        chosen.types = chosen_types.get_untracked();
        on_load.run((name.get_untracked(), chosen));
    };
    let (sheets, renamed, rejects) = (preview.sheets.clone(), preview.renamed.clone(), preview.rejects.clone());
    let text_file = matches!(preview.kind, FileKind::Csv);
    let controls = view! {
        <div class="upload__controls">
            {(!replacing).then(|| view! { <Field label="Name"><input class="input" name="dataset-name" required=true prop:value=name on:input=move |event| name.set(event_target_value(&event)) /></Field> })}
            {text_file
                .then(|| {
                    view! {
                        <Field label="Columns separated by">
                            <select class="input" on:change=move |event| { let index: usize = event_target_value(&event).parse().unwrap_or(0); change(&|options| options.delimiter = DELIMITERS.get(index).map(|(value, _)| *value)); }>
                                {choice(&DELIMITERS, preview.options.delimiter)}
                            </select>
                        </Field>
                        <Field label="Encoding">
                            <select class="input" on:change=move |event| { let index: usize = event_target_value(&event).parse().unwrap_or(0); change(&|options| options.encoding = ENCODINGS.get(index).map(|(value, _)| *value)); }>
                                {choice(&ENCODINGS, preview.options.encoding)}
                            </select>
                        </Field>
                    }
                })}
            {matches!(preview.kind, FileKind::Csv | FileKind::Xlsx)
                .then(|| {
                    view! {
                        <label class="check">
                            <input type="checkbox" checked=preview.options.header.unwrap_or(true) on:change=move |event| { let on = event_target_checked(&event); change(&|options| options.header = Some(on)); } />
                            <span>"First row holds the names"</span>
                        </label>
                    }
                })}
            {(sheets.len() > 1)
                .then(|| {
                    let current = preview.options.sheet.clone();
                    view! {
                        <Field label="Sheet">
                            <select class="input" on:change=move |event| { let sheet = event_target_value(&event); change(&|options| options.sheet = Some(sheet.clone())); }>
                                {sheets.iter().map(|sheet| view! { <option value=sheet.clone() selected=current.as_ref() == Some(sheet)>{sheet.clone()}</option> }).collect_view()}
                            </select>
                        </Field>
                    }
                })}
        </div>
    };
    view! {
        <form class="stack" on:submit=load>
            {controls}
            {(!renamed.is_empty())
                .then(|| {
                    let names: Vec<String> = renamed.iter().map(|renamed| format!("“{}” became “{}”", renamed.from, renamed.to)).collect();
                    view! { <Notice kind=NoticeKind::Info><span>{format!("Some column names were changed: {}.", names.join(", "))}</span></Notice> }
                })}
            {(!rejects.is_empty())
                .then(|| {
                    let first = rejects.first().map(|reject| format!("line {}: {}", reject.line, reject.reason)).unwrap_or_default();
                    let text = format!("{} of the first rows cannot be loaded; they will be listed. First: {first}.", rejects.len());
                    view! { <Notice kind=NoticeKind::Warning><span>{text}</span></Notice> }
                })}
            <PreviewTable preview=preview.clone() chosen_types=chosen_types on_types=Callback::new(move |()| change(&|_| {})) />
            <div class="row">
                <button class="button button--primary" type="submit" data-testid="load-dataset">{if replacing { "Load as new version" } else { "Load" }}</button>
                <span class="muted">"Types are decided again over the whole file."</span>
            </div>
        </form>
    }
}

#[component]
fn PreviewTable(
    preview: Preview,
    chosen_types: RwSignal<std::collections::BTreeMap<String, ColumnType>>,
    on_types: Callback<()>,
) -> impl IntoView {
    let head = preview
        .columns
        .iter()
        .map(|column| {
            let name = column.name.clone();
            let kind = column.kind;
            view! {
                <th scope="col">
                    <span class="upload__column">{column.label.clone()}</span>
                    <select
                        class="input"
                        aria-label=format!("Type of {}", column.label)
                        on:change=move |event| {
                            if let Some((kind, _)) = event_target_value(&event).parse::<usize>().ok().and_then(|index| TYPES.get(index)) {
                                chosen_types.update(|types| { types.insert(name.clone(), *kind); });
                                on_types.run(());
                            }
                        }
                    >
                        {choice(&TYPES, Some(kind))}
                    </select>
                </th>
            }
        })
        .collect_view();
    let rows = preview
        .rows
        .iter()
        .map(|row| {
            let cells = row
                .iter()
                .map(|cell| {
                    let (class, text) = match cell {
                        Cell::Null => ("table__null", "–".to_owned()),
                        Cell::Bool(truth) => ("", truth.to_string()),
                        Cell::Int(number) => ("table__number", number.to_string()),
                        Cell::Float(number) => ("table__number", number.to_string()),
                        Cell::Text(text) => ("", text.chars().take(80).collect()),
                    };
                    view! { <td class=class>{text}</td> }
                })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    view! {
        <div class="table-wrap upload__preview">
            <table class="table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
}
