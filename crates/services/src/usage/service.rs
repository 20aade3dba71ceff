use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Days, NaiveDate};
use entity::{dashboard, usage_day, user, workspace};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use shared::{
    ids::RequestId,
    permission::Principal,
    usage::{DashboardUse, DayOfUse, ReaderUse, ServerUse, SlowQuery, Usage},
};
use uuid::Uuid;

use super::counter::{PERSON, ViewKey};
use crate::{
    Context, ServiceResult, Services,
    audit::{Untold, commit_untold},
};

/// Days that are shown.
const DAYS: u64 = 30;
/// Days that are kept.
const KEPT_DAYS: u64 = 400;
/// Lines of a list.
const LINES: usize = 20;

/// What the instance is used for.
#[derive(Clone, Debug)]
pub struct UsageService {
    context: Context,
}

#[derive(Default)]
struct Tally {
    views: u64,
    guest_views: u64,
    people: HashSet<Uuid>,
}

impl Tally {
    fn add(&mut self, row: &usage_day::Model) {
        let views = u64::try_from(row.views).unwrap_or_default();
        if row.reader_kind == PERSON {
            self.views += views;
            self.people.insert(row.reader_id);
        } else {
            self.guest_views += views;
        }
    }

    fn people(&self) -> u64 {
        self.people.len() as u64
    }
}

impl UsageService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// # Errors
    /// 401 and 403 as `Context::admin`.
    pub async fn usage(&self) -> ServiceResult<Usage> {
        self.context.admin()?;
        let services = self.context.services();
        Self::flush(services).await?;
        let today = self.context.now().date_naive();
        let first = today - Days::new(DAYS - 1);
        let rows = usage_day::Entity::find()
            .filter(usage_day::Column::Day.gte(first))
            .all(self.context.instance_reader())
            .await?;
        let mut all = Tally::default();
        rows.iter().for_each(|row| all.add(row));
        Ok(Usage {
            days: days(&rows, first, today),
            people: all.people(),
            dashboards: self.dashboards(&rows).await?,
            readers: self.readers(&rows).await?,
            server: self.server().await?,
        })
    }

    /// Writes the views that were counted, and forgets days that are over for long. Call it every ten minutes and at the end.
    ///
    /// # Errors
    /// When the database fails; what was counted is kept for the next time.
    pub async fn flush(services: &Services) -> ServiceResult<()> {
        let views = services.usage().take_views();
        if views.is_empty() {
            return Ok(());
        }
        let written = write(services, &views).await;
        if written.is_err() {
            services.usage().return_views(views);
        }
        written
    }

    async fn dashboards(&self, rows: &[usage_day::Model]) -> ServiceResult<Vec<DashboardUse>> {
        let mut by_dashboard: HashMap<Uuid, Tally> = HashMap::new();
        for row in rows {
            by_dashboard.entry(row.dashboard_id).or_default().add(row);
        }
        let mut tallies: Vec<_> = by_dashboard.into_iter().collect();
        tallies.sort_by_key(|(id, tally)| (std::cmp::Reverse(tally.views + tally.guest_views), *id));
        tallies.truncate(LINES);
        let found: Vec<(Uuid, String, Uuid)> = dashboard::Entity::find()
            .select_only()
            .columns([
                dashboard::Column::Id,
                dashboard::Column::Title,
                dashboard::Column::WorkspaceId,
            ])
            .filter(dashboard::Column::Id.is_in(tallies.iter().map(|(id, _)| *id)))
            .into_tuple()
            .all(self.context.instance_reader())
            .await?;
        let titles: HashMap<Uuid, (String, Uuid)> = found
            .into_iter()
            .map(|(id, title, workspace)| (id, (title, workspace)))
            .collect();
        let workspaces = self.workspaces().await?;
        let line = |(id, tally): (Uuid, Tally)| {
            let (title, workspace) = titles.get(&id)?;
            Some(DashboardUse {
                id: id.into(),
                title: title.clone(),
                workspace: workspaces.get(workspace).cloned().unwrap_or_default(),
                views: tally.views,
                guest_views: tally.guest_views,
                people: tally.people(),
            })
        };
        Ok(tallies.into_iter().filter_map(line).collect())
    }

    async fn readers(&self, rows: &[usage_day::Model]) -> ServiceResult<Vec<ReaderUse>> {
        let mut by_person: HashMap<Uuid, (u64, HashSet<Uuid>, NaiveDate)> = HashMap::new();
        for row in rows.iter().filter(|row| row.reader_kind == PERSON) {
            let (views, dashboards, last) = by_person
                .entry(row.reader_id)
                .or_insert_with(|| (0, HashSet::new(), row.day));
            *views += u64::try_from(row.views).unwrap_or_default();
            dashboards.insert(row.dashboard_id);
            *last = Ord::max(*last, row.day);
        }
        let mut people: Vec<_> = by_person.into_iter().collect();
        people.sort_by_key(|(id, (views, ..))| (std::cmp::Reverse(*views), *id));
        people.truncate(LINES);
        let found: Vec<(Uuid, String)> = user::Entity::find()
            .select_only()
            .columns([user::Column::Id, user::Column::Name])
            .filter(user::Column::Id.is_in(people.iter().map(|(id, _)| *id)))
            .into_tuple()
            .all(self.context.instance_reader())
            .await?;
        let names: HashMap<Uuid, String> = found.into_iter().collect();
        let line = |(id, (views, dashboards, last_day)): (Uuid, (u64, HashSet<Uuid>, NaiveDate))| {
            Some(ReaderUse {
                id: id.into(),
                name: names.get(&id)?.clone(),
                views,
                dashboards: dashboards.len() as u64,
                last_day,
            })
        };
        Ok(people.into_iter().filter_map(line).collect())
    }

    async fn server(&self) -> ServiceResult<ServerUse> {
        let services = self.context.services();
        let (counter, workspaces) = (services.usage(), self.workspaces().await?);
        let totals = counter.totals();
        let slow = counter.slow(self.context.now()).into_iter().map(|query| SlowQuery {
            at: query.at,
            workspace: workspaces.get(&query.workspace.as_uuid()).cloned().unwrap_or_default(),
            model: query.model,
            milliseconds: u64::try_from(query.duration.as_millis()).unwrap_or(u64::MAX),
        });
        Ok(ServerUse {
            since: services.started_at(),
            kept: totals.kept,
            computed: totals.computed,
            failed: totals.failed,
            errors: totals.errors,
            slow: slow.collect(),
        })
    }

    /// Titles.
    async fn workspaces(&self) -> ServiceResult<HashMap<Uuid, String>> {
        let found: Vec<(Uuid, String)> = workspace::Entity::find()
            .select_only()
            .columns([workspace::Column::Id, workspace::Column::Title])
            .into_tuple()
            .all(self.context.instance_reader())
            .await?;
        Ok(found.into_iter().collect())
    }
}

/// Every day, those without a view too.
fn days(rows: &[usage_day::Model], first: NaiveDate, today: NaiveDate) -> Vec<DayOfUse> {
    let mut by_day: BTreeMap<NaiveDate, Tally> = first
        .iter_days()
        .take_while(|day| *day <= today)
        .map(|day| (day, Tally::default()))
        .collect();
    for row in rows {
        by_day.entry(row.day).or_default().add(row);
    }
    let line = |(day, tally): (NaiveDate, Tally)| DayOfUse {
        day,
        views: tally.views,
        guest_views: tally.guest_views,
        people: tally.people(),
    };
    by_day.into_iter().map(line).collect()
}

async fn write(services: &Services, views: &[(ViewKey, i64)]) -> ServiceResult<()> {
    let transaction = services.database().write_transaction().await?;
    let there: Vec<Uuid> = dashboard::Entity::find()
        .select_only()
        .column(dashboard::Column::Id)
        .filter(dashboard::Column::Id.is_in(views.iter().map(|(key, _)| key.dashboard.as_uuid())))
        .into_tuple()
        .all(&transaction)
        .await?;
    // What was deleted since it was read is told of no more.
    let of_these = views.iter().filter(|(key, _)| there.contains(&key.dashboard.as_uuid()));
    let rows: Vec<_> = of_these
        .map(|(key, count)| usage_day::ActiveModel {
            day: Set(key.day),
            dashboard_id: Set(key.dashboard.as_uuid()),
            reader_id: Set(key.reader.id()),
            reader_kind: Set(key.reader.kind().to_owned()),
            workspace_id: Set(key.workspace.as_uuid()),
            views: Set(*count),
        })
        .collect();
    let add = OnConflict::columns([
        usage_day::Column::Day,
        usage_day::Column::DashboardId,
        usage_day::Column::ReaderId,
    ])
    .value(
        usage_day::Column::Views,
        Expr::col((usage_day::Entity, usage_day::Column::Views)).add(Expr::cust("excluded.views")),
    )
    .to_owned();
    let oldest = services.clock().now().date_naive() - Days::new(KEPT_DAYS);
    if !rows.is_empty() {
        usage_day::Entity::insert_many(rows)
            .on_conflict(add)
            .exec_without_returning(&transaction)
            .await?;
    }
    usage_day::Entity::delete_many()
        .filter(usage_day::Column::Day.lt(oldest))
        .exec(&transaction)
        .await?;
    Ok(commit_untold(transaction, Untold::Use).await?)
}
