use std::io::BufRead as _;

use services::account::{NewUser, create_user};
use shared::{
    AppError,
    names::{Email, Title},
    permission::PlatformRole,
};

use super::{arguments::UserArguments, exit::Exit};
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
            password,
        },
    )
    .await?;
    println!("created {} ({})", user.email, user.platform_role.as_str());
    instance.close().await?;
    Ok(())
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
