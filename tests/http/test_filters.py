# SPDX-License-Identifier: MIT
"""The filters of lists of quotes, each alone, repeated and together, against the model."""
import itertools

import pytest
from client import at, segment
from routes import QUOTE_LISTS, ids

ONES = ["agent-one", "agent-one-too"]
TWOS = ["agent-two", "person-three", "organisation-four"]


def check(store, parameters, **wanted):
    rows = store.client.walk(at("/v1/quotes", limit=200, **parameters))
    assert rows == store.model.quotes(**wanted)
    return rows


@pytest.mark.parametrize(("parameter", "value", "speakers"), [
    ("speaker", "agent-one-too", ["agent-one-too"]), ("speaker", "Agent One", ONES), ("speaker", "AGENT ONE", ONES),
    ("speaker", "Number Two", TWOS), ("speaker", "number-two", TWOS), ("speaker", "Ägent Two", ["agent-two"]),
    ("speaker", "агент пять", ["агент-пять"]), ("speaker", "агент-пять", ["агент-пять"]), ("speaker", "🦊", ["primus"]),
    ("speaker", "agent øre", ["agent-ore"]), ("speaker", "agent ore", ["agent-ore"]),
    ("character", "Agent One", ONES), ("character", "Number Two", ["agent-two"]), ("character", "agent-two", ["agent-two"]),
    ("person", "Number Two", ["person-three"]), ("person", "person-three", ["person-three"]),
    ("person", "p t", ["person-three"]), ("speaker", "organisation four", ["organisation-four"])])
def test_quote_list_by_who_speaks(library_store, parameter, value, speakers):
    assert check(library_store, {parameter: value}, speakers=speakers)


@pytest.mark.parametrize(("parameter", "role"), [("addressee", "addressees"), ("about", "about")])
@pytest.mark.parametrize(("value", "agents"), [
    ("agent-two", ["agent-two"]), ("Number Two", TWOS), ("agent seven", ["primus"]), ("Agent One", ONES),
    ("Agent Øre", ["agent-ore"]), ("Пятый", ["агент-пять"]), ("Organisation Four", ["organisation-four"])])
def test_quote_list_by_addressee_and_about(library_store, parameter, role, value, agents):
    check(library_store, {parameter: value}, **{role: agents})


@pytest.mark.parametrize("form", ["direct", "indirect", "free-indirect", "reported", "pull"])
def test_quote_list_by_form(library_store, form):
    assert check(library_store, {"form": form}, form=[form])


@pytest.mark.parametrize("attribution", ["stated", "inferred", "disputed", "unknown"])
def test_quote_list_by_attribution(library_store, attribution):
    assert check(library_store, {"attribution": attribution}, attribution=[attribution])


@pytest.mark.parametrize(("value", "languages"), [
    ("nl", ["nl", "nl-BE"]), ("nl-BE", ["nl-BE"]), ("NL-be", ["nl-BE"]), ("en", ["en"]), ("EN", ["en"]), ("nl-NL", []),
    ("fr", [])])
def test_quote_list_by_language(library_store, value, languages):
    check(library_store, {"language": value}, language=languages)


@pytest.mark.parametrize("value", ["n", "nl-B", "nl_BE", "*", "'", "nl%", "ünï", "x" * 300])
def test_what_is_no_language_is_refused_or_takes_nothing(seed, value):
    reply = seed.send("GET", at("/v1/quotes", language=value))
    assert reply.status == 400 or '"total":0' in reply.text


def test_quote_list_by_review_and_by_work(library_store):
    for review in library_store.model.review_list():
        check(library_store, {"review": review}, review=[review])
    for work in library_store.model.works:
        check(library_store, {"work": work}, work=[work])


REPEATED = {
    "speaker": (["agent-two", "Person Three"], {"speakers": ["agent-two", "person-three"]}),
    "character": (["agent-two", "primus", "agent-ore"], {"speakers": ["agent-two", "primus", "agent-ore"]}),
    "about": (["agent-ore", "Agent One"], {"about": ["agent-ore", *ONES]}),
    "addressee": (["primus", "person-three"], {"addressees": ["primus", "person-three"]}),
    "form": (["pull", "direct"], {"form": ["pull", "direct"]}),
    "attribution": (["unknown", "disputed", "unknown"], {"attribution": ["unknown", "disputed"]}),
    "language": (["nl-BE", "en"], {"language": ["nl-BE", "en"]}),
    "review": (["review-alpha", "review-omega"], {"review": ["review-alpha", "review-omega"]}),
    "work": (["work-gamma", "work-beta"], {"work": ["work-gamma", "work-beta"]}),
}


@pytest.mark.parametrize("parameter", REPEATED)
def test_a_repeated_parameter_takes_any_of_its_values(library_store, parameter):
    values, wanted = REPEATED[parameter]
    assert check(library_store, {parameter: values}, **wanted)


SINGLE = {"speaker": ("Agent One", {"speakers": ONES}), "about": ("agent-two", {"about": ["agent-two"]}),
          "addressee": ("Ägent Twó", {"addressees": ["agent-two"]}), "form": ("pull", {"form": ["pull"]}),
          "attribution": ("stated", {"attribution": ["stated"]}), "language": ("en", {"language": ["en"]}),
          "review": ("review-bulk", {"review": ["review-bulk"]}), "work": ("work-alpha", {"work": ["work-alpha"]})}


@pytest.mark.parametrize("pair", list(itertools.combinations(SINGLE, 2)), ids="-".join)
def test_different_parameters_must_all_hold(library_store, pair):
    parameters = {name: SINGLE[name][0] for name in pair}
    wanted = {key: values for name in pair for key, values in SINGLE[name][1].items()}
    check(library_store, parameters, **wanted)


def test_all_parameters_together(library_store):
    rows = check(library_store, {name: value for name, (value, _) in SINGLE.items() if name != "addressee"},
                 **{key: values for name, (_, wanted) in SINGLE.items() if name != "addressee" for key, values in wanted.items()})
    everything = library_store.model.quotes()
    assert len(rows) < len(everything)


def test_who_speaks_may_be_narrowed_from_several_sides(library_store):
    rows = library_store.client.walk("/v1/quotes?character=agent-one&person=person-three&limit=200")
    expected = [quote for quote in library_store.model.quotes(speakers=["agent-one"])
                if "person-three" in [agent["id"] for agent in quote["speakers"]]]
    assert rows == expected and rows


@pytest.mark.parametrize("route", QUOTE_LISTS, ids=ids(QUOTE_LISTS))
def test_every_list_of_quotes_takes_the_filters(library_store, route):
    path = {"quote_list": "/v1/quotes", "quote_list_by_agent": "/v1/characters/agent-one/quotes",
            "quote_list_by_review": "/v1/reviews/review-bulk/quotes", "quote_list_by_work": "/v1/works/work-alpha/quotes"}
    own = {"quote_list_by_agent": {"speakers": ["agent-one"]}, "quote_list_by_review": {"review": ["review-bulk"]},
           "quote_list_by_work": {"work": ["work-alpha"]}}.get(route.name, {})
    for name, (value, wanted) in SINGLE.items():
        if not (set(wanted) & {"review"} and route.name.endswith("_review")
                or set(wanted) & {"work"} and route.name.endswith("_work") or set(wanted) & set(own)):
            rows = library_store.client.walk(at(path[route.name], limit=200, **{name: value}))
            assert rows == library_store.model.quotes(**own, **wanted), name


def test_quote_list_by_review_takes_no_review_and_by_work_no_work(seed):
    for path, parameter in (("/v1/reviews/from-russia-with-love-nl/quotes", "review"),
                            ("/v1/works/from-russia-with-love/quotes", "work")):
        problem = seed.problem(f"{path}?{parameter}=from-russia-with-love", 400, "unknown-parameter")
        assert problem["parameter"] == parameter


@pytest.mark.parametrize("parameter", ["about", "addressee", "character", "person", "speaker", "work", "review"])
def test_what_does_not_exist_is_not_found_and_never_everything(seed, parameter):
    for value in ("nobody", "%", "' OR 1=1 --", "x" * 300, "..", "\u00a0"):
        problem = seed.problem(at("/v1/quotes", **{parameter: value}), 404, "not-found")
        assert problem["parameter"] == parameter


@pytest.mark.parametrize(("parameter", "wrong", "right"), [
    ("about", "jams-bond", "james-bond"), ("addressee", "the-woried-fan", "the-worried-fan"),
    ("character", "darko-kerim-bej", "darko-kerim-bey"), ("person", "ian-flemin", "ian-fleming"),
    ("speaker", "smersch", "smersh"), ("work", "from-russia-with-lov", "from-russia-with-love"),
    ("review", "from-russia-with-love", "from-russia-with-love-nl")])
def test_what_does_not_exist_comes_with_the_nearest_id(seed, parameter, wrong, right):
    problem = seed.problem(f"/v1/quotes?{parameter}={wrong}", 404, "not-found")
    assert (problem["parameter"], problem["nearest"][0]) == (parameter, right)


def test_one_wrong_value_among_right_ones_is_an_error(seed):
    problem = seed.problem("/v1/quotes?about=james-bond&about=nobody", 404, "not-found")
    assert problem["parameter"] == "about"


@pytest.mark.parametrize(("parameter", "value"), [("character", "ian-fleming"), ("character", "smersh"),
                                                  ("person", "james-bond"), ("person", "SMERSH")])
def test_an_agent_of_another_kind_does_not_exist_there(seed, parameter, value):
    assert seed.problem(f"/v1/quotes?{parameter}={value}", 404, "not-found")["parameter"] == parameter


@pytest.mark.parametrize(("parameter", "value", "nearest"), [
    ("form", "pul", "pull"), ("form", "Direct", "direct"), ("form", "free_indirect", "free-indirect"),
    ("attribution", "state", "stated"), ("attribution", "unknwon", "unknown")])
def test_a_bad_choice_comes_with_the_nearest_one(seed, parameter, value, nearest):
    problem = seed.problem(f"/v1/quotes?{parameter}={value}", 400, "invalid-parameter")
    assert (problem["parameter"], problem["nearest"][0]) == (parameter, nearest)


def test_a_filter_on_an_agent_reads_plus_and_percent_as_the_same_space(books):
    for value in ("Agent+One", "Agent%20One", segment("Agent One")):
        assert books.json("/v1/quotes?speaker=" + value)["page"]["total"] > 100
