use http::Method;
use services::account::AccountService;
use shared::account::{Me, PasswordChange, ProfileUpdate, UserInfo};
use tower_sessions::Session;

use super::{Policy, Route, route};
use crate::{
    error::ApiError,
    extract::Json,
    middleware::{Authenticated, session},
};

pub fn routes() -> Vec<Route> {
    vec![
        route(
            Method::GET,
            "/api/v1/me",
            Policy::User,
            "You, your workspaces and your roles",
            me,
        )
        .answers::<Me>(200),
        route(
            Method::PUT,
            "/api/v1/me",
            Policy::Session,
            "Change your name or preferences",
            update,
        )
        .takes::<ProfileUpdate>()
        .answers::<UserInfo>(200),
        route(
            Method::PUT,
            "/api/v1/me/password",
            Policy::Session,
            "Change your password; your other sessions and your tokens end",
            change_password,
        )
        .takes::<PasswordChange>()
        .answers_nothing(),
    ]
    .into_iter()
    .map(|route| route.about("account"))
    .collect()
}

fn account(who: &Authenticated) -> AccountService {
    who.service(AccountService::new)
}

pub async fn me(who: Authenticated) -> Result<Json<Me>, ApiError> {
    Ok(Json(account(&who).me().await?))
}

async fn update(who: Authenticated, Json(update): Json<ProfileUpdate>) -> Result<Json<UserInfo>, ApiError> {
    Ok(Json(account(&who).update(update).await?))
}

async fn change_password(
    who: Authenticated,
    session: Session,
    Json(change): Json<PasswordChange>,
) -> Result<http::StatusCode, ApiError> {
    let Some(remembered) = session::remembered(&session).await? else {
        return Err(shared::AppError::unauthenticated().into());
    };
    let renewed = account(&who).change_password(&change, &remembered).await?;
    session::renew(&session, renewed).await?;
    Ok(http::StatusCode::NO_CONTENT)
}
