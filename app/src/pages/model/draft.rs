//! The model as it is edited here, beside the newest version in the store.

use leptos::{prelude::*, task::spawn_local};
use shared::semantic::{DashboardUsage, Dimension, MetricDefinition, Model, ModelTable, ModelUsage};

use super::view::ModelView;
use crate::server_fns::model::who_uses_model;

/// What all parts of the page share. Edits stay while one goes from part to part.
#[derive(Clone, Copy)]
pub struct ModelDraft {
    pub workspace: Memo<String>,
    pub name: StoredValue<String>,
    pub edited: RwSignal<Model>,
    /// The newest version that is known here.
    pub stored: RwSignal<Model>,
    /// The document's text while it cannot be read as a model.
    pub unread: RwSignal<Option<String>>,
    /// `None` until it is known, and for those who may not change models.
    pub usage: RwSignal<Option<ModelUsage>>,
    pub is_dirty: Memo<bool>,
    /// The version that the edits were made to, where another one has been stored since.
    pub overtaken: RwSignal<Option<u32>>,
    pub may_edit: bool,
}

impl ModelDraft {
    pub fn new(workspace: Memo<String>, model: Model, may_edit: bool) -> Self {
        let (edited, stored) = (RwSignal::new(model.clone()), RwSignal::new(model.clone()));
        let unread = RwSignal::new(None);
        let is_dirty = Memo::new(move |_| {
            unread.with(Option::is_some) || edited.with(|edited| stored.with(|stored| edited != stored))
        });
        let draft = Self {
            workspace,
            name: StoredValue::new(model.model.to_string()),
            edited,
            stored,
            unread,
            usage: RwSignal::new(None),
            is_dirty,
            overtaken: RwSignal::new(None),
            may_edit,
        };
        // In the browser only: pages do not wait for it.
        Effect::new(move |_| draft.ask_usage());
        draft
    }

    /// Who uses the model, anew.
    pub fn ask_usage(self) {
        if !self.may_edit {
            return;
        }
        let (workspace, name) = (self.workspace.get_untracked(), self.name.get_value());
        spawn_local(async move {
            if let Ok(usage) = who_uses_model(workspace, name).await {
                // The page may have been left meanwhile.
                let _left = self.usage.try_set(Some(usage));
            }
        });
    }

    /// Address of a part of the page.
    pub fn address(self, view: ModelView) -> String {
        let (workspace, name) = (self.workspace.get(), self.name.get_value());
        format!("/w/{workspace}/models/{name}?view={}", view.as_str())
    }

    /// Is the page still shown? What waited for the server asks.
    pub fn is_shown(self) -> bool {
        self.edited.try_with_untracked(|_| ()).is_some()
    }

    pub fn edit(self, change: impl FnOnce(&mut Model)) {
        self.edited.update(change);
    }

    pub fn discard(self) {
        self.unread.set(None);
        self.overtaken.set(None);
        self.edited.set(self.stored.get_untracked());
    }

    /// What was sent is the newest version now, under this number. What was edited meanwhile stays.
    pub fn stored_as(self, mut sent: Model, version: u32) {
        sent.version = version;
        self.edited.update(|edited| edited.version = version);
        self.stored.set(sent);
        self.overtaken.set(None);
        self.ask_usage();
    }

    /// Names of the tables, in order.
    pub fn tables(self) -> Memo<Vec<String>> {
        self.names(|model| model.tables.iter().map(|table| table.name.to_string()).collect())
    }

    pub fn metrics(self) -> Memo<Vec<String>> {
        self.names(|model| model.metrics.iter().map(|metric| metric.name.to_string()).collect())
    }

    pub fn joins(self) -> Memo<Vec<String>> {
        self.names(|model| model.joins.iter().map(|join| join.name.to_string()).collect())
    }

    pub fn dimensions(self, table: String) -> Memo<Vec<String>> {
        self.names(move |model| {
            let table = model.table(&table).into_iter();
            let dimensions = table.flat_map(|table| table.written_dimensions());
            dimensions.map(|dimension| dimension.name.to_string()).collect()
        })
    }

    fn names(self, read: impl Fn(&Model) -> Vec<String> + Send + Sync + 'static) -> Memo<Vec<String>> {
        Memo::new(move |_| self.edited.with(&read))
    }

    /// `None` when it was removed meanwhile.
    pub fn table(self, name: String) -> Memo<Option<ModelTable>> {
        Memo::new(move |_| self.edited.with(|model| model.table(&name).cloned()))
    }

    pub fn metric(self, name: String) -> Memo<Option<MetricDefinition>> {
        Memo::new(move |_| self.edited.with(|model| model.metric(&name).cloned()))
    }

    pub fn dimension(self, table: String, name: String) -> Memo<Option<Dimension>> {
        Memo::new(move |_| self.edited.with(|model| model.table(&table)?.dimension(&name).cloned()))
    }

    pub fn edit_table(self, name: &str, change: impl FnOnce(&mut ModelTable)) {
        self.edit(|model| {
            if let Some(table) = model.tables.iter_mut().find(|table| table.name.as_str() == name) {
                change(table);
                table.settle_points();
            }
        });
    }

    pub fn edit_dimension(self, table: &str, name: &str, change: impl FnOnce(&mut Dimension)) {
        self.edit_table(table, |table| {
            let mut dimensions = table.dimensions.iter_mut();
            if let Some(dimension) = dimensions.find(|dimension| dimension.name.as_str() == name) {
                change(dimension);
            }
        });
    }

    pub fn edit_metric(self, name: &str, change: impl FnOnce(&mut MetricDefinition)) {
        self.edit(|model| {
            if let Some(metric) = model.metrics.iter_mut().find(|metric| metric.name.as_str() == name) {
                change(metric);
            }
        });
    }

    /// Dashboards that use what `uses` says.
    pub fn users(self, uses: impl Fn(&DashboardUsage) -> bool) -> Vec<DashboardUsage> {
        self.usage.with(|usage| {
            let dashboards = usage.iter().flat_map(|usage| &usage.dashboards);
            dashboards.filter(|dashboard| uses(dashboard)).cloned().collect()
        })
    }
}
