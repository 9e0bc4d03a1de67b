# SPDX-License-Identifier: MIT
# Turns the JSON Schemas of schema/api into C: a constant SHAPE_NAME for each file, the columns of each list as CSV,
# and all of them as the components of an OpenAPI document.
import argparse
import json
import pathlib

from embed_files import c_bytes


def component(stem):
    """quote_list.json is the component QuoteList."""
    return "".join(word.capitalize() for word in stem.split("_"))


def as_component(value, stem):
    """A schema whose references lead to its neighbours in components/schemas, and which has no address of its own."""
    if isinstance(value, list):
        return [as_component(item, stem) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: as_component(item, stem) for key, item in value.items() if key not in ("$schema", "$id")}
    reference = value.get("$ref")
    if isinstance(reference, str):
        file, _, pointer = reference.partition("#")
        name = component(pathlib.PurePath(file).stem if file else stem)
        kept["$ref"] = f"#/components/schemas/{name}{pointer}"
    return kept


class Trimmed:
    """What is left of an answer that has the members that `fields` names: any of them may be missing. A list is still
    one, with a page and a revision; its items are trimmed."""

    PREFIX = "#/components/schemas/"
    KEPT = ("Page",)

    def __init__(self, components):
        self.components = components
        self.made = {}
        for name, schema in components.items():
            if "data" in schema.get("properties", {}) or name in ("Context", "ReviewWithText"):
                self.make(name)

    def make(self, name):
        if name in self.made:
            return
        schema = self.components[name]
        self.made[name] = None
        trimmed = self.without_required({key: value for key, value in schema.items() if key != "examples"})
        if "data" in schema.get("properties", {}):
            trimmed["required"] = schema["required"]
        trimmed["title"] = schema["title"] + ", trimmed"
        trimmed["description"] = schema["description"] + " Of the members only those that `fields` names are there."
        self.made[name] = trimmed

    def without_required(self, value):
        if isinstance(value, list):
            return [self.without_required(inner) for inner in value]
        if not isinstance(value, dict):
            return value
        kept = {"anyOf" if key == "oneOf" else key: self.without_required(inner) for key, inner in value.items()
                if key not in ("required", "minProperties")}
        reference = value.get("$ref")
        if isinstance(reference, str) and reference.removeprefix(self.PREFIX) not in self.KEPT:
            name, slash, pointer = reference.removeprefix(self.PREFIX).partition("/")
            self.make(name)
            kept["$ref"] = f"{self.PREFIX}Trimmed{name}{slash}{pointer}"
        return kept

    def all(self):
        return {f"Trimmed{name}": schema for name, schema in sorted(self.made.items())}


class Columns:
    """The names of what a row of a list is made of: `speakers.name` is the member `name` of each of `speakers`.

    What may be given in several ways has the columns of the first one; the others are those it has when it is given
    whole."""

    def __init__(self, schemas):
        self.schemas = schemas

    def of_list(self, stem):
        """None where the schema is that of no list."""
        data = self.schemas[stem].get("properties", {}).get("data")
        if not data:
            return None
        usual = dict.fromkeys(self.names(data["items"], stem, "", 1))
        return [(name, name not in usual) for name in dict.fromkeys(self.names(data["items"], stem, ""))]

    def names(self, schema, stem, path, ways=None):
        found = []
        if "$ref" in schema:
            file, _, pointer = schema["$ref"].partition("#/$defs/")
            stem = pathlib.PurePath(file).stem if file else stem
            found += self.names(self.schemas[stem]["$defs"][pointer] if pointer else self.schemas[stem], stem, path, ways)
        for part in schema.get("allOf", []) + self.ways(schema, ways):
            found += self.names(part, stem, path, ways)
        if "items" in schema:
            found += self.names(schema["items"], stem, path, ways)
        for key, value in schema.get("properties", {}).items():
            found += self.names(value, stem, f"{path}.{key}" if path else key, ways)
        return found or [path]

    @staticmethod
    def ways(schema, most=None):
        return [part for part in schema.get("anyOf", []) + schema.get("oneOf", []) if part.get("type") != "null"][:most]


class Fields:
    """What `fields` may name: the members of a shape, or of the items of a list, and theirs with a dot between."""

    def __init__(self, schemas):
        self.schemas = schemas

    def of(self, stem):
        schema = self.schemas[stem]
        found = self.members(schema.get("properties", {}).get("data", schema), stem)
        return list(dict.fromkeys(name for key, (value, home) in found.items()
                                  for name in [key, *(f"{key}.{inner}" for inner in self.members(value, home))]))

    def members(self, schema, stem):
        """Of an object, or of the objects in an array, whichever it may be: each with the file that it stands in."""
        found = {}
        if "$ref" in schema:
            file, _, pointer = schema["$ref"].partition("#/$defs/")
            home = pathlib.PurePath(file).stem if file else stem
            found |= self.members(self.schemas[home]["$defs"][pointer] if pointer else self.schemas[home], home)
        for part in [*schema.get("allOf", []), *Columns.ways(schema)]:
            found |= self.members(part, stem)
        if "items" in schema:
            found |= self.members(schema["items"], stem)
        return found | {key: (value, stem) for key, value in schema.get("properties", {}).items()}


def header_lines(stems):
    lines = ["/* Generated by scripts/embed_schemas.py. */", "#pragma once", "", "#include <stdbool.h>", "#include <stddef.h>", "",
             "/* The shapes of schema/api. */", "enum shape {", "\tSHAPE_NONE,"]
    lines += [f"\tSHAPE_{stem.upper()}," for stem in stems]
    return [*lines, "};", f"enum {{ SHAPES = {len(stems) + 1} }};", "",
            "extern const char *const shape_names[SHAPES]; /* in components/schemas of the OpenAPI document */",
            "", "struct shape_column {", "\tconst char *name;",
            "\tbool of_whole; /* there only when the member is given whole */", "};", "",
            "extern const struct shape_column *const shape_columns[SHAPES]; /* ends with NULL; NULL: no list */",
            "extern const char *const *const shape_fields[SHAPES]; /* what `fields` may name; ends with NULL */", ""]


def source_lines(stems, columns, fields, header):
    lines = ["/* Generated by scripts/embed_schemas.py. */", f'#include "{header}"', ""]
    names, lists, members = ["NULL"], ["NULL"], ["no_fields"]
    lines.append("static const char *const no_fields[] = { NULL };")
    for stem in stems:
        names.append(f'"{component(stem)}"')
        found = columns.of_list(stem)
        lists.append(f"{stem}_columns" if found else "NULL")
        if found:
            words = ", ".join(f'{{ "{name}", {str(whole).lower()} }}' for name, whole in found)
            lines.append(f"static const struct shape_column {stem}_columns[] = {{ {words}, {{ NULL, false }} }};")
        words = ", ".join(f'"{name}"' for name in [*fields.of(stem)])
        members.append(f"{stem}_fields" if words else "no_fields")
        if words:
            lines.append(f"static const char *const {stem}_fields[] = {{ {words}, NULL }};")
    return [*lines, "", f"const char *const shape_names[SHAPES] = {{ {', '.join(names)} }};",
            f"const struct shape_column *const shape_columns[SHAPES] = {{ {', '.join(lists)} }};",
            f"const char *const *const shape_fields[SHAPES] = {{ {', '.join(members)} }};", ""]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("files", nargs="+", type=pathlib.Path)
    options.add_argument("--bundle", required=True, type=pathlib.Path, help="a bundle that is an example of bundle.json")
    options.add_argument("--header", required=True, type=pathlib.Path)
    options.add_argument("--source", required=True, type=pathlib.Path)
    options = options.parse_args()
    schemas = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(options.files)}
    schemas["bundle"]["examples"] = [json.loads(options.bundle.read_text(encoding="utf-8"))]
    components = {component(stem): as_component(schema, stem) for stem, schema in schemas.items()}
    components |= Trimmed(components).all()
    data = json.dumps(components, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    header = header_lines(schemas) + [f"extern const unsigned char shape_schemas[{len(data)}]; /* a JSON object */",
                                      "extern const size_t shape_schemas_length;", ""]
    source = source_lines(schemas, Columns(schemas), Fields(schemas), options.header.name) + [
        f"const unsigned char shape_schemas[{len(data)}] = {c_bytes(data)};",
        f"const size_t shape_schemas_length = {len(data)};", ""]
    options.header.write_text("\n".join(header), encoding="utf-8")
    options.source.write_text("\n".join(source), encoding="utf-8")


if __name__ == "__main__":
    main()
