use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{embed, embed_key};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use shared::{
    AppError, ErrorCode,
    account::ThemeChoice,
    audit::{AuditObject, AuditObjectKind},
    ids::{DashboardId, EmbedId},
    permission::{EmbedGrant, Principal},
    share::EmbedAccess,
};

use super::{
    EmbedService,
    bearer::Bearer,
    claims::Claims,
    refusal::TicketRefusal,
    single_use::{self, Use},
    ticket::Ticket,
};
use crate::{
    ServiceError, ServiceResult,
    audit::{Chain, Untold, commit_untold},
    embed_key::VerifyingKey,
    published,
    rate_limit::RateKey,
    secrets::{Digest, KeyPurpose},
    session::{ClientInfo, MINUTE},
};

/// A frame that was opened by a ticket, or goes on with the bearer it bought.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenEmbed {
    pub grant: EmbedGrant,
    /// To be held by the page in memory and sent as `Authorization: Bearer`.
    pub bearer: String,
    pub expires_at: DateTime<Utc>,
    /// For `frame-ancestors`: the embed's origins, cut by the ticket's.
    pub origins: Vec<String>,
    pub theme: Option<ThemeChoice>,
    pub time_zone: Option<String>,
}

impl OpenEmbed {
    /// What the frame's page holds of it.
    pub fn access(&self, now: DateTime<Utc>) -> EmbedAccess {
        EmbedAccess {
            bearer: self.bearer.clone(),
            expires_in_s: u32::try_from((self.expires_at - now).num_seconds()).unwrap_or(0),
            origins: self.origins.clone(),
        }
    }
}

impl EmbedService {
    /// The origins that may frame this embed, whatever becomes of the ticket; for the headers of refusals.
    ///
    /// # Errors
    /// 404 when there is no such embed.
    pub async fn frame_origins(&self, id: EmbedId) -> ServiceResult<Vec<String>> {
        Ok(self.row(id).await?.settings()?.origins)
    }

    async fn row(&self, id: EmbedId) -> ServiceResult<embed::Model> {
        let found = embed::Entity::find_by_id(id.as_uuid())
            .one(self.context.instance_reader())
            .await?;
        found.ok_or_else(|| AppError::not_found("embed").into())
    }

    /// Exchanges a ticket for a bearer. An open frame is renewed the same way, with a new ticket. No session is looked at.
    ///
    /// # Errors
    /// 404 for an unknown embed; 401 for a ticket that is malformed, badly signed, out of time, for another audience or
    /// resource, or used already; 403 for an unknown claim, an unbound lock, or origins that share none with the embed's. The
    /// hint carries the reason.
    pub async fn redeem(&self, id: EmbedId, ticket: &str, client: &ClientInfo) -> ServiceResult<OpenEmbed> {
        let embed = self.row(id).await?;
        let opened = self.open(&embed, ticket, client).await;
        // What is wrong with tickets is a matter of the workspace whose keys sign them.
        if let Err(ServiceError::Refused(refusal)) = &opened
            && matches!(refusal.code, ErrorCode::Unauthenticated | ErrorCode::Forbidden)
        {
            let (workspace, dashboard) = (embed.workspace_id.into(), DashboardId::from(embed.dashboard_id));
            let object = AuditObject {
                kind: AuditObjectKind::Dashboard,
                id: dashboard.to_string(),
                title: published::title(&self.context.reader(workspace), workspace, dashboard).await?,
            };
            self.context
                .note_refusal(Chain::Workspace(workspace), Some(object), refusal);
        }
        opened
    }

    async fn open(&self, embed: &embed::Model, ticket: &str, client: &ClientInfo) -> ServiceResult<OpenEmbed> {
        let id = EmbedId::from(embed.id);
        let (config, now) = (self.context.services().config(), self.context.now());
        let ticket = Ticket::read(ticket).map_err(AppError::from)?;
        let key = embed_key::Entity::find_by_id(ticket.kid.as_uuid())
            .filter(embed_key::Column::WorkspaceId.eq(embed.workspace_id))
            .one(&self.context.reader(embed.workspace_id.into()))
            .await?
            .ok_or_else(|| AppError::from(TicketRefusal::UnknownKey))?;
        let signed = ticket
            .verified(&VerifyingKey::of(self.context.services(), &key).await?)
            .map_err(AppError::from)?;
        let claims = Claims::read(signed).map_err(AppError::from)?;
        claims.check(id, &config.public_url, now).map_err(AppError::from)?;
        let open = self.grant(embed, &claims).await?;
        self.use_up(embed, &key, &claims, client).await?;
        let bearer = Bearer {
            grant: open.grant.clone(),
            kid: key.id.into(),
            origins: open.origins.clone(),
            theme: open.theme,
            expires_at: open.expires_at,
        };
        tracing::info!(embed.id = %id, embed_key.id = %key.id, ticket.issuer = claims.iss, "embed opened");
        Ok(OpenEmbed {
            bearer: bearer.sign(config.keys.instance())?,
            ..open
        })
    }

    async fn grant(&self, embed: &embed::Model, claims: &Claims) -> ServiceResult<OpenEmbed> {
        let settings = embed.settings()?;
        let (workspace, dashboard) = (embed.workspace_id.into(), embed.dashboard_id.into());
        let number = published::require_published(&self.context.reader(workspace), workspace, dashboard).await?;
        if claims.res.version.is_some_and(|expected| expected != number) {
            return Err(AppError::from(TicketRefusal::OtherResource).into());
        }
        let fields = published::lockable_fields(&self.context.reader(workspace), workspace, dashboard).await?;
        let mut locked = settings.locked;
        locked.extend(claims.locks(&fields).map_err(AppError::from)?);
        let origins: Vec<String> = settings
            .origins
            .into_iter()
            .filter(|origin| claims.origins.is_empty() || claims.origins.contains(origin))
            .collect();
        if origins.is_empty() {
            return Err(AppError::from(TicketRefusal::NoOrigin).into());
        }
        // What the ticket locks is not for the reader to change.
        let allowed_filters = narrowed(settings.editable, claims.edit.clone()).map(|fields| {
            fields
                .into_iter()
                .filter(|field| !claims.lock.contains_key(field))
                .collect()
        });
        Ok(OpenEmbed {
            grant: EmbedGrant {
                embed_id: embed.id.into(),
                workspace_id: workspace,
                dashboard_id: dashboard,
                locked,
                allowed_filters,
                downloads: settings.downloads && !claims.caps.export.is_empty(),
                subject: claims.sub.clone(),
                roles: claims.roles.clone(),
                attributes: claims.attrs.clone(),
            },
            bearer: String::new(),
            expires_at: self.context.now() + self.context.services().config().embed_bearer,
            origins,
            theme: claims.theme,
            time_zone: claims.tz.clone(),
        })
    }

    async fn use_up(
        &self,
        embed: &embed::Model,
        key: &embed_key::Model,
        claims: &Claims,
        client: &ClientInfo,
    ) -> ServiceResult<()> {
        let now = self.context.now();
        let name = format!(
            "{}\n{}",
            client.address,
            client.user_agent.as_deref().unwrap_or_default()
        );
        let keyed = self
            .context
            .services()
            .config()
            .keys
            .instance()
            .sign(KeyPurpose::EmbedClient, name.as_bytes());
        let ticket = Use {
            workspace: embed.workspace_id.into(),
            kid: key.id.into(),
            jti: &claims.jti,
            client: Digest::of(keyed).to_hex(),
            // Later than leeway and clock steps could make it valid again.
            expires_at: now + TimeDelta::hours(1),
            now,
        };
        let transaction = self.context.write_transaction(embed.workspace_id.into()).await?;
        single_use::record(&transaction, ticket).await?;
        embed_key::Entity::update_many()
            .col_expr(embed_key::Column::LastUsedAt, Expr::value(now))
            .filter(embed_key::Column::Id.eq(key.id))
            .exec(&transaction)
            .await?;
        Ok(commit_untold(transaction, Untold::Use).await?)
    }

    /// The principal behind an open frame's bearer; asked on every request, so that a deleted embed or key ends its frames.
    ///
    /// # Errors
    /// 401 when it is not one of ours, over, or its embed or key is gone; 429 after 600 requests a minute of one embed's frames
    /// from one client.
    pub async fn authenticate(&self, bearer: &str, client: IpAddr) -> ServiceResult<Principal> {
        let grant = self.live(bearer).await?.grant;
        let services = self.context.services();
        let key = RateKey::Embed(grant.embed_id, client);
        let limit = services.config().rate_limits.embed;
        services.rates().count(key, limit, MINUTE, self.context.now())?;
        Ok(Principal::Embed(grant))
    }

    /// The frame behind a bearer, for a page that asks for itself again; it does not live longer for that.
    ///
    /// # Errors
    /// 401 as `authenticate`; 404 when it is the bearer of another embed.
    pub async fn reopen(&self, id: EmbedId, bearer: &str) -> ServiceResult<OpenEmbed> {
        let Bearer {
            grant,
            origins,
            theme,
            expires_at,
            ..
        } = self.live(bearer).await?;
        if grant.embed_id != id {
            return Err(AppError::not_found("frame").into());
        }
        Ok(OpenEmbed {
            grant,
            bearer: bearer.to_owned(),
            expires_at,
            origins,
            theme,
            time_zone: None,
        })
    }

    async fn live(&self, bearer: &str) -> ServiceResult<Bearer> {
        let refusal = || {
            AppError::new(ErrorCode::Unauthenticated, "This frame was open for too long.")
                .with_hint("Reload the page around it. reason: bearer_expired")
        };
        let key = self.context.services().config().keys.instance();
        let bearer = Bearer::read(bearer, key, self.context.now()).ok_or_else(refusal)?;
        let reader = self.context.reader(bearer.grant.workspace_id);
        let embed = embed::Entity::find_by_id(bearer.grant.embed_id.as_uuid())
            .filter(embed::Column::WorkspaceId.eq(bearer.grant.workspace_id.as_uuid()))
            .one(&reader)
            .await?;
        let signing = embed_key::Entity::find_by_id(bearer.kid.as_uuid()).one(&reader).await?;
        if embed.is_none() || signing.is_none() {
            return Err(refusal().into());
        }
        Ok(bearer)
    }
}

/// Fields in both lists; a list that is not given leaves the other as it is.
fn narrowed(embed: Option<Vec<String>>, ticket: Option<Vec<String>>) -> Option<Vec<String>> {
    match (embed, ticket) {
        (Some(embed), Some(ticket)) => Some(embed.into_iter().filter(|field| ticket.contains(field)).collect()),
        (Some(only), None) | (None, Some(only)) => Some(only),
        (None, None) => None,
    }
}
