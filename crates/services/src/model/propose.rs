//! How a dataset could be joined to a model: keys by names, types and the uniqueness in the profiles.

use std::collections::{BTreeMap, BTreeSet};

use entity::{dataset, dataset_version};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use shared::{
    AppError,
    dataset::DatasetColumn,
    names::Identifier,
    permission::Capability,
    semantic::{
        InferredColumn, Join, JoinProposal, JoinProposals, Model, ModelTable, humanize, infer_model, machine_name,
    },
};

use super::{
    ModelService,
    candidate::{Candidate, Side},
    document_cache::{load_model, model_for},
};
use crate::{ServiceError, ServiceResult, WorkspaceAccess, WorkspaceSelector, dataset::inferred_column};

/// More are no help.
const MOST: usize = 12;

impl ModelService {
    /// The dataset as a table of the model, and the joins between it and the model's tables that make sense, the best first.
    /// Nothing is stored.
    ///
    /// # Errors
    /// 404 for the model and the dataset; 403 for readers, and for data that is given to others only.
    pub async fn propose_joins(
        &self,
        workspace: &WorkspaceSelector,
        name: &str,
        dataset: &str,
    ) -> ServiceResult<JoinProposals> {
        let access = self.context.workspace_access(workspace, Capability::Edit).await?;
        let model = model_for(&self.context, &access, name, None).await?;
        let mut names: Vec<&str> = model.tables.iter().filter_map(|table| table.source.dataset()).collect();
        names.push(dataset);
        let stored = self.stored(&access, &names).await?;
        let new = stored
            .get(dataset)
            .ok_or_else(|| AppError::not_found("dataset").with_field("dataset"))?;
        self.context
            .object_access(workspace, shared::ids::DatasetId::from(new.id), Capability::Read)
            .await?;
        let known = model
            .tables
            .iter()
            .find(|table| table.source.dataset() == Some(dataset));
        let table = match known {
            Some(_) => None,
            None => Some(self.as_table(&access, &model, dataset, new).await?),
        };
        let joining = known.or(table.as_ref()).ok_or_else(AppError::internal)?;
        let label = joining.display_label();
        let own = new.side(joining.name.as_str(), &label);
        let labels: Vec<String> = model.tables.iter().map(ModelTable::display_label).collect();
        let others: Vec<Side<'_>> = model
            .tables
            .iter()
            .zip(&labels)
            .filter(|(other, _)| other.name != joining.name)
            .filter_map(|(other, label)| Some(stored.get(other.source.dataset()?)?.side(other.name.as_str(), label)))
            .collect();
        let mut candidates = candidates(&own, &others);
        candidates.retain(|candidate| !is_there(&model, candidate));
        candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.score));
        let proposals = candidates
            .iter()
            .take(MOST)
            .map(|candidate| proposal(&model, candidate));
        let proposals = proposals.collect::<Result<_, _>>()?;
        Ok(JoinProposals { table, proposals })
    }

    /// The table as the dataset's own model has it, labels and formats included, else a new one.
    async fn as_table(
        &self,
        access: &WorkspaceAccess,
        model: &Model,
        dataset: &str,
        stored: &StoredDataset,
    ) -> ServiceResult<ModelTable> {
        let own = match load_model(&self.context, access.workspace_id, dataset, None).await {
            Ok(own) => own
                .tables
                .iter()
                .find(|table| table.source.dataset() == Some(dataset))
                .cloned(),
            // Its model was deleted or has another name.
            Err(ServiceError::Refused(_)) => None,
            Err(error) => return Err(error),
        };
        let mut table = match own {
            Some(table) => table,
            None => inferred(dataset, stored)?,
        };
        let mut taken: BTreeSet<String> = model.tables.iter().map(|table| table.name.to_string()).collect();
        taken.extend(model.joins.iter().map(|join| join.node().to_owned()));
        table.name = free_name(dataset, &mut taken)?;
        Ok(table)
    }

    async fn stored(&self, access: &WorkspaceAccess, names: &[&str]) -> ServiceResult<BTreeMap<String, StoredDataset>> {
        let reader = &self.context.reader(access.workspace_id);
        let rows = dataset::Entity::find()
            .filter(dataset::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(dataset::Column::Name.is_in(names.iter().copied()))
            .all(reader)
            .await?;
        let versions = dataset_version::Entity::find()
            .filter(dataset_version::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(dataset_version::Column::Id.is_in(rows.iter().map(|row| row.current_version_id)))
            .all(reader)
            .await?;
        let mut found = BTreeMap::new();
        for row in rows {
            let version = versions.iter().find(|version| version.id == row.current_version_id);
            if let Some(version) = version {
                let stored = StoredDataset {
                    id: row.id,
                    label: row.label,
                    rows: u64::try_from(version.row_count).unwrap_or(0),
                    columns: version.profiled_columns()?,
                };
                found.insert(row.name, stored);
            }
        }
        Ok(found)
    }
}

struct StoredDataset {
    id: uuid::Uuid,
    label: String,
    rows: u64,
    columns: Vec<DatasetColumn>,
}

impl StoredDataset {
    fn side<'a>(&'a self, table: &'a str, label: &'a str) -> Side<'a> {
        Side {
            table,
            label,
            rows: self.rows,
            columns: &self.columns,
        }
    }
}

fn candidates<'a>(own: &'a Side<'a>, others: &'a [Side<'a>]) -> Vec<Candidate<'a>> {
    let mut found = Vec::new();
    for other in others {
        for column in own.columns {
            let pairs = other.columns.iter();
            found.extend(pairs.filter_map(|theirs| Candidate::of((other, theirs), (own, column))));
        }
    }
    found
}

/// Does a join of the model pair these columns already?
fn is_there(model: &Model, candidate: &Candidate<'_>) -> bool {
    let (from, own) = &candidate.from;
    let (to, other) = &candidate.to;
    model.joins.iter().any(|join| {
        let ends = (join.from.as_str(), join.to.as_str());
        let pairs = |one: &str, two: &str| join.on.iter().any(|(left, right)| left == one && right == two);
        (ends == (from.table, to.table) && pairs(&own.name, &other.name))
            || (ends == (to.table, from.table) && pairs(&other.name, &own.name))
    })
}

fn proposal(model: &Model, candidate: &Candidate<'_>) -> Result<JoinProposal, AppError> {
    let (from, own) = candidate.from;
    let (to, other) = candidate.to;
    let mut taken: BTreeSet<String> = model.joins.iter().map(|join| join.name.to_string()).collect();
    let name = free_name(&format!("{} {}", from.table, to.table), &mut taken)?;
    let reached = |join: &Join| join.from.as_str() == from.table && join.node() == to.table;
    // The same table once more is met in a role, named after the column that leads to it.
    let role = match model.joins.iter().any(reached) {
        false => None,
        true => {
            let mut taken: BTreeSet<String> = model.tables.iter().map(|table| table.name.to_string()).collect();
            taken.extend(model.joins.iter().map(|join| join.node().to_owned()));
            Some(free_name(
                own.name.strip_suffix("_id").unwrap_or(&own.name),
                &mut taken,
            )?)
        }
    };
    Ok(JoinProposal {
        join: Join {
            name,
            from: identifier(from.table)?,
            to: identifier(to.table)?,
            role,
            on: vec![(own.name.clone(), other.name.clone())],
            cardinality: candidate.cardinality,
            valid: None,
            condition: None,
        },
        reason: candidate.reason.clone(),
    })
}

fn identifier(name: &str) -> Result<Identifier, AppError> {
    Identifier::try_from(name).map_err(|_| AppError::internal())
}

fn free_name(text: &str, taken: &mut BTreeSet<String>) -> Result<Identifier, AppError> {
    machine_name(text, "joined", taken).map_err(|_| AppError::internal())
}

fn inferred(dataset: &str, stored: &StoredDataset) -> Result<ModelTable, AppError> {
    let columns: Vec<InferredColumn> = stored
        .columns
        .iter()
        .map(|column| inferred_column(column, stored.rows))
        .collect();
    let label = if stored.label.is_empty() {
        humanize(dataset)
    } else {
        stored.label.clone()
    };
    let model = infer_model(&identifier(dataset)?, &label, &columns).map_err(|_| AppError::internal())?;
    model.tables.into_iter().next().ok_or_else(AppError::internal)
}
