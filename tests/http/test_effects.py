# SPDX-License-Identifier: MIT
"""Every parameter that the OpenAPI document declares for a path changes what that path answers."""
import urllib.parse

import openapi
import process
import pytest
from client import Client, at

KINDS = {"characters": "character", "people": "person", "organisations": "organisation"}
# How long it takes is what this one changes; test_wait.py.
UNSEEN = {"wait"}
CASES = [(operation, parameter["name"]) for operation in openapi.operations() if operation.method == "get"
         for parameter in operation.parameters if parameter["in"] == "query" and parameter["name"] not in UNSEEN]


def bundle(number):
    """Of two that have hardly anything in common but their agents and works."""
    agents = [{"id": f"{kind}-{one}", "kind": kind, "name": f"Some {kind} {one}"} for kind in KINDS.values() for one in (1, 2)]
    which = ("first", "second")[number - 1]
    said = [(agent, f"The {'longer ' * index}words of {agent['name']}, {which}.") for index, agent in enumerate(agents)]
    forms, attributions = ("direct", "indirect"), ("stated", "inferred")
    quotes = [{"id": str(index), "speakers": [agent["id"]], "addressees": [f"organisation-{1 + index % 2}"],
               "about": [f"person-{1 + index % 2}"], "exact": words, "work": f"work-{1 + index % 2}", "spoiler": index % 2 == 0,
               "form": forms[index % 2], "attribution": attributions[index // 2 % 2]} for index, (agent, words) in enumerate(said)]
    works = [{"id": f"work-{one}", "title": f"Title {3 - one}", "language": ("en", "nl")[one - 1], "published": str(1956 + one),
              "contributors": [{"role": "author", "id": f"person-{one}"}]} for one in (1, 2)]
    # In front, so that code points, UTF-16 and bytes differ behind it.
    text = "\N{FOX FACE} " + " ".join(words for _, words in said)
    return {"id": f"review-{number}", "title": f"Title {3 - number}", "language": ("en", "nl")[number - 1],
            "reviewer": f"Reviewer {3 - number}", "published": str(1956 + number), "work": works[0], "works": works[1:] if number == 1 else [],
            "agents": agents if number == 1 else agents[::2], "text": text, "quotes": quotes if number == 1 else quotes[::2]}


@pytest.fixture(scope="module", name="varied")
def fixture_varied(tmp_path_factory):
    folder = tmp_path_factory.mktemp("varied")
    process.put(folder / "varied.db", *(bundle(number) for number in (1, 2)))
    with process.Server(folder, "--db", folder / "varied.db") as server:
        yield Client(server.port)


AGENTS = [f"{kind}-{one}" for kind in KINDS.values() for one in (1, 2)]
# Where what a schema lists is not all there is to try.
TRIED = {
    **dict.fromkeys(("about", "addressee", "character", "person", "speaker"), AGENTS), "work": ["work-1", "work-2"],
    "review": ["review-1", "review-2"], "reviewer": ["reviewer 1", "reviewer 2"], "language": ["en", "nl"], "spoiler": ["0", "1"],
    "min_length": ["1", "30", "100000"], "max_length": ["1", "30"], "published_from": ["1958", "2100"], "published_to": ["1957", "1900"],
    "updated_since": ["2100-01-01"], "q": ["second", "longer", "title 2"], "limit": ["0", "1"], "pretty": ["1"], "chars": ["0", "3"],
    "seed": [str(seed) for seed in range(2, 12)], "date": [f"2026-11-{day:02}" for day in range(1, 20)], "since": ["1"],
    "text": ["the longer words", "nothing of the kind"],
}
# What must be there as well for it to mean something.
BESIDE = {"match": {"q": "word"}, "seed": {"sort": "random", "seed": "1"}, "date": {"date": "2026-11-25"}, "cursor": {"limit": "1"}}
NEEDED = {"q": "some", "text": "The words of Some character 1", "by": "form"}

# What names nothing that there might not be.
SINGLED = dict.fromkeys(("quote_daily", "quote_random"), {"match", "max_length", "min_length", "published_from", "published_to", "q",
                                                          "updated_since"})


def address(operation):
    collection = operation.path.split("/")[2] if operation.path.count("/") > 1 else ""
    if operation.path.startswith("/problems/"):
        return "/problems/not-found"
    id_ = "review-1~0" if collection == "quotes" else KINDS.get(collection, collection[:-1]) + "-1"
    return operation.path.replace("{id}", id_)


def tried(varied, parameter, path, beside):
    if parameter["name"] == "cursor":
        next_ = varied.json(at(path, **beside))["page"]["next"]
        return [urllib.parse.parse_qs(urllib.parse.urlsplit(next_).query)["cursor"][0]]
    schema = parameter["schema"]
    listed = schema.get("enum") or schema.get("items", {}).get("enum") or []
    return TRIED.get(parameter["name"]) or listed or [parameter["example"]]


@pytest.mark.parametrize(("operation", "name"), CASES, ids=[f"{operation.id}-{name}" for operation, name in CASES])
def test_every_parameter_changes_the_answer(varied, operation, name):
    names = {parameter["name"]: parameter for parameter in operation.parameters if parameter["in"] == "query"}
    path = address(operation)
    beside = {other: NEEDED[other] for other, parameter in names.items() if parameter.get("required")}
    beside |= {other: value for other, value in BESIDE.get(name, {}).items() if other in names}

    def answer(asked):
        reply = varied.send("GET", at(path, **asked))
        return reply.status, reply.body

    before = answer(beside)
    assert before[0] in (200, 302), before
    assert answer(beside) == before or operation.id == "quote_random" and name != "seed"
    changed = [answer(beside | {name: value}) for value in tried(varied, names[name], path, beside)]
    # A refusal is no answer; that nothing fits is one, where there is always a single thing.
    answers = {200, 404} if name in SINGLED.get(operation.id, ()) else {200, 302}
    assert any(one[0] in answers and one != before for one in changed)
