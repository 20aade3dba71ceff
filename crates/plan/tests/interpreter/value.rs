use std::cmp::Ordering;

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// Days since 1970.
    Date(i64),
    /// Microseconds on a clock without zone.
    Wall(i64),
    /// Microseconds since 1970 UTC.
    Instant(i64),
}

#[derive(Clone, Debug, Default)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

impl Value {
    pub fn is_null(&self) -> bool {
        *self == Self::Null
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Int(whole) => Some(*whole as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// Order of two values that are not NULL.
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Date(a), Self::Date(b)) | (Self::Wall(a), Self::Wall(b)) | (Self::Instant(a), Self::Instant(b)) => {
                a.cmp(b)
            }
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (a, b) => match (a.number(), b.number()) {
                (Some(a), Some(b)) => a.partial_cmp(&b).unwrap(),
                _ => panic!("{a:?} and {b:?} cannot be compared"),
            },
        }
    }

    /// As a group key: NULL is a value, 1 and 1.0 are the same.
    pub fn key(&self) -> String {
        match self.number() {
            // Nothing below 0 is there only a sign.
            Some(number) => format!("n{}", number + 0.0),
            None => format!("{self:?}"),
        }
    }
}

impl Table {
    pub fn position(&self, name: &str) -> usize {
        self.columns
            .iter()
            .position(|column| column == name)
            .unwrap_or_else(|| panic!("no column {name} in {:?}", self.columns))
    }
}
