//! How the text of guides is set.

use crate::marks::is_mono;
use crate::scene::{Align, Anchor, Item, Paint, Shape, Style, TextItem};
use crate::spec::Config;
use crate::text::{Font, ellipsis};
use std::sync::Arc;

/// Font, colour and limit of a text.
#[derive(Clone, Debug)]
pub struct Lettering {
    pub font: Arc<str>,
    pub size_px: f64,
    pub bold: bool,
    pub italic: bool,
    pub color: Paint,
    pub opacity: Option<f64>,
    pub limit: f64,
    pub line_height: Option<f64>,
}

impl Lettering {
    /// Defaults from a style such as `guide-label`.
    pub fn of(config: &Config, style: &str, size: f64, bold: bool) -> Lettering {
        let own = config.style(style).cloned().unwrap_or_default();
        Lettering {
            font: own
                .font
                .or_else(|| config.font.clone())
                .unwrap_or_else(|| Arc::from("sans-serif")),
            size_px: own.font_size.unwrap_or(size),
            bold: own.font_weight.unwrap_or(bold),
            italic: own.font_style.unwrap_or(false),
            color: own.fill.or(own.color).unwrap_or_else(|| Paint::css("#000")),
            opacity: own.opacity,
            limit: 0.0,
            line_height: own.line_height,
        }
    }

    pub fn set(
        mut self,
        font: &Option<Arc<str>>,
        size: Option<f64>,
        bold: Option<bool>,
        italic: Option<bool>,
        color: &Option<Paint>,
        limit: Option<f64>,
    ) -> Lettering {
        if let Some(font) = font {
            self.font = font.clone();
        }
        self.size_px = size.unwrap_or(self.size_px);
        self.bold = bold.unwrap_or(self.bold);
        self.italic = italic.unwrap_or(self.italic);
        if let Some(color) = color {
            self.color = color.clone();
        }
        self.limit = limit.unwrap_or(self.limit);
        self
    }

    pub fn line_height_px(&self) -> f64 {
        self.line_height.unwrap_or(self.size_px + 2.0)
    }

    /// Text at a point.
    pub fn item(
        &self,
        config: &Config,
        lines: &[String],
        at: (f64, f64),
        angle: f64,
        align: Align,
        anchor: Anchor,
    ) -> Item {
        let font = Font {
            table: config.widths,
            size_px: self.size_px,
            bold: self.bold,
            mono: is_mono(&self.font),
        };
        let cut: Vec<(String, f64)> = lines.iter().map(|l| ellipsis(l, font, self.limit)).collect();
        let text = TextItem {
            width_px: cut.iter().map(|c| c.1).fold(0.0, f64::max),
            lines: cut.into_iter().map(|c| c.0).collect(),
            dx: 0.0,
            dy: 0.0,
            angle,
            align,
            anchor,
            font: self.font.clone(),
            size_px: self.size_px,
            line_height_px: self.line_height_px(),
            bold: self.bold,
            italic: self.italic,
        };
        let style = Style {
            fill: Some(self.color.clone()),
            opacity: self.opacity,
            ..Style::default()
        };
        Item::new(
            Shape::Text {
                x: at.0,
                y: at.1,
                text: Box::new(text),
            },
            style,
        )
    }
}
