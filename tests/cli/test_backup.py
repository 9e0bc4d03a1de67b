# SPDX-License-Identifier: MIT
"""A copy of the store while others use it: whole, of one moment, and never in the way of what is there."""
import fcntl
import os
import pathlib
import re
import shutil
import stat
import subprocess
import threading

import bundles
import process
import pytest
from bundles import bundle, ndjson
from conftest import needs_root
from writing import Author, add_token

COPIED = re.compile(r"copied: (\d+) reviews?, (\d+) quotes?, revision (\d+), (\d+\.\d) MB\n")


def backup(db, file, *more, status=0):
    return process.run("backup", "--db", db, *more, file).expect(status)


def refusal(db, file, status, *more):
    finished = backup(db, file, *more, status=status)
    process.assert_one_line(finished)
    return finished.stderr.removeprefix("reviewd: ").rstrip("\n")


def export(db):
    return process.run("export", "--db", db).expect(0).stdout


def ids(db):
    return set(re.findall(r'^\{"id":"([^"]+)"', export(db).decode("utf-8"), re.M))


def assert_sound(db):
    assert "sound: " in process.run("check", "--db", db).expect(0).text


@pytest.fixture
def copy(tmp_path):
    """Where a copy may be."""
    folder = tmp_path / "copies"
    folder.mkdir()
    return folder / "copy.db"


def test_a_copy_is_the_same_store(store, copy):
    finished = backup(store, copy)
    reviews, quotes, revision, megabytes = COPIED.fullmatch(finished.text).groups()
    (noted,) = bundles.ask(store, "SELECT reviews, quotes, revision FROM store")
    assert (int(reviews), int(quotes), int(revision)) == noted
    assert float(megabytes) == round(copy.stat().st_size / 1e6, 1)
    assert finished.stderr == ""
    assert [file.name for file in copy.parent.iterdir()] == ["copy.db"], "one file, and nothing beside it"
    assert_sound(copy)
    assert export(copy) == export(store)
    assert bundles.ask(copy, "SELECT uuid FROM store") == bundles.ask(store, "SELECT uuid FROM store")


def test_a_copy_can_be_served_and_written(store, copy, tmp_path):
    backup(store, copy)
    process.run("import", "--db", copy, "-", stdin=ndjson(bundle("news"))).expect(0)
    assert ids(copy) - ids(store) == {"news"}
    assert_sound(copy)
    with process.Server(tmp_path, "--db", copy):
        pass


@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_who_may_not_read_the_store_may_not_read_its_copy(store, copy, mode):
    os.chmod(store, mode)
    backup(store, copy)
    assert stat.S_IMODE(copy.stat().st_mode) == mode


def test_standard_output_takes_a_copy(store, copy, tmp_path):
    folder = tmp_path / "gathered"
    folder.mkdir()
    finished = process.run("backup", "--db", store, "-", TMPDIR=str(folder)).expect(0)
    assert finished.stderr == "" and not list(folder.iterdir())
    copy.write_bytes(finished.stdout)
    assert_sound(copy)
    assert export(copy) == export(store)


def test_while_a_server_takes_writes(store, copy, tmp_path):
    """Everything that was acknowledged before the copy began is in it, and of what came later a beginning."""
    token = add_token(store)
    acknowledged, ended = [], threading.Event()
    with process.Server(tmp_path, "--db", store, "--threads", "2") as server:
        def write():
            author = Author(server.port, token)
            # Not as fast as it can be: all is looked through several times.
            while not ended.wait(0.01):
                # Of several pages, so that no copy of single pages would fit together.
                id_ = f"new-{len(acknowledged)}"
                quotes = [{"spans": [[n, n + 5]], "speakers": ["someone"]} for n in range(80)]
                reply = author.bare("PUT", f"/v1/reviews/{id_}", bundle(id_, f"{id_} " + "Someone speaks. " * 200,
                                    agents=["Someone"], quotes=quotes), content_type="application/json", if_none_match="*")
                assert reply.status == 201, reply.body
                acknowledged.append(id_)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for turn in range(4):
                seen = len(acknowledged)
                process.wait_for(lambda at=seen: len(acknowledged) > at or not writer.is_alive())
                before = list(acknowledged)
                backup(store, copy, *(["--force"] if turn else []))
                after = len(acknowledged) + 1
                assert_sound(copy)
                held = ids(copy)
                assert set(before) <= held, "what was acknowledged is in the copy"
                new = {id_ for id_ in held if id_.startswith("new-")}
                assert new == {f"new-{n}" for n in range(len(new))}, "in the order of the writes, without a gap"
                assert len(new) <= after
        finally:
            ended.set()
            writer.join()
    assert len(acknowledged) >= 4


def test_while_an_import_runs(store, copy):
    fed, ended = [0], threading.Event()
    with subprocess.Popen([process.binary(), "import", "--db", store, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          env=process.environment()) as running:
        def feed():
            while not ended.wait(0.01):
                running.stdin.write(ndjson(bundle(f"new-{fed[0]:06}", "Someone speaks. " * 50, agents=["Someone"],
                                                  quotes=[{"spans": [[n, n + 7]]} for n in range(9)])))
                fed[0] += 1
            running.stdin.close()

        feeder = threading.Thread(target=feed)
        feeder.start()
        counts = []
        try:
            process.wait_for(lambda: any(id_.startswith("new-") for id_ in ids(store)))
            for turn in range(3):
                before = ids(store)
                backup(store, copy, *(["--force"] if turn else []))
                assert_sound(copy)
                held = ids(copy)
                assert before <= held
                new = sorted(id_ for id_ in held if id_.startswith("new-"))
                assert new == [f"new-{n:06}" for n in range(len(new))]
                counts.append(len(new))
            assert running.poll() is None, "the import is still at it"
        finally:
            ended.set()
            feeder.join()
        stdout = running.stdout.read()
        assert running.wait(process.DEADLINE) == 0
    assert counts == sorted(counts) and counts[0] > 0
    assert stdout.startswith(f"{fed[0]} added".encode()), "and was not disturbed"
    assert_sound(store)


# What is there

def test_a_file_that_is_there_stays(store, copy):
    backup(store, copy)
    before = copy.read_bytes()
    process.run("import", "--db", store, "-", stdin=ndjson(bundle("news"))).expect(0)
    assert refusal(store, copy, 73) == f"backup {copy}: the file is there already; --force replaces it"
    assert copy.read_bytes() == before
    backup(store, copy, "--force")
    assert export(copy) == export(store)


@pytest.mark.parametrize("content", [b"a letter to somebody\n", b"SQLite format 3\0" + bytes(84)])
def test_what_is_no_store_is_never_replaced(store, copy, content):
    copy.write_bytes(content)
    assert refusal(store, copy, 73, "--force") == f"backup {copy}: what is there is no store, and is not replaced"
    assert copy.read_bytes() == content and len(list(copy.parent.iterdir())) == 1


def test_an_empty_file_may_be_replaced(store, copy):
    copy.touch()
    refusal(store, copy, 73)
    backup(store, copy, "--force")
    assert_sound(copy)


@pytest.mark.parametrize("link", [None, os.symlink, os.link])
def test_the_store_is_no_copy_of_itself(store, tmp_path, link):
    before, file = export(store), store
    if link:
        file = tmp_path / "another-name.db"
        link(store, file)
    for more in ([], ["--force"]):
        assert refusal(store, file, 73, *more) == f"backup {file}: it is the store itself"
    assert export(store) == before


@pytest.mark.parametrize("more", [[], ["--read-only"]])
def test_a_store_in_use_is_not_replaced(store, copy, tmp_path, more):
    backup(store, copy)
    with process.Server(tmp_path, "--db", copy, *more):
        assert refusal(store, copy, 73, "--force") == f"backup {copy}: what is there is in use as a store"
        assert_sound(copy)
    backup(store, copy, "--force")


def test_a_store_with_writes_that_are_not_in_it_yet_is_not_replaced(store, copy):
    """What was acknowledged lies beside the file, and would be lost or, worse, taken for a part of the copy."""
    backup(store, copy)
    told = f"backup {copy}: what is there is in use as a store"
    log = pathlib.Path(f"{copy}-wal")
    log.write_bytes(b"acknowledged")
    assert refusal(store, copy, 73, "--force") == told
    copy.rename(copy.parent / "away.db")
    assert refusal(store, copy, 73) == told
    assert log.read_bytes() == b"acknowledged"


def test_a_link_to_an_older_copy_stays_a_link(store, copy, tmp_path):
    backup(store, copy)
    link = tmp_path / "latest.db"
    link.symlink_to(copy)
    process.run("import", "--db", store, "-", stdin=ndjson(bundle("news"))).expect(0)
    backup(store, link, "--force")
    assert link.is_symlink() and "news" in ids(copy)


def test_what_a_killed_backup_left_behind_is_used_again(store, copy):
    part = pathlib.Path(f"{copy}.part")
    part.write_bytes(b"half a store" * 5000)
    backup(store, copy)
    assert not part.exists()
    assert_sound(copy)


def test_two_backups_do_not_write_one_file(store, copy):
    part = pathlib.Path(f"{copy}.part")
    with open(part, "wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert refusal(store, copy, 75) == f"backup {copy}: another backup is writing it; try again when it is done"
        assert part.exists() and not copy.exists()
    backup(store, copy)


# Where no copy can be

def test_a_store_that_is_not_there(tmp_path, copy):
    line = refusal(tmp_path / "none.db", copy, 66)
    assert line.startswith(f"store {tmp_path / 'none.db'}: No such file")
    assert not list(copy.parent.iterdir())


def test_a_folder_is_no_place_for_a_name(store, tmp_path):
    assert refusal(store, tmp_path, 73) == f"backup {tmp_path}: it is a folder or a device, not a file"
    missing = tmp_path / "none" / "copy.db"
    assert refusal(store, missing, 73) == f"backup {missing}: its folder cannot be found: No such file or directory"
    dangling = tmp_path / "dangling.db"
    dangling.symlink_to(tmp_path / "nowhere.db")
    assert refusal(store, dangling, 73).startswith(f"backup {dangling}: ")
    assert refusal(store, "/dev/null", 73, "--force") == "backup /dev/null: it is a folder or a device, not a file"


@needs_root
def test_a_folder_that_may_not_be_written(stranger, sound_store):
    shutil.copy(sound_store, stranger.own / "x.db")
    os.chown(stranger.own / "x.db", 65534, 65534)
    finished = stranger.run("backup", "--db", "x.db", stranger.folder / "copy.db").expect(77)
    assert finished.stderr == f"reviewd: backup {stranger.folder / 'copy.db'}: cannot be made: Permission denied\n"


@needs_root
@pytest.mark.parametrize("free", [0, 4096, 65_536, 300_000])
def test_a_copy_that_does_not_fit(small_disk, store, free):
    small_disk.fill(free)
    copy = small_disk.folder / "copy.db"
    assert refusal(store, copy, 74) == "backup: no space left on the disk"
    assert [file.name for file in small_disk.folder.iterdir()] == ["filling"]
    small_disk.remount("size=32m")
    backup(store, copy)
    assert_sound(copy)


@needs_root
def test_an_older_copy_outlives_a_newer_one_that_does_not_fit(small_disk, tmp_path):
    db, copy = tmp_path / "small.db", small_disk.folder / "copy.db"
    process.run("import", "--db", db, "-", stdin=ndjson(bundle("one"))).expect(0)
    backup(db, copy)
    before = copy.read_bytes()
    process.run("import", "--db", db, "-", stdin=ndjson(bundle("long", "Long. " * 200_000))).expect(0)
    refusal(db, copy, 74, "--force")
    assert copy.read_bytes() == before


@needs_root
def test_an_output_that_takes_no_more(small_disk, store, tmp_path):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([process.binary(), "backup", "--db", store, "-"], stdout=full, stderr=subprocess.PIPE, check=False,
                              timeout=process.DEADLINE, env=process.environment(TMPDIR=str(tmp_path)))
    assert (done.returncode, done.stderr) == (74, b"reviewd: cannot write: No space left on device\n")
    small_disk.fill()
    assert process.run("backup", "--db", store, "-", TMPDIR=str(small_disk.folder)).expect(74).stdout == b""
    assert [file.name for file in small_disk.folder.iterdir()] == ["filling"]


@pytest.mark.parametrize(("words", "said"), [([], "backup wants the file that the copy is to be"),
                                             (["a", "b"], "backup makes one file, and not 'b' as well")])
def test_one_file_is_wanted(store, words, said):
    finished = process.run("backup", "--db", store, *words).expect(64)
    process.assert_one_line(finished)
    assert said in finished.stderr
