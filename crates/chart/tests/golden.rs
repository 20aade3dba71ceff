//! Every specification in `golden/` gives exactly the SVG beside it, in the plain look and in the product's. `CHART_UPDATE=1` writes
//! the drawings anew; look at what changed before committing them.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use chart::{RenderOptions, Theme, render_svg};
use std::path::{Path, PathBuf};

fn specifications() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let files = std::fs::read_dir(folder)
        .expect("the golden folder")
        .map(|e| e.expect("an entry").path());
    let mut out: Vec<PathBuf> = files.filter(|p| p.to_string_lossy().ends_with(".vl.json")).collect();
    out.sort();
    out
}

fn check(ending: &str, options: &RenderOptions) {
    let update = std::env::var_os("CHART_UPDATE").is_some();
    let mut changed = Vec::new();
    for path in specifications() {
        let spec = serde_json::from_str(&std::fs::read_to_string(&path).expect("a file")).expect("JSON");
        let svg = render_svg(&spec, options).unwrap_or_else(|e| panic!("{}: {e}", path.display())) + "\n";
        let golden = PathBuf::from(path.to_string_lossy().replace(".vl.json", ending));
        if update {
            std::fs::write(&golden, svg).expect("written");
        } else if std::fs::read_to_string(&golden).unwrap_or_default() != svg {
            changed.push(golden);
        }
    }
    assert!(changed.is_empty(), "drawn differently: {changed:?}");
}

#[test]
fn plain_look() {
    check(".svg", &RenderOptions::default());
}

#[test]
fn product_look_in_a_tile() {
    let theme = Theme::css();
    check(
        ".tile.svg",
        &RenderOptions {
            theme: Some(&theme),
            width_px: Some(420.0),
            height_px: Some(260.0),
            id_prefix: "t1-",
            ..RenderOptions::default()
        },
    );
}
