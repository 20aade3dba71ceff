//! What stands in `<title>`.

/// A title that somebody wrote. `leptos_meta` puts it into the page as it is, where `</title>` would end the element; in the
/// browser it sets the text, and nothing may be written differently.
pub fn page_title(text: String) -> String {
    if cfg!(feature = "ssr") {
        text.replace('&', "&amp;").replace('<', "&lt;")
    } else {
        text
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::page_title;

    #[test]
    fn nothing_ends_the_element() {
        let title = page_title("</title><script>R&D".to_owned());
        assert_eq!(title, "&lt;/title>&lt;script>R&amp;D");
    }
}
