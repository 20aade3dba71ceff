//! One tile's numbers: asked for when its question changes, the newest question wins, old numbers stay until then.

use std::sync::Arc;

use leptos::prelude::*;
use plan::visual::tile_query;
use shared::{
    AppError,
    dashboard::{TableWindow, TileData},
    ids::TileId,
    semantic::{Answer, Query, Sort},
    visual::{Visual, VisualFormat},
};

use super::{questions::Question, state::Designer};
use crate::components::tile::TablePaging;

/// What a tile asks: equal when the answer is.
#[derive(Clone, Debug, PartialEq)]
enum Asks {
    /// Not enough in the wells yet.
    Nothing,
    This(Box<Query>),
    Wrong(AppError),
}

impl Asks {
    fn order(&self) -> &[Sort] {
        match self {
            Self::This(query) => &query.sort,
            Self::Nothing | Self::Wrong(_) => &[],
        }
    }
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
    /// Of a table: which of its rows.
    pub paging: TablePaging,
}

/// An answer with the visual it was asked for.
type Received = Result<(Visual, Arc<Answer>), AppError>;

/// Follows a tile's visual and the filters that reach it.
pub fn tile_numbers(designer: Designer, tile: TileId, visual: Memo<Option<Visual>>) -> TileNumbers {
    let received = RwSignal::new(None::<Received>);
    let stale = RwSignal::new(false);
    let again = RwSignal::new(0_u32);
    let newest = StoredValue::new(0_u64);
    let window = RwSignal::new(TableWindow::default());
    let asks = move |window: &TableWindow| {
        let document = designer.document.get();
        let model = designer.model.get_value();
        let Some(tile) = document.tile(tile) else {
            return Asks::Nothing;
        };
        match designer
            .state
            .with(|state| tile_query(tile, &document, state, &model, window))
        {
            Ok(None) => Asks::Nothing,
            Ok(Some(query)) => Asks::This(Box::new(query)),
            Err(error) => Asks::Wrong(error),
        }
    };
    let first_rows = Memo::new(move |_| asks(&TableWindow::default()));
    // Another question has other rows: it begins with the first. Another order of the visual's own is the one that is meant.
    Effect::new(move |before: Option<Asks>| {
        let now = first_rows.get();
        if let Some(before) = before.filter(|before| *before != now) {
            window.update(|window| {
                window.offset = 0;
                if before.order() != now.order() {
                    window.sort = None;
                }
            });
        }
        now
    });
    let question = Memo::new(move |_| asks(&window.get()));
    Effect::new(move |_| {
        let question = question.get();
        let _retried = again.get();
        let number = newest.get_value() + 1;
        newest.set_value(number);
        match question {
            Asks::Nothing => {
                received.set(None);
                stale.set(false);
            }
            Asks::Wrong(error) => {
                received.set(Some(Err(error)));
                stale.set(false);
            }
            Asks::This(query) => {
                stale.set(received.with_untracked(Option::is_some));
                let asked = visual.get_untracked();
                let question = Question {
                    query: *query,
                    wanted: Box::new(move || newest.try_get_value() == Some(number)),
                    answered: Box::new(move |answer| {
                        let Some(asked) = asked else { return };
                        received.set(Some(answer.map(|answer| (asked, Arc::new(answer)))));
                        stale.set(false);
                    }),
                };
                designer.questions.ask(designer, question);
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
        unfinished: Signal::derive(move || question.with(|question| *question == Asks::Nothing)),
        retry: Callback::new(move |()| again.update(|again| *again += 1)),
        paging: TablePaging {
            window: window.into(),
            turn: Callback::new(move |next| window.set(next)),
        },
    }
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
