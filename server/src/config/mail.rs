use std::fs;

use services::mail::Post;

use super::{ConfigError, Source, key};

/// The way to the mail server; `None` where none is named.
///
/// # Errors
/// When both the address and a file with it are given, the file cannot be read, there is no sender, or one of them is wrong.
/// The words hold nothing of the address, in which there may be a password.
pub fn mail(source: &Source) -> Result<Option<Post>, ConfigError> {
    let (given, file) = (source.given(&key::MAIL_URL), source.given(&key::MAIL_URL_FILE));
    let (url, key) = match (given, file) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => {
            return Err(ConfigError::value(
                &key::MAIL_URL_FILE,
                "give the address or a file with it, not both",
            ));
        }
        (Some(url), None) => (url.to_owned(), &key::MAIL_URL),
        (None, Some(path)) => {
            let text = fs::read_to_string(path)
                .map_err(|error| ConfigError::value(&key::MAIL_URL_FILE, format!("{path} cannot be read: {error}")))?;
            (text.trim().to_owned(), &key::MAIL_URL_FILE)
        }
    };
    let Some(from) = source.given(&key::MAIL_FROM) else {
        return Err(ConfigError::value(
            &key::MAIL_FROM,
            "letters need a sender, such as Sightline <bi@example.com>",
        ));
    };
    Post::new(&url, from)
        .map(Some)
        .map_err(|error| ConfigError::value(key, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        let read = |pairs: &[(&'static str, &str)]| {
            let source = Source::from_environment(pairs.iter().map(|(name, value)| (*name, (*value).to_owned())));
            mail(&source)
                .map(|post| post.is_some())
                .map_err(|error| error.to_string())
        };
        let (url, from) = (
            "smtps://ann:canary@mail.example.com",
            ("SIGHTLINE_MAIL_FROM", "bi@example.com"),
        );
        assert_eq!(read(&[]), Ok(false));
        assert_eq!(read(&[from]), Ok(false));
        assert_eq!(read(&[("SIGHTLINE_MAIL_URL", url), from]), Ok(true));
        for wrong in [
            read(&[("SIGHTLINE_MAIL_URL", url)]),
            read(&[("SIGHTLINE_MAIL_URL", url), ("SIGHTLINE_MAIL_FROM", "nobody")]),
            read(&[("SIGHTLINE_MAIL_URL", "https://ann:canary@mail.example.com"), from]),
            read(&[
                ("SIGHTLINE_MAIL_URL", url),
                ("SIGHTLINE_MAIL_URL_FILE", "/nowhere"),
                from,
            ]),
            read(&[("SIGHTLINE_MAIL_URL_FILE", "/nowhere"), from]),
        ] {
            let words = wrong.unwrap_err();
            assert!(
                words.starts_with("SIGHTLINE_MAIL_") && !words.contains("canary"),
                "{words}"
            );
        }
    }
}
