# SPDX-License-Identifier: MIT
"""Lists at random over real texts, which are no part of the project: the files *.ndjson.gz in the folder $REVIEWD_CORPORA."""
import gzip
import json
import os
import pathlib
import random

import process
import pytest
import reference
from client import at
from quick import Quick

FILES = sorted(pathlib.Path(os.environ.get("REVIEWD_CORPORA", "/nowhere")).glob("*.ndjson.gz"))
# So much of each that the reference, which looks at every row for every question, is done in a minute.
REVIEWS_MAX, ROUNDS = 15, 40
SORTS = (None, "-added", "length", "-length", "published", "updated")
WORDS_MAX = 8


@pytest.fixture(name="corpus", scope="module", params=FILES, ids=lambda file: file.name)
def fixture_corpus(request, tmp_path_factory):
    """(quick client, reference, words of the texts) of the first reviews of a corpus."""
    folder = tmp_path_factory.mktemp("corpus")
    db = folder / "corpus.db"
    with gzip.open(request.param, "rt", encoding="utf-8") as file:
        lines = "".join(line for line, _ in zip(file, range(REVIEWS_MAX)))
    process.run("import", "--db", db, "-", stdin=lines.encode("utf-8")).expect(0)
    # With all that is left out where it is nothing, and in the order in which they came.
    written = {bundle["id"]: bundle for bundle in map(json.loads, process.run("export", "--db", db).expect(0).text.splitlines())}
    bundles = [written[json.loads(line)["id"]] for line in lines.splitlines()]
    with process.Server(folder, "--db", db) as server:
        quick = Quick(server.port)
        updated = {row["id"]: row["updated_at"] for row in quick.walk("/v1/reviews", "id,updated_at", limit=200)}
        yield quick, reference.Reference(bundles, updated), common_words(bundles)


def common_words(bundles):
    """Some that many quotes have, and some that few have."""
    counts = {}
    for bundle in bundles:
        for quote in bundle["quotes"][:200]:
            for word in {word for start, end in quote["spans"] for word in bundle["text"][start:end].lower().split()}:
                counts[word] = counts.get(word, 0) + 1
    words = sorted((word for word in counts if word.isalpha()), key=lambda word: (-counts[word], word))
    return words[:WORDS_MAX] + words[len(words) // 2:len(words) // 2 + WORDS_MAX]


def question(chance, model, words):
    speakers = [id_ for bundle in model.bundles for id_ in [agent["id"] for agent in bundle["agents"]]]
    choices = {"review": [bundle["id"] for bundle in model.bundles], "speaker": speakers, "form": ["direct", "pull", "reported"],
               "attribution": ["stated", "inferred", "unknown"], "work": list(model.works), "min_length": ["20", "200"],
               "max_length": ["30", "400"], "language": ["nl", "en", "de"], "q": words}
    choices = {name: values for name, values in choices.items() if values}
    asked = {name: [chance.choice(choices[name])] for name in chance.sample(list(choices), chance.choice((0, 1, 1, 2, 3)))}
    return asked, chance.choice(SORTS)


def test_lists_of_quotes_at_random_are_those_of_the_reference(corpus):
    quick, model, words = corpus
    chance, found = random.Random("corpora"), 0
    for _ in range(ROUNDS):
        asked, sort = question(chance, model, words)
        exact = {"match": "exact"} if "q" in asked else {}
        wanted = model.quotes_of(asked, sort or "added")
        limit = 200 if len(wanted) > 400 else chance.choice((7, 20, 200))
        assert quick.ids("/v1/quotes", limit=limit, **asked, **exact, **({"sort": sort} if sort else {})) == wanted, (asked, sort)
        counts = model.facet("speaker", asked)
        answer = quick.json(at("/v1/facets", by="speaker", limit=50, **asked, **exact))["facets"]["speaker"]
        assert [(row["id"], row["count"]) for row in answer] == sorted(counts.items(), key=lambda row: (-row[1], row[0]))[:50]
        found += bool(wanted)
    assert found > ROUNDS // 8


def test_lists_of_reviews_at_random_are_those_of_the_reference(corpus):
    quick, model, words = corpus
    chance = random.Random("reviews")
    for _ in range(ROUNDS):
        asked, sort = question(chance, model, words)
        asked = {name: value for name, value in asked.items() if name in ("language", "max_length", "min_length", "q", "work")}
        sort = chance.choice(("id", "-id", "added", "title", "updated"))
        exact = {"match": "exact"} if "q" in asked else {}
        assert quick.ids("/v1/reviews", limit=chance.choice((3, 200)), sort=sort, **asked, **exact) == model.reviews_of(asked, sort), asked
