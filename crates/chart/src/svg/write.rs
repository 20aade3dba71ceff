//! Writing groups, marks and items; see the structure described in the crate's documentation of the scene.

use crate::budget;
use crate::scene::{Align, Gradient, Group, Item, Mark, MarkType, Paint, Scene, Shape, Style, TextItem, number};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

/// Of an SVG in one step of work: some hundred megabytes at most.
const BYTES: usize = 2;

/// An attribute up to its value, in one piece because there are so many.
macro_rules! opening {
    ($name:literal) => {
        concat!(" ", $name, "=\"")
    };
}

struct Writer<'a> {
    out: String,
    gradients: Vec<Arc<Gradient>>,
    clips: Vec<String>,
    /// The look written last and where it stands: neighbours mostly look the same, and copying is sooner done.
    look: Option<(&'a Style, Range<usize>)>,
    prefix: &'a str,
    /// Size of the view around, for clipping.
    view: (f64, f64),
}

/// The SVG of a drawing. Of one whose words are too much to write, a part.
pub fn write(scene: &Scene) -> String {
    budget::start();
    let mut w = Writer {
        out: String::with_capacity(4096 + room(&scene.root)),
        gradients: Vec::new(),
        clips: Vec::new(),
        look: None,
        prefix: &scene.id_prefix,
        view: (0.0, 0.0),
    };
    let (width, height) = (n(scene.width_px), n(scene.height_px));
    let _ = write!(
        w.out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"marks\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"graphics-document\" aria-roledescription=\"visualization\""
    );
    if let Some(description) = &scene.description {
        w.attribute(opening!("aria-label"), description);
    }
    w.out.push('>');
    if let Some(paint) = scene.background.as_ref().filter(|p| !p.is_none()) {
        let _ = write!(w.out, "<rect width=\"{width}\" height=\"{height}\"");
        w.paint(opening!("fill"), paint);
        w.out.push_str("/>");
    }
    let _ = write!(
        w.out,
        "<g fill=\"none\" stroke-miterlimit=\"4\" transform=\"translate({},{})\">",
        n(scene.origin.0),
        n(scene.origin.1)
    );
    w.out.push_str("<g class=\"mark-group role-frame root\" role=\"graphics-object\" aria-roledescription=\"group mark container\">");
    w.group(&scene.root);
    w.out.push_str("</g></g>");
    w.definitions();
    w.out.push_str("</svg>");
    w.out
}

/// About how many bytes the items of a group take.
fn room(group: &Group) -> usize {
    const ITEM: usize = 224;
    let marks = group.marks.iter().map(|mark| match mark {
        Mark::Groups { groups, .. } => groups.iter().map(room).sum(),
        Mark::Items { items, .. } => items.len() * ITEM,
    });
    ITEM + marks.sum::<usize>()
}

fn n(value: f64) -> String {
    let mut out = String::new();
    number(&mut out, value);
    out
}

fn escape(out: &mut String, text: &str) {
    let special = |b: u8| matches!(b, b'&' | b'<' | b'>' | b'"' | 0..=31 | 0xef);
    // Looked through to the end, so that many bytes are compared at once.
    if !text.bytes().fold(false, |any, b| any | special(b)) {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Control characters are not allowed in XML.
            c if (c as u32) < 32 && !matches!(c, '\n' | '\t') => {}
            '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
}

impl<'a> Writer<'a> {
    fn attribute(&mut self, opening: &str, value: &str) {
        self.out.push_str(opening);
        escape(&mut self.out, value);
        self.out.push('"');
    }

    /// Of our own making: nothing in it means anything to XML.
    fn plain(&mut self, opening: &str, value: &str) {
        self.out.push_str(opening);
        self.out.push_str(value);
        self.out.push('"');
    }

    fn number(&mut self, opening: &str, value: f64) {
        self.out.push_str(opening);
        number(&mut self.out, value);
        self.out.push('"');
    }

    /// `name(x,y)`, as in a transform.
    fn call(&mut self, name: &str, x: f64, y: f64) {
        self.out.push_str(name);
        self.out.push('(');
        number(&mut self.out, x);
        self.out.push(',');
        number(&mut self.out, y);
        self.out.push(')');
    }

    fn translate(&mut self, x: f64, y: f64) {
        self.out.push_str(opening!("transform"));
        self.call("translate", x, y);
        self.out.push('"');
    }

    fn paint(&mut self, opening: &str, paint: &Paint) {
        match paint {
            Paint::None => {}
            Paint::Css(css) => self.attribute(opening, css),
            Paint::Gradient(gradient) => {
                let at = self.gradients.iter().position(|g| g == gradient).unwrap_or_else(|| {
                    self.gradients.push(gradient.clone());
                    self.gradients.len() - 1
                });
                let _ = write!(self.out, "{opening}url(#{}gradient_{at})\"", self.prefix);
            }
        }
    }

    fn style(&mut self, style: &'a Style) {
        if let Some((known, place)) = &self.look
            && (std::ptr::eq(*known, style) || *known == style)
        {
            self.out.extend_from_within(place.clone());
            return;
        }
        let begin = self.out.len();
        self.new_style(style);
        self.look = Some((style, begin..self.out.len()));
    }

    fn new_style(&mut self, style: &Style) {
        if let Some(fill) = &style.fill {
            self.paint(opening!("fill"), fill);
        }
        if let Some(stroke) = style.stroke.as_ref().filter(|s| !s.is_none()) {
            self.paint(opening!("stroke"), stroke);
            if let Some(width) = style.stroke_width {
                self.number(opening!("stroke-width"), width);
            }
            if let Some(dash) = style.stroke_dash.as_ref().filter(|d| d.iter().any(|v| *v > 0.0)) {
                let list: Vec<String> = dash.iter().map(|v| n(*v)).collect();
                self.attribute(opening!("stroke-dasharray"), &list.join(","));
            }
            if let Some(offset) = style.stroke_dash_offset {
                self.number(opening!("stroke-dashoffset"), offset);
            }
            if let Some(cap) = &style.stroke_cap {
                self.attribute(opening!("stroke-linecap"), cap);
            }
            if let Some(join) = &style.stroke_join {
                self.attribute(opening!("stroke-linejoin"), join);
            }
        }
        for (opening, value) in [
            (opening!("opacity"), style.opacity),
            (opening!("fill-opacity"), style.fill_opacity),
            (opening!("stroke-opacity"), style.stroke_opacity),
        ] {
            if let Some(value) = value.filter(|v| *v != 1.0) {
                self.number(opening, value);
            }
        }
    }

    fn clip(&mut self, outline: &str) -> String {
        let at = self.clips.iter().position(|c| c == outline).unwrap_or_else(|| {
            self.clips.push(outline.to_owned());
            self.clips.len() - 1
        });
        format!("url(#{}clip_{at})", self.prefix)
    }

    /// One group item: its background, its marks, its foreground.
    fn group(&mut self, group: &'a Group) {
        self.out.push_str("<g");
        self.translate(group.place.0, group.place.1);
        self.out.push('>');
        let outline = group.background();
        self.out.push_str("<path class=\"background\" aria-hidden=\"true\"");
        self.attribute(opening!("d"), &outline);
        if group.stroke_foreground {
            self.new_style(&Style {
                stroke: None,
                ..group.style.clone()
            });
        } else {
            self.style(&group.style);
        }
        self.out.push_str("/><g");
        if group.clip {
            let clip = self.clip(&outline);
            self.attribute(opening!("clip-path"), &clip);
        }
        self.out.push('>');
        let before = self.view;
        if group.width > 0.0 || group.height > 0.0 {
            self.view = (group.width, group.height);
        }
        for mark in &group.marks {
            self.mark(mark);
        }
        self.view = before;
        self.out.push_str("</g>");
        if group.stroke_foreground {
            self.out.push_str("<path class=\"foreground\" aria-hidden=\"true\"");
            self.attribute(opening!("d"), &outline);
            self.new_style(&Style {
                fill: None,
                ..group.style.clone()
            });
            self.out.push_str("/>");
        }
        self.out.push_str("</g>");
    }

    /// Opens the group of a mark.
    fn class(&mut self, kind: &str, role: &str, name: &str) {
        self.out.push_str("<g class=\"mark-");
        self.out.push_str(kind);
        self.out.push_str(" role-");
        self.out.push_str(role);
        if !name.is_empty() {
            self.out.push(' ');
            escape(&mut self.out, name);
        }
        self.out.push('"');
    }

    fn mark(&mut self, mark: &'a Mark) {
        match mark {
            Mark::Groups {
                role,
                name,
                groups,
                orient,
                label,
                hidden,
            } => {
                self.class("group", role, name);
                if *hidden {
                    self.out.push_str(" aria-hidden=\"true\"");
                } else if let Some(label) = label {
                    self.out.push_str(" role=\"graphics-symbol\"");
                    self.plain(opening!("aria-roledescription"), role);
                    self.attribute(opening!("aria-label"), label);
                } else if role == "scope" || role == "cell" {
                    self.out
                        .push_str(" role=\"graphics-object\" aria-roledescription=\"group mark container\"");
                }
                if let Some(orient) = orient {
                    self.attribute(opening!("data-orient"), orient);
                }
                self.out.push('>');
                groups.iter().for_each(|g| self.group(g));
                self.out.push_str("</g>");
            }
            Mark::Items {
                kind,
                role,
                name,
                items,
                clip,
                description,
            } => {
                self.class(kind.name(), role, name);
                if description.is_empty() {
                    self.out.push_str(" pointer-events=\"none\"");
                } else {
                    self.out.push_str(" role=\"graphics-object\"");
                    self.out.push_str(opening!("aria-roledescription"));
                    self.out.push_str(kind.name());
                    self.out.push_str(" mark container\"");
                }
                if *clip {
                    let outline = Group::clip_of_view(self.view);
                    let clip = self.clip(&outline);
                    self.attribute(opening!("clip-path"), &clip);
                }
                self.out.push('>');
                items.iter().for_each(|item| self.item(item, *kind, description));
                self.out.push_str("</g>");
            }
        }
    }

    fn item(&mut self, item: &'a Item, kind: MarkType, description: &str) {
        let before = self.out.len();
        if !budget::take(0) {
            return;
        }
        let linked = item.href.as_ref().filter(|h| h.starts_with("https://"));
        if let Some(href) = linked {
            self.out.push_str("<a");
            self.attribute(opening!("href"), href);
            self.out.push('>');
        }
        match &item.shape {
            Shape::Path { d, .. } => {
                self.out.push_str("<path");
                self.describe(item, description);
                self.plain(opening!("d"), d);
                self.style(&item.style);
                self.out.push_str("/>");
            }
            Shape::Placed { x, y, d, .. } => {
                self.out.push_str("<path");
                self.describe(item, description);
                self.translate(*x, *y);
                self.plain(opening!("d"), d);
                self.style(&item.style);
                self.out.push_str("/>");
            }
            Shape::Line { x, y, dx, dy } => {
                self.out.push_str("<line");
                self.describe(item, description);
                self.translate(*x, *y);
                self.number(opening!("x2"), *dx);
                self.number(opening!("y2"), *dy);
                self.style(&item.style);
                self.out.push_str("/>");
            }
            Shape::Text { x, y, text } => self.text(item, *x, *y, text, description),
            Shape::Image {
                x,
                y,
                width,
                height,
                href,
            } => {
                self.out.push_str("<image");
                self.translate(*x, *y);
                self.number(opening!("width"), *width);
                self.number(opening!("height"), *height);
                self.attribute(opening!("href"), href);
                self.out.push_str(" preserveAspectRatio=\"xMidYMid\"/>");
            }
        }
        let _ = kind;
        if linked.is_some() {
            self.out.push_str("</a>");
        }
        budget::take((self.out.len() - before) / BYTES);
    }

    fn describe(&mut self, item: &Item, description: &str) {
        if let Some(label) = &item.label {
            self.attribute(opening!("aria-label"), label);
            self.out.push_str(" role=\"graphics-symbol\"");
            self.plain(opening!("aria-roledescription"), description);
        }
        if let Some(row) = item.row {
            self.out.push_str(opening!("data-row"));
            number(&mut self.out, row as f64);
            self.out.push('"');
        }
        if let Some(entry) = item.entry {
            self.out.push_str(opening!("data-legend"));
            number(&mut self.out, entry as f64);
            self.out.push('"');
        }
    }

    fn text(&mut self, item: &'a Item, x: f64, y: f64, text: &TextItem, description: &str) {
        if text.lines.iter().all(String::is_empty) {
            return;
        }
        let anchor = match text.align {
            Align::Left => "start",
            Align::Center => "middle",
            Align::Right => "end",
        };
        self.out.push_str("<text");
        self.plain(opening!("text-anchor"), anchor);
        self.describe(item, description);
        let dy = text.dy + text.base_line();
        if text.angle == 0.0 {
            self.translate(x + text.dx, y + dy);
        } else {
            self.out.push_str(opening!("transform"));
            self.call("translate", x, y);
            self.out.push_str(" rotate(");
            number(&mut self.out, text.angle);
            self.out.push(')');
            if text.dx != 0.0 || dy != 0.0 {
                self.out.push(' ');
                self.call("translate", text.dx, dy);
            }
            self.out.push('"');
        }
        self.attribute(opening!("font-family"), &text.font);
        self.out.push_str(opening!("font-size"));
        number(&mut self.out, text.size_px);
        self.out.push_str("px\"");
        if text.bold {
            self.out.push_str(" font-weight=\"bold\"");
        }
        if text.italic {
            self.out.push_str(" font-style=\"italic\"");
        }
        self.style(&item.style);
        self.out.push('>');
        if let [line] = text.lines.as_slice() {
            escape(&mut self.out, line);
        } else {
            for (i, line) in text.lines.iter().enumerate() {
                if i == 0 {
                    self.out.push_str("<tspan>");
                } else {
                    let _ = write!(self.out, "<tspan x=\"0\" dy=\"{}\">", n(text.line_height_px));
                }
                escape(&mut self.out, line);
                self.out.push_str("</tspan>");
            }
        }
        self.out.push_str("</text>");
    }

    fn definitions(&mut self) {
        if self.gradients.is_empty() && self.clips.is_empty() {
            return;
        }
        self.out.push_str("<defs>");
        for (at, gradient) in std::mem::take(&mut self.gradients).iter().enumerate() {
            let _ = write!(
                self.out,
                "<linearGradient id=\"{}gradient_{at}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\">",
                self.prefix,
                n(gradient.from.0),
                n(gradient.from.1),
                n(gradient.to.0),
                n(gradient.to.1)
            );
            for stop in &gradient.stops {
                self.out.push_str("<stop");
                self.number(opening!("offset"), stop.offset);
                self.attribute(opening!("stop-color"), &stop.color);
                self.out.push_str("/>");
            }
            self.out.push_str("</linearGradient>");
        }
        for (at, clip) in std::mem::take(&mut self.clips).iter().enumerate() {
            let _ = write!(
                self.out,
                "<clipPath id=\"{}clip_{at}\"><path d=\"{clip}\"/></clipPath>",
                self.prefix
            );
        }
        self.out.push_str("</defs>");
    }
}
