//! Writes the table of embedded assets: those of the folder that `SIGHTLINE_DIST` names, or none.
#![expect(clippy::expect_used, reason = "a build that cannot embed its assets must stop")]

use std::{env, fmt::Write as _, fs, path::PathBuf};

use serde_json::Value;

fn main() {
    println!("cargo::rerun-if-env-changed=SIGHTLINE_DIST");
    let mut table = String::from("pub static ASSETS: &[Asset] = &[\n");
    if let Some(folder) = env::var_os("SIGHTLINE_DIST").map(PathBuf::from) {
        let manifest = folder.join("manifest.json");
        println!("cargo::rerun-if-changed={}", manifest.display());
        let text = fs::read_to_string(&manifest).expect("SIGHTLINE_DIST must name a folder with a manifest.json");
        let manifest: Value = serde_json::from_str(&text).expect("manifest.json is JSON");
        let files = manifest["files"].as_object().expect("manifest.json lists `files`");
        for (name, file) in files {
            let path = file["path"].as_str().expect("a file has a path");
            let at = folder.join(path);
            println!("cargo::rerun-if-changed={}", at.display());
            let include = |ending: &str| format!("include_bytes!({:?})", format!("{}{ending}", at.display()));
            let packed = |key: &str, ending: &str| match file[key].as_u64() {
                Some(_) => format!("Some({})", include(ending)),
                None => "None".to_owned(),
            };
            writeln!(
                table,
                "    Asset {{ name: {name:?}, path: {path:?}, content_type: {:?}, immutable: {}, digest: {:?}, plain: {}, brotli: {}, gzip: {} }},",
                file["content_type"].as_str().expect("a file has a content type"),
                file["immutable"].as_bool().expect("a file says whether it changes"),
                file["sha384"].as_str().expect("a file has a digest"),
                include(""),
                packed("brotli_bytes", ".br"),
                packed("gzip_bytes", ".gz"),
            )
            .expect("writing to a text");
        }
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("assets.rs");
    fs::write(out, table).expect("the table of assets can be written");
}
