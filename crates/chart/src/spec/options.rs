//! Structures whose every property may be absent, and that fill their gaps from another of the kind.

/// Declares such a structure with `or`.
macro_rules! options {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $kind:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $(pub $field: Option<$kind>,)*
        }

        impl $name {
            /// Takes from `other` what is absent here.
            pub fn or(&self, other: &Self) -> Self {
                Self { $($field: self.$field.clone().or_else(|| other.$field.clone()),)* }
            }
        }
    };
}

/// Reads properties by name: `properties!(reader, key, node, target, { "title" => title: lines, … }, other => …)`.
macro_rules! properties {
    ($reader:ident, $key:ident, $node:ident, $target:ident, { $($name:literal => $field:ident: $read:ident,)* }, $other:expr) => {
        match $key {
            $($name => $target.$field = $reader.$read($node),)*
            _ => $other,
        }
    };
}

pub(super) use {options, properties};
