//! How a tile's numbers are computed, in a dialog.

use leptos::{prelude::*, task::spawn_local};
use shared::ids::TileId;

use super::{ReaderSource, ReaderState};
use crate::{
    WireError,
    components::{Dialog, ProblemNotice},
    server_fns::computed::{Computed, read_computed},
};

#[component]
pub fn ComputedDialog(reader: ReaderState) -> impl IntoView {
    let open = RwSignal::new(false);
    let found = RwSignal::new(None::<Result<Computed, WireError>>);
    Effect::new(move |_| {
        let Some(tile) = reader.computed.get() else { return };
        found.set(None);
        open.set(true);
        ask(reader, tile, found);
    });
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true) && !now {
            reader.computed.set(None);
        }
        now
    });
    let title = Signal::derive(move || match reader.computed.get() {
        Some(tile) => format!("How {} is computed", reader.tile_name(tile)),
        None => "How it is computed".to_owned(),
    });
    view! {
        <Dialog title=title open=open wide=true>
            <div class="computed" data-testid="computed">
                {move || match found.get() {
                    None => view! { <p class="muted" role="status">"Looking it up…"</p> }.into_any(),
                    Some(Err(error)) => view! { <ProblemNotice error=error.0 /> }.into_any(),
                    Some(Ok(computed)) => view! { <Parts computed=computed /> }.into_any(),
                }}
            </div>
        </Dialog>
    }
}

fn ask(reader: ReaderState, tile: TileId, found: RwSignal<Option<Result<Computed, WireError>>>) {
    let ReaderSource::Workspace { workspace, dashboard } = reader.source() else {
        return;
    };
    let state = reader.state.get_untracked();
    spawn_local(async move {
        let answer = read_computed(workspace, dashboard, tile, state).await;
        // Somebody may have asked about another tile meanwhile.
        if reader.computed.try_get_untracked().flatten() == Some(tile) {
            found.set(Some(answer));
        }
    });
}

#[component]
fn Parts(computed: Computed) -> impl IntoView {
    let pair = |(label, text): (String, String)| view! { <li><strong>{label}</strong>" "<span class="muted">{text}</span></li> };
    let line = |text: String| view! { <li>{text}</li> };
    let metrics = computed.metrics.into_iter().map(pair).collect_view();
    let tables = computed.tables.into_iter().map(pair).collect_view();
    let list = |title: &'static str, lines: Vec<String>| {
        (!lines.is_empty())
            .then(|| view! { <section><h3>{title}</h3><ul>{lines.into_iter().map(line).collect_view()}</ul></section> })
    };
    let sql = computed.sql.join("\n\n");
    view! {
        <section><h3>"Numbers"</h3><ul>{metrics}</ul></section>
        {list("For each", computed.by)}
        {list("Only", computed.filters)}
        <section><h3>"From"</h3><ul>{tables}</ul></section>
        {list("Joined", computed.joins)}
        {list("Read from the rollup", computed.rollups)}
        <p class="muted">{format!("Model {}, version {}.", computed.model, computed.version)}</p>
        {(!sql.is_empty()).then(|| view! { <details><summary>"What the database is asked"</summary><pre class="computed__text" tabindex="0">{sql}</pre></details> })}
        <details><summary>"The plan, step by step"</summary><pre class="computed__text" tabindex="0">{computed.plan}</pre></details>
    }
}
