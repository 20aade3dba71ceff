//! Uploaded files: how they are read, what was found in them, what was refused.

mod column;
mod detail;
mod options;
mod preview;
mod size;

pub use column::{ColumnProfile, HistogramBin, TopValue};
pub use detail::{
    DatasetColumn, DatasetDetail, DatasetSummary, DatasetVersionInfo, Reject, Rejects, Renamed, RowsPage, SaveStep,
};
pub use options::{FileKind, ReadOptions, TextEncoding};
pub use preview::{Preview, PreviewColumn, UploadReceipt, UploadState, UploadStatus};
pub use size::{limit_text, too_large};
