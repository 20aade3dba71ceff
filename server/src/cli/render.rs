use std::{
    fs,
    io::Write as _,
    path::{Component, Path, PathBuf},
    time::Instant,
};

use chart::{ChartError, DataLoader, RenderOptions};
use serde_json::{Value, json};

use super::{arguments::RenderArguments, exit::Exit};

/// Outside of what is drawn, or not valid.
const UNSUPPORTED: u8 = 3;

pub fn render(arguments: &RenderArguments) -> Result<(), Exit> {
    if let Some(out) = &arguments.out {
        check_format(out)?;
    }
    let specification = read_specification(&arguments.specification)?;
    let folder = arguments.data_dir.as_deref().map(Folder::open).transpose()?;
    let options = RenderOptions {
        data_loader: folder.as_ref().map(|folder| folder as &dyn DataLoader),
        ..RenderOptions::default()
    };
    let svg = chart::render_svg(&specification, &options).map_err(refusal)?;
    if let Some(out) = &arguments.out {
        write_whole(out, svg.as_bytes())?;
    }
    if let Some(count) = arguments.bench {
        println!("{}", bench(&specification, &options, count)?);
    }
    Ok(())
}

fn check_format(out: &Path) -> Result<(), Exit> {
    match out
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase()
        .as_str()
    {
        "svg" => Ok(()),
        format @ ("png" | "pdf") => Err(Exit::configuration(format!(
            "{format} is not written by this version yet; use --out FILE.svg"
        ))),
        _ => Err(Exit::configuration(format!(
            "{}: the ending must be .svg",
            out.display()
        ))),
    }
}

fn read_specification(path: &Path) -> Result<Value, Exit> {
    let text = fs::read(path)
        .map_err(|error| Exit::configuration(format!("{}: cannot be read ({})", path.display(), error.kind())))?;
    serde_json::from_slice(&text).map_err(|error| Exit::new(UNSUPPORTED, format!("$: not JSON ({error})")))
}

fn refusal(error: ChartError) -> Exit {
    match error {
        ChartError::Unsupported(problems) | ChartError::Invalid(problems) => {
            Exit::with_lines(UNSUPPORTED, problems.iter().map(ToString::to_string).collect())
        }
        ChartError::Data(_) | ChartError::Limit(_) => Exit::failure(error.to_string()),
    }
}

/// A picture is there whole or not at all.
fn write_whole(out: &Path, bytes: &[u8]) -> Result<(), Exit> {
    let partial = out.with_extension("svg.partial");
    let written = fs::File::create(&partial)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&partial, out));
    written.map_err(|error| {
        let _ = fs::remove_file(&partial);
        Exit::failure(format!("{}: cannot be written ({})", out.display(), error.kind()))
    })
}

fn bench(specification: &Value, options: &RenderOptions, count: u32) -> Result<Value, Exit> {
    let mut times_us = Vec::new();
    for _ in 0..count.max(1) {
        let started = Instant::now();
        chart::render_svg(specification, options).map_err(refusal)?;
        times_us.push(started.elapsed().as_nanos() as f64 / 1000.0);
    }
    times_us.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let position = (times_us.len().saturating_sub(1) as f64 * share).round() as usize;
        times_us.get(position).map_or(0.0, |time| (time * 10.0).round() / 10.0)
    };
    Ok(json!({"median_us": at(0.5), "p95_us": at(0.95)}))
}

/// Reads below one folder only.
struct Folder(PathBuf);

impl Folder {
    fn open(path: &Path) -> Result<Self, Exit> {
        let root = path
            .canonicalize()
            .map_err(|error| Exit::configuration(format!("{}: {}", path.display(), error.kind())))?;
        Ok(Self(root))
    }
}

impl DataLoader for Folder {
    fn load(&self, url: &str) -> Result<Vec<u8>, String> {
        let relative = Path::new(url);
        if !relative
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
        {
            return Err(format!("{url} leaves the data folder"));
        }
        let file = self
            .0
            .join(relative)
            .canonicalize()
            .map_err(|_| format!("{url} is not in the data folder"))?;
        // A symbolic link may lead out.
        if !file.starts_with(&self.0) {
            return Err(format!("{url} leaves the data folder"));
        }
        fs::read(&file).map_err(|error| format!("{url} cannot be read ({})", error.kind()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_read_below_the_folder_only() {
        let outer = tempfile::tempdir().unwrap();
        let data = outer.path().join("data");
        fs::create_dir(&data).unwrap();
        fs::write(data.join("cars.json"), "[]").unwrap();
        fs::write(outer.path().join("canary"), "secret").unwrap();
        std::os::unix::fs::symlink(outer.path().join("canary"), data.join("link")).unwrap();
        let folder = Folder::open(&data).unwrap();
        assert_eq!(folder.load("cars.json").as_deref(), Ok(b"[]".as_slice()));
        for outside in ["../canary", "/etc/hostname", "link", "nothing.csv", "./../canary"] {
            assert!(folder.load(outside).is_err(), "{outside}");
        }
    }

    #[test]
    fn formats_of_later_versions_are_named() {
        assert!(check_format(Path::new("a.svg")).is_ok());
        assert!(check_format(Path::new("a.png")).is_err() && check_format(Path::new("a")).is_err());
    }
}
