# SPDX-License-Identifier: MIT
"""What the tests over HTTP know of servers and clients is known here, too."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))


def pytest_configure(config):
    config.addinivalue_line("markers", "alone: about time, so that nothing may run beside it")


@pytest.fixture(scope="session")
def long_form():
    import faults
    return faults.LONG


@pytest.fixture
def store(tmp_path):
    return tmp_path / "reviews.db"
