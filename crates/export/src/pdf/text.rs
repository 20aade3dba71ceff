//! Lines of text at a place.

use chart::scene::{Style, TextItem};
use krilla::geom::{Point, Transform};

use super::{canvas::Canvas, paint::Painted};
use crate::{
    fonts::Face,
    typesetting::{Run, collapsed},
};

impl Canvas<'_, '_> {
    /// Text at its anchor point (px, in the coordinates of the group).
    pub fn text(&mut self, text: &TextItem, at: (f64, f64), style: &Style) {
        if text.angle == 0.0 {
            self.lines(text, (at.0 + text.dx, at.1 + text.dy + text.base_line()), style);
            return;
        }
        let turn = Transform::from_rotate_at(text.angle as f32, at.0 as f32, at.1 as f32);
        self.surface.push_transform(&turn);
        self.lines(text, (at.0 + text.dx, at.1 + text.dy + text.base_line()), style);
        self.surface.pop();
    }

    /// Lines from the base line of the first one.
    fn lines(&mut self, text: &TextItem, at: (f64, f64), style: &Style) {
        let upright = TextItem {
            angle: 0.0,
            ..text.clone()
        };
        let bounds = upright.bounds(at.0 - text.dx, at.1 - text.dy - text.base_line());
        let face = Face::of(text.bold, text.italic);
        for (index, line) in text.lines.iter().enumerate() {
            let runs = self.typesetter.line(&collapsed(line), face);
            let painted = Painted::of(style, bounds);
            if runs.is_empty() || painted.is_nothing() {
                continue;
            }
            let y = at.1 + text.line_height_px * index as f64;
            let start = at.0 as f32 - Run::before_anchor(&runs, text);
            self.painted(painted, |surface| {
                let (size, mut x) = (text.size_px as f32, start);
                for run in runs {
                    surface.draw_glyphs(
                        Point::from_xy(x, y as f32),
                        &run.glyphs,
                        run.font,
                        &run.text,
                        size,
                        false,
                    );
                    x += run.advance * size;
                }
            });
        }
    }
}
