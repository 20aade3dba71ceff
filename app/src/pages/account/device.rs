//! What a browser calls itself, in words people know.

const BROWSERS: [(&str, &str); 7] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
];

/// "Chrome on Windows"; what is not known is told as it was sent.
pub fn words(user_agent: Option<&str>) -> String {
    let Some(sent) = user_agent else {
        return "Unknown browser".to_owned();
    };
    let find = |list: &[(&'static str, &'static str)]| {
        list.iter().find(|(mark, _)| sent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("A program on {system}"),
        (None, None) => sent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn common_browsers_are_named() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        let edge = format!("{chrome} Edg/140.0");
        let safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1";
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        for (sent, said) in [
            (chrome, "Chrome on Windows"),
            (edge.as_str(), "Edge on Windows"),
            (safari, "Safari on Mac"),
            (phone, "Safari on iPhone"),
            (firefox, "Firefox on Linux"),
            ("curl/8.5", "curl/8.5"),
        ] {
            assert_eq!(words(Some(sent)), said);
        }
        assert_eq!(words(None), "Unknown browser");
    }
}
