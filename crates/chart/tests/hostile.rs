//! Damaged specifications and data: an error or a drawing, never a crash, and always soon. Golden specifications are changed
//! at random; the seed of each change is printed when it fails, and `SIGHTLINE_SEED` plays it again. `SIGHTLINE_ROUNDS`
//! sets how many are tried.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use chart::{RenderOptions, Theme, render_svg};
use serde_json::{Map, Value, json};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{Duration, Instant},
};

const ROUNDS: u64 = 4_000;
/// Of a build without optimisation on a busy machine; most take a few milliseconds.
const LONGEST: Duration = Duration::from_secs(10);
/// No drawing of a small table is that large.
const LARGEST_BYTES: usize = 64 << 20;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

fn specifications() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the golden folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().ends_with(".vl.json"))
        .collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("JSON")
    };
    paths.iter().map(read).collect()
}

/// What stands where something else was expected.
fn hostile(random: &mut Random) -> Value {
    let values = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1e308),
        json!(-1e308),
        json!(5e-324),
        json!(1e-12),
        json!(4_294_967_296_u64),
        json!(i64::MIN),
        json!(""),
        json!("NaN"),
        json!("Infinity"),
        json!("\u{0}<script>&\"'"),
        json!("𝔘𝔫𝔦 \u{202e}txt.exe ﷽"),
        json!("x".repeat(20_000)),
        json!("https://example.com/data.json"),
        json!("javascript:alert(1)"),
        json!([]),
        json!({}),
        json!([null, 1, "a", []]),
        json!([1e308, -1e308]),
        json!({"expr": "datum.x.y[0] + pow(10, 400)"}),
        json!({"expr": "((((((((((1))))))))))"}),
        json!({"field": "nothing", "type": "quantitative"}),
        json!({"step": 0}),
        json!({"step": -1e9}),
        json!("9999-99-99T99:99:99Z"),
        json!("-271821-04-20"),
        json!("%Q%é%%%L%-%s"),
        json!("+$,.999999999f"),
    ];
    random.of(&values).clone()
}

/// Words the language knows, so that damage goes deep.
fn word(random: &mut Random) -> Value {
    let words = [
        "bar",
        "line",
        "area",
        "trail",
        "arc",
        "rule",
        "text",
        "tick",
        "image",
        "boxplot",
        "errorband",
        "geoshape",
        "quantitative",
        "temporal",
        "ordinal",
        "nominal",
        "log",
        "sqrt",
        "symlog",
        "band",
        "point",
        "quantile",
        "threshold",
        "time",
        "sum",
        "mean",
        "argmax",
        "stdev",
        "yearmonthdate",
        "hours",
        "normalize",
        "center",
        "shared",
        "independent",
        "fit",
        "container",
        "descending",
        "-y",
        "monotone",
        "cardinal",
        "viridis",
        "top",
        "bottom-left",
        "none",
        "greedy",
        "expression",
        "width",
    ];
    json!(random.of(&words))
}

fn places(value: &Value, at: String, out: &mut Vec<String>) {
    out.push(at.clone());
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(field, format!("{at}/{name}"), out);
            }
        }
        Value::Array(items) => {
            // One row is as good as another.
            for (index, item) in items.iter().enumerate().take(4) {
                places(item, format!("{at}/{index}"), out);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn damage(specification: &mut Value, others: &[Value], random: &mut Random) {
    let mut all = Vec::new();
    places(specification, String::new(), &mut all);
    let pointer = random.of(&all).clone();
    let donor = random.of(others).clone();
    let mut theirs = Vec::new();
    places(&donor, String::new(), &mut theirs);
    let from: &String = random.of(&theirs);
    let graft = donor.pointer(from).cloned().unwrap_or_default();
    let choice = random.below(6);
    let fresh = match choice {
        0 | 1 => hostile(random),
        2 => word(random),
        _ => graft,
    };
    let Some(place) = specification.pointer_mut(&pointer) else {
        return;
    };
    match (choice, place) {
        // Something more beside what is there.
        (3, Value::Object(fields)) => {
            let keys = [
                "x",
                "y",
                "color",
                "size",
                "facet",
                "row",
                "x2",
                "yOffset",
                "scale",
                "axis",
                "legend",
                "stack",
                "bin",
                "timeUnit",
                "aggregate",
                "transform",
                "layer",
                "repeat",
                "spec",
                "params",
                "config",
                "resolve",
                "width",
            ];
            fields.insert((*random.of(&keys)).to_owned(), fresh);
        }
        (4, Value::Object(fields)) => {
            if let Some(key) = fields.keys().nth(random.below(fields.len())).cloned() {
                fields.remove(&key);
            }
        }
        (4, Value::Array(items)) => {
            items.truncate(random.below(items.len() + 1));
        }
        (5, Value::Array(items)) if items.len() < 200 => items.extend(items.clone()),
        (_, place) => *place = fresh,
    }
}

fn outcome(specification: &Value) -> Result<(), String> {
    let theme = Theme::css();
    let started = Instant::now();
    for options in [
        RenderOptions::default(),
        RenderOptions {
            theme: Some(&theme),
            width_px: Some(120.0),
            height_px: Some(80.0),
            ..RenderOptions::default()
        },
    ] {
        let drawn = catch_unwind(AssertUnwindSafe(|| render_svg(specification, &options)));
        match drawn {
            Err(_) => return Err("panicked".into()),
            Ok(Ok(svg)) if svg.len() > LARGEST_BYTES => return Err(format!("{} bytes", svg.len())),
            Ok(Ok(svg)) if svg.contains("<script") || svg.contains("href=\"javascript:") => {
                return Err("let a script through".into());
            }
            Ok(Ok(_) | Err(_)) => {}
        }
    }
    let taken = started.elapsed();
    if taken > LONGEST {
        return Err(format!("took {taken:?}"));
    }
    Ok(())
}

fn damaged(seed: u64, all: &[Value]) -> Value {
    let mut random = Random(seed);
    let mut specification = random.of(all).clone();
    for _ in 0..=random.below(3) {
        damage(&mut specification, all, &mut random);
    }
    specification
}

#[test]
fn damaged_specifications_do_no_harm() {
    let all = specifications();
    let variable = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match variable("SIGHTLINE_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..variable("SIGHTLINE_ROUNDS").unwrap_or(ROUNDS),
    };
    let mut failed = Vec::new();
    for seed in seeds {
        let specification = damaged(seed, &all);
        if let Err(reason) = outcome(&specification) {
            let text = specification.to_string();
            let start: String = text.chars().take(600).collect();
            failed.push(format!("SIGHTLINE_SEED={seed}: {reason}: {start}"));
        }
    }
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn deep_nesting_is_refused_or_drawn() {
    let leaf = || json!({"mark": "bar", "encoding": {"x": {"field": "a", "type": "nominal"}}});
    for wrap in ["layer", "hconcat", "vconcat", "concat"] {
        let mut specification = leaf();
        for _ in 0..100 {
            let mut around = Map::new();
            around.insert(wrap.to_owned(), json!([specification]));
            specification = Value::Object(around);
        }
        assert_eq!(outcome(&specification), Ok(()), "{wrap}");
    }
    let mut predicate = json!({"field": "a", "equal": 1});
    let mut expression = "1".to_owned();
    for _ in 0..100 {
        predicate = json!({"not": predicate});
        expression = format!("-({expression})");
    }
    for transform in [
        json!({"filter": predicate}),
        json!({"calculate": expression, "as": "b"}),
        json!({"calculate": "[".repeat(5_000), "as": "b"}),
        json!({"calculate": format!("1{}", "+1".repeat(20_000)), "as": "b"}),
        json!({"calculate": "!".repeat(20_000), "as": "b"}),
    ] {
        let mut specification = leaf();
        specification["data"] = json!({"values": [{"a": 1}]});
        specification["transform"] = json!([transform]);
        assert_eq!(outcome(&specification), Ok(()), "{}", transform.to_string().len());
    }
}

/// Every row has a field that no other has; all may be asked for, or their names stand in no long text.
#[test]
fn rows_of_ever_other_fields_are_bounded() {
    let rows: Vec<Value> = (0..50_000)
        .map(|number| json!({ format!("k{number}"): number }))
        .collect();
    for title in ["short".to_owned(), "long ".repeat(200_000)] {
        for expression in ["datum.k1", "toString(datum)"] {
            let specification = json!({
                "data": {"values": rows},
                "usermeta": {"title": title},
                "transform": [{"calculate": expression, "as": "c"}],
                "mark": "point",
                "encoding": {"x": {"field": "k1", "type": "quantitative"}}
            });
            assert_eq!(outcome(&specification), Ok(()), "{expression}");
        }
    }
}

#[test]
fn data_from_nothing_is_bounded() {
    let bar = |data: Value, transform: Value| json!({"data": data, "transform": transform, "mark": "point", "encoding": {"x": {"field": "data", "type": "quantitative"}}});
    for specification in [
        bar(json!({"sequence": {"start": 0, "stop": 10_000_000}}), json!([])),
        bar(
            json!({"sequence": {"start": 0, "stop": 1e300, "step": 1e-300}}),
            json!([]),
        ),
        bar(json!({"sequence": {"start": 0, "stop": 5, "step": 0}}), json!([])),
        bar(
            json!({"sequence": {"start": 0, "stop": 1000}}),
            json!([{"density": "data", "steps": 1e12}]),
        ),
        bar(
            json!({"sequence": {"start": 0, "stop": 1000}}),
            json!([{"impute": "data", "key": "data", "keyvals": {"start": 0, "stop": 1e12}, "value": 0}]),
        ),
        bar(
            json!({"sequence": {"start": 0, "stop": 400_000}}),
            json!([{"loess": "data", "on": "data"}]),
        ),
        bar(
            json!({"sequence": {"start": 0, "stop": 1000}}),
            json!([{"bin": {"step": 1e-9}, "field": "data", "as": "b"}]),
        ),
        bar(
            json!({"sequence": {"start": 0, "stop": 1000}}),
            json!([{"window": [{"op": "sum", "field": "data", "as": "s"}], "frame": [null, null]}]),
        ),
    ] {
        assert_eq!(outcome(&specification), Ok(()), "{specification}");
    }
}

/// What is multiplied is refused before it is done; more of it is tried inside the crate with less to spend.
#[test]
fn multiplied_work_is_refused() {
    let rows = json!({"sequence": {"start": 0, "stop": 100_000, "as": "a"}});
    let after = |transform: Value| json!({"data": rows, "transform": transform, "mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}});
    let many = |item: Value, count: usize| json!(vec![item; count]);
    let mut doubled = vec![json!({"calculate": "sequence(1000)", "as": "b"})];
    doubled.extend(vec![json!({"calculate": "[datum.b, datum.b]", "as": "b"}); 60]);
    let repeated = |inner: Value| json!({"repeat": many(json!("a"), 100), "spec": inner});
    for specification in [
        after(json!([{"window": many(json!({"op": "rank", "as": "r"}), 900)}])),
        after(json!([{"joinaggregate": many(json!({"op": "median", "field": "a", "as": "r"}), 900)}])),
        after(json!([{"density": "a", "steps": 1000}])),
        after(json!([{"calculate": "sequence(100000)", "as": "b"}])),
        json!({"data": {"sequence": {"start": 0, "stop": 2}}, "transform": doubled, "mark": "point"}),
        repeated(repeated(repeated(repeated(json!({"mark": "point"}))))),
    ] {
        let started = Instant::now();
        let drawn = render_svg(&specification, &RenderOptions::default());
        assert!(matches!(drawn, Err(chart::ChartError::Limit(_))), "{drawn:?}");
        assert!(started.elapsed() < LONGEST, "{:?}", started.elapsed());
    }
}
