//! The public functions: a specification in, a drawing out.

use crate::{ChartError, HitPoint, Problem, Scene, Theme};
use serde_json::Value as Json;

/// Gives the bytes behind a relative `data.url`.
pub trait DataLoader {
    /// Reads what `url` names. The address is relative and has no scheme; the loader must keep it inside its own folder.
    ///
    /// # Errors
    /// A sentence on why there are no bytes.
    fn load(&self, url: &str) -> Result<Vec<u8>, String>;
}

/// What surrounds a drawing and is not part of its specification.
#[derive(Clone, Copy, Default)]
pub struct RenderOptions<'a> {
    /// The look; `None` is Vega-Lite's own default look.
    pub theme: Option<&'a Theme>,
    /// Width in px of the whole drawing (axes, legends and titles included); it then fits as with `autosize: fit`.
    pub width_px: Option<f64>,
    /// Height in px of the whole drawing; see `width_px`.
    pub height_px: Option<f64>,
    /// Reads relative data addresses; without it a `data.url` is refused.
    pub data_loader: Option<&'a dyn DataLoader>,
    /// Put before every `id` in the SVG, so that several drawings can stand in one page.
    pub id_prefix: &'a str,
}

/// Draws a specification as SVG text.
///
/// # Errors
/// See [`ChartError`].
pub fn render_svg(spec: &Json, options: &RenderOptions) -> Result<String, ChartError> {
    render_svg_with_hits(spec, options).map(|(svg, _)| svg)
}

/// Draws a specification as SVG text and says where each row went (px from the top left corner of the SVG).
///
/// # Errors
/// See [`ChartError`].
pub fn render_svg_with_hits(spec: &Json, options: &RenderOptions) -> Result<(String, Vec<HitPoint>), ChartError> {
    let scene = render_scene(spec, options)?;
    Ok((String::new(), scene.points))
}

/// Draws a specification as a scene, from which any file format can be written.
///
/// # Errors
/// See [`ChartError`].
pub fn render_scene(spec: &Json, options: &RenderOptions) -> Result<Scene, ChartError> {
    let _ = (spec, options);
    Err(ChartError::Unsupported(vec![Problem { path: "$".into(), reason: "not supported".into() }]))
}
