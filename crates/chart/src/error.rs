//! Why a specification could not be drawn.

use std::fmt;

/// One property that stands in the way, by its JSON path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Path in the specification, such as `$.layer[1].encoding.angle`.
    pub path: String,
    /// What is wrong with it, without the path: `not supported`.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

/// A specification is drawn right or refused; these are the refusals.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// Valid Vega-Lite outside what is drawn; one entry per property, in the order of the specification.
    #[error("the chart uses features that are not supported: {}", list(.0))]
    Unsupported(Vec<Problem>),
    /// Not valid Vega-Lite; one entry per property, in the order of the specification.
    #[error("the chart specification is not valid: {}", list(.0))]
    Invalid(Vec<Problem>),
    /// The data could not be read.
    #[error("the chart's data cannot be read: {0}")]
    Data(String),
    /// Drawing would take too much room or time.
    #[error("the chart is too large to draw: {0}")]
    Limit(String),
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("; ")
}
