//! The keyboard: from a key to what it does on the canvas.

/// What a key does when no text is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyCommand {
    /// Columns and rows.
    Move(i64, i64),
    Resize(i64, i64),
    Delete,
    Duplicate,
    SelectAll,
    Undo,
    Redo,
    Rename,
    Forward,
    Backward,
    Shortcuts,
    /// One step out: drag, selection of marks, selection of tiles.
    Out,
}

/// Keys held with another; `main` is Ctrl, or Cmd on a Mac.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    pub main: bool,
    pub shift: bool,
    pub alt: bool,
}

/// Cells that Shift multiplies a step by.
const BIG_STEP: i64 = 4;

pub fn command(key: &str, held: Held) -> Option<KeyCommand> {
    let arrow = match key {
        "ArrowLeft" => Some((-1, 0)),
        "ArrowRight" => Some((1, 0)),
        "ArrowUp" => Some((0, -1)),
        "ArrowDown" => Some((0, 1)),
        _ => None,
    };
    if let Some((columns, rows)) = arrow {
        let step = if held.shift && !held.alt { BIG_STEP } else { 1 };
        return match (held.main, held.alt) {
            (true, false) => Some(KeyCommand::Resize(columns * step, rows * step)),
            // Alt is the finest step. Tiles stand on whole cells, so that is one cell, and the page is not left by it.
            (false, _) => Some(KeyCommand::Move(columns * step, rows * step)),
            (true, true) => None,
        };
    }
    match (key.to_lowercase().as_str(), held.main, held.shift) {
        ("delete" | "backspace", false, false) => Some(KeyCommand::Delete),
        ("escape", false, false) => Some(KeyCommand::Out),
        ("f2", false, false) => Some(KeyCommand::Rename),
        ("?", false, _) => Some(KeyCommand::Shortcuts),
        ("[", false, false) => Some(KeyCommand::Backward),
        ("]", false, false) => Some(KeyCommand::Forward),
        ("a", true, false) => Some(KeyCommand::SelectAll),
        ("d", true, false) => Some(KeyCommand::Duplicate),
        ("z", true, false) => Some(KeyCommand::Undo),
        ("z", true, true) | ("y", true, false) => Some(KeyCommand::Redo),
        _ => None,
    }
}

/// For the list of shortcuts: keys and what they do.
pub const SHORTCUTS: [(&str, &str); 22] = [
    ("Enter", "Add the focused field to the selected tile, or as a new one"),
    ("Right click on a field", "Add, filter, keep the top, rename, format"),
    ("Tab", "Next tile"),
    ("Click, Ctrl+click", "Select; add to the selection"),
    ("Ctrl+Space", "Add the focused tile to the selection, or take it out"),
    ("Drag on empty canvas", "Select what the frame touches"),
    ("Ctrl+A", "Select all tiles of the page"),
    ("Arrow keys", "Move by one cell"),
    ("Shift+arrows", "Move by four cells"),
    ("Alt+arrows", "Move by the smallest step, one cell"),
    ("Ctrl+arrows", "Resize by one cell"),
    ("Alt while dragging", "Do not snap to other tiles"),
    ("Delete", "Delete the selection"),
    ("Ctrl+D", "Duplicate"),
    (
        "Ctrl+C, Ctrl+X, Ctrl+V",
        "Copy, cut, paste; also between dashboards and tabs",
    ),
    ("Ctrl+Z", "Undo"),
    ("Ctrl+Shift+Z, Ctrl+Y", "Redo"),
    ("F2", "Rename"),
    ("[ and ]", "Send backward, bring forward"),
    ("Ctrl+click on a mark", "Add it to the filter"),
    ("Esc", "Cancel a drag, let go of marks, then of tiles"),
    ("Shift+?", "This list"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_mean_what_people_expect() {
        let held = |main, shift| Held {
            main,
            shift,
            alt: false,
        };
        assert_eq!(command("ArrowUp", held(false, true)), Some(KeyCommand::Move(0, -4)));
        assert_eq!(command("ArrowRight", held(true, false)), Some(KeyCommand::Resize(1, 0)));
        assert_eq!(command("Z", held(true, true)), Some(KeyCommand::Redo));
        assert_eq!(command("z", held(true, false)), Some(KeyCommand::Undo));
        assert_eq!(command("?", held(false, true)), Some(KeyCommand::Shortcuts));
        assert_eq!(command("a", held(false, false)), None);
    }
}
