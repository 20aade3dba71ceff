//! Answers of many rows, piece by piece.

use engine::{CancellationToken, RowStream};
use futures::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use serde_json::json;
use shared::{
    AppError,
    audit::{AuditAction, AuditObjectKind},
    ids::QueryId,
    permission::Capability,
    semantic::{Answer, Query},
    table::Cell,
};

use tokio::sync::OwnedSemaphorePermit;

use super::{QueryService, Question};
use crate::{
    FileFormat, ServiceResult, WorkspaceSelector,
    audit::Event,
    model::model_for,
    reader::{cell_text, guarded, line},
};

/// Rows of one stream.
pub const STREAMED_ROWS: u64 = 1_000_000;

impl QueryService {
    /// The rows of a query of up to a million rows, in pieces. As lines of JSON the first is the answer without its rows, with
    /// their number beside it; each row is a list. In CSV the first line holds the labels. That it was taken is remembered.
    ///
    /// # Errors
    /// As `run`, with `limit` above a million rows; `invalid` for totals. In the stream, when a worker fails on the way.
    pub async fn stream(
        &self,
        workspace: &WorkspaceSelector,
        query: Query,
        format: FileFormat,
        id: Option<QueryId>,
    ) -> ServiceResult<BoxStream<'static, ServiceResult<String>>> {
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        if !query.totals.is_empty() {
            return Err(
                AppError::invalid("totals", "Totals are no part of rows that are streamed.")
                    .with_hint("Ask for them without streaming.")
                    .into(),
            );
        }
        let model = model_for(&self.context, &access, &query.model, query.version).await?;
        let cancel = CancellationToken::new();
        let dropped = cancel.clone().drop_guard();
        let running = self.context.data()?.running();
        let running = match id {
            Some(id) => Some(running.start(id, access.workspace_id, access.user.user_id, cancel.clone())?),
            None => None,
        };
        let mut runner = self.runner(&access, cancel);
        runner.limit_cap = STREAMED_ROWS;
        let name = model.model.to_string();
        let (head, rows, slot) = runner.stream(Question { model, query }).await?;
        drop(running);
        dropped.disarm();
        let event = Event::in_workspace(access.workspace_id, AuditAction::DataExport)
            .about(AuditObjectKind::Model, &name, &name)
            .with("rows", rows.rows())
            .with("format", format.as_str());
        self.context.record(event).await?;
        let streamed = Streamed {
            head: Some(head),
            rows,
            format,
            _slot: slot,
        };
        Ok(stream::try_unfold(streamed, Streamed::next).boxed())
    }
}

struct Streamed {
    /// Until it was written.
    head: Option<Answer>,
    rows: RowStream,
    format: FileFormat,
    /// Files that wait to be read are as many as queries that run.
    _slot: Option<OwnedSemaphorePermit>,
}

impl Streamed {
    async fn next(mut self) -> ServiceResult<Option<(String, Self)>> {
        if let Some(head) = self.head.take() {
            let text = self.first(&head)?;
            return Ok(Some((text, self)));
        }
        let Some(rows) = self.rows.next().await? else {
            return Ok(None);
        };
        let mut text = String::new();
        for row in &rows {
            self.write(&mut text, row)?;
        }
        Ok(Some((text, self)))
    }

    fn first(&self, head: &Answer) -> ServiceResult<String> {
        let mut text = String::new();
        match self.format {
            FileFormat::Csv => line(&mut text, head.columns.iter().map(|column| guarded(&column.label))),
            FileFormat::Ndjson => {
                let mut document = serde_json::to_value(head).map_err(|_| AppError::internal())?;
                if let Some(object) = document.as_object_mut() {
                    for whole in ["rows", "totals", "cache"] {
                        object.remove(whole);
                    }
                    object.insert("row_count".to_owned(), json!(self.rows.rows()));
                    object.insert("truncated".to_owned(), json!(self.rows.is_truncated()));
                }
                text = format!("{document}\n");
            }
        }
        Ok(text)
    }

    fn write(&self, text: &mut String, row: &[Cell]) -> ServiceResult<()> {
        match self.format {
            FileFormat::Csv => line(text, row.iter().map(cell_text)),
            FileFormat::Ndjson => {
                text.push_str(&serde_json::to_string(row).map_err(|_| AppError::internal())?);
                text.push('\n');
            }
        }
        Ok(())
    }
}
