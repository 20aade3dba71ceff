//! What the holder of a link or of a frame's bearer may ask: tiles in a filter state, and members of filters. No query document
//! is ever taken here, and no session cookie is read.

use axum::extract::{FromRequestParts, RawQuery};
use axum_extra::extract::cookie::CookieJar;
use http::{HeaderName, HeaderValue, Method, header, request::Parts};
use schemars::JsonSchema;
use serde::Deserialize;
use services::{
    WorkspaceSelector,
    embed::EmbedService,
    reader::{ReaderService, csv},
    share::{OpenShare, ShareDoor, ShareOpening, ShareService},
};
use shared::{
    AppError, ErrorCode,
    dashboard::{PageData, TileRequest},
    ids::{DashboardId, EmbedId, TileId},
    permission::Principal,
    share::{EmbedAccess, EmbedRenew},
    table::Cell,
};

use crate::{
    AppState,
    error::ApiError,
    extract::{Json, Param, Path, Query},
    middleware::{Authenticated, bearer},
    routes::{Content, Policy, Route, dashboard::ValuesRequest, route},
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
        let principal = who
            .service(EmbedService::new)
            .authenticate(token, who.client.address)
            .await?;
        match &principal {
            Principal::Embed(grant) if grant.embed_id == id => Ok(Self {
                workspace: WorkspaceSelector::Id(grant.workspace_id),
                dashboard: grant.dashboard_id,
                who: Authenticated { principal, ..who },
            }),
            Principal::Embed(_)
            | Principal::Anonymous
            | Principal::User(_)
            | Principal::Unprotected(_)
            | Principal::Share(_) => Err(AppError::not_found("frame").into()),
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
        route(
            Method::GET,
            "/s/{token}/csv",
            Policy::Share,
            "The rows of a tile of a shared dashboard, where its owner allows downloads",
            share_csv,
        )
        .filtered_by::<CsvQuery>()
        .answers_content(Content::Text("text/csv")),
        route(
            Method::GET,
            "/embed/d/{id}/csv",
            Policy::Embed,
            "The rows of a tile of a framed dashboard, where its ticket allows downloads",
            embed_csv,
        )
        .filtered_by::<CsvQuery>()
        .answers_content(Content::Text("text/csv")),
        route(
            Method::POST,
            "/embed/d/{id}/renew",
            Policy::Embed,
            "A new bearer for an open frame, for a new ticket",
            embed_renew,
        )
        .takes::<EmbedRenew>()
        .answers::<EmbedAccess>(200),
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

/// Beside the filter state of the page's address (`f.…`, `s.…`, `p`, `tz`).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct CsvQuery {
    /// May be left out where the page has one visual.
    tile: Option<TileId>,
}

type Csv = ([(HeaderName, HeaderValue); 3], [(HeaderName, HeaderValue); 2], String);

async fn csv_of(
    who: &Authenticated,
    place: (WorkspaceSelector, DashboardId),
    tile: Option<TileId>,
    query: Option<String>,
) -> Result<Csv, ApiError> {
    let rows = who
        .service(ReaderService::new)
        .tile_rows(&place.0, place.1, tile, &query.unwrap_or_default())
        .await?;
    let title = chart::visual::title(&rows.visual, &rows.answer);
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8"),
        ),
        (header::CONTENT_DISPOSITION, attachment(&title)),
    ];
    Ok((READER_HEADERS, headers, csv(&rows.answer)))
}

/// Tells the browser to keep the file under the tile's name, in letters that every system can store.
fn attachment(title: &str) -> HeaderValue {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { ' ' };
    let words: String = title.chars().map(plain).collect();
    let name = words.split_whitespace().collect::<Vec<_>>().join("_");
    let name = if name.is_empty() { "table" } else { &name };
    HeaderValue::from_str(&format!("attachment; filename=\"{name:.80}.csv\""))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

async fn share_csv(shared: Shared, Query(asked): Query<CsvQuery>, RawQuery(query): RawQuery) -> Result<Csv, ApiError> {
    csv_of(&shared.who, shared.place(), asked.tile, query).await
}

async fn embed_csv(
    embedded: Embedded,
    Query(asked): Query<CsvQuery>,
    RawQuery(query): RawQuery,
) -> Result<Csv, ApiError> {
    csv_of(
        &embedded.who,
        (embedded.workspace, embedded.dashboard),
        asked.tile,
        query,
    )
    .await
}

async fn embed_renew(
    who: Authenticated,
    Path(Param(id)): Path<Param<EmbedId>>,
    Json(request): Json<EmbedRenew>,
) -> Answer<EmbedAccess> {
    let open = who
        .service(EmbedService::new)
        .redeem(id, &request.ticket, &who.client)
        .await?;
    Ok((READER_HEADERS, Json(open.access(who.services.clock().now()))))
}
