//! The machine's fonts, for characters that the typeface lacks: looked at once, when the first such character comes.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use resvg::usvg::fontdb::{Database, FaceInfo, ID, Style};
use skrifa::{FontRef, MetadataProvider as _};

use super::{Face, Loaded, embedded};

/// Fonts of the machine beside the embedded ones.
pub struct System {
    /// Ids of the embedded fonts are the same here.
    pub database: Arc<Database>,
    /// The preferred ones first.
    coverage: Vec<Coverage>,
}

/// The characters of one font.
struct Coverage {
    id: ID,
    bold: bool,
    /// First and last code points, ascending and apart.
    ranges: Vec<(u32, u32)>,
}

impl Coverage {
    fn has(&self, character: char) -> bool {
        let code = u32::from(character);
        let after = self.ranges.partition_point(|(first, _)| *first <= code);
        let before = after.checked_sub(1).and_then(|at| self.ranges.get(at));
        before.is_some_and(|(_, last)| code <= *last)
    }
}

impl System {
    fn read() -> System {
        let mut database = Database::clone(&embedded().database);
        database.load_system_fonts();
        let mut faces: Vec<&FaceInfo> = database
            .faces()
            .filter(|face| embedded().face(face.id).is_none() && face.style == Style::Normal)
            .collect();
        // Plain sans serif first; then by name, since the order of files in a folder is not the same everywhere.
        faces.sort_by_cached_key(|face| {
            let name = face.families.first().map(|(name, _)| name.clone()).unwrap_or_default();
            let away = face.weight.0.abs_diff(400);
            (away, face.monospaced, name.contains("Serif"), name, face.index)
        });
        let coverage = faces
            .into_iter()
            .map(|face| Coverage {
                id: face.id,
                bold: face.weight.0 >= 600,
                ranges: database.with_face_data(face.id, ranges).unwrap_or_default(),
            })
            .collect();
        System {
            database: Arc::new(database),
            coverage,
        }
    }

    /// The first font with this character that is none of `used`, of the weight that is wanted if there is one.
    pub fn find(&self, character: char, face: Face, used: &[ID]) -> Option<ID> {
        let mut fonts = self
            .coverage
            .iter()
            .filter(|font| !used.contains(&font.id) && font.has(character));
        let first = fonts.next()?;
        if first.bold == face.is_bold() {
            return Some(first.id);
        }
        let fitting = fonts.find(|font| font.bold == face.is_bold());
        Some(fitting.unwrap_or(first).id)
    }
}

fn ranges(bytes: &[u8], index: u32) -> Vec<(u32, u32)> {
    let Ok(font) = FontRef::from_index(bytes, index) else {
        return Vec::new();
    };
    let mut codes: Vec<u32> = font.charmap().mappings().map(|(code, _)| code).collect();
    codes.sort_unstable();
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for code in codes {
        match ranges.last_mut() {
            Some((_, last)) if code <= last.saturating_add(1) => *last = code,
            Some(_) | None => ranges.push((code, code)),
        }
    }
    ranges
}

pub fn system() -> &'static System {
    static SYSTEM: LazyLock<System> = LazyLock::new(System::read);
    &SYSTEM
}

/// The machine's font for a character, ready to be set; each is read once. `None` when no font has it, or it cannot be read.
pub fn loaded(character: char, face: Face) -> Option<Arc<Loaded>> {
    static LOADED: LazyLock<Mutex<HashMap<ID, Option<Arc<Loaded>>>>> = LazyLock::new(Mutex::default);
    let id = system().find(character, face, &[])?;
    let mut fonts = LOADED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let font = fonts.entry(id).or_insert_with(|| {
        let read = |bytes: &[u8], index: u32| Loaded::new(bytes.to_vec().into(), index).map(Arc::new);
        system().database.with_face_data(id, read).flatten()
    });
    font.clone()
}
