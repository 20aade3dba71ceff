//! Text tiles. Raw HTML in the Markdown is shown as text, and links go to https and mailto only.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};
use shared::dashboard::Content;

/// Safe HTML of a text tile; empty for every other.
pub fn prose(content: &Content) -> String {
    match content {
        Content::Text(text) => to_html(&text.markdown),
        Content::Visual(_) | Content::Frame(_) => String::new(),
    }
}

/// Safe HTML of a Markdown text.
fn to_html(markdown: &str) -> String {
    let events =
        Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).map(|event| match event {
            Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => Event::Start(Tag::Link {
                link_type,
                dest_url: safe_address(dest_url),
                title,
                id,
            }),
            // Pictures would be requests to other sites.
            Event::Start(Tag::Image {
                link_type, title, id, ..
            }) => Event::Start(Tag::Image {
                link_type,
                dest_url: "".into(),
                title,
                id,
            }),
            other => other,
        });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

fn safe_address(address: CowStr<'_>) -> CowStr<'_> {
    let lower = address.trim().to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("mailto:") {
        address
    } else {
        "#".into()
    }
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn nothing_of_the_text_runs() {
        assert_eq!(
            to_html("<script>alert(1)</script>"),
            "&lt;script&gt;alert(1)&lt;/script&gt;"
        );
        assert!(!to_html("[a](javascript:alert(1))").contains("javascript"));
        assert!(!to_html("![a](https://example.org/a.png)").contains("example.org"));
        assert!(to_html("[a](https://example.org)").contains("href=\"https://example.org\""));
        assert!(to_html("**Sales**").contains("<strong>Sales</strong>"));
    }
}
