//! Structures whose every property may be absent, and that fill their gaps from another of the kind.

/// Declares such a structure with `or`. What is behind a semicolon is no option, and has a way of its own to take from another.
macro_rules! options {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $kind:ty,)* $(; $(#[$own_meta:meta])* $own:ident: $own_kind:ty = $merge:ident)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $(pub $field: Option<$kind>,)*
            $($(#[$own_meta])* pub $own: $own_kind,)?
        }

        impl $name {
            /// Takes from `other` what is absent here.
            pub fn or(&self, other: &Self) -> Self {
                Self {
                    $($field: self.$field.clone().or_else(|| other.$field.clone()),)*
                    $($own: self.$merge(other),)?
                }
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
