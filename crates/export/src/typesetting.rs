//! From characters to glyphs: order of directions, choice of fonts, shaping.

use std::sync::Arc;

use chart::scene::{Align, TextItem};
use harfrust::{Direction, ShapeOptions, UnicodeBuffer};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use unicode_bidi::{BidiInfo, Level};

use crate::fonts::{Face, Loaded, embedded, system_font};

/// The first letters that may run from right to left; before them, one direction is certain.
const FIRST_RIGHT_TO_LEFT: char = '\u{590}';

/// Glyphs of one font, left to right.
pub struct Run {
    pub font: Font,
    pub glyphs: Vec<KrillaGlyph>,
    /// What the glyphs stand for; copied and searched text.
    pub text: String,
    /// In font sizes.
    pub advance: f32,
}

impl Run {
    /// From the beginning of a line to its anchor point, in px: by its width in the fonts it is set in, not as layout counted it.
    pub fn before_anchor(runs: &[Run], text: &TextItem) -> f32 {
        let width: f32 = runs.iter().map(|run| run.advance).sum::<f32>() * text.size_px as f32;
        match text.align {
            Align::Left => 0.0,
            Align::Center => width / 2.0,
            Align::Right => width,
        }
    }
}

/// Sets text in the embedded typeface, and in fonts of the machine where it must.
pub struct Typesetter {
    fonts_of_machine: bool,
}

impl Typesetter {
    pub fn new(fonts_of_machine: bool) -> Self {
        Self { fonts_of_machine }
    }

    /// One line, in the order in which it is seen. Empty if there is no font at all.
    pub fn line(&self, text: &str, face: Face) -> Vec<Run> {
        if text.chars().all(|character| character < FIRST_RIGHT_TO_LEFT) {
            return self.one_direction(text, face, Direction::LeftToRight);
        }
        let order = BidiInfo::new(text, Some(Level::ltr()));
        let mut line = Vec::new();
        for paragraph in &order.paragraphs {
            let (levels, runs) = order.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let backwards = levels.get(run.start).is_some_and(Level::is_rtl);
                let direction = if backwards {
                    Direction::RightToLeft
                } else {
                    Direction::LeftToRight
                };
                let part = text.get(run).unwrap_or_default();
                line.extend(self.one_direction(part, face, direction));
            }
        }
        line
    }

    fn one_direction(&self, text: &str, face: Face, direction: Direction) -> Vec<Run> {
        let mut parts: Vec<(Arc<Loaded>, String)> = Vec::new();
        for character in text.chars() {
            let current = parts.last().map(|(font, _)| font);
            let Some(font) = self.font(character, face, current) else {
                continue;
            };
            match parts.last_mut() {
                Some((last, part)) if Arc::ptr_eq(last, &font) => part.push(character),
                Some(_) | None => parts.push((font, String::from(character))),
            }
        }
        let runs = parts
            .into_iter()
            .filter_map(|(font, part)| shape(&font, part, direction));
        if direction == Direction::RightToLeft {
            runs.rev().collect()
        } else {
            runs.collect()
        }
    }

    /// The font of a character; one that lacks it when none has it, so that its absence is seen.
    fn font(&self, character: char, face: Face, current: Option<&Arc<Loaded>>) -> Option<Arc<Loaded>> {
        if let Some(current) = current.filter(|_| belongs_to_the_one_before(character)) {
            return Some(Arc::clone(current));
        }
        let own = embedded().loaded(face);
        if face.surely_has(character) {
            return own;
        }
        let has = |font: &Arc<Loaded>| font.has(character);
        own.clone()
            .filter(has)
            .or_else(|| embedded().loaded(face.upright()).filter(has))
            .or_else(|| system_font(character, face).filter(|_| self.fonts_of_machine && !character.is_control()))
            .or(own)
    }
}

/// Accents, joiners and variants: in another font than their letter they would stand alone.
fn belongs_to_the_one_before(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36F}' | '\u{200C}'..='\u{200D}' | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0100}'..='\u{E01EF}')
}

fn shape(font: &Loaded, text: String, direction: Direction) -> Option<Run> {
    let shaped = font.read(|reference, shaper| {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.set_direction(direction);
        buffer.guess_segment_properties();
        shaper.shaper(reference).build().shape(buffer, ShapeOptions::new())
    })?;
    let (infos, positions) = (shaped.glyph_infos(), shaped.glyph_positions());
    // A glyph stands for the text from its own beginning to the next one's.
    let mut starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut advance = 0.0;
    let glyphs = infos
        .iter()
        .zip(positions)
        .map(|(info, position)| {
            let em = |units: i32| units as f32 / font.units_per_em;
            let start = info.cluster as usize;
            let next = starts.get(starts.partition_point(|other| *other <= start));
            advance += em(position.x_advance);
            KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                em(position.x_advance),
                em(position.x_offset),
                em(position.y_offset),
                em(position.y_advance),
                start..next.copied().unwrap_or(text.len()),
                None,
            )
        })
        .collect();
    Some(Run {
        font: font.font.clone(),
        glyphs,
        text,
        advance,
    })
}

/// The text with white space as SVG shows it: none at the ends, one blank elsewhere.
pub fn collapsed(text: &str) -> String {
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
