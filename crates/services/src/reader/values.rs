//! Members of a filter's field, for its list.

use engine::CancellationToken;
use plan::catalog::values_query;
use shared::{
    AppError,
    dashboard::{Dashboard, Filter, FilterScope, FilterState, MemberCount},
    ids::{DashboardId, FilterId},
    semantic::Condition,
};

use super::{ReaderService, access::Reading, state::check_state};
use crate::{
    ServiceResult, WorkspaceSelector,
    query::{Question, members},
};

/// Members of one list.
const MAX_MEMBERS: u64 = 200;

impl ReaderService {
    /// Members of the filter's field whose text contains `search`, most rows first, at most 200. What always holds for this
    /// reader (locks of the link, filters they cannot change) holds here too.
    ///
    /// # Errors
    /// As `published`; 404 for an unknown filter; 403 for one this reader may not change.
    pub async fn filter_values(
        &self,
        workspace: &WorkspaceSelector,
        id: DashboardId,
        filter: FilterId,
        search: &str,
        state: &FilterState,
    ) -> ServiceResult<Vec<MemberCount>> {
        let reading = self.reading(workspace, id).await?;
        let published = self.published_for(&reading, id).await?;
        check_state(&reading, &published.document, &published.model, state)?;
        let filter = published
            .document
            .filter(filter)
            .ok_or_else(|| AppError::not_found("filter"))?;
        if !reading.may_change(filter) {
            return Err(AppError::forbidden("This filter cannot be changed here.").into());
        }
        let mut query = values_query(&published.model, &filter.target.field, search, MAX_MEMBERS)?;
        let mut conditions = fixed_conditions(&reading, &published.document, filter);
        conditions.extend(query.condition.take());
        query.condition = Condition::all(conditions);
        query.time_zone = state.time_zone.clone().or_else(|| published.document.time_zone.clone());
        let cancel = CancellationToken::new();
        let _dropped = cancel.clone().drop_guard();
        let runner = self.runner(&reading, cancel);
        Ok(members(
            runner
                .run(Question {
                    model: published.model,
                    query,
                })
                .await?,
        ))
    }
}

/// Of filters that this reader cannot change and that reach where `filter` stands.
fn fixed_conditions(reading: &Reading, document: &Dashboard, filter: &Filter) -> Vec<Condition> {
    let reaches = |other: &Filter| match other.scope {
        FilterScope::Dashboard => true,
        FilterScope::Page(_) | FilterScope::Tile(_) => other.scope == filter.scope,
    };
    let untouched = FilterState::default();
    let fixed = document
        .ordered_filters()
        .into_iter()
        .filter(|other| other.id != filter.id && !reading.may_change(other) && reaches(other));
    fixed.filter_map(|other| untouched.condition(other).cloned()).collect()
}
