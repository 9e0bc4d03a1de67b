# SPDX-License-Identifier: MIT
"""On a disk that is slow to sync: writes that come together wait for it together, and reads do not wait at all."""
import concurrent.futures

import faults
import pytest
import writing
from writing import bundle

CLIENTS = 16


@pytest.fixture(scope="module")
def slow(tmp_path_factory):
    """(server, author), with each sync of the store taking a fifth of a second while it is armed."""
    if faults.is_sanitized():
        pytest.skip("the program has sanitizers")
    folder = tmp_path_factory.mktemp("together")
    token = writing.add_token(folder / "reviews.db")
    with faults.Server(folder, "--db", folder / "reviews.db") as server:
        yield server, writing.Author(server.port, token)


def syncs(server, author, prefix, width):
    """How many there are while so many clients create sixteen reviews."""
    server.faults.arm(faults.SYNC, 1, faults.SLOW, lasting=True)
    with concurrent.futures.ThreadPoolExecutor(width) as pool:
        replies = list(pool.map(lambda number: author.bare("POST", "/v1/reviews", bundle(f"{prefix}-{number}")), range(CLIENTS)))
    count = server.faults.disarm()
    assert [reply.status for reply in replies] == [201] * CLIENTS
    return count


def test_writes_that_come_together_share_a_sync(slow):
    """And one after the other, which is the control, they do not."""
    server, author = slow
    assert syncs(server, author, "together", CLIENTS) < CLIENTS // 2
    assert syncs(server, author, "alone", 1) >= CLIENTS


def test_a_refused_write_takes_nothing_from_those_that_come_with_it(slow):
    """Of its two agents the second turns out to have no name."""
    server, author = slow

    def post(number):
        agents = [{"id": f"known-{number}", "name": f"Known {number}"}]
        agents += [{"id": f"nameless-{number}"}] if number % 4 == 0 else []
        return author.bare("POST", "/v1/reviews", bundle(f"mixed-{number}", agents=agents))

    server.faults.arm(faults.SYNC, 1, faults.SLOW, lasting=True)
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        replies = list(pool.map(post, range(CLIENTS)))
    count = server.faults.disarm()
    assert [reply.status for reply in replies] == [422 if number % 4 == 0 else 201 for number in range(CLIENTS)]
    assert count < CLIENTS // 2
    for number, reply in enumerate(replies):
        stored = 200 if reply.status == 201 else 404
        author.get(f"/v1/reviews/mixed-{number}", stored)
        author.get(f"/v1/characters/known-{number}", stored)


def test_reads_do_not_wait_for_a_write(slow):
    server, author = slow
    server.faults.arm(faults.SYNC, 1, faults.SLOW, lasting=True)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        write = pool.submit(author.bare, "POST", "/v1/reviews", bundle("slowly"))
        reads = 0
        while not write.done():
            assert author.bare("GET", "/v1/quotes").status == 200
            reads += not write.done()
    server.faults.disarm()
    assert write.result().status == 201 and reads > 3
