use services::{
    DemoService, Services, WorkspaceSelector, WorkspaceService,
    account::{NewUser, create_user},
};
use shared::{
    account::WorkspaceCreate,
    ids::RequestId,
    names::{Email, Slug, Title},
    permission::{PlatformRole, Principal, UserPrincipal},
};
use uuid::Uuid;

use super::exit::Exit;

/// Whom the sample workspace belongs to.
///
/// # Errors
/// Never: the address is one.
pub fn email() -> Result<Email, Exit> {
    Email::try_from("demo@example.com").map_err(|error| Exit::failure(error.to_string()))
}

/// Makes an account that only a link signs in (it has no password), and its sample workspace.
pub async fn add(services: &Services) -> Result<(), Exit> {
    let failed = |error: shared::names::NameError| Exit::failure(error.to_string());
    let new = NewUser {
        email: email()?,
        name: Some(Title::try_from("Demo").map_err(failed)?),
        role: PlatformRole::Admin,
        password: None,
    };
    let user = create_user(services, new).await?;
    let principal = Principal::User(UserPrincipal {
        user_id: user.id,
        platform_role: user.platform_role,
        scopes: None,
        token_id: None,
        proved_at: None,
    });
    let request_id = RequestId::from(Uuid::now_v7());
    let create = WorkspaceCreate {
        title: Title::try_from("Sample").map_err(failed)?,
        slug: Some(Slug::try_from("sample").map_err(failed)?),
    };
    let workspace = WorkspaceService::new(services, principal.clone(), request_id)
        .create(create)
        .await?;
    let samples = DemoService::new(services, principal, request_id);
    samples.add_sample_data(&WorkspaceSelector::Id(workspace.id)).await?;
    Ok(())
}
