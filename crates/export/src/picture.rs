//! Pictures within a drawing: those that are in it, as data URIs.

use base64::Engine as _;
use chart::{
    Scene,
    scene::{Group, Mark, Shape},
};

use crate::ExportError;

/// Most pixels of all pictures within a drawing together: what unpacking them costs has a bound, whatever they are packed to.
const MOST_PIXELS: u64 = 64_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Png,
    Jpeg,
}

/// A picture, still packed.
#[derive(Debug)]
pub struct Picture {
    pub format: Format,
    pub bytes: Vec<u8>,
    /// Pixels.
    pub width: u64,
    /// Pixels.
    pub height: u64,
}

/// Which format these bytes are of; what they are called does not matter.
pub fn format(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(Format::Png)
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some(Format::Jpeg)
    } else {
        None
    }
}

/// The picture that the address itself holds. `None` for any other address, which is never opened, and for other formats.
pub fn read(href: &str) -> Option<Picture> {
    let data = href.strip_prefix("data:image/")?;
    let (_, text) = data.split_once(";base64,")?;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text.trim()).ok()?;
    let format = format(&bytes)?;
    let size = imagesize::blob_size(&bytes).ok()?;
    Some(Picture {
        format,
        bytes,
        width: u64::try_from(size.width).ok()?,
        height: u64::try_from(size.height).ok()?,
    })
}

/// Refuses pictures that would take too much room when unpacked.
///
/// # Errors
/// [`ExportError::Pictures`].
pub fn check(scene: &Scene) -> Result<(), ExportError> {
    let pixels = group_pixels(&scene.root);
    if pixels > MOST_PIXELS {
        return Err(ExportError::Pictures {
            pixels,
            most: MOST_PIXELS,
        });
    }
    Ok(())
}

fn group_pixels(group: &Group) -> u64 {
    let marks = group.marks.iter().map(|mark| match mark {
        Mark::Items { items, .. } => items
            .iter()
            .map(|item| shape_pixels(&item.shape))
            .fold(0, u64::saturating_add),
        Mark::Groups { groups, .. } => groups.iter().map(group_pixels).fold(0, u64::saturating_add),
    });
    marks.fold(0, u64::saturating_add)
}

/// Each place counts, also of one and the same picture: it is unpacked as often as it is drawn.
fn shape_pixels(shape: &Shape) -> u64 {
    match shape {
        Shape::Image { href, .. } => read(href).map_or(0, |picture| picture.width.saturating_mul(picture.height)),
        Shape::Path { .. } | Shape::Placed { .. } | Shape::Line { .. } | Shape::Text { .. } => 0,
    }
}
