# SPDX-License-Identifier: MIT
"""What the server has to answer, worked out from the bundles without it."""
import functools
import hashlib
import json
import urllib.parse

import library
import schemas

JOINT = " … "
CONTEXT = 32
COLLECTIONS = {"character": "characters", "person": "people", "organisation": "organisations"}
AGENT = {"id": None, "kind": "character", "name": None, "description": None, "aliases": [], "same_as": []}
WORK = {"id": None, "kind": None, "title": None, "language": None, "published": None, "description": None,
        "contributors": [], "relations": [], "same_as": []}


def url(collection, id_):
    return f"/v1/{collection}/{urllib.parse.quote(id_, safe='~')}"


def span(text, start, end):
    return {"start": start, "end": end, "exact": text[start:end], "prefix": text[max(0, start - CONTEXT):start],
            "suffix": text[end:end + CONTEXT]}


class Model:
    """The store after the import of some bundles, each new, in their order."""

    def __init__(self, bundles, mentions_made=None):
        self.bundles = bundles
        self.mentions_made = mentions_made or {}  # by review: what a bundle without mentions has to give
        self.agents, self.works = {}, {}
        for bundle in bundles:
            for given in bundle.get("agents", []):
                self._put_agent(given)
            for given in self._works_of(bundle):
                self._put_work(given)

    @staticmethod
    def _works_of(bundle):
        return [work for work in (bundle.get("work"), *bundle.get("works", [])) if work]

    def _put_agent(self, given):
        agent = self.agents.setdefault(given["id"], {**AGENT, "id": given["id"]})
        aliases = agent["aliases"] + [alias for alias in given.get("aliases", []) if alias not in agent["aliases"]]
        agent.update(given)
        agent["aliases"] = aliases

    def _put_work(self, given):
        work = self.works.setdefault(given["id"], {**WORK, "id": given["id"]})
        work.update(given)
        for by in given.get("contributors", []):
            if by["id"] not in self.agents:
                self._put_agent({"id": by["id"], "kind": "person", "name": by["name"]})

    def agent(self, id_):
        agent = self.agents[id_]
        return {**agent, "url": url(COLLECTIONS[agent["kind"]], id_)}

    def agent_ref(self, id_):
        return {key: self.agents[id_][key] for key in ("id", "kind", "name")}

    def agent_list(self, kind):
        return [self.agent(id_) for id_ in sorted(self.agents) if self.agents[id_]["kind"] == kind]

    def agent_list_by_review(self, review):
        declared = [agent["id"] for agent in self.bundle(review).get("agents", [])]
        return [self.agent(id_) for id_ in declared if self.agents[id_]["kind"] == "character"]

    def agent_list_by_work(self, work):
        found = {agent["id"]: agent for bundle in self.bundles_of(work) for agent in self.agent_list_by_review(bundle["id"])}
        return [found[id_] for id_ in sorted(found)]

    def work(self, id_):
        work = self.works[id_]
        contributors = [{"role": by["role"], **self.agent_ref(by["id"]),
                         "character": self.agent_ref(by["character"]) if "character" in by else None}
                        for by in work["contributors"]]
        relations = [{**relation, "title": self.works.get(relation["to"], WORK)["title"]} for relation in work["relations"]]
        return {**work, "contributors": contributors, "relations": relations, "url": url("works", id_)}

    def work_ref(self, id_):
        return None if id_ is None else {"id": id_, "title": self.works[id_]["title"]}

    def work_list(self):
        return [self.work(id_) for id_ in sorted(self.works)]

    def bundle(self, review):
        return next(bundle for bundle in self.bundles if bundle["id"] == review)

    def bundles_of(self, work):
        return [bundle for bundle in self.bundles if (bundle.get("work") or {}).get("id") == work]

    def review(self, id_):
        """All but updated_at, which no bundle says."""
        bundle = self.bundle(id_)
        data = bundle["text"].encode("utf-8")
        said = {key: bundle.get(key) for key in (
            "title", "language", "reviewer", "published", "rating", "source", "licence")}
        return {"id": id_, **said, "work": self.work_ref((bundle.get("work") or {}).get("id")),
                "text_sha256": hashlib.sha256(data).hexdigest(), "text_codepoints": len(bundle["text"]),
                "text_bytes": len(data), "revision": 1, "url": url("reviews", id_), "text": bundle["text"]}

    def review_list(self):
        return sorted(bundle["id"] for bundle in self.bundles)

    def review_list_by_agent(self, agent):
        return [bundle["id"] for bundle in self.bundles if agent in [given["id"] for given in bundle.get("agents", [])]]

    def review_list_by_work(self, work):
        return sorted(bundle["id"] for bundle in self.bundles_of(work))

    def quote(self, bundle, given):
        text = bundle["text"]
        spans = [span(text, *place) for place in given["spans"]]
        id_ = f'{bundle["id"]}~{given["id"]}'
        people = {role: [self.agent_ref(agent) for agent in given[role]] for role in ("speakers", "addressees", "about")}
        return {"id": id_, "text": JOINT.join(place["exact"] for place in spans), "form": given["form"],
                "attribution": given["attribution"], "language": bundle.get("language"), **people,
                "work": self.work_ref(given["work"]), "review": {"id": bundle["id"], "revision": 1}, "spans": spans,
                "text_sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(), "spoiler": given["spoiler"],
                "url": url("quotes", id_)}

    @functools.cached_property
    def all_quotes(self):
        return [self.quote(bundle, given) for bundle in self.bundles for given in bundle.get("quotes", [])]

    def quotes(self, **wanted):
        """In their order; each keyword is a set of values of which a quote must have one: speakers, form, work …"""
        return [row for row in self.all_quotes if all(self._values(row, key) & set(values) for key, values in wanted.items())]

    @staticmethod
    def _values(row, key):
        if key in ("speakers", "addressees", "about"):
            return {agent["id"] for agent in row[key]}
        if key in ("work", "review"):
            return {row[key]["id"]} if row[key] else set()
        return {row[key]}

    def mentions(self, review=None, agent=None):
        return [self.mention(bundle, given) for bundle in self.bundles if review in (None, bundle["id"])
                for given in bundle.get("mentions", self.mentions_made.get(bundle["id"], []))
                if agent is None or (given.get("kind") != "work" and agent in given["of"])]

    def mention(self, bundle, given):
        if given.get("kind") == "work":
            of = [{"id": id_, "kind": "work", "name": self.works[id_]["title"]} for id_ in given["of"]]
        else:
            of = [self.agent_ref(id_) for id_ in given["of"]]
        return {"span": span(bundle["text"], *given["span"]), "of": of, "review": {"id": bundle["id"]}}

    def counts(self):
        kinds = [agent["kind"] for agent in self.agents.values()]
        return {"reviews": len(self.bundles), "works": len(self.works), "characters": kinds.count("character"),
                "people": kinds.count("person"), "organisations": kinds.count("organisation"),
                "quotes": len(self.quotes()), "mentions": len(self.mentions())}


def of_library():
    return Model(library.bundles(), {"review-named": library.named_mentions()})


def of_seed():
    return Model([json.loads(schemas.SEED_FILE.read_text(encoding="utf-8"))])
