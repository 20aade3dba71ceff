//! What the holder of a link or of a frame's bearer may ask: tiles in a filter state, and members of filters. No query document
//! is ever taken here, and no session cookie is read.

use axum::extract::FromRequestParts;
use axum_extra::extract::cookie::CookieJar;
use http::{HeaderName, HeaderValue, Method, header, request::Parts};
use services::{
    WorkspaceSelector,
    embed::EmbedService,
    reader::ReaderService,
    share::{OpenShare, ShareDoor, ShareOpening, ShareService},
};
use shared::{
    AppError, ErrorCode,
    dashboard::{PageData, TileRequest},
    ids::{DashboardId, EmbedId},
    permission::Principal,
    table::Cell,
};

use crate::{
    AppState,
    error::ApiError,
    extract::{Json, Param, Path},
    middleware::{Authenticated, bearer},
    routes::{Policy, Route, dashboard::ValuesRequest, route},
};

/// The cookie that says this reader gave the link's password; its path is the link's.
pub const PROOF_COOKIE: &str = "sightline-link";

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// Headers of everything that readers get.
pub const READER_HEADERS: [(HeaderName, HeaderValue); 3] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (ROBOTS, HeaderValue::from_static("noindex, nofollow")),
];

/// A request that came with a link which lets its reader in.
#[derive(Clone, Debug)]
pub struct Shared {
    pub who: Authenticated,
    pub open: OpenShare,
}

impl FromRequestParts<AppState> for Shared {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Path(token) = Path::<String>::from_request_parts(parts, state).await?;
        let who = Authenticated::from_request_parts(parts, state).await?;
        let cookies = CookieJar::from_headers(&parts.headers);
        let proof = cookies
            .get(PROOF_COOKIE)
            .map(axum_extra::extract::cookie::Cookie::value);
        match who
            .service(ShareService::new)
            .open(&token, proof, ShareDoor::Data, who.client.address)
            .await?
        {
            ShareOpening::Open(open) => Ok(Self {
                who: Authenticated {
                    principal: Principal::Share(open.grant.clone()),
                    ..who
                },
                open: *open,
            }),
            ShareOpening::NeedsPassword => Err(AppError::new(
                ErrorCode::Unauthenticated,
                "This link has a password. Open its page and give it.",
            )
            .into()),
        }
    }
}

impl Shared {
    fn place(&self) -> (WorkspaceSelector, DashboardId) {
        (
            WorkspaceSelector::Id(self.open.grant.workspace_id),
            self.open.grant.dashboard_id,
        )
    }
}

/// A request of an open frame, by its bearer, for the embed in the path.
#[derive(Clone, Debug)]
pub struct Embedded {
    pub who: Authenticated,
    workspace: WorkspaceSelector,
    dashboard: DashboardId,
}

impl FromRequestParts<AppState> for Embedded {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Path(Param(id)) = Path::<Param<EmbedId>>::from_request_parts(parts, state).await?;
        let who = Authenticated::from_request_parts(parts, state).await?;
        let token = bearer(&parts.headers).unwrap_or_else(|| Err(AppError::unauthenticated().into()))?;
        let principal = who.service(EmbedService::new).authenticate(token).await?;
        match &principal {
            Principal::Embed(grant) if grant.embed_id == id => Ok(Self {
                workspace: WorkspaceSelector::Id(grant.workspace_id),
                dashboard: grant.dashboard_id,
                who: Authenticated { principal, ..who },
            }),
            Principal::Embed(_) | Principal::Anonymous | Principal::User(_) | Principal::Share(_) => {
                Err(AppError::not_found("frame").into())
            }
        }
    }
}

pub fn routes() -> Vec<Route> {
    vec![
        route(
            Method::POST,
            "/s/{token}/data",
            Policy::Share,
            "Tiles of a shared dashboard",
            share_data,
        )
        .takes::<TileRequest>()
        .answers::<PageData>(200),
        route(
            Method::POST,
            "/s/{token}/values",
            Policy::Share,
            "Members to offer in a list filter",
            share_values,
        )
        .takes::<ValuesRequest>()
        .answers::<Vec<Cell>>(200),
        route(
            Method::POST,
            "/embed/d/{id}/data",
            Policy::Embed,
            "Tiles of a framed dashboard",
            embed_data,
        )
        .takes::<TileRequest>()
        .answers::<PageData>(200),
        route(
            Method::POST,
            "/embed/d/{id}/values",
            Policy::Embed,
            "Members to offer in a list filter",
            embed_values,
        )
        .takes::<ValuesRequest>()
        .answers::<Vec<Cell>>(200),
    ]
}

type Answer<T> = Result<([(HeaderName, HeaderValue); 3], Json<T>), ApiError>;

async fn tiles(who: &Authenticated, place: (WorkspaceSelector, DashboardId), request: TileRequest) -> Answer<PageData> {
    let data = who
        .service(ReaderService::new)
        .tiles(&place.0, place.1, &request)
        .await?;
    Ok((READER_HEADERS, Json(data)))
}

async fn members(
    who: &Authenticated,
    place: (WorkspaceSelector, DashboardId),
    request: ValuesRequest,
) -> Answer<Vec<Cell>> {
    let reader = who.service(ReaderService::new);
    let values = reader
        .filter_values(&place.0, place.1, request.filter, &request.search, &request.state)
        .await?;
    Ok((
        READER_HEADERS,
        Json(values.into_iter().map(|member| member.value).collect()),
    ))
}

async fn share_data(shared: Shared, Json(request): Json<TileRequest>) -> Answer<PageData> {
    tiles(&shared.who, shared.place(), request).await
}

async fn share_values(shared: Shared, Json(request): Json<ValuesRequest>) -> Answer<Vec<Cell>> {
    members(&shared.who, shared.place(), request).await
}

async fn embed_data(embedded: Embedded, Json(request): Json<TileRequest>) -> Answer<PageData> {
    tiles(&embedded.who, (embedded.workspace, embedded.dashboard), request).await
}

async fn embed_values(embedded: Embedded, Json(request): Json<ValuesRequest>) -> Answer<Vec<Cell>> {
    members(&embedded.who, (embedded.workspace, embedded.dashboard), request).await
}
