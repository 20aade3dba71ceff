use entity::audit_entry;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::LikeExpr};
use shared::{
    AppError,
    account::Page,
    audit::{AuditAction, AuditEntry, AuditFilter, AuditObject, AuditObjectKind},
    ids::RequestId,
    permission::{Capability, PlatformRole, Principal, Scope},
};

use super::{Chain, Checkpoint, Verification, checkpoint, refusals, verify};
use crate::{Context, PageRequest, ServiceResult, Services, WorkspaceSelector, convert};

/// Reading the audit log. Owners read their workspace's, platform admins the instance's and, by the door of settings, any.
#[derive(Clone, Debug)]
pub struct AuditService {
    pub(super) context: Context,
}

impl AuditService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// Entries, the newest first. `workspace` `None`: the instance's.
    ///
    /// # Errors
    /// 403 for others than owners and admins; 404; 422 for an action there is not; 400 for a cursor no list gave.
    pub async fn list(
        &self,
        workspace: Option<&WorkspaceSelector>,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> ServiceResult<Page<AuditEntry>> {
        let chain = self.readable(workspace).await?;
        let mut rows = wanted(chain, filter)?.limit(page.limit().saturating_add(1));
        if let Some(after) = page.after_number()? {
            rows = rows.filter(audit_entry::Column::Number.lt(convert::to_stored(after)));
        }
        let rows = read(&self.context, chain, rows).await?;
        let rows = page.page(rows, |row| row.number.to_string());
        Ok(Page {
            items: rows
                .items
                .iter()
                .map(audit_entry::Model::entry)
                .collect::<Result<_, _>>()?,
            next: rows.next,
        })
    }

    /// Which log the caller may read here.
    pub(super) async fn readable(&self, workspace: Option<&WorkspaceSelector>) -> ServiceResult<Chain> {
        match workspace {
            Some(workspace) => {
                let access = self.context.settings_access(workspace, Capability::Manage).await?;
                Ok(Chain::Workspace(access.workspace_id))
            }
            None => {
                self.require_admin()?;
                Ok(Chain::Instance)
            }
        }
    }

    fn require_admin(&self) -> ServiceResult<()> {
        let user = self.context.user()?;
        let scoped = user
            .scopes
            .as_ref()
            .is_none_or(|scopes| scopes.iter().any(|scope: &Scope| scope.allows(Capability::Manage)));
        if user.platform_role == PlatformRole::Admin && scoped {
            return Ok(());
        }
        let refusal = AppError::forbidden("Only platform admins read the log of the whole instance.")
            .with_hint("An owner finds the log of a workspace in that workspace, under Activity.");
        let object = AuditObject {
            kind: AuditObjectKind::Workspace,
            id: String::new(),
            title: "the log of the instance".to_owned(),
        };
        self.context.note_refusal(Chain::Instance, Some(object), &refusal);
        Err(refusal.into())
    }

    /// Writes refusals that are gathered in memory. Gives how many they were.
    ///
    /// # Errors
    /// When the database fails; they are tried again.
    pub async fn write_refusals(services: &Services) -> ServiceResult<u64> {
        refusals::write(services).await
    }

    /// Waits until a refusal was gathered.
    pub async fn refusal_gathered(services: &Services) {
        services.audit().refused.notified().await;
    }

    /// Writes signed ends of the chains that have grown to the log stream, under the target `audit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn write_checkpoints(services: &Services) -> ServiceResult<Vec<Checkpoint>> {
        checkpoint::write(services).await
    }

    /// Waits until 64 entries were added since the last checkpoints.
    pub async fn checkpoint_due(services: &Services) {
        services.audit().checkpoint_due.notified().await;
    }

    /// Reads the whole log again, for the server's console and its nightly round. `checkpoints` are ends from a log stream;
    /// those that this process has written are compared in any case.
    ///
    /// # Errors
    /// When the database fails. What is wrong with the log is no error but part of the answer.
    pub async fn verify(services: &Services, checkpoints: &[Checkpoint]) -> ServiceResult<Verification> {
        let mut all = checkpoint::seen(services);
        all.extend_from_slice(checkpoints);
        verify::verify(services, &all).await
    }
}

/// Rows of a chain that the filter lets through, the newest first.
pub(super) fn wanted(chain: Chain, filter: &AuditFilter) -> Result<Select<audit_entry::Entity>, AppError> {
    let mut rows = audit_entry::Entity::find()
        .filter(audit_entry::Column::ChainId.eq(chain.as_uuid()))
        .order_by_desc(audit_entry::Column::Number);
    if let Some(actor) = filter.actor {
        rows = rows.filter(audit_entry::Column::ActorId.eq(actor));
    }
    if let Some(action) = filter.action.as_deref() {
        rows = rows.filter(audit_entry::Column::Action.is_in(actions(action)?));
    }
    if let Some(object) = filter.object.as_deref() {
        rows = rows.filter(audit_entry::Column::ObjectId.eq(object));
    }
    if let Some(from) = filter.from {
        rows = rows.filter(audit_entry::Column::At.gte(from));
    }
    if let Some(to) = filter.to {
        rows = rows.filter(audit_entry::Column::At.lt(to));
    }
    if let Some(text) = filter.q.as_deref() {
        rows = rows.filter(audit_entry::Column::Words.like(containing(text)));
    }
    Ok(rows)
}

/// Rows of `wanted`, behind the wall of their workspace.
pub(super) async fn read(
    context: &Context,
    chain: Chain,
    rows: Select<audit_entry::Entity>,
) -> Result<Vec<audit_entry::Model>, DbErr> {
    match chain {
        Chain::Instance => rows.all(context.instance_reader()).await,
        Chain::Workspace(id) => rows.all(&context.reader(id)).await,
    }
}

fn actions(text: &str) -> Result<Vec<&'static str>, AppError> {
    let named = |action: &&AuditAction| action.as_str() == text || action.noun() == text;
    let found: Vec<&str> = AuditAction::ALL
        .iter()
        .filter(named)
        .map(|action| action.as_str())
        .collect();
    if found.is_empty() {
        let names = AuditAction::ALL
            .iter()
            .map(|action| action.as_str().to_owned())
            .collect();
        return Err(AppError::invalid("action", "There is no action of this name.").with_candidates(names));
    }
    Ok(found)
}

fn containing(text: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for letter in text.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}
