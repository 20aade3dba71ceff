//! The diagram: tables that are moved with the pointer or the arrow keys, and lines between them.

use leptos::prelude::*;
use shared::semantic::{Cardinality, Model};

use super::{
    edge::edge,
    node::Node,
    place::{Places, arranged, extent, keep, kept},
};
use crate::pages::model::{draft::ModelDraft, words::cardinality_words};

/// Where tables stand, and moving them.
#[derive(Clone, Copy)]
pub struct Board {
    pub draft: ModelDraft,
    pub places: Memo<Places>,
    moved: RwSignal<Places>,
}

impl Board {
    fn new(draft: ModelDraft) -> Self {
        let moved = RwSignal::new(Places::new());
        let arranged = Memo::new(move |_| draft.edited.with(arranged));
        let places = Memo::new(move |_| {
            let mut places = arranged.get();
            moved.with(|moved| {
                for (table, place) in moved {
                    if let Some(known) = places.get_mut(table) {
                        *known = *place;
                    }
                }
            });
            places
        });
        // The server does not know what this browser keeps.
        Effect::new(move |_| moved.set(kept(&draft.workspace.get(), &draft.name.get_value())));
        Self { draft, places, moved }
    }

    pub fn place(self, table: &str) -> (f64, f64) {
        self.places
            .with(|places| places.get(table).copied().unwrap_or_default())
    }

    /// Tables stay on the board.
    pub fn put(self, table: &str, (left, top): (f64, f64)) {
        let place = (left.max(0.0).round(), top.max(0.0).round());
        self.moved.update(|moved| {
            moved.insert(table.to_owned(), place);
        });
    }

    /// Remembers where everything stands now.
    pub fn keep(self) {
        let workspace = self.draft.workspace.get_untracked();
        self.moved
            .with_untracked(|moved| keep(&workspace, &self.draft.name.get_value(), moved));
    }

    fn is_moved(self) -> bool {
        self.moved.with(|moved| !moved.is_empty())
    }

    fn tidy(self) {
        self.moved.set(Places::new());
        self.keep();
    }
}

#[component]
pub fn Diagram(draft: ModelDraft, open: RwSignal<Option<String>>) -> impl IntoView {
    let board = Board::new(draft);
    let tables = draft.tables();
    let size = Memo::new(move |_| board.places.with(extent));
    let joins = Memo::new(move |_| draft.edited.with(lines));
    view! {
        <div class="diagram">
            <Show when=move || board.is_moved()>
                <div class="diagram__tools">
                    <button class="button button--quiet" type="button" on:click=move |_| board.tidy()>"Tidy up"</button>
                </div>
            </Show>
            <div class="diagram__scroll" tabindex="0" role="region" aria-label="Diagram of tables and joins">
                <svg class="diagram__board" width=move || size.get().0 height=move || size.get().1 role="presentation">
                    <For each=move || joins.get() key=Clone::clone let:line>
                        <EdgeView board=board line=line open=open />
                    </For>
                    <For each=move || tables.get() key=Clone::clone let:table>
                        <Node board=board table=table />
                    </For>
                </svg>
            </div>
        </div>
    }
}

/// What is drawn of a join.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Line {
    join: String,
    from: String,
    to: String,
    role: Option<String>,
    cardinality: Cardinality,
    words: String,
    /// How many half lines it stands from the middle of those between the same tables.
    step: i32,
}

fn lines(model: &Model) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for join in &model.joins {
        // A role is drawn as the table that plays it.
        let (Some(from), Some(to)) = (model.node(join.from.as_str()), model.table(join.to.as_str())) else {
            continue;
        };
        let pairs: Vec<String> = join.on.iter().map(|(own, other)| format!("{own} = {other}")).collect();
        let (one, two) = (from.display_label(), to.display_label());
        lines.push(Line {
            join: join.name.to_string(),
            from: from.name.to_string(),
            to: to.name.to_string(),
            role: join.role.as_ref().map(ToString::to_string),
            cardinality: join.cardinality,
            words: format!(
                "{one} to {two}, {}, {}",
                pairs.join(", "),
                cardinality_words(join.cardinality)
            ),
            step: 0,
        });
    }
    let ends = |line: &Line| {
        let mut ends = [line.from.clone(), line.to.clone()];
        ends.sort();
        ends
    };
    let all: Vec<_> = lines.iter().map(ends).collect();
    for (index, line) in lines.iter_mut().enumerate() {
        let same = |other: &&[String; 2]| all.get(index) == Some(*other);
        let before = all.iter().take(index).filter(same).count();
        let count = all.iter().filter(same).count();
        let number = |count: usize| i32::try_from(count).unwrap_or(0);
        line.step = 2 * number(before) - (number(count) - 1);
    }
    lines
}

#[component]
fn EdgeView(board: Board, line: Line, open: RwSignal<Option<String>>) -> impl IntoView {
    let (from, to, cardinality) = (line.from.clone(), line.to.clone(), line.cardinality);
    let offset = f64::from(line.step) / 2.0;
    let drawn = Memo::new(move |_| edge(board.place(&from), board.place(&to), cardinality, offset));
    let is_open = {
        let join = line.join.clone();
        Memo::new(move |_| open.with(|open| open.as_ref() == Some(&join)))
    };
    let join = line.join;
    let name = line.role.map(|role| {
        view! { <text class="diagram__role" x=move || drawn.get().middle.0 y=move || drawn.get().middle.1 - 6.0 text-anchor="middle">{role}</text> }
    });
    view! {
        <g class="diagram__join" class:diagram__join--open=move || is_open.get() on:click=move |_| open.set(Some(join.clone()))>
            <title>{line.words}</title>
            <path class="diagram__reach" d=move || drawn.get().line />
            <path class="diagram__line" d=move || drawn.get().line />
            <path class="diagram__line" d=move || drawn.get().ends />
            {name}
        </g>
    }
}
