use std::{
    fs,
    io::Write as _,
    path::{Component, Path, PathBuf},
    time::Instant,
};

use chart::{ChartError, DataLoader, RenderOptions};
use export::{PdfOptions, PngOptions};
use serde_json::{Value, json};

use super::{
    arguments::RenderArguments,
    exit::{Exit, chain},
};

/// Outside of what is drawn, or not valid.
const UNSUPPORTED: u8 = 3;

/// What a drawing is written as; the ending of its file says it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Format {
    Svg,
    Png { scale: f64 },
    Pdf,
}

pub fn render(arguments: &RenderArguments) -> Result<(), Exit> {
    let format = format(arguments.out.as_deref(), arguments.scale)?;
    let specification = read_specification(&arguments.specification)?;
    let folder = arguments.data_dir.as_deref().map(Folder::open).transpose()?;
    let drawing = Drawing {
        title: title(&specification).or_else(|| file_name(&arguments.specification)),
        specification: &specification,
        options: RenderOptions {
            data_loader: folder.as_ref().map(|folder| folder as &dyn DataLoader),
            ..RenderOptions::default()
        },
        format,
    };
    let bytes = drawing.bytes()?;
    if let Some(out) = &arguments.out {
        write_whole(out, &bytes)?;
    }
    if let Some(count) = arguments.bench {
        println!("{}", bench(&drawing, count)?);
    }
    Ok(())
}

/// # Errors
/// Another ending than the three, or a scale that is out of bounds. Only pixels are scaled.
fn format(out: Option<&Path>, scale: Option<f64>) -> Result<Format, Exit> {
    let Some(out) = out else {
        return Ok(Format::Svg);
    };
    let ending = out.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let format = match ending.to_ascii_lowercase().as_str() {
        "svg" => Format::Svg,
        "png" => Format::Png {
            scale: scale.unwrap_or(1.0),
        },
        "pdf" => Format::Pdf,
        _ => {
            return Err(Exit::configuration(format!(
                "{}: the ending must be .svg, .png or .pdf",
                out.display()
            )));
        }
    };
    match scale {
        Some(scale) if !export::SCALES.contains(&scale) => {
            Err(Exit::configuration(export::ExportError::Scale(scale).to_string()))
        }
        Some(_) | None => Ok(format),
    }
}

/// The words over the drawing.
fn title(specification: &Value) -> Option<String> {
    let title = specification.get("title")?;
    match title.get("text").unwrap_or(title) {
        Value::String(text) => Some(text.clone()),
        Value::Array(lines) => {
            let lines: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
            (!lines.is_empty()).then(|| lines.join(" "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

/// The name of a file without its endings.
fn file_name(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    Some(name.split('.').next().unwrap_or(name).to_owned())
}

/// What is drawn, and as what.
struct Drawing<'a> {
    specification: &'a Value,
    options: RenderOptions<'a>,
    format: Format,
    /// What a document calls itself.
    title: Option<String>,
}

impl Drawing<'_> {
    fn bytes(&self) -> Result<Vec<u8>, Exit> {
        let scene = chart::render_scene(self.specification, &self.options).map_err(refusal)?;
        let written = match self.format {
            Format::Svg => Ok(chart::write_svg(&scene).into_bytes()),
            Format::Png { scale } => export::png(&scene, &PngOptions { scale }),
            Format::Pdf => export::pdf(
                &scene,
                &PdfOptions {
                    title: self.title.clone(),
                    ..PdfOptions::default()
                },
            ),
        };
        written.map_err(|error| Exit::failure(chain(&error)))
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
    let mut partial = out.as_os_str().to_owned();
    // Another call may be writing the same picture.
    partial.push(format!(".{}.partial", std::process::id()));
    let partial = PathBuf::from(partial);
    let written = fs::File::create(&partial)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&partial, out));
    written.map_err(|error| {
        let _ = fs::remove_file(&partial);
        Exit::failure(format!("{}: cannot be written ({})", out.display(), error.kind()))
    })
}

fn bench(drawing: &Drawing, count: u32) -> Result<Value, Exit> {
    let mut times_us = Vec::new();
    for _ in 0..count.max(1) {
        let started = Instant::now();
        drawing.bytes()?;
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
    fn the_ending_says_the_format() {
        let of = |name: &str, scale| format(Some(Path::new(name)), scale);
        assert_eq!(of("a.svg", None).unwrap(), Format::Svg);
        assert_eq!(of("a.b.PNG", None).unwrap(), Format::Png { scale: 1.0 });
        assert_eq!(of("a.png", Some(2.5)).unwrap(), Format::Png { scale: 2.5 });
        assert_eq!(of("a.pdf", None).unwrap(), Format::Pdf);
        assert!(of("a.gif", None).is_err() && of("png", None).is_err());
        assert!(of("a.png", Some(11.0)).is_err() && of("a.png", Some(f64::NAN)).is_err());
    }

    #[test]
    fn a_document_is_called_what_its_drawing_is_called() {
        assert_eq!(title(&json!({"title": "Orders"})).as_deref(), Some("Orders"));
        assert_eq!(
            title(&json!({"title": {"text": ["Orders", "by month"]}})).as_deref(),
            Some("Orders by month")
        );
        assert_eq!(title(&json!({"title": {"anchor": "start"}})), None);
        assert_eq!(title(&json!({"mark": "bar"})), None);
        assert_eq!(file_name(Path::new("charts/orders.vl.json")).as_deref(), Some("orders"));
    }
}
