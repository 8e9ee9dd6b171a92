//! The embedded store, read in place: nothing is parsed or allocated when the program starts.
//!
//! `schemas/pack.py` writes the file and documents its layout; this is its other half. The header is read at compile
//! time, so a file of another layout does not build.

use std::cmp::Ordering;

use super::types::{Format, ListType, MapType, Patch, Scope, Type};
use super::version::Versions;

/// An array rather than a slice, so that its length is known when bounds checks are compiled.
static BYTES: &[u8; LENGTH] = include_bytes!("../../schemas/kubernetes.bin");
const LENGTH: usize = include_bytes!("../../schemas/kubernetes.bin").len();

/// The layout this reader knows: `FORMAT` in `pack.py`.
const LAYOUT: u32 = 1;
/// "No node" and bit 31 of a field's versions, as in `pack.py`.
const NONE: u16 = 0xFFFF;
const REQUIRED: u32 = 1 << 31;

/// A run of rows of one width.
#[derive(Clone, Copy)]
struct Table {
    start: usize,
    rows: usize,
    width: usize,
}

const VERSIONS: Table = table(0, 2);
const STRINGS: Table = table(1, 4);
const TEXT: Table = table(2, 1);
const LISTS: Table = table(3, 2);
const NODES: Table = table(4, 22);
const FIELDS: Table = table(5, 8);
const KINDS: Table = table(6, 16);

/// How many Kubernetes versions the store holds.
pub(super) const VERSION_COUNT: usize = VERSIONS.rows;

const fn header(offset: usize) -> usize {
    let bytes = include_bytes!("../../schemas/kubernetes.bin");
    u32::from_le_bytes([bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3]]) as usize
}

const fn table(number: usize, width: usize) -> Table {
    let magic = u32::from_le_bytes(*b"KSCH") as usize;
    assert!(header(0) == magic && header(4) == LAYOUT as usize, "schemas/kubernetes.bin has another layout");
    Table { start: header(8 + 8 * number), rows: header(12 + 8 * number), width }
}

impl Table {
    fn offset(self, row: usize) -> usize {
        debug_assert!(row < self.rows);
        self.start + row * self.width
    }
}

fn u16_at(offset: usize) -> u16 {
    u16::from_le_bytes([BYTES[offset], BYTES[offset + 1]])
}

fn u32_at(offset: usize) -> u32 {
    u32::from_le_bytes([BYTES[offset], BYTES[offset + 1], BYTES[offset + 2], BYTES[offset + 3]])
}

/// The minor version at `index`, oldest first.
pub(super) fn minor_version(index: usize) -> u16 {
    u16_at(VERSIONS.offset(index))
}

fn string_bytes(number: u16) -> &'static [u8] {
    let row = STRINGS.offset(number.into());
    let start = if number == 0 { 0 } else { u32_at(row - STRINGS.width) };
    &BYTES[TEXT.start + start as usize..TEXT.start + u32_at(row) as usize]
}

fn string(number: u16) -> &'static str {
    std::str::from_utf8(string_bytes(number)).expect("pack.py writes UTF-8")
}

/// A list of numbers, by the row where it begins.
#[derive(Clone, Debug)]
struct Numbers {
    row: usize,
    left: u16,
}

impl Numbers {
    fn at(row: u16) -> Numbers {
        Numbers { row: usize::from(row) + 1, left: u16_at(LISTS.offset(row.into())) }
    }
}

impl Iterator for Numbers {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        self.left = self.left.checked_sub(1)?;
        self.row += 1;
        Some(u16_at(LISTS.offset(self.row - 1)))
    }
}

/// A list of strings.
#[derive(Clone, Debug)]
pub(super) struct Strings(Numbers);

impl Iterator for Strings {
    type Item = &'static str;

    fn next(&mut self) -> Option<&'static str> {
        self.0.next().map(string)
    }
}

/// One use of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StoreNode(u16);

/// A field of an object, in some of the versions.
#[derive(Clone, Copy)]
pub(super) struct StoreField {
    name: u16,
    pub(super) node: StoreNode,
    versions: u32,
}

impl StoreField {
    fn at(row: usize) -> StoreField {
        let offset = FIELDS.offset(row);
        StoreField { name: u16_at(offset), node: StoreNode(u16_at(offset + 2)), versions: u32_at(offset + 4) }
    }

    pub(super) fn name(self) -> &'static str {
        string(self.name)
    }

    pub(super) fn required(self) -> bool {
        self.versions & REQUIRED != 0
    }

    pub(super) fn versions(self) -> Versions {
        Versions::from_bits(self.versions & !REQUIRED)
    }
}

impl StoreNode {
    fn byte(self, at: usize) -> usize {
        BYTES[NODES.offset(self.0.into()) + at].into()
    }

    /// The 16-bit columns that follow the six bytes.
    fn column(self, number: usize) -> u16 {
        u16_at(NODES.offset(self.0.into()) + 6 + 2 * number)
    }

    pub(super) fn type_(self) -> Type {
        Type::ALL[self.byte(0)]
    }

    pub(super) fn format(self) -> Format {
        Format::STORED[self.byte(1)]
    }

    pub(super) fn list_type(self) -> Option<ListType> {
        ListType::STORED[self.byte(2)]
    }

    pub(super) fn map_type(self) -> Option<MapType> {
        MapType::STORED[self.byte(3)]
    }

    pub(super) fn patch(self) -> Patch {
        Patch::STORED[self.byte(4)]
    }

    pub(super) fn also_boolean(self) -> bool {
        self.byte(5) & 1 != 0
    }

    pub(super) fn also_list(self) -> bool {
        self.byte(5) & 2 != 0
    }

    /// The items of a list or the values of a mapping.
    pub(super) fn items(self) -> Option<StoreNode> {
        Some(self.column(0)).filter(|&node| node != NONE).map(StoreNode)
    }

    pub(super) fn list_keys(self) -> Strings {
        Strings(Numbers::at(self.column(1)))
    }

    pub(super) fn merge_key(self) -> &'static str {
        string(self.column(2))
    }

    pub(super) fn enum_values(self) -> Strings {
        Strings(Numbers::at(self.column(3)))
    }

    /// Name of the definition, such as `core.v1.Container`; empty for a type without one.
    pub(super) fn name(self) -> &'static str {
        string(self.column(4))
    }

    fn rows(self) -> std::ops::Range<usize> {
        let first = usize::from(self.column(5));
        first..first + usize::from(self.column(6))
    }

    /// Whether the object has fields of its own; one without takes any.
    pub(super) fn has_fields(self) -> bool {
        self.column(6) != 0
    }

    /// All fields by name. One whose type changed comes once for each type, with the versions of that type.
    pub(super) fn fields(self) -> impl Iterator<Item = StoreField> + Clone {
        self.rows().map(StoreField::at)
    }

    /// The fields that are required in some version.
    pub(super) fn required(self) -> impl Iterator<Item = StoreField> {
        Numbers::at(self.column(7)).map(|row| StoreField::at(row.into()))
    }

    /// The forms of the field `name` over the versions.
    pub(super) fn fields_named(self, name: &str) -> impl Iterator<Item = StoreField> {
        let rows = self.rows();
        let first = first_row(rows.clone(), |row| string_bytes(u16_at(FIELDS.offset(row))).cmp(name.as_bytes()));
        let number = first.map(|row| StoreField::at(row).name);
        let from = first.unwrap_or(rows.end);
        (from..rows.end).map(StoreField::at).take_while(move |field| Some(field.name) == number)
    }
}

/// The first of the sorted `rows` that compares equal.
fn first_row(rows: std::ops::Range<usize>, compare: impl Fn(usize) -> Ordering) -> Option<usize> {
    let (mut low, mut high) = (rows.start, rows.end);
    while low < high {
        let middle = low.midpoint(high);
        match compare(middle) {
            Ordering::Less => low = middle + 1,
            _ => high = middle,
        }
    }
    (low < rows.end && compare(low) == Ordering::Equal).then_some(low)
}

/// A kind of one API version.
#[derive(Clone, Copy)]
pub(super) struct StoreKind(usize);

impl StoreKind {
    fn column(self, number: usize) -> u16 {
        u16_at(KINDS.offset(self.0) + 2 * number)
    }

    pub(super) fn kind(self) -> &'static str {
        string(self.column(0))
    }

    pub(super) fn group(self) -> &'static str {
        string(self.column(1))
    }

    pub(super) fn version(self) -> &'static str {
        string(self.column(2))
    }

    pub(super) fn node(self) -> StoreNode {
        StoreNode(self.column(3))
    }

    pub(super) fn scope(self) -> Scope {
        Scope::STORED[usize::from(self.column(4))]
    }

    pub(super) fn versions(self) -> Versions {
        Versions::from_bits(u32_at(KINDS.offset(self.0) + 12))
    }
}

/// All kinds, sorted by kind, group and API version.
pub(super) fn kinds() -> impl Iterator<Item = StoreKind> {
    (0..KINDS.rows).map(StoreKind)
}

/// The kinds named `kind`, of whatever group and API version.
pub(super) fn kinds_named(kind: &str) -> impl Iterator<Item = StoreKind> {
    let first = first_row(0..KINDS.rows, |row| string_bytes(StoreKind(row).column(0)).cmp(kind.as_bytes()));
    let number = first.map(|row| StoreKind(row).column(0));
    (first.unwrap_or(KINDS.rows)..KINDS.rows).map(StoreKind).take_while(move |row| Some(row.column(0)) == number)
}

/// The node of a definition that stands below `kind`, for the parts of an object that every kind has.
pub(super) fn object_meta() -> StoreNode {
    // Every namespaced kind has it; ConfigMap is in every version of Kubernetes.
    let config_map = kinds_named("ConfigMap").next().expect("the store holds ConfigMap");
    config_map.node().fields_named("metadata").next().expect("ConfigMap has metadata").node
}
