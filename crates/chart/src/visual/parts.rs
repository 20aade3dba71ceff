//! Which answer column each well item became. The planner gives dimensions in the order of the kind's wells, then metrics
//! in that order; an item shown as a calculation is the calculation's column.

use shared::{
    semantic::{Answer, AnswerColumn, ColumnRole},
    visual::{Visual, WellItem, WellName, WellRole},
};

/// A column that carries values, with the well item it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureColumn {
    pub well: WellName,
    /// Position in `Answer::columns`.
    pub column: usize,
    pub label: String,
    pub item: WellItem,
}

/// Positions in `Answer::columns`, by what they are for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parts {
    pub dimensions: Vec<(WellName, usize)>,
    pub measures: Vec<MeasureColumn>,
    /// Per measure: positions of its comparison columns in the order value, delta, pct as asked.
    pub comparisons: Vec<usize>,
}

impl Parts {
    pub fn of(visual: &Visual, answer: &Answer) -> Self {
        let visual = &*visual.asked();
        let with_role = |role: ColumnRole| {
            answer
                .columns
                .iter()
                .enumerate()
                .filter(move |(_, column)| column.role == role)
                .map(|(index, _)| index)
        };
        let mut dimension_columns = with_role(ColumnRole::Dimension);
        let mut metric_columns = with_role(ColumnRole::Metric);
        let mut calculated = with_role(ColumnRole::Calculation);
        let mut parts = Self {
            comparisons: with_role(ColumnRole::Compare).collect(),
            ..Self::default()
        };
        for well in visual.kind.wells() {
            for item in visual.wells.get(*well) {
                match well.role() {
                    WellRole::Dimension if !item.is_measure() => {
                        if let Some(column) = dimension_columns.next() {
                            parts.dimensions.push((*well, column));
                        }
                    }
                    WellRole::Dimension | WellRole::Measure => {
                        let Some(mut column) = metric_columns.next() else {
                            continue;
                        };
                        if item.show_as.is_some()
                            && let Some(shown) = calculated.next()
                        {
                            column = shown;
                        }
                        let label = item
                            .label
                            .clone()
                            .or_else(|| answer.columns.get(column).map(|column| column.label.clone()))
                            .unwrap_or_default();
                        parts.measures.push(MeasureColumn {
                            well: *well,
                            column,
                            label,
                            item: item.clone(),
                        });
                    }
                }
            }
        }
        parts
    }

    /// The first dimension of a well.
    pub fn dimension(&self, well: WellName) -> Option<usize> {
        self.dimensions
            .iter()
            .find(|(name, _)| *name == well)
            .map(|(_, column)| *column)
    }

    /// The measures of a well.
    pub fn measures_of(&self, well: WellName) -> Vec<&MeasureColumn> {
        self.measures.iter().filter(|measure| measure.well == well).collect()
    }
}

impl MeasureColumn {
    /// How its values are written: the item's own format, the visual's, the model's.
    pub fn format<'a>(
        &'a self,
        visual: &'a Visual,
        column: Option<&'a AnswerColumn>,
    ) -> Option<&'a shared::semantic::Format> {
        self.item
            .format
            .as_ref()
            .or(visual.format.number.as_ref())
            .or_else(|| column.and_then(|column| column.format.as_ref()))
    }
}
