# SPDX-License-Identifier: MIT
"""Stores to measure with: bundles of a corpus, or made-up ones of the same size, once or many times over."""
import gzip
import json
import random
import subprocess

WORDS = ("de het een van en dat niet met voor ook maar dan wie zijn haar hem mijn heer vrouw koning liefde dood leven "
         "hart hand oog nacht dag zee stad hof kroon trouw wraak vreugde leed god hemel aarde vuur water wind").split()


def made_up(plays=186, characters=12, quotes=332, seed=7):
    """Plays with as many characters and quotes as those of DutchDraCor have."""
    chance = random.Random(seed)
    for play in range(plays):
        agents = [{"id": f"play-{play}_{n}", "name": f"Persoon {n} van {play}"} for n in range(characters)]
        text, found = "", []
        for number in range(quotes):
            words = " ".join(chance.choices(WORDS, k=chance.randint(6, 60)))
            found.append({"id": str(number + 1), "speakers": [agents[chance.randrange(characters)]["id"]],
                          "spans": [[len(text), len(text) + len(words)]]})
            text += words + "\n"
        yield {"id": f"play-{play}", "language": "nl", "work": {"id": f"play-{play}", "kind": "play", "title": f"Spel {play}"},
               "agents": agents, "text": text, "quotes": found, "mentions": []}


def read(paths):
    for path in paths:
        with (gzip.open if path.name.endswith(".gz") else open)(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


def prefixed(bundle, prefix):
    """The same bundle under other ids: of the review, its works, its agents."""
    copy = json.loads(json.dumps(bundle))
    copy["id"] = prefix + copy["id"]
    for work in [copy.get("work"), *copy.get("works", [])]:
        if isinstance(work, dict) and "id" in work:
            work["id"] = prefix + work["id"]
            for contributor in work.get("contributors", []):
                contributor["id"] = prefix + contributor["id"]
    for agent in copy.get("agents", []):
        agent["id"] = prefix + agent["id"]
    for quote in copy.get("quotes", []):
        for role in ("speakers", "addressees", "about"):
            quote[role] = [prefix + agent for agent in quote.get(role) or []]
        if quote.get("work"):
            quote["work"] = prefix + quote["work"]
    for mention in copy.get("mentions") or []:
        mention["of"] = [prefix + agent for agent in mention["of"]]
    return copy


def fill(binary, store, bundles, times=1):
    """Imports the bundles, each `times` times under different ids."""
    words = [binary, "import", "--db", store, "-"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as program:
        for turn in range(times):
            for bundle in bundles:
                program.stdin.write(json.dumps(prefixed(bundle, f"c{turn}-") if turn else bundle, ensure_ascii=False) + "\n")
        program.stdin.close()
        told = program.stdout.read()
    if program.returncode:
        raise SystemExit(f"bench: the import failed: {told}")
    return told
