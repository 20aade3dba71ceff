//! Places: regions of an atlas, and points with a latitude and a longitude.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Dimension, DimensionType, Expression};
use crate::names::Identifier;

/// Shapes that ship with Sightline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Atlas {
    #[default]
    World,
    UsStates,
    UsCounties,
}

impl Atlas {
    pub const ALL: [Self; 3] = [Self::World, Self::UsStates, Self::UsCounties];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::World => "world",
            Self::UsStates => "us_states",
            Self::UsCounties => "us_counties",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::World => "Countries of the world",
            Self::UsStates => "States of the USA",
            Self::UsCounties => "Counties of the USA",
        }
    }
}

/// A point on the earth, in degrees: latitude from -90 to 90, longitude from -180 to 180.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Point {
    pub lat: Expression,
    pub lon: Expression,
}

/// The two numbers that stand for a point in queries: `place_lat` and `place_lon` of `place`.
pub fn coordinate_names(point: &str) -> [String; 2] {
    [format!("{point}_lat"), format!("{point}_lon")]
}

/// The dimensions of the points among `dimensions`; they are not written in documents. A point whose name leaves no room
/// for theirs has none.
fn coordinates(dimensions: &[Dimension]) -> Vec<Dimension> {
    let mut found = Vec::new();
    for dimension in dimensions {
        let Expression::Point(point) = &dimension.expr else {
            continue;
        };
        let label = dimension.display_label();
        let parts = [(&point.lat, "latitude"), (&point.lon, "longitude")];
        for (name, (expr, word)) in coordinate_names(dimension.name.as_str()).into_iter().zip(parts) {
            let Ok(name) = Identifier::try_from(name) else {
                continue;
            };
            found.push(Dimension {
                label: Some(format!("{label}, {word}")),
                description: dimension.description.clone(),
                hidden: true,
                coordinate_of: Some(dimension.name.clone()),
                ..Dimension::new(name, DimensionType::Number, expr.clone())
            });
        }
    }
    found
}

/// The dimensions as a document has them, with the numbers of its points behind them.
pub(super) fn settle(dimensions: &mut Vec<Dimension>) {
    dimensions.retain(|dimension| dimension.coordinate_of.is_none());
    let coordinates = coordinates(dimensions);
    dimensions.extend(coordinates);
}

pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Dimension>, D::Error> {
    let mut dimensions = Vec::deserialize(deserializer)?;
    settle(&mut dimensions);
    Ok(dimensions)
}

pub(super) fn write<S: Serializer>(dimensions: &[Dimension], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(dimensions.iter().filter(|dimension| dimension.coordinate_of.is_none()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::ModelTable;

    #[test]
    fn a_point_brings_two_numbers_that_documents_do_not_write() {
        let written = json!({
            "name": "shops", "source": {"dataset": "shops"},
            "dimensions": [
                {"name": "place", "type": "geo", "expr": {"lat": {"col": "y"}, "lon": {"sql": "x / 10"}}},
                {"name": "country", "type": "geo", "expr": {"col": "country"}, "atlas": "us_states"},
            ],
        });
        let table: ModelTable = serde_json::from_value(written.clone()).unwrap();
        let names: Vec<&str> = table
            .dimensions
            .iter()
            .map(|dimension| dimension.name.as_str())
            .collect();
        assert_eq!(names, ["place", "country", "place_lat", "place_lon"]);
        assert_eq!(serde_json::to_value(&table).unwrap(), written);
        let again: ModelTable = serde_json::from_value(serde_json::to_value(&table).unwrap()).unwrap();
        assert_eq!(again, table);
    }

    #[test]
    fn a_point_has_both_of_its_numbers() {
        for expr in [
            json!({"lat": {"col": "y"}}),
            json!({"lat": {"col": "y"}, "lon": {"col": "x"}, "col": "z"}),
            json!({"lat": {"lat": {"col": "y"}, "lon": {"col": "x"}}, "lon": {"col": "x"}}),
        ] {
            let read = serde_json::from_value::<super::Expression>(expr.clone());
            assert!(read.is_err(), "{expr}");
        }
    }
}
