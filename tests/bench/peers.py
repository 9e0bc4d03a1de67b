# SPDX-License-Identifier: MIT
"""Services that a user would pick instead, with the same quotes: json-server and Datasette, where they can be had."""
import json
import sqlite3
import subprocess
import urllib.parse

import contenders

JSON_SERVER, DATASETTE = "json-server@0.17.4", "datasette==0.65.1"


def quotes_of(bundles):
    for bundle in bundles:
        for quote in bundle["quotes"]:
            yield {"id": f"{bundle['id']}~{quote['id']}", "speaker": (quote.get("speakers") or [None])[0],
                   "review": bundle["id"], "text": " … ".join(bundle["text"][start:end] for start, end in quote["spans"]),
                   "spans": quote["spans"]}


def json_server(folder, bundles, speakers, say):
    """(contender, targets), or None where it cannot be installed."""
    if not contenders.npm_package(folder, JSON_SERVER, say):
        return None
    (folder / "db.json").write_text(json.dumps({"quotes": list(quotes_of(bundles))}))
    port = contenders.free_port()
    words = ["node", folder / "node_modules/.bin/json-server", "--quiet", "--host", "127.0.0.1", "--port", port, folder / "db.json"]
    targets = [f"/quotes?speaker={urllib.parse.quote(speaker)}&_limit=10" for speaker in speakers]
    return contenders.Contender("json-server", words, port, cwd=folder, ready=targets[0]), targets


def datasette(folder, bundles, speakers, say):
    python = folder / "python"
    made = subprocess.run(["/usr/bin/python3", "-m", "venv", python], capture_output=True, check=False)
    if made.returncode == 0:
        made = subprocess.run([python / "bin/pip", "install", "--quiet", DATASETTE], capture_output=True, check=False)
    if made.returncode:
        say("datasette could not be installed, so it is left out")
        return None
    store = sqlite3.connect(folder / "quotes.db")
    store.execute("CREATE TABLE quotes (id TEXT PRIMARY KEY, speaker TEXT, review TEXT, text TEXT, spans TEXT)")
    store.executemany("INSERT INTO quotes VALUES (?,?,?,?,?)",
                      ((one["id"], one["speaker"], one["review"], one["text"], json.dumps(one["spans"])) for one in quotes_of(bundles)))
    store.execute("CREATE INDEX quotes_speaker ON quotes (speaker)")
    store.commit()
    store.close()
    port = contenders.free_port()
    words = [python / "bin/datasette", "serve", "--host", "127.0.0.1", "--port", port, "--setting", "suggest_facets", "off",
             folder / "quotes.db"]
    targets = [f"/quotes/quotes.json?speaker={urllib.parse.quote(speaker)}&_size=10&_shape=array" for speaker in speakers]
    return contenders.Contender("Datasette", words, port, cwd=folder, ready=targets[0]), targets
