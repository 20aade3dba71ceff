//! The form of a simple metric: one aggregation over one table.

use leptos::prelude::*;
use shared::{
    names::Identifier,
    semantic::{
        Aggregation, DimensionType, Expression, MetricKind, Model, ModelTable, Pick, SemiAdditive, SimpleMetric,
    },
};

use super::filter::FilterEditor;
use crate::{
    designer::editor::aggregation_label,
    pages::model::{
        draft::ModelDraft,
        options::{Choose, TextField, given, words_of},
    },
};

/// Values of the column choice that name no column.
const ROWS: &str = "";
const SQL: &str = "=";

#[derive(Clone, Copy)]
struct Simple {
    draft: ModelDraft,
    name: StoredValue<String>,
    value: Memo<Option<SimpleMetric>>,
}

impl Simple {
    fn edit(self, change: impl FnOnce(&mut SimpleMetric)) {
        self.draft.edit_metric(&self.name.get_value(), |metric| {
            if let MetricKind::Simple(simple) = &mut metric.kind {
                change(simple);
            }
        });
    }

    fn read<T: Default>(self, read: impl FnOnce(&SimpleMetric) -> T) -> T {
        self.value.with(|simple| simple.as_ref().map(read).unwrap_or_default())
    }

    /// What its table says.
    fn table<T: Default>(self, read: impl FnOnce(&ModelTable) -> T) -> T {
        let name = self.read(|simple| simple.table.to_string());
        self.draft
            .edited
            .with(|model| model.table(&name).map(read).unwrap_or_default())
    }
}

#[component]
pub fn SimpleForm(draft: ModelDraft, name: StoredValue<String>) -> impl IntoView {
    let value = Memo::new(move |_| {
        draft.edited.with(|model| match &model.metric(&name.get_value())?.kind {
            MetricKind::Simple(simple) => Some((**simple).clone()),
            MetricKind::Ratio { .. }
            | MetricKind::Derived { .. }
            | MetricKind::Cumulative { .. }
            | MetricKind::Conversion(_)
            | MetricKind::Nested(_) => None,
        })
    });
    let simple = Simple { draft, name, value };
    let filter = Signal::derive(move || value.with(|simple| simple.as_ref()?.filter.clone()));
    let table = Signal::derive(move || value.with(|simple| Some(simple.as_ref()?.table.to_string())));
    view! {
        <div class="form-grid">
            <TableChoice simple=simple />
            <AggregationChoice simple=simple />
            <ColumnChoice simple=simple />
            <TimeChoice simple=simple />
            <OverTime simple=simple />
        </div>
        <FilterEditor draft=draft table=table value=filter on_change=Callback::new(move |filter| simple.edit(|simple| simple.filter = filter)) />
    }
}

#[component]
fn TableChoice(simple: Simple) -> impl IntoView {
    let options = move || {
        simple.draft.edited.with(|model| {
            let tables = model.tables.iter();
            tables
                .map(|table| (table.name.to_string(), table.display_label()))
                .collect::<Vec<_>>()
        })
    };
    // Columns of another table mean nothing here.
    let choose = move |name: String| {
        if let Ok(table) = Identifier::try_from(name) {
            simple.edit(|simple| *simple = SimpleMetric::new(table, Aggregation::Count, None));
        }
    };
    view! { <Choose label="Table" options=Signal::derive(options) value=Signal::derive(move || simple.read(|simple| simple.table.to_string())) on_choose=Callback::new(choose) /> }
}

#[component]
fn AggregationChoice(simple: Simple) -> impl IntoView {
    let options = Aggregation::ALL.map(|aggregation| {
        (
            aggregation.as_str().to_owned(),
            aggregation_label(aggregation).to_owned(),
        )
    });
    let choose = move |name: String| {
        let Some(aggregation) = Aggregation::ALL.into_iter().find(|one| one.as_str() == name) else {
            return;
        };
        let fitting = simple.draft.edited.with_untracked(|model| {
            let table = simple
                .value
                .with_untracked(|simple| simple.as_ref().map(|simple| simple.table.to_string()));
            first_column(model, &table.unwrap_or_default(), aggregation)
        });
        simple.edit(|simple| {
            simple.agg = aggregation;
            simple.p = (aggregation == Aggregation::Percentile).then(|| simple.p.unwrap_or(0.9));
            if simple.expr.is_none() && aggregation != Aggregation::Count {
                simple.expr = fitting.map(Expression::Col);
            }
        });
    };
    let is_percentile = Memo::new(move |_| simple.read(|simple| simple.agg == Aggregation::Percentile));
    let set_percent = move |text: String| {
        if let Ok(percent) = text.parse::<f64>() {
            simple.edit(|simple| simple.p = Some(percent / 100.0));
        }
    };
    let percent = move || {
        simple
            .read(|simple| simple.p.map(|p| ((p * 1_000.0).round() / 10.0).to_string()))
            .unwrap_or_default()
    };
    view! {
        <Choose label="Aggregation" options=Signal::stored(options.to_vec()) value=Signal::derive(move || simple.read(|simple| simple.agg.as_str().to_owned())) on_choose=Callback::new(choose) />
        <Show when=move || is_percentile.get()>
            <TextField label="Percentile, 0 to 100" value=Signal::derive(percent) on_change=Callback::new(set_percent) />
        </Show>
    }
}

/// The first column that can be aggregated so.
fn first_column(model: &Model, table: &str, aggregation: Aggregation) -> Option<String> {
    let columns = columns(model.table(table)?, aggregation);
    columns.into_iter().next().map(|(column, _)| column)
}

fn columns(table: &ModelTable, aggregation: Aggregation) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for dimension in &table.dimensions {
        let fits = dimension.kind == DimensionType::Number || !aggregation.needs_number();
        if let Some(column) = dimension.expr.column().filter(|_| fits) {
            found.push((column.to_owned(), dimension.display_label()));
        }
    }
    found
}

#[component]
fn ColumnChoice(simple: Simple) -> impl IntoView {
    let options = move || {
        let aggregation = simple.value.with(|simple| simple.as_ref().map(|simple| simple.agg));
        let aggregation = aggregation.unwrap_or(Aggregation::Count);
        let mut options = simple.table(|table| columns(table, aggregation));
        let chosen = simple.read(|simple| {
            simple
                .expr
                .as_ref()
                .and_then(|expression| expression.column().map(str::to_owned))
        });
        // One that is no dimension stays chosen.
        if let Some(column) = chosen.filter(|column| options.iter().all(|(known, _)| known != column)) {
            options.push((column.clone(), column));
        }
        if aggregation == Aggregation::Count {
            options.insert(0, (ROWS.to_owned(), "Rows".to_owned()));
        }
        options.push((SQL.to_owned(), "An expression".to_owned()));
        options
    };
    let chosen = move || {
        simple.read(|simple| match &simple.expr {
            None => ROWS.to_owned(),
            Some(Expression::Col(column)) => column.clone(),
            Some(Expression::Sql(_) | Expression::Field(_) | Expression::Json(_) | Expression::Point(_)) => {
                SQL.to_owned()
            }
        })
    };
    let choose = move |chosen: String| {
        simple.edit(|simple| {
            simple.expr = match (chosen.as_str(), &simple.expr) {
                (ROWS, _) => None,
                (SQL, Some(known)) => Some(Expression::Sql(known.text().to_owned())),
                (SQL, None) => Some(Expression::Sql("1".to_owned())),
                (column, _) => Some(Expression::Col(column.to_owned())),
            };
        });
    };
    let is_sql = Memo::new(move |_| simple.read(|simple| matches!(simple.expr, Some(Expression::Sql(_)))));
    let sql = move || {
        simple.read(|simple| {
            simple
                .expr
                .as_ref()
                .map(|expression| expression.text().to_owned())
                .unwrap_or_default()
        })
    };
    view! {
        <Choose label="Of" options=Signal::derive(options) value=Signal::derive(chosen) on_choose=Callback::new(choose) />
        <Show when=move || is_sql.get()>
            <TextField label="Expression" hint="Over the columns of the table: price * amount" value=Signal::derive(sql) on_change=Callback::new(move |text| simple.edit(|simple| simple.expr = Some(Expression::Sql(text)))) />
        </Show>
    }
}

fn times(table: &ModelTable) -> Vec<(String, String)> {
    let times = table
        .dimensions
        .iter()
        .filter(|dimension| dimension.kind == DimensionType::Time);
    times
        .map(|dimension| (dimension.name.to_string(), dimension.display_label()))
        .collect()
}

/// What `time` means for it.
#[component]
fn TimeChoice(simple: Simple) -> impl IntoView {
    let options = move || {
        let mut options = vec![(String::new(), "The table's own".to_owned())];
        options.extend(simple.table(times));
        options
    };
    let chosen = move || simple.read(|simple| simple.time.as_ref().map(ToString::to_string).unwrap_or_default());
    let choose = move |name: String| {
        simple.edit(|simple| simple.time = given(name).and_then(|name| Identifier::try_from(name).ok()))
    };
    view! { <Choose label="Its time" options=Signal::derive(options) value=Signal::derive(chosen) on_choose=Callback::new(choose) /> }
}

/// Balances cannot be added up over time: of each period one moment counts.
#[component]
fn OverTime(simple: Simple) -> impl IntoView {
    let options = move || {
        let mut options = vec![(String::new(), "Adds up".to_owned())];
        for (name, label) in simple.table(times) {
            options.push((format!("last {name}"), format!("Only the last {label} counts")));
            options.push((format!("first {name}"), format!("Only the first {label} counts")));
        }
        options
    };
    let chosen = move || {
        let text = |semi: &SemiAdditive| match semi.pick {
            Pick::First => format!("first {}", semi.time),
            Pick::Last => format!("last {}", semi.time),
        };
        simple.read(|simple| simple.semi_additive.as_ref().map(text).unwrap_or_default())
    };
    let choose = move |text: String| {
        let (pick, time) = text.split_once(' ').unwrap_or_default();
        let pick = if pick == "first" { Pick::First } else { Pick::Last };
        let time = Identifier::try_from(time).ok();
        simple.edit(|simple| {
            let per = simple.semi_additive.take().map(|semi| semi.per).unwrap_or_default();
            simple.semi_additive = time.map(|time| SemiAdditive { time, pick, per });
        });
    };
    let is_semi = Memo::new(move |_| simple.read(|simple| simple.semi_additive.is_some()));
    let per = move || {
        simple.read(|simple| {
            simple
                .semi_additive
                .as_ref()
                .map(|semi| semi.per.join(", "))
                .unwrap_or_default()
        })
    };
    let set_per = move |text: String| {
        simple.edit(|simple| {
            if let Some(semi) = &mut simple.semi_additive {
                semi.per = words_of(&text);
            }
        });
    };
    view! {
        <Choose label="Over time" options=Signal::derive(options) value=Signal::derive(chosen) on_choose=Callback::new(choose) />
        <Show when=move || is_semi.get()>
            <TextField label="Of each" hint="Columns whose every combination has a moment of its own" value=Signal::derive(per) on_change=Callback::new(set_per) />
        </Show>
    }
}
