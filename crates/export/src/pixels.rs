//! Pixels: the SVG of the scene, painted by resvg, packed as PNG.

use std::{error::Error, io::Write as _, sync::Arc};

use chart::Scene;
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{FontResolver, FontStyle, ImageHrefResolver, ImageKind, Options, Tree},
};

use crate::{
    ExportError,
    fonts::{Face, embedded, system},
    literal::literal,
    picture::{self, Format},
    pieces::in_single_fonts,
};

/// Most pixels of one picture; 4 bytes each while it is painted, and as much again for what is cut or see-through as a whole.
pub const MAX_PIXELS: u64 = 64_000_000;
/// Least and most pixels per px.
pub const SCALES: std::ops::RangeInclusive<f64> = 0.1..=10.0;
/// Pixels per metre at a scale of 1: a px is 1/96 inch.
const PIXELS_PER_METRE: f64 = 96.0 / 0.0254;

/// How pixels are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PngOptions {
    /// Pixels per px, from 0.1 to 10.
    pub scale: f64,
}

impl Default for PngOptions {
    fn default() -> Self {
        PngOptions { scale: 1.0 }
    }
}

/// Draws a scene as a PNG file of `scale` times its size, rounded to whole pixels.
///
/// # Errors
/// A scale or a size out of bounds, a colour that only a page knows, or a drawing that resvg does not take.
pub fn png(scene: &Scene, options: &PngOptions) -> Result<Vec<u8>, ExportError> {
    let (width, height) = size(scene, options.scale)?;
    picture::check(scene)?;
    let svg = chart::write_svg(&in_single_fonts(literal(scene)?));
    let tree = Tree::from_str(&svg, &reading()).map_err(|error| ExportError::Pixels(Box::new(error)))?;
    let mut pixmap = Pixmap::new(width, height).ok_or(ExportError::NoSize {
        width_px: scene.width_px,
        height_px: scene.height_px,
    })?;
    // What the drawing calls its size is not always the size it was rounded to.
    let (across, down) = (
        f64::from(width) / f64::from(tree.size().width()),
        f64::from(height) / f64::from(tree.size().height()),
    );
    resvg::render(
        &tree,
        Transform::from_scale(across as f32, down as f32),
        &mut pixmap.as_mut(),
    );
    pack(pixmap, options.scale).map_err(ExportError::Pixels)
}

/// Width and height in pixels.
fn size(scene: &Scene, scale: f64) -> Result<(u32, u32), ExportError> {
    if !SCALES.contains(&scale) {
        return Err(ExportError::Scale(scale));
    }
    let sides = [scene.width_px, scene.height_px];
    if !sides.iter().all(|side| side.is_finite() && *side > 0.0) {
        return Err(ExportError::NoSize {
            width_px: scene.width_px,
            height_px: scene.height_px,
        });
    }
    // Casts of floats stop at the ends of their type.
    let [width, height] = sides.map(|side| (side * scale).round().max(1.0) as u32);
    let (wide, high) = (u64::from(width), u64::from(height));
    if wide * high > MAX_PIXELS {
        return Err(ExportError::TooLarge {
            width: wide,
            height: high,
            most: MAX_PIXELS,
        });
    }
    Ok((width, height))
}

/// How the SVG is read: all text in the embedded typeface, no file and no address opened.
fn reading() -> Options<'static> {
    let select = |font: &resvg::usvg::Font, _: &mut Arc<_>| {
        let italic = match font.style() {
            FontStyle::Normal => false,
            FontStyle::Italic | FontStyle::Oblique => true,
        };
        embedded().id(Face::of(font.weight() >= 600, italic))
    };
    Options {
        fontdb: Arc::clone(&embedded().database),
        font_resolver: FontResolver {
            select_font: Box::new(select),
            select_fallback: Box::new(|character, used, database| {
                let face = used.first().and_then(|id| embedded().face(*id))?;
                let own = embedded().id(face.upright()).filter(|id| !used.contains(id));
                let has = |_: &_| {
                    embedded()
                        .loaded(face.upright())
                        .is_some_and(|font| font.has(character))
                };
                if let Some(own) = own.filter(has) {
                    return Some(own);
                }
                let found = system().find(character, face, used)?;
                *database = Arc::clone(&system().database);
                Some(found)
            }),
        },
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, bytes, _| match picture::format(&bytes)? {
                Format::Png => Some(ImageKind::PNG(bytes)),
                Format::Jpeg => Some(ImageKind::JPEG(bytes)),
            }),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    }
}

/// Packs pixels; without opacities when all are opaque, which is a quarter less.
fn pack(pixmap: Pixmap, scale: f64) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let (width, height) = (pixmap.width(), pixmap.height());
    let bytes = pixmap.take_demultiplied();
    let opaque = bytes.chunks_exact(4).all(|pixel| pixel.last() == Some(&u8::MAX));
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(if opaque {
        png::ColorType::Rgb
    } else {
        png::ColorType::Rgba
    });
    encoder.set_depth(png::BitDepth::Eight);
    // Packing harder took half of the whole time, for files a third smaller.
    encoder.set_compression(png::Compression::Fast);
    let density = (PIXELS_PER_METRE * scale).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: density,
        yppu: density,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header()?;
    let mut rows = writer.stream_writer()?;
    let mut row = Vec::new();
    // Row by row, so that large pictures are not in memory once more.
    for pixels in bytes.chunks_exact(4 * width as usize) {
        if opaque {
            row.clear();
            for pixel in pixels.chunks_exact(4) {
                row.extend_from_slice(pixel.get(..3).unwrap_or_default());
            }
            rows.write_all(&row)?;
        } else {
            rows.write_all(pixels)?;
        }
    }
    rows.finish()?;
    writer.finish()?;
    Ok(file)
}
