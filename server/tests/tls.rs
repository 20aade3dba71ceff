//! https without a proxy.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has to fail loudly"
)]

use std::{fs, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use axum::{Router, routing::get};
use rcgen::generate_simple_self_signed;
use server::{
    config::{Limits, Source, TlsFiles, TrustedProxies},
    net::{Entrance, Shutdown, Tls, serve},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject as _},
    },
};

/// Writes a new certificate for `localhost` and its key.
fn write_certificate(folder: &Path) -> TlsFiles {
    let made = generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let files = TlsFiles {
        certificate: folder.join("chain.pem"),
        key: folder.join("key.pem"),
    };
    fs::write(&files.certificate, made.cert.pem()).unwrap();
    fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    files
}

async fn start(files: &TlsFiles) -> (SocketAddr, Tls) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let source = Source::from_environment([]);
    let tls = Tls::open(files).unwrap();
    let entrance = Entrance {
        listener,
        limits: Limits {
            header_read: Duration::from_secs(1),
            ..Limits::from_source(&source).unwrap()
        },
        proxies: TrustedProxies::from_source(&source).unwrap(),
        tls: Some(tls.clone()),
    };
    let router = Router::new().route("/", get(|| async { "hello over https" }));
    tokio::spawn(serve(entrance, router, Shutdown::default()));
    (address, tls)
}

/// The answer to `GET /`, of a client that trusts the certificate in this file and no other.
async fn ask(address: SocketAddr, trusted: &Path) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(trusted).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn answers_come_over_tls_and_a_renewed_certificate_is_taken_up() {
    let folder = TempDir::new().unwrap();
    let files = write_certificate(folder.path());
    let (address, tls) = start(&files).await;
    let answer = ask(address, &files.certificate).await.unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello over https"),
        "{answer}"
    );
    let before = folder.path().join("before.pem");
    fs::copy(&files.certificate, &before).unwrap();
    // File systems count in steps of a few milliseconds.
    tokio::time::sleep(Duration::from_millis(20)).await;
    fs::write(&files.certificate, "no certificate").unwrap();
    tls.look();
    assert!(ask(address, &before).await.is_ok(), "the one before goes on");
    tokio::time::sleep(Duration::from_millis(20)).await;
    write_certificate(folder.path());
    tls.look();
    assert!(ask(address, &before).await.is_err());
    assert!(ask(address, &files.certificate).await.is_ok());
}

#[tokio::test]
async fn who_does_not_greet_is_let_go() {
    let folder = TempDir::new().unwrap();
    let (address, _) = start(&write_certificate(folder.path())).await;
    for sent in [
        b"".as_slice(),
        b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n",
        &[0x16, 0x03, 0x01],
    ] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(sent).await.unwrap();
        let mut rest = Vec::new();
        let ended = timeout(Duration::from_secs(10), stream.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "still open after {sent:?}");
        assert!(!rest.starts_with(b"HTTP/"), "answered in plain text");
    }
}

#[test]
fn files_that_do_not_belong_together_are_refused_with_the_reason() {
    let (one, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let files = write_certificate(one.path());
    let mixed = TlsFiles {
        key: write_certificate(other.path()).key,
        ..files.clone()
    };
    let words = |files: &TlsFiles| Tls::open(files).unwrap_err().to_string();
    assert!(words(&mixed).starts_with("certificate and key cannot be used together"));
    let missing = TlsFiles {
        certificate: one.path().join("nothing.pem"),
        ..files.clone()
    };
    assert!(
        words(&missing).contains("nothing.pem cannot be read"),
        "{}",
        words(&missing)
    );
    let swapped = TlsFiles {
        key: files.certificate.clone(),
        ..files.clone()
    };
    assert!(
        words(&swapped).contains("holds none in the PEM form"),
        "{}",
        words(&swapped)
    );
}
