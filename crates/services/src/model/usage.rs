//! Who uses a model: dashboards in draft and as published, with the links and frames that show them.

use std::collections::HashMap;

use entity::{dashboard, dashboard_version, embed, object_grant, share};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait as _,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait},
};
use shared::{
    access::ObjectRole,
    dashboard::{Dashboard, DashboardSummary},
    permission::{Capability, WorkspaceRole},
    semantic::{DashboardUsage, Model, ModelUsage, PublishedUsage},
};

use super::{ModelService, document_cache::model_for, names_used::NameCollector};
use crate::{Context, ServiceResult, WorkspaceAccess, WorkspaceSelector, dashboard::published_documents};

impl ModelService {
    /// Which dashboards ask the model, for which of its metrics and fields, and how many links and frames show them. For
    /// those who may change models.
    ///
    /// # Errors
    /// 404; 403 for readers, and for data that is given to others only.
    pub async fn usage(&self, workspace: &WorkspaceSelector, name: &str) -> ServiceResult<ModelUsage> {
        let access = self.context.workspace_access(workspace, Capability::Edit).await?;
        let model = model_for(&self.context, &access, name, None).await?;
        let users = Users::load(&self.context, &access, name).await?;
        let mut usage = ModelUsage {
            dashboards: Vec::new(),
            hidden: u32::try_from(users.hidden.len()).unwrap_or(u32::MAX),
        };
        for user in &users.seen {
            usage.dashboards.push(users.of_dashboard(user, &model)?);
        }
        Ok(usage)
    }
}

/// A dashboard that asks the model, with its documents.
pub(super) struct User {
    pub id: Uuid,
    pub title: String,
    /// The draft, when it asks the model.
    pub draft: Option<Dashboard>,
    /// What readers see, and the version of the model that it asks, when it is this model.
    pub published: Option<(std::sync::Arc<Dashboard>, u32)>,
}

/// The dashboards that ask one model, by title.
pub(super) struct Users {
    pub seen: Vec<User>,
    /// Others, which the caller may not change. Nothing but their number is told.
    pub hidden: Vec<User>,
    shares: HashMap<Uuid, Vec<share::Model>>,
    embeds: HashMap<Uuid, Vec<embed::Model>>,
}

impl Users {
    pub async fn load(context: &Context, access: &WorkspaceAccess, model: &str) -> ServiceResult<Self> {
        let rows = asking(context, access, model).await?;
        let given = given(context, access, &rows).await?;
        let may_change =
            |row: &dashboard::Model| access.role == WorkspaceRole::Owner || !row.restricted || given.contains(&row.id);
        let ids: Vec<Uuid> = rows.iter().filter(|row| may_change(row)).map(|row| row.id).collect();
        let users = with_documents(context, access, rows, model).await?;
        let (seen, hidden) = users.into_iter().partition(|user| ids.contains(&user.id));
        Ok(Self {
            hidden,
            shares: open_shares(context, access, &ids).await?,
            embeds: embeds(context, access, &ids).await?,
            seen,
        })
    }

    fn of_dashboard(&self, user: &User, model: &Model) -> ServiceResult<DashboardUsage> {
        let draft = user.draft.as_ref().map(|document| {
            let mut names = NameCollector::new(model);
            names.dashboard(document);
            names.names()
        });
        let (shares, embeds) = (self.shares.get(&user.id), self.embeds.get(&user.id));
        let published = match &user.published {
            None => None,
            Some((document, model_version)) => {
                let mut names = NameCollector::new(model);
                names.dashboard(document);
                for share in shares.into_iter().flatten() {
                    share.settings()?.locked.iter().for_each(|lock| names.condition(lock));
                }
                for embed in embeds.into_iter().flatten() {
                    embed.settings()?.locked.iter().for_each(|lock| names.condition(lock));
                }
                Some(PublishedUsage {
                    model_version: *model_version,
                    names: names.names(),
                })
            }
        };
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(DashboardUsage {
            id: user.id.into(),
            title: user.title.clone(),
            draft,
            published,
            shares: count(shares.map_or(0, Vec::len)),
            embeds: count(embeds.map_or(0, Vec::len)),
        })
    }
}

/// The dashboards that name the model in their draft, or named it when they were published at some time.
async fn asking(context: &Context, access: &WorkspaceAccess, model: &str) -> ServiceResult<Vec<dashboard::Model>> {
    let published = dashboard_version::Entity::find()
        .select_only()
        .column(dashboard_version::Column::DashboardId)
        .filter(dashboard_version::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
        .filter(dashboard_version::Column::Model.eq(model))
        .into_query();
    let names_it = Condition::any().add(dashboard::Column::Model.eq(model)).add(
        Condition::all()
            .add(dashboard::Column::PublishedNumber.is_not_null())
            .add(dashboard::Column::Id.in_subquery(published)),
    );
    Ok(dashboard::Entity::find()
        .filter(dashboard::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
        .filter(dashboard::Column::DeletedAt.is_null())
        .filter(names_it)
        .order_by_asc(dashboard::Column::Title)
        .order_by_asc(dashboard::Column::Id)
        .all(&context.reader(access.workspace_id))
        .await?)
}

/// Those of the restricted ones that the caller may change.
async fn given(context: &Context, access: &WorkspaceAccess, rows: &[dashboard::Model]) -> ServiceResult<Vec<Uuid>> {
    let restricted: Vec<Uuid> = rows.iter().filter(|row| row.restricted).map(|row| row.id).collect();
    if restricted.is_empty() {
        return Ok(restricted);
    }
    let granted = access.granted_ids(object_grant::Column::DashboardId, Some(ObjectRole::Editor));
    Ok(dashboard::Entity::find()
        .select_only()
        .column(dashboard::Column::Id)
        .filter(dashboard::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
        .filter(dashboard::Column::Id.is_in(restricted))
        .filter(dashboard::Column::Id.in_subquery(granted))
        .into_tuple()
        .all(&context.reader(access.workspace_id))
        .await?)
}

async fn with_documents(
    context: &Context,
    access: &WorkspaceAccess,
    rows: Vec<dashboard::Model>,
    model: &str,
) -> ServiceResult<Vec<User>> {
    let pair = Expr::tuple([
        dashboard_version::Column::DashboardId.into_expr(),
        dashboard_version::Column::Number.into_expr(),
    ]);
    let numbers = rows.iter().filter_map(|row| Some((row.id, row.published_number?)));
    let versions = dashboard_version::Entity::find()
        .filter(dashboard_version::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
        .filter(dashboard_version::Column::Model.eq(model))
        .filter(ExprTrait::in_tuples(pair, numbers))
        .all(&context.reader(access.workspace_id))
        .await?;
    let versions: HashMap<Uuid, u32> = versions
        .into_iter()
        .map(|version| (version.dashboard_id, u32::try_from(version.model_version).unwrap_or(0)))
        .collect();
    let details = rows
        .into_iter()
        .map(|row| row.detail())
        .collect::<Result<Vec<_>, _>>()?;
    let summaries: Vec<DashboardSummary> = details
        .iter()
        .map(|detail| detail.summary.clone())
        .filter(|summary| versions.contains_key(&summary.id.as_uuid()))
        .collect();
    let published = published_documents(context, access.workspace_id, &summaries).await?;
    let users = details.into_iter().map(|detail| {
        let summary = detail.summary;
        let version = versions.get(&summary.id.as_uuid());
        let key = summary.published_revision.map(|revision| (summary.id, revision));
        let document = key.and_then(|key| published.get(&key));
        User {
            id: summary.id.as_uuid(),
            title: summary.title,
            draft: (summary.model == model).then_some(detail.document),
            published: document.cloned().zip(version.copied()),
        }
    });
    // A dashboard that once was published with the model and has gone to another asks it no more.
    Ok(users
        .filter(|user| user.draft.is_some() || user.published.is_some())
        .collect())
}

async fn open_shares(
    context: &Context,
    access: &WorkspaceAccess,
    dashboards: &[Uuid],
) -> ServiceResult<HashMap<Uuid, Vec<share::Model>>> {
    let rows = share::Entity::find()
        .filter(share::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
        .filter(share::Column::DashboardId.is_in(dashboards.iter().copied()))
        .filter(share::Column::RevokedAt.is_null())
        .filter(share::Column::ExpiresAt.gt(context.now()))
        .all(&context.reader(access.workspace_id))
        .await?;
    Ok(by_dashboard(rows, |row| row.dashboard_id))
}

async fn embeds(
    context: &Context,
    access: &WorkspaceAccess,
    dashboards: &[Uuid],
) -> ServiceResult<HashMap<Uuid, Vec<embed::Model>>> {
    let rows = embed::Entity::find()
        .filter(embed::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
        .filter(embed::Column::DashboardId.is_in(dashboards.iter().copied()))
        .all(&context.reader(access.workspace_id))
        .await?;
    Ok(by_dashboard(rows, |row| row.dashboard_id))
}

fn by_dashboard<Row>(rows: Vec<Row>, dashboard: impl Fn(&Row) -> Uuid) -> HashMap<Uuid, Vec<Row>> {
    let mut found: HashMap<Uuid, Vec<Row>> = HashMap::new();
    for row in rows {
        found.entry(dashboard(&row)).or_default().push(row);
    }
    found
}
