use std::io::BufRead as _;

use services::{
    account::{NewUser, create_user},
    factor::reset_factors_of,
    people::reset_link_for,
};
use shared::{
    AppError,
    names::{Email, Title},
    permission::PlatformRole,
};

use super::{
    arguments::{EmailArguments, UserArguments},
    exit::Exit,
};
use crate::{
    Instance,
    config::{Settings, Source},
};

pub async fn create(arguments: UserArguments) -> Result<(), Exit> {
    let email =
        Email::try_from(arguments.email.as_str()).map_err(|error| Exit::configuration(format!("--email: {error}")))?;
    let name = arguments.name.as_deref().map(Title::try_from).transpose();
    let name = name.map_err(|error| Exit::configuration(format!("--name: {error}")))?;
    let role = PlatformRole::parse(&arguments.role)
        .ok_or_else(|| Exit::configuration("--role: one of admin, analyst, executive, developer"))?;
    let password = read_password()?;
    let source = Source::read()?;
    let settings = Settings::from_source(&source, arguments.data.data, None)?;
    let instance = Instance::open(&source, settings).await?;
    let user = create_user(
        &instance.services,
        NewUser {
            email,
            name,
            role,
            password: Some(password),
        },
    )
    .await?;
    println!("created {} ({})", user.email, user.platform_role.as_str());
    instance.close().await?;
    Ok(())
}

/// For whoever forgot the password where no admin can help.
pub async fn reset_link(arguments: EmailArguments) -> Result<(), Exit> {
    let (instance, email) = open(arguments).await?;
    let link = reset_link_for(&instance.services, &email).await?;
    println!("{}", link.url);
    instance.close().await?;
    Ok(())
}

/// For whoever lost phone and recovery codes where no admin can help.
pub async fn reset_factor(arguments: EmailArguments) -> Result<(), Exit> {
    let (instance, email) = open(arguments).await?;
    reset_factors_of(&instance.services, &email).await?;
    println!("{email} signs in with the password alone now");
    instance.close().await?;
    Ok(())
}

async fn open(arguments: EmailArguments) -> Result<(Instance, Email), Exit> {
    let email =
        Email::try_from(arguments.email.as_str()).map_err(|error| Exit::configuration(format!("--email: {error}")))?;
    let source = Source::read()?;
    let settings = Settings::from_source(&source, arguments.data.data, None)?;
    Ok((Instance::open(&source, settings).await?, email))
}

/// The first line of standard input, without its line end.
fn read_password() -> Result<String, Exit> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| {
        Exit::failure(format!(
            "the password cannot be read from standard input ({})",
            error.kind()
        ))
    })?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(AppError::malformed("Give the password on standard input.").into());
    }
    Ok(password.to_owned())
}
