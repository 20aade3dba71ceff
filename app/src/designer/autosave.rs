//! Saving by itself: pending actions go to the server shortly after the last change, and stay on this device until it
//! has them.

use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local};
use shared::{
    ErrorCode,
    ids::{ActionId, DashboardId},
};

use super::{editor::StoredPending, remote, state::Designer};
use crate::{WireError, browser, server_fns::dashboard::OpsOutcome, wire};

/// Nothing was changed for this long.
const IDLE_MS: u64 = 400;
/// Others' actions are asked for this often while the page is looked at.
const POLL_MS: u64 = 5_000;
/// First and longest wait before a lost connection is tried again.
const RETRY_MS: (u64, u64) = (2_000, 30_000);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveState {
    Saved,
    /// Changed or on the way.
    Saving,
    /// No connection; kept on this device.
    Offline,
    /// The server refused; kept on this device.
    Refused,
}

#[derive(Clone, Copy)]
pub struct Autosave {
    pub state: RwSignal<SaveState>,
    /// Why the server refused.
    pub problem: RwSignal<Option<WireError>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    retry_ms: StoredValue<u64>,
    /// Of this tab, so that two tabs do not write over each other's pending actions.
    tab: StoredValue<String>,
}

impl Autosave {
    pub fn new() -> Self {
        Self {
            state: RwSignal::new(SaveState::Saved),
            problem: RwSignal::new(None),
            timer: StoredValue::new(None),
            retry_ms: StoredValue::new(RETRY_MS.0),
            tab: StoredValue::new(browser::new_uuid().simple().to_string()),
        }
    }

    /// Something is pending: keeps it on this device and saves soon.
    pub fn changed(self, designer: Designer) {
        self.keep(designer);
        if designer.read(|editor| editor.pending().is_empty()) {
            return;
        }
        if self.state.get_untracked() != SaveState::Offline {
            self.state.set(SaveState::Saving);
        }
        self.send_after(designer, IDLE_MS);
    }

    fn send_after(self, designer: Designer, delay_ms: u64) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        self.timer
            .set_value(browser::after(delay_ms, move || self.send(designer)));
    }

    /// Sends what is pending, unless a request is under way; its answer sends the rest.
    pub fn send(self, designer: Designer) {
        let Some(request) = designer.with_editor(super::editor::Editor::outgoing).flatten() else {
            return;
        };
        let (workspace, key) = (designer.workspace.get_value(), self.key(designer));
        let sent: Vec<ActionId> = request.actions.iter().map(|action| action.id).collect();
        spawn_local(async move {
            let outcome = remote::append(workspace, designer.dashboard, request).await;
            // The page may have been left meanwhile; what was pending is on this device.
            if self.state.try_get_untracked().is_none() {
                if matches!(outcome, Ok(OpsOutcome::Accepted(_))) {
                    forget(&key, &sent);
                }
                return;
            }
            match outcome {
                Ok(outcome) => self.answered(designer, &outcome),
                Err(error) => self.failed(designer, error),
            }
        });
    }

    fn answered(self, designer: Designer, outcome: &OpsOutcome) {
        let notices = designer.with_editor(|editor| match outcome {
            OpsOutcome::Accepted(accepted) => editor.accepted(accepted),
            OpsOutcome::Rejected(rejected) => editor.rejected(rejected),
        });
        notices
            .into_iter()
            .flatten()
            .for_each(|notice| designer.toasts.say(notice));
        self.retry_ms.set_value(RETRY_MS.0);
        self.problem.set(None);
        self.keep(designer);
        if designer.read(|editor| editor.pending().is_empty()) {
            self.state.set(SaveState::Saved);
        } else {
            self.state.set(SaveState::Saving);
            self.send(designer);
        }
    }

    fn failed(self, designer: Designer, error: WireError) {
        designer.with_editor(super::editor::Editor::unsent);
        self.keep(designer);
        let passing = matches!(
            error.0.code,
            ErrorCode::Unavailable | ErrorCode::Timeout | ErrorCode::TooManyRequests | ErrorCode::Internal
        );
        if passing {
            let wait = self.retry_ms.get_value();
            self.retry_ms.set_value((wait * 2).min(RETRY_MS.1));
            self.state.set(SaveState::Offline);
            self.send_after(designer, wait);
        } else {
            self.state.set(SaveState::Refused);
            designer.toasts.fail(&error);
            self.problem.set(Some(error));
        }
    }

    /// Where this tab keeps its pending actions.
    fn key(self, designer: Designer) -> String {
        self.tab
            .with_value(|tab| format!("{}{tab}", prefix(designer.dashboard)))
    }

    /// Writes the pending actions to this device's storage, or takes them out once the server has them.
    fn keep(self, designer: Designer) {
        let key = self.key(designer);
        let text = designer.read(|editor| written(&StoredPending::of(editor.pending())));
        let kept = browser::store(&key, text.as_deref());
        if text.is_some() && !kept && self.state.get_untracked() == SaveState::Offline {
            designer
                .toasts
                .say("This browser does not let Sightline keep your changes on this device. Stay on the page until they are saved.");
        }
    }

    /// Takes up what an earlier life of this page could not save.
    pub fn adopt(self, designer: Designer) {
        let mut found = false;
        for key in stored_keys(designer.dashboard) {
            let stored = browser::stored(&key).and_then(|text| wire::read::<StoredPending>(&text).ok());
            if let Some(stored) = stored.filter(|stored| !stored.actions.is_empty()) {
                let restored = designer.with_editor(|editor| {
                    let known = editor.pending().len();
                    let notices = editor.restore(&stored);
                    (notices, editor.pending().len() > known)
                });
                if let Some((notices, added)) = restored {
                    found |= added;
                    notices.into_iter().for_each(|notice| designer.toasts.say(notice));
                }
            }
            browser::store(&key, None);
        }
        if found {
            designer
                .toasts
                .say("Changes that had not been saved yet were brought back.");
            self.changed(designer);
        }
    }

    /// Asks for what others did.
    pub fn poll(self, designer: Designer) {
        let workspace = designer.workspace.get_value();
        let since = designer.read(super::editor::Editor::revision);
        spawn_local(async move {
            let Ok(newer) = remote::newer(workspace, designer.dashboard, since).await else {
                return;
            };
            if self.state.try_get_untracked().is_none() {
                return;
            }
            if let Some(revision) = newer.last().map(|record| record.revision) {
                let notices = designer.with_editor(|editor| editor.receive(&newer, revision));
                notices
                    .into_iter()
                    .flatten()
                    .for_each(|notice| designer.toasts.say(notice));
                self.keep(designer);
            }
        });
    }

    /// Saves and asks at the right moments for as long as the designer is shown.
    pub fn listen(self, designer: Designer) {
        let visible = || {
            web_sys::window()
                .and_then(|window| window.document())
                .is_some_and(|page| !page.hidden())
        };
        let poll = set_interval_with_handle(
            move || {
                if visible() && self.state.get_untracked() == SaveState::Saved {
                    self.poll(designer);
                }
            },
            Duration::from_millis(POLL_MS),
        )
        .ok();
        let focused = window_event_listener(ev::focus, move |_| self.poll(designer));
        let online = window_event_listener(ev::online, move |_| self.send(designer));
        let hidden = document_hidden(move || self.send(designer));
        on_cleanup(move || {
            if let Some(poll) = poll {
                poll.clear();
            }
            focused.remove();
            online.remove();
            hidden.remove();
            // Left within the site: what waits for its time is sent now.
            if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
                timer.clear();
            }
            self.send(designer);
        });
    }
}

/// The page is about to be left or put aside: the last chance to send.
fn document_hidden(action: impl Fn() + 'static) -> WindowListenerHandle {
    window_event_listener_untyped("pagehide", move |_| action())
}

fn prefix(dashboard: DashboardId) -> String {
    format!("sightline.pending.{dashboard}.")
}

/// Takes actions that the server has out of what is kept under `key`.
fn forget(key: &str, sent: &[ActionId]) {
    let kept = browser::stored(key).and_then(|text| wire::read::<StoredPending>(&text).ok());
    if let Some(mut kept) = kept {
        kept.actions.retain(|stored| !sent.contains(&stored.action.id));
        browser::store(key, written(&kept).as_deref());
    }
}

/// `None` when there is nothing to keep.
fn written(stored: &StoredPending) -> Option<String> {
    if stored.actions.is_empty() {
        return None;
    }
    wire::write(stored).ok()
}

fn stored_keys(dashboard: DashboardId) -> Vec<String> {
    let prefix = prefix(dashboard);
    let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    let Some(storage) = storage else { return Vec::new() };
    let count = storage.length().unwrap_or(0);
    (0..count)
        .filter_map(|index| storage.key(index).ok().flatten())
        .filter(|key| key.starts_with(&prefix))
        .collect()
}
