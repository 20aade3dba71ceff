//! The dashboard itself.

use shared::dashboard::Dashboard;

use crate::designer::editor::{Edit, set_document};

/// `None` for an empty or unchanged title.
pub fn rename_dashboard(document: &Dashboard, title: &str) -> Option<Edit> {
    let title = title.trim();
    (!title.is_empty() && title != document.title).then(|| {
        Edit::new(
            format!("Rename dashboard to “{title}”"),
            vec![set_document(&["title"], title)],
        )
    })
}
