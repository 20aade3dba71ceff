//! What a browser needs to draw a chart and nothing else: `cargo xtask bench charts` weighs it and times it in Chromium.

use chart::visual::{DrawOptions, Size, draw};
use chart::{RenderOptions, Theme, render_svg};
use serde_json::Value;
use shared::{semantic::Answer, visual::Visual};
use wasm_bindgen::prelude::wasm_bindgen;

/// A Vega-Lite specification with its data, parsed.
#[wasm_bindgen]
pub struct Specification(Value);

#[wasm_bindgen]
impl Specification {
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str) -> Result<Specification, String> {
        let parsed = serde_json::from_str(json).map_err(|error| error.to_string())?;
        Ok(Specification(parsed))
    }

    pub fn draw(&self) -> Result<String, String> {
        render_svg(&self.0, &RenderOptions::default()).map_err(|error| error.to_string())
    }
}

/// A visual of a dashboard and its answer.
#[wasm_bindgen]
pub struct Tile {
    visual: Visual,
    answer: Answer,
    theme: Theme,
}

#[wasm_bindgen]
impl Tile {
    #[wasm_bindgen(constructor)]
    pub fn new(visual: &str, answer: &str) -> Result<Tile, String> {
        Ok(Tile {
            visual: serde_json::from_str(visual).map_err(|error| error.to_string())?,
            answer: serde_json::from_str(answer).map_err(|error| error.to_string())?,
            theme: Theme::css(),
        })
    }

    pub fn draw(&self, width_px: f64, height_px: f64) -> Result<String, String> {
        let size = Size { width_px, height_px };
        let picture = draw(&self.visual, &self.answer, &self.theme, size, &DrawOptions::default())
            .map_err(|error| error.to_string())?;
        Ok(picture.svg)
    }
}
