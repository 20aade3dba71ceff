//! The control that fits a field's type.

use leptos::prelude::*;
use plan::FieldInfo;
use shared::{
    dashboard::{Filter, FilterState},
    semantic::{Condition, DimensionType},
    table::Cell,
};

use super::{member_list::MemberListControl, number_range::NumberRangeControl, time_range::TimeRangeControl};
use crate::components::dashboard::{ValuesRequest, ValuesTask};

/// A number that is grouped by (a year, a code) is chosen from a list; one that is summed is bounded.
#[component]
pub fn FilterControl(
    name: String,
    filter: Filter,
    field: Option<FieldInfo>,
    #[prop(into)] condition: Signal<Option<Condition>>,
    #[prop(into)] state: Signal<FilterState>,
    first: Vec<Cell>,
    values: Callback<ValuesRequest, ValuesTask>,
) -> impl IntoView {
    let kind = field.as_ref().map_or(DimensionType::String, |field| field.kind);
    let summed = field.as_ref().is_some_and(|field| field.default_aggregation.is_some());
    match kind {
        DimensionType::Time => view! { <TimeRangeControl name=name condition=condition /> }.into_any(),
        DimensionType::Number if summed => view! { <NumberRangeControl name=name condition=condition /> }.into_any(),
        DimensionType::Number | DimensionType::String | DimensionType::Bool | DimensionType::Bin => {
            view! { <MemberListControl name=name filter=filter.id condition=condition state=state first=first values=values /> }.into_any()
        }
    }
}
