//! The filters readers see, as one GET form: it works without scripts, and with them every change acts at once.

mod bar;
mod choice;
mod form;
mod list;
mod number;
mod range;

pub use bar::{FILTER_FORM, FilterBar};
pub use choice::{Choice, choice_words};
pub use form::kept_pairs;
pub use range::range_words;
