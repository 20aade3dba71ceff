//! Files of people become clean Parquet.

use std::path::Path;
use shared::{AppError, ErrorCode, dataset::Preview};
use crate::{ingested::IngestProgress, protocol::{IngestDone, PreviewJob, WorkerFailure}};

pub fn preview(_: &PreviewJob) -> Result<Preview, WorkerFailure> {
    Err(WorkerFailure::refuse(AppError::new(ErrorCode::Unsupported, "Reading files comes in the next step.")))
}
pub fn load(_: &PreviewJob, _: &Path, _: &mut dyn FnMut(IngestProgress) -> Result<(), WorkerFailure>) -> Result<IngestDone, WorkerFailure> {
    Err(WorkerFailure::refuse(AppError::new(ErrorCode::Unsupported, "Reading files comes in the next step.")))
}
