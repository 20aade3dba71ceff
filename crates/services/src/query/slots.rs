//! How many queries one asker runs at the same time; more wait in a queue.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use shared::ids::{EmbedId, ShareId, UserId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Whose queries are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Asker {
    User(UserId),
    Share(ShareId),
    Embed(EmbedId),
}

#[derive(Debug)]
pub(crate) struct QuerySlots {
    per_asker: usize,
    slots: Mutex<HashMap<Asker, Arc<Semaphore>>>,
}

/// Askers kept before idle ones are swept out.
const SWEEP_AT: usize = 10_000;

impl QuerySlots {
    pub fn new(per_asker: usize) -> Self {
        Self {
            per_asker: per_asker.max(1),
            slots: Mutex::default(),
        }
    }

    /// Waits for a free slot; it is free again when the permit is dropped. `None` never happens: these are never closed.
    pub async fn take(&self, asker: Asker) -> Option<OwnedSemaphorePermit> {
        self.semaphore(asker).acquire_owned().await.ok()
    }

    fn semaphore(&self, asker: Asker) -> Arc<Semaphore> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= SWEEP_AT {
            slots.retain(|_, semaphore| Arc::strong_count(semaphore) > 1);
        }
        slots
            .entry(asker)
            .or_insert_with(|| Arc::new(Semaphore::new(self.per_asker)))
            .clone()
    }
}
