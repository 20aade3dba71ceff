//! Which rows count: a list of conditions that all hold. What a list cannot say is edited as its JSON.

use leptos::prelude::*;
use serde_json::Value;
use shared::semantic::{Condition, DimensionType, FieldCondition, Model, Operator};

use crate::{
    components::{Icon, IconView},
    pages::model::{
        draft::ModelDraft,
        json_editor::JsonEditor,
        options::{Choose, TextField, words_of},
        words::{operator_words, value_words},
    },
};

/// What the list offers; `is` and `is not` take one value or several.
const OPERATORS: [Operator; 11] = [
    Operator::In,
    Operator::NotIn,
    Operator::Gt,
    Operator::Gte,
    Operator::Lt,
    Operator::Lte,
    Operator::Contains,
    Operator::StartsWith,
    Operator::EndsWith,
    Operator::IsNull,
    Operator::IsNotNull,
];

/// `table`: whose fields are offered first.
#[component]
pub fn FilterEditor(
    draft: ModelDraft,
    #[prop(into)] table: Signal<Option<String>>,
    #[prop(into)] value: Signal<Option<Condition>>,
    #[prop(into)] on_change: Callback<Option<Condition>>,
) -> impl IntoView {
    let rows = Memo::new(move |_| value.with(|condition| as_rows(condition.as_ref())));
    let is_list = Memo::new(move |_| rows.with(Option::is_some));
    let fields = Memo::new(move |_| draft.edited.with(|model| fields(model, table.get().as_deref())));
    let store = move |rows: Vec<FieldCondition>| {
        on_change.run(Condition::all(rows.into_iter().map(Condition::Field).collect()));
    };
    let list = move || {
        let edit = Callback::new(move |(index, row): (usize, Option<FieldCondition>)| {
            let mut all = rows.get_untracked().unwrap_or_default();
            match row {
                Some(row) => {
                    if let Some(slot) = all.get_mut(index) {
                        *slot = row;
                    }
                }
                None => {
                    all.remove(index);
                }
            }
            store(all);
        });
        let add = move |_| {
            let mut all = rows.get_untracked().unwrap_or_default();
            if let Some((field, _)) = fields.with_untracked(|fields| fields.first().cloned()) {
                all.push(Condition::field(field, Operator::IsNotNull));
                store(all);
            }
        };
        let count = move || 0..rows.with(|rows| rows.as_ref().map_or(0, Vec::len));
        view! {
            <For each=count key=|index| *index let:index>
                <FilterRow draft=draft fields=fields row=Signal::derive(move || rows.with(|rows| rows.as_ref()?.get(index).cloned())) on_change=Callback::new(move |row| edit.run((index, row))) />
            </For>
            <button class="button button--quiet" type="button" on:click=add><IconView icon=Icon::Plus />"Add a condition"</button>
        }
    };
    view! {
        <fieldset class="group">
            <legend class="field__label">"Only rows where"</legend>
            {move || {
                if is_list.get() {
                    list().into_any()
                } else {
                    view! { <JsonEditor label="Condition" value=value on_change=on_change /> }.into_any()
                }
            }}
        </fieldset>
    }
}

#[component]
fn FilterRow(
    draft: ModelDraft,
    fields: Memo<Vec<(String, String)>>,
    row: Signal<Option<FieldCondition>>,
    on_change: Callback<Option<FieldCondition>>,
) -> impl IntoView {
    let edit = move |change: &dyn Fn(&mut FieldCondition)| {
        if let Some(mut row) = row.get_untracked() {
            change(&mut row);
            on_change.run(Some(row));
        }
    };
    let operators: Vec<(String, String)> = OPERATORS
        .iter()
        .enumerate()
        .map(|(index, operator)| (index.to_string(), operator_words(*operator).to_owned()))
        .collect();
    let operator = move || {
        let row = row.get()?;
        let listed = OPERATORS
            .iter()
            .position(|known| operator_words(*known) == operator_words(row.op));
        listed.map(|index| index.to_string())
    };
    let choose_operator = move |index: String| {
        let chosen = index
            .parse()
            .ok()
            .and_then(|index: usize| OPERATORS.get(index).copied());
        if let Some(operator) = chosen {
            edit(&|row| set_values(row, operator, values_of(row)));
        }
    };
    let change_values = move |text: String| {
        edit(&|row| {
            let kind = draft
                .edited
                .with_untracked(|model| model.dimension(&row.field).map(|(_, dimension)| dimension.kind));
            let values = words_of(&text).iter().map(|word| typed(word, kind)).collect();
            set_values(row, row.op, values);
        });
    };
    let takes_values = Memo::new(move |_| {
        row.with(|row| {
            row.as_ref()
                .is_some_and(|row| !matches!(row.op, Operator::IsNull | Operator::IsNotNull))
        })
    });
    let text = move || {
        let values = row.with(|row| row.as_ref().map(values_of).unwrap_or_default());
        values.iter().map(value_words).collect::<Vec<_>>().join(", ")
    };
    view! {
        <div class="filter-row">
            <Choose bare=true label="Field" options=fields value=Signal::derive(move || row.get().map(|row| row.field).unwrap_or_default()) on_choose=Callback::new(move |field: String| edit(&|row| row.field = field.clone())) />
            <Choose bare=true label="Comparison" options=Signal::stored(operators) value=Signal::derive(move || operator().unwrap_or_default()) on_choose=Callback::new(choose_operator) />
            <Show when=move || takes_values.get()>
                <TextField bare=true label="Values, separated by commas" placeholder="Values" value=Signal::derive(text) on_change=Callback::new(change_values) />
            </Show>
            <button class="button button--quiet button--icon" type="button" aria-label="Remove this condition" title="Remove this condition" on:click=move |_| on_change.run(None)><IconView icon=Icon::Close /></button>
        </div>
    }
}

/// The conditions of a list; `None` for what a list cannot say.
fn as_rows(condition: Option<&Condition>) -> Option<Vec<FieldCondition>> {
    let plain = |condition: &Condition| match condition {
        Condition::Field(row) if is_plain(row) => Some(row.clone()),
        Condition::Field(_)
        | Condition::And { .. }
        | Condition::Or { .. }
        | Condition::Not { .. }
        | Condition::Segment { .. }
        | Condition::Row(_)
        | Condition::Metric(_) => None,
    };
    match condition {
        None => Some(Vec::new()),
        Some(Condition::And { and }) => and.iter().map(plain).collect(),
        Some(other) => plain(other).map(|row| vec![row]),
    }
}

fn is_plain(row: &FieldCondition) -> bool {
    let listed = OPERATORS
        .iter()
        .any(|known| operator_words(*known) == operator_words(row.op));
    let bare = row.range.is_none() && row.grain.is_none() && row.part.is_none() && row.other.is_none() && !row.case;
    let simple = |value: &Value| matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_));
    // A comma in a value would part it.
    let whole = |value: &Value| value.as_str().is_none_or(|text| !text.contains(','));
    listed && bare && values_of(row).iter().all(|value| simple(value) && whole(value))
}

fn values_of(row: &FieldCondition) -> Vec<Value> {
    row.value.iter().chain(row.values.iter().flatten()).cloned().collect()
}

/// Lists become `in`, one value `eq`; operators of one value take the first.
fn set_values(row: &mut FieldCondition, operator: Operator, values: Vec<Value>) {
    let several = values.len() > 1;
    let first = values.first().cloned();
    (row.op, row.value, row.values) = match operator {
        Operator::Eq | Operator::In if several => (Operator::In, None, Some(values)),
        Operator::Eq | Operator::In => (Operator::Eq, Some(first.unwrap_or_else(|| Value::from(""))), None),
        Operator::Ne | Operator::NotIn if several => (Operator::NotIn, None, Some(values)),
        Operator::Ne | Operator::NotIn => (Operator::Ne, Some(first.unwrap_or_else(|| Value::from(""))), None),
        Operator::IsNull | Operator::IsNotNull => (operator, None, None),
        Operator::Gt
        | Operator::Gte
        | Operator::Lt
        | Operator::Lte
        | Operator::Between
        | Operator::Contains
        | Operator::StartsWith
        | Operator::EndsWith
        | Operator::Matches
        | Operator::InRange => (operator, Some(first.unwrap_or_else(|| Value::from(""))), None),
    };
}

/// What was written, as the field stores it.
fn typed(word: &str, kind: Option<DimensionType>) -> Value {
    let text = || Value::from(word);
    match kind {
        Some(DimensionType::Number | DimensionType::Bin) => match word.parse::<i64>() {
            Ok(number) => Value::from(number),
            Err(_) => word.parse::<f64>().map_or_else(|_| text(), Value::from),
        },
        Some(DimensionType::Bool) => match word.to_lowercase().as_str() {
            "true" | "yes" => Value::from(true),
            "false" | "no" => Value::from(false),
            _ => text(),
        },
        Some(DimensionType::String | DimensionType::Time | DimensionType::Geo | DimensionType::Json) | None => text(),
    }
}

/// All fields, those of `first` before the others, which say their table as well.
fn fields(model: &Model, first: Option<&str>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let roles = model.joins.iter().filter_map(|join| {
        let role = join.role.as_ref()?;
        Some((role.to_string(), model.table(join.to.as_str())?))
    });
    let tables = model.tables.iter().map(|table| (table.name.to_string(), table));
    let (own, others): (Vec<_>, Vec<_>) = tables.chain(roles).partition(|(node, _)| Some(node.as_str()) == first);
    for (node, table) in own.into_iter().chain(others) {
        for dimension in &table.dimensions {
            let label = match Some(node.as_str()) == first {
                true => dimension.display_label(),
                false => format!("{} ({node})", dimension.display_label()),
            };
            found.push((format!("{node}.{}", dimension.name), label));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn condition(value: Value) -> Condition {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn lists_are_read_and_the_rest_is_left_alone() {
        let region = json!({"field": "orders.region", "op": "in", "values": ["EU", "US"]});
        let list = condition(json!({"and": [region, {"field": "orders.amount", "op": "gt", "value": 3}]}));
        let rows = as_rows(Some(&list)).unwrap();
        assert_eq!(rows.len(), 2);
        let again = Condition::all(rows.into_iter().map(Condition::Field).collect());
        assert_eq!(again, Some(list));
        for other in [
            json!({"segment": "orders.paid"}),
            json!({"or": [region, region]}),
            json!({"field": "orders.region", "op": "eq", "value": {"user": "region"}}),
            json!({"field": "orders.region", "op": "eq", "value": "Doe, Jane"}),
        ] {
            assert_eq!(as_rows(Some(&condition(other.clone()))), None, "{other}");
        }
    }

    #[test]
    fn values_become_what_the_field_stores() {
        let mut row = Condition::field("orders.amount", Operator::In);
        let number = Some(DimensionType::Number);
        set_values(&mut row, Operator::In, vec![typed("1", number), typed("2.5", number)]);
        assert_eq!(row.values, Some(vec![json!(1), json!(2.5)]));
        set_values(&mut row, Operator::In, vec![typed("EU", Some(DimensionType::String))]);
        assert_eq!((row.op, row.value, row.values), (Operator::Eq, Some(json!("EU")), None));
    }
}
