//! `key rotate`.

use services::secrets::{count_keys, rotate_keys};

use super::{arguments::DataArguments, exit::Exit};
use crate::{
    Instance,
    config::{Settings, Source},
    instance,
};

/// Prints how many keys were wrapped anew. Ends with code 1 when some are wrapped under a key that is not given.
pub async fn rotate(arguments: DataArguments) -> Result<(), Exit> {
    let source = Source::read()?;
    let settings = Settings::from_source(&source, arguments.data, None)?;
    let masters = instance::master_keys(&source, &settings)?;
    let instance = Instance::open(&source, settings).await?;
    let wrapped = rotate_keys(&instance.services, &masters)
        .await
        .map_err(|error| Exit::failure(super::chain(&error)))?;
    let count = count_keys(instance.services.database(), &masters)
        .await
        .map_err(|error| Exit::failure(super::chain(&error)))?;
    instance.close().await?;
    println!(
        "{wrapped} data keys were wrapped anew; all {} are under the secret key that is set now",
        count.current
    );
    println!("The key before is needed by nothing but older backups.");
    Ok(())
}
