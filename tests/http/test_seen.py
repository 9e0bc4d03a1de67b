# SPDX-License-Identifier: MIT
"""Runs behind all others: nothing of the contract may be there that no test has seen."""
import openapi
import pytest

# Statuses that none of these tests can bring about, and why. A write that fails is 503 but for a fault of the program.
UNSEEN = {
    "410": "only reviews can be deleted",
    "503": "the store has to be busy, slow or out of memory; test_health.py has it for /readyz",
}


def test_everything_declared_has_been_seen(request):
    if not request.config.whole_suite:
        pytest.skip("tells something only behind the whole suite")
    missing = sorted(" ".join((method.upper(), path, what, name)) for path, method, what, name in openapi.declared()
                     if (path, method, what, name) not in openapi.SEEN
                     and not (what == "status" and (name in UNSEEN or (name == "500" and method != "get"))))
    assert not missing, "declared, but never seen:\n" + "\n".join(missing)
