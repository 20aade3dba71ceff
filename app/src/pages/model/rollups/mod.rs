//! Rollups: numbers that are added up beforehand, and how far they are.

mod card;
mod form;
mod statuses;

use leptos::prelude::*;
use shared::{
    names::Identifier,
    semantic::{Aggregation, Grain, MetricDefinition, MetricKind, Model, RefreshInterval, Rollup, RollupTime},
};

use self::{card::RollupCard, statuses::Statuses};
use super::draft::ModelDraft;
use crate::components::{Empty, Icon, IconView};

#[component]
pub fn RollupsView(draft: ModelDraft) -> impl IntoView {
    let statuses = Statuses::new(draft);
    let open = RwSignal::new(None::<String>);
    let names = Memo::new(move |_| {
        let name = |rollup: &Rollup| rollup.name.to_string();
        draft
            .edited
            .with(|model| model.rollups.iter().map(name).collect::<Vec<_>>())
    });
    let add = move |_| {
        if let Some(rollup) = draft.edited.with_untracked(new_rollup) {
            open.set(Some(rollup.name.to_string()));
            draft.edit(|model| model.rollups.push(rollup));
        }
    };
    let can_add = move || draft.edited.with(|model| new_rollup(model).is_some());
    view! {
        <div class="row model__tools">
            <p class="muted model__about">"A rollup holds numbers added up beforehand, so that a question reads its few rows instead of all of them. It answers only what it holds: numbers are the same with it and without."</p>
            {draft
                .may_edit
                .then(|| {
                    view! {
                        <button class="button" type="button" disabled=move || !can_add() on:click=add>
                            <IconView icon=Icon::Plus />
                            "Add a rollup"
                        </button>
                    }
                })}
        </div>
        <Show when=move || names.with(Vec::is_empty)>
            <Empty icon=Icon::Database title="No rollups" text="Questions read the rows themselves. Add a rollup where a large table is asked the same few things again and again." />
        </Show>
        <fieldset class="stack stack--tight bare" disabled=!draft.may_edit>
            <legend class="visually-hidden">"Rollups"</legend>
            <For each=move || names.get() key=Clone::clone let:name>
                <RollupCard draft=draft name=name statuses=statuses open=open />
            </For>
        </fieldset>
    }
}

/// Can groups of it be put together? Whether its filter can be kept as well, the server says.
fn is_kept(metric: &MetricDefinition) -> bool {
    match &metric.kind {
        MetricKind::Simple(simple) => {
            let adds_up = match simple.agg {
                Aggregation::Sum | Aggregation::Count | Aggregation::Avg | Aggregation::Min | Aggregation::Max => true,
                Aggregation::CountDistinct
                | Aggregation::Median
                | Aggregation::Percentile
                | Aggregation::Stddev
                | Aggregation::First
                | Aggregation::Last => false,
            };
            adds_up && simple.semi_additive.is_none()
        }
        MetricKind::Ratio { .. } | MetricKind::Derived { .. } | MetricKind::Cumulative { .. } => true,
        MetricKind::Conversion(_) | MetricKind::Nested(_) => false,
    }
}

/// Of the first metric that can be kept, by day where its table has a time.
fn new_rollup(model: &Model) -> Option<Rollup> {
    let simple = |metric: &&MetricDefinition| matches!(metric.kind, MetricKind::Simple(_)) && is_kept(metric);
    let metric = model.metrics.iter().find(simple)?;
    let MetricKind::Simple(simple) = &metric.kind else {
        return None;
    };
    let has_time = model
        .table(simple.table.as_str())
        .is_some_and(|table| table.default_time.is_some());
    let free = |number: &usize| {
        let name = format!("rollup_{number}");
        !model.rollups.iter().any(|rollup| rollup.name.as_str() == name)
    };
    let number = (1..=model.rollups.len() + 1).find(free)?;
    Some(Rollup {
        name: Identifier::try_from(format!("rollup_{number}")).ok()?,
        metrics: vec![metric.name.clone()],
        dimensions: Vec::new(),
        time: has_time.then_some(RollupTime { grain: Grain::Day }),
        refresh: RefreshInterval::default(),
    })
}
