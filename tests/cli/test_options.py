# SPDX-License-Identifier: MIT
"""What the command line takes, and what it says to what it does not."""
import re
import subprocess

import process
import pytest
import schemas

COMMANDS = ["serve", "import", "export", "check", "backup", "openapi", "token", "version", "help"]
TAKEN = {"serve": {"--db", "--listen", "--threads", "--access-log", "--empty", "--read-only", "--max-body", "--connections", "--per-address",
                   "--cache"},
         "import": {"--db", "--dry-run", "--atomic", "--no-index", "--text", "--id", "--title", "--work", "--author", "--language",
                    "--reviewer", "--character"},
         "export": {"--db", "--review"}, "check": {"--db"}, "backup": {"--db", "--force"}, "openapi": set(), "token": {"--db"}, "version": set(), "help": set()}
VALUES = {"--db": "x.db", "--listen": "127.0.0.1:0", "--threads": "1", "--access-log": "json", "--max-body": "1M",
          "--connections": "1", "--per-address": "1", "--cache": "1M", "--review": "x", **dict.fromkeys(
    ("--text", "--id", "--title", "--work", "--author", "--language", "--reviewer", "--character"), "x")}


def wrong(*words, **surroundings):
    """Runs what must be refused as wrong usage, in one line, which is returned."""
    finished = process.run(*words, **surroundings).expect(64)
    process.assert_one_line(finished)
    return finished.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_how_it_is_used(command):
    own = process.run(command, "--help").expect(0)
    assert own.text.startswith(f"usage: reviewd {command if command != 'help' else 'COMMAND'}")
    assert own.stderr == ""
    for words in ([command, "-h"], ["help", command], [command, "--help", "--frobnicate"]):
        assert process.run(*words).expect(0) == own


def test_help_lists_every_command():
    overview = process.run("help").expect(0).text
    assert process.run("--help").text == process.run("-h").text == overview
    assert re.findall(r"^  (\w+) ", overview, re.M) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_help_lists_the_options_that_are_taken(command):
    told = set(re.findall(r"^  (--[\w-]+)", process.run(command, "--help").text, re.M))
    assert told == TAKEN[command]
    for option in set().union(*TAKEN.values()) - told:
        words = [command, option] + ([VALUES[option]] if option in VALUES else [])
        assert f"{command} takes no {option};" in wrong(*words)


def test_help_comes_before_anything_is_done(tmp_path):
    process.run("serve", "--db", tmp_path / "x.db", "--read-only", "--help").expect(0)
    process.run("import", "--db", tmp_path / "x.db", "--help", "missing.json").expect(0)
    assert not list(tmp_path.iterdir())


def test_version_names_the_program_and_its_libraries():
    build = (schemas.ROOT / "meson.build").read_text(encoding="utf-8")
    finished = process.run("version").expect(0)
    lines = finished.text.splitlines()
    assert lines[0] == "reviewd " + re.search(r"version: '([^']+)'", build)[1]
    for name in ("libmicrohttpd", "jansson", "sqlite", "utf8proc"):
        assert re.search(rf"^{name} \d+\.\d+", finished.text, re.M)
    assert process.run("--version").text == finished.text


def test_without_a_command_there_is_nothing_to_do():
    assert "which command?" in wrong()


@pytest.mark.parametrize("word, meant", [
    ("srve", "serve"), ("Serve", "serve"), ("imprt", "import"), ("exprot", "export"), ("chekc", "check"),
    ("versoin", "version"), ("hlep", "help")])
def test_a_mistyped_command_is_told_the_one_it_is_near(word, meant):
    line = wrong(word)
    assert f"there is no command '{word}'; did you mean '{meant}'?" in line
    assert f"did you mean '{meant}'?" in wrong("help", word)


@pytest.mark.parametrize("word", ["", "frobnicate", "-", "--", "-x", "--db", "--frobnicate", "im ex", "x" * 5000])
def test_a_command_that_is_near_to_none_is_told_where_to_look(word):
    line = wrong(word)
    assert f"there is no command '{word}'; see 'reviewd --help'" in line


@pytest.mark.parametrize("words, meant", [
    (["serve", "--lisen", "x"], ["--listen"]), (["serve", "--lisen=x"], ["--listen"]), (["serve", "--readonly"], ["--read-only"]),
    (["import", "--dryrun", "x"], ["--dry-run"]), (["import", "--d", "x"], ["--db", "--id", "--dry-run"]), (["check", "--bd", "x"], ["--db"]),
    (["export", "--reveiw", "x"], ["--review"]), (["version", "--hepl"], ["--help"])])
def test_a_mistyped_option_is_told_those_it_is_near(words, meant):
    line = wrong(*words)
    assert f"there is no option '{words[1].split('=')[0]}'; did you mean " in line
    assert re.findall(r"'(--[\w-]+)'", line.split("did you mean")[1]) == meant


def test_only_options_of_the_command_are_offered():
    assert "did you mean" not in wrong("check", "--lisen", "x")


@pytest.mark.parametrize("words, option", [
    (["serve", "--frobnicate"], "--frobnicate"), (["serve", "-x"], "-x"), (["serve", "-xyz"], "-x"), (["import", "-n", "x"], "-n"),
    (["check", "--database", "x"], "--database"), (["serve", "---"], "---")])
def test_an_option_that_is_near_to_none_is_told_where_to_look(words, option):
    assert f"there is no option '{option}'; see 'reviewd {words[0]} --help'" in wrong(*words)


@pytest.mark.parametrize("words, told", [
    (["serve", "--db"], "--db wants a value"), (["serve", "--empty", "--listen"], "--listen wants a value"),
    (["serve", "--empty=1"], "--empty takes no value"), (["import", "--atomic=yes", "x"], "--atomic takes no value"),
    (["serve", "x.db"], "serve takes no 'x.db'"), (["export", "one", "two"], "export takes no 'one'"),
    (["check", "--", "--db"], "check takes no '--db'"), (["version", "x"], "version takes no 'x'"),
    (["import"], "import wants a file"), (["import", "--dry-run"], "import wants a file"),
    (["help", "serve", "import"], "help takes one command, and not 'import'")])
def test_an_argument_too_many_or_too_few_is_named(words, told):
    assert told in wrong(*words)


@pytest.mark.parametrize("number", ["0", "65", "-1", "1.5", "x", "", " ", "1x", "0x10", "99999999999999999999"])
def test_threads_are_a_number_from_1_to_64(tmp_path, number):
    line = wrong("serve", "--threads", number, cwd=tmp_path)
    assert f"--threads wants a number from 1 to 64, not '{number}'" in line
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [[b"\xff\xfe"], [b"help", b"\xc3"], [b"serve", b"--\xff=1"], [b"serve", b"-\xff"],
                                   [b"import", b"--db", b"\xff/\xfe", b"x"]])
def test_arguments_need_not_be_text(tmp_path, words):
    done = subprocess.run([process.binary(), *words], capture_output=True, timeout=process.DEADLINE, cwd=tmp_path,
                          env=process.environment(), check=False)
    assert done.returncode in (64, 73)
    assert done.stderr.startswith(b"reviewd: ") and done.stderr.count(b"\n") == 1
    process.assert_unharmed(done.stderr.decode("utf-8", "replace"))


@pytest.mark.parametrize("words", [["version"], ["help"], ["serve", "--help"]])
def test_a_full_disk_takes_no_output(words):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([process.binary(), *words], stdout=full, stderr=subprocess.PIPE, timeout=process.DEADLINE,
                              env=process.environment(), check=False)
    assert (done.returncode, done.stderr) == (74, b"reviewd: cannot write: No space left on device\n")


def test_the_environment_stands_for_options_that_are_not_given(store, tmp_path):
    elsewhere = tmp_path / "elsewhere.db"
    for words, variables in (([], {"REVIEWD_DB": str(store)}), (["--db", store], {"REVIEWD_DB": str(elsewhere)})):
        assert "sound" in process.run("check", *words, cwd=tmp_path, **variables).expect(0).text
    assert "elsewhere.db" in process.run("check", REVIEWD_DB=str(elsewhere)).expect(66).stderr
    # An empty variable is as good as none.
    assert "reviews.db" in process.run("check", cwd=tmp_path, REVIEWD_DB="").expect(66).stderr


def test_no_colour_is_used_wherever_it_is_written_to(store):
    for variables in ({}, {"NO_COLOR": "1"}, {"TERM": "xterm-256color", "CLICOLOR_FORCE": "1"}):
        for words in (["help"], ["version"], ["check", "--db", store], ["srve"]):
            finished = process.run(*words, **variables)
            assert "\x1b" not in finished.text + finished.stderr
