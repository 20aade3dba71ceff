//! One file of the `dist` folder, before it is written.

use sha2::{Digest, Sha256};

use crate::failure::{Outcome, fail};

/// A file the server will answer.
#[derive(Clone, Debug)]
pub struct Asset {
    /// What code and style sheets call it: `app.js`, `fonts/inter-latin.woff2`.
    pub name: String,
    /// Where it is served, below the assets' address: `app-1f2e3d4c5b6a.js`. The same as `name` if that must not change.
    pub path: String,
    /// The `Content-Type` header.
    pub content_type: &'static str,
    /// What is served when no compression is asked for.
    pub content: Vec<u8>,
}

impl Asset {
    /// An asset named by its content, so that browsers may keep it for ever.
    pub fn hashed(name: &str, content: Vec<u8>) -> Outcome<Self> {
        let (stem, extension) = split(name);
        let path = format!("{stem}-{}.{extension}", fingerprint(&[&content]));
        Ok(Self {
            name: name.to_owned(),
            path,
            content_type: content_type(name)?,
            content,
        })
    }

    /// An asset that others find under this very name.
    pub fn fixed(name: &str, content: Vec<u8>) -> Outcome<Self> {
        Ok(Self {
            name: name.to_owned(),
            path: name.to_owned(),
            content_type: content_type(name)?,
            content,
        })
    }

    /// Whether the address changes with the content.
    pub fn is_immutable(&self) -> bool {
        self.name != self.path
    }
}

fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('.').unwrap_or((name, "bin"))
}

/// The first 12 hexadecimal digits of the parts' SHA-256; each part's length is hashed with it.
pub fn fingerprint(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn content_type(name: &str) -> Outcome<&'static str> {
    Ok(match split(name).1 {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "csv" => "text/csv; charset=utf-8",
        "pdf" => "application/pdf",
        other => fail!("no content type is known for `.{other}` ({name}); add it to xtask/src/build/asset.rs"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_names_keep_folder_and_ending_and_follow_the_content() {
        let one = Asset::hashed("fonts/inter.woff2", b"one".to_vec()).unwrap();
        let two = Asset::hashed("fonts/inter.woff2", b"two".to_vec()).unwrap();
        assert!(one.path.starts_with("fonts/inter-") && one.path.ends_with(".woff2"));
        assert_ne!(one.path, two.path);
        assert!(one.is_immutable() && !Asset::fixed("robots.txt", Vec::new()).unwrap().is_immutable());
    }

    #[test]
    fn fingerprints_tell_where_a_part_ends() {
        assert_ne!(fingerprint(&[b"ab", b"c"]), fingerprint(&[b"a", b"bc"]));
    }
}
