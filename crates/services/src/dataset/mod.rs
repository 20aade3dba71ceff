//! Uploaded files: received, previewed, loaded into Parquet, looked at, replaced and deleted.

mod change;
mod describe;
mod load;
mod read;
mod receive;
mod store;
mod sweep;
mod upload_registry;

pub(crate) use describe::inferred_column;
pub use load::LoadRequest;
pub(crate) use read::{dataset_name, find_dataset};
pub(crate) use receive::{ReceivedFile, bare_name, receive_file};
pub(crate) use store::{lock_datasets, used_space};
pub use sweep::Swept;
pub(crate) use upload_registry::UploadRegistry;

use shared::{ids::RequestId, permission::Principal};

use crate::{Context, Services};

/// See the module. Methods that store data finish even when the caller leaves.
#[derive(Clone, Debug)]
pub struct DatasetService {
    context: Context,
}

impl DatasetService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }
}
