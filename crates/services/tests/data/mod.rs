//! An instance with an engine, and small files to load into it.
#![allow(dead_code, reason = "each test file uses its part")]

use std::{convert::Infallible, path::PathBuf};

use engine::{EgressRules, Engine, EngineConfig, ObjectStorage};
use futures::stream;
use services::{
    Clock, ConnectionService, DashboardService, DataLimits, DataPlane, DatasetService, DemoService, FolderService,
    ModelService, QueryService, ReaderService, ServiceError, Services, WorkspaceSelector, dataset::LoadRequest,
};
use shared::{
    dashboard::{FilterState, TileRequest},
    dataset::DatasetDetail,
    ids::{DashboardId, ShareId},
    permission::{Principal, ShareGrant},
    semantic::{Aggregation, ColumnAggregation, Condition, DimensionRef, MetricSelection, Operator, Query},
};
use tempfile::TempDir;
use testkit::TestDatabase;
use uuid::Uuid;

use crate::support::{Instance, request};

/// Nine orders in three regions; amounts add up to 450.
pub const ORDERS: &str = "Order ID,Order date,Region,Amount\n\
1,2025-11-03,EU,10\n2,2025-11-17,US,20\n3,2025-11-30,EU,30\n\
4,2025-12-01,AP,40\n5,2025-12-15,EU,50\n6,2025-12-31,US,60\n\
7,2026-01-01,EU,70\n8,2026-01-10,US,80\n9,2026-01-14,AP,90\n";

pub struct Data {
    pub instance: Instance,
    pub folder: TempDir,
}

impl Data {
    pub async fn new(test: TestDatabase) -> Self {
        Self::with_limits(test, DataLimits::default()).await
    }

    pub async fn with_limits(test: TestDatabase, limits: DataLimits) -> Self {
        Self::on(Instance::new(test).await, limits)
    }

    pub fn on(mut instance: Instance, limits: DataLimits) -> Self {
        let folder = TempDir::new().unwrap();
        instance.services = services_with_data(&instance, &folder, limits);
        Self { instance, folder }
    }

    pub fn acme(&self) -> WorkspaceSelector {
        self.instance.acme()
    }

    pub fn ann(&self) -> Principal {
        self.instance.ann.clone()
    }

    pub fn services(&self) -> &Services {
        &self.instance.services
    }

    pub fn datasets(&self, principal: &Principal) -> DatasetService {
        DatasetService::new(self.services(), principal.clone(), request())
    }

    pub fn models(&self, principal: &Principal) -> ModelService {
        ModelService::new(self.services(), principal.clone(), request())
    }

    pub fn connections(&self, principal: &Principal) -> ConnectionService {
        ConnectionService::new(self.services(), principal.clone(), request())
    }

    pub fn queries(&self, principal: &Principal) -> QueryService {
        QueryService::new(self.services(), principal.clone(), request())
    }

    pub fn dashboards(&self, principal: &Principal) -> DashboardService {
        DashboardService::new(self.services(), principal.clone(), request())
    }

    pub fn folders(&self, principal: &Principal) -> FolderService {
        FolderService::new(self.services(), principal.clone(), request())
    }

    pub fn reader(&self, principal: &Principal) -> ReaderService {
        ReaderService::new(self.services(), principal.clone(), request())
    }

    pub fn demo(&self, principal: &Principal) -> DemoService {
        DemoService::new(self.services(), principal.clone(), request())
    }

    /// Sends `text` in pieces under `file_name`.
    pub async fn upload(&self, file_name: &str, text: &str, load: LoadRequest) -> Result<DatasetDetail, ServiceError> {
        self.datasets(&self.ann())
            .upload(&self.acme(), file_name, pieces(text), load)
            .await
    }

    pub async fn orders(&self) -> DatasetDetail {
        self.upload("orders.csv", ORDERS, LoadRequest::default()).await.unwrap()
    }

    /// Files below the data folder, but for the sums beside objects.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path)
                } else if path.extension().is_none_or(|ending| ending != "crc32") {
                    found.push(path)
                }
            }
        }
        found
    }

    pub fn share_of(&self, dashboard: DashboardId, locked: Vec<Condition>) -> Principal {
        Principal::Share(ShareGrant {
            share_id: ShareId::from(Uuid::now_v7()),
            workspace_id: self.instance.acme.id,
            dashboard_id: dashboard,
            locked,
            allowed_filters: None,
            downloads: false,
            roles: Vec::new(),
            attributes: Default::default(),
        })
    }
}

pub fn services_with_data(instance: &Instance, folder: &TempDir, limits: DataLimits) -> Services {
    let store = ObjectStorage::local(&folder.path().join("objects")).unwrap();
    let worker = PathBuf::from(env!("CARGO_BIN_EXE_services-worker"));
    let mut config = EngineConfig::new(worker, Vec::new(), folder.path().join("temp"), store);
    config.database_egress = EgressRules::loopback();
    let engine = Engine::new(config);
    let data = DataPlane::new(engine, folder.path().join("uploads"), limits);
    let config = instance.services.config().clone();
    Services::with_data(
        instance.test.database.clone(),
        Clock::from_fn(instance.clock.reader()),
        config,
        data,
    )
    .unwrap()
}

pub fn pieces(text: &str) -> impl futures::Stream<Item = Result<Vec<u8>, Infallible>> + Send + use<> {
    let pieces: Vec<_> = text.as_bytes().chunks(16).map(|piece| Ok(piece.to_vec())).collect();
    stream::iter(pieces)
}

/// All tiles of the state's page.
pub fn asking(state: FilterState) -> TileRequest {
    TileRequest {
        tiles: Vec::new(),
        state,
        windows: Default::default(),
    }
}

/// Sum of the amounts by region.
pub fn by_region() -> Query {
    Query {
        model: "orders".to_owned(),
        metrics: vec![sum("orders.amount")],
        dimensions: vec![DimensionRef::Field("orders.region".to_owned())],
        ..Query::default()
    }
}

pub fn sum(field: &str) -> MetricSelection {
    MetricSelection::Column(ColumnAggregation {
        field: field.to_owned(),
        agg: Aggregation::Sum,
        p: None,
        interpolation: None,
        alias: Some("total".to_owned()),
        condition: None,
        empty: None,
    })
}

pub fn equals(field: &str, value: &str) -> Condition {
    let mut condition = Condition::field(field, Operator::Eq);
    condition.value = Some(value.into());
    condition.into()
}
