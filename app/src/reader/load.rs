//! Puts together what a reader's page shows: the published document, its numbers, and the first members of its list filters.

use std::collections::BTreeMap;

use plan::{FieldInfo, FieldList};
use services::{ServiceError, WorkspaceSelector, reader::ReaderService};
use shared::{
    dashboard::{FilterScope, FilterState, ReadableDashboard, TileRequest},
    ids::{DashboardId, FilterId},
    semantic::DimensionType,
    table::Cell,
};

use crate::components::{
    dashboard::{ReaderPage, ReaderSource},
    tile::prose,
};

/// More list filters than these are filled when they are opened.
const FILLED_LISTS: usize = 6;

/// The page in the state that `query` says, for whoever `reader` was made for.
///
/// # Errors
/// As `ReaderService::published`; a tile that fails is an error of that tile only.
pub async fn page(
    reader: &ReaderService,
    workspace: &WorkspaceSelector,
    id: DashboardId,
    query: &str,
    source: ReaderSource,
    path: String,
) -> Result<ReaderPage, ServiceError> {
    let readable = reader.published(workspace, id).await?;
    let (state, unknown) = ReaderService::state_of_query(&readable, query);
    let request = TileRequest {
        tiles: Vec::new(),
        state: state.clone(),
        windows: BTreeMap::new(),
    };
    let (data, members) = tokio::join!(
        reader.tiles(workspace, id, &request),
        members(reader, workspace, &readable, &state)
    );
    let allowed_filters = readable
        .document
        .filters
        .iter()
        .filter(|filter| readable.changeable.contains(&filter.id))
        .map(|filter| filter.target.field.clone())
        .collect();
    Ok(ReaderPage {
        fields: fields(&readable),
        data: data?,
        state,
        unknown,
        hide_title: false,
        downloads: readable.downloads,
        members,
        prose: readable
            .document
            .tiles
            .iter()
            .map(|tile| (tile.id, prose(&tile.content)))
            .filter(|(_, html)| !html.is_empty())
            .collect(),
        allowed_filters: Some(allowed_filters),
        source,
        path,
        document: readable.document,
    })
}

/// A list that cannot be filled now is filled when it is opened, with its error.
async fn members(
    reader: &ReaderService,
    workspace: &WorkspaceSelector,
    readable: &ReadableDashboard,
    state: &FilterState,
) -> BTreeMap<FilterId, Vec<Cell>> {
    let is_list = |field: &str| {
        !matches!(
            readable.fields.get(field).map(|field| field.kind),
            Some(DimensionType::Time | DimensionType::Number)
        )
    };
    let lists = readable
        .document
        .ordered_filters()
        .into_iter()
        .filter(|filter| {
            readable.changeable.contains(&filter.id) && !filter.hidden && !matches!(filter.scope, FilterScope::Tile(_))
        })
        .filter(|filter| is_list(&filter.target.field))
        .take(FILLED_LISTS);
    let mut filled = BTreeMap::new();
    for filter in lists {
        if let Ok(found) = reader.filter_values(workspace, readable.id, filter.id, "", state).await {
            filled.insert(filter.id, found.into_iter().map(|member| member.value).collect());
        }
    }
    filled
}

fn fields(readable: &ReadableDashboard) -> FieldList {
    let dimensions = readable
        .fields
        .iter()
        .map(|(name, field)| FieldInfo {
            field: name.clone(),
            table: name.split('.').next().unwrap_or_default().to_owned(),
            table_label: String::new(),
            label: field.label.clone(),
            description: None,
            kind: field.kind,
            stored: field.stored,
            place: None,
            grains: field.grains.clone(),
            calendar_grains: field.calendar_grains.clone(),
            default_aggregation: None,
            format: field.format.clone(),
            synonyms: Vec::new(),
            hidden: false,
            default_time: false,
        })
        .collect();
    FieldList {
        dimensions,
        metrics: Vec::new(),
        hierarchies: Vec::new(),
    }
}
