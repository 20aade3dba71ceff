//! A page with a kind of visual in every state, to be looked at: `cargo run -p chart --features samples --example visuals
//! -- heatmap [dark] [WIDTHxHEIGHT] [panels] > page.html`.

use chart::Theme;
use chart::visual::samples::{Sample, divided, sample};
use chart::visual::{DrawOptions, Size, draw, is_drawn};
use shared::semantic::Answer;
use shared::visual::{ReferenceAt, ReferenceLine, Tone, Visual, VisualKind, WellName};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let dark = words.iter().any(|word| word == "dark");
    let size = words.iter().find_map(|word| {
        let (width, height) = word.split_once('x')?;
        Some(Size {
            width_px: width.parse().ok()?,
            height_px: height.parse().ok()?,
        })
    });
    let size = size.unwrap_or(Size {
        width_px: 400.0,
        height_px: 260.0,
    });
    let path = words.iter().find(|word| word.ends_with(".json"));
    let shapes = path.and_then(|path| {
        let text = std::fs::read_to_string(path)
            .inspect_err(|error| eprintln!("{path}: {error}"))
            .ok()?;
        serde_json::from_str(&text)
            .inspect_err(|error| eprintln!("{path}: {error}"))
            .ok()
    });
    let theme = if dark { Theme::dark() } else { Theme::light() };
    println!(
        "<body style=\"font:12px Inter,sans-serif;background:{};color:{};display:flex;flex-wrap:wrap;gap:12px\">",
        theme.surface, theme.ink
    );
    let mut count = 0;
    for kind in VisualKind::ALL.into_iter().filter(|kind| is_drawn(*kind)) {
        let name = serde_json::to_value(kind).ok();
        if !words
            .iter()
            .any(|word| word == "all" || name.as_ref().and_then(|name| name.as_str()) == Some(word))
        {
            continue;
        }
        let samples = if words.iter().any(|word| word == "panels") {
            panels(kind)
        } else {
            let state = |(state, words): (Sample, &str)| (words.to_owned(), sample(kind, state));
            Sample::ALL.into_iter().map(state).collect()
        };
        for (words, (visual, answer)) in samples {
            count += 1;
            let id_prefix = format!("p{count}-");
            let options = DrawOptions {
                id_prefix: &id_prefix,
                shapes: shapes.as_ref(),
                ..DrawOptions::default()
            };
            let picture = draw(&visual, &answer, &theme, size, &options);
            let svg = picture.map_or_else(|error| error.to_string(), |picture| picture.svg);
            println!(
                "<figure style=\"margin:0;border:1px solid #8884\"><figcaption>{} {words}</figcaption>{svg}</figure>",
                kind.label()
            );
        }
    }
}

/// Small multiples of a kind that has them.
fn panels(kind: VisualKind) -> Vec<(String, (Visual, Answer))> {
    if !kind.wells().contains(&WellName::SmallMultiples) {
        return Vec::new();
    }
    let counts = [1, 3, 4, 7, 40].map(|count| (format!("in {count} panels"), divided(kind, count)));
    let (mut own, answer) = divided(kind, 4);
    own.format.own_scales = true;
    let (mut lined, _) = divided(kind, 4);
    lined.format.reference_lines = vec![ReferenceLine {
        at: ReferenceAt::Average,
        to: None,
        label: None,
        tone: Tone::Accent,
    }];
    lined.format.data_labels = true;
    counts
        .into_iter()
        .chain([
            ("with scales of their own".to_owned(), (own, answer.clone())),
            ("with averages and labels".to_owned(), (lined, answer)),
        ])
        .collect()
}
