//! Points among the groups of a query: each stands for its latitude and its longitude.

use std::borrow::Cow;

use shared::semantic::{DimensionRef, DimensionWithOptions, Model, Query, coordinate_names};

/// The query with each point replaced by its two numbers: `shops.place` by `shops.place_lat` and `shops.place_lon`, and one
/// that is called otherwise by numbers called after that.
pub fn with_coordinates<'a>(query: &'a Query, model: &Model) -> Cow<'a, Query> {
    let is_point = |key: &DimensionRef| {
        let found = model.dimension(key.field());
        found.is_some_and(|(_, dimension)| dimension.point().is_some())
    };
    if !query.dimensions.iter().any(is_point) {
        return Cow::Borrowed(query);
    }
    let mut spread = query.clone();
    spread.dimensions.clear();
    for key in &query.dimensions {
        if !is_point(key) {
            spread.dimensions.push(key.clone());
            continue;
        }
        let names = coordinate_names(key.field())
            .into_iter()
            .zip(coordinate_names(key.output_name()));
        spread.dimensions.extend(names.map(|(field, alias)| {
            let (grain, part, bin) = (key.grain().cloned(), key.part(), key.bin());
            let alias = Some(alias);
            DimensionRef::With(DimensionWithOptions {
                field,
                grain,
                part,
                bin,
                alias,
            })
        }));
    }
    Cow::Owned(spread)
}
