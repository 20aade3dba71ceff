//! Applying what still holds of operations that were made for an earlier document.

use shared::dashboard::{ApplyError, Dashboard, Missing, Operation, apply_operations};

/// What became of operations on a document they were not made for.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// Those that apply, in order.
    pub ops: Vec<Operation>,
    pub inverse: Vec<Operation>,
    /// Why others do not; empty when all apply.
    pub skipped: Vec<ApplyError>,
}

/// Applies all operations when that is possible, else each that still applies by itself.
pub fn apply_what_holds(document: &mut Dashboard, ops: &[Operation]) -> Applied {
    if let Ok(inverse) = apply_operations(document, ops, Missing::Refuse) {
        return Applied {
            ops: ops.to_vec(),
            inverse,
            skipped: Vec::new(),
        };
    }
    let mut applied = Applied {
        ops: Vec::new(),
        inverse: Vec::new(),
        skipped: Vec::new(),
    };
    for operation in ops {
        match apply_operations(document, std::slice::from_ref(operation), Missing::Refuse) {
            Ok(inverse) => {
                applied.ops.push(operation.clone());
                applied.inverse.splice(0..0, inverse);
            }
            Err(error) => applied.skipped.push(error),
        }
    }
    applied
}
