//! Draws a specification file: `render SPEC --out FILE [--data-dir DIR]`. Exit code 3 when it is outside of what is drawn.

use chart::{ChartError, DataLoader, RenderOptions, Theme, render_svg};
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

struct Folder(PathBuf);

impl DataLoader for Folder {
    fn load(&self, url: &str) -> Result<Vec<u8>, String> {
        let path = Path::new(url);
        if path
            .components()
            .any(|c| !matches!(c, Component::Normal(_) | Component::CurDir))
        {
            return Err(format!("{url} leaves the data folder"));
        }
        std::fs::read(self.0.join(path)).map_err(|e| format!("{url}: {e}"))
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).filter(|a| a != "render");
    let (mut spec, mut out, mut folder, mut theme, mut repeat) = (None, None, PathBuf::from("."), None, 1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--out" => out = arguments.next(),
            "--data-dir" => folder = arguments.next().map(PathBuf::from).unwrap_or_default(),
            "--theme" => theme = arguments.next(),
            "--repeat" => repeat = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(1),
            _ => spec = Some(argument),
        }
    }
    let theme = match theme.as_deref() {
        Some("light") => Some(Theme::light()),
        Some("dark") => Some(Theme::dark()),
        Some("css") => Some(Theme::css()),
        _ => None,
    };
    let text = spec
        .map(std::fs::read_to_string)
        .and_then(Result::ok)
        .unwrap_or_default();
    let Ok(json) = serde_json::from_str(&text) else {
        eprintln!("the specification is not JSON");
        return ExitCode::FAILURE;
    };
    let loader = Folder(folder);
    let options = RenderOptions {
        data_loader: Some(&loader),
        theme: theme.as_ref(),
        ..RenderOptions::default()
    };
    if repeat > 1 {
        let begin = std::time::Instant::now();
        for _ in 0..repeat {
            let _ = render_svg(&json, &options);
        }
        eprintln!("{:.1} µs", begin.elapsed().as_secs_f64() * 1e6 / f64::from(repeat));
    }
    match render_svg(&json, &options) {
        Ok(svg) => match out {
            Some(out) => std::fs::write(out, svg).map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS),
            None => {
                println!("{svg}");
                ExitCode::SUCCESS
            }
        },
        Err(ChartError::Unsupported(problems)) => {
            problems.iter().for_each(|p| eprintln!("{p}"));
            ExitCode::from(3)
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
