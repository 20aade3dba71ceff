//! The style sheet: tokens, base and components in this order, minified into one `app.css`.

use lightningcss::{
    printer::PrinterOptions,
    stylesheet::{MinifyOptions, ParserOptions, StyleSheet},
    values::url::Url,
    visit_types,
    visitor::{Visit, VisitTypes, Visitor},
};

use super::asset::Asset;
use crate::{
    failure::{Failure, Outcome, fail},
    files,
    workspace::Workspace,
};

/// Builds the style sheet. Files of `public/` are named from there, `url("fonts/…")`, and become the hashed names among `assets`.
pub fn style_sheet(workspace: &Workspace, assets: &[Asset]) -> Outcome<Asset> {
    let folder = workspace.root.join("style");
    let mut sources = vec![folder.join("tokens.css"), folder.join("base.css")];
    sources.retain(|path| path.is_file());
    sources.extend(
        files::walk(&folder.join("components"))?
            .into_iter()
            .filter(|path| path.extension().is_some_and(|end| end == "css")),
    );
    let mut bundle = String::new();
    for source in sources {
        let name = source
            .strip_prefix(&workspace.root)
            .unwrap_or(&source)
            .to_string_lossy()
            .into_owned();
        bundle.push_str(&minify(&name, &files::read_text(&source)?, assets)?);
    }
    Asset::hashed("app.css", bundle.into_bytes())
}

fn minify(name: &str, source: &str, assets: &[Asset]) -> Outcome<String> {
    let options = ParserOptions {
        filename: name.to_owned(),
        ..ParserOptions::default()
    };
    let wrong = |error: &dyn std::fmt::Display| Failure::new(format!("{name}: {error}"));
    let mut sheet = StyleSheet::parse(source, options).map_err(|error| wrong(&error))?;
    sheet.visit(&mut Addresses { name, assets })?;
    sheet.minify(MinifyOptions::default()).map_err(|error| wrong(&error))?;
    let printed = sheet.to_css(PrinterOptions {
        minify: true,
        ..PrinterOptions::default()
    });
    Ok(printed.map_err(|error| wrong(&error))?.code)
}

/// Puts hashed names into `url(…)`.
struct Addresses<'a> {
    name: &'a str,
    assets: &'a [Asset],
}

impl<'css> Visitor<'css> for Addresses<'_> {
    type Error = Failure;

    fn visit_types(&self) -> VisitTypes {
        visit_types!(URLS)
    }

    fn visit_url(&mut self, url: &mut Url<'css>) -> Outcome {
        if url.url.starts_with("data:") || url.url.starts_with('#') {
            return Ok(());
        }
        let wanted = url.url.trim_start_matches('/');
        let Some(asset) = self.assets.iter().find(|asset| asset.name == wanted) else {
            fail!(
                "{}: url({}) is no file of public/ (write it from there: url(\"fonts/…\"))",
                self.name,
                url.url
            );
        };
        // Relative to the style sheet, which lies at the top of the assets.
        url.url = asset.path.clone().into();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_hashed_and_unknown_ones_are_refused() {
        let font = Asset::hashed("fonts/inter.woff2", b"font".to_vec()).unwrap();
        let path = font.path.clone();
        let css = minify(
            "base.css",
            "@font-face { font-family: Inter; src: url(\"/fonts/inter.woff2\") format(\"woff2\") }",
            &[font],
        )
        .unwrap();
        assert!(css.contains(&path), "{css}");
        let error = minify("base.css", "a { background: url(/gone.png) }", &[]).unwrap_err();
        assert!(error.to_string().contains("/gone.png"));
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let error = minify("style/components/tile.css", ".tile {\n  color: red;\n}}", &[]).unwrap_err();
        assert!(error.to_string().contains("style/components/tile.css"), "{error}");
    }
}
