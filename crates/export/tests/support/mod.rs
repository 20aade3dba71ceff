//! Scenes to draw, and files to look into.

// Each test file uses some of it.
#![allow(dead_code)]

use std::{io::Cursor, sync::Arc};

use base64::Engine as _;
use chart::{
    RenderOptions, Scene, Theme,
    scene::{Align, Anchor, Gradient, GradientStop, Group, Item, Mark, MarkType, Paint, Rect, Shape, Style, TextItem},
};
use serde_json::{Value, json};

/// Two bars, titles on the axes and on the whole.
pub fn bars() -> Value {
    json!({
        "title": "Orders and returns",
        "width": 200, "height": 120,
        "data": {"values": [{"kind": "Orders", "count": 28}, {"kind": "Returns", "count": 14}]},
        "mark": {"type": "bar", "color": "#3366cc"},
        "encoding": {
            "x": {"field": "kind", "type": "nominal", "title": "Kind of event"},
            "y": {"field": "count", "type": "quantitative", "title": "Number of events"}
        }
    })
}

/// Filled from left to right with these colours at these parts of the way.
pub fn graded(stops: &[(f64, &str)]) -> Style {
    let stop = |(offset, color): &(f64, &str)| GradientStop {
        offset: *offset,
        color: Arc::from(*color),
    };
    Style {
        fill: Some(Paint::Gradient(Arc::new(Gradient {
            from: (0.0, 0.0),
            to: (1.0, 0.0),
            stops: stops.iter().map(stop).collect(),
        }))),
        ..Style::default()
    }
}

pub fn scene(specification: &Value) -> Scene {
    themed(specification, &Theme::light())
}

pub fn themed(specification: &Value, theme: &Theme) -> Scene {
    let options = RenderOptions {
        theme: Some(theme),
        ..RenderOptions::default()
    };
    chart::render_scene(specification, &options).unwrap()
}

/// A white page of 200 × 100 px with these items on it.
pub fn page(items: Vec<Item>) -> Scene {
    let mark = Mark::Items {
        kind: MarkType::Shape,
        role: "mark",
        name: String::new(),
        items,
        clip: false,
        description: "",
    };
    Scene {
        width_px: 200.0,
        height_px: 100.0,
        background: Some(Paint::css("white")),
        root: Group {
            marks: vec![mark],
            ..Group::default()
        },
        ..Scene::default()
    }
}

pub fn filled(css: &str) -> Style {
    Style {
        fill: Some(Paint::css(css)),
        ..Style::default()
    }
}

pub fn text(words: &str, x: f64, y: f64) -> Item {
    let text = TextItem {
        lines: words.split('\n').map(str::to_owned).collect(),
        dx: 0.0,
        dy: 0.0,
        angle: 0.0,
        align: Align::Left,
        anchor: Anchor::Alphabetic,
        font: Arc::from("sans-serif"),
        size_px: 16.0,
        line_height_px: 18.0,
        bold: false,
        italic: false,
        width_px: 8.0 * words.len() as f64,
    };
    let shape = Shape::Text {
        x,
        y,
        text: Box::new(text),
    };
    Item::new(shape, filled("black"))
}

pub fn with_text(mut item: Item, change: impl FnOnce(&mut TextItem)) -> Item {
    if let Shape::Text { text, .. } = &mut item.shape {
        change(text);
    }
    item
}

/// A rectangle of 100 × 50 px at (50, 25).
pub fn rectangle(style: Style) -> Item {
    let shape = Shape::Path {
        d: "M50,25h100v50h-100Z".to_owned(),
        bounds: Rect::new(50.0, 25.0, 150.0, 75.0),
    };
    Item::new(shape, style)
}

pub fn image(href: &str) -> Item {
    let shape = Shape::Image {
        x: 50.0,
        y: 25.0,
        width: 100.0,
        height: 50.0,
        href: Arc::from(href),
    };
    Item::new(shape, Style::default())
}

/// A picture of one colour as a data URI.
pub fn data_uri(width: u32, height: u32, colour: [u8; 3]) -> String {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    let pixels = usize::try_from(width * height).unwrap();
    writer.write_image_data(&colour.repeat(pixels)).unwrap();
    writer.finish().unwrap();
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    format!("data:image/png;base64,{text}")
}

/// Unpacked pixels.
pub struct Pixels {
    pub width: u32,
    pub height: u32,
    channels: usize,
    bytes: Vec<u8>,
}

impl Pixels {
    pub fn of(file: &[u8]) -> Pixels {
        assert!(file.starts_with(b"\x89PNG\r\n\x1a\n"));
        let mut reader = png::Decoder::new(Cursor::new(file)).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut bytes).unwrap();
        Pixels {
            width: frame.width,
            height: frame.height,
            channels: frame.color_type.samples(),
            bytes,
        }
    }

    /// Red, green and blue at a place in pixels.
    pub fn at(&self, x: f64, y: f64) -> [u8; 3] {
        let (x, y) = (x as usize, y as usize);
        let start = (y * self.width as usize + x) * self.channels;
        self.bytes[start..start + 3].try_into().unwrap()
    }

    /// How many pixels are darker than middle grey.
    pub fn dark(&self) -> usize {
        let pixels = self.bytes.chunks_exact(self.channels);
        pixels.filter(|pixel| pixel[0] < 128 && pixel[1] < 128).count()
    }
}
