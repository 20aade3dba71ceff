//! The page before any number.

use shared::{
    dashboard::{Dashboard, FilterState, ReadableDashboard},
    ids::DashboardId,
    permission::Capability,
    semantic::Model,
};

use super::{ReaderService, access::Reading, guest_view::document_for_guests, labels::labels};
use crate::{ServiceResult, WorkspaceSelector, dashboard::find_dashboard};

impl ReaderService {
    /// The published document as this reader may see it, with the labels of its fields.
    ///
    /// # Errors
    /// 404; for guests 410 when it was deleted or is no longer published; 409 for editors before the first publishing.
    pub async fn published(&self, workspace: &WorkspaceSelector, id: DashboardId) -> ServiceResult<ReadableDashboard> {
        let reading = self.reading(workspace, id).await?;
        let state = self.published_for(&reading, id).await?;
        self.context
            .services()
            .usage()
            .viewed(reading.workspace_id, id, reading.asker.into(), self.context.now());
        readable(&reading, id, &state.document, &state.model, state.revision)
    }

    /// The same of the draft, for editors.
    ///
    /// # Errors
    /// 404; 403 for readers.
    pub async fn draft(&self, workspace: &WorkspaceSelector, id: DashboardId) -> ServiceResult<ReadableDashboard> {
        let access = self.context.object_access(workspace, id, Capability::Edit).await?;
        let row = find_dashboard(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
        let document = row.document()?;
        let model = self.model_of(&access, &document).await?;
        readable(&Reading::of_member(&access), id, &document, &model, row.revision()?)
    }

    /// Reads a query string for this reader: what is unknown, unreadable or not theirs to change is left out and named in
    /// the second value, for a visible notice.
    pub fn state_of_query(readable: &ReadableDashboard, query: &str) -> (FilterState, Vec<String>) {
        let (mut state, mut left_out) = FilterState::from_query(query, &readable.document);
        let refused: Vec<_> = state
            .filters
            .keys()
            .filter(|id| !readable.changeable.contains(id))
            .copied()
            .collect();
        for id in refused {
            state.filters.remove(&id);
            if let Some(filter) = readable.document.filter(id) {
                left_out.push(format!(
                    "f.{}",
                    shared::dashboard::filter_key(&readable.document, filter)
                ));
            }
        }
        if state
            .time_zone
            .as_ref()
            .is_some_and(|zone| zone.parse::<chrono_tz::Tz>().is_err())
        {
            state.time_zone = None;
            left_out.push("tz".to_owned());
        }
        (state, left_out)
    }
}

fn readable(
    reading: &Reading,
    id: DashboardId,
    document: &Dashboard,
    model: &Model,
    revision: u64,
) -> ServiceResult<ReadableDashboard> {
    let shown = if reading.is_guest {
        document_for_guests(document)
    } else {
        document.clone()
    };
    let (fields, metrics) = labels(&shown, model)?;
    Ok(ReadableDashboard {
        id,
        revision,
        model_version: model.version,
        time_zone: document.time_zone.clone().unwrap_or_else(|| model.time_zone.clone()),
        week_start: model.week_start,
        fields,
        metrics,
        changeable: reading.changeable(document),
        downloads: reading.downloads,
        document: shown,
    })
}
