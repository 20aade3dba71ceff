use super::{arguments::DataArguments, exit::Exit};
use crate::{
    config::{Settings, Source},
    instance,
};

pub async fn migrate(arguments: DataArguments) -> Result<(), Exit> {
    let source = Source::read()?;
    let settings = Settings::from_source(&source, arguments.data, None)?;
    let (database, applied) = instance::open_database(&settings).await?;
    for name in &applied {
        println!("applied {name}");
    }
    println!("the schema is up to date ({} migrations applied)", applied.len());
    database
        .close()
        .await
        .map_err(|error| Exit::failure(super::exit::chain(&error)))
}
