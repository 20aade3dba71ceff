//! One field: label, type, how it is aggregated and shown, what else it is called.

use leptos::prelude::*;
use shared::semantic::{
    Aggregation, Atlas, DashboardUsage, Dimension, DimensionType, Expression, Format, FormatKind, ValueIndex,
};

use super::preview::FieldValues;
use crate::{
    designer::editor::aggregation_label,
    pages::model::{
        draft::ModelDraft,
        options::{Choose, TextField, given, words_of},
        remove::{Consequences, RemoveButton},
        used_by::UsedBy,
        words::FORMATS,
    },
};

/// What a number does when it is dragged into a values well.
const AGGREGATIONS: [Option<Aggregation>; 7] = [
    None,
    Some(Aggregation::Sum),
    Some(Aggregation::Avg),
    Some(Aggregation::Min),
    Some(Aggregation::Max),
    Some(Aggregation::Median),
    Some(Aggregation::CountDistinct),
];

#[derive(Clone, Copy)]
struct Field {
    draft: ModelDraft,
    table: StoredValue<String>,
    name: StoredValue<String>,
    value: Memo<Option<Dimension>>,
}

impl Field {
    fn edit(self, change: impl FnOnce(&mut Dimension)) {
        self.draft
            .edit_dimension(&self.table.get_value(), &self.name.get_value(), change);
    }

    fn read<T: Default>(self, read: impl FnOnce(&Dimension) -> T) -> T {
        self.value
            .with(|dimension| dimension.as_ref().map(read).unwrap_or_default())
    }

    fn full_name(self) -> String {
        format!("{}.{}", self.table.get_value(), self.name.get_value())
    }
}

pub const fn type_label(kind: DimensionType) -> &'static str {
    match kind {
        DimensionType::String => "Text",
        DimensionType::Number => "Number",
        DimensionType::Bool => "Yes / no",
        DimensionType::Time => "Time",
        DimensionType::Bin => "Ranges",
        DimensionType::Geo => "Place",
        DimensionType::Json => "JSON",
    }
}

#[component]
pub fn FieldRow(draft: ModelDraft, table: String, field: String, values: FieldValues) -> impl IntoView {
    let value = draft.dimension(table.clone(), field.clone());
    let shown = format!("{table}.{field}");
    let field = Field {
        draft,
        table: StoredValue::new(table),
        name: StoredValue::new(field),
        value,
    };
    let label = Signal::derive(move || field.read(Dimension::display_label));
    let numeric = field.value.with_untracked(|dimension| {
        dimension
            .as_ref()
            .is_some_and(|dimension| dimension.kind == DimensionType::Number)
    });
    let is_text = field
        .value
        .with_untracked(|dimension| dimension.as_ref().is_some_and(is_text));
    let column = field.name.get_value();
    let synonyms = Signal::derive(move || field.read(|dimension| dimension.synonyms.join(", ")));
    let members = move || match values.of(&shown) {
        Some(Ok(text)) => view! { <span title=text.clone()>{text.clone()}</span> }.into_any(),
        Some(Err(reason)) => view! { <span class="muted" title=reason>"–"</span> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <tr data-testid="field">
            <td><TextField bare=true label=format!("Label of {column}") value=label on_change=Callback::new(move |text: String| field.edit(|dimension| dimension.label = given(text))) /></td>
            <td><Column field=field /></td>
            <td><Meaning field=field /></td>
            <td>{numeric.then(|| view! { <AggregationChoice field=field /> })}</td>
            <td>{numeric.then(|| view! { <FormatChoice field=field /> })}</td>
            <td><TextField bare=true label=format!("What {column} is also called, separated by commas") placeholder="turnover, sales" value=synonyms on_change=Callback::new(move |text: String| field.edit(|dimension| dimension.synonyms = words_of(&text))) /></td>
            <td class="fields__values">{members}</td>
            <td>{is_text.then(|| view! { <KeepValues field=field /> })}</td>
            <td><UsedBy draft=draft uses=Callback::new(move |usage: DashboardUsage| usage.uses_field(&field.full_name())) /></td>
            <td><input type="checkbox" aria-label=format!("Hide {column}") prop:checked=move || field.read(|dimension| dimension.hidden) on:change=move |event| { let on = event_target_checked(&event); field.edit(|dimension| dimension.hidden = on); } /></td>
            <td><Remove field=field label=label /></td>
        </tr>
    }
}

/// Has it texts for values?
fn is_text(dimension: &Dimension) -> bool {
    dimension.kind.is_text() && dimension.point().is_none()
}

/// What a text can be taken for.
const MEANINGS: [(DimensionType, Option<Atlas>, &str); 5] = [
    (DimensionType::String, None, "Text"),
    (DimensionType::Geo, Some(Atlas::World), "Country"),
    (DimensionType::Geo, Some(Atlas::UsStates), "US state"),
    (DimensionType::Geo, Some(Atlas::UsCounties), "US county"),
    (DimensionType::Json, None, "JSON"),
];

/// The type; of texts, what they mean, to choose.
#[component]
fn Meaning(field: Field) -> impl IntoView {
    let can_choose = field.draft.may_edit
        && field
            .value
            .with_untracked(|dimension| dimension.as_ref().is_some_and(is_text));
    if !can_choose {
        return view! { {move || field.read(|dimension| type_label(dimension.kind))} }.into_any();
    }
    let options = MEANINGS.iter().enumerate();
    let options: Vec<_> = options
        .map(|(index, (_, _, text))| (index.to_string(), (*text).to_owned()))
        .collect();
    let chosen = move || {
        let now = field.value.with(|dimension| {
            let dimension = dimension.as_ref()?;
            let atlas = (dimension.kind == DimensionType::Geo).then(|| dimension.atlas.unwrap_or_default());
            Some((dimension.kind, atlas))
        });
        let position = MEANINGS
            .iter()
            .position(|(kind, atlas, _)| now == Some((*kind, *atlas)));
        position.unwrap_or_default().to_string()
    };
    let choose = move |index: String| {
        let chosen = index.parse().ok().and_then(|index: usize| MEANINGS.get(index));
        if let Some((kind, atlas, _)) = chosen {
            field.edit(|dimension| (dimension.kind, dimension.atlas) = (*kind, *atlas));
        }
    };
    view! { <Choose bare=true label=format!("Type of {}", field.name.get_value()) options=Signal::stored(options) value=Signal::derive(chosen) on_choose=Callback::new(choose) /> }
        .into_any()
}

/// Whether its values are kept for searching.
#[component]
fn KeepValues(field: Field) -> impl IntoView {
    let kept = move || field.read(|dimension| dimension.values.as_ref().is_some_and(|values| values.index));
    let keep = move |on: bool| {
        field.edit(|dimension| {
            let mut values = dimension.values.take().unwrap_or_default();
            values.index = on;
            dimension.values = (values != ValueIndex::default()).then_some(values);
        });
    };
    let label = format!("Keep the values of {}", field.name.get_value());
    view! { <input type="checkbox" aria-label=label disabled=!field.draft.may_edit prop:checked=kept on:change=move |event| keep(event_target_checked(&event)) /> }
}

/// The stored column, or the expression to edit.
#[component]
fn Column(field: Field) -> impl IntoView {
    let is_sql = Memo::new(move |_| field.read(|dimension| matches!(dimension.expr, Expression::Sql(_))));
    let text = Signal::derive(move || {
        field.read(|dimension| {
            let parts: Vec<&str> = dimension.expr.singles().map(Expression::text).collect();
            parts.join(", ")
        })
    });
    move || {
        if is_sql.get() {
            let label = format!("Expression of {}", field.name.get_value());
            view! { <TextField bare=true label=label value=text on_change=Callback::new(move |text| field.edit(|dimension| dimension.expr = Expression::Sql(text))) /> }.into_any()
        } else {
            view! { <span class="muted">{move || text.get()}</span> }.into_any()
        }
    }
}

#[component]
fn AggregationChoice(field: Field) -> impl IntoView {
    let text = |aggregation: Option<Aggregation>| aggregation.map_or("Group by it", aggregation_label);
    let options: Vec<_> = AGGREGATIONS
        .iter()
        .enumerate()
        .map(|(index, one)| (index.to_string(), text(*one).to_owned()))
        .collect();
    let chosen = move || {
        let now = field.read(|dimension| dimension.default_aggregation);
        AGGREGATIONS
            .iter()
            .position(|one| *one == now)
            .unwrap_or_default()
            .to_string()
    };
    let choose = move |index: String| {
        let chosen = index
            .parse()
            .ok()
            .and_then(|index: usize| AGGREGATIONS.get(index).copied().flatten());
        field.edit(|dimension| dimension.default_aggregation = chosen);
    };
    view! { <Choose bare=true label=format!("Aggregation of {}", field.name.get_value()) options=Signal::stored(options) value=Signal::derive(chosen) on_choose=Callback::new(choose) /> }
}

#[component]
fn FormatChoice(field: Field) -> impl IntoView {
    let options: Vec<_> = FORMATS
        .iter()
        .enumerate()
        .map(|(index, (_, text))| (index.to_string(), (*text).to_owned()))
        .collect();
    let chosen = move || {
        let now = field
            .read(|dimension| dimension.format.as_ref().map(|format| format.kind))
            .unwrap_or_default();
        FORMATS
            .iter()
            .position(|(kind, _)| *kind == now)
            .unwrap_or_default()
            .to_string()
    };
    let choose = move |index: String| {
        let chosen = index.parse().ok().and_then(|index: usize| FORMATS.get(index));
        if let Some((kind, _)) = chosen {
            field.edit(|dimension| {
                let before = dimension.format.take().unwrap_or_default();
                let code =
                    (*kind == FormatKind::Currency).then(|| before.code.clone().unwrap_or_else(|| "EUR".to_owned()));
                dimension.format = Some(Format {
                    kind: *kind,
                    code,
                    ..before
                });
            });
        }
    };
    view! { <Choose bare=true label=format!("Format of {}", field.name.get_value()) options=Signal::stored(options) value=Signal::derive(chosen) on_choose=Callback::new(choose) /> }
}

/// Only calculated fields and points: a stored column would come back with the next file, so it is hidden instead.
#[component]
fn Remove(field: Field, label: Signal<String>) -> impl IntoView {
    let is_made =
        Memo::new(move |_| field.read(|dimension| matches!(dimension.expr, Expression::Sql(_) | Expression::Point(_))));
    let consequences = move |()| Consequences {
        parts: Vec::new(),
        dashboards: field.draft.users(|usage| usage.uses_field(&field.full_name())),
    };
    let remove = move |()| {
        let name = field.name.get_value();
        field.draft.edit_table(&field.table.get_value(), |table| {
            table.dimensions.retain(|dimension| dimension.name.as_str() != name)
        });
    };
    view! {
        <Show when=move || is_made.get()>
            <RemoveButton draft=field.draft what=label consequences=Callback::new(consequences) on_sure=Callback::new(remove) />
        </Show>
    }
}
