//! Copies: a dashboard with the same document and a log of its own.

use shared::{
    dashboard::DashboardDetail,
    ids::{DashboardId, FolderId},
    names::Title,
    permission::Capability,
};

use super::{DashboardService, read::find_dashboard};
use crate::{ServiceResult, WorkspaceSelector};

impl DashboardService {
    /// Copies the draft. `title` defaults to "Copy of …", `folder` to the original's. The copy of a restricted one is the
    /// copier's alone at first.
    ///
    /// # Errors
    /// 404 when the dashboard or the folder is not there; 422 when its model is gone.
    pub async fn duplicate(
        &self,
        workspace: &WorkspaceSelector,
        id: DashboardId,
        title: Option<Title>,
        folder: Option<FolderId>,
    ) -> ServiceResult<DashboardDetail> {
        let access = self.context.workspace_access(workspace, Capability::Edit).await?;
        self.context.object_access(workspace, id, Capability::Edit).await?;
        let row = find_dashboard(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
        let mut document = row.document()?;
        document.title = match title {
            Some(title) => title.into(),
            None => format!("Copy of {}", document.title).chars().take(200).collect(),
        };
        let folder = folder.or_else(|| row.folder_id.map(FolderId::from));
        // What was meant for few is not shown to all because somebody copied it.
        self.insert(&access, document, folder, row.restricted).await
    }
}
