# SPDX-License-Identifier: MIT
"""The JSON Schemas of schema/api, which know each other by file name."""
import functools
import json
import pathlib

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "schema" / "api"
SEED_FILE = ROOT / "schema" / "seed" / "from-russia-with-love-nl.json"


def names():
    return sorted(path.stem for path in FOLDER.glob("*.json"))


@functools.cache
def documents():
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.json")}


def without_required(value):
    """A schema in which no member has to be there, and which of several it is may be open."""
    if isinstance(value, dict):
        return {"anyOf" if name == "oneOf" else name: without_required(inner) for name, inner in value.items()
                if name not in ("required", "minProperties")}
    return [without_required(inner) for inner in value] if isinstance(value, list) else value


@functools.cache
def validator(name, trimmed=False):
    known = {file: without_required(schema) if trimmed else schema for file, schema in documents().items()}
    schema = known[name + ".json"]
    resolver = jsonschema.RefResolver.from_schema(schema, store=known)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


def assert_valid(name, value, trimmed=False):
    """The first few places where a value is not of that shape are part of the failure."""
    errors = list(validator(name, trimmed).iter_errors(value))
    assert not errors, f"no {name}:\n" + "\n".join(
        f"  /{'/'.join(str(step) for step in error.absolute_path)}: {error.message[:200]}" for error in errors[:5])


@functools.cache
def assert_valid_text(name, text):
    """The same of JSON, once for each text: the tests see the same items again and again."""
    assert_valid(name, json.loads(text))


def assert_valid_answer(name, value):
    """A list is as valid as its frame with one item and each item alone."""
    if not name.endswith("_list"):
        assert_valid_text(name, json.dumps(value))
        return
    assert_valid_text(name, json.dumps({**value, "data": value["data"][:1]}))
    for item in value["data"]:
        assert_valid_text(name.removesuffix("_list"), json.dumps(item))


def no_duplicate_keys(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"a key is there twice: {keys}"
    return dict(pairs)


def parse(text):
    """Strict JSON: no key twice, no NaN."""
    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    return json.loads(text, object_pairs_hook=no_duplicate_keys, parse_constant=refuse)
