//! Which columns of two tables are equal in a join.

use leptos::prelude::*;
use shared::semantic::{Join, Model};

use crate::{
    components::{Icon, IconView},
    pages::model::{draft::ModelDraft, options::Choose},
};

/// Two texts each: a column of either end, or a column and what people read.
type Pairs = Vec<(String, String)>;

#[component]
pub fn JoinColumns(draft: ModelDraft, join: Memo<Option<Join>>, on_change: Callback<Pairs>) -> impl IntoView {
    let pairs = Memo::new(move |_| join.with(|join| join.as_ref().map(|join| join.on.clone()).unwrap_or_default()));
    let own = Memo::new(move |_| choices(draft, join, true));
    let other = Memo::new(move |_| choices(draft, join, false));
    let edit = move |change: &dyn Fn(&mut Pairs)| {
        let mut now = pairs.get_untracked();
        change(&mut now);
        on_change.run(now);
    };
    let add = move |_| {
        let first = |choices: Memo<Pairs>| {
            choices
                .with_untracked(|choices| choices.first().map(|(column, _)| column.clone()))
                .unwrap_or_default()
        };
        edit(&|now| now.push((first(own), first(other))));
    };
    let is_composite = Memo::new(move |_| pairs.with(Vec::len) > 1);
    let count = move || 0..pairs.with(Vec::len);
    let side = move |index: usize, is_own: bool| {
        Signal::derive(move || {
            pairs
                .with(|pairs| {
                    pairs
                        .get(index)
                        .map(|(own, other)| if is_own { own } else { other }.clone())
                })
                .unwrap_or_default()
        })
    };
    let set = move |index: usize, is_own: bool, column: String| {
        edit(&|now| {
            if let Some((own, other)) = now.get_mut(index) {
                *(if is_own { own } else { other }) = column.clone();
            }
        });
    };
    view! {
        <fieldset class="group">
            <legend class="field__label">"Rows belong together where"</legend>
            <For each=count key=|index| *index let:index>
                <div class="filter-row">
                    <Choose bare=true label="Column of the first table" options=own value=side(index, true) on_choose=Callback::new(move |column| set(index, true, column)) />
                    <span aria-label="equals">"="</span>
                    <Choose bare=true label="Column of the second table" options=other value=side(index, false) on_choose=Callback::new(move |column| set(index, false, column)) />
                    <Show when=move || is_composite.get()>
                        <button class="button button--quiet button--icon" type="button" aria-label="Remove this pair of columns" on:click=move |_| edit(&|now| { now.remove(index); })><IconView icon=Icon::Close /></button>
                    </Show>
                </div>
            </For>
            <button class="button button--quiet" type="button" on:click=add><IconView icon=Icon::Plus />"Add a pair of columns"</button>
        </fieldset>
    }
}

/// The stored columns of one end that the model knows, and those that the join names.
fn choices(draft: ModelDraft, join: Memo<Option<Join>>, is_own: bool) -> Pairs {
    join.with(|join| {
        let Some(join) = join else { return Vec::new() };
        let node = if is_own { &join.from } else { &join.to };
        let mut found = draft.edited.with(|model| columns(model, node.as_str()));
        for (own, other) in &join.on {
            let column = if is_own { own } else { other };
            if found.iter().all(|(known, _)| known != column) {
                found.push((column.clone(), column.clone()));
            }
        }
        found
    })
}

fn columns(model: &Model, node: &str) -> Pairs {
    let dimensions = model.node(node).into_iter().flat_map(|table| &table.dimensions);
    let mut found: Pairs = Vec::new();
    for dimension in dimensions {
        if let Some(column) = dimension.expr.column()
            && found.iter().all(|(known, _)| known != column)
        {
            found.push((column.to_owned(), column.to_owned()));
        }
    }
    found
}
