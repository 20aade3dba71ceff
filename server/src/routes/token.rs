use http::{Method, StatusCode};
use services::token::TokenService;
use shared::{
    account::{TokenCreate, TokenCreated, TokenInfo},
    ids::TokenId,
};

use super::{Policy, Route, route};
use crate::{
    error::ApiError,
    extract::{Json, Param, Path},
    middleware::Authenticated,
};

pub fn routes() -> Vec<Route> {
    const ALL: &str = "/api/v1/tokens";
    vec![
        route(Method::GET, ALL, Policy::Session, "Your API tokens", list).answers::<Vec<TokenInfo>>(200),
        route(
            Method::POST,
            ALL,
            Policy::Session,
            "Make an API token; it is shown once",
            create,
        )
        .takes::<TokenCreate>()
        .answers::<TokenCreated>(201),
        route(
            Method::DELETE,
            "/api/v1/tokens/{id}",
            Policy::Session,
            "End an API token",
            revoke,
        )
        .answers_nothing(),
    ]
    .into_iter()
    .map(|route| route.about("tokens"))
    .collect()
}

fn tokens(who: &Authenticated) -> TokenService {
    who.service(TokenService::new)
}

async fn list(who: Authenticated) -> Result<Json<Vec<TokenInfo>>, ApiError> {
    Ok(Json(tokens(&who).list().await?))
}

async fn create(
    who: Authenticated,
    Json(request): Json<TokenCreate>,
) -> Result<(StatusCode, Json<TokenCreated>), ApiError> {
    Ok((StatusCode::CREATED, Json(tokens(&who).create(request).await?)))
}

async fn revoke(who: Authenticated, Path(Param(id)): Path<Param<TokenId>>) -> Result<StatusCode, ApiError> {
    tokens(&who).revoke(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
