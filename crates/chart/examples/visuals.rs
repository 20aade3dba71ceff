//! A page with a kind of visual in every state, to be looked at: `cargo run -p chart --features samples --example visuals
//! -- heatmap [dark] [WIDTHxHEIGHT] > page.html`.

use chart::Theme;
use chart::visual::samples::{Sample, sample};
use chart::visual::{DrawOptions, Size, draw, is_drawn};
use shared::visual::VisualKind;

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
    let shapes = words.iter().find(|word| word.ends_with(".json")).map(|path| {
        let text = std::fs::read_to_string(path).expect("shapes that can be read");
        serde_json::from_str(&text).expect("shapes that are JSON")
    });
    let theme = if dark { Theme::dark() } else { Theme::light() };
    println!(
        "<body style=\"font:12px Inter,sans-serif;background:{};color:{};display:flex;flex-wrap:wrap;gap:12px\">",
        theme.surface, theme.ink
    );
    let options = DrawOptions {
        shapes: shapes.as_ref(),
        ..DrawOptions::default()
    };
    for kind in VisualKind::ALL.into_iter().filter(|kind| is_drawn(*kind)) {
        let name = serde_json::to_value(kind).ok();
        if !words
            .iter()
            .any(|word| word == "all" || name.as_ref().and_then(|name| name.as_str()) == Some(word))
        {
            continue;
        }
        for (state, words) in Sample::ALL {
            let (visual, answer) = sample(kind, state);
            let picture = draw(&visual, &answer, &theme, size, &options);
            let svg = picture.map_or_else(|error| error.to_string(), |picture| picture.svg);
            println!(
                "<figure style=\"margin:0;border:1px solid #8884\"><figcaption>{} {words}</figcaption>{svg}</figure>",
                kind.label()
            );
        }
    }
}
