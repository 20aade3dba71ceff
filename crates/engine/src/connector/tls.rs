//! Encryption, and whom it is believed to be with.

use std::sync::Arc;

use rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use shared::connection::TlsMode;

use crate::connector::{DatabaseError, DatabaseFault};

/// `None`: no encryption. `certificate` (PEM) replaces the authorities that the system trusts.
pub fn connector(mode: TlsMode, certificate: Option<&str>) -> Result<Option<ClientConfig>, DatabaseError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| DatabaseError::new(DatabaseFault::Tls, error.to_string()))?;
    match mode {
        TlsMode::Off => Ok(None),
        TlsMode::Verify => {
            let roots = roots(certificate)?;
            Ok(Some(builder.with_root_certificates(roots).with_no_client_auth()))
        }
        TlsMode::Encrypt => {
            let verifier = Arc::new(Anybody(provider));
            let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
            Ok(Some(builder.with_no_client_auth()))
        }
    }
}

/// The certificates of those who are believed: of `certificate` (PEM), else of those whom the system trusts.
pub fn authorities(certificate: Option<&str>) -> Result<Vec<CertificateDer<'static>>, DatabaseError> {
    let Some(text) = certificate else {
        return Ok(rustls_native_certs::load_native_certs().certs);
    };
    let none = |detail: String| DatabaseError::new(DatabaseFault::Certificate, detail);
    let read = CertificateDer::pem_slice_iter(text.as_bytes()).collect::<Result<Vec<_>, _>>();
    let read = read.map_err(|error| none(error.to_string()))?;
    if read.is_empty() {
        return Err(none("no certificate in the text".to_owned()));
    }
    Ok(read)
}

fn roots(certificate: Option<&str>) -> Result<RootCertStore, DatabaseError> {
    let mut roots = RootCertStore::empty();
    let known = authorities(certificate)?;
    if certificate.is_none() {
        // One that cannot be read is one that is not trusted.
        roots.add_parsable_certificates(known);
        return Ok(roots);
    }
    for certificate in known {
        let added = roots.add(certificate);
        added.map_err(|error| DatabaseError::new(DatabaseFault::Certificate, error.to_string()))?;
    }
    Ok(roots)
}

/// Believes everybody, as `TlsMode::Encrypt` says; signatures are checked all the same.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
