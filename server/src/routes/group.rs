use http::{Method, StatusCode};
use services::{GroupService, WorkspaceSelector};
use shared::{
    account::Page,
    group::{GroupDetail, GroupInfo, GroupMember, GroupMemberUpdate, GroupWrite, WorkspaceGroups},
    ids::{GroupId, UserId},
    permission::Capability,
};

use super::{Policy, Route, paging::Paging, route};
use crate::{
    error::ApiError,
    extract::{Json, Param, Path, Query},
    middleware::Authenticated,
};

type OneGroup = Path<Param<GroupId>>;
type OnePerson = Path<(Param<GroupId>, Param<UserId>)>;
type Workspace = Path<Param<WorkspaceSelector>>;
type OnePlace = Path<(Param<WorkspaceSelector>, Param<GroupId>)>;

pub fn routes() -> Vec<Route> {
    const ALL: &str = "/api/v1/groups";
    const ONE: &str = "/api/v1/groups/{group}";
    const PERSON: &str = "/api/v1/groups/{group}/people/{user}";
    const HERE: &str = "/api/v1/workspaces/{w}/groups";
    const PLACE: &str = "/api/v1/workspaces/{w}/groups/{group}";
    let (admin, read, manage) = (
        Policy::Admin,
        Policy::Member(Capability::Read),
        Policy::Member(Capability::Manage),
    );
    vec![
        route(Method::GET, ALL, admin, "Groups of people on this instance", list)
            .filtered_by::<Paging>()
            .answers::<Page<GroupInfo>>(200),
        route(Method::POST, ALL, admin, "Make a group", create)
            .takes::<GroupWrite>()
            .answers::<GroupDetail>(201),
        route(
            Method::GET,
            ONE,
            admin,
            "A group with its people and where it holds a role",
            get,
        )
        .answers::<GroupDetail>(200),
        route(Method::PUT, ONE, admin, "Rename a group", rename)
            .takes::<GroupWrite>()
            .answers::<GroupDetail>(200),
        route(
            Method::DELETE,
            ONE,
            admin,
            "Delete a group; its people lose what they had through it",
            delete,
        )
        .answers_nothing(),
        route(Method::PUT, PERSON, admin, "Add a person to a group", add_person).answers::<GroupDetail>(200),
        route(
            Method::DELETE,
            PERSON,
            admin,
            "Take a person out of a group",
            remove_person,
        )
        .answers_nothing(),
        route(
            Method::GET,
            HERE,
            read,
            "Groups with a role in the workspace",
            of_workspace,
        )
        .answers::<WorkspaceGroups>(200),
        route(
            Method::PUT,
            PLACE,
            manage,
            "Give a group a role in the workspace",
            set_role,
        )
        .takes::<GroupMemberUpdate>()
        .answers::<GroupMember>(200),
        route(
            Method::DELETE,
            PLACE,
            manage,
            "Take the role from a group, with its rights on single dashboards and datasets",
            take_role,
        )
        .answers_nothing(),
    ]
    .into_iter()
    .map(|route| route.about("groups"))
    .collect()
}

fn groups(who: &Authenticated) -> GroupService {
    who.service(GroupService::new)
}

async fn list(who: Authenticated, Query(paging): Query<Paging>) -> Result<Json<Page<GroupInfo>>, ApiError> {
    Ok(Json(groups(&who).list(&paging.into()).await?))
}

async fn create(
    who: Authenticated,
    Json(request): Json<GroupWrite>,
) -> Result<(StatusCode, Json<GroupDetail>), ApiError> {
    Ok((StatusCode::CREATED, Json(groups(&who).create(request.name).await?)))
}

async fn get(who: Authenticated, Path(Param(id)): OneGroup) -> Result<Json<GroupDetail>, ApiError> {
    Ok(Json(groups(&who).get(id).await?))
}

async fn rename(
    who: Authenticated,
    Path(Param(id)): OneGroup,
    Json(request): Json<GroupWrite>,
) -> Result<Json<GroupDetail>, ApiError> {
    Ok(Json(groups(&who).rename(id, request.name).await?))
}

async fn delete(who: Authenticated, Path(Param(id)): OneGroup) -> Result<StatusCode, ApiError> {
    groups(&who).delete(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn add_person(
    who: Authenticated,
    Path((Param(id), Param(user))): OnePerson,
) -> Result<Json<GroupDetail>, ApiError> {
    Ok(Json(groups(&who).add_person(id, user).await?))
}

async fn remove_person(who: Authenticated, Path((Param(id), Param(user))): OnePerson) -> Result<StatusCode, ApiError> {
    groups(&who).remove_person(id, user).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn of_workspace(
    who: Authenticated,
    Path(Param(workspace)): Workspace,
) -> Result<Json<WorkspaceGroups>, ApiError> {
    Ok(Json(groups(&who).of_workspace(&workspace).await?))
}

async fn set_role(
    who: Authenticated,
    Path((Param(workspace), Param(id))): OnePlace,
    Json(update): Json<GroupMemberUpdate>,
) -> Result<Json<GroupMember>, ApiError> {
    Ok(Json(groups(&who).set_role(&workspace, id, update).await?))
}

async fn take_role(who: Authenticated, Path((Param(workspace), Param(id))): OnePlace) -> Result<StatusCode, ApiError> {
    groups(&who).take_role(&workspace, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
