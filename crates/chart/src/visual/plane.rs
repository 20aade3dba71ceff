//! Pictures that are laid out here, in px, instead of by axes: both scales of the specification are the picture itself,
//! with its corner at the top left.

use serde_json::{Map, Value, json};

use super::Size;
use crate::{
    text::{Font, cut_line},
    theme::WidthTable,
};

/// What `draw` leaves free on each side, in px.
const PADDING_PX: f64 = 4.0;
/// A name cut to less says nothing, in px.
const LEAST_NAME_PX: f64 = 40.0;

/// The room for marks, in px.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Plane {
    pub width_px: f64,
    pub height_px: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Frame {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Frame {
    /// Smaller by the same on every side, but never less than nothing.
    pub fn inset(self, by: f64) -> Self {
        let (across, down) = (by.min(self.width / 2.0), by.min(self.height / 2.0));
        Self {
            x: self.x + across,
            y: self.y + down,
            width: self.width - 2.0 * across,
            height: self.height - 2.0 * down,
        }
    }

    /// A data row of `Plane::boxes`.
    pub fn row(self, color: &str) -> Value {
        json!({ "x": self.x, "x2": self.x + self.width, "y": self.y, "y2": self.y + self.height, "c": color })
    }
}

/// A text that stands for no row of the data. Vertically its middle is at `y`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word {
    pub x: f64,
    pub y: f64,
    pub text: String,
    pub color: String,
    pub align: &'static str,
    pub size_px: f64,
    pub bold: bool,
}

impl Word {
    pub fn new(x: f64, y: f64, text: impl Into<String>, color: &str) -> Self {
        Self {
            x,
            y,
            text: text.into(),
            color: color.to_owned(),
            align: "left",
            size_px: 12.0,
            bold: false,
        }
    }

    pub fn align(self, align: &'static str) -> Self {
        Self { align, ..self }
    }

    pub fn size(self, size_px: f64) -> Self {
        Self { size_px, ..self }
    }

    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }
}

impl Plane {
    pub fn of(size: Size) -> Self {
        Self {
            width_px: (size.width_px - 2.0 * PADDING_PX).max(1.0),
            height_px: (size.height_px - 2.0 * PADDING_PX).max(1.0),
        }
    }

    /// The channel of a field in px from the left.
    pub fn across(&self, field: &str) -> Value {
        json!({ "field": field, "type": "quantitative", "axis": null, "stack": null, "scale": { "domain": [0.0, self.width_px], "nice": false, "zero": false } })
    }

    /// The channel of a field in px from the top.
    pub fn down(&self, field: &str) -> Value {
        json!({ "field": field, "type": "quantitative", "axis": null, "stack": null, "scale": { "domain": [self.height_px, 0.0], "nice": false, "zero": false } })
    }

    /// Rectangles from the rows of the picture that `Frame::row` made; `mark` says how they look.
    pub fn boxes(&self, mark: Value) -> Value {
        json!({
            "mark": mark_of("rect", mark),
            "encoding": {
                "x": self.across("x"), "x2": { "field": "x2" },
                "y": self.down("y"), "y2": { "field": "y2" },
                "color": own_color(),
            },
        })
    }

    /// Rectangles that stand for no row of the data.
    pub fn backdrop(&self, rows: Vec<Value>, mark: Value) -> Value {
        silent(self.boxes(mark), rows)
    }

    /// One layer for the plain words and one for the bold.
    pub fn words(&self, words: &[Word]) -> Vec<Value> {
        [false, true]
            .into_iter()
            .filter_map(|bold| {
                let rows: Vec<Value> = words
                    .iter()
                    .filter(|word| word.bold == bold && !word.text.is_empty())
                    .map(|word| json!({ "x": word.x, "y": word.y, "t": word.text, "c": word.color, "a": word.align, "z": word.size_px }))
                    .collect();
                let layer = json!({
                    "mark": {
                        "type": "text", "baseline": "middle", "fontWeight": if bold { "bold" } else { "normal" },
                        "align": { "expr": "datum.a" }, "fontSize": { "expr": "datum.z" },
                    },
                    "encoding": {
                        "x": self.across("x"), "y": self.down("y"),
                        "text": { "field": "t", "type": "nominal" },
                        "color": own_color(),
                    },
                });
                (!rows.is_empty()).then(|| silent(layer, rows))
            })
            .collect()
    }
}

/// A data row of `Plane::boxes` for what has no mark but can be pointed at: a line of the whole width.
pub(super) fn unseen(plane: &Plane, middle_px: f64, height_px: f64) -> Value {
    let frame = Frame {
        x: 0.0,
        y: middle_px - height_px / 2.0,
        width: plane.width_px,
        height: height_px,
    };
    frame.row("transparent")
}

/// Colours come with the rows.
pub(super) fn own_color() -> Value {
    json!({ "field": "c", "type": "nominal", "scale": null, "legend": null })
}

/// A mark of a kind with more properties.
fn mark_of(kind: &str, mark: Value) -> Value {
    let mut properties = Map::new();
    properties.insert("type".to_owned(), json!(kind));
    if let Value::Object(more) = mark {
        properties.extend(more);
    }
    Value::Object(properties)
}

/// The layer over data of its own, which are no rows of the answer.
pub(super) fn silent(mut layer: Value, rows: Vec<Value>) -> Value {
    if let Value::Object(layer) = &mut layer {
        if let Some(Value::Object(mark)) = layer.get_mut("mark") {
            mark.insert("aria".to_owned(), json!(false));
        }
        layer.insert("data".to_owned(), json!({ "values": rows }));
    }
    layer
}

/// The text cut to a width; empty when hardly a letter would be left of it.
pub(super) fn cut(text: &str, size_px: f64, bold: bool, room_px: f64) -> String {
    let cut = shortened(text, size_px, bold, room_px);
    if cut != text && room_px < LEAST_NAME_PX {
        String::new()
    } else {
        cut
    }
}

/// The text cut to a width, whatever is left of it.
pub(super) fn shortened(text: &str, size_px: f64, bold: bool, room_px: f64) -> String {
    let font = Font {
        table: WidthTable::Inter,
        size_px,
        bold,
        mono: false,
    };
    let mut text = text.to_owned();
    // A limit is what the text must be shorter than.
    cut_line(&mut text, font, (room_px + 0.01).max(0.01));
    text
}
