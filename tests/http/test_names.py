# SPDX-License-Identifier: MIT
"""A name or an alias in the place of an id."""
import pytest
import wire
from client import segment

KERIM = "/v1/characters/darko-kerim-bey"


@pytest.mark.parametrize("name", [
    "Darko Kerim Bey", "darko kerim bey", "DARKO KERIM BEY", "Kerim Bey", "kérim bëy", "Ｋｅｒｉｍ　Ｂｅｙ", "Darko  Kerim",
    "Darko-Kerim-Bey", "darko_kerim_bey", "«Kerim Bey»", "Kerim, Bey!", "Ke\u0301rim Bey", " Kerim Bey "])
def test_agent_get_by_a_name_leads_to_the_id(seed, name):
    assert seed.get(f"/v1/characters/{segment(name)}", 302).get("Location") == KERIM


@pytest.mark.parametrize("below", ["", ".json", ".txt", "/quotes", "/quotes.txt", "/mentions", "/mentions.json", "/reviews",
                                   "/reviews.txt"])
@pytest.mark.parametrize("query", ["", "?pretty=1", "?pretty=0&utm_source=a%20b"])
def test_a_name_leads_to_the_same_path_with_suffix_and_query(seed, below, query):
    reply = seed.get(f"/v1/characters/Kerim%20Bey{below}{query}", 302)
    assert reply.get("Location") == KERIM + below + query
    assert seed.get(reply.get("Location")).status == 200


@pytest.mark.parametrize(("name", "collection", "id_"), [
    ("Ian Fleming", "people", "ian-fleming"), ("Fleming", "people", "ian-fleming"),
    ("John F. Kennedy", "people", "john-f-kennedy"), ("John F Kennedy", "people", "john-f-kennedy"),
    ("een verontruste fan", "people", "the-worried-fan"), ("Smersh", "organisations", "smersh"),
    ("Britse geheime dienst", "organisations", "british-secret-service"), ("007", "characters", "james-bond")])
def test_agent_get_by_a_name_works_for_every_kind(seed, name, collection, id_):
    assert seed.get(f"/v1/{collection}/{segment(name)}", 302).get("Location") == f"/v1/{collection}/{id_}"


@pytest.mark.parametrize(("name", "id_"), [
    ("Ägent Twó", "agent-two"), ("agent two", "agent-two"), ("AGENT TWO", "agent-two"), ("Agent A/2", "agent-two"),
    ("agent ore", "agent-ore"), ("Agent ØRE", "agent-ore"), ("АГЕНТ ПЯТЬ", "агент-пять"), ("пятый", "агент-пять"),
    ("🦊", "primus"), ("Agent Vol. 7", "primus"), ("agent zwolf", "agent-one-too"), ("the first", "agent-one")])
def test_agent_get_by_a_name_folds_case_and_accents(books, name, id_):
    assert books.get(f"/v1/characters/{segment(name)}", 302).get("Location") == f"/v1/characters/{segment(id_)}"


def test_an_id_wins_over_the_alias_of_another(library_store):
    client, made = library_store.client, library_store.model
    assert client.json("/v1/characters/primus") == made.agent("primus")
    assert client.walk("/v1/characters/primus/quotes") == made.quotes(speakers=["primus"])


@pytest.mark.parametrize("name", ["Agent One", "AGENT ONE", "agent  one", "Agént Oné"])
@pytest.mark.parametrize("below", ["", "/quotes", "/mentions", "/reviews"])
def test_a_name_of_several_gives_the_choices(library_store, name, below):
    choices = library_store.client.json(f"/v1/characters/{segment(name)}{below}", 300)
    expected = [library_store.model.agent(id_) for id_ in ("agent-one", "agent-one-too")]
    assert sorted(choices["data"], key=lambda agent: agent["id"]) == expected


def test_a_name_of_several_gives_the_choices_as_text(books):
    lines = books.txt("/v1/characters/Agent%20One.txt", 300).splitlines()
    assert sorted(lines) == ["agent-one\tAgent One", "agent-one-too\tAgent One"]


def test_a_name_shared_with_another_kind_is_that_of_one(books):
    for collection, id_ in (("characters", "agent-two"), ("people", "person-three"), ("organisations", "organisation-four")):
        assert books.get(f"/v1/{collection}/number%20two", 302).get("Location") == f"/v1/{collection}/{id_}"


@pytest.mark.parametrize("name", [
    "nobody", "Kerim Beyy", "Bey", "Kerim", "Darko", "%", "_", "*", "'", '"', "' OR '1'='1", "a.b", "x" * 200, "x" * 201,
    "...", "-", "\u200b", "𝒷", "<script>alert(1)</script>", "Ian Fleming", "smersh", "Kerim Bey\r\nX-Injected: 1", "a\tb"])
def test_a_name_of_nobody_is_not_found(seed, name):
    for suffix in ("", ".txt", ".json"):
        reply = seed.get(f"/v1/characters/{segment(name)}{suffix}", 404)
        assert reply.get("X-Injected") is None


def test_a_name_of_nobody_offers_the_nearest_ids(seed):
    for wrong, right in (("Darko Kerim Beyy", "darko-kerim-bey"), ("Rosa Kleb", "rosa-klebb"), ("Jams Bond", "james-bond")):
        problem = seed.problem(f"/v1/characters/{segment(wrong)}", 404, "not-found")
        assert right in problem["nearest"]


def test_a_location_is_ascii_whatever_the_query(seed):
    for path, leads_to, status in (("/v1/characters/Kerim%20Bey", KERIM, 302), ("/v1/quotes/", "/v1/quotes", 308)):
        data = b"GET " + path.encode() + b"?utm_a=\xe9\xff%2f+ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        reply = wire.read_reply(wire.Received(wire.exchange(seed.port, data)))
        assert (reply.status, reply.get("Location")) == (status, leads_to + "?utm_a=%E9%FF%2f+")


def test_head_of_a_name_leads_to_the_id_too(seed):
    reply = seed.send("HEAD", "/v1/characters/Kerim%20Bey/quotes")
    assert (reply.status, reply.get("Location")) == (302, KERIM + "/quotes")
