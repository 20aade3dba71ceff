use app::{Assets, Entry};
use http::{HeaderValue, header};
use leptos::{nonce::use_nonce, prelude::use_context};
use leptos_axum::ResponseOptions;

use crate::{
    assets,
    middleware::{ContentSecurity, FrameAncestors},
};

/// The embedded files of one browser entry: `app` or `reader`.
pub fn entry(name: &str) -> Assets {
    let address = |name: &str| assets::find(name).map(assets::Asset::address);
    let script = address(&format!("{name}.js"));
    let wasm = address(&format!("{name}_bg.wasm"));
    Assets {
        stylesheet: address("app.css").unwrap_or_default(),
        font: address("fonts/inter-latin.woff2"),
        favicon: address("favicon.svg"),
        manifest: address("manifest.webmanifest"),
        entry: script.zip(wasm).map(|(script, wasm)| Entry { script, wasm }),
    }
}

/// Inside a page's context: sets the policy that names this page's own nonce.
pub fn send_policy(frames: FrameAncestors) {
    let (Some(options), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce()) else {
        return;
    };
    let policy = ContentSecurity {
        nonce: nonce.to_string(),
        frames,
    };
    options.insert_header(header::CONTENT_SECURITY_POLICY, policy.header());
    options.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
}
