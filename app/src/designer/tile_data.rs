//! One tile's numbers: asked for when its question changes, the newest question wins, old numbers stay until then.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};
use plan::visual::tile_query;
use shared::{
    AppError,
    dashboard::TileData,
    ids::TileId,
    semantic::{Answer, Query},
    visual::{Visual, VisualFormat},
};

use super::{remote, state::Designer};
use crate::browser;

/// Several changes within this time ask once.
const SETTLE_MS: u64 = 60;

/// What a tile asks: equal when the answer is.
#[derive(Clone, Debug, PartialEq)]
enum Question {
    /// Not enough in the wells yet.
    Nothing,
    Ask(Box<Query>),
    Wrong(AppError),
}

#[derive(Clone, Copy)]
pub struct TileNumbers {
    /// `None` until the first answer.
    pub data: Signal<Option<Arc<TileData>>>,
    /// The shown numbers are not (yet) those of the question.
    pub stale: RwSignal<bool>,
    /// The wells do not ask anything yet.
    pub unfinished: Signal<bool>,
    /// Asks again.
    pub retry: Callback<()>,
}

/// An answer with the visual it was asked for.
type Received = Result<(Visual, Arc<Answer>), AppError>;

/// Follows a tile's visual and the filters that reach it.
pub fn tile_numbers(designer: Designer, tile: TileId, visual: Memo<Option<Visual>>) -> TileNumbers {
    let received = RwSignal::new(None::<Received>);
    let stale = RwSignal::new(false);
    let again = RwSignal::new(0_u32);
    let newest = StoredValue::new(0_u64);
    let question = Memo::new(move |_| {
        let document = designer.document.get();
        let model = designer.model.get_value();
        let Some(tile) = document.tile(tile) else {
            return Question::Nothing;
        };
        match designer
            .state
            .with(|state| tile_query(tile, &document, state, &model, 0))
        {
            Ok(None) => Question::Nothing,
            Ok(Some(query)) => Question::Ask(Box::new(query)),
            Err(error) => Question::Wrong(error),
        }
    });
    Effect::new(move |_| {
        let question = question.get();
        let _retried = again.get();
        let number = newest.get_value() + 1;
        newest.set_value(number);
        match question {
            Question::Nothing => {
                received.set(None);
                stale.set(false);
            }
            Question::Wrong(error) => {
                received.set(Some(Err(error)));
                stale.set(false);
            }
            Question::Ask(query) => {
                stale.set(received.with_untracked(Option::is_some));
                let asked = visual.get_untracked();
                browser::after(SETTLE_MS, move || {
                    if newest.try_get_value() == Some(number) {
                        fetch(designer, *query, asked, number, newest, received, stale);
                    }
                });
            }
        }
    });
    let data = Memo::new(move |_| {
        let current = visual.get();
        received.with(|received| {
            received.as_ref().map(|received| {
                Arc::new(match received {
                    Err(error) => TileData::Error(error.clone()),
                    Ok((asked, answer)) => TileData::Answer {
                        visual: Box::new(dressed(asked, current.as_ref())),
                        answer: Box::new(answer.as_ref().clone()),
                    },
                })
            })
        })
    });
    TileNumbers {
        data: data.into(),
        stale,
        unfinished: Signal::derive(move || question.with(|question| *question == Question::Nothing)),
        retry: Callback::new(move |()| again.update(|again| *again += 1)),
    }
}

fn fetch(
    designer: Designer,
    query: Query,
    asked: Option<Visual>,
    number: u64,
    newest: StoredValue<u64>,
    received: RwSignal<Option<Received>>,
    stale: RwSignal<bool>,
) {
    let workspace = designer.workspace.get_value();
    spawn_local(async move {
        let answer = remote::answer(workspace, query).await;
        // A later question was asked meanwhile, or the tile is gone.
        if newest.try_get_value() != Some(number) {
            return;
        }
        let Some(asked) = asked else { return };
        received.set(Some(match answer {
            Ok(answer) => Ok((asked, Arc::new(answer))),
            Err(error) => Err(error.0),
        }));
        stale.set(false);
    });
}

/// The answer is drawn by the visual it was asked for, in the title and format of now.
fn dressed(asked: &Visual, current: Option<&Visual>) -> Visual {
    match current {
        Some(current) if bare(current) == bare(asked) => current.clone(),
        Some(current) => Visual {
            title: current.title.clone(),
            ..asked.clone()
        },
        None => asked.clone(),
    }
}

/// The visual without what changes no number.
fn bare(visual: &Visual) -> Visual {
    Visual {
        title: None,
        format: VisualFormat::default(),
        ..visual.clone()
    }
}
