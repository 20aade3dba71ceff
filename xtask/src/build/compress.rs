//! Brotli and gzip, made once at build time instead of per request.

use std::io::Write as _;

use super::{asset::Asset, cache::Cache};
use crate::{
    failure::{Failure, Outcome},
    workspace::Profile,
};

/// The compressed forms of one file; `None` where compression does not pay.
#[derive(Debug, Default)]
pub struct Compressed {
    /// For `Content-Encoding: br`.
    pub brotli: Option<Vec<u8>>,
    /// For `Content-Encoding: gzip`.
    pub gzip: Option<Vec<u8>>,
}

/// Compresses an asset unless its format is compressed already.
pub fn compress(asset: &Asset, profile: Profile, cache: &Cache) -> Outcome<Compressed> {
    if matches!(asset.content_type, "font/woff2" | "image/png" | "application/pdf") {
        return Ok(Compressed::default());
    }
    let quality = match profile {
        Profile::Dev => 5,
        Profile::Release => 11,
    };
    let content = asset.content.as_slice();
    let brotli = cache.file("brotli", &[&[quality], content], || brotli(content, quality))?;
    let gzip = cache.file("gzip", &[&[quality], content], || gzip(content, profile))?;
    let worth = |packed: &Vec<u8>| packed.len() < content.len();
    Ok(Compressed {
        brotli: Some(brotli).filter(worth),
        gzip: Some(gzip).filter(worth),
    })
}

fn brotli(content: &[u8], quality: u8) -> Outcome<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: i32::from(quality),
        lgwin: 24,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    let mut input = content;
    brotli::BrotliCompress(&mut input, &mut packed, &parameters)
        .map_err(|error| Failure::new(format!("brotli: {error}")))?;
    Ok(packed)
}

fn gzip(content: &[u8], profile: Profile) -> Outcome<Vec<u8>> {
    let level = match profile {
        Profile::Dev => flate2::Compression::fast(),
        Profile::Release => flate2::Compression::best(),
    };
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
    let packed = encoder.write_all(content).and_then(|()| encoder.finish());
    packed.map_err(|error| Failure::new(format!("gzip: {error}")))
}
