//! Any specification over any data, the two texts parted by a NUL. A good corpus to start from is
//! `crates/chart/tests/golden/*.vl.json`.

#![no_main]

use chart::visual::check_own;
use chart::{RenderOptions, Theme, render_svg};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let mut texts = bytes.splitn(2, |byte| *byte == 0);
    let mut next = || texts.next().and_then(|text| serde_json::from_slice::<Value>(text).ok());
    let Some(mut specification) = next() else { return };
    check_own(&specification, &["a", "b"]);
    if let (Some(values), Value::Object(parts)) = (next(), &mut specification) {
        parts.insert("data".to_owned(), serde_json::json!({ "values": values }));
    }
    let theme = Theme::css();
    let options = RenderOptions {
        theme: Some(&theme),
        width_px: Some(400.0),
        height_px: Some(260.0),
        ..RenderOptions::default()
    };
    if let Ok(svg) = render_svg(&specification, &options) {
        assert!(!svg.contains("<script") && !svg.contains("href=\"javascript:"));
    }
});
