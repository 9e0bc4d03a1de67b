# SPDX-License-Identifier: MIT
"""The servers that the tests ask: one with the seed, one with the made-up bundles, both for the whole session."""
import contextlib
import dataclasses
import json
import pathlib
import re
import sqlite3

import library
import model
import process
import pytest
import reference
import shelf
import writing
from client import Client
from quick import Quick


@dataclasses.dataclass(frozen=True)
class Store:
    """A served store with what it has to hold."""

    client: Client
    model: model.Model


def pytest_collection_modifyitems(config, items):
    """What looks back on all tests comes last, and only says something when they all run."""
    folder = pathlib.Path(__file__).parent
    files = {item.path for item in items}
    config.whole_suite = files >= set(folder.glob("test_*.py")) and not config.option.keyword and not config.option.markexpr \
        and not any("::" in argument for argument in config.args)
    items.sort(key=lambda item: item.path == folder / "test_seen.py")


def write_bundles(folder):
    """Files in the order of import: the first pretty-printed, the others one a line."""
    first, *others = library.bundles()
    document, lines = folder / "omega.json", folder / "others.ndjson"
    document.write_text(json.dumps(first, ensure_ascii=False, indent=2), encoding="utf-8")
    lines.write_text("".join(json.dumps(bundle) + "\n" for bundle in others), encoding="utf-8")
    return [document, lines]


@pytest.fixture(scope="session")
def seed_store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seed")
    with process.Server(folder, "--db", folder / "reviews.db") as server:
        yield Store(Client(server.port), model.of_seed())


@pytest.fixture(scope="session")
def library_file(tmp_path_factory):
    """A store with all made-up bundles in it; it is only read."""
    folder = tmp_path_factory.mktemp("library")
    db = folder / "library.db"
    process.run("import", "--db", db, *write_bundles(folder)).expect(0)
    return db


@pytest.fixture(scope="session")
def library_store(library_file):
    with process.Server(library_file.parent, "--db", library_file) as server:
        yield Store(Client(server.port), model.of_library())


@pytest.fixture(scope="session")
def seed(seed_store):
    return seed_store.client


@pytest.fixture(scope="session")
def books(library_store):
    """The client of the made-up bundles."""
    return library_store.client


@pytest.fixture(scope="session")
def written_file(tmp_path_factory):
    """A store with the seed that is written to; what a test makes in it has ids of its own."""
    return tmp_path_factory.mktemp("written") / "reviews.db"


@pytest.fixture(scope="session")
def author(written_file):
    """A client that may write."""
    with process.Server(written_file.parent, "--db", written_file) as server:
        yield writing.Author(server.port, writing.add_token(written_file))


@pytest.fixture
def own_id(request):
    """An id that no other test uses."""
    return re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-")[:150]


@pytest.fixture(params=["seed_store", "library_store"])
def store(request):
    """Each of both stores in turn."""
    return request.getfixturevalue(request.param)


class ShelfOfBooks:
    """The served reviews of shelf.py, with the reference for what lists have to give."""

    def __init__(self, port, made):
        self.client, self.quick, self.model = Client(port), Quick(port), made


@pytest.fixture(scope="session")
def shelf_file(tmp_path_factory):
    """A store whose reviews were changed last at times that the reference knows."""
    db, bundles = tmp_path_factory.mktemp("shelf") / "shelf.db", shelf.bundles()
    process.put(db, *bundles)
    times = shelf.updated([bundle["id"] for bundle in bundles])
    with contextlib.closing(sqlite3.connect(db)) as connection, connection:
        connection.executemany("UPDATE review SET updated_at = ? WHERE slug = ?", [(at, slug) for slug, at in times.items()])
    return db


@pytest.fixture(scope="session")
def shelf_of_books(shelf_file):
    bundles = shelf.bundles()
    made = reference.Reference(bundles, shelf.updated([bundle["id"] for bundle in bundles]))
    with process.Server(shelf_file.parent, "--db", shelf_file) as server:
        yield ShelfOfBooks(server.port, made)
