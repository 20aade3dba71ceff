//! Which area of a map a cell means: by its number, a code, its name or another name it goes by.

use std::collections::BTreeMap;

use serde_json::Value;
use shared::{table::Cell, visual::Atlas};

use super::codes::{COUNTRIES, COUNTRY_NAMES, STATE_NAMES, STATES};

/// Positions of areas by name; a name of several areas stands for none.
struct Names(BTreeMap<String, Option<usize>>);

impl Names {
    fn add(&mut self, name: &str, position: usize) {
        let known = self.0.entry(plain(name)).or_insert(Some(position));
        if *known != Some(position) {
            *known = None;
        }
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.0.get(&plain(name)).copied().flatten()
    }
}

/// The areas of a map by all that they are called.
pub(super) struct Places {
    names: Names,
    atlas: Atlas,
}

impl Places {
    /// Of areas with an `id` and a name; counties are also named with their state, of which there are several of one name.
    pub(super) fn of(atlas: Atlas, areas: &[Value], states: &[Value]) -> Self {
        let mut names = Names(BTreeMap::new());
        for (position, area) in areas.iter().enumerate() {
            for name in [id(area), name(area)].into_iter().flatten() {
                names.add(name, position);
            }
        }
        match atlas {
            Atlas::World => names.also(COUNTRIES, COUNTRY_NAMES),
            Atlas::UsStates => names.also(STATES, STATE_NAMES),
            Atlas::UsCounties => {
                for (position, area) in areas.iter().enumerate() {
                    let (Some(name), Some(state)) = (name(area), id(area).and_then(|id| id.get(..2))) else {
                        continue;
                    };
                    let of_state = states.iter().find(|one| id(one) == Some(state)).and_then(self::name);
                    for state in [postal(state), of_state].into_iter().flatten() {
                        names.add(&format!("{name} {state}"), position);
                    }
                }
            }
        }
        Self { names, atlas }
    }

    /// The position of the area that a cell means.
    pub(super) fn find(&self, cell: &Cell) -> Option<usize> {
        let text = match cell {
            Cell::Text(text) => text.trim().to_owned(),
            Cell::Int(_) | Cell::Float(_) => cell.as_f64()?.to_string(),
            Cell::Null | Cell::Bool(_) => return None,
        };
        if text.chars().all(|letter| letter.is_ascii_digit()) {
            // Numbers in a table have lost their leading zeros.
            let digits = match self.atlas {
                Atlas::World => 3,
                Atlas::UsStates => 2,
                Atlas::UsCounties => 5,
            };
            return self.names.find(&format!("{text:0>digits$}"));
        }
        match self.atlas {
            Atlas::World | Atlas::UsStates => self.names.find(&text),
            Atlas::UsCounties => self.names.find(&county(&text)).or_else(|| self.names.find(&text)),
        }
    }
}

impl Names {
    /// Adds codes, whose last part is the number, and other names.
    fn also(&mut self, codes: &str, others: &[(&str, &[&str])]) {
        for entry in codes.split_whitespace() {
            let letters = entry.trim_end_matches(|letter: char| letter.is_ascii_digit());
            let number = entry.get(letters.len()..).unwrap_or_default();
            let (short, long) = letters.split_at_checked(2).unwrap_or((letters, ""));
            if let Some(position) = self.find(number) {
                for code in [short, long].into_iter().filter(|code| !code.is_empty()) {
                    self.add(code, position);
                }
            }
        }
        for (usual, list) in others {
            if let Some(position) = self.find(usual) {
                list.iter().for_each(|name| self.add(name, position));
            }
        }
    }
}

fn id(area: &Value) -> Option<&str> {
    area.get("id").and_then(Value::as_str)
}

fn name(area: &Value) -> Option<&str> {
    area.get("properties")?.get("name")?.as_str()
}

fn postal(fips: &str) -> Option<&'static str> {
    let mut entries = STATES.split_whitespace().filter_map(|entry| entry.split_at_checked(2));
    entries.find(|(_, number)| *number == fips).map(|(code, _)| code)
}

/// `Orange County, California` → `Orange California`.
fn county(text: &str) -> String {
    let (name, state) = text.rsplit_once(',').unwrap_or((text, ""));
    let name = name.trim();
    let kinds = [" County", " Parish", " Borough", " Census Area", " Municipality"];
    let bare = kinds.iter().find_map(|kind| {
        let (start, end) = name.split_at_checked(name.len().checked_sub(kind.len())?)?;
        end.eq_ignore_ascii_case(kind).then_some(start)
    });
    format!("{} {state}", bare.unwrap_or(name))
}

/// Digits and lower-case letters without accents; `and`, `the` and all marks say nothing.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for word in text.split(|letter: char| letter.is_whitespace() || letter == ',') {
        let mut letters = String::new();
        for letter in word.chars().flat_map(char::to_lowercase) {
            letters.push_str(without_accent(letter));
            if letter.is_ascii_alphanumeric() {
                letters.push(letter);
            }
        }
        if !matches!(letters.as_str(), "the" | "and") {
            out.push_str(&letters);
        }
    }
    out
}

/// The plain letters of one with an accent; nothing for others.
fn without_accent(letter: char) -> &'static str {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' | 'ė' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' | 'ľ' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ţ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ž' | 'ź' | 'ż' => "z",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(atlas: Atlas, areas: &[(&str, &str)], cell: &Cell) -> Option<String> {
        let area = |(id, name): &(&str, &str)| json!({ "id": id, "properties": { "name": name } });
        let areas: Vec<Value> = areas.iter().map(area).collect();
        let states = [area(&("06", "California")), area(&("12", "Florida"))];
        let position = Places::of(atlas, &areas, &states).find(cell)?;
        name(&areas[position]).map(str::to_owned)
    }

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn countries_go_by_codes_and_many_names() {
        let areas = [
            ("004", "Afghanistan"),
            ("384", "Côte d'Ivoire"),
            ("826", "United Kingdom"),
            ("840", "United States of America"),
            ("203", "Czechia"),
            ("070", "Bosnia and Herz."),
        ];
        let country = |cell: Cell| found(Atlas::World, &areas, &cell);
        for name in [
            "USA",
            "us",
            "U.S.A.",
            "united states",
            "840",
            " The United States of America ",
        ] {
            assert_eq!(
                country(text(name)).as_deref(),
                Some("United States of America"),
                "{name}"
            );
        }
        for name in ["COTE D’IVOIRE", "Ivory Coast", "CIV", "ci"] {
            assert_eq!(country(text(name)).as_deref(), Some("Côte d'Ivoire"), "{name}");
        }
        assert_eq!(country(text("UK")).as_deref(), Some("United Kingdom"));
        assert_eq!(country(text("Czech Republic")).as_deref(), Some("Czechia"));
        assert_eq!(
            country(text("Bosnia & Herzegovina")).as_deref(),
            Some("Bosnia and Herz.")
        );
        assert_eq!(country(Cell::Int(4)).as_deref(), Some("Afghanistan"));
        for nowhere in [text("Atlantis"), text(""), text("FR"), Cell::Null, Cell::Float(4.5)] {
            assert_eq!(country(nowhere.clone()), None, "{nowhere:?}");
        }
    }

    #[test]
    fn states_go_by_postal_codes_and_numbers() {
        let areas = [("06", "California"), ("11", "District of Columbia")];
        let state = |cell: Cell| found(Atlas::UsStates, &areas, &cell);
        assert_eq!(state(text("ca")).as_deref(), Some("California"));
        assert_eq!(state(Cell::Int(6)).as_deref(), Some("California"));
        assert_eq!(state(text("Washington, DC")).as_deref(), Some("District of Columbia"));
        assert_eq!(state(text("TX")), None);
    }

    #[test]
    fn a_county_needs_its_state_where_several_have_its_name() {
        let areas = [("06059", "Orange"), ("12095", "Orange"), ("06037", "Los Angeles")];
        let county = |cell: Cell| found(Atlas::UsCounties, &areas, &cell).is_some();
        assert!(county(text("Orange County, California")) && county(text("orange, FL")));
        assert!(county(text("Los Angeles")) && county(text("Los Angeles County")));
        assert!(county(Cell::Int(6037)));
        assert!(!county(text("Orange")));
    }
}
