use serde_json::{Value, json};
use shared::{
    semantic::Answer,
    table::Cell,
    visual::{ReferenceAt, ReferenceLine, Visual, WellItem, WellName},
};

use super::*;
use crate::{
    Theme,
    visual::{CloudDrawing, DrawOptions, Picture, Size, draw, samples, specification},
};

const SIZE: Size = Size {
    width_px: 600.0,
    height_px: 400.0,
};

fn made(points: usize) -> (Visual, Answer, Cloud) {
    let (visual, answer) = samples::cloud(points);
    let cloud = cloud_points(&visual, &answer).unwrap();
    (visual, answer, cloud)
}

fn drawn(visual: &Visual, answer: &Answer, options: &DrawOptions) -> Picture {
    draw(visual, answer, &Theme::light(), SIZE, options).unwrap()
}

/// The specification and its data rows.
fn spec(visual: &Visual, answer: &Answer, options: &DrawOptions) -> (Value, Vec<Value>) {
    let spec = specification(visual, answer, &Theme::light(), SIZE, options).unwrap();
    let rows = spec["data"]["values"].as_array().unwrap().clone();
    (spec, rows)
}

#[test]
fn only_scatters_of_very_many_points_are_clouds() {
    let (visual, answer) = samples::cloud(MANY);
    assert!(cloud_points(&visual, &answer).is_none());
    let picture = drawn(&visual, &answer, &DrawOptions::default());
    assert_eq!((picture.sources.len(), picture.frame), (MANY, None));

    let (visual, mut answer) = samples::cloud(MANY + 1);
    assert_eq!(cloud_points(&visual, &answer).unwrap().len(), MANY + 1);
    // A point with one number is none.
    answer.rows[7][1] = Cell::Null;
    assert!(cloud_points(&visual, &answer).is_none());
    let mut bars = visual;
    bars.kind = VisualKind::Bar;
    assert!(cloud_points(&bars, &samples::cloud(9_000).1).is_none());
}

#[test]
fn points_are_where_their_numbers_are() {
    let (_, answer, cloud) = made(10_000);
    for point in [0, 17, 9_999] {
        let row = &answer.rows[cloud.rows[point] as usize];
        let (x, y) = cloud.numbers(point).unwrap();
        assert!((x - row[1].as_f64().unwrap()).abs() < 1e-3, "{x}");
        assert!((y - row[2].as_f64().unwrap()).abs() < 1e-3, "{y}");
        assert_eq!(cloud.colours[point] as usize, point % 3);
    }
    assert!(cloud.places.iter().flatten().all(|share| (0.0..=1.0).contains(share)));
    assert_eq!((cloud.whole.x.0 % 10.0, cloud.whole.y.1 % 10.0), (0.0, 0.0));
}

#[test]
fn a_picture_has_some_points_for_all_and_says_where_its_plane_is() {
    let (visual, answer, cloud) = made(50_000);
    let (spec, rows) = spec(&visual, &answer, &DrawOptions::default());
    assert!((1_000..=3_000).contains(&rows.len()), "{}", rows.len());
    assert_eq!(
        spec["encoding"]["x"]["scale"]["domain"],
        json!([cloud.whole.x.0, cloud.whole.x.1])
    );
    // Cells with many points are darker than those with one.
    let opacities: Vec<f64> = rows.iter().map(|row| row["o"].as_f64().unwrap()).collect();
    assert!(opacities.contains(&0.45) && opacities.contains(&0.9));
    // The greatest and the least are there: the shape stays.
    let all = answer.rows.iter().map(|row| row[1].as_f64().unwrap());
    let shown = rows.iter().map(|row| row["x"].as_f64().unwrap());
    assert!((all.fold(0.0, f64::max) - shown.fold(0.0, f64::max)).abs() < 5.0);

    let picture = drawn(&visual, &answer, &DrawOptions::default());
    assert_eq!(picture.sources.len(), rows.len());
    let frame = picture.frame.unwrap();
    for hit in picture.hits.iter().take(50) {
        let row = &answer.rows[picture.sources[hit.mark].row];
        assert!((frame.x.px(row[1].as_f64().unwrap()) - hit.x_px).abs() < 0.01);
        assert!((frame.y.px(row[2].as_f64().unwrap()) - hit.y_px).abs() < 0.01);
    }
    assert_eq!(picture, drawn(&visual, &answer, &DrawOptions::default()));
}

#[test]
fn looking_closer_shows_what_is_there_and_nothing_beside_it() {
    let (visual, answer, cloud) = made(50_000);
    let view = View {
        x: (150.0, 175.0),
        y: (50.0, 60.5),
    };
    let options = DrawOptions {
        cloud: Some(&cloud),
        view: Some(view),
        ..DrawOptions::default()
    };
    let (spec, rows) = spec(&visual, &answer, &options);
    assert_eq!(spec["encoding"]["y"]["scale"]["domain"], json!([50.0, 60.5]));
    assert!(rows.len() > 500);
    let inside = |row: &Value| view.contains(row["x"].as_f64().unwrap(), row["y"].as_f64().unwrap());
    assert!(rows.iter().all(inside));
    let frame = drawn(&visual, &answer, &options).frame.unwrap();
    assert_eq!(
        (frame.x.from, frame.x.to, frame.y.from, frame.y.to),
        (150.0, 175.0, 50.0, 60.5)
    );
}

#[test]
fn axes_alone_stand_where_they_stand_with_points() {
    let (visual, answer, cloud) = made(20_000);
    let options = DrawOptions {
        cloud: Some(&cloud),
        points: CloudDrawing::AxesOnly,
        ..DrawOptions::default()
    };
    let (axes, whole) = (
        drawn(&visual, &answer, &options),
        drawn(&visual, &answer, &DrawOptions::default()),
    );
    assert_eq!((axes.sources.len(), axes.hits.len()), (0, 0));
    assert_eq!(axes.frame, whole.frame);
    for word in ["Revenue", "Cost", "Store"] {
        assert!(axes.svg.contains(word), "{word}");
    }
    assert!(axes.svg.len() < whole.svg.len() / 10);
}

#[test]
fn the_nearest_point_is_found_as_by_asking_all() {
    let (visual, answer, cloud) = made(20_000);
    let index = CloudIndex::of(&cloud);
    let views = [
        cloud.whole,
        View {
            x: (150.0, 152.0),
            y: (50.0, 60.5),
        },
    ];
    for view in views {
        let options = DrawOptions {
            view: Some(view),
            ..DrawOptions::default()
        };
        let frame = drawn(&visual, &answer, &options).frame.unwrap();
        for step in 0..40 {
            let at = (60.0 + f64::from(step) * 13.0, 370.0 - f64::from(step) * 8.0);
            let place = |point: &usize| {
                let (x, y) = cloud.numbers(*point).unwrap();
                (frame.x.px(x), frame.y.px(y))
            };
            let far = |point: &usize| crate::math::hypot(place(point).0 - at.0, place(point).1 - at.1);
            let seen = |point: &usize| {
                let (x, y) = place(point);
                (frame.x.from_px - 4.0..=frame.x.to_px + 4.0).contains(&x)
                    && (frame.y.to_px - 4.0..=frame.y.from_px + 4.0).contains(&y)
            };
            let found = index.nearest(&cloud, &frame, at, 24.0);
            let all = (0..cloud.len()).filter(seen).filter(|point| far(point) <= 24.0);
            let wanted = all.min_by(|a, b| far(a).total_cmp(&far(b)));
            assert_eq!(
                found.map(|point| far(&point)),
                wanted.map(|point| far(&point)),
                "{at:?}"
            );
        }
        // Beside the plane there is nothing.
        assert_eq!(
            index.nearest(&cloud, &frame, (frame.x.from_px - 20.0, 200.0), 500.0),
            None
        );
    }
}

#[test]
fn members_beyond_the_colours_are_others() {
    let (visual, mut answer) = samples::cloud(6_000);
    for (index, row) in answer.rows.iter_mut().enumerate() {
        // Every second point is of one of three, the others of thousands.
        row[0] = Cell::Text(if index % 2 == 0 {
            format!("often {}", index % 3)
        } else {
            format!("once {index}")
        });
    }
    let cloud = cloud_points(&visual, &answer).unwrap();
    let rest = cloud.colours.iter().filter(|colour| **colour == REST).count();
    assert_eq!((cloud.members.len(), rest), (11, 3_000 - 7));
    assert_eq!(cloud.members.last(), Some(&("Others".to_owned(), REST)));
    let (spec, _) = spec(&visual, &answer, &DrawOptions::default());
    assert_eq!(
        spec["encoding"]["color"]["scale"]["range"][10],
        json!(Theme::light().rest)
    );
}

#[test]
fn sizes_are_areas() {
    let (mut visual, mut answer) = samples::cloud(5_000);
    visual.wells.get_mut(WellName::Size).push(WellItem::metric("c3"));
    let mut sizes = answer.columns[1].clone();
    sizes.name = "c3".to_owned();
    answer.columns.push(sizes);
    for (index, row) in answer.rows.iter_mut().enumerate() {
        row.push(match index {
            0 => Cell::Null,
            1 => Cell::Float(-5.0),
            2 => Cell::Float(1_000.0),
            _ => Cell::Float(500.0),
        });
    }
    let cloud = cloud_points(&visual, &answer).unwrap();
    assert_eq!(
        (cloud.radii_px[0], cloud.radii_px[1], cloud.radii_px[2]),
        (1.5, 1.5, 12.0)
    );
    let area = f64::from(cloud.radii_px[3]).powi(2);
    assert!((area - f64::midpoint(1.5 * 1.5, 144.0)).abs() < 1e-3);
}

#[test]
fn lines_are_those_of_all_points_and_stay_in_view() {
    let (mut visual, answer) = samples::cloud(30_000);
    let line = |at, to| ReferenceLine {
        at,
        to,
        label: None,
        tone: Default::default(),
    };
    visual.format.reference_lines = vec![
        line(ReferenceAt::Average, None),
        line(ReferenceAt::Value(90.0), Some(200.0)),
    ];
    let numbers: Vec<f64> = answer.rows.iter().map(|row| row[2].as_f64().unwrap()).collect();
    let average = numbers.iter().sum::<f64>() / numbers.len() as f64;
    let cloud = cloud_points(&visual, &answer).unwrap();
    let ReferenceAt::Value(at) = cloud.lines[0].at else {
        panic!("not settled")
    };
    assert!((at - average).abs() < 1e-9);
    let lines = |y: (f64, f64)| {
        let options = DrawOptions {
            cloud: Some(&cloud),
            points: CloudDrawing::AxesOnly,
            view: Some(View { y, ..cloud.whole }),
            ..DrawOptions::default()
        };
        let spec = specification(&visual, &answer, &Theme::light(), SIZE, &options).unwrap();
        let layers = spec["layer"].as_array().cloned().unwrap_or_default();
        let ends = layers.iter().filter(|layer| layer["mark"]["type"] != "text");
        ends.filter_map(|layer| {
            Some((
                layer["data"]["values"][0]["v"].as_f64()?,
                layer["data"]["values"][0]["w"].as_f64()?,
            ))
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(lines((80.0, 120.0)), [(90.0, 120.0)]);
    assert_eq!(lines((95.0, 96.0)), [(95.0, 96.0)]);
    assert_eq!(lines((average - 1.0, average + 1.0)), [(at, at)]);
    assert!(lines((0.0, 1.0)).is_empty());
}

#[test]
fn numbers_that_are_all_the_same_or_as_great_as_can_be_make_no_mess() {
    for (x, y) in [(5.0, 0.0), (f64::MAX, f64::MIN), (1e300, -7.0)] {
        let (visual, mut answer) = samples::cloud(5_000);
        for row in &mut answer.rows {
            (row[1], row[2]) = (Cell::Float(x), Cell::Float(y));
        }
        answer.rows[0][2] = Cell::Float(-y);
        let cloud = cloud_points(&visual, &answer).unwrap();
        assert!(
            cloud.places.iter().flatten().all(|share| (0.0..=1.0).contains(share)),
            "{x}"
        );
        let picture = drawn(&visual, &answer, &DrawOptions::default());
        assert!(!picture.svg.contains("NaN"));
        let tiny = Size {
            width_px: 24.0,
            height_px: 24.0,
        };
        let picture = draw(&visual, &answer, &Theme::light(), tiny, &DrawOptions::default()).unwrap();
        assert!((1..=2).contains(&picture.sources.len()));
    }
}
