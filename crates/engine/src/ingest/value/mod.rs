//! What a piece of text can mean: one detector and parser per type. All are pure and look at one value only.

pub mod boolean;
pub mod calendar;
pub mod clock;
pub mod moment;
pub mod null;
pub mod number;
