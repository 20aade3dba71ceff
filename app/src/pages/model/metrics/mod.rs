//! Metrics: what each means in a sentence, its value now, and its form.

mod card;
mod cumulative;
mod derived;
mod filter;
mod form;
mod kind;
mod list;
mod meaning;
mod plan_text;
mod preview;
mod ratio;
mod reference;
mod simple;

pub use list::MetricsView;
#[cfg(feature = "ssr")]
pub use meaning::meaning as metric_meaning;
