# SPDX-License-Identifier: MIT
"""Some dozens of made-up reviews that differ in all that lists are filtered and sorted by; the same in every run."""
import random

REVIEWS = 70
AGENTS = 24
WORKS = 12
LANGUAGES = ("nl", "nl-BE", "nl", "en", "en-GB", "de", "zh-Hant-TW", None)
# Some of them are one to whoever compares without case, accents and punctuation.
REVIEWERS = ("Anna Quist", "ANNA QUIST", "Änna Quist", "anna-quist", "Bo Ørn", "Bo Orn", "Ćelik", "celik", "Дмитрий", "!?", None)
DATES = ("1956", "1957-04-08", "1957-04", "1956-21", "1957-22", "195X", "19XX", "1957?", "1955/1958", "../1956", "1958/..",
         "1957-04-09", "2001", "-0043", None, None)
TITLES = ("The Òther", "the other", "Zebra", "Äpfel", "apfel", "B", "Æon", None, "Ünder")
WORDS = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor 🦊 één ünd ſtraße".split()
FORMS = ("direct", "direct", "direct", "indirect", "free-indirect", "reported", "pull")
ATTRIBUTIONS = ("stated", "stated", "inferred", "disputed", "unknown")
KINDS = ("character", "character", "person", "organisation")


def is_character(agent):
    return KINDS[int(agent.rpartition("-")[2]) % len(KINDS)] == "character"


def agents(chance):
    made = [{"id": f"figure-{i:02}", "kind": KINDS[i % len(KINDS)], "name": f"Figure {chance.choice('ÄaBbçCzZ')}{i % 7}"}
            for i in range(AGENTS)]
    made[3]["aliases"] = ["Shared Alias"]
    made[4]["aliases"] = ["Shared Alias", "Only Four"]
    return made


def works(chance, people):
    made = [{"id": f"opus-{i:02}", "title": chance.choice(TITLES), "language": chance.choice(LANGUAGES),
             "published": chance.choice(DATES)} for i in range(WORKS)]
    for work in made:
        work["contributors"] = [{"role": "author", "id": agent["id"]} for agent in chance.sample(people, chance.randrange(3))]
    return made


def sentence(chance):
    # Lengths repeat, so that something else has to tell the quotes apart.
    return " ".join(chance.choices(WORDS, k=chance.choice((1, 1, 2, 3, 5, 8, 21))))


def some(chance, ids, odds):
    return chance.sample(ids, chance.choice(odds))


def quotes_of(chance, ids, work_ids):
    """(text, quotes, mentions) of one review."""
    text, spans, quotes = "Made up. ", [], []
    for i in range(chance.choice((0, 0, 1, 3, 12, 40, 60))):
        start = len(text)
        text += sentence(chance) + ". "
        spans.append([start, len(text) - 2])
        quotes.append({
            "id": f"q{i}" if i % 5 else f"é{i}", "form": chance.choice(FORMS), "attribution": chance.choice(ATTRIBUTIONS),
            "speakers": some(chance, ids, (0, 1, 1, 1, 2)), "addressees": some(chance, ids, (0, 0, 1)),
            "about": some(chance, ids, (0, 0, 1, 2)), "work": chance.choice([None, *work_ids]),
            "spoiler": chance.random() < 0.2,
            "spans": chance.sample(spans, 2) if len(spans) > 3 and i % 6 == 0 else [spans[-1]]})
    mentions = [{"span": span, "of": some(chance, ids, (1, 1, 2))} for span in spans[::3]]
    mentions += [{"span": span, "of": [chance.choice(work_ids)], "kind": "work"} for span in spans[1::7]]
    return text, quotes, mentions


def bundles():
    """In the order of import, which is no other order."""
    chance = random.Random(11)
    all_agents = agents(chance)
    all_works = works(chance, [agent for agent in all_agents if agent["kind"] == "person"])
    made = []
    for number in chance.sample(range(REVIEWS), REVIEWS):
        work = chance.choice([None, *all_works])
        further = [other for other in chance.sample(all_works, 2) if other is not work]
        here = chance.sample(all_agents, chance.randrange(1, 9))
        contributors = {by["id"] for given in (work, *further) if given for by in given["contributors"]}
        here += [agent for agent in all_agents if agent["id"] in contributors and agent not in here]
        work_ids = [given["id"] for given in (work, *further) if given]
        text, quotes, mentions = quotes_of(chance, [agent["id"] for agent in here], work_ids)
        made.append({"id": f"shelf-{number:02}", "title": chance.choice(TITLES), "language": chance.choice(LANGUAGES),
                     "reviewer": chance.choice(REVIEWERS), "published": chance.choice(DATES), "work": work, "works": further,
                     "agents": here, "text": text, "quotes": quotes, "mentions": mentions})
    return made


def updated(reviews):
    """When each of them was changed last: some at the same time, in no order."""
    chance = random.Random(5)
    return {review: f"2026-11-{chance.randrange(1, 20):02}T{chance.randrange(24):02}:00:00Z" for review in reviews}
