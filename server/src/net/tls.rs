use std::{
    fmt,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem, pem::PemObject as _},
        server::{ClientHello, ResolvesServerCert},
        sign::CertifiedKey,
    },
    server::TlsStream,
};

use super::Shutdown;
use crate::config::TlsFiles;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(60);

/// TLS 1.2 and 1.3 of the server's own. A renewed certificate is taken up without a restart.
#[derive(Clone)]
pub struct Tls {
    files: TlsFiles,
    acceptor: TlsAcceptor,
    current: Arc<Current>,
}

/// Why a certificate cannot be used; `Display` is one clear line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("the certificate {} cannot be read: {reason}", .file.display())]
    Certificate { file: std::path::PathBuf, reason: String },
    #[error("the key {} cannot be read: {reason}", .file.display())]
    Key { file: std::path::PathBuf, reason: String },
    #[error("certificate and key cannot be used together: {0}")]
    Unusable(#[from] rustls::Error),
}

#[derive(Debug)]
struct Current(RwLock<Loaded>);

#[derive(Clone, Debug)]
struct Loaded {
    certified: Arc<CertifiedKey>,
    /// Of certificate and key; `None` where the file system does not tell.
    changed: [Option<SystemTime>; 2],
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.get().certified)
    }
}

impl Current {
    fn get(&self) -> Loaded {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Tls {
    /// # Errors
    /// When a file is missing, holds something else, or the key is not that of the certificate.
    pub fn open(files: &TlsFiles) -> Result<Self, TlsError> {
        let current = Arc::new(Current(RwLock::new(load(files)?)));
        let mut config = ServerConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::<Current>::clone(&current));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            files: files.clone(),
            acceptor: TlsAcceptor::from(Arc::new(config)),
            current,
        })
    }

    /// Greets a client.
    ///
    /// # Errors
    /// When it does not speak TLS, or speaks another.
    pub async fn accept<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> std::io::Result<TlsStream<S>> {
        self.acceptor.accept(stream).await
    }

    /// Looks at the files once a minute, until the shutdown starts.
    pub async fn watch(self, shutdown: Shutdown) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = shutdown.started() => return,
            }
            self.look();
        }
    }

    /// Takes the files up where they have changed. What cannot be used leaves the certificate that was there.
    pub fn look(&self) {
        if changed(&self.files) == self.current.get().changed {
            return;
        }
        match load(&self.files) {
            Ok(loaded) => {
                *self.current.0.write().unwrap_or_else(PoisonError::into_inner) = loaded;
                tracing::info!(file = %self.files.certificate.display(), "the certificate was read again");
            }
            Err(error) => tracing::error!(%error, "the new certificate is not used, the one before goes on"),
        }
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Tls")
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

fn load(files: &TlsFiles) -> Result<Loaded, TlsError> {
    // Before the reading: a change in between is seen at the next look.
    let changed = changed(files);
    let unreadable = |error: pem::Error| TlsError::Certificate {
        file: files.certificate.clone(),
        reason: words(&error),
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect)
        .map_err(unreadable)?;
    if chain.is_empty() {
        return Err(unreadable(pem::Error::NoItemsFound));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| TlsError::Key {
        file: files.key.clone(),
        reason: words(&error),
    })?;
    let certified = CertifiedKey::from_der(chain, key, &ring::default_provider())?;
    Ok(Loaded {
        certified: Arc::new(certified),
        changed,
    })
}

fn changed(files: &TlsFiles) -> [Option<SystemTime>; 2] {
    let of = |file: &Path| file.metadata().and_then(|file| file.modified()).ok();
    [of(&files.certificate), of(&files.key)]
}

fn words(error: &pem::Error) -> String {
    match error {
        pem::Error::NoItemsFound => "it holds none in the PEM form (-----BEGIN …)".to_owned(),
        pem::Error::Io(error) => error.kind().to_string(),
        other => format!("{other:?}"),
    }
}
