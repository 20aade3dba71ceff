//! How much work one drawing may be. Everything that a specification can multiply (rows, groups, windows, views, cells, ticks,
//! marks, letters) takes steps from one counter, so that a hostile one ends in an error and not in an endless drawing, however
//! it mixes them.
//!
//! The counter belongs to the thread, as a drawing does. Where no error can be given, what is used up makes the work stop early;
//! the drawing is then refused at its end.

use std::cell::Cell;

use crate::error::ChartError;

/// Of a whole drawing. A step is about 10 ns, or 16 bytes that stay: some seconds and about 1.5 GB at the worst. A chart of
/// 100,000 marks takes about ten million. The tests of the crate have less, to be soon done.
const DRAWING: usize = if cfg!(test) { 5_000_000 } else { 60_000_000 };

/// A row that is made or copied, beside its cells.
pub const ROW: usize = 3;
/// A cell that is made or copied.
pub const CELL: usize = 2;
/// A mark, a tick or an entry of a legend, with its look and its words.
pub const MARK: usize = 25;
/// A view that is read and planned; the views of a drawing are compared with each other.
pub const VIEW: usize = 20_000;
/// A view that is drawn once more for a cell, without its marks.
pub const DRAWN_VIEW: usize = 5_000;
/// Letters of text in one step.
pub const LETTERS: usize = 8;

thread_local! {
    static LEFT: Cell<usize> = const { Cell::new(DRAWING) };
}

/// A drawing begins.
pub fn start() {
    LEFT.set(DRAWING);
}

/// Takes steps; `false` when they are used up, then and from then on.
pub fn take(steps: usize) -> bool {
    let left = LEFT.get().saturating_sub(steps);
    LEFT.set(left);
    left > 0
}

/// Takes steps.
///
/// # Errors
/// `Limit` when they are used up.
pub fn spend(steps: usize) -> Result<(), ChartError> {
    if take(steps) {
        Ok(())
    } else {
        Err(ChartError::Limit(USED_UP.to_owned()))
    }
}

/// What is said of a drawing without end.
pub const USED_UP: &str = "its data, views and marks together are too much work";

#[cfg(test)]
mod tests;
