# SPDX-License-Identifier: MIT
"""What the tests over HTTP know of servers and clients is known here, too."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))
