//! Damaged answers under every kind of visual, and the builder's own specification damaged with them: a picture or a refusal,
//! never a crash, and always soon. The seed of each damage is printed when it fails; `SIGHTLINE_SEED` plays it again, and
//! `SIGHTLINE_ROUNDS` sets how many are tried.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use chart::Theme;
use chart::visual::samples::{Sample, sample};
use chart::visual::{DrawOptions, Size, check_own, draw, is_drawn};
use serde_json::{Value, json};
use shared::{
    semantic::Answer,
    table::Cell,
    visual::{Visual, VisualKind},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

const ROUNDS: u64 = 1_500;
/// Of a build without optimisation on a busy machine.
const LONGEST: Duration = Duration::from_secs(10);

/// Marsaglia's xorshift, of 64 bits.
struct Random(u64);

impl Random {
    fn of(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % count.max(1) as u64) as usize
    }

    fn choose<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

fn hostile_cell(random: &mut Random) -> Cell {
    let text = |text: &str| Cell::Text(text.to_owned());
    let cells = [
        Cell::Null,
        Cell::Bool(true),
        Cell::Int(0),
        Cell::Int(i64::MIN),
        Cell::Int(i64::MAX),
        Cell::Float(f64::NAN),
        Cell::Float(f64::INFINITY),
        Cell::Float(f64::NEG_INFINITY),
        Cell::Float(f64::MAX),
        Cell::Float(-f64::MAX),
        Cell::Float(5e-324),
        Cell::Float(-0.0),
        text(""),
        text("\u{0}<script>&\"']]>"),
        text("𝔘𝔫𝔦 \u{202e}txt.exe ﷽ é"),
        text(&"long ".repeat(4_000)),
        text("9999-12-31T23:59:60Z"),
        text("-271821-04-20"),
        text("NaN"),
        text("1e999"),
    ];
    random.choose(&cells).clone()
}

fn damage_answer(answer: &mut Answer, random: &mut Random) {
    let (rows, columns) = (answer.rows.len(), answer.columns.len());
    let (row, column) = (random.below(rows), random.below(columns));
    match random.below(8) {
        0..=3 => {
            let cell = hostile_cell(random);
            if let Some(place) = answer.rows.get_mut(row).and_then(|row| row.get_mut(column)) {
                *place = cell;
            }
        }
        4 => {
            let cell = hostile_cell(random);
            for row in &mut answer.rows {
                if let Some(place) = row.get_mut(column) {
                    *place = cell.clone();
                }
            }
        }
        5 => answer.rows.extend(answer.rows.clone()),
        6 => {
            if let Some(row) = answer.rows.get_mut(row) {
                row.truncate(column);
            }
        }
        _ => {
            if column < columns {
                answer.columns.remove(column);
            }
        }
    }
}

fn places(value: &Value, at: String, out: &mut Vec<String>) {
    out.push(at.clone());
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, field)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            places(field, format!("{at}/{name}"), out);
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, item)| places(item, format!("{at}/{index}"), out)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn damage_specification(visual: &mut Visual, random: &mut Random) {
    let Some(spec) = &mut visual.format.spec else { return };
    let mut all = Vec::new();
    places(spec, String::new(), &mut all);
    let values = [
        json!(null),
        json!([]),
        json!({}),
        json!(-1e308),
        json!("c1"),
        json!("c9"),
        json!({ "field": "c0" }),
        json!([{ "calculate": "datum.c1 / 0", "as": "c0" }]),
        json!({ "repeat": "layer" }),
        json!("https://example.com/a.json"),
    ];
    let value = random.choose(&values).clone();
    let pointer = random.choose(&all).clone();
    match spec.pointer_mut(&pointer) {
        Some(Value::Object(fields)) if random.below(2) == 0 => {
            let names = [
                "transform",
                "layer",
                "facet",
                "hconcat",
                "data",
                "width",
                "color",
                "url",
                "href",
                "axis",
            ];
            fields.insert((*random.choose(&names)).to_owned(), value);
        }
        Some(place) => *place = value,
        None => {}
    }
}

fn outcome(visual: &Visual, answer: &Answer, random: &mut Random) -> Result<(), String> {
    let sizes = [(400.0, 260.0), (120.0, 80.0), (1.0, 1.0), (1_600.0, 1_000.0)];
    let (width_px, height_px) = *random.choose(&sizes);
    let size = Size { width_px, height_px };
    let started = Instant::now();
    let drawn = catch_unwind(AssertUnwindSafe(|| {
        let columns: Vec<&str> = answer.columns.iter().map(|column| column.name.as_str()).collect();
        if let Some(spec) = &visual.format.spec {
            check_own(spec, &columns);
        }
        draw(visual, answer, &Theme::css(), size, &DrawOptions::default())
    }));
    let taken = started.elapsed();
    if taken > LONGEST {
        return Err(format!("took {taken:?}"));
    }
    match drawn {
        Err(_) => Err("panicked".to_owned()),
        Ok(Err(error)) if visual.kind != VisualKind::Own => Err(format!("refused: {error}")),
        Ok(Err(_)) => Ok(()),
        Ok(Ok(picture)) => {
            if picture.svg.contains("<script") || picture.svg.contains("javascript:") {
                return Err("let a script through".to_owned());
            }
            // Every mark that can be pointed at stands for a cell that is there.
            let stray = picture.hits.iter().find(|hit| hit.mark >= picture.sources.len());
            let lost = picture.sources.iter().find(|source| source.row >= answer.rows.len());
            match (stray, lost, visual.kind) {
                // Views of its own rows.
                (_, _, VisualKind::Own) | (None, None, _) => Ok(()),
                (Some(hit), _, _) => Err(format!("{hit:?} of {} sources", picture.sources.len())),
                (None, Some(source), _) => Err(format!("{source:?} of {} rows", answer.rows.len())),
            }
        }
    }
}

#[test]
fn damaged_answers_do_no_harm() {
    let variable = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match variable("SIGHTLINE_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..variable("SIGHTLINE_ROUNDS").unwrap_or(ROUNDS),
    };
    let kinds: Vec<VisualKind> = VisualKind::ALL.into_iter().filter(|kind| is_drawn(*kind)).collect();
    let states = [Sample::Usual, Sample::OnePoint, Sample::NoPoints, Sample::Nulls];
    let mut failed = Vec::new();
    for seed in seeds {
        let mut random = Random::of(seed);
        let kind = *random.choose(&kinds);
        let (mut visual, mut answer) = sample(kind, *random.choose(&states));
        for _ in 0..=random.below(3) {
            damage_answer(&mut answer, &mut random);
        }
        for _ in 0..random.below(3) {
            damage_specification(&mut visual, &mut random);
        }
        if let Err(reason) = outcome(&visual, &answer, &mut random) {
            failed.push(format!("SIGHTLINE_SEED={seed}: {kind:?}: {reason}"));
        }
    }
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
}
