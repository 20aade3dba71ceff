//! Undo and redo: the actor's own inverses as new actions.

use std::sync::Arc;

use shared::{
    dashboard::{Action, Dashboard, ObjectKind, Operation, RecordedAction},
    ids::{ActionId, PageId, TileId, UserId},
};
use uuid::Uuid;

use super::{Editor, PendingAction, Stamp, partial::apply_what_holds};

/// Something that can be undone, or (on the other stack) done again.
#[derive(Clone, Debug, PartialEq)]
pub struct UndoEntry {
    /// The action that `ops` undo.
    pub action: ActionId,
    /// Of the first action, without "Undo" in front.
    pub name: String,
    pub ops: Vec<Operation>,
}

/// What an undo or redo came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undone {
    /// All of it.
    Whole { name: String },
    /// Somebody else removed or changed part of it.
    Partly { name: String },
    /// None of it applies any more.
    Nothing { name: String },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Undo,
    Redo,
}

impl Editor {
    /// Name of what undo would take back.
    pub fn undo_name(&self) -> Option<&str> {
        self.undo.last().map(|entry| entry.name.as_str())
    }

    pub fn redo_name(&self) -> Option<&str> {
        self.redo.last().map(|entry| entry.name.as_str())
    }

    /// Takes back the actor's last action; `None` when there is none.
    pub fn undo(&mut self, stamp: Stamp) -> Option<Undone> {
        let entry = self.undo.pop()?;
        Some(self.turn_back(entry, stamp, Direction::Undo))
    }

    /// Takes back one action of the actor, whatever came after it; `None` when it is not there to be undone any more.
    pub fn undo_action(&mut self, action: ActionId, stamp: Stamp) -> Option<Undone> {
        let position = self.undo.iter().rposition(|entry| entry.action == action)?;
        let entry = self.undo.remove(position);
        Some(self.turn_back(entry, stamp, Direction::Undo))
    }

    /// Does again what was undone last; `None` when there is nothing.
    pub fn redo(&mut self, stamp: Stamp) -> Option<Undone> {
        let entry = self.redo.pop()?;
        Some(self.turn_back(entry, stamp, Direction::Redo))
    }

    fn turn_back(&mut self, entry: UndoEntry, stamp: Stamp, direction: Direction) -> Undone {
        let applied = apply_what_holds(Arc::make_mut(&mut self.document), &entry.ops);
        let name = entry.name;
        let touched = pages(&self.document, &applied.ops);
        if self.page.is_none_or(|page| !touched.contains(&page))
            && let Some(first) = touched.first()
        {
            self.page = Some(*first);
        }
        if applied.ops.is_empty() {
            return Undone::Nothing { name };
        }
        let verb = match direction {
            Direction::Undo => "Undo",
            Direction::Redo => "Redo",
        };
        let stack = match direction {
            Direction::Undo => &mut self.redo,
            Direction::Redo => &mut self.undo,
        };
        stack.push(UndoEntry {
            action: stamp.id,
            name: name.clone(),
            ops: applied.inverse.clone(),
        });
        self.pending.push(PendingAction {
            action: Action {
                id: stamp.id,
                actor: self.actor,
                at: stamp.at,
                name: format!("{verb} {name}"),
                ops: applied.ops,
            },
            undoes: Some(entry.action),
            inverse: applied.inverse,
            merge: None,
            sent: false,
        });
        self.prune();
        if applied.skipped.is_empty() {
            Undone::Whole { name }
        } else {
            Undone::Partly { name }
        }
    }
}

/// The pages on which the effect of operations that were just applied can be seen.
fn pages(document: &Dashboard, ops: &[Operation]) -> Vec<PageId> {
    let touched = |kind: ObjectKind, id: Uuid| match kind {
        ObjectKind::Page => document.page(PageId::from(id)).map(|page| page.id),
        ObjectKind::Tile => document.tile(TileId::from(id)).map(|tile| tile.page),
        ObjectKind::Filter
        | ObjectKind::Interaction
        | ObjectKind::Parameter
        | ObjectKind::Bookmark
        | ObjectKind::Document => None,
    };
    let inserted = |object: &serde_json::Value| object.get("id")?.as_str()?.parse::<Uuid>().ok();
    ops.iter()
        .filter_map(|operation| match operation {
            Operation::Insert { kind, object } => touched(*kind, inserted(object)?),
            Operation::Set { kind, id, .. } => touched(*kind, *id),
            Operation::Remove { .. } => None,
        })
        .collect()
}

/// Undo and redo stacks from the log, so that both survive a reload.
pub fn stacks(actor: UserId, history: &[RecordedAction]) -> (Vec<UndoEntry>, Vec<UndoEntry>) {
    let (mut undo, mut redo): (Vec<UndoEntry>, Vec<UndoEntry>) = (Vec::new(), Vec::new());
    for record in history.iter().filter(|record| record.action.actor == actor) {
        let entry = |name: String| UndoEntry {
            action: record.action.id,
            name,
            ops: record.inverse.ops.clone(),
        };
        match record.undoes {
            None => {
                redo.clear();
                undo.push(entry(record.action.name.clone()));
            }
            Some(target) => turned(&mut undo, &mut redo, target, entry),
        }
    }
    (undo, redo)
}

/// An action turned `target` back: what `entry` makes of its name takes its place on the other stack.
pub(super) fn turned(
    undo: &mut Vec<UndoEntry>,
    redo: &mut Vec<UndoEntry>,
    target: ActionId,
    entry: impl FnOnce(String) -> UndoEntry,
) {
    if let Some(position) = undo.iter().rposition(|known| known.action == target) {
        let undone = undo.remove(position);
        redo.push(entry(undone.name));
    } else if let Some(position) = redo.iter().rposition(|known| known.action == target) {
        let redone = redo.remove(position);
        undo.push(entry(redone.name));
    }
}
