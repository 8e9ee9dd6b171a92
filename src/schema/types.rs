//! The words of a schema. The order of variants is the order of the tables in `schemas/pack.py`.

/// What kind of value a schema wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Type {
    /// Anything at all.
    #[default]
    Any,
    /// A mapping.
    Object,
    /// A list.
    Array,
    /// A string.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A whole number or a string, such as a port or a percentage.
    IntOrString,
    /// An amount such as `500m` or `1Gi`; a plain number will do.
    Quantity,
}

impl Type {
    pub(super) const ALL: [Type; 9] = [
        Type::Any,
        Type::Object,
        Type::Array,
        Type::String,
        Type::Integer,
        Type::Number,
        Type::Boolean,
        Type::IntOrString,
        Type::Quantity,
    ];

    /// As a message says it, with its article.
    pub fn article(self) -> &'static str {
        match self {
            Type::Any => "anything",
            Type::Object => "a mapping",
            Type::Array => "a list",
            Type::String => "a string",
            Type::Integer => "an integer",
            Type::Number => "a number",
            Type::Boolean => "a boolean",
            Type::IntOrString => "an integer or a string",
            Type::Quantity => "a quantity",
        }
    }
}

/// The formats that the store knows. A CRD may name others; see [`Format::named`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// None, or one that says nothing about which values fit.
    #[default]
    None,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// A floating-point number.
    Double,
    /// Base64.
    Byte,
    /// A time as in RFC 3339.
    DateTime,
    /// A date as in RFC 3339. CRDs only, as all that follow.
    Date,
    /// A Go duration, such as `1h30m`.
    Duration,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// An address range, such as `10.0.0.0/8`.
    Cidr,
    /// A UUID.
    Uuid,
}

impl Format {
    pub(super) const STORED: [Format; 6] =
        [Format::None, Format::Int32, Format::Int64, Format::Double, Format::Byte, Format::DateTime];

    /// The format that a CRD names. Names the API server does not know mean nothing to it, nor to us.
    pub fn named(name: &str) -> Format {
        match name {
            "int32" => Format::Int32,
            "int64" => Format::Int64,
            "double" | "float" => Format::Double,
            "byte" => Format::Byte,
            "date-time" | "datetime" => Format::DateTime,
            "date" => Format::Date,
            "duration" => Format::Duration,
            "ipv4" => Format::Ipv4,
            "ipv6" => Format::Ipv6,
            "cidr" => Format::Cidr,
            "uuid" => Format::Uuid,
            _ => Format::None,
        }
    }

    /// As a message says it, with its article.
    pub fn article(self) -> &'static str {
        match self {
            Format::None => "anything",
            Format::Int32 => "a 32-bit integer",
            Format::Int64 => "a 64-bit integer",
            Format::Double => "a number",
            Format::Byte => "base64",
            Format::DateTime => "a time such as `2006-01-02T15:04:05Z`",
            Format::Date => "a date such as `2006-01-02`",
            Format::Duration => "a duration such as `1h30m`",
            Format::Ipv4 => "an IPv4 address",
            Format::Ipv6 => "an IPv6 address",
            Format::Cidr => "an address range such as `10.0.0.0/8`",
            Format::Uuid => "a UUID",
        }
    }
}

/// `x-kubernetes-list-type`: how server-side apply merges a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListType {
    /// As a whole.
    Atomic,
    /// By value; no value twice.
    Set,
    /// By the values of some keys; no combination twice.
    Map,
}

impl ListType {
    pub(super) const STORED: [Option<ListType>; 4] =
        [None, Some(ListType::Atomic), Some(ListType::Set), Some(ListType::Map)];
}

/// `x-kubernetes-map-type`: how server-side apply merges a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapType {
    /// As a whole.
    Atomic,
    /// Key by key.
    Granular,
}

impl MapType {
    pub(super) const STORED: [Option<MapType>; 3] = [None, Some(MapType::Atomic), Some(MapType::Granular)];
}

/// `x-kubernetes-patch-strategy`: how a strategic merge patch treats the field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    /// A list is merged item by item rather than replaced.
    pub merge: bool,
    /// A mapping is replaced rather than merged.
    pub replace: bool,
    /// Keys of a mapping that the patch does not name are dropped (unions).
    pub retain_keys: bool,
}

impl Patch {
    pub(super) const STORED: [Patch; 5] = [
        Patch { merge: false, replace: false, retain_keys: false },
        Patch { merge: true, replace: false, retain_keys: false },
        Patch { merge: false, replace: true, retain_keys: false },
        Patch { merge: false, replace: false, retain_keys: true },
        Patch { merge: true, replace: false, retain_keys: true },
    ];
}

/// Whether objects of a kind live in a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In a namespace.
    Namespaced,
    /// Outside.
    Cluster,
    /// Neither: the envelope of several objects (`List`, `ConfigMapList`).
    List,
}

impl Scope {
    pub(super) const STORED: [Scope; 3] = [Scope::Namespaced, Scope::Cluster, Scope::List];
}
