//! How many points may be made, so that a hostile shape ends in an error and not in an endless drawing.

use crate::error::ChartError;

/// A shape or topology that needs more points than are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

impl From<TooLarge> for ChartError {
    fn from(_: TooLarge) -> ChartError {
        ChartError::Limit("a map of more than four million points".into())
    }
}

/// Points that may still be made.
#[derive(Clone, Copy, Debug)]
pub struct Budget(usize);

impl Budget {
    /// For all maps of a drawing: some hundred times what a screen can show.
    pub const DRAWING: Budget = Budget(4_000_000);
    /// For the positions read out of one topology; each becomes a list in memory.
    pub const TOPOLOGY: Budget = Budget(1_000_000);

    /// Takes `count` points.
    ///
    /// # Errors
    /// [`TooLarge`] when fewer are left.
    pub fn spend(&mut self, count: usize) -> Result<(), TooLarge> {
        self.0 = self.0.checked_sub(count).ok_or(TooLarge)?;
        if crate::budget::take(count) {
            Ok(())
        } else {
            Err(TooLarge)
        }
    }

    #[cfg(test)]
    pub fn of(count: usize) -> Budget {
        Budget(count)
    }
}
