//! PDF: text that can be read again, fonts within, shapes as shapes.

#![allow(clippy::unwrap_used)]

mod support;

use chart::{
    Scene, Theme,
    scene::{Align, Group, Item, Mark, Paint, Style},
};
use export::{ExportError, PdfOptions, pdf};
use lopdf::{Dictionary, Document, Object};
use std::sync::Arc;
use support::{bars, data_uri, filled, graded, image, page, rectangle, scene, text, themed, with_text};

fn file(scene: &Scene) -> Vec<u8> {
    pdf(scene, &PdfOptions::default()).unwrap()
}

fn open(scene: &Scene) -> Document {
    Document::load_mem(&file(scene)).unwrap()
}

fn words(scene: &Scene) -> String {
    open(scene).extract_text(&[1]).unwrap()
}

/// The operators of the page, unpacked.
fn content(scene: &Scene) -> String {
    let document = open(scene);
    let page = document.page_iter().next().unwrap();
    String::from_utf8_lossy(&document.get_page_content(page)).into_owned()
}

/// All dictionaries, also those of streams.
fn dictionaries(document: &Document) -> impl Iterator<Item = &Dictionary> {
    document.objects.values().filter_map(|object| match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    })
}

fn names(document: &Document, key: &[u8], value: &[u8]) -> usize {
    let is = |dictionary: &&Dictionary| {
        dictionary
            .get(key)
            .and_then(Object::as_name)
            .is_ok_and(|name| name == value)
    };
    dictionaries(document).filter(is).count()
}

#[test]
fn labels_and_titles_are_text() {
    let words = words(&scene(&bars()));
    for expected in [
        "Orders and returns",
        "Kind of event",
        "Number of events",
        "Orders",
        "Returns",
        "20",
        "10",
    ] {
        assert!(words.contains(expected), "{expected} is not in {words:?}");
    }
}

#[test]
fn fonts_are_within_and_only_those_used() {
    let document = open(&scene(&bars()));
    let embedded = dictionaries(&document)
        .filter(|dictionary| dictionary.has(b"FontFile2"))
        .count();
    assert_eq!(embedded, 2, "regular for labels, semi-bold for titles");
    let named = dictionaries(&document).filter_map(|dictionary| dictionary.get(b"BaseFont").ok()?.as_name().ok());
    assert!(
        named
            .into_iter()
            .all(|name| String::from_utf8_lossy(name).contains("+Inter-"))
    );
    assert!(file(&scene(&bars())).len() < 40_000);
}

#[test]
fn the_page_has_the_size_of_the_drawing_in_points() {
    let drawn = scene(&bars());
    let document = open(&drawn);
    let page = document.page_iter().next().unwrap();
    let media = document
        .get_dictionary(page)
        .unwrap()
        .get(b"MediaBox")
        .unwrap()
        .as_array()
        .unwrap();
    let sides: Vec<f64> = media.iter().map(|side| f64::from(side.as_float().unwrap())).collect();
    assert_eq!(sides[2..], [drawn.width_px * 0.75, drawn.height_px * 0.75]);
    let mut huge = support::page(Vec::new());
    (huge.width_px, huge.height_px) = (30_000.0, 100.0);
    open(&huge);
    huge.width_px = f64::NAN;
    assert!(matches!(
        pdf(&huge, &PdfOptions::default()),
        Err(ExportError::NoSize { .. })
    ));
}

#[test]
fn the_same_scene_is_the_same_file() {
    let scene = scene(&bars());
    assert_eq!(file(&scene), file(&scene));
    assert!(!String::from_utf8_lossy(&file(&scene)).contains("CreationDate"));
}

#[test]
fn it_says_what_it_is_and_in_which_language() {
    let options = PdfOptions {
        title: Some("Orders (2026)".to_owned()),
        description: Some("Two bars".to_owned()),
        language: Some("de".to_owned()),
    };
    let document = Document::load_mem(&pdf(&scene(&bars()), &options).unwrap()).unwrap();
    let info = document.get_dictionary(document.trailer.get(b"Info").unwrap().as_reference().unwrap());
    assert_eq!(info.unwrap().get(b"Title").unwrap().as_str().unwrap(), b"Orders (2026)");
    assert_eq!(
        document.catalog().unwrap().get(b"Lang").unwrap().as_str().unwrap(),
        b"de"
    );
    let figure = dictionaries(&document)
        .find(|dictionary| dictionary.has(b"Alt"))
        .unwrap();
    assert_eq!(figure.get(b"Alt").unwrap().as_str().unwrap(), b"Two bars");
}

#[test]
fn colours_are_those_of_the_theme() {
    let dark = content(&themed(&bars(), &Theme::dark()));
    // #16181d, the dark surface.
    assert!(dark.contains("0.0862745"), "{dark}");
    let bare = page(vec![rectangle(filled("var(--chart-1)"))]);
    assert!(matches!(
        pdf(&bare, &PdfOptions::default()),
        Err(ExportError::Variable(_))
    ));
    assert_eq!(
        file(&page(vec![rectangle(filled("var(--chart-1, #3b74d9)"))])),
        file(&page(vec![rectangle(filled("#3b74d9"))]))
    );
}

#[test]
fn gradients_stay_gradients() {
    let style = graded(&[(0.0, "red"), (0.4, "lime"), (1.0, "rgba(0,0,255,0.5)")]);
    let document = open(&page(vec![rectangle(style)]));
    assert!(dictionaries(&document).any(|dictionary| dictionary.has(b"ShadingType")));
}

#[test]
fn outlines_keep_their_dashes_ends_and_opacity() {
    let style = Style {
        stroke: Some(Paint::css("#ff0000")),
        stroke_width: Some(3.0),
        stroke_dash: Some(Arc::new(vec![4.0, 2.0, 1.0])),
        stroke_dash_offset: Some(1.0),
        stroke_cap: Some(Arc::from("round")),
        stroke_join: Some(Arc::from("bevel")),
        opacity: Some(0.5),
        ..Style::default()
    };
    let drawn = page(vec![rectangle(style)]);
    let content = content(&drawn);
    for expected in ["[4 2 1 4 2 1]1 d", "1 J", "2 j", "3 w"] {
        assert!(content.contains(expected), "{expected} is not in {content}");
    }
    let document = open(&drawn);
    let half = |dictionary: &Dictionary| {
        dictionary
            .get(b"CA")
            .and_then(Object::as_float)
            .is_ok_and(|value| value == 0.5)
    };
    assert!(dictionaries(&document).any(half));
    let unseen = Style {
        stroke: Some(Paint::css("red")),
        stroke_width: Some(0.0),
        ..Style::default()
    };
    assert_eq!(file(&page(vec![rectangle(unseen)])), file(&page(Vec::new())));
}

#[test]
fn groups_and_marks_cut_what_is_in_them() {
    let mut scene = page(vec![rectangle(filled("#00aa00"))]);
    let plain = content(&scene).matches("W\n").count();
    scene.root.clip = true;
    (scene.root.width, scene.root.height) = (100.0, 100.0);
    if let Some(Mark::Items { clip, .. }) = scene.root.marks.first_mut() {
        *clip = true;
    }
    assert_eq!(content(&scene).matches("W\n").count(), plain + 2);
    // What is cut by nothing is not shown, and nothing breaks.
    (scene.root.width, scene.root.height) = (0.0, 0.0);
    open(&scene);
}

#[test]
fn text_turned_and_over_several_lines_is_still_text() {
    let turned = with_text(text("Upwards", 20.0, 90.0), |text| text.angle = -90.0);
    let lines = with_text(text("First line\nand second", 100.0, 40.0), |text| {
        text.align = Align::Right;
        text.italic = true;
        text.bold = true;
    });
    let drawn = page(vec![turned, lines]);
    let words = words(&drawn);
    for expected in ["Upwards", "First line", "and second"] {
        assert!(words.contains(expected), "{expected} is not in {words:?}");
    }
    assert_eq!(names(&open(&drawn), b"Subtype", b"CIDFontType2"), 2);
}

#[test]
fn any_script_is_drawn_or_shown_as_missing() {
    for words in [
        "日本語 😀 Ünïcödé",
        "שלום world مرحبا",
        "e\u{301}\u{200d}\u{fe0f}",
        "\u{301}",
        "\u{fffe}\u{2029}x\u{0}\u{7}",
        "👩🏽\u{200d}🚀🇩🇪",
        "नमस्ते",
    ] {
        let drawn = page(vec![text(words, 10.0, 50.0)]);
        open(&drawn);
        assert_eq!(file(&drawn), file(&drawn));
    }
    assert!(words(&page(vec![text("Ω ▲ Привет", 10.0, 50.0)])).contains("Привет"));
}

#[test]
fn pictures_in_the_drawing_are_within_and_others_are_not_opened() {
    let images = |scene: &Scene| names(&open(scene), b"Subtype", b"Image");
    assert_eq!(images(&page(vec![image(&data_uri(4, 4, [200, 0, 0]))])), 1);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/OFL-1.1.txt");
    for other in [
        file,
        "https://example.org/a.png",
        "a.png",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/png;base64,AAAA",
    ] {
        assert_eq!(images(&page(vec![image(other)])), 0, "{other}");
    }
    // Broken only behind its size: left out, like in a browser.
    let broken = data_uri(64, 64, [1, 2, 3]);
    let cut = &broken[..broken.len() - 60];
    open(&page(vec![image(cut), text("still there", 10.0, 50.0)]));
}

#[test]
fn links_lead_out_by_https_only() {
    let linked = |href: &str| Item {
        href: Some(Arc::from(href)),
        ..rectangle(filled("red"))
    };
    let addresses = |href: &str| -> Vec<String> {
        let document = open(&page(vec![linked(href)]));
        let uri = |dictionary: &Dictionary| {
            let action = dictionary.get(b"A").ok()?.as_dict().ok()?;
            Some(String::from_utf8_lossy(action.get(b"URI").ok()?.as_str().ok()?).into_owned())
        };
        dictionaries(&document).filter_map(uri).collect()
    };
    assert_eq!(addresses("https://example.org/a?b=c"), ["https://example.org/a?b=c"]);
    for other in [
        "/inside",
        "#here",
        "http://example.org",
        "javascript:alert(1)",
        "file:///x",
    ] {
        assert_eq!(addresses(other), Vec::<String>::new(), "{other}");
    }
}

#[test]
fn groups_within_groups_are_drawn_in_their_places() {
    let inner = Group {
        place: (30.0, 20.0),
        style: filled("#abcdef"),
        width: 10.0,
        height: 10.0,
        corner_radius: 2.0,
        stroke_foreground: true,
        ..Group::default()
    };
    let mut scene = page(Vec::new());
    scene.root.marks.push(Mark::Groups {
        role: "scope".to_owned(),
        name: String::new(),
        groups: vec![inner],
        orient: None,
        label: None,
        hidden: false,
    });
    assert!(content(&scene).contains("0.67058"), "{}", content(&scene));
}
