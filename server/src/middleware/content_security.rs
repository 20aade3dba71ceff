use http::HeaderValue;

/// Who may show a page in a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrameAncestors {
    None,
    /// Exact origins, as stored with the embed.
    Origins(Vec<String>),
}

/// The content security policy of one page.
#[derive(Clone, Debug)]
pub struct ContentSecurity {
    /// 128 random bits, base64; scripts and style elements with it may run.
    pub nonce: String,
    pub frames: FrameAncestors,
}

impl ContentSecurity {
    /// The policy of answers that are no pages: nothing runs, nothing loads, nobody frames it.
    pub const NOTHING: &'static str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// The header's value; an origin that is no header text shuts everyone out rather than letting everyone in.
    pub fn header(&self) -> HeaderValue {
        let nonce = &self.nonce;
        let ancestors = match &self.frames {
            FrameAncestors::None => "'none'".to_owned(),
            FrameAncestors::Origins(origins) if origins.is_empty() => "'none'".to_owned(),
            FrameAncestors::Origins(origins) => origins.join(" "),
        };
        let policy = format!(
            "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
             style-src-attr 'unsafe-inline'; manifest-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
             worker-src 'self' blob:; frame-ancestors {ancestors}; base-uri 'none'; form-action 'self'; object-src 'none'"
        );
        HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static(Self::NOTHING))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_framed_by_its_own_list_only() {
        let policy = |frames| {
            ContentSecurity {
                nonce: "bm9uY2U=".to_owned(),
                frames,
            }
            .header()
        };
        let text = policy(FrameAncestors::Origins(vec![
            "https://a.example".into(),
            "https://b.example:8443".into(),
        ]));
        assert!(
            text.to_str()
                .unwrap()
                .contains("frame-ancestors https://a.example https://b.example:8443; base-uri 'none'")
        );
        assert!(
            policy(FrameAncestors::Origins(Vec::new()))
                .to_str()
                .unwrap()
                .contains("frame-ancestors 'none'")
        );
        assert_eq!(
            policy(FrameAncestors::Origins(vec!["https://a.example\n".into()])),
            ContentSecurity::NOTHING
        );
    }
}
