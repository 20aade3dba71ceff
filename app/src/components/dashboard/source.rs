//! What a reader's page is made of, and where it asks for more.

use std::{collections::BTreeMap, pin::Pin};

use plan::FieldList;
use serde::{Deserialize, Serialize};
use shared::{
    dashboard::{Dashboard, FilterState, PageData, TileRequest},
    ids::{DashboardId, EmbedId, FilterId, TileId},
    share::EmbedAccess,
    table::Cell,
};

use crate::{WireError, rest, server_fns};

/// Everything the first page shows. The server renders it and sends it along, so that hydration needs no request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReaderPage {
    pub document: Dashboard,
    pub fields: FieldList,
    pub data: PageData,
    pub state: FilterState,
    /// Keys of the address that meant nothing here; said, not swallowed.
    pub unknown: Vec<String>,
    pub hide_title: bool,
    pub downloads: bool,
    /// The first members of list filters, so that they can be used without scripts.
    #[serde(default)]
    pub members: BTreeMap<FilterId, Vec<Cell>>,
    /// Text tiles as safe HTML.
    #[serde(default)]
    pub prose: BTreeMap<TileId, String>,
    /// Fields whose filters the reader may change; `None`: all.
    pub allowed_filters: Option<Vec<String>>,
    pub source: ReaderSource,
    /// Address of the page without its query: target of tabs and of the filter form.
    pub path: String,
}

/// Members of a filter's field, when they come.
pub type ValuesTask = Pin<Box<dyn Future<Output = Result<Vec<Cell>, WireError>>>>;

/// The door the reader came through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReaderSource {
    Share {
        token: String,
    },
    /// The bearer lives in memory only.
    Embed {
        id: EmbedId,
        access: EmbedAccess,
    },
    Workspace {
        workspace: String,
        dashboard: DashboardId,
    },
    /// The gallery: data is all there is.
    Fixed,
}

/// `POST …/values`: members of a filter's field that contain `search`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValuesRequest {
    pub filter: FilterId,
    #[serde(default)]
    pub search: String,
    pub state: FilterState,
}

impl ReaderSource {
    /// Numbers of tiles in a state.
    ///
    /// # Errors
    /// The server's, or `unavailable`.
    pub async fn tiles(&self, request: TileRequest) -> Result<PageData, WireError> {
        match self {
            Self::Share { token } => rest::send("POST", &format!("/s/{token}/data"), &request, None).await,
            Self::Embed { id, access } => {
                rest::send("POST", &format!("/embed/d/{id}/data"), &request, Some(&access.bearer)).await
            }
            Self::Workspace { workspace, dashboard } => {
                server_fns::dashboard::read_tiles(workspace.clone(), *dashboard, request).await
            }
            Self::Fixed => Err(shared::AppError::new(
                shared::ErrorCode::Unavailable,
                "There is no server behind this page.",
            )
            .into()),
        }
    }

    /// [`Self::values`] as a boxed task, for callbacks.
    pub fn values_task(self, request: ValuesRequest) -> ValuesTask {
        Box::pin(async move { self.values(request).await })
    }

    /// Members to offer in a list filter.
    ///
    /// # Errors
    /// The server's, or `unavailable`.
    pub async fn values(&self, request: ValuesRequest) -> Result<Vec<Cell>, WireError> {
        match self {
            Self::Share { token } => rest::send("POST", &format!("/s/{token}/values"), &request, None).await,
            Self::Embed { id, access } => {
                rest::send("POST", &format!("/embed/d/{id}/values"), &request, Some(&access.bearer)).await
            }
            Self::Workspace { workspace, dashboard } => {
                server_fns::dashboard::read_values(workspace.clone(), *dashboard, request).await
            }
            Self::Fixed => Ok(Vec::new()),
        }
    }
}
