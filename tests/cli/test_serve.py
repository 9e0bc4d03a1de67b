# SPDX-License-Identifier: MIT
"""How serve starts, what it refuses to start on, and how it ends."""
import contextlib
import json
import os
import pathlib
import re
import selectors
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request

import bundles
import process
import pytest
import schemas
from bundles import bundle, ndjson
from conftest import needs_root

FREE = ("--listen", "127.0.0.1:0")
SEED = "from-russia-with-love-nl"


def get(port, path, host="127.0.0.1"):
    with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=process.DEADLINE) as reply:
        return json.load(reply)


def refused(status, *words, **surroundings):
    """Runs a server that must not start, and says why in one line, which is returned."""
    finished = process.run("serve", *words, **surroundings).expect(status)
    process.assert_one_line(finished)
    return finished.stderr


@contextlib.contextmanager
def serving(*words, signal_number=signal.SIGTERM):
    """A server on an address that process.Server does not know: its first line."""
    with subprocess.Popen([process.binary(), "serve", *(str(word) for word in words)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=process.environment()) as running:
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(running.stdout, selectors.EVENT_READ)
                assert selector.select(process.DEADLINE)
            yield running.stdout.readline().decode("utf-8")
            running.send_signal(signal_number)
            assert running.wait(process.DRAIN) == 0
            assert running.stderr.read() == b""
        finally:
            running.kill()


def eventually(condition):
    deadline = time.monotonic() + process.DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def has_ipv6():
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


# The store

def test_a_missing_store_is_made_with_the_seed_in_it(tmp_path):
    db = tmp_path / "new.db"
    with process.Server(tmp_path, "--db", db) as server:
        assert get(server.port, "/v1")["counts"]["reviews"] == 1
        assert get(server.port, f"/v1/reviews/{SEED}")["text"] == bundles.seed()["text"]
        assert server.stderr() == ""
    # It is not put in a second time.
    with process.Server(tmp_path, "--db", db) as server:
        store = get(server.port, "/v1")
        assert (store["counts"]["reviews"], store["revision"]) == (1, 1)
    assert process.run("check", "--db", db).expect(0)


def test_a_missing_store_is_made_empty_if_wanted(tmp_path):
    db = tmp_path / "new.db"
    with process.Server(tmp_path, "--db", db, "--empty") as server:
        assert set(get(server.port, "/v1")["counts"].values()) == {0}
    with process.Server(tmp_path, "--db", db) as server:
        assert get(server.port, "/v1")["counts"]["reviews"] == 0, "and stays so"


def test_a_seed_that_was_changed_stays_changed(tmp_path):
    db = tmp_path / "new.db"
    process.run("import", "--db", db, "-", stdin=ndjson(bundle(SEED, "Another text."))).expect(0)
    with process.Server(tmp_path, "--db", db) as server:
        assert get(server.port, f"/v1/reviews/{SEED}")["text"] == "Another text."


def test_a_file_of_no_bytes_becomes_a_store(tmp_path):
    (tmp_path / "new.db").touch()
    with process.Server(tmp_path, "--db", tmp_path / "new.db") as server:
        assert get(server.port, "/v1")["counts"]["reviews"] == 1


def test_read_only_makes_nothing(tmp_path):
    line = refused(66, "--db", tmp_path / "new.db", "--read-only", *FREE)
    assert "new.db: No such file or directory" in line
    assert not list(tmp_path.iterdir())


def test_read_only_changes_nothing(store, tmp_path):
    before = store.read_bytes()
    with process.Server(tmp_path, "--db", store, "--read-only") as server:
        assert get(server.port, "/v1")["counts"]["reviews"] == len(bundles.library()) + 1
    assert store.read_bytes() == before
    assert not store.with_name("store.db-lock").exists()


def test_a_large_store_is_not_read_through_at_the_start(tmp_path):
    """It is looked over for a moment only, however large it is."""
    db = tmp_path / "large.db"
    with process.Server(tmp_path, "--db", db):
        pass
    with contextlib.closing(sqlite3.connect(db)) as store:
        store.execute("CREATE TABLE padding (bytes BLOB)")
        store.executemany("INSERT INTO padding VALUES (zeroblob(?))", [(3000,)] * 80000)
        store.commit()
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = db.stat().st_size
    assert size > 300e6
    with process.Server(tmp_path, "--db", db) as server:
        read = dict(line.split(": ") for line in pathlib.Path(f"/proc/{server.process.pid}/io").read_text().splitlines())["rchar"]
        assert int(read) < size / 2
        assert get(server.port, "/v1")["counts"]["reviews"] == 1


@pytest.mark.parametrize("name", [":memory:", "file:x", "file:x?mode=memory&cache=shared", "x?mode=ro", "x#y%41 z", "-", "книга.db", "x\ty"])
def test_a_path_is_a_path_and_nothing_else(tmp_path, name):
    with process.Server(tmp_path, "--db", name, cwd=tmp_path) as server:
        assert get(server.port, "/v1")["counts"]["reviews"] == 1
    assert (tmp_path / name).read_bytes().startswith(b"SQLite format 3\0")
    assert "sound: 1 review," in process.run("check", "--db", name, cwd=tmp_path).expect(0).text


def test_a_link_leads_to_the_store(store, tmp_path):
    (tmp_path / "link.db").symlink_to(store)
    with process.Server(tmp_path, "--db", tmp_path / "link.db") as server:
        assert get(server.port, "/v1")["counts"]["reviews"] > 1
    assert not (tmp_path / "link.db-lock").exists()


@pytest.mark.parametrize("more", [[], ["--read-only"]])
def test_a_folder_that_is_not_there(tmp_path, more):
    status = 66 if more else 73
    for path in ("no/x.db", "no/such/x.db", "file/x.db"):
        (tmp_path / "file").touch()
        line = refused(status, "--db", path, *more, *FREE, cwd=tmp_path)
        assert line.startswith(f"reviewd: store {path}: ")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("more", [[], ["--read-only"]])
def test_a_link_that_leads_nowhere(tmp_path, more):
    (tmp_path / "nowhere").symlink_to("not-there")
    (tmp_path / "loop").symlink_to("loop")
    before = sorted(tmp_path.iterdir())
    assert "nowhere: No such file" in refused(66 if more else 73, "--db", tmp_path / "nowhere", *more, *FREE)
    assert "loop: Too many levels of symbolic links" in refused(66 if more else 73, "--db", tmp_path / "loop", *more, *FREE)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("more", [[], ["--read-only"]])
@pytest.mark.parametrize("kind", ["folder", "pipe", "device"])
def test_what_is_no_file_is_no_store(tmp_path, kind, more):
    path = tmp_path / "odd"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path = "/dev/zero"
    assert f"store {path}: " in refused(65, "--db", path, *more, *FREE)
    assert not os.path.exists(f"{path}-lock")


@pytest.mark.parametrize("path", ["", "/", ".", "./", "x" * 300, "x/" * 3000])
def test_a_path_that_cannot_be_one(tmp_path, path):
    refused(73 if path in ("", "x" * 300, "x/" * 3000) else 65, "--db", path, *FREE, cwd=tmp_path)
    assert not list(tmp_path.iterdir())


def foreign(path):
    bundles.alter(path, "CREATE TABLE books (title)", "INSERT INTO books VALUES ('Dr. No')")


def other_application(path):
    process.run("import", "--db", path, "-").expect(0)
    bundles.alter(path, "PRAGMA application_id = 7")


def no_version(path):
    process.run("import", "--db", path, "-").expect(0)
    bundles.alter(path, "PRAGMA user_version = 0")


@pytest.mark.parametrize("command", ["serve", "serve --read-only", "import", "export"])
@pytest.mark.parametrize("make", [foreign, other_application, no_version])
def test_a_database_of_somebody_else_is_left_as_it_is(tmp_path, make, command):
    path = tmp_path / "x.db"
    make(path)
    before = path.read_bytes()
    words = {"serve": FREE, "serve --read-only": FREE, "import": [schemas.SEED_FILE], "export": []}[command]
    finished = process.run(*command.split(), "--db", path, *words).expect(65)
    process.assert_one_line(finished)
    assert finished.stderr == f"reviewd: store {path}: it is no reviewd store\n"
    assert path.read_bytes() == before


@pytest.mark.parametrize("command", ["serve", "serve --read-only", "import", "export", "check"])
def test_a_store_of_a_newer_version_is_left_as_it_is(store, command):
    bundles.alter(store, "PRAGMA user_version = 99")
    before = store.read_bytes()
    words = {"serve": FREE, "serve --read-only": FREE, "import": [schemas.SEED_FILE], "export": [], "check": []}[command]
    finished = process.run(*command.split(), "--db", store, *words).expect(78)
    process.assert_one_line(finished)
    known = len(list((schemas.ROOT / "schema" / "migrations").glob("*.sql")))
    assert f"newer reviewd (schema 99, this one knows up to {known}); run that version, or a newer one" in finished.stderr
    assert store.read_bytes() == before


@pytest.mark.parametrize("more", [[], ["--read-only"]])
@pytest.mark.parametrize("kept", [50, 5000, 40_000])
def test_a_store_that_is_cut_off(store, kept, more):
    store.write_bytes(store.read_bytes()[:kept])
    line = refused(65, "--db", store, *more, *FREE)
    assert re.search("malformed|not a database|damaged|no reviewd store", line)


def test_words_are_no_store(tmp_path):
    (tmp_path / "x.db").write_bytes(b"Once upon a time\n" * 1000)
    for command in (["serve", *FREE], ["serve", "--read-only", *FREE], ["import", schemas.SEED_FILE], ["export"]):
        finished = process.run(*command, "--db", tmp_path / "x.db").expect(65)
        process.assert_one_line(finished)
        assert "x.db: file is not a database" in finished.stderr


def test_damage_that_shows_at_once_is_told_instead_of_served(store):
    data = bytearray(store.read_bytes())
    root, = bundles.ask(store, "SELECT rootpage FROM sqlite_schema WHERE name = 'review'")[0]
    data[(root - 1) * 4096:root * 4096] = bytes(4096)
    store.write_bytes(data)
    line = refused(65, "--db", store, "--read-only", *FREE)
    assert "it is damaged: " in line


@pytest.mark.parametrize("damage", [
    "UPDATE quote SET form = 99, attribution = -1", "UPDATE quote_agent SET role = 9 WHERE role = 2", "UPDATE agent SET kind = 50",
    "UPDATE quote SET spans = '0 1 0 99999999'", "UPDATE quote SET spans = 'x'", "UPDATE quote SET spans = ''", "DELETE FROM review_text",
    "UPDATE review SET text_bytes = 99999999", "UPDATE mention SET span = '0 1 -5 1'", "UPDATE mention SET span = '0 1 0 99999999'",
    "UPDATE mention SET agents = 'x'", "UPDATE mention SET agents = '99999'", "DELETE FROM store"])
def test_damage_that_shows_later_does_not_end_the_server(store, tmp_path, damage):
    bundles.change(store, damage)
    with process.Server(tmp_path, "--db", store, "--read-only") as server:
        for path in ("", "/reviews", f"/reviews/{SEED}", f"/reviews/{SEED}/bundle", f"/reviews/{SEED}/text", f"/reviews/{SEED}/mentions", "/quotes",
                     f"/quotes/{SEED}~1", "/characters", "/characters/james-bond/quotes", "/characters/james-bond/mentions", "/works"):
            try:
                get(server.port, f"/v1{path}")
            except json.JSONDecodeError:
                assert path.endswith("/text")
            except urllib.error.HTTPError as error:
                assert error.code == 500, path
        assert get(server.port, "/livez") == {"status": "ok"}


# Rights

@needs_root
@pytest.mark.parametrize("command", ["serve", "serve --read-only", "import", "export", "check"])
def test_a_store_that_may_not_be_read(stranger, sound_store, command):
    path = stranger.own / "x.db"
    path.write_bytes(sound_store.read_bytes())
    path.chmod(0o600)
    words = {"serve": FREE, "serve --read-only": FREE, "import": ["-"], "export": [], "check": []}[command]
    finished = stranger.run(*command.split(), "--db", "x.db", *words).expect(77)
    process.assert_one_line(finished)
    assert finished.stderr == "reviewd: store x.db: Permission denied\n"


@needs_root
@pytest.mark.parametrize("command", ["serve", "import", "export"])
def test_a_folder_that_may_not_be_written(stranger, sound_store, command):
    path = stranger.folder / "x.db"
    path.write_bytes(sound_store.read_bytes())
    words = {"serve": FREE, "import": ["-"], "export": []}[command]
    finished = stranger.run(command, "--db", path, *words).expect(77)
    process.assert_one_line(finished)
    assert re.search("cannot make the lock file: Permission denied|its folder must be writable", finished.stderr)


@needs_root
def test_a_folder_that_may_not_be_entered(stranger):
    (stranger.folder / "closed").mkdir(mode=0o700)
    for words in (FREE, ["--read-only", *FREE]):
        finished = stranger.run("serve", "--db", stranger.folder / "closed" / "x.db", *words).expect(77)
        process.assert_one_line(finished)
        assert "Permission denied" in finished.stderr


@needs_root
def test_a_store_on_a_disk_that_is_read_only_can_be_read(small_disk, tmp_path):
    db = small_disk.folder / "x%41?.db"
    process.run("import", "--db", db, schemas.SEED_FILE).expect(0)
    small_disk.remount("ro")
    before = sorted(small_disk.folder.iterdir())
    assert bundles.parse(process.run("export", "--db", db).expect(0).stdout) == [bundles.seed()]
    assert "sound: 1 review," in process.run("check", "--db", db).expect(0).text
    with process.Server(tmp_path, "--db", db, "--read-only") as server:
        assert get(server.port, "/v1")["counts"]["reviews"] == 1
    assert "Read-only file system" in refused(77, "--db", db, *FREE)
    assert sorted(small_disk.folder.iterdir()) == before


# The address

@pytest.mark.parametrize("address", [
    "", ":", "8080", ":8080", "localhost", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:-1", "127.0.0.1:65536", "127.0.0.1:080808",
    "127.0.0.1:80 ", "127.0.0.1: 80", "127.0.0.1:0x50", "::1:8080", "[::1]", "[::1", "[::1]8080", "[]:80", "[::1]]:80", "x]:80", "http://127.0.0.1:8080",
    "127.0.0.1:80/", "x" * 300 + ":80"])
def test_an_address_that_is_malformed(tmp_path, address):
    line = refused(64, "--db", tmp_path / "x.db", f"--listen={address}")
    assert "wanted HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:8080" in line
    assert f"'{address[:200]}'" in line
    assert not list(tmp_path.iterdir())


def test_an_address_in_use(store):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = refused(69, "--db", store, "--listen", f"127.0.0.1:{port}")
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use; another program listens there: stop it or choose another --listen" in line


def test_an_address_that_another_server_uses(store, tmp_path):
    with process.Server(tmp_path, "--db", store) as server:
        refused(69, "--db", store, "--listen", f"127.0.0.1:{server.port}")
        assert get(server.port, "/livez") == {"status": "ok"}
        port = server.port
    # The connections of the one that ended do not keep the address.
    with process.Server(tmp_path, "--db", store, "--listen", f"127.0.0.1:{port}") as server:
        assert server.port == port


@pytest.mark.parametrize("address", ["192.0.2.1:8080", "nothing.invalid:8080", "[2001:db8::1]:0"])
def test_an_address_that_is_not_of_this_machine(store, address):
    assert f"cannot listen on {address.translate({91: None, 93: None})}: " in refused(69, "--db", store, "--listen", address)


@needs_root
def test_a_port_that_is_for_root(stranger):
    with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding="ascii") as first:
        if int(first.read()) <= 81:
            pytest.skip("every port is for everybody here")
    finished = stranger.run("serve", "--db", "x.db", "--listen", "127.0.0.1:81").expect(77)
    process.assert_one_line(finished)
    assert finished.stderr == "reviewd: cannot listen on 127.0.0.1:81: Permission denied; ports below 1024 are for root\n"


@pytest.mark.parametrize("address, url", [
    ("*:0", r"http://(?:0\.0\.0\.0|\[::\]):\d+"), ("0.0.0.0:0", r"http://0\.0\.0\.0:\d+"), ("localhost:0", r"http://(?:127\.0\.0\.1|\[::1\]):\d+"),
    ("127.0.0.1:00000", r"http://127\.0\.0\.1:\d+"), ("127.0.0.2:0", r"http://127\.0\.0\.2:\d+")])
def test_the_first_line_is_where_it_listens(store, address, url):
    with serving("--db", store, "--listen", address) as line:
        assert re.fullmatch(rf"listening on {url}\n", line)
        host, port = re.search(r"//(.*):(\d+)", line).groups()
        assert get(port, "/livez", {"0.0.0.0": "127.0.0.1", "[::]": "127.0.0.1"}.get(host, host)) == {"status": "ok"}


@pytest.mark.skipif(not has_ipv6(), reason="there is no IPv6 here")
def test_an_address_of_ipv6(store):
    with serving("--db", store, "--listen", "[::1]:0") as line:
        port = re.fullmatch(r"listening on http://\[::1\]:(\d+)\n", line)[1]
        assert get(port, "/livez", "[::1]") == {"status": "ok"}


# Options

def test_options_come_before_the_environment(store, tmp_path):
    with process.Server(tmp_path, "--db", store, REVIEWD_DB="/not/there", REVIEWD_LISTEN="nonsense") as server:
        assert get(server.port, "/v1")["counts"]["reviews"] > 1


def test_the_environment_comes_before_the_defaults(store, tmp_path):
    with process.Server(tmp_path, listen=(), cwd=tmp_path, REVIEWD_DB=str(store), REVIEWD_LISTEN="127.0.0.1:0") as server:
        assert get(server.port, "/v1")["counts"]["reviews"] > 1
    assert not (tmp_path / "reviews.db").exists()


def test_the_defaults(tmp_path):
    with process.Server(tmp_path, cwd=tmp_path, REVIEWD_DB="") as server:
        assert get(server.port, "/v1")["counts"]["reviews"] == 1
    assert (tmp_path / "reviews.db").exists()
    with socket.socket() as taken:
        # Whoever has it: it is taken.
        with contextlib.suppress(OSError):
            taken.bind(("127.0.0.1", 8080))
            taken.listen()
        assert "cannot listen on 127.0.0.1:8080: " in refused(69, cwd=tmp_path, REVIEWD_LISTEN="")


@pytest.mark.parametrize("threads", ["1", "2", "64"])
def test_threads_as_wanted(store, tmp_path, threads):
    with process.Server(tmp_path, "--db", store, "--threads", threads) as server:
        assert get(server.port, "/livez") == {"status": "ok"}
        # One for each loop, besides the main one.
        assert len(os.listdir(f"/proc/{server.process.pid}/task")) > int(threads)


# The end

@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well(store, tmp_path, number):
    server = process.Server(tmp_path, "--db", store)
    get(server.port, "/v1")
    server.stop(number)
    assert server.stderr() == ""


def test_a_signal_right_after_the_first_line_ends_it_well(store, tmp_path):
    for number in (signal.SIGTERM, signal.SIGINT):
        process.Server(tmp_path, "--db", store).stop(number)


def test_connections_that_wait_do_not_hold_up_the_end(store, tmp_path):
    server = process.Server(tmp_path, "--db", store)
    with contextlib.ExitStack() as waiting:
        for _ in range(5):
            connection = waiting.enter_context(socket.create_connection(("127.0.0.1", server.port), process.DEADLINE))
            connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
        server.stop()


def test_nobody_needs_to_read_the_first_line(store):
    with open("/dev/full", "wb") as full, subprocess.Popen(
            [process.binary(), "serve", "--db", store, *FREE], stdout=full, stderr=subprocess.PIPE, env=process.environment()) as running:
        def listens():
            with open(f"/proc/{running.pid}/net/tcp", encoding="ascii") as sockets:
                listening = {line.split()[9] for line in sockets if line.split()[3] == "0A"}
            folder = f"/proc/{running.pid}/fd"
            links = set()
            for name in os.listdir(folder):
                # What it has open changes while it starts.
                with contextlib.suppress(FileNotFoundError):
                    links.add(os.readlink(f"{folder}/{name}"))
            return any(f"socket:[{inode}]" in links for inode in listening)

        try:
            eventually(listens)
            running.terminate()
            assert running.wait(process.DRAIN) == 0
        finally:
            running.kill()


# Beside others

def test_two_servers_share_a_store(store, tmp_path):
    with process.Server(tmp_path, "--db", store) as one, process.Server(tmp_path, "--db", store) as two:
        assert get(one.port, "/v1/quotes") == get(two.port, "/v1/quotes")
        process.run("import", "--db", store, "-", stdin=ndjson(bundle("news"))).expect(0)
        for server in (one, two):
            assert get(server.port, "/v1/reviews/news")["text"] == bundle()["text"]
        one.stop()
        assert get(two.port, "/v1/reviews/news")["id"] == "news"


def test_it_starts_and_serves_beside_an_import(store, tmp_path):
    with subprocess.Popen([process.binary(), "import", "--db", store, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=process.environment()) as running:
        running.stdin.write(ndjson(bundle("news")))
        running.stdin.flush()
        eventually(lambda: process.is_written(store))
        with process.Server(tmp_path, "--db", store) as server:
            assert get(server.port, "/v1")["counts"]["reviews"] >= len(bundles.library()) + 1
            process.run("import", "--db", store, "-").expect(75)
            output, errors = running.communicate(ndjson(bundle("more news")), process.DEADLINE)
            assert (running.returncode, errors) == (65, b'-:2: /id: "more news" is no id: letters, digits, - and _, at most 200 of them\n'
                                                        b"reviewd: 1 of the bundles refused; the others are stored\n")
            assert b"1 added" in output
            assert get(server.port, "/v1/reviews/news")["id"] == "news"


def test_an_import_ends_well_beside_a_server_that_has_ended(store, tmp_path):
    server = process.Server(tmp_path, "--db", store)
    get(server.port, "/v1")
    server.kill()
    assert "sound: " in process.run("check", "--db", store).expect(0).text
    process.run("import", "--db", store, "-", stdin=ndjson(bundle("news"))).expect(0)
    with process.Server(tmp_path, "--db", store) as server:
        assert get(server.port, "/v1/reviews/news")["id"] == "news"
