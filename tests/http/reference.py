# SPDX-License-Identifier: MIT
"""What filters and orders have to give, worked out from the bundles row by row, without an index or a query."""
import calendar
import datetime
import functools
import re
import unicodedata

import matcher
import model

LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
OPEN = 10 ** 12


@functools.cache
def key(name):
    """A name without case, accents and punctuation."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
                     if not unicodedata.combining(c)).translate(LETTERS)
    return re.sub(r"[^\w]+|_", "-", folded).strip("-") or name


def day(year, month, number):
    """Days since 1970; calendars of Python begin with the year 1, and the Gregorian one repeats every 400 years."""
    cycles = (1 - year + 399) // 400 if year < 1 else 0
    return datetime.date(year + 400 * cycles, month, number).toordinal() - 719163 - 146097 * cycles


def one_date(text):
    """(first day, last day) that a date without an interval may mean."""
    text = text.rstrip("?~%")
    negative = text.startswith("-")
    year, *rest = text.removeprefix("-").split("-")
    years = sorted(int(year.replace("X", digit)) * (-1 if negative else 1) for digit in "09")
    months = (1, 12)
    if rest and rest[0] not in ("XX",):
        season = int(rest[0]) - 21
        if season == 3:
            return day(years[0], 12, 1), day(years[0] + 1, 3, 1) - 1
        months = (3 + 3 * season, 5 + 3 * season) if season >= 0 else (int(rest[0]),) * 2
    days = (1, calendar.monthrange(2000 + years[1] % 400, months[1])[1])
    if len(rest) > 1 and rest[1] != "XX":
        days = (int(rest[1]),) * 2
    return day(years[0], months[0], days[0]), day(years[1], months[1], days[1])


@functools.cache
def date(text):
    first, _, last = text.partition("/")
    if "/" not in text:
        return one_date(text)
    return (-OPEN if first in ("", "..") else one_date(first)[0], OPEN if last in ("", "..") else one_date(last)[1])


def language_fits(wanted, given):
    return given is not None and (given.lower() == wanted.lower() or given.lower().startswith(wanted.lower() + "-"))


class Reference(model.Model):
    """Filters are given as the parameters are: a dictionary of lists of words."""

    def __init__(self, bundles, updated=None):
        super().__init__(bundles)
        self.updated = updated or {}
        self.rows = {bundle["id"]: [self.quote(bundle, given) for given in bundle["quotes"]] for bundle in bundles}

    def who(self, names, kinds=("character", "person", "organisation")):
        """The agents that any of the names may mean: an id goes before a name."""
        found = set()
        for name in names:
            if name in self.agents and self.agents[name]["kind"] in kinds:
                found.add(name)
                continue
            found |= {id_ for id_, agent in self.agents.items() if agent["kind"] in kinds
                      and key(name) in [key(said) for said in (agent["name"], *agent["aliases"])]}
        return found

    def fits_review(self, bundle, asked):
        """The conditions on a review that lists of quotes and mentions know, too."""
        published = date(bundle["published"]) if bundle.get("published") else None
        first = date(asked["published_from"][0])[0] if "published_from" in asked else None
        last = date(asked["published_to"][0])[1] if "published_to" in asked else None
        return all((
            "language" not in asked or any(language_fits(tag, bundle.get("language")) for tag in asked["language"]),
            "reviewer" not in asked or bundle.get("reviewer") and key(bundle["reviewer"]) in map(key, asked["reviewer"]),
            first is None or published and published[1] >= first,
            last is None or published and published[0] <= last,
            "updated_since" not in asked or self.updated[bundle["id"]] >= asked["updated_since"][0]))

    @staticmethod
    def has_words(asked, *texts):
        """A query is written with two spaces between its terms, as a phrase has one between its words."""
        return all(matcher.Query(*typed.split("  ")).finds("\n".join(text or "" for text in texts)) for typed in asked.get("q", ()))

    @staticmethod
    def fits_length(length, asked):
        return int(asked.get("min_length", ["0"])[0]) <= length <= int(asked.get("max_length", [str(OPEN)])[0])

    def chosen_quotes(self, asked):
        """(bundle, quote as served) of each that fits, in the order in which they came."""
        who = {name: self.who(asked[name], kinds) for name, kinds in (
            ("character", ("character",)), ("person", ("person",)), ("speaker", ("character", "person", "organisation")),
            ("addressee", ("character", "person", "organisation")), ("about", ("character", "person", "organisation")))
            if name in asked}
        roles = {"addressee": "addressees", "about": "about"}
        for bundle in self.bundles:
            if not self.fits_review(bundle, asked) or bundle["id"] not in asked.get("review", [bundle["id"]]):
                continue
            for quote in self.rows[bundle["id"]]:
                people = all({agent["id"] for agent in quote[roles.get(name, "speakers")]} & ids for name, ids in who.items())
                words = all(quote[name] in asked[name] for name in ("form", "attribution") if name in asked)
                work = "work" not in asked or quote["work"] and quote["work"]["id"] in asked["work"]
                spoiler = "spoiler" not in asked or quote["spoiler"] == (asked["spoiler"][0] in ("1", "true", ""))
                if people and words and work and spoiler and self.fits_length(len(quote["text"]), asked) \
                        and self.has_words(asked, quote["text"]):
                    yield bundle, quote

    def quotes_of(self, asked, sort="added"):
        rows = list(self.chosen_quotes(asked))
        keys = {"added": lambda row: None, "length": lambda row: len(row[1]["text"]),
                "published": lambda row: date(row[0]["published"])[0] if row[0]["published"] else None,
                "updated": lambda row: self.updated[row[0]["id"]]}
        return [row[1]["id"] for row in self.sorted(rows, keys, sort)]

    @staticmethod
    def sorted(rows, keys, sort):
        """By key, then as they came, or all that turned around; what has no key comes last either way."""
        by = keys[sort.removeprefix("-")]
        down = sort.startswith("-")
        if sort.removeprefix("-") == "added":
            return rows[::-1] if down else rows
        known = sorted((row for row in rows if by(row) is not None), key=by)
        unknown = [row for row in rows if by(row) is None]
        return sorted(known[::-1], key=by, reverse=True) + unknown[::-1] if down else known + unknown

    def reviews_of(self, asked, sort="id", agent=None):
        characters = self.who(asked["character"], ("character",)) if "character" in asked else None
        people = self.who(asked["person"], ("person",)) if "person" in asked else None
        rows = []
        for bundle in self.bundles:
            here = {given["id"] for given in bundle["agents"]}
            work = (bundle["work"] or {}).get("id")
            if all((self.fits_review(bundle, asked), agent is None or agent in here,
                    characters is None or characters & here, people is None or people & here,
                    "work" not in asked or work in asked["work"], self.fits_length(len(bundle["text"]), asked),
                    self.has_words(asked, bundle["title"], bundle["text"]))):
                rows.append(bundle)
        keys = {"added": lambda row: None, "id": lambda row: row["id"],
                "published": lambda row: date(row["published"])[0] if row["published"] else None,
                "reviewer": lambda row: row["reviewer"] and key(row["reviewer"]),
                "title": lambda row: row["title"] and key(row["title"]), "updated": lambda row: self.updated[row["id"]]}
        return [row["id"] for row in self.sorted(rows, keys, sort)]

    def works_of(self, asked, sort="id"):
        characters = self.who(asked["character"], ("character",)) if "character" in asked else None
        people = self.who(asked["person"], ("person",)) if "person" in asked else None
        first = date(asked["published_from"][0])[0] if "published_from" in asked else None
        last = date(asked["published_to"][0])[1] if "published_to" in asked else None
        rows = []
        for id_, work in self.works.items():
            of = [bundle for bundle in self.bundles if bundle["work"] and bundle["work"]["id"] == id_]
            here = {given["id"] for bundle in of for given in bundle["agents"]}
            named = {bundle["id"] for bundle in self.bundles if id_ in [given["id"] for given in self._works_of(bundle)]}
            published = date(work["published"]) if work["published"] else None
            if all((characters is None or characters & here, people is None or people & {by["id"] for by in work["contributors"]},
                    "review" not in asked or named & set(asked["review"]),
                    "language" not in asked or any(language_fits(tag, work["language"]) for tag in asked["language"]),
                    first is None or published and published[1] >= first, last is None or published and published[0] <= last)):
                rows.append({**work, "id": id_})
        keys = {"id": lambda row: row["id"], "published": lambda row: date(row["published"])[0] if row["published"] else None,
                "title": lambda row: row["title"] and key(row["title"])}
        return [row["id"] for row in self.sorted(rows, keys, sort)]

    def agents_of(self, kind, asked, sort="id", review=None):
        rows = []
        for id_, agent in self.agents.items():
            reviews = [bundle for bundle in self.bundles if id_ in [given["id"] for given in bundle["agents"]]]
            if all((agent["kind"] == kind, review is None or review in [bundle["id"] for bundle in reviews],
                    "review" not in asked or {bundle["id"] for bundle in reviews} & set(asked["review"]),
                    "work" not in asked or {(bundle["work"] or {}).get("id") for bundle in reviews} & set(asked["work"]))):
                rows.append({**agent, "id": id_})
        if review and sort in ("added", "-added"):
            order = [given["id"] for given in self.bundle(review)["agents"]]
            rows.sort(key=lambda row: order.index(row["id"]), reverse=sort == "-added")
            return [row["id"] for row in rows]
        keys = {"id": lambda row: row["id"], "name": lambda row: key(row["name"])}
        return [row["id"] for row in self.sorted(rows, keys, sort)]

    def mentions_of(self, asked, review=None, agent=None):
        """Places: a mention has no id."""
        characters = self.who(asked["character"], ("character",)) if "character" in asked else None
        people = self.who(asked["person"], ("person",)) if "person" in asked else None
        rows = []
        for bundle in self.bundles:
            if review not in (None, bundle["id"]) or agent and not self.fits_review(bundle, asked):
                continue
            if agent and bundle["id"] not in asked.get("review", [bundle["id"]]):
                continue
            if agent and "work" in asked and (bundle["work"] or {}).get("id") not in asked["work"]:
                continue
            for given in bundle["mentions"]:
                names_work = given.get("kind") == "work"
                named = set() if names_work else set(given["of"])
                if all((agent is None or agent in named, characters is None or characters & named,
                        people is None or people & named,
                        agent or "work" not in asked or names_work and set(given["of"]) & set(asked["work"]))):
                    rows.append((bundle["id"], *given["span"]))
        return rows

    def facet(self, by, asked):
        """{value: number of quotes}"""
        counts = {}
        for bundle, quote in self.chosen_quotes(asked):
            kinds = ("character",) if by == "character" else ("person",) if by == "person" else None
            values = {
                "about": [agent["id"] for agent in quote["about"]], "addressee": [agent["id"] for agent in quote["addressees"]],
                "language": [quote["language"]], "form": [quote["form"]], "attribution": [quote["attribution"]],
                "review": [bundle["id"]], "reviewer": [bundle["reviewer"] and key(bundle["reviewer"])],
                "spoiler": [str(int(quote["spoiler"]))], "work": [quote["work"] and quote["work"]["id"]]}
            speakers = [agent["id"] for agent in quote["speakers"] if kinds is None or agent["kind"] in kinds]
            for value in values.get(by, speakers):
                if value is not None:
                    counts[value] = counts.get(value, 0) + 1
        return counts
