//! The fields of the model as the designer speaks of them.

use plan::catalog::{FieldInfo, FieldList, MetricInfo};
use shared::{
    semantic::{Aggregation, DimensionType, Format, Grain, StoredTime},
    visual::{Visual, WellItem},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldKind {
    Metric,
    /// A number that is added up (or averaged …) when dropped on values.
    Measure,
    /// A number that is grouped by.
    Number,
    Text,
    Bool,
    Time,
}

impl FieldKind {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Metric => "metric",
            Self::Measure => "number",
            Self::Number => "number to group by",
            Self::Text => "text",
            Self::Bool => "yes or no",
            Self::Time => "date or time",
        }
    }

    pub const fn is_value(self) -> bool {
        matches!(self, Self::Metric | Self::Measure)
    }
}

/// One field that can be dragged.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// `table.name`, or a metric's name.
    pub name: String,
    pub label: String,
    pub kind: FieldKind,
    /// Of dimensions: machine name and label of their table.
    pub table: Option<(String, String)>,
    pub description: Option<String>,
    pub synonyms: Vec<String>,
    pub grains: Vec<Grain>,
    /// Time only: a plain day without a time.
    pub is_day: bool,
    pub default_aggregation: Option<Aggregation>,
    pub format: Option<Format>,
}

/// All fields the designer offers, metrics first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldCatalog {
    pub fields: Vec<Field>,
}

impl From<FieldInfo> for Field {
    fn from(info: FieldInfo) -> Self {
        let kind = match info.kind {
            DimensionType::Number if info.default_aggregation.is_some() => FieldKind::Measure,
            DimensionType::Number | DimensionType::Bin => FieldKind::Number,
            DimensionType::String => FieldKind::Text,
            DimensionType::Bool => FieldKind::Bool,
            DimensionType::Time => FieldKind::Time,
        };
        Self {
            name: info.field,
            label: info.label,
            kind,
            table: Some((info.table, info.table_label)),
            description: info.description,
            synonyms: info.synonyms,
            grains: info.grains,
            is_day: info.stored == Some(StoredTime::Date),
            default_aggregation: info.default_aggregation,
            format: info.format,
        }
    }
}

impl From<MetricInfo> for Field {
    fn from(info: MetricInfo) -> Self {
        Self {
            name: info.metric,
            label: info.label,
            kind: FieldKind::Metric,
            table: None,
            description: info.description,
            synonyms: info.synonyms,
            grains: Vec::new(),
            is_day: false,
            default_aggregation: None,
            format: info.format,
        }
    }
}

impl From<FieldList> for FieldCatalog {
    fn from(list: FieldList) -> Self {
        let metrics = list
            .metrics
            .into_iter()
            .filter(|metric| !metric.hidden)
            .map(Field::from);
        let dimensions = list
            .dimensions
            .into_iter()
            .filter(|field| !field.hidden)
            .map(Field::from);
        Self {
            fields: metrics.chain(dimensions).collect(),
        }
    }
}

impl FieldCatalog {
    /// By `table.name` or metric name.
    pub fn get(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field behind an item of a well.
    pub fn of_item(&self, item: &WellItem) -> Option<&Field> {
        match (&item.metric, &item.field) {
            (Some(metric), _) => self
                .fields
                .iter()
                .find(|field| field.kind == FieldKind::Metric && field.name == *metric),
            (None, Some(name)) => self
                .fields
                .iter()
                .find(|field| field.kind != FieldKind::Metric && field.name == *name),
            (None, None) => None,
        }
    }

    /// Label of a field name, readable even when the field is gone.
    pub fn label(&self, name: &str) -> String {
        self.get(name).map_or_else(
            || shared::semantic::humanize(name.rsplit('.').next().unwrap_or(name)),
            |field| field.label.clone(),
        )
    }

    /// Fields whose label, name, table or synonym contains all words of `search`, whatever the case.
    pub fn search(&self, search: &str) -> Vec<&Field> {
        let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
        self.fields
            .iter()
            .filter(|field| {
                let mut text = format!("{} {}", field.label, field.name).to_lowercase();
                for synonym in &field.synonyms {
                    text.push(' ');
                    text.push_str(&synonym.to_lowercase());
                }
                if let Some((_, label)) = &field.table {
                    text.push(' ');
                    text.push_str(&label.to_lowercase());
                }
                words.iter().all(|word| text.contains(word))
            })
            .collect()
    }
}

/// Does a visual show this field in one of its visible wells?
pub fn uses(visual: &Visual, field: &Field) -> bool {
    visual.kind.wells().iter().any(|well| {
        visual.wells.get(*well).iter().any(|item| match field.kind {
            FieldKind::Metric => item.metric.as_ref() == Some(&field.name),
            FieldKind::Measure | FieldKind::Number | FieldKind::Text | FieldKind::Bool | FieldKind::Time => {
                item.metric.is_none() && item.field.as_ref() == Some(&field.name)
            }
        })
    })
}
