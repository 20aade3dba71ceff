//! Times specifications from parsed JSON to SVG text, in one process: `times SPECS_FOLDER ROUNDS NAME…` prints
//! `{"NAME": µs}`, the median over the rounds. What is refused is left out. `cargo xtask bench charts` runs it.

use chart::{DataLoader, RenderOptions, render_svg};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Until the processor and the allocator have settled.
const WARM_UPS: usize = 3;

/// Files below one folder, read once.
struct Folder {
    path: PathBuf,
    files: RefCell<HashMap<String, Vec<u8>>>,
}

impl DataLoader for Folder {
    fn load(&self, url: &str) -> Result<Vec<u8>, String> {
        if let Some(known) = self.files.borrow().get(url) {
            return Ok(known.clone());
        }
        let bytes = std::fs::read(self.path.join(url)).map_err(|error| format!("{url}: {error}"))?;
        self.files.borrow_mut().insert(url.to_owned(), bytes.clone());
        Ok(bytes)
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().map(PathBuf::from).unwrap_or_default();
    let rounds = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(1);
    let folder = Folder {
        path: path.clone(),
        files: RefCell::default(),
    };
    let options = RenderOptions {
        data_loader: Some(&folder),
        ..RenderOptions::default()
    };
    let mut times = Map::new();
    for name in arguments {
        match median_us(&path.join(format!("specs/{name}.vl.json")), &options, rounds) {
            Ok(time) => drop(times.insert(name, time.into())),
            Err(why) => eprintln!("{name}: {why}"),
        }
    }
    println!("{}", Value::Object(times));
}

fn median_us(spec: &Path, options: &RenderOptions, rounds: usize) -> Result<f64, String> {
    let text = std::fs::read(spec).map_err(|error| error.to_string())?;
    let spec: Value = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    let mut times = Vec::new();
    for round in 0..WARM_UPS + rounds.max(1) {
        let begin = Instant::now();
        let svg = render_svg(&spec, options).map_err(|error| error.to_string())?;
        let time = begin.elapsed();
        std::hint::black_box(svg);
        if round >= WARM_UPS {
            times.push(time.as_secs_f64() * 1e6);
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}
