//! Runs a batch of questions for one asker: equal ones once, kept answers first, the rest in workers.

use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, DurationRound as _, SecondsFormat, TimeDelta, Utc};
use engine::{Bindings, CancellationToken, EngineError, ObjectKey, PlannedQuery, RemoteQuery, RowStream};
use futures::{StreamExt as _, future::BoxFuture, stream};
use plan::query::{Identity, PlanContext, canonical_key, plan_query, widths_query, with_widths};
use sha2::{Digest as _, Sha256};
use shared::{
    AppError,
    ids::WorkspaceId,
    semantic::{Answer, CacheState, Model, Query},
};

use tokio::sync::OwnedSemaphorePermit;

use super::{slots::Asker, sources::Sources};
use crate::{
    Context, DataPlane, ServiceError, ServiceResult, metrics,
    rate_limit::RateKey,
    rollup::{Applied, apply},
};

/// A query and the model version it is asked of.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub model: Arc<Model>,
    pub query: Query,
}

/// Who asks, under which rules, as of when.
pub(crate) struct Runner<'a> {
    pub context: &'a Context,
    pub workspace_id: WorkspaceId,
    pub asker: Asker,
    pub identity: Identity,
    /// In whole minutes; the same for a whole batch.
    pub as_of: DateTime<Utc>,
    /// Rows of an answer at most.
    pub limit_cap: u64,
    pub cancel: CancellationToken,
}

type Answered = Result<(Arc<Answer>, CacheState), Arc<EngineError>>;

/// Questions of one batch that are worked on at the same time.
const AT_ONCE: usize = 4;
/// How often a question is asked again after somebody else, who had asked it first, cancelled it.
const RETRIES: usize = 3;

/// "Now" for relative ranges.
pub(crate) fn to_minute(now: DateTime<Utc>) -> DateTime<Utc> {
    now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now)
}

impl Runner<'_> {
    /// Answers in the order of the questions; one that fails leaves the others alone.
    ///
    /// # Errors
    /// Only when nothing can be answered at all.
    pub async fn run_all(&self, questions: &[Question]) -> ServiceResult<Vec<ServiceResult<Answer>>> {
        let Some(widths) = self.widths(questions).await? else {
            return self.run_planned(questions).await;
        };
        let mut planned = Vec::new();
        for (question, width) in questions.iter().zip(widths) {
            let query = match width {
                None => Ok(question.query.clone()),
                Some(extremes) => extremes.map(|extremes| with_widths(&question.query, &extremes)),
            };
            planned.push(query);
        }
        let runnable: Vec<Question> = questions
            .iter()
            .zip(&planned)
            .filter_map(|(question, query)| {
                Some(Question {
                    model: Arc::clone(&question.model),
                    query: query.as_ref().ok()?.clone(),
                })
            })
            .collect();
        let mut answers = self.run_planned(&runnable).await?.into_iter();
        Ok(planned
            .into_iter()
            .map(|query| match query {
                Ok(_) => answers.next().unwrap_or_else(|| Err(AppError::internal().into())),
                Err(error) => Err(error),
            })
            .collect())
    }

    /// For each question whose ranges have no width yet, the answer that tells it; `None` when there is no such question.
    async fn widths(&self, questions: &[Question]) -> ServiceResult<Option<Vec<Option<ServiceResult<Answer>>>>> {
        let asked: Vec<Option<Question>> = questions
            .iter()
            .map(|question| {
                Some(Question {
                    model: Arc::clone(&question.model),
                    query: widths_query(&question.query)?,
                })
            })
            .collect();
        let all: Vec<Question> = asked.iter().flatten().cloned().collect();
        if all.is_empty() {
            return Ok(None);
        }
        let mut answers = self.run_planned(&all).await?.into_iter();
        Ok(Some(
            asked
                .into_iter()
                .map(|question| question.and_then(|_| answers.next()))
                .collect(),
        ))
    }

    async fn run_planned(&self, questions: &[Question]) -> ServiceResult<Vec<ServiceResult<Answer>>> {
        let data = self.context.data()?;
        let models: Vec<&Model> = questions.iter().map(|question| question.model.as_ref()).collect();
        let sources = Sources::load(self.context, self.workspace_id, &models, self.as_of).await?;
        let keys: Vec<Result<String, AppError>> =
            questions.iter().map(|question| self.key(question, &sources)).collect();
        let mut firsts: HashMap<&str, usize> = HashMap::new();
        for (position, key) in keys.iter().enumerate() {
            if let Ok(key) = key {
                firsts.entry(key).or_insert(position);
            }
        }
        // Boxed one by one: a lazy `map` over references would keep the future from being `Send` for every lifetime, which
        // a server's task needs.
        let mut work: Vec<BoxFuture<'_, (&str, Answered)>> = Vec::new();
        for (key, position) in &firsts {
            if let Some(question) = questions.get(*position) {
                let (key, sources) = (*key, &sources);
                work.push(Box::pin(async move {
                    (key, self.answer(data, key, question, sources).await)
                }));
            }
        }
        let answered: HashMap<&str, Answered> = stream::iter(work).buffer_unordered(AT_ONCE).collect().await;
        let pairs = questions.iter().zip(&keys);
        Ok(pairs
            .map(|(question, key)| self.take(question, key, &answered))
            .collect())
    }

    /// One question.
    ///
    /// # Errors
    /// As the planner and the engine say.
    pub async fn run(&self, question: Question) -> ServiceResult<Answer> {
        let mut answers = self.run_all(&[question]).await?;
        answers.pop().unwrap_or_else(|| Err(AppError::internal().into()))
    }

    fn context_of_plan(&self) -> PlanContext {
        PlanContext {
            limit_cap: self.limit_cap,
            ..PlanContext::new(self.as_of)
        }
    }

    /// Starts with the workspace, so that no answer crosses tenants.
    fn key(&self, question: &Question, sources: &Sources) -> Result<String, AppError> {
        let Question { model, query } = question;
        let canonical = canonical_key(query, model, &self.identity.policy(model), &self.context_of_plan())?;
        let mut hash = Sha256::new();
        for part in [
            model.model.as_str(),
            &model.version.to_string(),
            &sources.data_version(model),
            &canonical,
        ] {
            hash.update(part.len().to_le_bytes());
            hash.update(part.as_bytes());
        }
        let mut key = format!("{}/", self.workspace_id);
        for byte in hash.finalize() {
            // Writing to a string cannot fail.
            let _ = write!(key, "{byte:02x}");
        }
        Ok(key)
    }

    async fn answer(&self, data: &DataPlane, key: &str, question: &Question, sources: &Sources) -> Answered {
        if data.answers().get(key).await.is_none() {
            self.count().map_err(Arc::new)?;
        }
        let (mut retries, since) = (RETRIES, Instant::now());
        loop {
            let answer = data
                .answers()
                .get_or_compute(key, self.compute(data, question, sources))
                .await;
            match answer {
                Err(error)
                    if matches!(*error, EngineError::Cancelled) && !self.cancel.is_cancelled() && retries > 0 =>
                {
                    retries -= 1;
                }
                other => {
                    self.note(question, other.as_ref().ok().map(|(_, cache)| *cache), since.elapsed());
                    return other;
                }
            }
        }
    }

    /// For the figures of the platform.
    fn note(&self, question: &Question, outcome: Option<CacheState>, duration: Duration) {
        metrics::asked(outcome, duration);
        let usage = self.context.services().usage();
        usage.asked(outcome);
        if outcome == Some(CacheState::Miss) {
            usage.computed(
                self.workspace_id,
                question.model.model.as_str(),
                duration,
                self.context.now(),
            );
        }
    }

    /// Counts a question that no kept answer answers. Before it is asked, so that nobody who waits for the same answer is
    /// refused for another's sake. Readers of links and frames are not counted yet.
    fn count(&self) -> Result<(), EngineError> {
        let user = match self.asker {
            Asker::User(user) => user,
            Asker::Share(_) | Asker::Embed(_) => return Ok(()),
        };
        let services = self.context.services();
        let limit = services.config().rate_limits.queries;
        let counted = services
            .rates()
            .count(RateKey::Queries(user), limit, TimeDelta::minutes(1), self.context.now());
        counted.map_err(|error| EngineError::Refused {
            public: AppError {
                message: format!("At most {limit} queries a minute are answered for one person."),
                ..error
            },
            detail: None,
        })
    }

    async fn compute(&self, data: &DataPlane, question: &Question, sources: &Sources) -> Result<Answer, EngineError> {
        let refused = |error: ServiceError| self.refused(error);
        let policy = self.identity.policy(&question.model);
        let planned = plan_query(&question.query, &question.model, &policy, &self.context_of_plan())
            .map_err(|error| refused(error.into()))?;
        let applied = apply(
            self.context,
            self.workspace_id,
            &question.model,
            sources,
            planned.clone(),
        );
        let applied = applied.map_err(refused)?;
        let kept: Vec<ObjectKey> = applied.read.iter().map(|(_, key)| key.clone()).collect();
        let answer = self.execute(data, question, sources, applied).await;
        match answer {
            // What was kept was removed meanwhile, or the disk has lost some of it: the rows are still there.
            Err(EngineError::ObjectGone { .. } | EngineError::ObjectDamaged { .. }) if !kept.is_empty() => {
                for key in &kept {
                    data.engine().store().delete(key).await?;
                }
                self.execute(data, question, sources, Applied::none(planned)).await
            }
            other => other,
        }
    }

    async fn execute(
        &self,
        data: &DataPlane,
        question: &Question,
        sources: &Sources,
        applied: Applied,
    ) -> Result<Answer, EngineError> {
        let (bindings, remote, planned) = self.prepare(question, sources, applied).await?;
        let _slot = self.slot(data).await?;
        let mut answer = data
            .engine()
            .execute(&planned, &bindings, &remote, &self.cancel)
            .await?;
        answer.sql = remote.into_iter().map(|remote| remote.query.sql).collect();
        Ok(answer)
    }

    /// Where the tables of a plan are, what databases compute of it, and what is left.
    async fn prepare(
        &self,
        question: &Question,
        sources: &Sources,
        applied: Applied,
    ) -> Result<(Bindings, Vec<RemoteQuery>, PlannedQuery), EngineError> {
        let refused = |error: ServiceError| self.refused(error);
        let bindings = sources.bind(self.context, applied.planned.plans()).await;
        let mut bindings = bindings.map_err(refused)?;
        applied.bind(&mut bindings);
        let split = sources.split(self.context, &question.model, applied.planned).await;
        let (remote, planned) = split.map_err(refused)?;
        Ok((bindings, remote, planned))
    }

    async fn slot(&self, data: &DataPlane) -> Result<Option<OwnedSemaphorePermit>, EngineError> {
        tokio::select! {
            slot = data.slots().take(self.asker) => Ok(slot),
            () = self.cancel.cancelled() => Err(EngineError::Cancelled),
        }
    }

    /// An answer without its rows, these, to be read piece by piece, and the asker's place, taken until they are. No such answer
    /// is kept.
    ///
    /// # Errors
    /// As the planner and the engine say.
    pub async fn stream(&self, question: Question) -> ServiceResult<(Answer, RowStream, Option<OwnedSemaphorePermit>)> {
        let data = self.context.data()?;
        let since = Instant::now();
        self.count()?;
        let widths = self.widths(std::slice::from_ref(&question)).await?;
        let query = match widths.and_then(|mut widths| widths.pop().flatten()) {
            None => question.query,
            Some(extremes) => with_widths(&question.query, &extremes?),
        };
        let question = Question {
            model: question.model,
            query,
        };
        let sources = Sources::load(self.context, self.workspace_id, &[&question.model], self.as_of).await?;
        let policy = self.identity.policy(&question.model);
        let context = PlanContext {
            default_limit: self.limit_cap,
            ..self.context_of_plan()
        };
        let planned = plan_query(&question.query, &question.model, &policy, &context)?;
        let (bindings, remote, planned) = self.prepare(&question, &sources, Applied::none(planned)).await?;
        let head = Answer {
            columns: planned.columns.iter().map(|output| output.column.clone()).collect(),
            rows: Vec::new(),
            totals: Vec::new(),
            sql: remote.iter().map(|remote| remote.query.sql.clone()).collect(),
            warnings: planned.warnings.clone(),
            version: planned.version,
            as_of: planned.as_of.clone(),
            cache: CacheState::Miss,
            truncated: false,
            others: Vec::new(),
            rows_read: None,
        };
        let slot = self.slot(data).await?;
        let rows = data
            .engine()
            .stream(planned, &bindings, &remote, self.cancel.clone())
            .await?;
        self.note(&question, Some(CacheState::Miss), since.elapsed());
        Ok((head, rows, slot))
    }

    fn refused(&self, error: ServiceError) -> EngineError {
        EngineError::Refused {
            public: error.app_error(self.context.request_id()),
            detail: None,
        }
    }

    fn take(
        &self,
        question: &Question,
        key: &Result<String, AppError>,
        answered: &HashMap<&str, Answered>,
    ) -> ServiceResult<Answer> {
        let key = key.as_ref().map_err(|error| ServiceError::from(error.clone()))?;
        match answered.get(key.as_str()) {
            Some(Ok((answer, cache))) => {
                let mut answer = Answer::clone(answer);
                answer.cache = *cache;
                match self.asker {
                    Asker::User(_) => {}
                    // What a database is asked names its tables, which is nobody's business outside.
                    Asker::Share(_) | Asker::Embed(_) => answer.sql.clear(),
                }
                if question.query.as_of.is_none() {
                    answer.as_of = self.as_of.to_rfc3339_opts(SecondsFormat::Secs, true);
                }
                Ok(answer)
            }
            Some(Err(error)) => Err(ServiceError::from(error.clone())),
            None => Err(AppError::internal().into()),
        }
    }
}
