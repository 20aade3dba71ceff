//! In which order a visual shows its rows.

use leptos::prelude::*;
use plan::visual::outputs;
use shared::semantic::{Sort, SortDirection};

use super::pane::Selected;
use crate::designer::{controls::Choose, editor::item_label};

#[component]
pub fn SortControl(selected: Selected) -> impl IntoView {
    let designer = selected.designer;
    let options = Signal::derive(move || {
        let mut options = vec![(String::new(), "Automatic".to_owned())];
        selected.visual.with(|visual| {
            for output in visual.iter().flat_map(outputs) {
                let label = designer.catalog.with(|catalog| item_label(output.item, catalog));
                let words = if output.is_measure {
                    [("desc", "largest first"), ("asc", "smallest first")]
                } else {
                    [("asc", "ascending"), ("desc", "descending")]
                };
                for (dir, how) in words {
                    options.push((format!("{dir} {}", output.name), format!("{label}, {how}")));
                }
            }
        });
        options
    });
    let value = selected.part(
        |visual| {
            visual.query.sort.first().map_or_else(String::new, |sort| {
                let dir = match sort.dir {
                    SortDirection::Asc => "asc",
                    SortDirection::Desc => "desc",
                };
                format!("{dir} {}", sort.by)
            })
        },
        String::new(),
    );
    let change = Callback::new(move |chosen: String| {
        let sort = chosen.split_once(' ').map(|(dir, by)| Sort {
            by: by.to_owned(),
            dir: if dir == "desc" {
                SortDirection::Desc
            } else {
                SortDirection::Asc
            },
        });
        selected.change("Sort", |visual| visual.query.sort = sort.into_iter().collect());
    });
    view! { <Choose label="Sort by" options=options value=value on_change=change testid="sort" /> }
}
