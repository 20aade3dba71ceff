//! Every kind of visual in every state, as pictures that are looked at once and kept: a sheet for each kind and theme.
//! `GOLDEN=write` writes what is drawn now. Numbers and tables (not `is_drawn`) are written by the page: they
//! have no picture here.

#![allow(clippy::unwrap_used, clippy::panic)]

mod pixels;
mod sheet;

use chart::{Theme, scene::Rect, visual::is_drawn};
use export::{PngOptions, png};
use pixels::{Pixels, has_changed};
use serde_json::Value;
use shared::visual::VisualKind;
use sheet::{parts, sheet};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const THEMES: [&str; 2] = ["light", "dark"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures")
}

fn file_name(kind: VisualKind, theme: &str) -> String {
    let kind = serde_json::to_value(kind).unwrap();
    format!("{}-{theme}.png", kind.as_str().unwrap())
}

fn kinds() -> impl Iterator<Item = VisualKind> {
    VisualKind::ALL.into_iter().filter(|kind| is_drawn(*kind))
}

fn is_writing() -> bool {
    std::env::var("GOLDEN").is_ok_and(|value| value == "write")
}

/// Draws the sheet of each kind and compares it with the one that is kept.
fn compare(name: &str, theme: &Theme) {
    let world = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public/maps/world.json");
    let world: Value = serde_json::from_str(&fs::read_to_string(world).unwrap()).unwrap();
    let moved: Vec<String> = kinds()
        .filter_map(|kind| {
            let parts = parts(kind);
            let file = png(&sheet(&parts, theme, &world), &PngOptions::default()).unwrap();
            let drawn = Pixels::read(&file);
            let name = file_name(kind, name);
            if is_writing() {
                fs::write(folder().join(name), drawn.packed()).unwrap();
                return None;
            }
            let frames: Vec<(&str, Rect)> = parts.iter().map(|part| (part.caption.as_str(), part.frame)).collect();
            difference(&name, &drawn, &frames)
        })
        .collect();
    assert!(
        moved.is_empty(),
        "pictures have moved; look, then run with GOLDEN=write\n{}",
        moved.join("\n")
    );
}

/// What has moved on a sheet, and where it is to be seen.
fn difference(name: &str, drawn: &Pixels, frames: &[(&str, Rect)]) -> Option<String> {
    let shown = |name: &str, pixels: &Pixels| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&path, pixels.packed()).unwrap();
        path.display().to_string()
    };
    let Ok(kept) = fs::read(folder().join(name)) else {
        return Some(format!("{name}: nothing is kept; drawn now: {}", shown(name, drawn)));
    };
    let kept = Pixels::read(&kept);
    if (kept.width, kept.height) != (drawn.width, drawn.height) {
        return Some(format!("{name}: of another size; drawn now: {}", shown(name, drawn)));
    }
    let moved = drawn.moved(&kept);
    let whole = Rect::new(0.0, 0.0, drawn.width as f64, drawn.height as f64);
    let changed: Vec<&str> = std::iter::once(&("the sheet", whole))
        .chain(frames)
        .filter(|(_, frame)| has_changed(*frame, &moved))
        .map(|(caption, _)| *caption)
        .collect();
    (!changed.is_empty()).then(|| {
        format!(
            "{name}: {}; drawn now: {}; in red what differs: {}",
            changed.join(", "),
            shown(name, drawn),
            shown(&format!("difference-{name}"), &drawn.pointed(&moved)),
        )
    })
}

#[test]
fn visuals_look_as_kept_on_light() {
    compare(THEMES[0], &Theme::light());
}

#[test]
fn visuals_look_as_kept_on_dark() {
    compare(THEMES[1], &Theme::dark());
}

#[test]
fn no_picture_is_kept_of_what_is_not_drawn() {
    let expected: BTreeSet<String> = kinds()
        .flat_map(|kind| THEMES.map(|theme| file_name(kind, theme)))
        .collect();
    let kept = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let stale: Vec<String> = kept
        .filter(|name| name.ends_with(".png") && !expected.contains(name))
        .collect();
    assert!(stale.is_empty(), "no visual is drawn for {}", stale.join(", "));
}
