/// One embedded file, as it is and packed at build time.
#[derive(Debug)]
pub struct Asset {
    /// What code calls it: `app.js`.
    pub name: &'static str,
    /// Below `/assets/`: `app-1f2e3d4c5b6a.js`.
    pub path: &'static str,
    pub content_type: &'static str,
    /// The address changes with the content, so that browsers may keep it for ever.
    pub immutable: bool,
    /// SHA-384, hexadecimal.
    pub digest: &'static str,
    pub plain: &'static [u8],
    pub brotli: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The asset code calls `name`.
pub fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// The asset served below `/assets/`.
pub fn served(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}

/// Whether this build can show pages: without a `SIGHTLINE_DIST` at compile time it has no assets.
pub fn is_complete() -> bool {
    !ASSETS.is_empty()
}

impl Asset {
    /// Where browsers find it.
    pub fn address(&self) -> String {
        format!("/assets/{}", self.path)
    }
}
