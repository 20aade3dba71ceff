//! A font that text can be set in.

use harfrust::ShaperData;
use krilla::{Data, text::Font};
use skrifa::{FontRef, MetadataProvider as _};

/// A font's bytes with what is made of them once.
pub struct Loaded {
    data: Data,
    index: u32,
    shaper: ShaperData,
    /// The font as PDF embeds it.
    pub font: Font,
    /// Parts of the font size that its numbers count.
    pub units_per_em: f32,
}

impl Loaded {
    /// `None` when the bytes are no font; `index` counts within a collection.
    pub fn new(data: Data, index: u32) -> Option<Loaded> {
        let reference = FontRef::from_index(data.as_ref(), index).ok()?;
        let shaper = ShaperData::new(&reference);
        let font = Font::new(data.clone(), index)?;
        let units_per_em = font.units_per_em();
        // Zero would make every width infinite.
        (units_per_em >= 1.0).then_some(Loaded {
            data,
            index,
            shaper,
            font,
            units_per_em,
        })
    }

    /// Runs `task` with the font as it is read; `None` only if the bytes are no font.
    pub fn read<T>(&self, task: impl FnOnce(&FontRef<'_>, &ShaperData) -> T) -> Option<T> {
        let reference = FontRef::from_index(self.data.as_ref(), self.index).ok()?;
        Some(task(&reference, &self.shaper))
    }

    pub fn has(&self, character: char) -> bool {
        self.read(|font, _| font.charmap().map(character).is_some_and(|glyph| glyph.to_u32() != 0))
            .unwrap_or(false)
    }
}
