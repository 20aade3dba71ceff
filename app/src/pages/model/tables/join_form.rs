//! One join as a line of words; opened, its form.

use leptos::prelude::*;
use shared::{
    names::Identifier,
    semantic::{Cardinality, Join, Model},
};

use super::join_columns::JoinColumns;
use crate::{
    components::{Icon, IconView},
    pages::model::{
        draft::ModelDraft,
        json_editor::InDocument,
        options::{Choose, TextField, given},
        remove::{Consequences, RemoveButton},
        words::cardinality_words,
    },
};

const CARDINALITIES: [Cardinality; 3] = [Cardinality::ManyToOne, Cardinality::OneToOne, Cardinality::OneToMany];

#[component]
pub fn JoinCard(draft: ModelDraft, name: String, open: RwSignal<Option<String>>) -> impl IntoView {
    let known = name.clone();
    let join = Memo::new(move |_| {
        draft
            .edited
            .with(|model| model.joins.iter().find(|join| join.name.as_str() == known).cloned())
    });
    let name = StoredValue::new(name);
    let edit = move |change: &dyn Fn(&mut Join)| {
        draft.edit(|model| {
            let mut joins = model.joins.iter_mut();
            if let Some(join) = joins.find(|join| join.name.as_str() == name.get_value()) {
                change(join);
            }
        });
    };
    let is_open = Memo::new(move |_| open.with(|open| open.as_ref() == Some(&name.get_value())));
    let toggle = move |_| open.set((!is_open.get_untracked()).then(|| name.get_value()));
    let words = move || join.with(|join| join.as_ref().map(|join| draft.edited.with(|model| ends(join, model))));
    let detail = move || join.with(|join| join.as_ref().map(detail));
    let body = format!("join-{}", name.get_value());
    let take = move |changed: Option<Join>| {
        if let Some(changed) = changed {
            open.set(Some(changed.name.to_string()));
            edit(&|join| *join = changed.clone());
        }
    };
    let remove = move |()| draft.edit(|model| model.joins.retain(|join| join.name.as_str() != name.get_value()));
    view! {
        <article class="card join" data-testid="join">
            <header class="join__head">
                <button class="metric__toggle" type="button" aria-expanded=move || is_open.get().to_string() aria-controls=body.clone() on:click=toggle>
                    <IconView icon=Icon::ChevronRight />
                    <span>{words}</span>
                </button>
                <RemoveButton draft=draft what=Signal::derive(move || format!("the join {}", name.get_value())) consequences=Callback::new(|()| Consequences::default()) on_sure=Callback::new(remove) />
            </header>
            <p class="muted">{detail}</p>
            <div class="metric__body" id=body.clone()>
                <Show when=move || is_open.get()>
                    <div class="stack metric__form">
                        <Ends draft=draft join=join edit=Callback::new(move |changed: Join| edit(&|join| *join = changed.clone())) />
                        <JoinColumns draft=draft join=join on_change=Callback::new(move |pairs: Vec<(String, String)>| edit(&|join| join.on = pairs.clone())) />
                        <InDocument value=Signal::derive(move || join.get()) on_change=Callback::new(take) />
                    </div>
                </Show>
            </div>
        </article>
    }
}

/// Which tables, how many rows of each, and in which role.
#[component]
fn Ends(draft: ModelDraft, join: Memo<Option<Join>>, edit: Callback<Join>) -> impl IntoView {
    let change = move |change: &dyn Fn(&mut Join)| {
        if let Some(mut join) = join.get_untracked() {
            change(&mut join);
            edit.run(join);
        }
    };
    let nodes = Signal::derive(move || draft.edited.with(nodes));
    let tables = Signal::derive(move || {
        draft.edited.with(|model| {
            model
                .tables
                .iter()
                .map(|table| (table.name.to_string(), table.display_label()))
                .collect::<Vec<_>>()
        })
    });
    let read = move |read: fn(&Join) -> String| {
        Signal::derive(move || join.with(|join| join.as_ref().map(read).unwrap_or_default()))
    };
    let cardinalities: Vec<_> = CARDINALITIES
        .iter()
        .enumerate()
        .map(|(index, one)| (index.to_string(), cardinality_words(*one).to_owned()))
        .collect();
    let choose_cardinality = move |index: String| {
        let chosen = index
            .parse()
            .ok()
            .and_then(|index: usize| CARDINALITIES.get(index).copied());
        if let Some(chosen) = chosen {
            change(&|join| join.cardinality = chosen);
        }
    };
    let set_end = move |is_from: bool, name: String| {
        if let Ok(name) = Identifier::try_from(name) {
            change(&|join| *(if is_from { &mut join.from } else { &mut join.to }) = name.clone());
        }
    };
    let set_role = move |text: String| {
        let role = given(text).and_then(|text| Identifier::try_from(text).ok());
        change(&|join| join.role.clone_from(&role));
    };
    let position = |join: &Join| {
        CARDINALITIES
            .iter()
            .position(|one| *one == join.cardinality)
            .unwrap_or_default()
            .to_string()
    };
    view! {
        <div class="form-grid">
            <Choose label="Rows of" options=nodes value=read(|join| join.from.to_string()) on_choose=Callback::new(move |name| set_end(true, name)) />
            <Choose label="Find rows of" options=tables value=read(|join| join.to.to_string()) on_choose=Callback::new(move |name| set_end(false, name)) />
            <Choose label="How many" options=Signal::stored(cardinalities) value=read(position) on_choose=Callback::new(choose_cardinality) />
            <TextField label="Role" hint="Where one table is met twice: ship_address" value=read(|join| join.role.as_ref().map(ToString::to_string).unwrap_or_default()) on_change=Callback::new(set_role) />
        </div>
    }
}

/// Tables, and the roles of other joins.
fn nodes(model: &Model) -> Vec<(String, String)> {
    let tables = model
        .tables
        .iter()
        .map(|table| (table.name.to_string(), table.display_label()));
    let roles = model.joins.iter().filter_map(|join| join.role.as_ref());
    tables
        .chain(roles.map(|role| (role.to_string(), role.to_string())))
        .collect()
}

fn ends(join: &Join, model: &Model) -> String {
    let label = |node: &str| match model.table(node) {
        Some(table) => table.display_label(),
        None => node.to_owned(),
    };
    let role = join.role.as_ref().map(|role| format!(" as {role}")).unwrap_or_default();
    format!("{} → {}{role}", label(join.from.as_str()), label(join.to.as_str()))
}

fn detail(join: &Join) -> String {
    let pairs: Vec<String> = join.on.iter().map(|(own, other)| format!("{own} = {other}")).collect();
    let mut text = format!("{} · {}", pairs.join(" and "), cardinality_words(join.cardinality));
    if join.valid.is_some() {
        text.push_str(" · valid at its time");
    }
    if join.condition.is_some() {
        text.push_str(" · only some rows");
    }
    text
}
