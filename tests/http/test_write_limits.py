# SPDX-License-Identifier: MIT
"""How much a client may send, and how many clients an address may have."""
import contextlib
import fcntl
import json

import process
import pytest
import wire
import writing
from client import Client
from writing import bundle

MIB = 1 << 20
# So many above the limit of an address are told so.
TOLD = 8


@pytest.fixture(scope="module")
def narrow(tmp_path_factory):
    """A server that takes 2 KiB of a document, and three connections from one address."""
    store = tmp_path_factory.mktemp("narrow") / "reviews.db"
    token = writing.add_token(store)
    with process.Server(store.parent, "--db", store, "--max-body", "2K", "--per-address", 3) as server:
        yield writing.Author(server.port, token)


def put_head(author, id_, headers):
    return wire.request_bytes("PUT", f"/v1/reviews/{id_}", {
        "Authorization": f"Bearer {author.token}", "If-None-Match": "*", "Connection": "close", **headers})


def sized(id_, size):
    """A bundle that is so many bytes long as JSON."""
    return writing.encode(bundle(id_, "x" * (size - len(writing.encode(bundle(id_, ""))))))


def test_a_document_has_at_most_what_the_server_says(narrow):
    narrow.put("/v1/reviews/fits", sized("fits", 2048), 201, if_none_match="*")
    problem = narrow.refusal("PUT", "/v1/reviews/not", sized("not", 2049), 413, "payload-too-large", if_none_match="*")
    assert "2048 bytes" in problem["detail"]
    narrow.get("/v1/reviews/not", 404)


@pytest.mark.parametrize("size", [2049, 100000, 3 * MIB])
def test_a_document_in_pieces_has_no_more(narrow, size):
    body = sized("pieces", size)
    data = b"".join(b"%x\r\n%s\r\n" % (len(body[at:at + 900]), body[at:at + 900]) for at in range(0, size, 900)) + b"0\r\n\r\n"
    reply = wire.read_reply(wire.Received(wire.exchange(
        narrow.port, put_head(narrow, "pieces", {"Transfer-Encoding": "chunked"}) + data)), "PUT")
    assert (reply.status, b"payload-too-large" in reply.body) == (413, True)
    narrow.get("/v1/reviews/pieces", 404)


def test_a_dry_run_of_many_lines_takes_no_more_memory_than_an_answer_may_have(tmp_path, monkeypatch):
    process.give_memory_back(monkeypatch)
    token = writing.add_token(tmp_path / "reviews.db")
    with process.Server(tmp_path, "--db", tmp_path / "reviews.db") as server:
        author, before = writing.Author(server.port, token), server.memory("VmHWM")
        problem = author.refusal("POST", "/v1/import?dry_run=1", writing.REFUSED_LINE * 30000, 413, "payload-too-large",
                                 content_type=writing.LINES_TYPE)
        assert "nothing is stored" in problem["detail"]
        assert server.memory("VmHWM") - before < 150 * MIB


def test_a_document_that_is_too_long_is_refused_before_it_comes(narrow):
    with wire.Connection(narrow.port) as connection:
        connection.send(put_head(narrow, "early", {"Content-Length": "2049", "Expect": "100-continue"}))
        received = connection.read_to_end()
    assert wire.read_reply(wire.Received(received), "PUT").status == 413
    assert b"100 Continue" not in received


def test_the_usual_document_has_8_mebibytes(author, own_id):
    spaces = b" " * (8 * MIB - len(writing.encode(bundle(own_id))))
    author.put(f"/v1/reviews/{own_id}", writing.encode(bundle(own_id)) + spaces, 201, if_none_match="*")
    author.refusal("PUT", f"/v1/reviews/{own_id}", writing.encode(bundle(own_id)) + spaces + b" ", 413, "payload-too-large",
                   if_match="*")


def test_an_import_has_lines_no_longer_than_a_document(narrow):
    lines = [sized(f"line-{number}", 2000) for number in range(20)]
    assert narrow.post("/v1/import", b"\n".join(lines), 200).text.count('"added"') == 21
    rows = narrow.post("/v1/import", b"\n".join([*lines, sized("long", 2049)]), 200).text
    assert (rows.count('"refused"'), "longer than 2048 bytes" in rows) == (2, True)


def answers(connection):
    connection.send(wire.request_bytes("GET", "/livez"))
    with contextlib.suppress(ConnectionError, wire.http.client.HTTPException):
        return connection.reply().status == 200
    return False


def hold(stack, port, count, held):
    """Whether so many connections are open and answered; they are not before the server has seen the end of earlier ones."""
    with contextlib.ExitStack() as attempt:
        held[:] = [attempt.enter_context(wire.Connection(port)) for _ in range(count)]
        if all(answers(connection) for connection in held):
            stack.push(attempt.pop_all())
            return True
    return False


def test_an_address_has_no_more_connections_than_the_server_says(narrow):
    held = []
    with contextlib.ExitStack() as stack:
        process.wait_for(lambda: hold(stack, narrow.port, 3, held))
        for _ in range(3):
            assert_told_to_come_back(narrow, "address")
        # The connections of whoever goes on all the same are dropped, and nobody pays for them.
        more = [stack.enter_context(wire.Connection(narrow.port)) for _ in range(TOLD)]
        with wire.Connection(narrow.port) as last:
            assert not answers(last)
        assert all(answers(connection) for connection in held)
        # Who says nothing has no place for long.
        assert [connection.read_to_end() for connection in more] == [b""] * TOLD
    process.wait_for(lambda: hold_one(narrow.port))
    process.wait_for(lambda: narrow.send("GET", "/livez").status == 200)


def assert_told_to_come_back(client, why):
    """On a connection that comes to its end with the answer."""
    reply = client.get("/livez", 503)
    problem = json.loads(reply.text)
    assert (int(reply.get("Retry-After")) >= 1, problem["code"], why in problem["detail"]) == (True, "unavailable", True)
    assert client.get("/v1/quotes/random.txt", 503).text.startswith("503 ")


def hold_one(port):
    with wire.Connection(port) as connection:
        return answers(connection)


def test_a_full_server_says_when_to_come_back(tmp_path):
    """Nine of ten places are for anybody; the last ones are for telling so, which cached answers do not take."""
    with process.Server(tmp_path, "--db", tmp_path / "reviews.db", "--connections", 40, "--threads", 1) as server:
        client, held = Client(server.port), []
        client.get("/livez")
        with contextlib.ExitStack() as stack:
            process.wait_for(lambda: hold(stack, server.port, 36, held))
            for _ in range(3):
                assert_told_to_come_back(client, "clients")
            held.pop().close()
            process.wait_for(lambda: hold_one(server.port))
        client.alive()


def test_this_machine_has_many_connections(author):
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(wire.Connection(author.port)) for _ in range(400)]
        assert answers(held[0]) and answers(held[-1])


@pytest.mark.parametrize("words", [("--max-body", "0"), ("--max-body", "x"), ("--max-body", "2T"), ("--max-body", "2000M"),
                                   ("--max-body", "-1"), ("--per-address", "0"), ("--per-address", "many"), ("--connections", "0"), ("--connections", "1e3")])
def test_limits_that_make_no_sense_are_refused(tmp_path, words):
    process.assert_one_line(process.run("serve", "--db", tmp_path / "x.db", *words).expect(64))


def test_a_store_that_another_process_writes_is_told_to_be_busy(author, own_id, written_file):
    """What holds the writer's lock is any process that writes, such as a long import."""
    author.create(bundle(own_id))
    with open(f"{written_file}-lock", "rb+") as lock:
        process.wait_for(lambda: lock_is_free(lock))
        reply = author.put(f"/v1/reviews/{own_id}-2", bundle(own_id + "-2"), 503, if_none_match="*")
        assert int(reply.get("Retry-After")) >= 1
        assert b"another process is writing" in reply.body
        author.get(f"/v1/reviews/{own_id}")
    author.create(bundle(own_id + "-2"))


def lock_is_free(lock):
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def test_an_import_works_beside_a_server_that_is_written_to(author, own_id, written_file, tmp_path):
    file = tmp_path / "more.ndjson"
    file.write_bytes(b"".join(writing.encode(bundle(f"{own_id}-{number}")) + b"\n" for number in range(50)))
    author.create(bundle(own_id))
    process.wait_for(lambda: process.run("import", "--db", written_file, file).status == 0)
    assert author.json(f"/v1/reviews/{own_id}-49")["id"] == f"{own_id}-49"
    author.create(bundle(own_id + "-after"))


def test_a_text_has_at_most_what_the_store_takes(tmp_path):
    store = tmp_path / "reviews.db"
    token = writing.add_token(store)
    with process.Server(tmp_path, "--db", store, "--max-body", "80M") as server:
        author = writing.Author(server.port, token)
        problem = author.refusal("POST", "/v1/reviews", bundle("too-long", "x" * (64 * MIB + 1)), 422, "invalid-body")
        assert problem["pointer"] == "/text" and str(64 * MIB) in problem["detail"]
        author.get("/v1/reviews/too-long", 404)
        author.alive()


@pytest.mark.parametrize("length", [(), (("Content-Length", "0"),)])
def test_a_write_without_a_body_that_asks_first_is_answered(author, own_id, length):
    """It waits for the writer before anything of a body could come."""
    author.create(bundle(own_id))
    head = [("Authorization", f"Bearer {author.token}"), ("If-Match", "*"), ("Expect", "100-continue"), *length]
    received = wire.Received(wire.exchange(author.port, wire.request_bytes("DELETE", f"/v1/reviews/{own_id}", head)))
    assert wire.read_reply(received, "DELETE").status == 204
    author.get(f"/v1/reviews/{own_id}", 410)


def test_a_server_with_one_place_serves_one_client(tmp_path):
    with process.Server(tmp_path, "--db", tmp_path / "reviews.db", "--connections", 1) as server:
        with wire.Connection(server.port) as first:
            assert answers(first)
            assert_told_to_come_back(Client(server.port), "clients")
        process.wait_for(lambda: hold_one(server.port))
