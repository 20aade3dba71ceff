use http::Method;
use services::UsageService;
use shared::usage::Usage;

use super::{Policy, Route, route};
use crate::{error::ApiError, extract::Json, middleware::Authenticated};

pub fn routes() -> Vec<Route> {
    vec![
        route(
            Method::GET,
            "/api/v1/usage",
            Policy::Admin,
            "Who read what in the last 30 days, and what the server that answers has seen",
            usage,
        )
        .answers::<Usage>(200)
        .about("usage"),
    ]
}

async fn usage(who: Authenticated) -> Result<Json<Usage>, ApiError> {
    Ok(Json(who.service(UsageService::new).usage().await?))
}
