//! Everything a command works with, put together from the settings.

use std::{fs, path::PathBuf, time::Duration};

use engine::{Engine, EngineConfig, ObjectStorage};
use services::{
    Clock, DataLimits, DataPlane, Database, ServiceConfig, Services,
    secrets::{Keyring, MasterKeys},
};

use crate::config::{ConfigError, Settings, Source, previous_secret_key, secret_key};

/// How long closing the database may take.
const CLOSING: Duration = Duration::from_secs(5);

/// Why an instance cannot be put together; `Display` is one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the data folder {} cannot be used ({kind})", folder.display())]
    DataFolder { folder: PathBuf, kind: std::io::ErrorKind },
    #[error("the data folder {} is used by a server that is running; stop that one, or give this one another --data", folder.display())]
    InUse { folder: PathBuf },
    #[error("the database cannot be opened: {0}")]
    Database(String),
    #[error("{0}")]
    Migrate(String),
    #[error("{0}")]
    Keys(String),
    #[error("the program's own file cannot be found ({0})")]
    OwnProgram(std::io::ErrorKind),
    #[error("the store of files cannot be opened: {0}")]
    Storage(String),
    #[error("the services cannot be started: {0}")]
    Services(String),
    #[error("the database cannot be closed: {0}")]
    Close(String),
}

/// The services over a migrated database.
#[derive(Clone, Debug)]
pub struct Instance {
    pub services: Services,
    pub settings: Settings,
}

impl Instance {
    /// Opens the data folder and the database, and brings the schema up to date.
    ///
    /// # Errors
    /// The first thing an operator has to mend.
    pub async fn open(source: &Source, settings: Settings) -> Result<Self, InstanceError> {
        // Before anything is written: the key is generated in an empty folder only.
        let keys = master_keys(source, &settings)?;
        Self::with_keys(settings, keys, Clock::system(), std::env::current_exe).await
    }

    /// The same with the keys, the clock and the worker's program given; for tests.
    ///
    /// # Errors
    /// As `open`.
    pub async fn with_keys(
        settings: Settings,
        keys: impl Into<MasterKeys>,
        clock: Clock,
        worker: impl FnOnce() -> std::io::Result<PathBuf>,
    ) -> Result<Self, InstanceError> {
        let (database, _) = open_database(&settings).await?;
        let keys = Keyring::open(&database, keys.into(), clock.now())
            .await
            .map_err(|error| InstanceError::Keys(crate::cli::chain(&error)))?;
        let engine = open_engine(
            &settings,
            worker().map_err(|error| InstanceError::OwnProgram(error.kind()))?,
        )?;
        let limits = DataLimits {
            upload_bytes: settings.limits.upload_bytes,
            workspace_bytes: settings.workspace_bytes,
            workspace_files: settings.workspace_files,
            user_queries: settings.user_queries,
            cache_bytes: settings.cache_bytes,
            ..DataLimits::default()
        };
        let data = DataPlane::new(engine, settings.data.join("uploads"), limits);
        let mut config = ServiceConfig::new(settings.public_url.as_str(), keys);
        config.rate_limits = settings.rate_limits;
        config.sessions = settings.sessions;
        config.embed_bearer = settings.embed_bearer;
        config.post.clone_from(&settings.post);
        let services = Services::with_data(database, clock, config, data)
            .map_err(|error| InstanceError::Services(crate::cli::chain(&error)))?;
        Ok(Self { services, settings })
    }

    /// Closes the database in order. What was cut off may still hold a connection; it is waited for a little, and the
    /// write-ahead log is folded in at the next start.
    ///
    /// # Errors
    /// When the last writes cannot be folded into the file.
    pub async fn close(self) -> Result<(), InstanceError> {
        let database = self.services.database().clone();
        drop(self);
        match tokio::time::timeout(CLOSING, database.close()).await {
            Ok(closed) => closed.map_err(|error| InstanceError::Close(crate::cli::chain(&error))),
            Err(_) => {
                tracing::warn!("the database is still in use and is left as it is");
                Ok(())
            }
        }
    }
}

/// The master key, made on this machine's first start, and the one before where it is being replaced.
///
/// # Errors
/// When there is none, or a weak one.
pub fn master_keys(source: &Source, settings: &Settings) -> Result<MasterKeys, ConfigError> {
    Ok(MasterKeys {
        current: secret_key(source, &settings.data, settings.is_reachable_from_outside())?,
        previous: previous_secret_key(source)?,
    })
}

/// The migrated database, and the names of the migrations applied just now.
///
/// # Errors
/// When the folder cannot be made, the database does not answer, or it was written by a newer version.
pub async fn open_database(settings: &Settings) -> Result<(Database, Vec<String>), InstanceError> {
    fs::create_dir_all(&settings.data).map_err(|error| InstanceError::DataFolder {
        folder: settings.data.clone(),
        kind: error.kind(),
    })?;
    let database = connect(settings).await?;
    let applied = migrations::migrate(database.writer())
        .await
        .map_err(|error| InstanceError::Migrate(crate::cli::chain(&error)))?;
    Ok((database, applied))
}

/// The database as it is.
///
/// # Errors
/// When it does not answer.
pub async fn connect(settings: &Settings) -> Result<Database, InstanceError> {
    Database::connect(&settings.database_url).await.map_err(|error| {
        // An address that cannot be parsed is quoted, with the password in it.
        let said = crate::cli::chain(&error).replace(&settings.database_url, "DATABASE_URL");
        InstanceError::Database(said)
    })
}

fn open_engine(settings: &Settings, worker: PathBuf) -> Result<Engine, InstanceError> {
    let store =
        ObjectStorage::local(&settings.files).map_err(|error| InstanceError::Storage(crate::cli::chain(&error)))?;
    let mut config = EngineConfig::new(
        worker,
        vec!["worker".to_owned()],
        settings.data.join("temporary"),
        store,
    );
    config.workers = settings.workers;
    config.query_memory_bytes = settings.query_memory_bytes;
    config.ingest_memory_bytes = settings.ingest_memory_bytes;
    config.query_timeout = settings.query_timeout;
    config.database_egress = settings.database_egress.clone();
    config.ingest_timeout = settings.ingest_timeout;
    Ok(Engine::new(config))
}
