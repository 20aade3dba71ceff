//! Answers kept by the caller's canonical key. Equal questions asked at the same time are computed once.

use std::{future::Future, sync::Arc, time::Duration};

use moka::future::Cache;
use shared::{
    semantic::{Answer, CacheState},
    table::Cell,
};

use crate::error::EngineError;

/// Cheap to clone. Keys are built by the caller and start with the workspace id; an answer is dropped after an hour or
/// when the cache is full, least recently used first.
#[derive(Clone, Debug)]
pub struct AnswerCache {
    answers: Cache<String, Arc<Answer>>,
}

const KEPT_FOR: Duration = Duration::from_secs(3600);

impl AnswerCache {
    /// Holds about `capacity_bytes` of answers in memory.
    pub fn new(capacity_bytes: u64) -> Self {
        let answers = Cache::builder()
            .max_capacity(capacity_bytes)
            .weigher(|key: &String, answer: &Arc<Answer>| {
                u32::try_from(key.len().saturating_add(weight_bytes(answer))).unwrap_or(u32::MAX)
            })
            .time_to_live(KEPT_FOR)
            .support_invalidation_closures()
            .build();
        Self { answers }
    }

    /// The kept answer.
    pub async fn get(&self, key: &str) -> Option<Arc<Answer>> {
        self.answers.get(key).await
    }

    /// The kept answer, or the one `compute` gives. Callers with an equal key wait for the first one's computation and
    /// share its result or its error; errors are not kept. The flag says whether the caller was spared the work.
    pub async fn get_or_compute(
        &self,
        key: &str,
        compute: impl Future<Output = Result<Answer, EngineError>>,
    ) -> Result<(Arc<Answer>, CacheState), Arc<EngineError>> {
        let entry = self
            .answers
            .entry_by_ref(key)
            .or_try_insert_with(async { compute.await.map(Arc::new) })
            .await?;
        let state = if entry.is_fresh() {
            CacheState::Miss
        } else {
            CacheState::Hit
        };
        Ok((entry.into_value(), state))
    }

    /// Answers that are kept, and about how many bytes they take. What was added or dropped a moment ago may be missing.
    pub fn size(&self) -> (u64, u64) {
        (self.answers.entry_count(), self.answers.weighted_size())
    }

    /// Forgets every answer whose key starts with `prefix` (a workspace or dataset that was deleted).
    pub fn forget_prefix(&self, prefix: String) {
        if let Err(error) = self
            .answers
            .invalidate_entries_if(move |key, _| key.starts_with(&prefix))
        {
            tracing::error!(error = %error, "the answer cache could not forget a prefix");
        }
    }
}

fn weight_bytes(answer: &Answer) -> usize {
    let cells = answer
        .rows
        .iter()
        .chain(answer.totals.iter().flat_map(|totals| &totals.rows))
        .flatten();
    let text: usize = cells
        .map(|cell| size_of::<Cell>() + cell.as_text().map_or(0, str::len))
        .sum();
    text + answer.columns.len() * 256 + answer.sql.iter().map(String::len).sum::<usize>() + 512
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn equal_questions_run_once_and_errors_are_not_kept() {
        let cache = AnswerCache::new(1 << 20);
        let runs = AtomicUsize::new(0);
        let ask = || {
            cache.get_or_compute("w/q", async {
                runs.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                Ok(Answer {
                    version: 7,
                    ..Answer::default()
                })
            })
        };
        let (first, second) = tokio::join!(ask(), ask());
        assert_eq!(runs.load(Ordering::SeqCst), 1);
        assert_eq!(first.unwrap().0.version, second.unwrap().0.version);
        assert_eq!(ask().await.unwrap().1, CacheState::Hit);
        cache.forget_prefix("w/".to_owned());
        assert!(cache.get("w/q").await.is_none());

        assert!(
            cache
                .get_or_compute("w/bad", async { Err(EngineError::Cancelled) })
                .await
                .is_err()
        );
        assert!(cache.get("w/bad").await.is_none());
    }
}
