# SPDX-License-Identifier: MIT
# Adds up the tests of several runs: sum_tests.py [NAME STATUS FILE]..., the last line of its output is the total.
#
# STATUS is the exit status of the run. FILE is its JUnit file, or '-' for a run that is one check without any.
# A failure that the JUnit file does not show still counts: a program that crashed, leaked or hung after its
# last line of TAP (Meson notes that only in its own log), a pytest that broke off, a file that is not there.
import json
import pathlib
import sys
import xml.etree.ElementTree


def read_junit(path):
    """Returns (passed, [(class, name) of each failed test], skipped)."""
    passed, failed, skipped = 0, [], 0
    for case in xml.etree.ElementTree.parse(path).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed.append((case.get("classname", ""), case.get("name", "")))
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def broken_programs(path, failed):
    """Yields the programs that Meson holds for failed without a failed test of theirs in the JUnit file."""
    log = path.with_name(path.name.replace(".junit.xml", ".json"))
    if log == path or not log.exists():
        return
    for line in log.read_text(encoding="utf-8").splitlines():
        program = json.loads(line)
        name = program["name"]
        # A program with TAP is the class `project.name` of its tests, one without is a test of the class `project`.
        shown = any(class_.endswith("." + name) or name == case for class_, case in failed)
        if program["result"] not in ("OK", "SKIP", "EXPECTEDFAIL") and not shown:
            yield f"{name} ended with {program['result']}, exit status {program['returncode']}"


def read_run(name, status, file):
    """Returns (passed, [what failed], skipped) of one run."""
    if file == "-":
        return (1, [], 0) if status == 0 else (0, [f"exit status {status}"], 0)
    path = pathlib.Path(file)
    try:
        passed, cases, skipped = read_junit(path)
        failed = [f"{class_} {case}" for class_, case in cases] + list(broken_programs(path, cases))
    except (OSError, ValueError, KeyError, xml.etree.ElementTree.ParseError) as error:
        return 0, [f"no readable result of the tests: {error}"], 0
    if status != 0 and not failed:
        failed.append(f"exit status {status} although no test failed")
    elif passed + skipped == 0 and not failed:
        failed.append("no test ran")
    return passed, failed, skipped


def main(arguments):
    if len(arguments) % 3:
        sys.exit("usage: sum_tests.py [NAME STATUS FILE]...")
    passed, failed, skipped = 0, 0, 0
    for name, status, file in zip(*[iter(arguments)] * 3):
        run_passed, run_failed, run_skipped = read_run(name, int(status), file)
        for what in run_failed:
            print(f"FAILED {name}: {what}")
        passed, failed, skipped = passed + run_passed, failed + len(run_failed), skipped + run_skipped
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
