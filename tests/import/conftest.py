# SPDX-License-Identifier: MIT
"""A store to import into, and the program that is the same for all suites."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "http"))


@pytest.fixture
def db(tmp_path):
    """The name of a store that is not there yet."""
    return tmp_path / "new.db"
