//! The files of `public/`.

use super::asset::Asset;
use crate::{
    failure::{Failure, Outcome},
    files,
    workspace::Workspace,
};

/// All static files. Those directly in `public/`, the licences and the maps keep their names, because others ask for them by name;
/// those in other folders (fonts, images) are named by content.
pub fn collect(workspace: &Workspace) -> Outcome<Vec<Asset>> {
    let folder = workspace.root.join("public");
    let mut assets = Vec::new();
    for file in files::walk(&folder)? {
        let relative = file
            .strip_prefix(&folder)
            .map_err(|error| Failure::new(error.to_string()))?;
        let name = relative.to_string_lossy().replace('\\', "/");
        let content = files::read(&file)?;
        let keeps_name = !name.contains('/') || name.starts_with("licences/") || name.starts_with("maps/");
        assets.push(if keeps_name {
            Asset::fixed(&name, content)?
        } else {
            Asset::hashed(&name, content)?
        });
    }
    Ok(assets)
}
