//! A whole document in place of the draft, for programs; in the log it is an action like any other.

use std::collections::BTreeMap;

use shared::{
    dashboard::{Action, Dashboard, DashboardDetail, OpsRequest},
    ids::DashboardId,
    permission::Capability,
};

use super::{
    DashboardService,
    append::{Behind, stale},
    difference::difference,
    log,
    read::find_dashboard,
};
use crate::{ServiceResult, WorkspaceSelector};

impl DashboardService {
    /// Makes the draft equal to `document`. `expected` is the revision it was made from (`If-Match`).
    ///
    /// # Errors
    /// 412 when another revision is the newest; 422 when the document is not legal; 404.
    pub async fn put(
        &self,
        workspace: &WorkspaceSelector,
        id: DashboardId,
        mut document: Dashboard,
        expected: u64,
    ) -> ServiceResult<DashboardDetail> {
        let access = self.context.object_access(workspace, id, Capability::Edit).await?;
        let row = find_dashboard(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
        let revision = row.revision()?;
        if revision != expected {
            return Err(stale(revision).into());
        }
        log::in_canonical_order(&mut document);
        let ops = difference(&row.document()?, &document)?;
        if !ops.is_empty() {
            let action = Action {
                id: self.context.new_id(),
                actor: access.user.user_id,
                at: self.context.now(),
                name: "Replace the document".to_owned(),
                ops,
            };
            let request = OpsRequest {
                base: revision,
                actions: vec![action],
                undoes: BTreeMap::new(),
            };
            if let Err(rejected) = self.append_as(&access, id, request, Behind::Refuse).await? {
                return Err(rejected.error.into());
            }
        }
        self.get(workspace, id).await
    }
}
