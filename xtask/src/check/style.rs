//! Colours and type live in `style/tokens.css`; elsewhere only tokens are named, and no element carries a `style="…"`.

use super::sources::{self, Source};
use crate::{failure::Outcome, workspace::Workspace};

/// The one file with raw colours.
const TOKENS: &str = "style/tokens.css";
/// May also set the root's size in pixels.
const BASE: &str = "style/base.css";
/// Carries its own style: it must be readable in a server that was compiled without assets.
const SELF_CONTAINED: [&str; 1] = ["server/src/openapi/docs.css"];
/// Folders whose files draw pages. `crates/chart` is not among them: colour names are part of the chart language.
const FOLDERS: [&str; 4] = ["style/", "app/src/", "frontend/", "server/src/"];
const FUNCTIONS: [&str; 8] = ["rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "lch(", "oklch("];
const NAMES: [&str; 14] = [
    "white", "black", "gray", "grey", "silver", "red", "green", "blue", "yellow", "orange", "purple", "pink", "brown",
    "navy",
];

/// What breaks the rule, as `path:line: …`.
pub fn run(workspace: &Workspace) -> Outcome<Vec<String>> {
    let drawn = |path: &str| {
        path != TOKENS
            && !SELF_CONTAINED.contains(&path)
            && FOLDERS.iter().any(|folder| path.starts_with(folder))
            && ends_like_page(path)
    };
    Ok(sources::texts(workspace, drawn)?.iter().flat_map(problems).collect())
}

fn ends_like_page(path: &str) -> bool {
    [".css", ".rs", ".html", ".js"]
        .iter()
        .any(|ending| path.ends_with(ending))
}

fn problems(source: &Source) -> Vec<String> {
    let css = source.path.ends_with(".css");
    let text = if css {
        without_comments(&source.text)
    } else {
        source.text.clone()
    };
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let code = if css {
            line
        } else {
            line.split("//").next().unwrap_or_default()
        };
        let problem = if css {
            in_style_sheet(code, source.path == BASE)
        } else {
            in_code(code)
        };
        found.extend(problem.map(|problem| format!("{}:{}: {problem}", source.path, index + 1)));
    }
    found
}

/// Comments become blanks; lines stay where they are.
fn without_comments(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut inside = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let pair = (character, characters.peek().copied().unwrap_or(' '));
        if !inside && pair == ('/', '*') {
            inside = true;
        } else if inside && pair == ('*', '/') {
            inside = false;
            characters.next();
        } else if !inside || character == '\n' {
            plain.push(character);
        }
    }
    plain
}

fn in_style_sheet(line: &str, base: bool) -> Option<String> {
    // A value stands behind the first colon; a selector such as `a:hover {` holds no value.
    let value = line
        .split_once(':')
        .map(|(_, value)| value)
        .filter(|value| !value.trim_end().ends_with('{'))?;
    if let Some(colour) = hexadecimal(value).or_else(|| function(value)).or_else(|| named(value)) {
        return Some(format!("raw colour `{colour}`; use a token of {TOKENS}"));
    }
    let size = line
        .trim_start()
        .strip_prefix("font-size:")
        .map(|size| size.trim().trim_end_matches(';'));
    let typed = size.is_some_and(|size| size.ends_with("px") && size.starts_with(|first: char| first.is_ascii_digit()))
        && !base;
    typed.then(|| format!("raw font size; use a token of {TOKENS}"))
}

fn in_code(line: &str) -> Option<String> {
    if line.contains("style=\"") && !line.contains("style=\\\"") {
        return Some("`style=\"…\"`; use a class, an SVG attribute, or a variable set with `style:--name`".to_owned());
    }
    // Only whole string literals: `"#fff"` is a colour, `"#main"` an address on the page.
    let literals = line.split('"').skip(1).step_by(2);
    literals
        .filter(|literal| !literal.contains(char::is_whitespace))
        .find_map(|literal| {
            hexadecimal(literal)
                .filter(|colour| colour.len() == literal.len())
                .or_else(|| function(literal))
        })
        .map(|colour| format!("raw colour `{colour}`; use a token of {TOKENS}"))
}

/// The first `#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa`.
fn hexadecimal(text: &str) -> Option<String> {
    text.match_indices('#').find_map(|(at, _)| {
        let rest = text.get(at + 1..)?;
        let digits = rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
        let colour = matches!(digits.len(), 3 | 4 | 6 | 8) && digits.chars().all(|digit| digit.is_ascii_hexdigit());
        colour.then(|| format!("#{digits}"))
    })
}

fn function(text: &str) -> Option<String> {
    FUNCTIONS.iter().find_map(|name| {
        let mut places = text.match_indices(name);
        // `oklab(` ends in `lab(`; colours computed from a token are as good as the token.
        places.find(|(at, _)| {
            let starts = !text
                .get(..*at)
                .is_some_and(|before| before.ends_with(|last: char| last.is_ascii_alphanumeric() || last == '-'));
            starts
                && !text
                    .get(at + name.len()..)
                    .is_some_and(|inside| inside.trim_start().starts_with("from var("))
        })?;
        Some(format!("{name}…)"))
    })
}

fn named(value: &str) -> Option<String> {
    let words = value.split(|character: char| !(character.is_ascii_alphanumeric() || matches!(character, '-' | '_')));
    words.into_iter().find(|word| NAMES.contains(word)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str) -> Vec<String> {
        problems(&Source {
            path: path.to_owned(),
            text: text.to_owned(),
        })
    }

    #[test]
    fn raw_colours_in_style_sheets_are_found_with_their_line() {
        assert_eq!(
            check("style/a.css", ".a {\n  color: #fff;\n}"),
            ["style/a.css:2: raw colour `#fff`; use a token of style/tokens.css"]
        );
        assert_eq!(
            check("style/a.css", "a { border: 1px solid rgba(0, 0, 0, .1) }").len(),
            1
        );
        assert_eq!(check("style/a.css", "background: white;").len(), 1);
        assert_eq!(check("style/a.css", "font-size: 13px;").len(), 1);
    }

    #[test]
    fn tokens_comments_selectors_and_mixes_pass() {
        let text = "/* color: #fff;\n red */\n.red:hover {\n color: var(--ink-red);\n background: color-mix(in oklab, var(--accent) 20%, transparent);\n outline-color: oklch(from var(--accent) l c h);\n white-space: nowrap;\n}";
        assert_eq!(check("style/a.css", text), Vec::<String>::new());
    }

    #[test]
    fn code_names_tokens_too() {
        assert_eq!(check("app/src/a.rs", "view! { <a style=\"x\"> }").len(), 1);
        assert_eq!(check("app/src/a.rs", "let colour = \"#2f5fd0\";").len(), 1);
        assert_eq!(
            check(
                "app/src/a.rs",
                "<a href=\"#facade-details\"> <use href=\"#add\"/> // \"#fff\""
            )
            .len(),
            1
        );
        assert_eq!(
            check("app/src/a.rs", "<a href=\"#main\" style:--width=width> #[component]"),
            Vec::<String>::new()
        );
    }
}
