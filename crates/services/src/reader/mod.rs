//! The only door for readers: what is published, by tile and filter state, never by a query document.

mod access;
mod computed;
mod csv;
mod download;
mod guest_view;
mod labels;
mod page_data;
mod published;
mod records;
mod state;
mod values;

pub use computed::ComputedTile;
pub use csv::csv;
pub(crate) use csv::{cell_text, guarded, line};
pub use download::TileRows;

use shared::{ids::RequestId, permission::Principal};

use crate::{Context, Services};

/// See the module. Guests (readers of links and frames) pass the workspace of their grant.
#[derive(Clone, Debug)]
pub struct ReaderService {
    context: Context,
}

impl ReaderService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }
}
