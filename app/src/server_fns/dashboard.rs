//! Dashboards: lists, the draft and its log, and reading.

use leptos::prelude::*;
use plan::FieldList;
use serde::{Deserialize, Serialize};
use shared::{
    dashboard::{
        DashboardDetail, DashboardSummary, FilterState, Folder, HistoryEntry, OpsAccepted, OpsRejected, OpsRequest,
        PageData, RecordedAction, Selection, TileRequest,
    },
    ids::{DashboardId, FolderId, TileId},
    semantic::Answer,
    table::Cell,
};

use crate::{
    WireError,
    components::dashboard::{ReaderPage, ValuesRequest},
    wire::Json,
};
#[cfg(feature = "ssr")]
use {
    crate::components::dashboard::ReaderSource,
    shared::{AppError, dashboard::ModelVersion, names::Title},
};

#[cfg(feature = "ssr")]
fn title_of(text: String) -> Result<Title, AppError> {
    Ok(Title::try_from(text)?)
}

/// What the list page shows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DashboardList {
    pub dashboards: Vec<DashboardSummary>,
    /// In the bin.
    pub deleted: Vec<DashboardSummary>,
    pub folders: Vec<Folder>,
}

/// What the designer opens with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DraftPage {
    pub detail: DashboardDetail,
    pub fields: FieldList,
    /// Of the model the fields are from.
    pub model_version: u32,
}

/// Stored, or refused with what others did meanwhile.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpsOutcome {
    Accepted(OpsAccepted),
    Rejected(OpsRejected),
}

#[server(prefix = "/api/fn", endpoint = "dashboard/list", input = Json, output = Json)]
pub async fn list_dashboards(workspace: String) -> Result<DashboardList, WireError> {
    use super::request::{answer, request};
    use services::{PageRequest, dashboard::DashboardFilter};
    let workspace = workspace.parse()?;
    let service = request(services::dashboard::DashboardService::new)?;
    let dashboards = answer(
        service
            .list(&workspace, DashboardFilter::All, &PageRequest::largest())
            .await,
    )?
    .items;
    let deleted = answer(
        service
            .list(&workspace, DashboardFilter::Bin, &PageRequest::largest())
            .await,
    )?
    .items;
    let folders = answer(request(services::folder::FolderService::new)?.list(&workspace).await)?;
    Ok(DashboardList {
        dashboards,
        deleted,
        folders,
    })
}

#[server(prefix = "/api/fn", endpoint = "dashboard/create", input = Json, output = Json)]
pub async fn create_dashboard(
    workspace: String,
    title: String,
    model: String,
    folder: Option<FolderId>,
) -> Result<DashboardDetail, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    let new = services::dashboard::NewDashboard {
        title: title_of(title)?,
        source: services::dashboard::DashboardSource::Model(model),
        folder,
    };
    answer(
        request(services::dashboard::DashboardService::new)?
            .create(&workspace, new)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "dashboard/draft", input = Json, output = Json)]
pub async fn open_draft(workspace: String, id: DashboardId) -> Result<DraftPage, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    let detail = answer(
        request(services::dashboard::DashboardService::new)?
            .get(&workspace, id)
            .await,
    )?;
    let version = match detail.document.model.version {
        ModelVersion::Newest => None,
        ModelVersion::Number(number) => Some(number),
    };
    let model = answer(
        request(services::model::ModelService::new)?
            .get(&workspace, &detail.document.model.name, version)
            .await,
    )?;
    let fields = plan::fields(&model, &[])?;
    Ok(DraftPage {
        detail,
        fields,
        model_version: model.version,
    })
}

#[server(prefix = "/api/fn", endpoint = "dashboard/ops", input = Json, output = Json)]
pub async fn append_ops(workspace: String, id: DashboardId, ops: OpsRequest) -> Result<OpsOutcome, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    let outcome = answer(
        request(services::dashboard::DashboardService::new)?
            .append(&workspace, id, ops)
            .await,
    )?;
    Ok(match outcome {
        Ok(accepted) => OpsOutcome::Accepted(accepted),
        Err(rejected) => OpsOutcome::Rejected(rejected),
    })
}

/// Actions after `since`, oldest first.
#[server(prefix = "/api/fn", endpoint = "dashboard/actions", input = Json, output = Json)]
pub async fn actions_since(workspace: String, id: DashboardId, since: u64) -> Result<Vec<RecordedAction>, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::dashboard::DashboardService::new)?
            .actions(&workspace, id, since)
            .await,
    )
}

/// The newest lines of the history, newest first.
#[server(prefix = "/api/fn", endpoint = "dashboard/history", input = Json, output = Json)]
pub async fn history(workspace: String, id: DashboardId) -> Result<Vec<HistoryEntry>, WireError> {
    use super::request::{answer, request};
    use services::PageRequest;
    let workspace = workspace.parse()?;
    Ok(answer(
        request(services::dashboard::DashboardService::new)?
            .history(&workspace, id, &PageRequest::largest())
            .await,
    )?
    .items)
}

#[server(prefix = "/api/fn", endpoint = "dashboard/publish", input = Json, output = Json)]
pub async fn publish_dashboard(workspace: String, id: DashboardId) -> Result<DashboardSummary, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    let service = request(services::dashboard::DashboardService::new)?;
    answer(service.publish(&workspace, id).await)?;
    Ok(answer(service.get(&workspace, id).await)?.summary)
}

#[server(prefix = "/api/fn", endpoint = "dashboard/duplicate", input = Json, output = Json)]
pub async fn duplicate_dashboard(
    workspace: String,
    id: DashboardId,
    title: Option<String>,
) -> Result<DashboardDetail, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::dashboard::DashboardService::new)?
            .duplicate(&workspace, id, title.map(title_of).transpose()?, None)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "dashboard/rename", input = Json, output = Json)]
pub async fn rename_dashboard(
    workspace: String,
    id: DashboardId,
    title: String,
) -> Result<DashboardSummary, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::dashboard::DashboardService::new)?
            .rename(&workspace, id, title_of(title)?)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "dashboard/move", input = Json, output = Json)]
pub async fn move_dashboard(
    workspace: String,
    id: DashboardId,
    folder: Option<FolderId>,
) -> Result<DashboardSummary, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::dashboard::DashboardService::new)?
            .move_to(&workspace, id, folder)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "dashboard/delete", input = Json, output = Json)]
pub async fn delete_dashboard(workspace: String, id: DashboardId) -> Result<(), WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::dashboard::DashboardService::new)?
            .delete(&workspace, id)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "dashboard/restore", input = Json, output = Json)]
pub async fn restore_dashboard(workspace: String, id: DashboardId) -> Result<DashboardSummary, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::dashboard::DashboardService::new)?
            .restore(&workspace, id)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "folder/create", input = Json, output = Json)]
pub async fn create_folder(workspace: String, title: String) -> Result<Folder, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::folder::FolderService::new)?
            .create(&workspace, title_of(title)?, None)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "folder/delete", input = Json, output = Json)]
pub async fn delete_folder(workspace: String, id: FolderId) -> Result<(), WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::folder::FolderService::new)?
            .delete(&workspace, id)
            .await,
    )
}

/// Fills a workspace with the sample data and its dashboard.
#[server(prefix = "/api/fn", endpoint = "demo/add", input = Json, output = Json)]
pub async fn add_sample(workspace: String) -> Result<DashboardId, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::demo::DemoService::new)?
            .add_sample_data(&workspace)
            .await,
    )
}

/// The published dashboard with its numbers in the state that `query` says.
#[server(prefix = "/api/fn", endpoint = "dashboard/read", input = Json, output = Json)]
pub async fn read_page(workspace: String, id: DashboardId, query: String) -> Result<ReaderPage, WireError> {
    use super::request::{answer, request};
    let selector = workspace.parse()?;
    let reader = request(services::reader::ReaderService::new)?;
    let path = format!("/w/{workspace}/dashboards/{id}");
    let source = ReaderSource::Workspace {
        workspace,
        dashboard: id,
    };
    answer(crate::reader::load::page(&reader, &selector, id, &query, source, path).await)
}

#[server(prefix = "/api/fn", endpoint = "dashboard/tiles", input = Json, output = Json)]
pub async fn read_tiles(workspace: String, id: DashboardId, tiles: TileRequest) -> Result<PageData, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::reader::ReaderService::new)?
            .tiles(&workspace, id, &tiles)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "dashboard/values", input = Json, output = Json)]
pub async fn read_values(workspace: String, id: DashboardId, asked: ValuesRequest) -> Result<Vec<Cell>, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    let reader = request(services::reader::ReaderService::new)?;
    let members = answer(
        reader
            .filter_values(&workspace, id, asked.filter, &asked.search, &asked.state)
            .await,
    )?;
    Ok(members.into_iter().map(|member| member.value).collect())
}

/// What a reader asks when they want to see the rows behind marks.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordsRequest {
    pub tile: TileId,
    #[serde(default)]
    pub state: FilterState,
    /// The marks; without any, all rows of the tile.
    #[serde(default)]
    pub selection: Selection,
}

#[server(prefix = "/api/fn", endpoint = "dashboard/records", input = Json, output = Json)]
pub async fn read_records(workspace: String, id: DashboardId, asked: RecordsRequest) -> Result<Answer, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::reader::ReaderService::new)?
            .records(&workspace, id, asked.tile, &asked.state, &asked.selection)
            .await,
    )
}
