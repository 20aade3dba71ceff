//! Plans run on real rows by a small interpreter, and their printed stages kept as files.

mod golden;
mod interpreter;
mod oracle;
mod rules;
