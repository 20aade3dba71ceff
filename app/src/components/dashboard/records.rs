//! The rows behind marks, in a dialog.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};
use shared::{
    dashboard::Selection,
    ids::TileId,
    semantic::{Answer, ColumnRole},
    visual::{Visual, VisualKind, WellItem},
};

use super::{ReaderSource, ReaderState};
use crate::{
    WireError,
    components::{Dialog, ProblemNotice, tile::DataTable},
    server_fns::dashboard::{RecordsRequest, read_records},
};

#[component]
pub fn RecordsDialog(reader: ReaderState) -> impl IntoView {
    let open = RwSignal::new(false);
    let rows = RwSignal::new(None::<Result<Answer, WireError>>);
    Effect::new(move |_| {
        let Some((tile, selection)) = reader.records.get() else {
            return;
        };
        rows.set(None);
        open.set(true);
        ask(reader, tile, selection, rows);
    });
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true) && !now {
            reader.records.set(None);
        }
        now
    });
    let title = Signal::derive(move || match reader.records.get() {
        Some((tile, _)) => format!("Records behind {}", reader.tile_name(tile)),
        None => "Records".to_owned(),
    });
    view! {
        <Dialog title=title open=open wide=true>
            <div class="records" data-testid="records">
                {move || match rows.get() {
                    None => view! { <p class="muted" role="status">"Reading rows…"</p> }.into_any(),
                    Some(Err(error)) => view! { <ProblemNotice error=error.0 /> }.into_any(),
                    Some(Ok(answer)) => view! { <Rows answer=answer /> }.into_any(),
                }}
            </div>
        </Dialog>
    }
}

fn ask(reader: ReaderState, tile: TileId, selection: Selection, rows: RwSignal<Option<Result<Answer, WireError>>>) {
    let ReaderSource::Workspace { workspace, dashboard } = reader.source() else {
        return;
    };
    let asked = RecordsRequest {
        tile,
        state: reader.state.get_untracked(),
        selection: selection.clone(),
    };
    spawn_local(async move {
        let answer = read_records(workspace, dashboard, asked).await;
        // Somebody may have asked for other marks meanwhile.
        if reader.records.try_get_untracked().flatten() == Some((tile, selection)) {
            rows.set(Some(answer));
        }
    });
}

#[component]
fn Rows(answer: Answer) -> impl IntoView {
    let note = answer
        .truncated
        .then(|| format!("The newest {} rows are shown; there are more.", answer.rows.len()));
    let mut visual = Visual::new(VisualKind::Table);
    for column in &answer.columns {
        match column.role {
            ColumnRole::Dimension => visual.wells.axis.push(WellItem::dimension(&column.name)),
            ColumnRole::Metric | ColumnRole::Compare | ColumnRole::Calculation => {
                let mut item = WellItem::metric(&column.name);
                item.label = Some("Rows".to_owned());
                visual.wells.values.push(item);
            }
        }
    }
    if answer.rows.is_empty() {
        return view! { <p class="muted">"No row is behind this."</p> }.into_any();
    }
    view! {
        {note.map(|note| view! { <p class="muted">{note}</p> })}
        <DataTable visual=Arc::new(visual) answer=Arc::new(answer) paging=None on_mark=None />
    }
    .into_any()
}
