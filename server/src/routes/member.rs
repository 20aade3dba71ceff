use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use services::{
    WorkspaceSelector,
    member::{Acceptance, MemberService},
};
use shared::{
    account::{
        InviteCreate, InviteCreated, InviteInfo, MemberAdd, MemberInfo, MemberUpdate, NewAccount, OpenInvite, Page,
    },
    ids::{InviteId, UserId, WorkspaceId},
    permission::Capability,
};
use tower_sessions::Session;

use super::{Policy, Route, route};
use crate::{
    error::ApiError,
    extract::{Json, Param, Path},
    middleware::{Authenticated, session},
};

type Workspace = Path<Param<WorkspaceSelector>>;
type OneMember = Path<(Param<WorkspaceSelector>, Param<UserId>)>;

/// `POST /invites/{token}`: without an account the signed-in person joins.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InviteAcceptance {
    #[serde(default)]
    account: Option<NewAccount>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct JoinedWorkspace {
    workspace: WorkspaceId,
}

pub fn routes() -> Vec<Route> {
    const LIST: &str = "/api/v1/workspaces/{w}/members";
    const ONE: &str = "/api/v1/workspaces/{w}/members/{user}";
    const INVITES: &str = "/api/v1/workspaces/{w}/invites";
    const INVITE: &str = "/api/v1/invites/{token}";
    let (read, manage) = (Policy::Member(Capability::Read), Policy::Member(Capability::Manage));
    vec![
        route(Method::GET, LIST, read, "Members", list).answers::<Page<MemberInfo>>(200),
        route(Method::POST, LIST, manage, "Add someone who has an account", add)
            .takes::<MemberAdd>()
            .answers::<MemberInfo>(201),
        route(Method::GET, ONE, read, "A member", get).answers::<MemberInfo>(200),
        route(
            Method::PUT,
            ONE,
            manage,
            "Change a member's role, model roles and attributes",
            update,
        )
        .takes::<MemberUpdate>()
        .answers::<MemberInfo>(200),
        route(
            Method::DELETE,
            ONE,
            read,
            "Remove a member, whose links are paused; anyone may leave",
            remove,
        )
        .answers_nothing(),
        route(
            Method::POST,
            INVITES,
            manage,
            "Make an invitation link, and send it where an address is given: it works once, for 7 days",
            invite,
        )
        .takes::<InviteCreate>()
        .answers::<InviteCreated>(201),
        route(Method::GET, INVITES, manage, "Open invitations", open_invites).answers::<Page<OpenInvite>>(200),
        route(
            Method::DELETE,
            "/api/v1/workspaces/{w}/invites/{id}",
            manage,
            "End an invitation before it is taken up",
            revoke_invite,
        )
        .answers_nothing(),
        route(
            Method::GET,
            INVITE,
            Policy::Visitor,
            "What an invitation is for",
            invite_info,
        )
        .answers::<InviteInfo>(200),
        route(
            Method::POST,
            INVITE,
            Policy::Visitor,
            "Accept an invitation, with a new account if need be",
            accept,
        )
        .takes::<InviteAcceptance>()
        .answers::<JoinedWorkspace>(200),
    ]
    .into_iter()
    .map(|route| route.about("members"))
    .collect()
}

fn members(who: &Authenticated) -> MemberService {
    who.service(MemberService::new)
}

async fn list(who: Authenticated, Path(Param(workspace)): Workspace) -> Result<Json<Page<MemberInfo>>, ApiError> {
    Ok(Json(Page {
        items: members(&who).list(&workspace).await?,
        next: None,
    }))
}

async fn add(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    Json(request): Json<MemberAdd>,
) -> Result<(StatusCode, Json<MemberInfo>), ApiError> {
    Ok((StatusCode::CREATED, Json(members(&who).add(&workspace, request).await?)))
}

async fn get(
    who: Authenticated,
    Path((Param(workspace), Param(user))): OneMember,
) -> Result<Json<MemberInfo>, ApiError> {
    Ok(Json(members(&who).get(&workspace, user).await?))
}

async fn update(
    who: Authenticated,
    Path((Param(workspace), Param(user))): OneMember,
    Json(update): Json<MemberUpdate>,
) -> Result<Json<MemberInfo>, ApiError> {
    Ok(Json(members(&who).update(&workspace, user, update).await?))
}

async fn remove(who: Authenticated, Path((Param(workspace), Param(user))): OneMember) -> Result<StatusCode, ApiError> {
    members(&who).remove(&workspace, user).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn invite(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
    Json(new): Json<InviteCreate>,
) -> Result<(StatusCode, Json<InviteCreated>), ApiError> {
    Ok((StatusCode::CREATED, Json(members(&who).invite(&workspace, new).await?)))
}

async fn open_invites(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
) -> Result<Json<Page<OpenInvite>>, ApiError> {
    // At most those of a week, which are limited per day: always one page.
    Ok(Json(Page {
        items: members(&who).open_invites(&workspace).await?,
        next: None,
    }))
}

async fn revoke_invite(
    who: Authenticated,
    Path((Param(workspace), Param(id))): Path<(Param<WorkspaceSelector>, Param<InviteId>)>,
) -> Result<StatusCode, ApiError> {
    members(&who).revoke_invite(&workspace, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn invite_info(who: Authenticated, Path(token): Path<String>) -> Result<Json<InviteInfo>, ApiError> {
    Ok(Json(members(&who).invite_info(&token).await?))
}

async fn accept(
    who: Authenticated,
    session: Session,
    Path(token): Path<String>,
    Json(request): Json<InviteAcceptance>,
) -> Result<Json<JoinedWorkspace>, ApiError> {
    let acceptance = request.account.map_or(Acceptance::Caller, Acceptance::New);
    let joined = members(&who).accept_invite(&token, &acceptance).await?;
    if let Some(signed_in) = joined.signed_in {
        session::begin(&session, signed_in, &who.client).await?;
    }
    Ok(Json(JoinedWorkspace {
        workspace: joined.workspace,
    }))
}
