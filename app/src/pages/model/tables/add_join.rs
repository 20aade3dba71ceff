//! A join between tables that the model has, made by hand.

use leptos::prelude::*;
use shared::{
    names::Identifier,
    semantic::{Cardinality, Join, Model, ModelTable},
};

use crate::{
    components::{Icon, IconView},
    pages::model::draft::ModelDraft,
};

#[component]
pub fn AddJoin(draft: ModelDraft, open: RwSignal<Option<String>>) -> impl IntoView {
    let can = move || draft.edited.with(|model| model.tables.len() > 1);
    let add = move |_| {
        let made = draft.edited.with_untracked(|model| match model.tables.as_slice() {
            [from, .., to] => begun(model, from, to),
            _ => None,
        });
        if let Some(join) = made {
            open.set(Some(join.name.to_string()));
            draft.edit(|model| model.joins.push(join));
        }
    };
    view! {
        <Show when=can>
            <button class="button button--quiet" type="button" on:click=add><IconView icon=Icon::Plus />"Add a join"</button>
        </Show>
    }
}

/// A join of the first columns, to be changed.
pub fn begun(model: &Model, from: &ModelTable, to: &ModelTable) -> Option<Join> {
    let base = format!("{}_{}", from.name, to.name);
    let names = std::iter::once(base.clone()).chain((2..).map(|number| format!("{base}_{number}")));
    let is_free = |name: &String| model.joins.iter().all(|join| join.name.as_str() != name);
    let name = names.take(2_000).find(is_free)?;
    let column = |table: &ModelTable| {
        table
            .dimensions
            .iter()
            .find_map(|dimension| dimension.expr.column().map(str::to_owned))
    };
    Some(Join {
        name: Identifier::try_from(name).ok()?,
        from: from.name.clone(),
        to: to.name.clone(),
        role: None,
        on: vec![(column(from)?, column(to)?)],
        cardinality: Cardinality::ManyToOne,
        valid: None,
        condition: None,
    })
}
