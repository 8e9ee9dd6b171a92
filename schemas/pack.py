"""Packs kubernetes.txt into kubernetes.bin, the form that src/schema/store.rs reads in place.

Little endian throughout. A string is named by its number in the string table; number 0 is the empty string and means
"none". A node is one use of a type: equal uses are stored once. Layout, in order:

    header    "KSCH" u32 format; then for each table its offset u32 and row count u32, in the order below
    versions  u16 minor                                                                    row  2 bytes
    strings   u32 end of the string in `text`                                              row  4
    text      the strings, sorted, without separators                                      row  1
    lists     u16: length, then that many numbers; row 0 is the empty list                 row  2
    nodes     u8 kind, format, list type, map type, patch, flags; u16 items, list keys,
              merge key, enum, name, first field, field count, list of the rows of fields
              that are required in some version                                            row 22
    fields    u16 name, u16 node, u32 versions with bit 31 = required; sorted by name      row  8
    kinds     u16 kind, group, version, node, scope; u16 0; u32 versions; sorted           row 16
"""
import re
import struct

FORMAT = 1
KINDS = ["any", "object", "array", "string", "integer", "number", "boolean", "int-or-string", "quantity"]
FORMATS = ["", "int32", "int64", "double", "byte", "date-time"]
LISTS = ["", "atomic", "set", "map"]
MAPS = ["", "atomic", "granular"]
PATCHES = ["", "merge", "replace", "retainKeys", "merge,retainKeys"]
SCOPES = ["namespaced", "cluster", "list"]
ALSO_BOOLEAN, ALSO_LIST = 1, 2
NONE = 0xFFFF
REQUIRED = 1 << 31


class Expressions:
    """The nodes: each distinct type expression once, in order of first use."""

    def __init__(self):
        self.nodes = {}

    def number(self, text):
        number, rest = self.parse(text)
        assert not rest, f"left over after a type: {rest!r} of {text!r}"
        return number

    def parse(self, text):
        node = {"kind": "object", "format": "", "name": "", "items": NONE, "flags": 0}
        rest = self.parse_type(text, node)
        while found := re.match(r" (list|map|patch|merge|enum)=((?:\([^)]*\)|[^\s\]}])+)", rest):
            node[found[1]] = found[2]
            rest = rest[found.end():]
        return self.nodes.setdefault(tuple(sorted(node.items())), len(self.nodes)), rest

    def parse_type(self, text, node):
        if text[0] in "[{":
            node["kind"] = "array" if text[0] == "[" else "object"
            node["items"], rest = self.parse(text[1:])
            assert rest[0] in "]}", text
            return rest[1:]
        word = re.match(r"[^\s\]}|]+", text)[0]
        rest = text[len(word):]
        kind, _, node["format"] = word.partition(":")
        if kind in KINDS:
            node["kind"] = kind
            return rest
        node["name"] = word
        if rest.startswith("|boolean"):
            node["flags"] = ALSO_BOOLEAN
            return rest[len("|boolean"):]
        if rest.startswith("|["):
            node["flags"] = ALSO_LIST
            node["items"], rest = self.parse(rest[2:])
            return rest[1:]
        return rest


def mask(text, versions, default):
    """`1.25-1.28,1.31+` → bits"""
    if not text:
        return default
    bits = 0
    for part in text.split(","):
        first, _, last = part.rstrip("+").partition("-")
        last = last or (versions[-1] if part.endswith("+") else first)
        for at in range(versions.index(first), versions.index(last) + 1):
            bits |= 1 << at
    return bits


def parse(text):
    """→ versions, rows of kinds, rows of fields by type, nodes"""
    versions, kinds, types, expressions, current, of_type, every = [], [], {}, Expressions(), None, 0, 0
    for line in text.splitlines():
        line, _, have = line.partition(" @")
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if line.startswith("versions "):
            versions = words[1:]
            every = (1 << len(versions)) - 1
        elif line.startswith("kind "):
            _, api, kind, scope, name = words
            kinds.append((kind, api, expressions.number(name), scope, mask(have, versions, every)))
        elif line.startswith("type "):
            current, of_type = types.setdefault(words[1], []), mask(have, versions, every)
        else:
            field, _, expression = line.strip().partition(" ")
            required = REQUIRED if field.endswith("!") else 0
            bits = mask(have, versions, of_type) | required
            current.append((field.rstrip("!"), expressions.number(expression), bits))
    return versions, kinds, types, [dict(node) for node in expressions.nodes]


def keys_of(node):
    """`list=map(name,protocol)` → list type and keys"""
    kind, _, keys = node.get("list", "").partition("(")
    return kind, tuple(keys.rstrip(")").split(",")) if keys else ()


def enum_of(node):
    return tuple(node["enum"].split("|")) if "enum" in node else ()


def string_table(kinds, types, nodes):
    found = {""}
    for kind, api, *_ in kinds:
        found.update((kind, *api.rpartition("/")[::2]))
    for fields in types.values():
        found.update(field for field, _, _ in fields)
    for node in nodes:
        found.update((node["name"], node.get("merge", ""), *keys_of(node)[1], *enum_of(node)))
    # By bytes, as the reader compares them.
    return {text: number for number, text in enumerate(sorted(found, key=str.encode))}


class Lists:
    """Lists of numbers behind one another; equal ones once."""

    def __init__(self, strings):
        self.strings, self.rows, self.starts = strings, [0], {(): 0}

    def of_numbers(self, numbers):
        if numbers not in self.starts:
            self.starts[numbers] = len(self.rows)
            self.rows += [len(numbers), *numbers]
        return self.starts[numbers]

    def of_strings(self, texts):
        return self.of_numbers(tuple(self.strings[text] for text in texts))


def node_row(node, strings, lists, slices):
    list_type, keys = keys_of(node)
    first, count, required = slices.get(node["name"], (0, 0, ()))
    assert not node["name"] or node["name"] in slices, f"no such type: {node['name']}"
    return struct.pack(
        "<6B8H", KINDS.index(node["kind"]), FORMATS.index(node["format"]), LISTS.index(list_type),
        MAPS.index(node.get("map", "")), PATCHES.index(node.get("patch", "")), node["flags"], node["items"],
        lists.of_strings(keys), strings[node.get("merge", "")], lists.of_strings(enum_of(node)), strings[node["name"]],
        first, count, lists.of_numbers(required),
    )  # fmt: skip


def binary(text):
    versions, kinds, types, nodes = parse(text)
    strings = string_table(kinds, types, nodes)
    lists = Lists(strings)

    fields, slices = [], {}
    for name, rows in types.items():
        rows = sorted((strings[field], node, have) for field, node, have in rows)
        required = tuple(len(fields) + at for at, (_, _, have) in enumerate(rows) if have & REQUIRED)
        slices[name] = (len(fields), len(rows), required)
        fields += [struct.pack("<HHI", *row) for row in rows]
    kind_rows = []
    for kind, api, node, scope, have in kinds:
        group, _, version = api.rpartition("/")
        kind_rows.append((strings[kind], strings[group], strings[version], node, SCOPES.index(scope), 0, have))

    ends, end = [], 0
    for string in strings:
        end += len(string.encode())
        ends.append(end)
    node_rows = [node_row(node, strings, lists, slices) for node in nodes]
    assert max(len(nodes), len(fields), len(strings), len(lists.rows)) < NONE, "a table outgrew its 16-bit numbers"
    tables = [
        [struct.pack("<H", int(version.removeprefix("1."))) for version in versions],
        [struct.pack("<I", end) for end in ends],
        [bytes([byte]) for string in strings for byte in string.encode()],
        [struct.pack("<H", number) for number in lists.rows],
        node_rows,
        fields,
        [struct.pack("<6HI", *row) for row in sorted(kind_rows)],
    ]
    return assemble(tables)


def assemble(tables):
    header, body = b"KSCH" + struct.pack("<I", FORMAT), b""
    start = len(header) + 8 * len(tables)
    for rows in tables:
        header += struct.pack("<II", start + len(body), len(rows))
        body += b"".join(rows)
    return header + body
