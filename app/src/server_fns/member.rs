//! The people of a workspace.

use leptos::prelude::*;
use shared::{
    account::{InviteCreate, InviteCreated, MemberAdd, MemberInfo, MemberUpdate, OpenInvite},
    ids::{InviteId, UserId},
};

use crate::{WireError, wire::Json};

#[server(prefix = "/api/fn", endpoint = "member/list", input = Json, output = Json)]
pub async fn list_members(workspace: String) -> Result<Vec<MemberInfo>, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(request(services::MemberService::new)?.list(&workspace).await)
}

#[server(prefix = "/api/fn", endpoint = "member/add", input = Json, output = Json)]
pub async fn add_member(workspace: String, add: MemberAdd) -> Result<MemberInfo, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(request(services::MemberService::new)?.add(&workspace, add).await)
}

#[server(prefix = "/api/fn", endpoint = "member/update", input = Json, output = Json)]
pub async fn update_member(workspace: String, user: UserId, update: MemberUpdate) -> Result<MemberInfo, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::MemberService::new)?
            .update(&workspace, user, update)
            .await,
    )
}

#[server(prefix = "/api/fn", endpoint = "member/remove", input = Json, output = Json)]
pub async fn remove_member(workspace: String, user: UserId) -> Result<(), WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(request(services::MemberService::new)?.remove(&workspace, user).await)
}

/// Those that nobody has taken up yet.
#[server(prefix = "/api/fn", endpoint = "invite/list", input = Json, output = Json)]
pub async fn list_invites(workspace: String) -> Result<Vec<OpenInvite>, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(request(services::MemberService::new)?.open_invites(&workspace).await)
}

#[server(prefix = "/api/fn", endpoint = "invite/create", input = Json, output = Json)]
pub async fn create_invite(workspace: String, new: InviteCreate) -> Result<InviteCreated, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(request(services::MemberService::new)?.invite(&workspace, new).await)
}

#[server(prefix = "/api/fn", endpoint = "invite/revoke", input = Json, output = Json)]
pub async fn revoke_invite(workspace: String, id: InviteId) -> Result<(), WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    answer(
        request(services::MemberService::new)?
            .revoke_invite(&workspace, id)
            .await,
    )
}
