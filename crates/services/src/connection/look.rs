//! Trying a connection out, and looking at what is there.

use engine::{CancellationToken, EngineError, ObjectKey};
use shared::{
    AppError, ErrorCode,
    connection::{ConnectionFound, DatabaseSchema},
    ids::{ConnectionId, WorkspaceId},
    permission::Capability,
};

use super::{ConnectionService, change::Wanted, connectors::connector, read::find_connection};
use crate::{ServiceResult, WorkspaceSelector};

impl ConnectionService {
    /// Tables and views with columns and keys. `fresh`: not as they were up to five minutes ago, but now.
    ///
    /// # Errors
    /// 403; 404; 503 when the database does not answer, in words.
    pub async fn schema(
        &self,
        workspace: &WorkspaceSelector,
        id: ConnectionId,
        fresh: bool,
    ) -> ServiceResult<DatabaseSchema> {
        let access = self.context.workspace_access(workspace, Capability::Edit).await?;
        let reader = &self.context.reader(access.workspace_id);
        let row = find_connection(reader, access.workspace_id, id).await?;
        let connectors = self.context.data()?.connectors();
        if fresh {
            connectors.forget_schema(&row).await;
        }
        let schema = connectors.schema(&self.context, &row).await?;
        Ok(DatabaseSchema::clone(&schema))
    }

    /// Dials, signs in and asks what is there. What is wrong with the options is a 422 here.
    pub(super) async fn try_out(&self, workspace: WorkspaceId, wanted: &Wanted) -> ServiceResult<ConnectionFound> {
        let engine = self.context.data()?.engine();
        let file = wanted.file.map(|file| ObjectKey::database_file(workspace, file));
        let connector = connector(engine, &wanted.options, file, wanted.password.clone())?;
        let cancel = CancellationToken::new();
        let _dropped = cancel.clone().drop_guard();
        match connector.look(&cancel).await {
            Ok(found) => Ok(found),
            Err(EngineError::Database(error)) => {
                tracing::info!(request.id = %self.context.request_id(), %error, "a connection was tried out in vain");
                let said = error.app_error();
                Err(AppError {
                    code: ErrorCode::Invalid,
                    ..said
                }
                .into())
            }
            Err(other) => Err(other.into()),
        }
    }
}
