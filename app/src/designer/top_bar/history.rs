//! What was done to this dashboard, by whom, newest first.

use leptos::{prelude::*, task::spawn_local};
use shared::dashboard::HistoryEntry;

use crate::{
    WireError, browser,
    components::{Dialog, ProblemNotice},
    designer::{editor::Editor, remote, state::Designer},
};

/// One line: what, then who and when.
struct Line {
    name: String,
    detail: String,
    mine: bool,
}

#[component]
pub fn HistoryPanel(designer: Designer, open: RwSignal<bool>) -> impl IntoView {
    let list = RwSignal::new(None::<Result<Vec<HistoryEntry>, WireError>>);
    Effect::new(move |_| {
        if !open.get() {
            return;
        }
        list.set(None);
        let workspace = designer.workspace.get_value();
        spawn_local(async move {
            let found = remote::history(workspace, designer.dashboard).await;
            // The page may have been left.
            let _gone = list.try_set(Some(found));
        });
    });
    let rows = move || {
        let _changed = designer.document.get();
        let saved = match list.get() {
            Some(Ok(entries)) => entries,
            Some(Err(_)) | None => Vec::new(),
        };
        lines(designer, saved)
            .into_iter()
            .map(|line| {
                view! {
                    <li class="history__item" class:history__item--others=!line.mine>
                        <span>{line.name}</span>
                        <span class="muted">{line.detail}</span>
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
                Some(Ok(entries)) if entries.is_empty() => view! { <p class="muted">"Nothing was done yet."</p> }.into_any(),
                Some(Ok(_)) => ().into_any(),
            }}
            <ol class="history" data-testid="history-list">
                {rows}
            </ol>
            <p class="muted">"Undo and redo take back your own steps, one by one, also after a reload."</p>
        </Dialog>
    }
}

/// What waits to be saved, then what is saved; each once, newest first.
fn lines(designer: Designer, saved: Vec<HistoryEntry>) -> Vec<Line> {
    let me = designer.read(Editor::actor);
    let waiting = designer.read(|editor| {
        let pending = editor.pending().iter().rev();
        pending
            .filter(|pending| saved.iter().all(|entry| entry.action != pending.action.id))
            .map(|pending| Line {
                name: pending.action.name.clone(),
                detail: "Not saved yet".to_owned(),
                mine: true,
            })
            .collect::<Vec<_>>()
    });
    let kept = saved.into_iter().map(|entry| {
        let mine = entry.actor == me;
        let who = match (mine, entry.actor_name.is_empty()) {
            (true, _) => "You".to_owned(),
            (false, false) => entry.actor_name,
            (false, true) => "Somebody who is gone".to_owned(),
        };
        Line {
            name: entry.name,
            detail: format!("{who}, {}", browser::local_time(entry.at)),
            mine,
        }
    });
    waiting.into_iter().chain(kept).collect()
}
