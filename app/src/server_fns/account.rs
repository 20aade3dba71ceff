//! The signed-in person.

use leptos::prelude::*;
use shared::{
    account::{self, InviteInfo, ProfileUpdate, TokenCreate, TokenCreated, TokenInfo, WorkspaceCreate, WorkspaceInfo},
    ids::TokenId,
    people::ResetInfo,
};

use crate::{WireError, wire::Json};

#[server(prefix = "/api/fn", endpoint = "account/me", input = Json, output = Json)]
pub async fn me() -> Result<account::Me, WireError> {
    use super::request::{answer, request};
    answer(request(services::account::AccountService::new)?.me().await)
}

#[server(prefix = "/api/fn", endpoint = "account/update", input = Json, output = Json)]
pub async fn update_profile(update: ProfileUpdate) -> Result<account::UserInfo, WireError> {
    use super::request::{answer, request};
    answer(request(services::account::AccountService::new)?.update(update).await)
}

#[server(prefix = "/api/fn", endpoint = "account/tokens", input = Json, output = Json)]
pub async fn list_tokens() -> Result<Vec<TokenInfo>, WireError> {
    use super::request::{answer, request};
    answer(request(services::token::TokenService::new)?.list().await)
}

#[server(prefix = "/api/fn", endpoint = "account/token-create", input = Json, output = Json)]
pub async fn create_token(create: TokenCreate) -> Result<TokenCreated, WireError> {
    use super::request::{answer, request};
    answer(request(services::token::TokenService::new)?.create(create).await)
}

#[server(prefix = "/api/fn", endpoint = "account/token-revoke", input = Json, output = Json)]
pub async fn revoke_token(id: TokenId) -> Result<(), WireError> {
    use super::request::{answer, request};
    answer(request(services::token::TokenService::new)?.revoke(id).await)
}

#[server(prefix = "/api/fn", endpoint = "workspace/create", input = Json, output = Json)]
pub async fn create_workspace(create: WorkspaceCreate) -> Result<WorkspaceInfo, WireError> {
    use super::request::{answer, request};
    answer(
        request(services::workspace::WorkspaceService::new)?
            .create(create)
            .await,
    )
}

/// Whether the link of the server's console may still set it up.
#[server(prefix = "/api/fn", endpoint = "setup/check", input = Json, output = Json)]
pub async fn check_setup_link(token: String) -> Result<(), WireError> {
    use super::request::{answer, request};
    answer(request(services::setup::SetupService::new)?.check(&token).await)
}

#[server(prefix = "/api/fn", endpoint = "account/invite", input = Json, output = Json)]
pub async fn describe_invite(token: String) -> Result<InviteInfo, WireError> {
    use super::request::{answer, request};
    answer(request(services::member::MemberService::new)?.invite_info(&token).await)
}

#[server(prefix = "/api/fn", endpoint = "account/reset", input = Json, output = Json)]
pub async fn describe_reset(token: String) -> Result<ResetInfo, WireError> {
    use super::request::{answer, request};
    answer(request(services::people::ResetService::new)?.info(&token).await)
}
