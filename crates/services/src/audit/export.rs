//! The log as a file.

use entity::audit_entry;
use futures::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use shared::audit::{AuditAction, AuditEntry, AuditFilter};

use super::{
    AuditService, Chain, Event,
    service::{read, wanted},
};
use crate::{
    Context, FileFormat, ServiceResult, WorkspaceSelector,
    reader::{guarded, line},
};

/// Entries read at a time.
const PAGE: u64 = 1_000;

const COLUMNS: [&str; 15] = [
    "number",
    "at",
    "outcome",
    "action",
    "sentence",
    "actor_kind",
    "actor",
    "actor_id",
    "object_kind",
    "object",
    "object_id",
    "client",
    "request_id",
    "detail",
    "hash",
];

impl AuditService {
    /// All entries that the filter lets through, the newest first, in pieces. That it was taken is an entry itself.
    ///
    /// # Errors
    /// As `list`; in the stream, when the database fails on the way.
    pub async fn export(
        &self,
        workspace: Option<&WorkspaceSelector>,
        filter: &AuditFilter,
        format: FileFormat,
    ) -> ServiceResult<BoxStream<'static, ServiceResult<String>>> {
        let chain = self.readable(workspace).await?;
        wanted(chain, filter)?;
        let taken = Event::new(chain, AuditAction::AuditExport).with("format", format.as_str());
        self.context.record(taken).await?;
        let export = Export {
            context: self.context.clone(),
            chain,
            filter: filter.clone(),
            format,
            place: Place::Start,
        };
        Ok(stream::try_unfold(export, Export::next).boxed())
    }
}

struct Export {
    context: Context,
    chain: Chain,
    filter: AuditFilter,
    format: FileFormat,
    place: Place,
}

/// How far a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Start,
    /// Behind the entry of this number.
    Behind(i64),
    End,
}

impl Export {
    async fn next(mut self) -> ServiceResult<Option<(String, Self)>> {
        let mut text = String::new();
        let mut rows = wanted(self.chain, &self.filter)?.limit(PAGE);
        match self.place {
            Place::Start if self.format == FileFormat::Csv => line(&mut text, COLUMNS.into_iter().map(str::to_owned)),
            Place::Start => {}
            Place::Behind(number) => rows = rows.filter(audit_entry::Column::Number.lt(number)),
            Place::End => return Ok(None),
        }
        let rows = read(&self.context, self.chain, rows).await?;
        for row in &rows {
            let entry = row.entry()?;
            match self.format {
                FileFormat::Csv => line(&mut text, cells(&entry, &row.detail)),
                FileFormat::Ndjson => {
                    text.push_str(&serde_json::to_string(&entry)?);
                    text.push('\n');
                }
            }
        }
        self.place = rows.last().map_or(Place::End, |last| Place::Behind(last.number));
        Ok(Some((text, self)))
    }
}

/// In the order of `COLUMNS`.
fn cells(entry: &AuditEntry, detail: &str) -> impl Iterator<Item = String> {
    let object = entry.object.as_ref();
    let cells: [String; COLUMNS.len()] = [
        entry.number.to_string(),
        entry.at.to_rfc3339(),
        entry.outcome.as_str().to_owned(),
        entry.action.as_str().to_owned(),
        entry.sentence(),
        entry.actor.kind.as_str().to_owned(),
        entry.actor.name.clone(),
        entry.actor.id.map(|id| id.to_string()).unwrap_or_default(),
        object.map(|object| object.kind.as_str().to_owned()).unwrap_or_default(),
        object.map(|object| object.title.clone()).unwrap_or_default(),
        object.map(|object| object.id.clone()).unwrap_or_default(),
        entry.client.clone().unwrap_or_default(),
        entry.request_id.map(|id| id.to_string()).unwrap_or_default(),
        detail.to_owned(),
        entry.hash.clone(),
    ];
    cells.into_iter().map(|cell| guarded(&cell))
}
