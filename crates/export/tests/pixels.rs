//! PNG: size, colours where they belong, bounds.

#![allow(clippy::unwrap_used)]

mod support;

use chart::{
    Theme,
    scene::{Align, Group},
};
use export::{ExportError, PngOptions, png};
use serde_json::json;
use support::{Pixels, bars, data_uri, filled, graded, image, page, rectangle, scene, text, themed, with_text};

fn at_scale(scene: &chart::Scene, scale: f64) -> Pixels {
    Pixels::of(&png(scene, &PngOptions { scale }).unwrap())
}

#[test]
fn a_chart_is_as_large_as_it_says_and_its_bars_are_where_their_rows_are() {
    let scene = scene(&bars());
    for scale in [0.5, 1.0, 2.0, 3.3] {
        let pixels = at_scale(&scene, scale);
        let expected = [scene.width_px, scene.height_px].map(|side| (side * scale).round() as u32);
        assert_eq!([pixels.width, pixels.height], expected, "{scale}");
        for point in &scene.points {
            let place = (point.x_px * scale, (point.y_px + 6.0) * scale);
            assert_eq!(pixels.at(place.0, place.1), [0x33, 0x66, 0xcc], "{scale} {point:?}");
        }
        assert_eq!(pixels.at(0.0, 0.0), [255; 3]);
    }
}

#[test]
fn the_same_scene_is_the_same_file() {
    let scene = scene(&bars());
    let draw = || png(&scene, &PngOptions::default()).unwrap();
    assert_eq!(draw(), draw());
}

#[test]
fn a_scene_of_variables_looks_as_its_light_theme() {
    let spec = json!({
        "width": 60, "height": 60,
        "data": {"values": [{"a": "x", "b": 3}, {"a": "y", "b": 5}]},
        "mark": "bar",
        "encoding": {"x": {"field": "a"}, "y": {"field": "b", "type": "quantitative"}, "color": {"field": "a"}}
    });
    let light = Theme {
        background: None,
        ..Theme::light()
    };
    let options = PngOptions { scale: 2.0 };
    let of = |theme: &Theme| png(&themed(&spec, theme), &options).unwrap();
    assert_eq!(of(&Theme::css()), of(&light));
    assert_ne!(of(&Theme::dark()), of(&light));
    let bare = page(vec![rectangle(filled("var(--chart-1)"))]);
    assert!(matches!(png(&bare, &options), Err(ExportError::Variable(_))));
}

#[test]
fn sizes_and_scales_have_bounds() {
    let mut large = page(Vec::new());
    (large.width_px, large.height_px) = (20_000.0, 10_000.0);
    let refused = png(&large, &PngOptions::default()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "a picture of 20000 × 10000 pixels is larger than 64 million pixels; choose a smaller scale or size"
    );
    assert_eq!(at_scale(&large, 0.1).width, 2_000);
    for scale in [0.0, 0.09, 10.1, -1.0, f64::NAN, f64::INFINITY] {
        let refused = png(&page(Vec::new()), &PngOptions { scale });
        assert!(matches!(refused, Err(ExportError::Scale(_))), "{scale}");
    }
    for (width, height) in [(0.0, 10.0), (f64::NAN, 10.0), (10.0, f64::INFINITY)] {
        let mut scene = page(Vec::new());
        (scene.width_px, scene.height_px) = (width, height);
        assert!(matches!(
            png(&scene, &PngOptions::default()),
            Err(ExportError::NoSize { .. })
        ));
    }
}

#[test]
fn gradients_run_from_one_colour_to_the_other() {
    let style = graded(&[(0.0, "red"), (1.0, "var(--chart-3, blue)")]);
    let pixels = at_scale(&page(vec![rectangle(style)]), 1.0);
    let (left, right) = (pixels.at(52.0, 50.0), pixels.at(147.0, 50.0));
    assert!(left[0] > 230 && left[2] < 25, "{left:?}");
    assert!(right[0] < 25 && right[2] > 230, "{right:?}");
}

#[test]
fn groups_cut_what_is_in_them() {
    let mut scene = page(vec![rectangle(filled("#00aa00"))]);
    let (clip, width, height) = (true, 100.0, 100.0);
    scene.root = Group {
        clip,
        width,
        height,
        ..scene.root
    };
    let pixels = at_scale(&scene, 1.0);
    assert_eq!(pixels.at(90.0, 50.0), [0, 0xaa, 0]);
    assert_eq!(pixels.at(110.0, 50.0), [255; 3]);
}

#[test]
fn pictures_in_the_drawing_are_shown_and_others_are_not_opened() {
    let shown = at_scale(&page(vec![image(&data_uri(4, 4, [200, 0, 0]))]), 1.0);
    assert_eq!(shown.at(100.0, 50.0), [200, 0, 0]);
    // The middle of the box, as wide as it is high.
    assert_eq!(shown.at(60.0, 50.0), [255; 3]);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/OFL-1.1.txt");
    for other in [
        file,
        "https://example.org/a.png",
        "a.png",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/png;base64,AAAA",
    ] {
        assert_eq!(
            at_scale(&page(vec![image(other)]), 1.0).at(100.0, 50.0),
            [255; 3],
            "{other}"
        );
    }
}

#[test]
fn pictures_that_unpack_to_too_much_are_refused() {
    let picture = data_uri(2_000, 2_000, [9, 9, 9]);
    let scene = page((0..20).map(|_| image(&picture)).collect());
    assert!(matches!(
        png(&scene, &PngOptions::default()),
        Err(ExportError::Pictures { pixels: 80_000_000, .. })
    ));
}

#[test]
fn text_is_painted_upright_turned_and_in_any_script() {
    let plain = at_scale(&page(vec![text("Sightline", 20.0, 50.0)]), 1.0).dark();
    assert!(plain > 100, "{plain}");
    let bold = with_text(text("Sightline", 20.0, 50.0), |text| text.bold = true);
    assert!(at_scale(&page(vec![bold]), 1.0).dark() > plain);
    let turned = with_text(text("Sightline", 20.0, 90.0), |text| text.angle = -90.0);
    let turned = at_scale(&page(vec![turned]), 1.0);
    assert!(turned.dark() > 50 && turned.at(60.0, 88.0) == [255; 3]);
    for words in [
        "日本語 😀 Ünïcödé",
        "שלום world مرحبا",
        "e\u{301}\u{200d}\u{fe0f}",
        "\u{fffe}\u{2029}x",
        "Ω ▲ Привет",
    ] {
        at_scale(&page(vec![text(words, 10.0, 50.0)]), 1.0);
    }
}

#[test]
fn a_line_of_several_fonts_is_in_its_place_and_turns_as_one() {
    // The italics have no Cyrillic: cut in two, the line is as wide as its parts, and ends where it is anchored.
    let line = |words: &str, angle: f64| {
        let item = with_text(text(words, 100.0, 50.0), |text| {
            (text.italic, text.angle, text.align) = (true, angle, Align::Right);
        });
        at_scale(&page(vec![item]), 4.0)
    };
    let inked = |pixels: &Pixels| {
        let columns = 0..pixels.width;
        let dark = |x: &u32| (0..pixels.height).any(|y| pixels.at(f64::from(*x), f64::from(y))[0] < 128);
        let columns: Vec<u32> = columns.filter(dark).collect();
        (columns[0], columns[columns.len() - 1])
    };
    let (cyrillic, both) = (inked(&line("Привет", 0.0)), inked(&line("Profit Привет", 0.0)));
    assert_eq!(cyrillic, (both.1 - (cyrillic.1 - cyrillic.0), both.1));
    assert!(
        both.0 + 4 * 40 < cyrillic.0 && both.1 <= 4 * 100,
        "{both:?} {cyrillic:?}"
    );
    let upwards = inked(&line("Profit Привет", -90.0));
    assert!(upwards.1 - upwards.0 < 4 * 20, "{upwards:?}");
}
