//! The title of a view.

use super::options::{options, properties};
use super::reader::{Node, Reader};
use crate::scene::Paint;
use std::sync::Arc;

options! {
    /// Sizes in px.
    Title {
        text: Vec<String>,
        subtitle: Vec<String>,
        align: Arc<str>,
        anchor: Arc<str>,
        angle: f64,
        baseline: Arc<str>,
        color: Paint,
        dx: f64,
        dy: f64,
        font: Arc<str>,
        font_size: f64,
        font_style: bool,
        font_weight: bool,
        frame: Arc<str>,
        limit: f64,
        line_height: f64,
        offset: f64,
        orient: Arc<str>,
        subtitle_color: Paint,
        subtitle_font: Arc<str>,
        subtitle_font_size: f64,
        subtitle_font_style: bool,
        subtitle_font_weight: bool,
        subtitle_line_height: f64,
        subtitle_padding: f64,
        zindex: f64,
        aria: bool,
        style: Vec<Arc<str>>,
    }
}

impl Title {
    pub fn read(r: &mut Reader, node: Node) -> Title {
        let mut title = Title::default();
        if !node.json.is_object() || node.get("expr").is_some() {
            title.text = r.lines(node);
            return title;
        }
        r.object(node, |r, key, node| {
            properties!(r, key, node, title, {
                "text" => text: lines,
                "subtitle" => subtitle: lines,
                "align" => align: text,
                "anchor" => anchor: text,
                "angle" => angle: number,
                "aria" => aria: boolean,
                "baseline" => baseline: text,
                "color" => color: paint,
                "dx" => dx: number,
                "dy" => dy: number,
                "font" => font: text,
                "fontSize" => font_size: number,
                "fontStyle" => font_style: slant,
                "fontWeight" => font_weight: weight,
                "frame" => frame: text,
                "limit" => limit: number,
                "lineHeight" => line_height: number,
                "offset" => offset: number,
                "orient" => orient: text,
                "style" => style: texts,
                "subtitleColor" => subtitle_color: paint,
                "subtitleFont" => subtitle_font: text,
                "subtitleFontSize" => subtitle_font_size: number,
                "subtitleFontStyle" => subtitle_font_style: slant,
                "subtitleFontWeight" => subtitle_font_weight: weight,
                "subtitleLineHeight" => subtitle_line_height: number,
                "subtitlePadding" => subtitle_padding: number,
                "zindex" => zindex: number,
            }, r.refuse(node))
        });
        title
    }
}
