//! Draws a specification as `sightline render` does, without the rest of the server, to look at and to time:
//! `draw SPEC --out FILE.{svg,png,pdf} [--data-dir DIR] [--scale N] [--theme light|dark|css] [--bench N]`.

use std::{
    error::Error,
    fs,
    hint::black_box,
    path::{Component, Path, PathBuf},
    time::Instant,
};

use chart::{DataLoader, RenderOptions, Scene, Theme};
use export::{PdfOptions, PngOptions};

struct Folder(PathBuf);

impl DataLoader for Folder {
    fn load(&self, url: &str) -> Result<Vec<u8>, String> {
        let inside = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        if !Path::new(url).components().all(inside) {
            return Err(format!("{url} leaves the data folder"));
        }
        fs::read(self.0.join(url)).map_err(|error| format!("{url}: {error}"))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (mut spec, mut out, mut theme, mut scale, mut rounds) = (None, None, None, 1.0, 0_u32);
    let mut folder = Folder(PathBuf::from("."));
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--out" => out = arguments.next(),
            "--data-dir" => folder = Folder(arguments.next().unwrap_or_default().into()),
            "--scale" => scale = arguments.next().unwrap_or_default().parse()?,
            "--theme" => theme = arguments.next(),
            "--bench" => rounds = arguments.next().unwrap_or_default().parse()?,
            _ => spec = Some(argument),
        }
    }
    let theme = match theme.as_deref() {
        Some("light") => Some(Theme::light()),
        Some("dark") => Some(Theme::dark()),
        Some("css") => Some(Theme::css()),
        _ => None,
    };
    let (spec, out) = (spec.ok_or("no specification")?, out.ok_or("no --out")?);
    let json = serde_json::from_str(&fs::read_to_string(spec)?)?;
    let options = RenderOptions {
        theme: theme.as_ref(),
        data_loader: Some(&folder),
        ..RenderOptions::default()
    };
    let scene = chart::render_scene(&json, &options)?;
    let bytes = write(&scene, &out, scale)?;
    fs::write(&out, &bytes)?;
    let mut times_ms = Vec::new();
    for _ in 0..rounds {
        let begin = Instant::now();
        black_box(write(&scene, &out, scale)?);
        times_ms.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    times_ms.sort_by(f64::total_cmp);
    let median_ms = times_ms.get(times_ms.len() / 2).copied().unwrap_or_default();
    println!("{out}: {} bytes, {median_ms:.2} ms", bytes.len());
    Ok(())
}

fn write(scene: &Scene, out: &str, scale: f64) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(match Path::new(out).extension().and_then(|ending| ending.to_str()) {
        Some("png") => export::png(scene, &PngOptions { scale })?,
        Some("pdf") => export::pdf(scene, &PdfOptions::default())?,
        _ => chart::write_svg(scene).into_bytes(),
    })
}
