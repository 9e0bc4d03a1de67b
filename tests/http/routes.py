# SPDX-License-Identifier: MIT
"""Every route of the contract: its shape, its formats, and a path of it that the seed store answers."""
import dataclasses
import re
import urllib.parse

AGENTS = "(?:characters|organisations|people)"
JSON, TXT = "json", "txt"
MEDIA_TYPES = {JSON: "application/json", TXT: "text/plain; charset=utf-8"}

KERIM = "/v1/characters/darko-kerim-bey"
REVIEW = "/v1/reviews/from-russia-with-love-nl"
WORK = "/v1/works/from-russia-with-love"


@dataclasses.dataclass(frozen=True)
class Route:
    name: str
    pattern: str  # of the path without a suffix
    shape: str  # the schema of 200; "" where the body is the text itself
    path: str  # on the seed store
    formats: tuple = (JSON, TXT)

    @property
    def is_list(self):
        return self.shape.endswith("_list")

    @property
    def is_cached(self):
        return self.name not in ("livez", "root_get")


ROUTES = (
    Route("root_get", r"/", "redirect", "/"),
    Route("livez", r"/livez", "livez", "/livez"),
    Route("problem_get", r"/problems/[^/]+", "problem_type", "/problems/not-found"),
    Route("store_get", r"/v1", "store", "/v1"),
    Route("change_list", r"/v1/changes", "change_list", "/v1/changes"),
    Route("facet_list", r"/v1/facets", "facets", "/v1/facets"),
    Route("agent_list", rf"/v1/{AGENTS}", "agent_list", "/v1/characters"),
    Route("agent_get", rf"/v1/{AGENTS}/[^/]+", "agent", KERIM),
    Route("mention_list_by_agent", rf"/v1/{AGENTS}/[^/]+/mentions", "mention_list", KERIM + "/mentions"),
    Route("quote_list_by_agent", rf"/v1/{AGENTS}/[^/]+/quotes", "quote_list", KERIM + "/quotes"),
    Route("review_list_by_agent", rf"/v1/{AGENTS}/[^/]+/reviews", "review_list", KERIM + "/reviews"),
    Route("quote_list", r"/v1/quotes", "quote_list", "/v1/quotes"),
    Route("quote_daily", r"/v1/quotes/daily", "quote", "/v1/quotes/daily"),
    Route("quote_get", r"/v1/quotes/[^/]+", "quote", "/v1/quotes/from-russia-with-love-nl~1"),
    Route("quote_context", r"/v1/quotes/[^/]+/context", "context", "/v1/quotes/from-russia-with-love-nl~1/context"),
    Route("review_list", r"/v1/reviews", "review_list", "/v1/reviews"),
    Route("review_get", r"/v1/reviews/[^/]+", "review_with_text", REVIEW),
    Route("bundle_get", r"/v1/reviews/[^/]+/bundle", "bundle", REVIEW + "/bundle", (JSON,)),
    Route("agent_list_by_review", r"/v1/reviews/[^/]+/characters", "agent_list", REVIEW + "/characters"),
    Route("mention_list_by_review", r"/v1/reviews/[^/]+/mentions", "mention_list", REVIEW + "/mentions"),
    Route("quote_list_by_review", r"/v1/reviews/[^/]+/quotes", "quote_list", REVIEW + "/quotes"),
    Route("review_text_get", r"/v1/reviews/[^/]+/text", "", REVIEW + "/text", (TXT,)),
    Route("work_list", r"/v1/works", "work_list", "/v1/works"),
    Route("work_get", r"/v1/works/[^/]+", "work", WORK),
    Route("agent_list_by_work", r"/v1/works/[^/]+/characters", "agent_list", WORK + "/characters"),
    Route("quote_list_by_work", r"/v1/works/[^/]+/quotes", "quote_list", WORK + "/quotes"),
    Route("review_list_by_work", r"/v1/works/[^/]+/reviews", "review_list", WORK + "/reviews"),
)

# Not one of those, for it gives another answer each time.
BY_CHANCE = Route("quote_random", r"/v1/quotes/random", "quote", "/v1/quotes/random")

LISTS = tuple(route for route in ROUTES if route.is_list)
QUOTE_LISTS = tuple(route for route in ROUTES if route.shape == "quote_list")
REVIEW_LISTS = tuple(route for route in ROUTES if route.shape == "review_list")
# Those that answer 200, 304 and an entity tag.
CACHED = tuple(route for route in ROUTES if route.is_cached)
# Those with an id in the path that may be wrong, and that wrong path.
WITH_ID = tuple((route, route.path.replace(old, new)) for route in ROUTES for old, new in (
    ("darko-kerim-bey", "nobody-at-all"), ("from-russia-with-love-nl", "nothing-of-the-kind"),
    ("works/from-russia-with-love", "works/nothing-of-the-kind"), ("/problems/not-found", "/problems/nothing-of-the-kind"),
) if old in route.path)


def split_suffix(path):
    """(path without suffix, format or None). A suffix stands on the last segment, behind something."""
    match = re.fullmatch(r"(.*[^/])\.(json|txt)", path, re.S)
    return (match[1], match[2]) if match else (path, None)


def decoded(path):
    """A path without percent-encoding, in which an encoded slash still makes no segment."""
    return "/".join(urllib.parse.unquote(segment).replace("/", "_") for segment in path.split("/"))


def find(target):
    """(route or None, format of the suffix or None) of a target."""
    path, suffix = split_suffix(decoded(target.split("?")[0]))
    for route in (BY_CHANCE, *ROUTES):
        if re.fullmatch(route.pattern, path):
            return route, suffix
    return None, suffix


def variants():
    """Every route in every format it has: (route, path with the suffix, format)."""
    for route in ROUTES:
        if route.path != "/":
            for form in route.formats:
                yield route, f"{route.path}.{form}", form


def ids(rows):
    """Names for pytest: of the routes, or of the rows that begin with one."""
    named = []
    for row in rows:
        route = row if isinstance(row, Route) else row[0]
        more = "" if isinstance(row, Route) else "-" + str(row[-1])
        named.append(route.name + more)
    return named
