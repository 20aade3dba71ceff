//! Which stored object holds the rows of each table of a plan.

use plan::logical::SourceTable;

use super::ObjectKey;

/// One object per source table of a plan.
#[derive(Clone, Debug, Default)]
pub struct Bindings {
    bound: Vec<(SourceTable, ObjectKey)>,
}

impl Bindings {
    pub const fn new() -> Self {
        Self { bound: Vec::new() }
    }

    /// Binds `source`, replacing an earlier binding of it.
    pub fn bind(&mut self, source: SourceTable, object: ObjectKey) {
        self.bound.retain(|(taken, _)| *taken != source);
        self.bound.push((source, object));
    }

    pub fn object(&self, source: &SourceTable) -> Option<&ObjectKey> {
        self.bound
            .iter()
            .find(|(bound, _)| bound == source)
            .map(|(_, object)| object)
    }
}

impl FromIterator<(SourceTable, ObjectKey)> for Bindings {
    fn from_iter<I: IntoIterator<Item = (SourceTable, ObjectKey)>>(pairs: I) -> Self {
        let mut bindings = Self::new();
        for (source, object) in pairs {
            bindings.bind(source, object);
        }
        bindings
    }
}
