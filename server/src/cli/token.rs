use services::TokenService;
use shared::{
    account::TokenCreate,
    ids::RequestId,
    names::{Email, Title},
    permission::{Principal, Scope},
    share::Lifetime,
};
use uuid::Uuid;

use super::{arguments::TokenArguments, exit::Exit};
use crate::{
    Instance,
    config::{Settings, Source},
};

pub async fn create(arguments: TokenArguments) -> Result<(), Exit> {
    let wrong = |option: &str, problem: String| Exit::configuration(format!("{option}: {problem}"));
    let email = Email::try_from(arguments.email.as_str()).map_err(|error| wrong("--email", error.to_string()))?;
    let name = Title::try_from(arguments.name.as_str()).map_err(|error| wrong("--name", error.to_string()))?;
    let expires_in = Lifetime::parse(&arguments.expires).ok_or_else(|| {
        wrong(
            "--expires",
            format!("`{}` is no time span such as 12h or 30d", arguments.expires),
        )
    })?;
    let scopes = arguments.scope.iter().map(|text| {
        Scope::parse(text.trim())
            .ok_or_else(|| wrong("--scope", format!("`{text}` is not one of read, write, share, manage")))
    });
    let create = TokenCreate {
        name,
        expires_in: Some(expires_in),
        scopes: scopes.collect::<Result<_, _>>()?,
    };
    let source = Source::read()?;
    let settings = Settings::from_source(&source, arguments.data.data, None)?;
    let instance = Instance::open(&source, settings).await?;
    let tokens = TokenService::new(
        &instance.services,
        Principal::Anonymous,
        RequestId::from(Uuid::now_v7()),
    );
    let created = tokens.create_for_email(&email, create).await?;
    println!("{}", created.token);
    instance.close().await?;
    Ok(())
}
