//! The editor: what the server has confirmed, what is pending on top, and what is shown.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};
use shared::{
    dashboard::{Action, ApplyError, Dashboard, Missing, Operation, RecordedAction, apply_operations},
    ids::{ActionId, PageId, TileId, UserId},
};

use super::{Edit, PendingAction, UndoEntry, history};

/// Identity and time of a new action.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    pub id: ActionId,
    pub at: DateTime<Utc>,
}

#[derive(Clone, Debug)]
pub struct Editor {
    pub(super) actor: UserId,
    pub(super) confirmed: Dashboard,
    /// Number of the last action in `confirmed`.
    pub(super) revision: u64,
    pub(super) pending: Vec<PendingAction>,
    /// `confirmed` with `pending` applied.
    pub(super) document: Arc<Dashboard>,
    pub(super) undo: Vec<UndoEntry>,
    pub(super) redo: Vec<UndoEntry>,
    /// Actions of the log that it was opened with.
    pub(super) logged: BTreeSet<ActionId>,
    pub(super) selection: BTreeSet<TileId>,
    pub(super) page: Option<PageId>,
}

impl Editor {
    /// `history`: the log's newest actions in order; those of `actor` can be undone.
    pub fn open(actor: UserId, revision: u64, document: Dashboard, history: &[RecordedAction]) -> Self {
        let (undo, redo) = history::stacks(actor, history);
        let page = document.ordered_pages().first().map(|page| page.id);
        Self {
            actor,
            document: Arc::new(document.clone()),
            confirmed: document,
            revision,
            pending: Vec::new(),
            undo,
            redo,
            logged: history.iter().map(|record| record.action.id).collect(),
            selection: BTreeSet::new(),
            page,
        }
    }

    pub fn document(&self) -> &Arc<Dashboard> {
        &self.document
    }

    pub const fn actor(&self) -> UserId {
        self.actor
    }

    pub const fn revision(&self) -> u64 {
        self.revision
    }

    pub fn pending(&self) -> &[PendingAction] {
        &self.pending
    }

    pub const fn selection(&self) -> &BTreeSet<TileId> {
        &self.selection
    }

    pub const fn page(&self) -> Option<PageId> {
        self.page
    }

    /// Selects tiles of the shown page; others are left out.
    pub fn select(&mut self, tiles: impl IntoIterator<Item = TileId>) {
        self.selection = tiles.into_iter().collect();
        self.prune();
    }

    /// Shows a page; the selection stays behind.
    pub fn show(&mut self, page: PageId) {
        if self.page != Some(page) && self.document.page(page).is_some() {
            self.page = Some(page);
            self.selection.clear();
        }
    }

    /// Applies an edit at once and keeps it for the server. Returns the action it is part of; `None` when it does nothing.
    ///
    /// # Errors
    /// When the document would become illegal; nothing has changed then.
    pub fn commit(&mut self, edit: Edit, stamp: Stamp) -> Result<Option<ActionId>, ApplyError> {
        if edit.ops.is_empty() {
            return Ok(None);
        }
        let inverse = apply_operations(Arc::make_mut(&mut self.document), &edit.ops, Missing::Refuse)?;
        self.redo.clear();
        if !self.merged(&edit, &inverse) {
            self.push(&edit, stamp, inverse);
        }
        if let Some(page) = edit.page {
            self.page = Some(page);
        }
        if let Some(selection) = edit.select {
            self.selection = selection;
        }
        self.prune();
        Ok(self.undo.last().map(|entry| entry.action))
    }

    fn push(&mut self, edit: &Edit, stamp: Stamp, inverse: Vec<Operation>) {
        self.undo.push(UndoEntry {
            action: stamp.id,
            name: edit.name.clone(),
            ops: inverse.clone(),
        });
        self.pending.push(PendingAction {
            action: Action {
                id: stamp.id,
                actor: self.actor,
                at: stamp.at,
                name: edit.name.clone(),
                ops: edit.ops.clone(),
            },
            undoes: None,
            inverse,
            merge: edit.merge.clone(),
            sent: false,
        });
    }

    /// Joins an edit to the last pending action when that is unsent and carries the same key.
    fn merged(&mut self, edit: &Edit, inverse: &[Operation]) -> bool {
        let (Some(last), Some(entry)) = (self.pending.last_mut(), self.undo.last_mut()) else {
            return false;
        };
        if last.sent || last.merge.is_none() || last.merge != edit.merge || entry.action != last.action.id {
            return false;
        }
        last.action.ops.extend(edit.ops.iter().cloned());
        last.inverse.splice(0..0, inverse.iter().cloned());
        compact(&mut last.action.ops);
        compact(&mut last.inverse);
        entry.ops.clone_from(&last.inverse);
        true
    }

    /// Leaves out of page and selection what the document no longer has.
    pub(super) fn prune(&mut self) {
        if self.page.is_none_or(|page| self.document.page(page).is_none()) {
            self.page = self.document.ordered_pages().first().map(|page| page.id);
        }
        let (document, page) = (Arc::clone(&self.document), self.page);
        self.selection
            .retain(|tile| document.tile(*tile).is_some_and(|tile| Some(tile.page) == page));
    }
}

/// Of several values set at one place the last counts; in an inverse, where the oldest value stands last, too.
/// Operations that are not `set` leave all as it is.
fn compact(ops: &mut Vec<Operation>) {
    if ops.iter().any(|operation| place(operation).is_none()) {
        return;
    }
    let mut kept: Vec<Operation> = Vec::with_capacity(ops.len());
    for operation in ops.drain(..) {
        match kept.iter_mut().find(|known| place(known) == place(&operation)) {
            Some(same) => *same = operation,
            None => kept.push(operation),
        }
    }
    *ops = kept;
}

fn place(operation: &Operation) -> Option<(uuid::Uuid, &[String])> {
    match operation {
        Operation::Set { id, path, .. } => Some((*id, path)),
        Operation::Insert { .. } | Operation::Remove { .. } => None,
    }
}
