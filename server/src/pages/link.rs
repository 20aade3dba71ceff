use axum::response::{IntoResponse as _, Redirect, Response};
use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use services::session::{SessionService, SignIn};
use tower_sessions::Session;

use crate::{
    error::ApiError,
    extract::Query,
    middleware::{Authenticated, session},
};

#[derive(Debug, Deserialize, JsonSchema)]
pub struct SignInLink {
    token: String,
}

/// Signs in by a link of the server's console and goes on to the home page. A dead link leads to the sign-in page.
pub async fn sign_in(
    method: Method,
    who: Authenticated,
    session: Session,
    Query(link): Query<SignInLink>,
) -> Result<Response, ApiError> {
    // A look at the link, by a mail program for example, must not use it up.
    if method != Method::GET {
        return Ok(Redirect::to("/login").into_response());
    }
    let sessions = who.service(SessionService::new);
    match sessions.redeem_link(&link.token, &who.client).await {
        Ok(SignIn::Done(signed_in)) => {
            session::begin(&session, signed_in, &who.client).await?;
            Ok(Redirect::to("/").into_response())
        }
        Ok(SignIn::FactorNeeded(pending)) => {
            session::begin_half(&session, pending).await?;
            Ok(Redirect::to("/login?step=factor").into_response())
        }
        Err(error) if error.app_error(who.request_id).http_status() == 404 => {
            Ok(Redirect::to("/login").into_response())
        }
        Err(error) => Err(error.into()),
    }
}
