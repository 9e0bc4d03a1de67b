# SPDX-License-Identifier: MIT
"""Lines with curl out of documents, run as they stand by a shell; an answer that says no is a failure."""
import pathlib
import shutil
import subprocess

import process

CURL = shutil.which("curl")
# What a document says where the service is, unless it knows better.
DEFAULT = "localhost:8080"


def run(line, port, folder, **variables):
    """What the line prints. curl reads from .curlrc that it has to fail where the server says no."""
    assert line.startswith("curl "), line
    pathlib.Path(folder, ".curlrc").write_text("fail-with-body\nsilent\nshow-error\nmax-time = 30\n", encoding="utf-8")
    here = line.replace(DEFAULT, f"127.0.0.1:{port}")
    done = subprocess.run(["/bin/sh", "-c", here], capture_output=True, check=False, cwd=folder, timeout=2 * process.DEADLINE,
                          env=process.environment(CURL_HOME=str(folder), **variables))
    assert done.returncode == 0, f"{line}: {done.returncode} {done.stderr.decode()} {done.stdout[:500]!r}"
    return done.stdout.decode("utf-8")
