use services::{Clock, RollupService, dataset::DatasetService, session::DatabaseSessionStore, setup::SetupService};
use shared::{ids::RequestId, permission::Principal};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::{arguments::ServeArguments, exit::Exit, samples, sign_in_link};
use crate::{
    AppState, Instance, assets, audit_keeper,
    config::{LogConfig, Settings, Source},
    data_lock::DataLock,
    housekeeping, instance, metrics, net, router,
};

/// Set by `cargo xtask run`: a started server prints a link that signs its first admin in.
const RUN_SIGN_IN: &str = "SIGHTLINE_RUN_SIGN_IN";

pub async fn serve(arguments: ServeArguments) -> Result<(), Exit> {
    let source = Source::read()?;
    let mut settings = Settings::from_source(&source, arguments.data.data, arguments.listen)?;
    LogConfig::from_source(&source)?.install();
    metrics::start();
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|error| Exit::configuration(format!("cannot listen on {}: {}", settings.listen, error.kind())))?;
    let bound = listener
        .local_addr()
        .map_err(|error| Exit::failure(error.to_string()))?;
    settings.public_url = settings.public_url.with_bound(settings.public_url_is_given, bound);
    let tls = match &settings.tls {
        Some(files) => Some(net::Tls::open(files).map_err(|error| Exit::configuration(error.to_string()))?),
        None => None,
    };
    // Before the lock and the database write anything: a key is made in an empty folder only.
    let keys = instance::master_keys(&source, &settings)?;
    let _lock = DataLock::take(&settings.data)?;
    let instance = Instance::with_keys(settings, keys, Clock::system(), std::env::current_exe).await?;
    prepare(&instance).await?;

    let shutdown = net::Shutdown::default();
    net::signals(shutdown.clone()).map_err(|error| Exit::failure(format!("signals cannot be watched: {error}")))?;
    let state = AppState::new(instance.services.clone(), instance.settings.clone());
    if let Some(tls) = tls.clone() {
        tokio::spawn(tls.watch(shutdown.clone()));
    }
    let entrance = net::Entrance {
        listener,
        limits: instance.settings.limits,
        proxies: instance.settings.trusted_proxies.clone(),
        tls,
    };
    let served = tokio::spawn(net::serve(entrance, router(state.clone()), shutdown.clone()));
    let cleaning = tokio::spawn(housekeeping::run(instance.services.clone(), shutdown.clone()));
    let keeping = tokio::spawn(audit_keeper::run(instance.services.clone(), shutdown.clone()));
    let (services, stop) = (instance.services.clone(), shutdown.clone());
    let rolling_up = tokio::spawn(async move { RollupService::keep(&services, stop.started()).await });
    announce(&instance, arguments.demo).await?;

    shutdown.started().await;
    state.begin_end();
    tracing::info!("ending: no new connections, requests under way may finish");
    served.await.map_err(|error| Exit::failure(error.to_string()))?;
    cleaning.await.map_err(|error| Exit::failure(error.to_string()))?;
    keeping.await.map_err(|error| Exit::failure(error.to_string()))?;
    rolling_up.await.map_err(|error| Exit::failure(error.to_string()))?;
    instance.close().await?;
    tracing::info!("ended");
    Ok(())
}

/// What a killed server left is put in order before the first request.
async fn prepare(instance: &Instance) -> Result<(), Exit> {
    let swept = DatasetService::sweep_at_start(&instance.services).await?;
    if swept.uploads + swept.objects > 0 {
        tracing::info!(
            uploads = swept.uploads,
            objects = swept.objects,
            "removed what an earlier run left unfinished"
        );
    }
    if swept.foreign > 0 {
        tracing::warn!(
            objects = swept.foreign,
            "the data folder holds files of workspaces this database does not know; they are kept: is it the right database?"
        );
    }
    // What workers of a killed server were writing; the folder is this server's alone.
    let temporary = instance.settings.data.join("temporary");
    if let Err(error) = tokio::fs::remove_dir_all(&temporary).await
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "the folder of temporary files cannot be emptied");
    }
    DatabaseSessionStore::new(&instance.services).delete_expired().await?;
    Ok(())
}

/// The line that scripts wait for, and a one-time link: on an empty instance to set it up, or to its sample workspace.
/// Nothing else goes to standard output.
async fn announce(instance: &Instance, demo: bool) -> Result<(), Exit> {
    let url = instance.settings.public_url.as_str();
    let setup = SetupService::new(
        &instance.services,
        Principal::Anonymous,
        RequestId::from(Uuid::now_v7()),
    );
    let token = setup.begin().await?;
    if !assets::is_complete() {
        tracing::warn!(
            "this build has no pages: SIGHTLINE_DIST was not set when it was compiled (`cargo xtask build` sets it)"
        );
    }
    if token.is_some() && demo {
        samples::add(&instance.services).await?;
    }
    println!("Sightline is ready at {url}");
    match token {
        Some(token) if !demo => println!("Set it up (this link works once): {url}/setup?token={token}"),
        Some(_) => println!(
            "Sign in (this link works once): {}",
            sign_in_link::link(instance, &samples::email()?).await?
        ),
        None if std::env::var_os(RUN_SIGN_IN).is_some() && !instance.settings.is_reachable_from_outside() => {
            // Where the sample account was removed, people sign in with their own.
            if let Ok(link) = sign_in_link::link(instance, &samples::email()?).await {
                println!("Sign in (this link works once): {link}");
            }
        }
        None => {}
    }
    tracing::info!(url, version = env!("CARGO_PKG_VERSION"), "ready");
    Ok(())
}
