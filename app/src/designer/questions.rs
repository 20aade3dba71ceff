//! Questions of all tiles, sent together: one request for a change, however many tiles it touches.

use leptos::{prelude::*, task::spawn_local};
use shared::{
    AppError,
    semantic::{Answer, Query},
};

use super::{remote, state::Designer};
use crate::browser;

/// Changes within this time ask once.
const SETTLE_MS: u64 = 40;
/// Questions of one request; the server takes twice as many.
const TOGETHER: usize = 100;

/// One tile's question.
pub struct Question {
    pub query: Query,
    /// No later question of the tile has come.
    pub wanted: Box<dyn Fn() -> bool>,
    pub answered: Box<dyn FnOnce(Result<Answer, AppError>)>,
}

#[derive(Clone, Copy)]
pub struct Questions {
    waiting: StoredValue<Vec<Question>, LocalStorage>,
}

impl Questions {
    pub fn new() -> Self {
        Self {
            waiting: StoredValue::new_local(Vec::new()),
        }
    }

    /// Asks shortly, together with what else is asked by then.
    pub fn ask(self, designer: Designer, question: Question) {
        let first = self.waiting.with_value(Vec::is_empty);
        self.waiting.update_value(|waiting| waiting.push(question));
        if first {
            browser::after(SETTLE_MS, move || self.send(designer));
        }
    }

    fn send(self, designer: Designer) {
        let waiting = self.waiting.try_update_value(std::mem::take).unwrap_or_default();
        let mut wanted = waiting.into_iter().filter(|question| (question.wanted)()).peekable();
        while wanted.peek().is_some() {
            request(designer, wanted.by_ref().take(TOGETHER).collect());
        }
    }
}

fn request(designer: Designer, questions: Vec<Question>) {
    let workspace = designer.workspace.get_value();
    spawn_local(async move {
        let queries = questions.iter().map(|question| question.query.clone()).collect();
        let mut answers = match remote::answers(workspace, queries).await {
            Ok(answers) => answers,
            Err(error) => vec![Err(error.0); questions.len()],
        }
        .into_iter();
        for question in questions {
            let answer = answers.next().unwrap_or_else(|| Err(AppError::internal()));
            // A later question was asked meanwhile, or the tile is gone.
            if (question.wanted)() {
                (question.answered)(answer);
            }
        }
    });
}
