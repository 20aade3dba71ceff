use std::sync::{Arc, Mutex, PoisonError};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// A mail server on this machine that takes every letter and keeps it, or refuses all (RFC 5321, as far as one client needs).
#[derive(Debug)]
pub struct MailServer {
    port: u16,
    letters: Arc<Mutex<Vec<KeptLetter>>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLetter {
    /// Of the envelope.
    pub to: Vec<String>,
    /// Headers and text, with soft line ends and `=XX` taken out.
    pub text: String,
}

impl MailServer {
    /// # Panics
    /// When no port is free.
    pub async fn start() -> Self {
        Self::start_with("250 taken").await
    }

    /// One that answers so to every recipient.
    ///
    /// # Panics
    /// As `start`.
    pub async fn start_with(recipient: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let letters = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&letters);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let kept = Arc::clone(&kept);
                // A client that leaves in the middle is none of a test's business.
                tokio::spawn(async move { talk(stream, recipient, &kept).await });
            }
        });
        Self { port, letters }
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub fn letters(&self) -> Vec<KeptLetter> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until so many have come.
    ///
    /// # Panics
    /// When they do not come within 10 s.
    pub async fn wait_for(&self, count: usize) -> Vec<KeptLetter> {
        for _ in 0..200 {
            let letters = self.letters();
            if letters.len() >= count {
                return letters;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{count} letters did not come");
    }
}

async fn talk(stream: TcpStream, recipient: &str, letters: &Mutex<Vec<KeptLetter>>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 here\r\n").await?;
    let mut to = Vec::new();
    while let Some(line) = lines.next_line().await? {
        let command = line.to_ascii_uppercase();
        let answer = if command.starts_with("EHLO") {
            "250-here\r\n250 8BITMIME".to_owned()
        } else if command.starts_with("RCPT TO:") {
            to.push(line.split(['<', '>']).nth(1).unwrap_or_default().to_owned());
            recipient.to_owned()
        } else if command == "DATA" {
            write.write_all(b"354 go on\r\n").await?;
            let mut text = String::new();
            while let Some(line) = lines.next_line().await? {
                if line == "." {
                    break;
                }
                text.push_str(&line);
                text.push('\n');
            }
            let letter = KeptLetter {
                to: std::mem::take(&mut to),
                text: readable(&text),
            };
            letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
            "250 taken".to_owned()
        } else if command == "QUIT" {
            write.write_all(b"221 bye\r\n").await?;
            return Ok(());
        } else {
            "250 so be it".to_owned()
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

/// Quoted-printable read (RFC 2045), which letters with other than ASCII letters come in.
fn readable(text: &str) -> String {
    if !text.contains("quoted-printable") {
        return text.to_owned();
    }
    let joined = text.replace("=\n", "");
    let mut bytes = Vec::with_capacity(joined.len());
    let mut rest = joined.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (first, code) {
            (b'=', Some(byte)) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
