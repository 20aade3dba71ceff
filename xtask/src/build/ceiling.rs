//! What a browser has to load never grows unnoticed.

use std::collections::BTreeMap;

use super::dist::Sizes;
use crate::{
    failure::{Failure, Outcome, fail},
    files,
    workspace::Workspace,
};

/// Beside this tool's manifest: asset → bytes it has under brotli.
const FILE: &str = "xtask/browser-sizes.toml";
/// Compilers differ a little from one machine to the next.
const SLACK_PERCENT: usize = 2;

/// # Errors
/// When an asset of the file is larger than it says, or is not there.
pub fn check(workspace: &Workspace, sizes: &[Sizes]) -> Outcome {
    let text = files::read_text(&workspace.root.join(FILE))?;
    let ceilings: BTreeMap<String, usize> = text
        .parse::<toml::Table>()
        .ok()
        .and_then(|table| {
            let entries = table.into_iter().map(|(name, value)| Some((name, bytes(&value)?)));
            entries.collect()
        })
        .ok_or_else(|| {
            Failure::new(format!(
                "{FILE}: lines of the form \"app_bg.wasm\" = 700_000 are wanted"
            ))
        })?;
    for (name, ceiling) in ceilings {
        let Some(size) = sizes.iter().find(|size| size.name == name) else {
            fail!("{FILE} names {name}, which is no asset");
        };
        exceeds(&name, size.brotli.unwrap_or(size.plain), ceiling)?;
    }
    Ok(())
}

fn bytes(value: &toml::Value) -> Option<usize> {
    usize::try_from(value.as_integer()?).ok()
}

fn exceeds(name: &str, size: usize, ceiling: usize) -> Outcome {
    if size * 100 > ceiling * (100 + SLACK_PERCENT) {
        fail!(
            "{name} is {size} bytes under brotli, more than the {ceiling} of {FILE}; find out why before you raise it"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::exceeds;

    #[test]
    fn a_little_more_is_let_through_and_more_is_not() {
        assert!(exceeds("app_bg.wasm", 102_000, 100_000).is_ok());
        assert!(exceeds("app_bg.wasm", 102_001, 100_000).is_err());
    }
}
