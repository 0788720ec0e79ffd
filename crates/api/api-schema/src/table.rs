//! The tables that make types: `api_type!` and `api_enum!`.

/// Makes a struct of the API.
///
/// ```text
/// api_type! {
///     /// A virtual machine.
///     entity Vm = "vm", "vms" {
///         name: String,                        // every element is an Option
///         cpu: Box<Cpu>,                       // a struct within
///         nics: Vec<Nic> = linked,             // a list that is a collection of its own
///         words: Vec<String> = "word",         // a list of scalars: the tag of an item
///         type_ as "type": VmType,             // another name on the wire
///     }
/// }
/// ```
///
/// `entity` has `id`, `href`, `links` and `actions` besides its elements, `value` has not.
#[macro_export]
macro_rules! api_type {
    ($(
        $(#[doc = $doc:literal])*
        $sort:ident $name:ident = $tag:literal, $list_tag:literal {
            $($field:ident $(as $wire:literal)? : $ty:ty $(= $how:tt)?),* $(,)?
        }
    )*) => {$(
        $crate::api_type!(@struct $sort [$(#[doc = $doc])*] $name { $($field: $ty),* });

        const _: () = {
            #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
            enum Index { $($field,)* End }

            static DESC: $crate::TypeDesc = $crate::TypeDesc {
                name: stringify!($name),
                doc: concat!($($doc),*),
                tag: $tag,
                list_tag: $list_tag,
                entity: $crate::api_type!(@entity $sort),
                fields: &[$($crate::FieldDesc {
                    name: $crate::api_type!(@wire $field $($wire)?),
                    attribute: stringify!($field),
                    kind: <$ty as $crate::Value>::KIND,
                    item: $crate::api_type!(@item $($how)?),
                    linked: $crate::api_type!(@linked $($how)?),
                }),*],
            };

            impl $crate::Record for $name {
                fn desc(&self) -> &'static $crate::TypeDesc {
                    &DESC
                }
                $crate::api_type!(@identity $sort);
                #[allow(non_upper_case_globals)] // constants named as the fields
                fn slot(&self, __index: usize) -> ::std::option::Option<&dyn $crate::Slot> {
                    $(const $field: usize = Index::$field as usize;)*
                    match __index {
                        $($field => Some(&self.$field),)*
                        _ => None,
                    }
                }
                #[allow(non_upper_case_globals)]
                fn slot_mut(&mut self, __index: usize) -> ::std::option::Option<&mut dyn $crate::Slot> {
                    $(const $field: usize = Index::$field as usize;)*
                    match __index {
                        $($field => Some(&mut self.$field),)*
                        _ => None,
                    }
                }
                fn into_any(self: Box<Self>) -> Box<dyn ::std::any::Any> {
                    self
                }
            }

            impl $crate::Api for $name {
                fn type_desc() -> &'static $crate::TypeDesc {
                    &DESC
                }
            }

            impl $crate::Value for $name {
                const KIND: $crate::Kind = $crate::Kind::Record(<$name as $crate::Api>::type_desc);
                fn view(&self) -> $crate::View<'_> {
                    $crate::View::Record(self)
                }
                fn parse(_: &str) -> ::std::result::Result<Self, $crate::Expected> {
                    Err($crate::Expected::Record)
                }
                fn fresh() -> ::std::option::Option<Self> {
                    Some(Self::default())
                }
                fn open(&mut self) -> $crate::Open<'_> {
                    $crate::Open::Record(self)
                }
            }

            impl ::std::fmt::Debug for $name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    $crate::debug(self, f)
                }
            }

            impl PartialEq for $name {
                fn eq(&self, other: &Self) -> bool {
                    $crate::same(self, other)
                }
            }
        };
    )*};

    (@struct entity [$($doc:tt)*] $name:ident { $($field:ident: $ty:ty),* }) => {
        $($doc)*
        #[derive(Clone, Default)]
        #[allow(missing_docs)] // the elements are oVirt's, by their own names
        pub struct $name {
            /// Its id.
            pub id: ::std::option::Option<String>,
            /// Its address, a path from the root of the server.
            pub href: ::std::option::Option<String>,
            /// Its collections.
            pub links: Vec<$crate::Link>,
            /// What can be done to it.
            pub actions: Vec<$crate::Link>,
            $(pub $field: ::std::option::Option<$ty>,)*
        }
    };
    (@struct value [$($doc:tt)*] $name:ident { $($field:ident: $ty:ty),* }) => {
        $($doc)*
        #[derive(Clone, Default)]
        #[allow(missing_docs)] // the elements are oVirt's, by their own names
        pub struct $name {
            $(pub $field: ::std::option::Option<$ty>,)*
        }
    };

    (@entity entity) => { true };
    (@entity value) => { false };

    (@wire $field:ident) => { stringify!($field) };
    (@wire $field:ident $wire:literal) => { $wire };
    (@item) => { "" };
    (@item linked) => { "" };
    (@item $item:literal) => { $item };
    (@linked) => { false };
    (@linked linked) => { true };
    (@linked $item:literal) => { false };

    (@identity entity) => {
        fn identity(&self) -> ::std::option::Option<$crate::Identity<'_>> {
            Some($crate::Identity {
                id: self.id.as_deref(),
                href: self.href.as_deref(),
                links: &self.links,
                actions: &self.actions,
            })
        }
        fn identity_mut(&mut self) -> ::std::option::Option<$crate::IdentityMut<'_>> {
            Some($crate::IdentityMut {
                id: &mut self.id,
                href: &mut self.href,
                links: &mut self.links,
                actions: &mut self.actions,
            })
        }
    };
    (@identity value) => {
        fn identity(&self) -> ::std::option::Option<$crate::Identity<'_>> {
            None
        }
        fn identity_mut(&mut self) -> ::std::option::Option<$crate::IdentityMut<'_>> {
            None
        }
    };
}

/// Makes an enumeration of the API from its variants and their words.
///
/// ```text
/// api_enum! {
///     /// What a VM is doing.
///     VmStatus { Down = "down", Up = "up" }
/// }
/// ```
#[macro_export]
macro_rules! api_enum {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident { $($variant:ident = $word:literal),* $(,)? }
    )*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[allow(missing_docs)] // the words are oVirt's
        pub enum $name { $($variant),* }

        impl $name {
            /// Every word, in the order of the variants.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// Its description.
            pub const DESC: $crate::EnumDesc = $crate::EnumDesc {
                name: stringify!($name),
                doc: concat!($($doc),*),
                words: &[$($word),*],
            };
            /// The word on the wire.
            #[must_use]
            pub fn name(self) -> &'static str {
                Self::DESC.words[self as usize]
            }
            /// The variant of a word, in any case.
            #[must_use]
            pub fn named(word: &str) -> ::std::option::Option<Self> {
                Self::DESC.index(word.trim()).map(|i| Self::ALL[i])
            }
        }

        impl $crate::Value for $name {
            const KIND: $crate::Kind = $crate::Kind::Choice(&$name::DESC);
            fn view(&self) -> $crate::View<'_> {
                $crate::View::Choice(self.name())
            }
            fn parse(text: &str) -> ::std::result::Result<Self, $crate::Expected> {
                Self::named(text).ok_or($crate::Expected::Choice(&$name::DESC))
            }
        }
    )*};
}
