//! Lines of text at a place.

use chart::scene::{Align, Style, TextItem};
use krilla::geom::{Point, Transform};

use super::{canvas::Canvas, paint::Painted, shaping::Run};
use crate::fonts::Face;

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
            let start = begin(text, at.0, &runs);
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

/// Where a line begins, by its width in the fonts it is set in.
fn begin(text: &TextItem, anchor: f64, runs: &[Run]) -> f32 {
    let width: f32 = runs.iter().map(|run| run.advance).sum::<f32>() * text.size_px as f32;
    let before = match text.align {
        Align::Left => 0.0,
        Align::Center => width / 2.0,
        Align::Right => width,
    };
    anchor as f32 - before
}

/// The text with white space as SVG shows it: none at the ends, one blank elsewhere.
fn collapsed(text: &str) -> String {
    let words = text.split([' ', '\t', '\r', '\n', '\u{2028}', '\u{2029}']);
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::collapsed;

    #[test]
    fn white_space_is_that_of_svg() {
        assert_eq!(collapsed("  a \n\t b\u{a0} c "), "a b\u{a0} c");
        assert_eq!(collapsed(" \n "), "");
    }
}
