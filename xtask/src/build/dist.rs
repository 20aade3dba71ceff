//! The `dist` folder: files, their compressed forms, and `manifest.json` which lists them.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha384};

use super::{asset::Asset, cache::Cache, compress};
use crate::{
    failure::{Failure, Outcome},
    files, step,
    workspace::Profile,
};

/// Sizes of one asset in bytes.
#[derive(Debug)]
pub struct Sizes {
    pub name: String,
    pub plain: usize,
    pub brotli: Option<usize>,
    gzip: Option<usize>,
}

/// Writes everything and removes what an earlier build left. `manifest.json` is written last: it never names a missing file.
pub fn write(folder: &Path, assets: &[Asset], profile: Profile, cache: &Cache) -> Outcome<Vec<Sizes>> {
    let mut sizes = Vec::new();
    let mut entries = Map::new();
    let mut kept = BTreeSet::new();
    for asset in assets {
        let packed = compress::compress(asset, profile, cache)?;
        let variants = [
            ("", Some(&asset.content)),
            (".br", packed.brotli.as_ref()),
            (".gz", packed.gzip.as_ref()),
        ];
        for (ending, content) in variants {
            let Some(content) = content else { continue };
            let path = folder.join(format!("{}{ending}", asset.path));
            files::write(&path, content)?;
            kept.insert(path);
        }
        let size = Sizes {
            name: asset.name.clone(),
            plain: asset.content.len(),
            brotli: packed.brotli.as_ref().map(Vec::len),
            gzip: packed.gzip.as_ref().map(Vec::len),
        };
        entries.insert(asset.name.clone(), entry(asset, &size));
        sizes.push(size);
    }
    let manifest =
        serde_json::to_vec_pretty(&json!({ "files": entries })).map_err(|error| Failure::new(error.to_string()))?;
    let path = folder.join("manifest.json");
    files::write(&path, &manifest)?;
    kept.insert(path);
    for old in files::walk(folder)?.into_iter().filter(|path| !kept.contains(path)) {
        fs::remove_file(&old).map_err(|error| Failure::io("remove", &old, &error))?;
    }
    Ok(sizes)
}

fn entry(asset: &Asset, size: &Sizes) -> Value {
    json!({
        "path": asset.path,
        "content_type": asset.content_type,
        "immutable": asset.is_immutable(),
        "bytes": size.plain,
        "brotli_bytes": size.brotli,
        "gzip_bytes": size.gzip,
        "sha384": hex(&Sha384::digest(&asset.content)),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Prints what the browser has to load.
pub fn print_sizes(sizes: &[Sizes]) {
    let kilobytes =
        |bytes: Option<usize>| bytes.map_or_else(|| "–".to_owned(), |bytes| format!("{:.1}", bytes as f64 / 1000.0));
    step::say(&format!(
        "{:32}{:>10}{:>10}{:>10}  kB",
        "asset", "plain", "gzip", "brotli"
    ));
    for size in sizes.iter().filter(|size| !size.name.starts_with("licences/")) {
        let columns = [Some(size.plain), size.gzip, size.brotli].map(kilobytes);
        step::say(&format!(
            "{:32}{:>10}{:>10}{:>10}",
            size.name, columns[0], columns[1], columns[2]
        ));
    }
}
