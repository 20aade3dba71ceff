//! Sample data: an invented shop's orders, loaded like any file, and a published dashboard built by real actions.

mod dashboard;
mod measures;
mod orders;
mod random;

use entity::dataset;
use futures::stream;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use shared::{
    AppError, ErrorCode,
    dashboard::{DashboardDetail, OpsRequest},
    ids::{DashboardId, RequestId, WorkspaceId},
    names::Title,
    permission::{Capability, Principal},
};

use crate::{
    Context, DashboardService, DatasetService, ModelService, PageRequest, ServiceResult, Services, WorkspaceSelector,
    dashboard::{DashboardFilter, DashboardSource, NewDashboard},
    dataset::LoadRequest,
};

/// Makes the sample data of a workspace.
#[derive(Clone, Debug)]
pub struct DemoService {
    context: Context,
}

const DATASET: &str = "Sample orders";
const DATASET_NAME: &str = "sample_orders";
const DASHBOARD: &str = "Sales overview";

impl DemoService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// Adds the dataset, its model with metrics and the published dashboard; what is there already stays as it is. Gives the
    /// dashboard. Takes a second or two.
    ///
    /// # Errors
    /// 403 without the right to edit; as an upload's.
    pub async fn add_sample_data(&self, workspace: &WorkspaceSelector) -> ServiceResult<DashboardId> {
        let access = self.context.workspace_access(workspace, Capability::Edit).await?;
        self.ensure_dataset(workspace, access.workspace_id).await?;
        if let Some(there) = self.find_dashboard(workspace).await? {
            return Ok(there);
        }
        let dashboards = DashboardService::new(self.context.services(), self.principal(), self.context.request_id());
        let created = self.create_dashboard(&dashboards, workspace).await?;
        let actions = dashboard::actions(&self.context, &created.document, access.user.user_id)?;
        let request = OpsRequest {
            base: 0,
            actions,
            undoes: std::collections::BTreeMap::new(),
        };
        let id = created.summary.id;
        if let Err(rejected) = dashboards.append(workspace, id, request).await? {
            return Err(rejected.error.into());
        }
        dashboards.publish(workspace, id).await?;
        Ok(id)
    }

    fn principal(&self) -> Principal {
        self.context.principal().clone()
    }

    async fn ensure_dataset(&self, workspace: &WorkspaceSelector, workspace_id: WorkspaceId) -> ServiceResult<()> {
        let there = dataset::Entity::find()
            .filter(dataset::Column::WorkspaceId.eq(workspace_id.as_uuid()))
            .filter(dataset::Column::Name.eq(DATASET_NAME))
            .one(&self.context.reader(workspace_id))
            .await?;
        if there.is_some() {
            return Ok(());
        }
        let (services, request_id) = (self.context.services(), self.context.request_id());
        let file = orders::csv(self.context.now().date_naive());
        let bytes = stream::iter([Ok::<_, std::convert::Infallible>(file)]);
        let request = LoadRequest {
            name: Some(DATASET.to_owned()),
            ..LoadRequest::default()
        };
        let loaded = DatasetService::new(services, self.principal(), request_id)
            .upload(workspace, "sample_orders.csv", bytes, request)
            .await?;
        let models = ModelService::new(services, self.principal(), request_id);
        let inferred = models.get(workspace, &loaded.model, None).await?;
        let document = measures::with_measures(&inferred)?;
        models
            .put(workspace, &loaded.model, document, Some(inferred.version))
            .await?;
        Ok(())
    }

    async fn find_dashboard(&self, workspace: &WorkspaceSelector) -> ServiceResult<Option<DashboardId>> {
        let dashboards = DashboardService::new(self.context.services(), self.principal(), self.context.request_id());
        let list = dashboards
            .list(workspace, DashboardFilter::All, &PageRequest::largest())
            .await?;
        Ok(list
            .items
            .iter()
            .find(|one| one.title == DASHBOARD && one.model == DATASET_NAME)
            .map(|one| one.id))
    }

    async fn create_dashboard(
        &self,
        dashboards: &DashboardService,
        workspace: &WorkspaceSelector,
    ) -> ServiceResult<DashboardDetail> {
        let title = Title::try_from(DASHBOARD).map_err(AppError::from)?;
        let source = DashboardSource::Model(DATASET_NAME.to_owned());
        let created = dashboards
            .create(
                workspace,
                NewDashboard {
                    title,
                    source,
                    folder: None,
                },
            )
            .await?;
        if created.document.pages.is_empty() {
            return Err(AppError::new(ErrorCode::Internal, "A new dashboard has a page.").into());
        }
        Ok(created)
    }
}
