//! Model roles and attributes of a member: what the access rules of models ask for.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde_json::Value;
use shared::{
    account::{MemberInfo, MemberUpdate},
    ids::UserId,
};

use crate::components::{Dialog, Field, Icon, IconView};

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

/// In few words, for the list; empty when there are none.
pub fn summary(member: &MemberInfo) -> String {
    let roles = member.roles.iter().flatten().cloned();
    let attributes = member
        .attributes
        .iter()
        .flatten()
        .map(|(name, value)| format!("{name} = {}", typed(value)));
    roles.chain(attributes).collect::<Vec<_>>().join(" · ")
}

/// The dialog that changes them.
#[component]
pub fn RowRulesDialog(
    member: MemberInfo,
    open: RwSignal<bool>,
    on_save: Callback<(UserId, MemberUpdate)>,
) -> impl IntoView {
    let (user, role) = (member.user, member.role);
    let roles = RwSignal::new(member.roles.unwrap_or_default().join(", "));
    let rows = member.attributes.unwrap_or_default();
    let rows: Vec<Attribute> = rows
        .into_iter()
        .map(|(name, value)| Attribute::new(name, typed(&value)))
        .collect();
    let rows = RwSignal::new(rows);
    let save = move |_| {
        let attributes: BTreeMap<String, Value> = rows
            .get_untracked()
            .into_iter()
            .map(|row| {
                (
                    row.name.get_untracked().trim().to_owned(),
                    read(&row.value.get_untracked()),
                )
            })
            .filter(|(name, _)| !name.is_empty())
            .collect();
        open.set(false);
        on_save.run((
            user,
            MemberUpdate {
                role,
                roles: Some(names(&roles.get_untracked())),
                attributes: Some(attributes),
            },
        ));
    };
    view! {
        <Dialog
            title=format!("What rows {} sees", member.name)
            open=open
            foot=move || view! { <button class="button button--primary" type="button" on:click=save>"Save"</button> }
        >
            <div class="stack">
                <p class="muted">"Access rules of models ask for these. Without a rule in a model they change nothing."</p>
                <Field label="Model roles" hint="Names, separated by commas.">
                    <input class="input" prop:value=roles on:input=move |event| roles.set(event_target_value(&event)) />
                </Field>
                <fieldset class="stack">
                    <legend>"Attributes"</legend>
                    {move || {
                        rows.get()
                            .into_iter()
                            .enumerate()
                            .map(|(at, row)| {
                                view! {
                                    <div class="row">
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
            </div>
        </Dialog>
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
