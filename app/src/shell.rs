//! The HTML document around a page.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;
use shared::account::ThemeChoice;

/// Addresses of the static files of one browser entry, as the server embedded them (content-hashed).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    pub stylesheet: String,
    /// Preloaded: the subset that nearly every page needs.
    pub font: Option<String>,
    pub favicon: Option<String>,
    /// Web app manifest.
    pub manifest: Option<String>,
    /// JavaScript glue and WebAssembly; `None` in builds without a browser part: pages are then plain HTML.
    pub entry: Option<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub script: String,
    pub wasm: String,
}

/// The document. `theme` is the signed-in person's choice; readers of links follow their device.
pub fn shell<V: IntoView + 'static>(assets: Assets, theme: ThemeChoice, body: impl FnOnce() -> V) -> impl IntoView {
    let theme = match theme {
        ThemeChoice::Auto => None,
        ThemeChoice::Light => Some("light"),
        ThemeChoice::Dark => Some("dark"),
    };
    let Assets {
        stylesheet,
        font,
        favicon,
        manifest,
        entry,
    } = assets;
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="stylesheet" href=stylesheet />
                {font.map(|href| view! { <link rel="preload" href=href r#as="font" type="font/woff2" crossorigin="anonymous" /> })}
                {favicon.map(|href| view! { <link rel="icon" type="image/svg+xml" href=href /> })}
                {manifest.map(|href| view! { <link rel="manifest" href=href /> })}
                {entry.map(|entry| view! { <HydrationScript entry=entry /> })}
                <MetaTags />
            </head>
            <body>{body()}</body>
        </html>
    }
}

/// Starts the browser part. Leptos' own component reads files beside the executable; ours are inside it.
#[component]
fn HydrationScript(entry: Entry) -> impl IntoView {
    let start = format!(
        "import({:?}).then(m => m.default({{module_or_path: {:?}}}).then(() => early(m.hydrate)));",
        entry.script, entry.wasm
    );
    view! {
        <link rel="modulepreload" href=entry.script.clone() nonce=use_nonce() />
        <link rel="preload" href=entry.wasm.clone() r#as="fetch" type="application/wasm" crossorigin="anonymous" />
        <script nonce=use_nonce() inner_html=include_str!("early.js")></script>
        <script type="module" nonce=use_nonce() inner_html=start></script>
    }
}
