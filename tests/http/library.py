# SPDX-License-Identifier: MIT
"""Made-up bundles with everything the rules allow: shared names, many scripts, odd places, hundreds of quotes."""
import random

FORMS = ("direct", "indirect", "free-indirect", "reported", "pull")
KINDS = ("character", "person", "organisation")
ATTRIBUTIONS = ("stated", "inferred", "disputed", "unknown")
BULK = 450
CROWD = 230
SMALL = 25

ONE = {"id": "agent-one", "kind": "character", "name": "Agent One", "aliases": ["The First", "Primus"],
       "description": "The one who speaks most.", "same_as": ["https://example.org/one", "https://example.com/1"]}
# Another one of that name; only the id tells them apart.
ONE_TOO = {"id": "agent-one-too", "kind": "character", "name": "Agent One", "aliases": ["Agent Zwölf"]}
TWO = {"id": "agent-two", "kind": "character", "name": "Ägent Twó", "aliases": ["Number Two", "Agent A/2"]}
ORE = {"id": "agent-ore", "kind": "character", "name": "Agent Øre"}
FIVE = {"id": "агент-пять", "kind": "character", "name": "Агент Пять", "aliases": ["Пятый"]}
# An id that is another agent's alias.
PRIMUS = {"id": "primus", "kind": "character", "name": "Agent Seven", "aliases": ["🦊", "Agent Vol. 7"]}
THREE = {"id": "person-three", "kind": "person", "name": "Person Three", "aliases": ["Number Two", "P.T."]}
FOUR = {"id": "organisation-four", "kind": "organisation", "name": "Organisation Four", "aliases": ["Number Two", "O4"]}

ALPHA = {"id": "work-alpha", "kind": "novel", "title": "Work Alpha", "language": "nl-BE", "published": "1956-21",
         "description": "A made-up novel.", "contributors": [
             {"role": "author", "id": "person-writer", "name": "Person Writer"}, {"role": "translator", "id": "person-three"}],
         "relations": [{"kind": "adaptation_of", "to": "work-gamma"}, {"kind": "part_of", "to": "work-not-here"}],
         "same_as": ["https://example.org/alpha"]}
BETA = {"id": "work-beta", "kind": "film", "contributors": [
    {"role": "actor", "id": "person-three", "name": "Person Three", "character": "agent-one"},
    {"role": "director", "id": "organisation-four"}]}
# What would forge lines in plain text, and what a terminal would obey.
UNRULY = "Two\nlines: \x1b[31mred\x7f\r\nid: forged\t\u0085\u2028\u2029end"
GAMMA = {"id": "work-gamma", "title": "Work Gamma: «Ünïcode» & <markup>", "published": "195X"}


class Text:
    """A text that grows, and tells where each addition stands."""

    def __init__(self, text=""):
        self.text = text

    def add(self, words, behind="\n"):
        start = len(self.text)
        self.text += words + behind
        return [start, start + len(words)]


def quote(id_, spans, speakers=(), addressees=(), about=(), form="direct", attribution="stated", work=None, spoiler=False):
    return {"id": id_, "form": form, "speakers": list(speakers), "addressees": list(addressees), "about": list(about),
            "attribution": attribution, "spans": list(spans), "work": work, "spoiler": spoiler}


def only_id(thing):
    """What the store knows already."""
    return {"id": thing["id"]}


def omega():
    """One quote for every odd thing."""
    text = Text("\ufeffA beginning with a byte order mark,\r\na line end of two\tand e\u0301 in two parts.\r\n")
    fox = text.add("The 🦊 runs, said the first.")
    early, late = text.add("It began like that", " -- and so on -- "), text.add("and ended like this")
    lines = text.add("a line,\nand another one")
    odd = text.add("\x01 \x7f \u2028 \ufffd \U0010fffd \"quoted\\\" </script>")
    four = [text.add(f"Sentence number {number}.", " ") for number in range(4)]
    end = text.add("Last words, at the very end 🏁", "")
    quotes = [
        quote("1", [fox], ["agent-one"], ["agent-two"], [], "direct", "stated", "work-alpha"),
        quote("two-spans", [late, early], ["agent-one", "agent-two"], [], ["agent-ore"], "indirect", "inferred", "work-alpha"),
        quote("één", [lines], ["agent-two"], ["organisation-four", "person-three"], [], "free-indirect", "disputed"),
        quote("4", [four[0]], ["person-three"], [], ["agent-one"], "reported", "unknown", "work-beta", True),
        quote("5", [four[1]], [], [], ["agent-one", "agent-one-too"], "pull", "stated", "work-alpha"),
        quote("6", [four[2]], attribution="unknown"),
        quote("7", [four[3]], attribution="unknown", work="work-alpha"),
        quote("8", [four[3]], ["organisation-four"]),
        quote("9", [four[1]], form="pull", work="work-beta"),
        quote("10", [[0, len(text.text)]], ["агент-пять"], ["primus"], work="work-gamma"),
        quote("11", [fox], ["agent-one-too"], work="work-alpha"),
        quote("12", [end], ["primus"], spoiler=True),
        quote("13", [[0, 1], odd, [fox[0] + 4, fox[0] + 5]], ["agent-ore"]),
    ]
    mentions = [{"span": fox, "of": ["agent-one", "agent-one-too"]}, {"span": early, "of": ["work-alpha"], "kind": "work"},
                {"span": [fox[0], fox[0] + 3], "of": ["work-beta"], "kind": "work"}, {"span": end, "of": ["person-three"]},
                {"span": fox, "of": ["organisation-four"]}]
    return {"id": "review-omega", "title": "Review <Omega> & Co", "language": "nl", "reviewer": "Person Reviewer",
            "published": "2001-02-03", "rating": {"value": 3.5, "best": 5, "worst": 0}, "source": "https://example.org/omega",
            "licence": "CC0-1.0", "work": ALPHA, "works": [BETA, GAMMA],
            "agents": [FOUR, ONE, TWO, THREE, ORE, FIVE, PRIMUS, ONE_TOO], "text": text.text, "quotes": quotes,
            "mentions": mentions}


def alpha():
    """Comes second although its id is first."""
    text = Text()
    quotes = [quote(str(i), [text.add(f"Een zin in het Vlaams, nummer {i}.")], ["agent-two"], about=["agent-one"],
                    work=(None, "work-beta")[i % 2]) for i in range(6)]
    return {"id": "review-alpha", "language": "nl-BE", "work": only_id(BETA), "agents": [only_id(TWO), only_id(ONE)],
            "text": text.text, "quotes": quotes, "mentions": []}


def bulk_quote(i, spans):
    speakers = ([], ["agent-one"], ["agent-one-too"], ["agent-two"], ["person-three"], ["organisation-four"],
                ["agent-one", "person-three"])[i % 7]
    addressees = {0: ["agent-two"], 3: ["агент-пять"]}.get(i % 6, [])
    about = {0: ["agent-ore"], 5: ["agent-one", "agent-two"]}.get(i % 11, [])
    return quote(f"b{i}", spans, speakers, addressees, about, FORMS[i % 5], ATTRIBUTIONS[i % 4],
                 ("work-alpha", "work-beta", None)[i % 3], i % 13 == 0)


def bulk():
    """Hundreds of quotes, for lists of many pages."""
    text, quotes, before = Text(), [], None
    for i in range(BULK):
        span = text.add(f"Utterance {i}: 𝒷ulk.")
        quotes.append(bulk_quote(i, [span, before] if i % 17 == 16 else [span]))
        before = span
    return {"id": "review-bulk", "title": "Bulk", "language": "en", "work": only_id(BETA), "works": [only_id(ALPHA)],
            "agents": [only_id(agent) for agent in (ONE, ONE_TOO, TWO, THREE, FOUR, FIVE, ORE)], "text": text.text,
            "quotes": quotes, "mentions": []}


def plain():
    """As little as a bundle can say."""
    return {"id": "review-plain", "text": "Nothing is known about this text."}


def named():
    """Its mentions are made from the names."""
    agents = [{"id": agent["id"], "name": agent["name"], "aliases": agent.get("aliases", [])}
              for agent in (ONE, ONE_TOO, TWO, FIVE)]
    text = "Агент Пять met Ägent Twó. Agent One left; Number Two saw Ägent Twós hat, neither Øre nor Agent Onesie."
    return {"id": "review-named", "language": "en", "agents": agents, "text": text}


def named_mentions():
    """What that has to give: whole words, a shared name for all who bear it, the genitive s."""
    text = named()["text"]
    found = (("Агент Пять", ["агент-пять"]), ("Ägent Twó", ["agent-two"]), ("Agent One", ["agent-one", "agent-one-too"]),
             ("Number Two", ["agent-two"]), ("Ägent Twós", ["agent-two"]))
    return [{"span": [text.index(words), text.index(words) + len(words)], "of": of} for words, of in found]


def small(number):
    text = Text(f"Small text {number}. ")
    span = text.add("Agent One is here.")
    return {"id": f"small-{number:02}", "language": "de", "published": f"19{number:02}", "work": only_id(GAMMA),
            "agents": [only_id(ONE)], "text": text.text, "quotes": [],
            "mentions": [{"span": [span[0], span[0] + 9], "of": ["agent-one"]}]}


def crowd():
    """More agents and works than a page can hold, in no order; and two of one name of each kind."""
    agents = [{"id": f"crowd-{i:03}", "name": f"Crowd Member {i:03}"} for i in range(CROWD)]
    works = [{"id": f"crowd-work-{i:02}", "title": f"Crowd Work {i:02}"} for i in range(SMALL)]
    shuffled = random.Random(7)
    shuffled.shuffle(agents)
    shuffled.shuffle(works)
    agents.append({"id": "unruly", "name": UNRULY, "aliases": ["Un\nruly"], "description": UNRULY})
    works.append({"id": "crowd-unruly", "title": UNRULY, "description": UNRULY, "contributors": [
        {"role": "actor", "id": "unruly-actor", "name": UNRULY, "character": "unruly"}]})
    agents += [{"id": f"twin-{kind}-{i}", "kind": kind, "name": "Twin"} for kind in KINDS for i in range(2)]
    return {"id": "review-crowd", "title": UNRULY, "reviewer": UNRULY, "language": "en", "work": {"id": "work-crowd"}, "works": works, "agents": agents,
            "text": "A crowd.", "quotes": [quote("1", [[0, 7]], ["unruly"], work="crowd-unruly")], "mentions": []}


def bundles():
    """In the order in which they are imported, which is not that of their ids."""
    numbers = list(range(SMALL))
    random.Random(3).shuffle(numbers)
    return [omega(), alpha(), bulk(), plain(), named(), *[small(number) for number in numbers], crowd()]
