//! One field: label, type, how it is aggregated and shown, what else it is called.

use leptos::prelude::*;
use shared::semantic::{Aggregation, DashboardUsage, Dimension, DimensionType, Expression, Format, FormatKind};

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
            <td>{move || field.read(|dimension| type_label(dimension.kind))}</td>
            <td>{numeric.then(|| view! { <AggregationChoice field=field /> })}</td>
            <td>{numeric.then(|| view! { <FormatChoice field=field /> })}</td>
            <td><TextField bare=true label=format!("What {column} is also called, separated by commas") placeholder="turnover, sales" value=synonyms on_change=Callback::new(move |text: String| field.edit(|dimension| dimension.synonyms = words_of(&text))) /></td>
            <td class="fields__values">{members}</td>
            <td><UsedBy draft=draft uses=Callback::new(move |usage: DashboardUsage| usage.uses_field(&field.full_name())) /></td>
            <td><input type="checkbox" aria-label=format!("Hide {column}") prop:checked=move || field.read(|dimension| dimension.hidden) on:change=move |event| { let on = event_target_checked(&event); field.edit(|dimension| dimension.hidden = on); } /></td>
            <td><Remove field=field label=label /></td>
        </tr>
    }
}

/// The stored column, or the expression to edit.
#[component]
fn Column(field: Field) -> impl IntoView {
    let is_sql = Memo::new(move |_| field.read(|dimension| matches!(dimension.expr, Expression::Sql(_))));
    let text = Signal::derive(move || field.read(|dimension| dimension.expr.text().to_owned()));
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

/// Only calculated fields: a stored column would come back with the next file, so it is hidden instead.
#[component]
fn Remove(field: Field, label: Signal<String>) -> impl IntoView {
    let is_sql = Memo::new(move |_| field.read(|dimension| matches!(dimension.expr, Expression::Sql(_))));
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
        <Show when=move || is_sql.get()>
            <RemoveButton draft=field.draft what=label consequences=Callback::new(consequences) on_sure=Callback::new(remove) />
        </Show>
    }
}
