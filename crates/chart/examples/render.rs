//! Draws a specification file as `sightline render` does, without the rest of the server:
//! `render SPEC --out FILE [--data-dir DIR] [--theme light|dark|css] [--bench N]`. Exit code 3 when it is outside of what is drawn.

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
    let (mut spec, mut out, mut folder, mut theme, mut rounds) = (None, None, PathBuf::from("."), None, 0);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--out" => out = arguments.next(),
            "--data-dir" => folder = arguments.next().map(PathBuf::from).unwrap_or_default(),
            "--theme" => theme = arguments.next(),
            "--bench" => rounds = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(0),
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
    let mut times_us: Vec<f64> = (0..rounds)
        .map(|_| {
            let begin = std::time::Instant::now();
            let _ = std::hint::black_box(render_svg(&json, &options));
            begin.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times_us.sort_by(f64::total_cmp);
    if let Some(median) = times_us.get(times_us.len() / 2) {
        println!("{{\"median_us\": {median:.1}}}");
    }
    match render_svg(&json, &options) {
        Ok(svg) => match out {
            Some(out) => std::fs::write(out, svg).map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS),
            None => {
                println!("{svg}");
                ExitCode::SUCCESS
            }
        },
        Err(ChartError::Unsupported(problems) | ChartError::Invalid(problems)) => {
            problems.iter().for_each(|p| eprintln!("{p}"));
            ExitCode::from(3)
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
