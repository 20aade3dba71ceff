//! Another dataset in two clicks: which, and how it is joined.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    dataset::DatasetSummary,
    semantic::{Join, JoinProposal, JoinProposals, ModelTable},
};

use super::add_join::begun;
use crate::{
    WireError,
    components::{Icon, IconView, ProblemNotice, SearchField},
    pages::model::{draft::ModelDraft, words::cardinality_words},
    server_fns::{dataset::list_datasets, model::propose_joins},
};

/// A list that is longer than this can be searched.
const MANY: usize = 8;
/// Proposals that are shown.
const SHOWN: usize = 4;

/// What was found for one dataset; `None` while it is looked for.
type Found = Option<Result<JoinProposals, WireError>>;

#[component]
pub fn JoinDataset(draft: ModelDraft, open: RwSignal<Option<String>>) -> impl IntoView {
    let datasets = RwSignal::new(Vec::<DatasetSummary>::new());
    let is_loaded = RwSignal::new(false);
    let search = RwSignal::new(String::new());
    let chosen = RwSignal::new(None::<(String, Found)>);
    Effect::new(move |_| {
        let workspace = draft.workspace.get();
        spawn_local(async move {
            if let Ok(found) = list_datasets(workspace).await {
                datasets.set(found);
                is_loaded.set(true);
            }
        });
    });
    let shown = Memo::new(move |_| {
        let wanted = search.with(|text| text.trim().to_lowercase());
        let mut found = datasets.get();
        found.retain(|one| one.label.to_lowercase().contains(&wanted) || one.name.contains(&wanted));
        // Those that the model reads already come last.
        found.sort_by_key(|one| {
            draft.edited.with(|model| {
                model
                    .tables
                    .iter()
                    .any(|table| table.source.dataset() == Some(one.name.as_str()))
            })
        });
        found
    });
    let choose = move |dataset: String| {
        if chosen.with_untracked(|chosen| chosen.as_ref().is_some_and(|(name, _)| *name == dataset)) {
            chosen.set(None);
            return;
        }
        chosen.set(Some((dataset.clone(), None)));
        let (workspace, model) = (draft.workspace.get_untracked(), draft.name.get_value());
        spawn_local(async move {
            let found = propose_joins(workspace, model, dataset.clone()).await;
            chosen.update(|chosen| {
                if let Some((name, place)) = chosen
                    && *name == dataset
                {
                    *place = Some(found);
                }
            });
        });
    };
    let join = Callback::new(move |(table, join): (Option<ModelTable>, Option<Join>)| {
        chosen.set(None);
        open.set(join.as_ref().map(|join| join.name.to_string()));
        draft.edit(|model| {
            let is_new = |table: &ModelTable| model.table(table.name.as_str()).is_none();
            let table = table.filter(is_new);
            model.tables.extend(table);
            model.joins.extend(join);
        });
    });
    view! {
        <section class="stack stack--tight" aria-label="Join another dataset">
            <div class="fields__head"><h2>"Join another dataset"</h2></div>
            <Show when=move || datasets.with(|datasets| datasets.len() > MANY)>
                <SearchField label="Search datasets" placeholder="Search datasets" on_find=move |text| search.set(text) />
            </Show>
            <Show when=move || is_loaded.get() && datasets.with(Vec::is_empty)>
                <p class="muted">"There is no other data yet. Add a file under Data, and it can be joined here."</p>
            </Show>
            <ul class="datasets" hidden=move || datasets.with(Vec::is_empty)>
                <For each=move || shown.get() key=|dataset| dataset.id let:dataset>
                    <DatasetChoice draft=draft dataset=dataset chosen=chosen on_choose=Callback::new(choose) on_join=join />
                </For>
            </ul>
        </section>
    }
}

#[component]
fn DatasetChoice(
    draft: ModelDraft,
    dataset: DatasetSummary,
    chosen: RwSignal<Option<(String, Found)>>,
    on_choose: Callback<String>,
    on_join: Callback<(Option<ModelTable>, Option<Join>)>,
) -> impl IntoView {
    let name = StoredValue::new(dataset.name);
    let is_here = Memo::new(move |_| {
        draft.edited.with(|model| {
            model
                .tables
                .iter()
                .any(|table| table.source.dataset() == Some(name.get_value().as_str()))
        })
    });
    let found = Memo::new(move |_| {
        chosen.with(|chosen| {
            chosen
                .as_ref()
                .filter(|(dataset, _)| *dataset == name.get_value())
                .map(|(_, found)| found.clone())
        })
    });
    view! {
        <li class="datasets__one">
            <button class="datasets__button" type="button" data-testid="join-dataset" aria-expanded=move || found.with(Option::is_some).to_string() on:click=move |_| on_choose.run(name.get_value())>
                <IconView icon=Icon::Database />
                <span>{dataset.label}</span>
                {move || is_here.get().then(|| view! { <span class="badge">"In the model"</span> })}
            </button>
            {move || found.get().map(|found| match found {
                None => view! { <p class="muted datasets__found" role="status">"Looking for keys…"</p> }.into_any(),
                Some(Err(error)) => view! { <ProblemNotice error=error.0 /> }.into_any(),
                Some(Ok(found)) => view! { <Proposals draft=draft found=found on_join=on_join /> }.into_any(),
            })}
        </li>
    }
}

#[component]
fn Proposals(
    draft: ModelDraft,
    found: JoinProposals,
    on_join: Callback<(Option<ModelTable>, Option<Join>)>,
) -> impl IntoView {
    let JoinProposals { table, proposals } = found;
    let nothing = proposals.is_empty().then(
        || view! { <p class="muted">"No column of one side is a key of the other, by its name, type and values."</p> },
    );
    let by_hand = table.clone().map(|table| {
        let add = move |_| {
            let join = draft
                .edited
                .with_untracked(|model| begun(model, model.tables.first()?, &table));
            on_join.run((Some(table.clone()), join));
        };
        view! { <button class="button button--quiet" type="button" on:click=add>"Choose the columns by hand"</button> }
    });
    let one = |(index, proposal): (usize, JoinProposal)| {
        let (table, join) = (table.clone(), proposal.join.clone());
        view! { <ProposalView proposal=proposal best=index == 0 on_take=Callback::new(move |()| on_join.run((table.clone(), Some(join.clone())))) /> }
    };
    view! {
        <div class="datasets__found stack stack--tight">
            {nothing}
            {proposals.into_iter().take(SHOWN).enumerate().map(one).collect_view()}
            {by_hand}
        </div>
    }
}

#[component]
fn ProposalView(proposal: JoinProposal, best: bool, on_take: Callback<()>) -> impl IntoView {
    let JoinProposal { join, reason } = proposal;
    let pairs: Vec<String> = join
        .on
        .iter()
        .map(|(own, other)| format!("{}.{own} = {}.{other}", join.from, join.to))
        .collect();
    let role = join.role.as_ref().map(|role| format!(" as {role}")).unwrap_or_default();
    let class = if best { "button button--primary" } else { "button" };
    view! {
        <div class="proposal" data-testid="proposal">
            <div class="proposal__text">
                <span><code>{pairs.join(" and ")}{role}</code><span class="muted">" · " {cardinality_words(join.cardinality)}</span></span>
                <span class="muted">{reason}</span>
            </div>
            <button class=class type="button" on:click=move |_| on_take.run(())>"Join"</button>
        </div>
    }
}
