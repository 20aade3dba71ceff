//! What was done to this dashboard, by whom, newest first.

use leptos::{prelude::*, task::spawn_local};
use shared::dashboard::RecordedAction;

use crate::{
    WireError,
    components::{Dialog, ProblemNotice},
    designer::{remote, state::Designer},
};

/// Actions listed.
const SHOWN: u64 = 200;

#[component]
pub fn HistoryPanel(designer: Designer, open: RwSignal<bool>) -> impl IntoView {
    let list = RwSignal::new(None::<Result<Vec<RecordedAction>, WireError>>);
    Effect::new(move |_| {
        if !open.get() {
            return;
        }
        list.set(None);
        let workspace = designer.workspace.get_value();
        let revision = designer.read(crate::designer::editor::Editor::revision);
        spawn_local(async move {
            let found = remote::newer(workspace, designer.dashboard, revision.saturating_sub(SHOWN)).await;
            // The page may have been left.
            let _gone = list.try_set(Some(found));
        });
    });
    let rows = move || {
        let waiting = designer.read(|editor| {
            editor
                .pending()
                .iter()
                .rev()
                .map(|pending| pending.action.name.clone())
                .collect::<Vec<_>>()
        });
        let me = designer.read(crate::designer::editor::Editor::actor);
        let unsaved = waiting.into_iter().map(|name| (name, "Not saved yet".to_owned(), true));
        let saved = match list.get() {
            Some(Ok(records)) => records,
            Some(Err(_)) | None => Vec::new(),
        };
        let saved = saved.into_iter().rev().map(move |record| {
            let mine = record.action.actor == me;
            let who = if mine { "You" } else { "Somebody else" };
            let when = record.action.at.format("%Y-%m-%d %H:%M UTC");
            (record.action.name, format!("{who}, {when}"), mine)
        });
        unsaved
            .chain(saved)
            .map(|(name, detail, mine)| {
                view! {
                    <li class="history__item" class:history__item--others=!mine>
                        <span>{name}</span>
                        <span class="muted">{detail}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Dialog title="History" open=open>
            {move || match list.get() {
                None => view! { <p class="muted">"Loading…"</p> }.into_any(),
                Some(Err(error)) => view! { <ProblemNotice error=error.0 /> }.into_any(),
                Some(Ok(records)) if records.is_empty() => view! { <p class="muted">"Nothing was done yet."</p> }.into_any(),
                Some(Ok(_)) => ().into_any(),
            }}
            <ol class="history" data-testid="history-list">
                {rows}
            </ol>
            <p class="muted">"Undo and redo take back your own steps, one by one, also after a reload."</p>
        </Dialog>
    }
}
