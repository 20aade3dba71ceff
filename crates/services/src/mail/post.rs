use std::{fmt, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp,
};
use shared::{
    account::{Delivery, LetterProblem},
    names::Email,
};

use super::Letter;

/// Connecting, and each step of handing a letter over.
const PATIENCE: Duration = Duration::from_secs(10);

/// The way to the mail server. A clone is one reference count.
#[derive(Clone)]
pub struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Why the settings of mail were not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PostError(String);

impl fmt::Debug for Post {
    /// Without the password.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Post")
            .field("from", &self.from.to_string())
            .finish_non_exhaustive()
    }
}

impl Post {
    /// `url`: `smtps://user:password@host:465`, or `smtp://…:587`, which is encrypted by STARTTLS unless it ends with
    /// `?tls=none` or the host is this machine. `from`: an address, or `Name <address>`.
    ///
    /// # Errors
    /// When one of them cannot be read; the words hold nothing of the URL.
    pub fn new(url: &str, from: &str) -> Result<Self, PostError> {
        let from = from
            .parse()
            .map_err(|_| PostError("the sender is no e-mail address".to_owned()))?;
        let url = with_encryption(url)
            .ok_or_else(|| PostError("it must look like smtps://user:password@mail.example.com:465".to_owned()))?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url)
            .map_err(|_| PostError("it is no address of a mail server; a password may need %-encoding".to_owned()))?
            .timeout(Some(PATIENCE))
            .build();
        Ok(Self { transport, from })
    }

    /// Hands a letter to the mail server; waits until that has taken it, some ten seconds at most.
    pub async fn send(&self, to: &Email, letter: Letter) -> Delivery {
        let outcome = async {
            let to: Mailbox = to.as_str().parse().map_err(|_| LetterProblem::Address)?;
            let message = Message::builder()
                .from(self.from.clone())
                .to(to)
                .subject(letter.subject)
                .header(ContentType::TEXT_PLAIN)
                .body(letter.text)
                .map_err(|_| LetterProblem::Address)?;
            let handed = tokio::time::timeout(PATIENCE, self.transport.send(message)).await;
            match handed {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => {
                    tracing::warn!(%error, "the mail server did not take a letter");
                    Err(problem(&error))
                }
                Err(_) => {
                    tracing::warn!("the mail server did not answer in time");
                    Err(LetterProblem::Unreachable)
                }
            }
        };
        match outcome.await {
            Ok(()) => Delivery::Sent,
            Err(problem) => Delivery::Failed(problem),
        }
    }

    /// Connects and signs in, and sends nothing.
    ///
    /// # Errors
    /// What went wrong, for the operator.
    pub async fn look(&self) -> Result<(), PostError> {
        match tokio::time::timeout(PATIENCE, self.transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(PostError("it does not answer as a mail server does".to_owned())),
            Ok(Err(error)) => Err(PostError(error.to_string())),
            Err(_) => Err(PostError("it does not answer within 10 s".to_owned())),
        }
    }
}

fn problem(error: &smtp::Error) -> LetterProblem {
    if error.is_permanent() || error.is_transient() {
        // 530 to 538: who asks is not let in.
        match error.status().map(u16::from) {
            Some(530..=538) => LetterProblem::SignIn,
            Some(_) | None => LetterProblem::Refused,
        }
    } else if error.is_tls() {
        LetterProblem::Encryption
    } else {
        LetterProblem::Unreachable
    }
}

/// The URL as the library reads it, where `tls=required` is what has to be said.
fn with_encryption(url: &str) -> Option<String> {
    if url.starts_with("smtps://") {
        return Some(url.to_owned());
    }
    let rest = url.strip_prefix("smtp://")?;
    if let Some(plain) = rest.strip_suffix("?tls=none") {
        return Some(format!("smtp://{plain}"));
    }
    if rest.contains('?') {
        return Some(url.to_owned());
    }
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let host = host.split(['/', '?']).next().unwrap_or_default();
    let is_here = ["127.0.0.1", "localhost", "[::1]"].iter().any(|here| {
        host.strip_prefix(here)
            .is_some_and(|port| port.is_empty() || port.starts_with(':'))
    });
    let encryption = if is_here { "" } else { "?tls=required" };
    Some(format!("{url}{encryption}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_encrypted_unless_said_otherwise() {
        let cases = [
            ("smtps://a:b@mail.example.com", Some("smtps://a:b@mail.example.com")),
            (
                "smtp://mail.example.com:587",
                Some("smtp://mail.example.com:587?tls=required"),
            ),
            (
                "smtp://mail.example.com:25?tls=none",
                Some("smtp://mail.example.com:25"),
            ),
            (
                "smtp://mail.example.com?tls=opportunistic",
                Some("smtp://mail.example.com?tls=opportunistic"),
            ),
            ("smtp://127.0.0.1:1025", Some("smtp://127.0.0.1:1025")),
            (
                "smtp://localhost.example.com",
                Some("smtp://localhost.example.com?tls=required"),
            ),
            ("https://mail.example.com", None),
        ];
        for (given, read) in cases {
            assert_eq!(with_encryption(given).as_deref(), read, "{given}");
        }
    }

    #[test]
    fn no_word_holds_the_password() {
        let refused = Post::new("smtps://ann:canary 7@", "bi@example.org").unwrap_err();
        assert!(!refused.to_string().contains("canary"), "{refused}");
        let post = Post::new("smtps://ann:canary@mail.example.org", "BI <bi@example.org>").unwrap();
        assert_eq!(format!("{post:?}"), r#"Post { from: "BI <bi@example.org>", .. }"#);
        assert!(Post::new("smtps://mail.example.org", "nobody").is_err());
    }
}
