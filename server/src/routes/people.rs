use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use services::{PageRequest, PeopleService, ResetService};
use shared::{
    account::Page,
    ids::UserId,
    people::{PasswordReset, PersonInfo, PersonUpdate, ResetAsk, ResetInfo, ResetLink, SignInRules},
};

use super::{Policy, Route, route};
use crate::{
    error::ApiError,
    extract::{Json, Param, Path, Query},
    middleware::Authenticated,
};

type OnePerson = Path<Param<UserId>>;

/// Whom a list holds.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PeopleQuery {
    /// Part of a name or e-mail address.
    #[serde(default)]
    search: Option<String>,
    /// People, 1 to 200; default 50.
    #[serde(default)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

pub fn routes() -> Vec<Route> {
    const ONE: &str = "/api/v1/people/{user}";
    const RULES: &str = "/api/v1/settings/sign-in";
    const RESET: &str = "/api/v1/resets/{token}";
    let admin = Policy::Admin;
    vec![
        route(Method::GET, "/api/v1/people", admin, "Everybody on this instance", list)
            .filtered_by::<PeopleQuery>()
            .answers::<Page<PersonInfo>>(200),
        route(Method::GET, ONE, admin, "A person", get).answers::<PersonInfo>(200),
        route(
            Method::PUT,
            ONE,
            admin,
            "Give a person another platform role, disable or enable them; less than before ends their sessions and tokens",
            update,
        )
        .takes::<PersonUpdate>()
        .answers::<PersonInfo>(200),
        route(
            Method::POST,
            "/api/v1/people/{user}/reset-link",
            admin,
            "Make a link that sets a person's password: it works once, for 24 hours",
            reset_link,
        )
        .answers::<ResetLink>(201),
        route(
            Method::DELETE,
            "/api/v1/people/{user}/sessions",
            admin,
            "Sign a person out everywhere",
            end_sessions,
        )
        .answers_nothing(),
        route(
            Method::DELETE,
            "/api/v1/people/{user}/factors",
            admin,
            "Take the second factors from a person who lost them",
            reset_factors,
        )
        .answers_nothing(),
        route(Method::GET, RULES, admin, "How everybody signs in", rules).answers::<SignInRules>(200),
        route(Method::PUT, RULES, admin, "Decide who has to have a second factor", set_rules)
            .takes::<SignInRules>()
            .answers::<SignInRules>(200),
        route(
            Method::POST,
            "/api/v1/resets",
            Policy::Visitor,
            "Ask for a reset link by e-mail; the answer does not say whether somebody has the address",
            ask_reset,
        )
        .takes::<ResetAsk>()
        .answers_nothing(),
        route(Method::GET, RESET, Policy::Visitor, "Whose password a reset link sets", reset_info)
            .answers::<ResetInfo>(200),
        route(
            Method::POST,
            RESET,
            Policy::Visitor,
            "Set a new password by a reset link; all sessions and tokens of the account end",
            reset,
        )
        .takes::<PasswordReset>()
        .answers_nothing(),
    ]
    .into_iter()
    .map(|route| route.about("people"))
    .collect()
}

fn people(who: &Authenticated) -> PeopleService {
    who.service(PeopleService::new)
}

async fn list(who: Authenticated, Query(query): Query<PeopleQuery>) -> Result<Json<Page<PersonInfo>>, ApiError> {
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor,
    };
    Ok(Json(people(&who).list(query.search.as_deref(), &page).await?))
}

async fn get(who: Authenticated, Path(Param(id)): OnePerson) -> Result<Json<PersonInfo>, ApiError> {
    Ok(Json(people(&who).get(id).await?))
}

async fn update(
    who: Authenticated,
    Path(Param(id)): OnePerson,
    Json(update): Json<PersonUpdate>,
) -> Result<Json<PersonInfo>, ApiError> {
    Ok(Json(people(&who).update(id, update).await?))
}

async fn reset_link(who: Authenticated, Path(Param(id)): OnePerson) -> Result<(StatusCode, Json<ResetLink>), ApiError> {
    Ok((StatusCode::CREATED, Json(people(&who).reset_link(id).await?)))
}

async fn end_sessions(who: Authenticated, Path(Param(id)): OnePerson) -> Result<StatusCode, ApiError> {
    people(&who).end_sessions(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn reset_factors(who: Authenticated, Path(Param(id)): OnePerson) -> Result<StatusCode, ApiError> {
    people(&who).reset_factors(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn rules(who: Authenticated) -> Result<Json<SignInRules>, ApiError> {
    Ok(Json(people(&who).sign_in_rules().await?))
}

async fn set_rules(who: Authenticated, Json(rules): Json<SignInRules>) -> Result<Json<SignInRules>, ApiError> {
    Ok(Json(people(&who).set_sign_in_rules(rules).await?))
}

async fn reset_info(who: Authenticated, Path(token): Path<String>) -> Result<Json<ResetInfo>, ApiError> {
    Ok(Json(who.service(ResetService::new).info(&token).await?))
}

async fn ask_reset(who: Authenticated, Json(request): Json<ResetAsk>) -> Result<StatusCode, ApiError> {
    who.service(ResetService::new).ask(request.email, &who.client).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn reset(
    who: Authenticated,
    Path(token): Path<String>,
    Json(request): Json<PasswordReset>,
) -> Result<StatusCode, ApiError> {
    who.service(ResetService::new)
        .redeem(&token, &request, &who.client)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
