use services::session::SessionService;
use shared::{ids::RequestId, names::Email, permission::Principal};
use uuid::Uuid;

use super::{arguments::EmailArguments, exit::Exit};
use crate::{
    Instance,
    config::{Settings, Source},
};

pub async fn print(arguments: EmailArguments) -> Result<(), Exit> {
    let email =
        Email::try_from(arguments.email.as_str()).map_err(|error| Exit::configuration(format!("--email: {error}")))?;
    let source = Source::read()?;
    let settings = Settings::from_source(&source, arguments.data.data, None)?;
    let instance = Instance::open(&source, settings).await?;
    println!("{}", link(&instance, &email).await?);
    instance.close().await?;
    Ok(())
}

/// The address that signs a user in, once.
pub async fn link(instance: &Instance, email: &Email) -> Result<String, Exit> {
    let sessions = SessionService::new(
        &instance.services,
        Principal::Anonymous,
        RequestId::from(Uuid::now_v7()),
    );
    let token = sessions.sign_in_link(email).await?;
    Ok(format!(
        "{}/login/link?token={token}",
        instance.services.config().public_url
    ))
}
