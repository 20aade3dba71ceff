//! Blocks read by one thread, worked on by several, taken in order by the caller.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
};

use super::blocks::{Block, BlockReader};
use crate::protocol::WorkerFailure;

/// A worked-on block.
pub struct Worked<R> {
    pub result: R,
    /// Of the file, up to the end of the block.
    pub bytes_done: u64,
}

/// Runs `work` over every block on all cores and gives the results to `take` in the order of the file. At most a few blocks
/// are in memory at a time.
pub fn for_each_block<R: Send>(
    mut blocks: BlockReader,
    work: impl Fn(usize, &Block) -> Result<R, WorkerFailure> + Sync,
    mut take: impl FnMut(Worked<R>) -> Result<(), WorkerFailure>,
) -> Result<(), WorkerFailure> {
    let workers = std::thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .min(4);
    let (block_sender, block_receiver) = mpsc::sync_channel::<(usize, Result<Block, WorkerFailure>)>(1);
    let block_receiver = Mutex::new(block_receiver);
    let (result_sender, results) = mpsc::sync_channel(workers);
    let stopped = AtomicBool::new(false);
    let stopped = &stopped;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for index in 0.. {
                let block = match blocks.next_block() {
                    Ok(Some(block)) => Ok(block),
                    Ok(None) => return,
                    Err(error) => Err(WorkerFailure::internal(format!("reading the file: {error}"))),
                };
                let failed = block.is_err();
                if block_sender.send((index, block)).is_err() || failed || stopped.load(Ordering::Relaxed) {
                    return;
                }
            }
        });
        for _ in 0..workers {
            let (work, block_receiver, result_sender) = (&work, &block_receiver, result_sender.clone());
            scope.spawn(move || {
                loop {
                    let next = block_receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((index, block)) = next else { return };
                    let worked = block.and_then(|block| {
                        let result = work(index, &block)?;
                        Ok(Worked {
                            result,
                            bytes_done: block.bytes_done,
                        })
                    });
                    if result_sender.send((index, worked)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(result_sender);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        let mut outcome = Ok(());
        for (index, worked) in &results {
            waiting.insert(index, worked);
            while let Some(worked) = waiting.remove(&next) {
                next += 1;
                if outcome.is_ok() {
                    outcome = worked.and_then(&mut take);
                }
            }
            // After a failure the reader stops, and what is under way is drained so that no thread waits for room.
            stopped.store(outcome.is_err(), Ordering::Relaxed);
        }
        outcome
    })
}
