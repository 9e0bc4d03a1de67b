# SPDX-License-Identifier: MIT
"""Runs behind all others: nothing of the contract may be there that no test has seen."""
import openapi
import pytest

# Statuses that none of these tests can bring about, and why.
UNSEEN = {
    "503": "the store has to be busy, slow or out of memory; test_health.py has it for /readyz",
}
# And of some operations: what no review goes with is there for ever, and a fault in a write needs a broken disk.
UNSEEN_OF = {
    "410": lambda path, method: not path.startswith(("/v1/reviews", "/v1/quotes")),
    "500": lambda path, method: method != "get",
}


def test_everything_declared_has_been_seen(request):
    if not request.config.whole_suite:
        pytest.skip("tells something only behind the whole suite")
    missing = sorted(" ".join((method.upper(), path, what, name)) for path, method, what, name in openapi.declared()
                     if (path, method, what, name) not in openapi.SEEN and not (what == "status" and (name in UNSEEN or name in UNSEEN_OF and UNSEEN_OF[name](path, method))))
    assert not missing, "declared, but never seen:\n" + "\n".join(missing)
