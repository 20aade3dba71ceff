use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Says that the server is to end; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Shutdown(CancellationToken);

impl Shutdown {
    pub fn start(&self) {
        self.0.cancel();
    }

    pub fn has_started(&self) -> bool {
        self.0.is_cancelled()
    }

    pub async fn started(&self) {
        self.0.cancelled().await;
    }
}

/// Starts the shutdown at the first SIGTERM or SIGINT (Ctrl+C). A second one ends the process at once.
///
/// # Errors
/// When the operating system does not let signals be watched.
pub fn signals(shutdown: Shutdown) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if shutdown.has_started() {
                std::process::exit(130);
            }
            shutdown.start();
        }
    });
    Ok(())
}
