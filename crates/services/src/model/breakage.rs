//! What a new version of a model would break, before it happens: tiles of drafts that could be answered and no longer can.

use plan::{
    query::{PlanContext, Policy, plan_query},
    visual::tile_query,
};
use shared::{
    AppError,
    dashboard::{Dashboard, FilterState, ModelVersion, TableWindow, Tile},
    semantic::{Model, Warning},
};

use super::{
    ModelService, merge,
    usage::{User, Users},
};
use crate::{ServiceResult, WorkspaceAccess};

/// Tiles of one dashboard that are named; the rest is counted.
const NAMED: usize = 3;

impl ModelService {
    /// A warning for each dashboard whose draft has tiles that `after` cannot answer and `before` can.
    pub(super) async fn breakage(
        &self,
        access: &WorkspaceAccess,
        before: &Model,
        after: &Model,
    ) -> ServiceResult<Vec<Warning>> {
        let is_same = *before
            == Model {
                version: before.version,
                ..after.clone()
            };
        if is_same {
            return Ok(Vec::new());
        }
        let users = Users::load(&self.context, access, before.model.as_str()).await?;
        let planner = Planner {
            context: PlanContext::new(self.context.now()),
            before,
            after,
        };
        let mut warnings: Vec<Warning> = users.seen.iter().filter_map(|user| planner.broken(user)).collect();
        let hidden = users
            .hidden
            .iter()
            .filter(|user| planner.broken(user).is_some())
            .count();
        if hidden > 0 {
            let message = format!("Dashboards that are given to others only lose tiles as well ({hidden}).");
            warnings.push(merge::warning("breaks_dashboard", message));
        }
        Ok(warnings)
    }
}

struct Planner<'a> {
    context: PlanContext,
    before: &'a Model,
    after: &'a Model,
}

impl Planner<'_> {
    fn broken(&self, user: &User) -> Option<Warning> {
        let draft = user.draft.as_ref()?;
        if draft.model.version != ModelVersion::Newest {
            return None;
        }
        let broken: Vec<(&Tile, AppError)> = draft
            .tiles
            .iter()
            .filter_map(|tile| Some((tile, self.newly_refused(draft, tile)?)))
            .collect();
        let (_, reason) = broken.first()?;
        let readers = match &user.published {
            Some((_, version)) => {
                format!(" Readers keep version {version} of the model until the dashboard is published again.")
            }
            None => String::new(),
        };
        let message = format!(
            "{} loses {}. {}{readers}",
            user.title,
            tiles_text(&broken),
            reason.message
        );
        Some(merge::warning("breaks_dashboard", message))
    }

    fn newly_refused(&self, document: &Dashboard, tile: &Tile) -> Option<AppError> {
        let error = self.ask(document, tile, self.after).err()?;
        self.ask(document, tile, self.before).ok()?;
        Some(error)
    }

    /// Plans what the tile asks, as its builder left it. Whoever looks at it does not matter.
    fn ask(&self, document: &Dashboard, tile: &Tile, model: &Model) -> Result<(), AppError> {
        let state = FilterState::default();
        let query = tile_query(tile, document, &state, model, &TableWindow::default())?;
        match query {
            Some(query) => plan_query(&query, model, &Policy::default(), &self.context).map(drop),
            None => Ok(()),
        }
    }
}

fn tiles_text(broken: &[(&Tile, AppError)]) -> String {
    let title = |tile: &Tile| match tile.visual() {
        Some(visual) => match &visual.title {
            Some(title) => format!("“{title}”"),
            None => format!("an untitled {}", visual.kind.label().to_lowercase()),
        },
        None => "a tile".to_owned(),
    };
    let named: Vec<String> = broken.iter().take(NAMED).map(|(tile, _)| title(tile)).collect();
    match broken.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
