//! The shapes of maps: on the server they are part of the program, in the browser they are fetched when a map needs them.

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;
use shared::visual::{Atlas, Family, Visual};

/// The atlas whose shapes a visual is drawn with.
fn atlas_of(visual: &Visual) -> Option<Atlas> {
    match visual.kind.family() {
        Family::Choropleth | Family::PointMap => Some(visual.format.atlas.unwrap_or_default()),
        Family::Number
        | Family::Table
        | Family::Pivot
        | Family::Bars
        | Family::Lines
        | Family::Combo
        | Family::Scatter
        | Family::Round
        | Family::Heatmap
        | Family::Histogram
        | Family::BoxPlot
        | Family::Waterfall
        | Family::Funnel
        | Family::Dial
        | Family::Treemap
        | Family::Sankey
        | Family::Calendar
        | Family::Own => None,
    }
}

/// `None` where none are needed, and until they have come.
pub fn shapes_for(visual: &Visual) -> Signal<Option<Arc<Value>>> {
    let Some(atlas) = atlas_of(visual) else {
        return Signal::stored(None);
    };
    #[cfg(feature = "ssr")]
    {
        Signal::stored(at_hand(atlas))
    }
    #[cfg(not(feature = "ssr"))]
    {
        fetched(atlas)
    }
}

#[cfg(feature = "ssr")]
fn at_hand(atlas: Atlas) -> Option<Arc<Value>> {
    use std::sync::LazyLock;
    type Shapes = LazyLock<Option<Arc<Value>>>;
    fn read(text: &str) -> Option<Arc<Value>> {
        serde_json::from_str(text).ok().map(Arc::new)
    }
    static WORLD: Shapes = LazyLock::new(|| read(include_str!("../../../../public/maps/world.json")));
    static STATES: Shapes = LazyLock::new(|| read(include_str!("../../../../public/maps/us_states.json")));
    static COUNTIES: Shapes = LazyLock::new(|| read(include_str!("../../../../public/maps/us_counties.json")));
    match atlas {
        Atlas::World => WORLD.clone(),
        Atlas::UsStates => STATES.clone(),
        Atlas::UsCounties => COUNTIES.clone(),
    }
}

#[cfg(not(feature = "ssr"))]
fn fetched(atlas: Atlas) -> Signal<Option<Arc<Value>>> {
    let shapes = RwSignal::new(None);
    Effect::new(move |_| {
        leptos::task::spawn_local(async move {
            let address = format!("/assets/maps/{}.json", atlas.as_str());
            match crate::rest::get::<Value>(&address).await {
                Ok(value) => {
                    shapes.try_set(Some(Arc::new(value)));
                }
                Err(error) => leptos::logging::warn!("{address}: {}", error.0.message),
            }
        });
    });
    shapes.into()
}
