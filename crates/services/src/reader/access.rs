//! Who reads a dashboard, and what holds in all they see.

use engine::CancellationToken;
use entity::dashboard;
use plan::{query::Identity, visual::TILE_ROWS};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use shared::{
    AppError, ErrorCode,
    dashboard::{Dashboard, Filter},
    ids::{DashboardId, FilterId, WorkspaceId},
    permission::{Capability, Principal},
};

use super::ReaderService;
use crate::{
    ServiceResult, WorkspaceAccess, WorkspaceSelector,
    dashboard::{PublishedState, published_state},
    query::{Asker, Runner, identity_of, to_minute},
};

/// One reader at one dashboard.
pub(super) struct Reading {
    pub workspace_id: WorkspaceId,
    pub asker: Asker,
    /// Whom models see, with what holds in every query, whatever the reader chooses.
    pub identity: Identity,
    /// Fields of filters the reader may change; `None`: all that are not locked.
    pub allowed_filters: Option<Vec<String>>,
    pub downloads: bool,
    /// Came by a link or in a frame: sees nothing the builder hid.
    pub is_guest: bool,
    /// May see drafts too.
    pub is_editor: bool,
}

impl Reading {
    /// Members see all of what is published, whether or not the data behind it is given to them.
    pub fn of_member(access: &WorkspaceAccess) -> Self {
        Self {
            workspace_id: access.workspace_id,
            asker: Asker::User(access.user.user_id),
            identity: identity_of(access),
            allowed_filters: None,
            downloads: true,
            is_guest: false,
            is_editor: access.require(Capability::Edit).is_ok(),
        }
    }

    pub fn may_change(&self, filter: &Filter) -> bool {
        let field = &filter.target.field;
        let short = field.rsplit('.').next().unwrap_or(field);
        let allowed = self.allowed_filters.as_ref();
        let allowed = allowed.is_none_or(|fields| fields.iter().any(|name| name == field || name == short));
        allowed && !filter.locked && !(self.is_guest && filter.hidden)
    }

    pub fn changeable(&self, document: &Dashboard) -> Vec<FilterId> {
        let filters = document.ordered_filters().into_iter();
        filters
            .filter(|filter| self.may_change(filter))
            .map(|filter| filter.id)
            .collect()
    }
}

impl ReaderService {
    /// Asks in the reader's name: the one place where what is locked reaches a query.
    pub(super) fn runner(&self, reading: &Reading, cancel: CancellationToken) -> Runner<'_> {
        Runner {
            context: &self.context,
            workspace_id: reading.workspace_id,
            asker: reading.asker,
            identity: reading.identity.clone(),
            as_of: to_minute(self.context.now()),
            limit_cap: TILE_ROWS,
            cancel,
        }
    }

    /// Lets members with the right to read in, and guests at the one dashboard of their grant.
    ///
    /// # Errors
    /// 401 without identity; 404 for anything else than the grant's dashboard, and for others' workspaces.
    pub(super) async fn reading(
        &self,
        workspace: &WorkspaceSelector,
        dashboard: DashboardId,
    ) -> ServiceResult<Reading> {
        match self.context.principal() {
            Principal::Anonymous => Err(AppError::unauthenticated().into()),
            Principal::User(_) | Principal::Unprotected(_) => {
                let access = self
                    .context
                    .object_access(workspace, dashboard, Capability::Read)
                    .await?;
                Ok(Reading::of_member(&access))
            }
            Principal::Share(grant) => {
                guest_at(workspace, dashboard, grant.workspace_id, grant.dashboard_id)?;
                Ok(Reading {
                    workspace_id: grant.workspace_id,
                    asker: Asker::Share(grant.share_id),
                    identity: Identity {
                        roles: grant.roles.clone(),
                        attributes: grant.attributes.clone(),
                        locked: grant.locked.clone(),
                    },
                    allowed_filters: grant.allowed_filters.clone(),
                    downloads: grant.downloads,
                    is_guest: true,
                    is_editor: false,
                })
            }
            Principal::Embed(grant) => {
                guest_at(workspace, dashboard, grant.workspace_id, grant.dashboard_id)?;
                Ok(Reading {
                    workspace_id: grant.workspace_id,
                    asker: Asker::Embed(grant.embed_id),
                    identity: Identity {
                        roles: grant.roles.clone(),
                        attributes: grant.attributes.clone(),
                        locked: grant.locked.clone(),
                    },
                    allowed_filters: grant.allowed_filters.clone(),
                    downloads: grant.downloads,
                    is_guest: true,
                    is_editor: false,
                })
            }
        }
    }

    /// The published state this reader sees.
    ///
    /// # Errors
    /// 404; for guests 410 when it was deleted or is no longer published; 409 for editors before the first publishing.
    pub(super) async fn published_for(&self, reading: &Reading, id: DashboardId) -> ServiceResult<PublishedState> {
        let row = dashboard::Entity::find_by_id(id.as_uuid())
            .filter(dashboard::Column::WorkspaceId.eq(reading.workspace_id.as_uuid()))
            .filter(dashboard::Column::DeletedAt.is_null())
            .one(&self.context.reader(reading.workspace_id))
            .await?;
        let published = match &row {
            Some(row) => published_state(&self.context, reading.workspace_id, row).await?,
            None => None,
        };
        let refusal = || {
            if reading.is_guest {
                AppError::new(ErrorCode::Gone, "This dashboard is no longer available.")
                    .with_hint("Ask the person who sent you the link.")
            } else if row.is_some() && reading.is_editor {
                AppError::conflict("This dashboard has not been published yet.")
                    .with_hint("Publish it in the designer.")
            } else {
                AppError::not_found("dashboard")
            }
        };
        Ok(published.ok_or_else(refusal)?)
    }
}

fn guest_at(
    workspace: &WorkspaceSelector,
    dashboard: DashboardId,
    granted_workspace: WorkspaceId,
    granted: DashboardId,
) -> Result<(), AppError> {
    let same = *workspace == WorkspaceSelector::Id(granted_workspace) && dashboard == granted;
    if same {
        Ok(())
    } else {
        Err(AppError::not_found("dashboard"))
    }
}
