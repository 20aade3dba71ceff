//! How the text of guides is set.

use crate::marks::is_mono;
use crate::scene::{Align, Anchor, Item, Paint, Shape, Style, TextItem};
use crate::spec::Config;
use crate::text::{Font, cut_lines};
use crate::theme::WidthTable;
use std::sync::Arc;

/// Font, colour and limit of a text.
#[derive(Clone, Debug)]
pub struct Lettering {
    font: Arc<str>,
    widths: WidthTable,
    pub size_px: f64,
    bold: bool,
    italic: bool,
    /// Colour and opacity, which all texts share.
    style: Arc<Style>,
    limit: f64,
    pub line_height: Option<f64>,
}

impl Lettering {
    /// Defaults from a style such as `guide-label`.
    pub fn of(config: &Config, style: &str, size: f64, bold: bool) -> Lettering {
        let own = config.style(style);
        let font = own.and_then(|own| own.font.as_ref()).or(config.font.as_ref());
        let color = own.and_then(|own| own.fill.as_ref().or(own.color.as_ref()));
        Lettering {
            font: font.cloned().unwrap_or_else(|| Arc::from("sans-serif")),
            widths: config.widths,
            size_px: own.and_then(|own| own.font_size).unwrap_or(size),
            bold: own.and_then(|own| own.font_weight).unwrap_or(bold),
            italic: own.and_then(|own| own.font_style).unwrap_or(false),
            style: Arc::new(Style {
                fill: Some(color.cloned().unwrap_or_else(|| Paint::css("#000"))),
                opacity: own.and_then(|own| own.opacity),
                ..Style::default()
            }),
            limit: 0.0,
            line_height: own.and_then(|own| own.line_height),
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
            Arc::make_mut(&mut self.style).fill = Some(color.clone());
        }
        self.limit = limit.unwrap_or(self.limit);
        self
    }

    pub fn set_opacity(&mut self, opacity: Option<f64>) {
        if opacity.is_some() {
            Arc::make_mut(&mut self.style).opacity = opacity;
        }
    }

    pub fn line_height_px(&self) -> f64 {
        self.line_height.unwrap_or(self.size_px + 2.0)
    }

    /// Text at a point.
    pub fn item(&self, mut lines: Vec<String>, at: (f64, f64), angle: f64, align: Align, anchor: Anchor) -> Item {
        let font = Font {
            table: self.widths,
            size_px: self.size_px,
            bold: self.bold,
            mono: is_mono(&self.font),
        };
        let text = TextItem {
            width_px: cut_lines(&mut lines, font, self.limit),
            lines,
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
        Item::new(
            Shape::Text {
                x: at.0,
                y: at.1,
                text: Box::new(text),
            },
            self.style.clone(),
        )
    }
}
