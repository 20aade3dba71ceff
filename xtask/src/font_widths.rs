//! `font-widths`: the chart crate's table of text widths for the product's typeface, read from the font itself.

use std::{fmt::Write as _, path::Path, process::Command};

use ttf_parser::{Face, Tag};

use crate::{
    failure::{Failure, Outcome, fail},
    files, process, step,
    workspace::Workspace,
};

/// The complete font (the product serves subsets of the same version).
const PACKAGE: &str = "inter-ui@4.1.1";
const FONT: &str = "node_modules/inter-ui/variable/InterVariable.woff2";
const TABLE: &str = "crates/chart/src/text/inter_widths.json";

/// Characters beside U+0020 to U+024F: punctuation, currencies, arrows, mathematics, letters of statistics.
const FURTHER: &str = "\u{2002}\u{2003}\u{2007}\u{2009}\u{200A}\u{202F}‐‑‒–—―‘’‚“”„†‡•…‰′″‹›⁄€₤₦₩₫₭₮₱₲₴₵₸₹₺₽₿℃℉№℠™Ω℮←↑→↓↔↕↖↗↘↙⇒⇔∂∆∏∑−∕√∞∫≈≠≤≥■□▲△▶▼▽◀◆◇○●★☆✓✗αβγδεθλμπρστφχψωΔΣΩ";

/// Writes the table. Widths are advances in thousandths of the font size; digits are measured as tabular figures,
/// as they are set everywhere in the product.
pub fn run(workspace: &Workspace) -> Outcome {
    let folder = workspace.cache.join("npm").join("inter");
    let font = folder.join(FONT);
    if !font.is_file() {
        step::say(&format!(
            "fetching {PACKAGE} (to measure it, nothing is kept in the checkout)"
        ));
        files::make_folder(&folder)?;
        let mut npm = Command::new("npm");
        process::capture(npm.current_dir(&folder).args([
            "install",
            "--no-save",
            "--no-audit",
            "--no-fund",
            "--prefix",
            ".",
            PACKAGE,
        ]))?;
    }
    let bytes = files::read(&font)?;
    let plain =
        wuff::decompress_woff2(&bytes).map_err(|error| Failure::new(format!("cannot unpack {FONT}: {error:?}")))?;
    let text = format!(
        "{{\n\"regular\":{},\n\"bold\":{}\n}}\n",
        weight(&plain, 400.0)?,
        weight(&plain, 600.0)?
    );
    let table = workspace.root.join(Path::new(TABLE));
    files::write(&table, text.as_bytes())?;
    step::say(&format!("wrote {TABLE}"));
    Ok(())
}

/// One weight as a JSON object, in the order of code points.
fn weight(font: &[u8], weight: f32) -> Outcome<String> {
    let mut face = Face::parse(font, 0).map_err(|error| Failure::new(format!("cannot read {FONT}: {error}")))?;
    if face.set_variation(Tag::from_bytes(b"wght"), weight).is_none() {
        fail!("{FONT} has no weight axis");
    }
    let mut characters: Vec<char> = (' '..='\u{24F}')
        .filter(|c| !c.is_control())
        .chain(FURTHER.chars())
        .collect();
    characters.sort_unstable();
    characters.dedup();
    let mut json = String::from("{");
    for character in characters {
        let Some(advance) = advance(&face, character) else {
            continue;
        };
        let separator = if json.len() == 1 { "" } else { "," };
        let key = serde_json::to_string(&character).map_err(|error| Failure::new(error.to_string()))?;
        // Writing to a String cannot fail.
        let _ = write!(json, "{separator}{key}:{advance}");
    }
    json.push('}');
    Ok(json)
}

/// Advance in thousandths of the font size, rounded; `None` when the font lacks the character.
fn advance(face: &Face<'_>, character: char) -> Option<u32> {
    let mut glyph = face.glyph_index(character)?;
    if character.is_ascii_digit() {
        glyph = tabular(face, glyph).unwrap_or(glyph);
    }
    let units = u32::from(face.units_per_em());
    let advance = u32::from(face.glyph_hor_advance(glyph)?);
    Some((advance * 1000 + units / 2) / units)
}

/// The figure that feature `tnum` puts in place of this glyph.
fn tabular(face: &Face<'_>, glyph: ttf_parser::GlyphId) -> Option<ttf_parser::GlyphId> {
    use ttf_parser::gsub::{SingleSubstitution, SubstitutionSubtable};
    let table = face.tables().gsub?;
    let feature = table.features.find(Tag::from_bytes(b"tnum"))?;
    let lookups = feature
        .lookup_indices
        .into_iter()
        .filter_map(|index| table.lookups.get(index));
    let subtables = lookups.flat_map(|lookup| lookup.subtables.into_iter::<SubstitutionSubtable<'_>>());
    subtables.into_iter().find_map(|subtable| match subtable {
        SubstitutionSubtable::Single(SingleSubstitution::Format2 { coverage, substitutes }) => {
            substitutes.get(coverage.get(glyph)?)
        }
        SubstitutionSubtable::Single(SingleSubstitution::Format1 { coverage, delta }) => {
            coverage.get(glyph)?;
            Some(ttf_parser::GlyphId(glyph.0.wrapping_add_signed(delta)))
        }
        _ => None,
    })
}
