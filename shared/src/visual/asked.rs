//! What a kind asks for beyond what its builder put into the wells.

use std::borrow::Cow;

use super::{Family, Visual, WellItem};
use crate::semantic::{Aggregation, Bin, Grain};

/// Labels of a box plot's five values, least first.
pub const BOX_LABELS: [&str; 5] = ["Least", "Lower quartile", "Median", "Upper quartile", "Greatest"];

impl Visual {
    /// The visual with all items its kind needs: a histogram groups its number into ranges and counts its rows unless it
    /// has a value, a box plot has the five numbers of its value, a calendar goes by days, a course by months, points on
    /// a map without a size are counted. What asks and what draws both start from it.
    pub fn asked(&self) -> Cow<'_, Self> {
        let mut asked = Cow::Borrowed(self);
        match self.kind.family() {
            Family::Histogram => histogram(asked.to_mut()),
            Family::BoxPlot => five_numbers(asked.to_mut()),
            Family::Calendar => {
                if let Some(item) = asked.to_mut().wells.axis.first_mut() {
                    item.grain = Some(Grain::Day);
                    item.part = None;
                }
            }
            Family::PointMap => {
                if self.wells.size.is_empty()
                    && let Some(field) = field_of(&self.wells.latitude)
                {
                    asked.to_mut().wells.size = vec![count_of(field)];
                }
            }
            Family::Number | Family::Table => {
                if self.wells.trend.iter().any(|item| item.grain.is_none()) {
                    for item in &mut asked.to_mut().wells.trend {
                        item.grain.get_or_insert(Grain::Month);
                    }
                }
            }
            Family::Pivot
            | Family::Bars
            | Family::Lines
            | Family::Combo
            | Family::Scatter
            | Family::Round
            | Family::Heatmap
            | Family::Waterfall
            | Family::Funnel
            | Family::Dial
            | Family::Treemap
            | Family::Sankey
            | Family::Choropleth
            | Family::Own => {}
        }
        asked
    }
}

fn field_of(well: &[WellItem]) -> Option<&String> {
    well.first()?.field.as_ref()
}

fn count_of(field: &str) -> WellItem {
    WellItem {
        label: Some("Count".to_owned()),
        ..WellItem::aggregate(field, Aggregation::Count)
    }
}

fn histogram(visual: &mut Visual) {
    let Some(item) = visual.wells.axis.first_mut() else {
        return;
    };
    if item.grain.is_none() && item.part.is_none() {
        item.bin.get_or_insert(Bin::AUTO);
    }
    if visual.wells.values.is_empty()
        && let Some(field) = item.field.clone()
    {
        visual.wells.values = vec![count_of(&field)];
    }
}

fn five_numbers(visual: &mut Visual) {
    let Some(item) = visual
        .wells
        .values
        .first()
        .filter(|item| item.metric.is_none())
        .cloned()
    else {
        visual.wells.values.clear();
        return;
    };
    let quartile = |p: f64| (Aggregation::Percentile, Some(p));
    let numbers = [
        (Aggregation::Min, None),
        quartile(0.25),
        quartile(0.5),
        quartile(0.75),
        (Aggregation::Max, None),
    ];
    visual.wells.values = numbers
        .into_iter()
        .zip(BOX_LABELS)
        .map(|((agg, p), label)| WellItem {
            agg: Some(agg),
            p,
            label: Some(label.to_owned()),
            alias: None,
            show_as: None,
            ..item.clone()
        })
        .collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visual::VisualKind;

    #[test]
    fn a_histogram_counts_the_rows_of_each_range() {
        let mut visual = Visual::new(VisualKind::Histogram);
        visual.wells.axis = vec![WellItem::dimension("orders.amount")];
        let asked = visual.asked();
        assert_eq!(asked.wells.axis.first().unwrap().bin, Some(Bin::AUTO));
        assert_eq!(asked.wells.values.first().unwrap().agg, Some(Aggregation::Count));
    }

    #[test]
    fn a_box_plot_asks_for_five_numbers_of_a_column_and_none_of_a_metric() {
        let mut visual = Visual::new(VisualKind::BoxPlot);
        visual.wells.values = vec![WellItem::aggregate("orders.amount", Aggregation::Sum)];
        let asked = visual.asked();
        let aggregations: Vec<_> = asked
            .wells
            .values
            .iter()
            .map(|item| (item.agg.unwrap(), item.p))
            .collect();
        assert_eq!(
            aggregations,
            [
                (Aggregation::Min, None),
                (Aggregation::Percentile, Some(0.25)),
                (Aggregation::Percentile, Some(0.5)),
                (Aggregation::Percentile, Some(0.75)),
                (Aggregation::Max, None)
            ]
        );
        visual.wells.values = vec![WellItem::metric("revenue")];
        assert!(visual.asked().wells.values.is_empty());
    }

    #[test]
    fn automatic_ranges_are_steps_that_people_count_in() {
        let width = |least, greatest| Bin::width_for(least, greatest);
        assert_eq!(width(0.0, 100.0), 5.0);
        assert_eq!(width(-3.0, 3.0), 0.5);
        assert_eq!(width(0.0, 1_000_000.0), 50_000.0);
        assert_eq!(width(7.0, 7.0), 1.0);
        assert_eq!(width(f64::NAN, 1.0), 1.0);
    }
}
