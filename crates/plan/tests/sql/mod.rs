//! Plans printed as SQL: kept as files, and run on real databases beside the interpreter.

pub mod databases;
mod exact;
mod golden;
mod hostile;
mod pipelines;
mod random;
mod session;
mod split;
