use shared::AppError;

/// Checks an exact origin: `https://host[:port]`, lower case, no path. On a loopback instance `http` pages of this machine
/// are allowed too, for development.
///
/// # Errors
/// `Invalid` on field `origins`, naming what is wrong.
pub fn check_origin(origin: &str, loopback: bool) -> Result<(), AppError> {
    let refuse = |message: String| Err(AppError::invalid("origins", message));
    let (host, port) = match split(origin) {
        Some(Parts {
            https: true,
            host,
            port,
        }) => (host, port),
        Some(Parts {
            https: false,
            host: host @ ("localhost" | "127.0.0.1"),
            port,
        }) if loopback => (host, port),
        Some(_) => return refuse(format!("`{origin}` is not https.")),
        None => {
            return refuse(format!(
                "`{origin}` is not an origin; write it as https://host or https://host:port."
            ));
        }
    };
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.';
    let labels = host
        .split('.')
        .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    if host.is_empty() || host.len() > 253 || !host.bytes().all(legal) || !labels {
        return refuse(format!(
            "`{origin}` names no host; wildcards, paths and capital letters are not part of an origin."
        ));
    }
    match port {
        Some(port) if port.is_empty() || port.starts_with('0') || port.parse::<u16>().is_err() => {
            refuse(format!("`{origin}` has no valid port."))
        }
        Some("443") => refuse(format!(
            "`{origin}` names the default port; browsers leave it out, so leave it out here."
        )),
        Some(_) | None => Ok(()),
    }
}

struct Parts<'a> {
    https: bool,
    host: &'a str,
    port: Option<&'a str>,
}

fn split(origin: &str) -> Option<Parts<'_>> {
    let (https, rest) = match origin.strip_prefix("https://") {
        Some(rest) => (true, rest),
        None => (false, origin.strip_prefix("http://")?),
    };
    Some(match rest.split_once(':') {
        Some((host, port)) => Parts {
            https,
            host,
            port: Some(port),
        },
        None => Parts {
            https,
            host: rest,
            port: None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_https_origins_are_taken() {
        for good in [
            "https://example.com",
            "https://a-b.example.com:8443",
            "https://xn--bcher-kva.example",
        ] {
            assert!(check_origin(good, false).is_ok(), "{good}");
        }
        for bad in [
            "",
            "*",
            "https://*",
            "https://*.example.com",
            "https://example.com/",
            "https://example.com/path",
            "https://Example.com",
            "http://example.com",
            "http://localhost:8000",
            "https://example.com:443",
            "https://example.com:0",
            "https://example.com:99999",
            "https://user@example.com",
            "https://a b",
            "https://a;frame-ancestors *",
            "https://a,https://b",
            "null",
            "data:",
            "https://",
            "https://-a.example",
            "https://a..b",
        ] {
            assert!(check_origin(bad, false).is_err(), "{bad}");
        }
        assert!(check_origin("http://localhost:8000", true).is_ok());
        assert!(check_origin("http://127.0.0.1:8000", true).is_ok());
        assert!(check_origin("http://example.com", true).is_err());
    }
}
