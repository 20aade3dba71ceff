//! The fields of the model as the designer speaks of them.

use plan::catalog::{FieldInfo, FieldList, MetricInfo, PlaceKind};
use shared::{
    semantic::{Aggregation, Atlas, DimensionType, Format, Grain, StoredTime, coordinate_names},
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
    /// A place with a shape.
    Region,
    /// A place of two numbers, which stand for it in visuals.
    Point,
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
            Self::Region => "place",
            Self::Point => "point on a map",
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
    /// Of regions.
    pub atlas: Option<Atlas>,
}

impl Field {
    pub fn is_shown_by(&self, item: &WellItem) -> bool {
        match self.kind {
            FieldKind::Metric => item.metric.as_ref() == Some(&self.name),
            FieldKind::Point => coordinate_names(&self.name)
                .iter()
                .any(|name| item.field.as_ref() == Some(name)),
            FieldKind::Measure
            | FieldKind::Number
            | FieldKind::Text
            | FieldKind::Bool
            | FieldKind::Time
            | FieldKind::Region => item.metric.is_none() && item.field.as_ref() == Some(&self.name),
        }
    }
}

/// All fields the designer offers, metrics first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldCatalog {
    pub fields: Vec<Field>,
    /// Not offered, but visuals may show them: the numbers of points, and what was hidden later.
    hidden: Vec<Field>,
}

impl From<FieldInfo> for Field {
    fn from(info: FieldInfo) -> Self {
        let kind = match info.kind {
            DimensionType::Number if info.default_aggregation.is_some() => FieldKind::Measure,
            DimensionType::Number | DimensionType::Bin => FieldKind::Number,
            DimensionType::Geo => match info.place {
                Some(PlaceKind::Point) => FieldKind::Point,
                Some(PlaceKind::Region(_)) | None => FieldKind::Region,
            },
            DimensionType::String | DimensionType::Json => FieldKind::Text,
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
            atlas: match info.place {
                Some(PlaceKind::Region(atlas)) => Some(atlas),
                Some(PlaceKind::Point) | None => None,
            },
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
            atlas: None,
        }
    }
}

impl From<FieldList> for FieldCatalog {
    fn from(list: FieldList) -> Self {
        let metrics = list.metrics.into_iter().map(|info| (info.hidden, Field::from(info)));
        let dimensions = list.dimensions.into_iter().map(|info| (info.hidden, Field::from(info)));
        let (hidden, fields): (Vec<_>, Vec<_>) = metrics.chain(dimensions).partition(|(hidden, _)| *hidden);
        let plain = |list: Vec<(bool, Field)>| list.into_iter().map(|(_, field)| field).collect();
        Self {
            fields: plain(fields),
            hidden: plain(hidden),
        }
    }
}

impl FieldCatalog {
    fn all(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().chain(&self.hidden)
    }

    /// By `table.name` or metric name.
    pub fn get(&self, name: &str) -> Option<&Field> {
        self.all().find(|field| field.name == name)
    }

    /// The field behind an item of a well.
    pub fn of_item(&self, item: &WellItem) -> Option<&Field> {
        match (&item.metric, &item.field) {
            (Some(metric), _) => self
                .all()
                .find(|field| field.kind == FieldKind::Metric && field.name == *metric),
            (None, Some(name)) => self
                .all()
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
        let items = visual.wells.get(*well);
        items.iter().any(|item| field.is_shown_by(item))
    })
}
