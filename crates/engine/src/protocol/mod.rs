//! How the engine and its workers talk: one job as length-prefixed JSON on standard input, framed messages back.

mod frame;
mod job;

pub use frame::{FrameKind, read_frame_header, read_job, write_frame, write_job};
pub use job::{Done, IngestDone, Job, JobResult, PreviewJob, QueryDone, WorkerFailure};
