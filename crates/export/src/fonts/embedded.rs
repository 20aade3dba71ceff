//! The product's typeface, part of the program. Every family that a drawing names is set in it, so that a file looks the same
//! wherever it is made.

use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb::{Database, ID, Source};

use super::Loaded;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Regular,
    /// The weight that layout measures as bold.
    SemiBold,
    Italic,
    SemiBoldItalic,
}

impl Face {
    const ALL: [Face; 4] = [Face::Regular, Face::SemiBold, Face::Italic, Face::SemiBoldItalic];

    pub fn of(bold: bool, italic: bool) -> Face {
        match (bold, italic) {
            (false, false) => Face::Regular,
            (true, false) => Face::SemiBold,
            (false, true) => Face::Italic,
            (true, true) => Face::SemiBoldItalic,
        }
    }

    /// The face with more characters, for those that the italics lack.
    pub fn upright(self) -> Face {
        match self {
            Face::Regular | Face::Italic => Face::Regular,
            Face::SemiBold | Face::SemiBoldItalic => Face::SemiBold,
        }
    }

    /// Whether it is drawn as bold.
    pub fn is_bold(self) -> bool {
        match self {
            Face::Regular | Face::Italic => false,
            Face::SemiBold | Face::SemiBoldItalic => true,
        }
    }

    /// Without looking: what nearly all text is made of.
    pub fn surely_has(self, character: char) -> bool {
        matches!(character, ' '..='~')
    }

    fn bytes(self) -> &'static [u8] {
        match self {
            Face::Regular => include_bytes!("../../fonts/Inter-Regular.ttf"),
            Face::SemiBold => include_bytes!("../../fonts/Inter-SemiBold.ttf"),
            Face::Italic => include_bytes!("../../fonts/Inter-Italic.ttf"),
            Face::SemiBoldItalic => include_bytes!("../../fonts/Inter-SemiBoldItalic.ttf"),
        }
    }
}

/// The embedded fonts, read once.
pub struct Embedded {
    /// As resvg wants them. A copy of it keeps the ids.
    pub database: Arc<Database>,
    fonts: Vec<EmbeddedFont>,
}

struct EmbeddedFont {
    face: Face,
    id: Option<ID>,
    loaded: Option<Arc<Loaded>>,
}

impl Embedded {
    fn read() -> Embedded {
        let mut database = Database::new();
        let fonts = Face::ALL
            .into_iter()
            .map(|face| {
                let source = Source::Binary(Arc::new(face.bytes()));
                EmbeddedFont {
                    face,
                    id: database.load_font_source(source).first().copied(),
                    loaded: Loaded::new(face.bytes().into(), 0).map(Arc::new),
                }
            })
            .collect();
        Embedded {
            database: Arc::new(database),
            fonts,
        }
    }

    pub fn id(&self, face: Face) -> Option<ID> {
        self.fonts.iter().find(|font| font.face == face)?.id
    }

    /// Which face an id stands for, if it is one of these.
    pub fn face(&self, id: ID) -> Option<Face> {
        self.fonts.iter().find(|font| font.id == Some(id)).map(|font| font.face)
    }

    pub fn loaded(&self, face: Face) -> Option<Arc<Loaded>> {
        self.fonts.iter().find(|font| font.face == face)?.loaded.clone()
    }
}

pub fn embedded() -> &'static Embedded {
    static EMBEDDED: LazyLock<Embedded> = LazyLock::new(Embedded::read);
    &EMBEDDED
}
