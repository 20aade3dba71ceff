use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use entity::share;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};
use shared::{
    AppError, ErrorCode,
    audit::{AuditObject, AuditObjectKind},
    ids::{DashboardId, WorkspaceId},
    permission::ShareGrant,
};
use uuid::Uuid;

use super::{ShareProof, ShareService, service::gone};
use crate::{
    ServiceResult,
    audit::{Chain, Untold, commit_untold},
    published,
    rate_limit::RateKey,
    secrets::{Digest, Verdict},
};

const MINUTE: TimeDelta = TimeDelta::minutes(1);

/// What a reader's request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareDoor {
    /// The page itself: a view.
    Page,
    /// Numbers for a page that is open, or a download from it.
    Data,
}

/// A link that lets its reader in, or asks for its password first.
#[derive(Clone, Debug, PartialEq)]
pub enum ShareOpening {
    Open(Box<OpenShare>),
    NeedsPassword,
}

#[derive(Clone, Debug, PartialEq)]
pub struct OpenShare {
    pub grant: ShareGrant,
    pub hide_title: bool,
    pub expires_at: DateTime<Utc>,
    /// To be set as a cookie: this view was counted, and a reload shall not count again.
    pub proof: Option<ShareProof>,
}

impl ShareService {
    /// Opens a link for a reader. No session is looked at. `proof`: value of the link's cookie.
    ///
    /// # Errors
    /// 404 for an unknown token; 410 when it has expired, was revoked or paused, or its views are used up; 401 for data of a
    /// link with limited views without a counted view; 429 after 600 requests a minute for one link from one address, or 20
    /// unknown tokens and wrong passwords.
    pub async fn open(
        &self,
        token: &str,
        proof: Option<&str>,
        door: ShareDoor,
        client: IpAddr,
    ) -> ServiceResult<ShareOpening> {
        let share = self.live_share(token, client).await?;
        let key = self.context.services().config().keys.instance();
        let proven = proof.is_some_and(|value| ShareProof::holds(key, &share, value, self.context.now()));
        if share.password_hash.is_some() && !proven {
            return Ok(ShareOpening::NeedsPassword);
        }
        let new_proof = match (door, share.max_views) {
            (ShareDoor::Page, Some(_)) if !proven => {
                self.count_view(&share).await?;
                Some(ShareProof::make(key, &share, self.context.now()))
            }
            (ShareDoor::Page, Some(_)) => None,
            (ShareDoor::Page, None) => {
                let views = self.context.services().views().count(share.id, self.context.now());
                self.add_views(vec![(share.id, views)]).await?;
                None
            }
            (ShareDoor::Data, Some(_)) if !proven => {
                return Err(AppError::new(ErrorCode::Unauthenticated, "Open the link's page first.").into());
            }
            (ShareDoor::Data, Some(_) | None) => None,
        };
        Ok(ShareOpening::Open(Box::new(OpenShare {
            grant: share.grant()?,
            hide_title: share.settings()?.hide_title,
            expires_at: share.expires_at,
            proof: new_proof,
        })))
    }

    /// Checks a link's password and answers the proof for its cookie. It counts as a view.
    ///
    /// # Errors
    /// 401 for a wrong password; 404, 410 and 429 as `open`.
    pub async fn unlock(&self, token: &str, password: &str, client: IpAddr) -> ServiceResult<ShareProof> {
        let share = self.live_share(token, client).await?;
        let stored = share.password_hash.as_deref();
        let verdict = self.context.services().passwords().verify(password, stored).await?;
        if stored.is_some() && verdict == Verdict::Wrong {
            let refusal =
                AppError::new(ErrorCode::Unauthenticated, "This is not the link's password.").with_field("password");
            let (workspace, dashboard): (WorkspaceId, DashboardId) =
                (share.workspace_id.into(), share.dashboard_id.into());
            let title = published::title(&self.context.reader(workspace), workspace, dashboard).await?;
            self.context.note_refusal(
                Chain::Workspace(workspace),
                Some(AuditObject {
                    kind: AuditObjectKind::Dashboard,
                    id: dashboard.to_string(),
                    title,
                }),
                &refusal,
            );
            self.count_wrong(client)?;
            return Err(refusal.into());
        }
        if share.max_views.is_some() {
            self.count_view(&share).await?;
        }
        Ok(ShareProof::make(
            self.context.services().config().keys.instance(),
            &share,
            self.context.now(),
        ))
    }

    async fn live_share(&self, token: &str, client: IpAddr) -> ServiceResult<share::Model> {
        let (services, now) = (self.context.services(), self.context.now());
        let (limits, digest) = (services.config().rate_limits, Digest::of(token));
        services
            .rates()
            .check(RateKey::ShareWrong(client), limits.share_wrong, now)?;
        let found = share::Entity::find()
            .filter(share::Column::TokenHash.eq(digest.to_hex()))
            .one(self.context.instance_reader())
            .await?;
        let Some(share) = found else {
            self.count_wrong(client)?;
            return Err(AppError::not_found("link").into());
        };
        services
            .rates()
            .count(RateKey::Share(digest, client), limits.share, MINUTE, now)?;
        if share.revoked_at.is_some() {
            return Err(gone("This link was revoked by its owner."));
        }
        if share.expires_at <= now {
            return Err(gone("This link has expired."));
        }
        if share.paused {
            return Err(gone("This link is paused."));
        }
        Ok(share)
    }

    fn count_wrong(&self, client: IpAddr) -> Result<(), AppError> {
        let (services, now) = (self.context.services(), self.context.now());
        services.rates().count(
            RateKey::ShareWrong(client),
            services.config().rate_limits.share_wrong,
            MINUTE,
            now,
        )
    }

    /// Writes the views of unlimited links that are still gathered in memory; for a timer and the end of the server.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn flush_views(&self) -> ServiceResult<()> {
        self.add_views(self.context.services().views().take()).await
    }

    async fn add_views(&self, views: Vec<(Uuid, i64)>) -> ServiceResult<()> {
        if views.iter().all(|(_, count)| *count == 0) {
            return Ok(());
        }
        let transaction = self.context.instance_transaction().await?;
        for (share, count) in views {
            share::Entity::update_many()
                .col_expr(share::Column::Views, Expr::col(share::Column::Views).add(count))
                .col_expr(share::Column::LastViewedAt, Expr::value(self.context.now()))
                .filter(share::Column::Id.eq(share))
                .exec(&transaction)
                .await?;
        }
        Ok(commit_untold(transaction, Untold::Use).await?)
    }

    /// One statement decides, so that the last view is given once.
    async fn count_view(&self, share: &share::Model) -> ServiceResult<()> {
        let transaction = self.context.write_transaction(share.workspace_id.into()).await?;
        let counted = share::Entity::update_many()
            .col_expr(share::Column::Views, Expr::col(share::Column::Views).add(1))
            .col_expr(share::Column::LastViewedAt, Expr::value(self.context.now()))
            .filter(share::Column::Id.eq(share.id))
            .filter(Expr::col(share::Column::Views).lt(Expr::col(share::Column::MaxViews)))
            .exec(&transaction)
            .await?;
        if counted.rows_affected == 0 {
            return Err(gone("All views of this link are used up."));
        }
        Ok(commit_untold(transaction, Untold::Use).await?)
    }
}
