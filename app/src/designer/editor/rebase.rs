//! Exchange with the server: its order is the truth, and pending actions are applied again on what arrives.

use std::{collections::BTreeMap, sync::Arc};

use shared::{
    dashboard::{Action, Dashboard, Missing, OpsAccepted, OpsRejected, OpsRequest, RecordedAction, apply_operations},
    ids::ActionId,
};

use super::{
    Editor, PendingAction, StoredPending, UndoEntry,
    history::turned,
    partial::{Applied, apply_what_holds},
};

impl Editor {
    /// All pending actions as a request; from now on they do not change until it is answered. `None` when there are none
    /// or a request is under way.
    pub fn outgoing(&mut self) -> Option<OpsRequest> {
        if self.pending.is_empty() || self.pending.iter().any(|pending| pending.sent) {
            return None;
        }
        let mut undoes = BTreeMap::new();
        for pending in &mut self.pending {
            pending.sent = true;
            if let Some(target) = pending.undoes {
                undoes.insert(pending.action.id, target);
            }
        }
        Some(OpsRequest {
            base: self.revision,
            actions: self.pending.iter().map(|pending| pending.action.clone()).collect(),
            undoes,
        })
    }

    /// The request got lost: its actions wait again.
    pub fn unsent(&mut self) {
        for pending in &mut self.pending {
            pending.sent = false;
        }
    }

    /// The sent actions are in the log, after those of others. Returns notices for what no longer applies.
    pub fn accepted(&mut self, accepted: &OpsAccepted) -> Vec<String> {
        let (sent, waiting): (Vec<_>, Vec<_>) = self.pending.drain(..).partition(|pending| pending.sent);
        let newer: Vec<&RecordedAction> = accepted
            .newer
            .iter()
            .filter(|record| record.revision > self.revision)
            .collect();
        if newer.is_empty() {
            // Nobody else wrote: what is shown is right as it stands.
            for pending in &sent {
                confirm(&mut self.confirmed, &pending.action);
            }
            self.revision = accepted.revision;
            self.pending = waiting;
            return Vec::new();
        }
        for record in &newer {
            confirm(&mut self.confirmed, &record.action);
        }
        let mut notices = Vec::new();
        for pending in sent {
            if !newer.iter().any(|record| record.action.id == pending.action.id) {
                let applied = apply_what_holds(&mut self.confirmed, &pending.action.ops);
                self.refresh_undo(pending.action.id, &applied);
                notices.extend(notice(&pending.action, &applied));
            }
        }
        self.revision = accepted.revision;
        self.pending = waiting;
        notices.extend(self.replay());
        notices
    }

    /// None of the sent actions was stored. They are applied again on the newer document, as far as they go.
    pub fn rejected(&mut self, rejected: &OpsRejected) -> Vec<String> {
        self.unsent();
        let nothing_new = rejected.newer.is_empty();
        let mut notices = self.receive(&rejected.newer, rejected.revision);
        if nothing_new && !self.pending.is_empty() {
            // Against the same document the server says no: keeping them would ask for ever.
            let names: Vec<String> = self.pending.iter().map(|pending| pending.action.name.clone()).collect();
            for pending in std::mem::take(&mut self.pending) {
                self.undo.retain(|entry| entry.action != pending.action.id);
                self.redo.retain(|entry| entry.action != pending.action.id);
            }
            self.document = Arc::new(self.confirmed.clone());
            self.prune();
            notices.push(format!("Not saved: {}. {}", names.join(", "), rejected.error.message));
        }
        notices
    }

    /// Actions of others (or of this actor in another tab) up to `revision`.
    pub fn receive(&mut self, newer: &[RecordedAction], revision: u64) -> Vec<String> {
        if newer.is_empty() || revision <= self.revision {
            self.revision = self.revision.max(revision);
            return Vec::new();
        }
        for record in newer.iter().filter(|record| record.revision > self.revision) {
            confirm(&mut self.confirmed, &record.action);
            self.pending.retain(|pending| pending.action.id != record.action.id);
        }
        self.revision = revision;
        self.replay()
    }

    /// Takes up what another life of this page left behind.
    pub fn restore(&mut self, stored: &StoredPending) -> Vec<String> {
        for stored in &stored.actions {
            let known = self.logged.contains(&stored.action.id)
                || self.pending.iter().any(|pending| pending.action.id == stored.action.id);
            if !known && stored.action.actor == self.actor {
                self.pending.push(PendingAction {
                    action: stored.action.clone(),
                    undoes: stored.undoes,
                    inverse: Vec::new(),
                    merge: None,
                    sent: false,
                });
                // What undoes it is known once it is applied again.
                let entry = |name| UndoEntry {
                    action: stored.action.id,
                    name,
                    ops: Vec::new(),
                };
                match stored.undoes {
                    None => {
                        self.redo.clear();
                        self.undo.push(entry(stored.action.name.clone()));
                    }
                    Some(target) => turned(&mut self.undo, &mut self.redo, target, entry),
                }
            }
        }
        self.replay()
    }

    /// Applies the pending actions to the confirmed document again; those of which nothing is left go.
    fn replay(&mut self) -> Vec<String> {
        let mut document = self.confirmed.clone();
        let mut notices = Vec::new();
        for mut pending in std::mem::take(&mut self.pending) {
            let applied = apply_what_holds(&mut document, &pending.action.ops);
            self.refresh_undo(pending.action.id, &applied);
            notices.extend(notice(&pending.action, &applied));
            if applied.ops.is_empty() {
                continue;
            }
            pending.inverse = applied.inverse;
            if !pending.sent {
                pending.action.ops = applied.ops;
            }
            self.pending.push(pending);
        }
        self.document = Arc::new(document);
        self.prune();
        notices
    }

    /// The inverse of an action depends on what it was applied to.
    fn refresh_undo(&mut self, action: ActionId, applied: &Applied) {
        for stack in [&mut self.undo, &mut self.redo] {
            if applied.ops.is_empty() {
                stack.retain(|entry| entry.action != action);
            } else if let Some(entry) = stack.iter_mut().find(|entry| entry.action == action) {
                entry.ops.clone_from(&applied.inverse);
            }
        }
    }
}

/// The server has stored it, so it applies; what it names may be gone (remove beats set).
fn confirm(document: &mut Dashboard, action: &Action) {
    if apply_operations(document, &action.ops, Missing::Skip).is_err() {
        apply_what_holds(document, &action.ops);
    }
}

fn notice(action: &Action, applied: &Applied) -> Option<String> {
    if applied.skipped.is_empty() {
        None
    } else if applied.ops.is_empty() {
        Some(format!(
            "“{}” no longer applies: somebody else changed that part. Everything else is kept.",
            action.name
        ))
    } else {
        Some(format!(
            "Part of “{}” no longer applies: somebody else changed it. The rest is kept.",
            action.name
        ))
    }
}
