//! Model roles and attributes, which the access rules of models ask for, as they are typed.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde_json::Value;

use super::{Field, Icon, IconView};

/// One attribute while it is edited.
#[derive(Clone, Copy)]
struct Attribute {
    name: RwSignal<String>,
    value: RwSignal<String>,
}

impl Attribute {
    fn new(name: String, value: String) -> Self {
        Self {
            name: RwSignal::new(name),
            value: RwSignal::new(value),
        }
    }
}

/// A value as it is typed: text as it is, everything else as JSON.
fn typed(value: &Value) -> String {
    match value {
        Value::String(text) if read(text) == *value => text.clone(),
        other => other.to_string(),
    }
}

/// JSON where it is some, text otherwise.
fn read(typed: &str) -> Value {
    serde_json::from_str(typed).unwrap_or_else(|_| Value::String(typed.to_owned()))
}

/// `emea, board` as a list.
fn names(typed: &str) -> Vec<String> {
    let names = typed.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// In few words, for a list; empty when there are none.
pub fn row_rules_words(roles: &[String], attributes: &BTreeMap<String, Value>) -> String {
    let attributes = attributes
        .iter()
        .map(|(name, value)| format!("{name} = {}", typed(value)));
    roles.iter().cloned().chain(attributes).collect::<Vec<_>>().join(" · ")
}

/// Both while they are edited.
#[derive(Clone, Copy)]
pub struct RowRules {
    roles: RwSignal<String>,
    rows: RwSignal<Vec<Attribute>>,
}

impl RowRules {
    pub fn new(roles: &[String], attributes: BTreeMap<String, Value>) -> Self {
        let rows = attributes.into_iter();
        Self {
            roles: RwSignal::new(roles.join(", ")),
            rows: RwSignal::new(rows.map(|(name, value)| Attribute::new(name, typed(&value))).collect()),
        }
    }

    pub fn roles(self) -> Vec<String> {
        names(&self.roles.get_untracked())
    }

    pub fn attributes(self) -> BTreeMap<String, Value> {
        let rows = self.rows.get_untracked().into_iter();
        let named = rows.map(|row| {
            (
                row.name.get_untracked().trim().to_owned(),
                read(&row.value.get_untracked()),
            )
        });
        named.filter(|(name, _)| !name.is_empty()).collect()
    }
}

#[component]
pub fn RowRulesFields(rules: RowRules) -> impl IntoView {
    let RowRules { roles, rows } = rules;
    view! {
        <Field label="Model roles" hint="Names, separated by commas.">
            <input class="input" prop:value=roles on:input=move |event| roles.set(event_target_value(&event)) />
        </Field>
        <fieldset class="stack row-rules">
            <legend>"Attributes"</legend>
            {move || {
                rows.get()
                    .into_iter()
                    .enumerate()
                    .map(|(at, row)| {
                        view! {
                            <div class="row-rules__row">
                                <input class="input" placeholder="region" aria-label="Name" prop:value=row.name on:input=move |event| row.name.set(event_target_value(&event)) />
                                <input class="input" placeholder="EU, or [\"EU\", \"US\"]" aria-label="Value" prop:value=row.value on:input=move |event| row.value.set(event_target_value(&event)) />
                                <button class="button button--quiet button--icon" type="button" aria-label="Remove this attribute" on:click=move |_| rows.update(|rows| { rows.remove(at); })>
                                    <IconView icon=Icon::Close />
                                </button>
                            </div>
                        }
                    })
                    .collect_view()
            }}
            <div class="row">
                <button class="button" type="button" on:click=move |_| rows.update(|rows| rows.push(Attribute::new(String::new(), String::new())))>
                    <IconView icon=Icon::Plus />
                    "Add attribute"
                </button>
            </div>
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_typed_is_read_as_it_was_written() {
        for value in [
            json!("EU"),
            json!(["EU", "US"]),
            json!(7),
            json!("7"),
            json!(true),
            json!(null),
            json!("a, b"),
        ] {
            assert_eq!(read(&typed(&value)), value);
        }
        assert_eq!(names(" emea,, board "), ["emea", "board"]);
    }
}
