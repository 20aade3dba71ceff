use entity::{embed_key, workspace};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, ModelTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use shared::{
    AppError,
    audit::{AuditAction, AuditObjectKind},
    ids::{EmbedKeyId, RequestId, WorkspaceId},
    names::Title,
    permission::{Capability, Principal},
    share::{EmbedKeyAlgorithm, EmbedKeyCreate, EmbedKeyCreated, EmbedKeyInfo},
};

use super::key::{new_secret, read_public_key};
use crate::{Context, ServiceResult, Services, WorkspaceSelector, audit::Event};

/// Keys that are valid at the same time, so that one can be replaced without an outage.
const LIVE_KEYS: u64 = 2;

#[derive(Clone, Debug)]
pub struct EmbedKeyService {
    context: Context,
}

impl EmbedKeyService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// Oldest first.
    ///
    /// # Errors
    /// 403 for others than owners.
    pub async fn list(&self, selector: &WorkspaceSelector) -> ServiceResult<Vec<EmbedKeyInfo>> {
        let access = self.context.workspace_access(selector, Capability::Manage).await?;
        let rows = embed_key::Entity::find()
            .filter(embed_key::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .order_by_asc(embed_key::Column::CreatedAt)
            .all(&self.context.reader(access.workspace_id))
            .await?;
        Ok(rows.iter().map(embed_key::Model::info).collect::<Result<_, _>>()?)
    }

    /// Makes an HS256 key, whose secret only this answer shows, or takes the public half of an EdDSA key.
    ///
    /// # Errors
    /// 403 for others than owners and as `Context::require_recent_proof`; 409 when two keys are live; 422 for a public key that is none, or does not fit `alg`.
    pub async fn create(
        &self,
        selector: &WorkspaceSelector,
        request: EmbedKeyCreate,
    ) -> ServiceResult<EmbedKeyCreated> {
        let access = self.context.workspace_access(selector, Capability::Manage).await?;
        self.context.require_recent_proof()?;
        let name = Title::try_from(request.name).map_err(|error| AppError::from(error).with_field("name"))?;
        let public_key = match (request.alg, request.public_key.as_deref()) {
            (EmbedKeyAlgorithm::EdDsa, Some(text)) => Some(read_public_key(text)?),
            (EmbedKeyAlgorithm::EdDsa, None) => {
                return Err(AppError::invalid("public_key", "An EdDSA key needs its public half.").into());
            }
            (EmbedKeyAlgorithm::Hs256, None) => None,
            (EmbedKeyAlgorithm::Hs256, Some(_)) => {
                return Err(AppError::invalid(
                    "public_key",
                    "An HS256 key has no public half; its secret is made here.",
                )
                .into());
            }
        };
        let kid: EmbedKeyId = self.context.new_id();
        let (secret, sealed) = match request.alg {
            EmbedKeyAlgorithm::Hs256 => {
                let (secret, sealed) = new_secret(self.context.services(), access.workspace_id, kid).await?;
                (Some(secret), Some(sealed))
            }
            EmbedKeyAlgorithm::EdDsa => (None, None),
        };
        let row = embed_key::ActiveModel {
            id: Set(kid.as_uuid()),
            workspace_id: Set(access.workspace_id.as_uuid()),
            name: Set(name.into()),
            algorithm: Set(embed_key::algorithm_text(request.alg).to_owned()),
            public_key: Set(public_key),
            sealed: Set(sealed),
            created_by: Set(Some(access.user.user_id.as_uuid())),
            created_at: Set(self.context.now()),
            last_used_at: Set(None),
        };
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        // Under the workspace's lock, so that two at once do not make a third.
        workspace::Entity::find_by_id(access.workspace_id.as_uuid())
            .lock_exclusive()
            .one(&transaction)
            .await?;
        let live = embed_key::Entity::find()
            .filter(embed_key::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .count(&transaction)
            .await?;
        if live >= LIVE_KEYS {
            return Err(AppError::conflict("A workspace has at most two embed keys.")
                .with_hint("Delete the older one first.")
                .into());
        }
        let row = row.insert(&transaction).await?;
        let event =
            about_key(access.workspace_id, AuditAction::EmbedKeyCreate, &row).with("algorithm", row.algorithm.as_str());
        self.context.commit(transaction, [event]).await?;
        tracing::info!(embed_key.id = %kid, workspace.id = %access.workspace_id, "embed key made");
        Ok(EmbedKeyCreated {
            kid,
            secret,
            key: row.info()?,
        })
    }

    /// Ends a key; tickets signed with it, and frames opened by them, end with it.
    ///
    /// # Errors
    /// 403 for others than owners; 404 when it is not one of this workspace.
    pub async fn delete(&self, selector: &WorkspaceSelector, kid: EmbedKeyId) -> ServiceResult<()> {
        let access = self.context.workspace_access(selector, Capability::Manage).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let row = embed_key::Entity::find_by_id(kid.as_uuid())
            .filter(embed_key::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .lock_exclusive()
            .one(&transaction)
            .await?
            .ok_or_else(|| AppError::not_found("embed key"))?;
        let event = about_key(access.workspace_id, AuditAction::EmbedKeyDelete, &row);
        row.delete(&transaction).await?;
        self.context.commit(transaction, [event]).await?;
        tracing::info!(embed_key.id = %kid, workspace.id = %access.workspace_id, "embed key deleted");
        Ok(())
    }
}

fn about_key(workspace: WorkspaceId, action: AuditAction, key: &embed_key::Model) -> Event {
    Event::in_workspace(workspace, action).about(AuditObjectKind::EmbedKey, key.id, key.name.as_str())
}
