//! Rows that were not loaded: all are counted, the first hundred kept.

use shared::dataset::{Reject, Rejects};

#[derive(Clone, Debug, Default)]
pub struct RejectLog {
    count: u64,
    first: Vec<Reject>,
}

const KEPT: usize = 100;
const VALUE_CHARACTERS: usize = 200;

impl RejectLog {
    /// `line` is 1-based; `value` is cut to 200 characters.
    pub fn add(&mut self, line: u64, column: Option<&str>, value: Option<&str>, reason: impl Into<String>) {
        self.count += 1;
        if self.first.len() < KEPT {
            let value = value.map(|value| value.chars().take(VALUE_CHARACTERS).collect());
            self.first.push(Reject {
                line,
                column: column.map(str::to_owned),
                value,
                reason: reason.into(),
            });
        }
    }

    /// Adds a later part of the same file.
    pub fn append(&mut self, later: Self) {
        self.count += later.count;
        let room = KEPT - self.first.len();
        self.first.extend(later.first.into_iter().take(room));
    }

    pub fn into_rejects(self) -> Rejects {
        Rejects {
            count: self.count,
            first: self.first,
        }
    }
}
