# SPDX-License-Identifier: MIT
"""PUT of characters, people, organisations and works: told whole, by condition, and readable at once."""
import json

import pytest
from writing import bundle

FOLDERS = {"characters": "character", "people": "person", "organisations": "organisation"}


def agent(id_, **more):
    return {"id": id_, "name": "A Name", **more}


@pytest.mark.parametrize("folder", FOLDERS)
def test_agent_put_makes_an_agent(author, own_id, folder):
    path = f"/v1/{folder}/{own_id}"
    before = author.json("/v1")["counts"][folder]
    reply = author.put(path, agent(own_id, aliases=["Alias One", "Alias Two"], description="Who?",
                                   same_as=["https://example.org/x"]), 201, if_none_match="*")
    value = json.loads(reply.text)
    assert value == {"id": own_id, "kind": FOLDERS[folder], "name": "A Name", "description": "Who?", "url": path,
                     "aliases": ["Alias One", "Alias Two"], "same_as": ["https://example.org/x"]}
    assert author.json(path) == value
    assert author.tag(path) == reply.get("ETag")
    assert author.json("/v1")["counts"][folder] == before + 1


def test_agent_put_is_found_by_its_new_names_alone(author, own_id):
    path = f"/v1/characters/{own_id}"
    old, new = f"Old {own_id}", f"New {own_id}"
    author.put(path, agent(own_id, name=old, aliases=[old + " alias"]), 201, if_none_match="*")
    assert author.get("/v1/characters/" + old.replace(" ", "%20"), 302).get("Location") == path
    author.put(path, agent(own_id, name=new, aliases=[new + " alias"]), 200, if_match="*")
    for name, status in ((old, 404), (old + " alias", 404), (new, 302), (new + " alias", 302)):
        author.get("/v1/characters/" + name.replace(" ", "%20"), status)


def test_agent_put_takes_away_what_it_does_not_tell(author, own_id):
    path = f"/v1/characters/{own_id}"
    author.put(path, agent(own_id, aliases=["X", "Y", "Z"], description="D", same_as=["http://a.example"]), 201, if_none_match="*")
    author.put(path, agent(own_id, aliases=["Z", "A Name", "Q"]), 200, if_match="*")
    value = author.json(path)
    assert (value["aliases"], value["description"], value["same_as"]) == (["Z", "Q"], None, [])


def test_agent_put_keeps_the_quotes(author, own_id):
    author.create(bundle(own_id, "He said: No.", agents=[{"id": own_id, "name": "He"}],
                         quotes=[{"id": "1", "speakers": [own_id], "exact": "No."}]))
    author.put(f"/v1/characters/{own_id}", agent(own_id, name="Him"), 200, if_match="*")
    quote, = author.data(f"/v1/characters/{own_id}/quotes")
    assert quote["speakers"][0]["name"] == "Him"


def test_agent_put_of_what_get_gives_changes_nothing(author):
    before = author.json("/v1")
    for path in ("/v1/characters/darko-kerim-bey", "/v1/people/ian-fleming", "/v1/organisations/smersh",
                 "/v1/works/from-russia-with-love"):
        seen = author.get(path)
        reply = author.put(path, seen.body, 200, if_match=seen.get("ETag"))
        assert reply.body == seen.body
        assert reply.get("ETag") == seen.get("ETag")
    assert author.json("/v1") == before


def test_agent_put_takes_the_id_from_the_path(author, own_id):
    path = f"/v1/people/{own_id}"
    assert json.loads(author.put(path, {"name": "Somebody"}, 201, if_none_match="*").text)["id"] == own_id
    problem = author.refusal("PUT", path, {"id": "other", "name": "X"}, 422, "invalid-body", if_match="*")
    assert problem["pointer"] == "/id"


@pytest.mark.parametrize(("body", "pointer"), [
    ({}, "/name"), ({"name": ""}, "/name"), ({"name": "X", "kind": "person"}, "/kind"), ({"name": "X", "colour": 1}, "/colour"),
    ({"name": "X", "aliases": "Y"}, "/aliases"), ({"name": "X", "aliases": [1]}, "/aliases/0"),
    ({"name": "X", "same_as": ["nowhere"]}, "/same_as/0"), ([], ""), ("X", ""), ({"name": "X" * 70000}, "/name"),
    ({"name": "X", "aliases": [f"{n}" for n in range(1001)]}, "/aliases")])
def test_agent_put_tells_what_is_wrong(author, own_id, body, pointer):
    problem = author.refusal("PUT", f"/v1/characters/{own_id}", body, 422, "invalid-body", if_none_match="*")
    assert problem["pointer"] == pointer
    author.get(f"/v1/characters/{own_id}", 404)


def test_agent_put_refuses_the_id_of_another_kind(author, own_id):
    author.put(f"/v1/people/{own_id}", agent(own_id), 201, if_none_match="*")
    path = f"/v1/characters/{own_id}"
    author.refusal("PUT", path, agent(own_id), 412, "precondition-failed", if_none_match="*")
    author.refusal("PUT", path, agent(own_id), 412, "precondition-failed", if_match="*")
    author.refusal("PUT", path, agent(own_id), 412, "precondition-failed", if_match=author.tag(f"/v1/people/{own_id}"))
    assert author.json(f"/v1/people/{own_id}")["kind"] == "person"


@pytest.mark.parametrize("folder", [*FOLDERS, "works"])
def test_agent_put_and_work_put_want_a_condition_that_holds(author, own_id, folder):
    path, body = f"/v1/{folder}/{own_id}", {"title": "T"} if folder == "works" else {"name": "N"}
    author.refusal("PUT", path, body, 428, "precondition-required")
    author.refusal("PUT", path, body, 412, "precondition-failed", if_match="*")
    author.put(path, body, 201, if_none_match="*")
    author.refusal("PUT", path, body, 412, "precondition-failed", if_none_match="*")
    tag = author.tag(path)
    author.create(bundle(own_id + "-unrelated"))
    changed = author.put(path, {**body, "description": "New."}, 200, if_match=tag)
    author.refusal("PUT", path, body, 412, "precondition-failed", if_match=tag)
    author.put(path, body, 200, if_match=changed.get("ETag"))
    author.refusal("PUT", path, body, 412, "precondition-failed", if_match=author.tag("/v1/works"))


def test_work_put_makes_a_work(author, own_id):
    path = f"/v1/works/{own_id}"
    body = {"kind": "film", "title": "A Film", "language": "en-gb", "published": "1963-10", "description": "D",
            "contributors": [{"role": "director", "name": f"Director {own_id}"},
                             {"role": "actor", "id": "sean-connery", "character": "james-bond"}],
            "relations": [{"kind": "adaptation_of", "to": "from-russia-with-love"}], "same_as": ["https://example.org/film"]}
    before = author.json("/v1")["counts"]
    reply = author.put(path, body, 201, if_none_match="*")
    value = json.loads(reply.text)
    assert author.json(path) == value
    assert (value["language"], value["kind"]) == ("en-GB", "film")
    assert [(one["role"], one["id"]) for one in value["contributors"]] == [
        ("director", f"director-{own_id}"), ("actor", "sean-connery")]
    assert value["contributors"][1]["character"]["id"] == "james-bond"
    assert value["relations"] == [{"kind": "adaptation_of", "to": "from-russia-with-love", "title": "From Russia with Love"}]
    after = author.json("/v1")["counts"]
    assert (after["works"], after["people"]) == (before["works"] + 1, before["people"] + 1)
    again = author.put(path, reply.body, 200, if_match=reply.get("ETag"))
    assert again.body == reply.body


def test_work_put_takes_away_what_it_does_not_tell(author, own_id):
    path = f"/v1/works/{own_id}"
    author.put(path, {"kind": "play", "title": "T", "published": "1900", "relations": [{"kind": "part_of", "to": "x"}],
                      "contributors": [{"role": "author", "id": "ian-fleming"}]}, 201, if_none_match="*")
    author.put(path, {"title": "T"}, 200, if_match="*")
    value = author.json(path)
    assert (value["kind"], value["published"], value["relations"], value["contributors"]) == (None, None, [], [])


@pytest.mark.parametrize(("body", "pointer"), [
    ({"title": 1}, "/title"), ({"published": "soon"}, "/published"), ({"contributors": [{"name": "X"}]}, "/contributors/0/role"),
    ({"contributors": [{"role": "author", "id": "nobody-at-all"}]}, "/contributors/0/name"),
    ({"relations": [{"kind": "part_of"}]}, "/relations/0/to"), ({"colour": 1}, "/colour"), ([], "")])
def test_work_put_tells_what_is_wrong(author, own_id, body, pointer):
    problem = author.refusal("PUT", f"/v1/works/{own_id}", body, 422, "invalid-body", if_none_match="*")
    assert problem["pointer"] == pointer
    author.get(f"/v1/works/{own_id}", 404)
