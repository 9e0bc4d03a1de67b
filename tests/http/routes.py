# SPDX-License-Identifier: MIT
"""Every route of the contract: its shape, its formats, and a path of it that the seed store answers."""
import dataclasses
import re
import urllib.parse

JSON, TXT, CSV, NDJSON, HTML, LINKSET, METRICS = "json", "txt", "csv", "ndjson", "html", "linkset", "metrics"
MEDIA_TYPES = {JSON: "application/json", TXT: "text/plain; charset=utf-8", CSV: "text/csv; charset=utf-8; header=present",
               NDJSON: "application/x-ndjson", HTML: "text/html; charset=utf-8",
               LINKSET: 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"',
               METRICS: "text/plain; version=0.0.4; charset=utf-8"}
# Formats that a suffix of the path asks for.
SUFFIXES = (JSON, TXT, CSV, NDJSON, HTML)

REVIEW = "from-russia-with-love-nl"
WORK = "from-russia-with-love"
AGENTS = {"characters": "darko-kerim-bey", "organisations": "smersh", "people": "ian-fleming"}

PLAIN = ("pretty",)
ONE = ("fields", *PLAIN)
LIST = ("cursor", "limit", *ONE)
SORTED = (*LIST, "sort")
WORDS = ("match", "q")
OF_REVIEW = ("language", "published_from", "published_to", "reviewer", "updated_since")
LENGTH = ("max_length", "min_length")
REVIEWS = (*SORTED, *OF_REVIEW, *LENGTH, *WORDS, "character", "include", "person", "work")
WORKS = (*SORTED, "character", "language", "person", "published_from", "published_to", "review")
AGENT_LISTS = (*SORTED, "review", "work")
MENTIONS_OF_AGENT = (*LIST, *OF_REVIEW, "offsets", "review", "work")
MENTIONS_IN_REVIEW = (*LIST, "character", "offsets", "person", "work")
WHO_SPEAKS = ("character", "person", "speaker")
QUOTE_FILTER = (*WORDS, *OF_REVIEW, *LENGTH, *WHO_SPEAKS, "about", "addressee", "attribution", "form", "review", "spoiler", "work")
QUOTE = (*ONE, "include", "offsets")
QUOTES = (*SORTED, "include", "offsets", *QUOTE_FILTER, "seed")

VARIABLE = re.compile(r"\{\w+\}")


@dataclasses.dataclass(frozen=True)
class Route:
    name: str
    template: str  # as in server/routes.c
    shape: str  # the schema of 200; "" where the body is the text itself
    id: str = ""  # what stands for the variable on the seed store
    takes: tuple = PLAIN
    formats: tuple = ()
    query: str = ""  # without which it answers nothing

    def __post_init__(self):
        object.__setattr__(self, "formats", self.formats or ((JSON, TXT, CSV, NDJSON) if self.is_list else (JSON, TXT)))

    @property
    def has_suffixes(self):
        """Whether a suffix or Accept chooses the format; the path may be one thing, or end like a suffix itself."""
        return self.path not in ("/", "/openapi.json")

    @property
    def path(self):
        """An address that the seed store answers."""
        return VARIABLE.sub(self.id, self.template)

    @property
    def wrong_path(self):
        """The same with an id that is none."""
        return VARIABLE.sub("nothing-of-the-kind", self.template)

    @property
    def has_id(self):
        return bool(VARIABLE.search(self.template))

    @property
    def is_agent(self):
        """Whether a name or an alias stands for the id as well."""
        return self.name == "agent_get" or self.name.endswith("_by_agent")

    @property
    def is_list(self):
        return self.shape.endswith("_list")

    @property
    def is_cached(self):
        return self.name not in ("export", "livez", "metrics_get", "quote_random", "readyz", "root_get")

    @property
    def label(self):
        """A name for pytest, which three rows of the same name do not share."""
        collection = self.template.split("/")[2] if self.template.count("/") > 1 else ""
        return f"{self.name}-{collection}" if collection in AGENTS else self.name


def without(parameters, *gone):
    return tuple(parameter for parameter in parameters if parameter not in gone)


def agent_routes(collection, id_):
    """What each of the three kinds of agents has."""
    path = "/v1/" + collection
    return (Route("agent_list", path, "agent_list", takes=AGENT_LISTS),
            Route("agent_get", path + "/{id}", "agent", id_, ONE),
            Route("mention_list_by_agent", path + "/{id}/mentions", "mention_list", id_, MENTIONS_OF_AGENT),
            Route("quote_list_by_agent", path + "/{id}/quotes", "quote_list", id_, without(QUOTES, *WHO_SPEAKS)),
            Route("review_list_by_agent", path + "/{id}/reviews", "review_list", id_, REVIEWS))


# test_routes.py holds it against the table of the product.
ROUTES = (
    Route("root_get", "/", "redirect", formats=(JSON, TXT, HTML)),
    Route("catalog_get", "/.well-known/api-catalog", "linkset", formats=(LINKSET,)),
    Route("docs_get", "/docs", "", "", (), (HTML,)),
    Route("livez", "/livez", "livez"),
    Route("metrics_get", "/metrics", "", "", (), (METRICS,)),
    Route("openapi_get", "/openapi.json", "", formats=(JSON,)),
    Route("problem_get", "/problems/{code}", "problem_type", "not-found"),
    Route("readyz", "/readyz", "readyz"),
    Route("store_get", "/v1", "store"),
    Route("change_list", "/v1/changes", "change_list", takes=(*LIST, "since", "wait")),
    Route("export", "/v1/export", "", "", (), (NDJSON,)),
    Route("facet_list", "/v1/facets", "facets", takes=(*PLAIN, *QUOTE_FILTER, "by", "limit")),
    *(route for collection, id_ in AGENTS.items() for route in agent_routes(collection, id_)),
    Route("quote_list", "/v1/quotes", "quote_list", takes=QUOTES),
    Route("quote_daily", "/v1/quotes/daily", "quote", takes=(*QUOTE, *QUOTE_FILTER, "date")),
    Route("quote_get", "/v1/quotes/{id}", "quote", REVIEW + "~1", QUOTE),
    Route("quote_context", "/v1/quotes/{id}/context", "context", REVIEW + "~1", (*ONE, "chars", "offsets")),
    Route("review_list", "/v1/reviews", "review_list", takes=REVIEWS),
    Route("review_get", "/v1/reviews/{id}", "review_with_text", REVIEW, ONE),
    Route("bundle_get", "/v1/reviews/{id}/bundle", "bundle", REVIEW, formats=(JSON,)),
    Route("agent_list_by_review", "/v1/reviews/{id}/characters", "agent_list", REVIEW, without(AGENT_LISTS, "review")),
    Route("mention_list_by_review", "/v1/reviews/{id}/mentions", "mention_list", REVIEW, MENTIONS_IN_REVIEW),
    Route("quote_list_by_review", "/v1/reviews/{id}/quotes", "quote_list", REVIEW, without(QUOTES, "review")),
    Route("review_text_get", "/v1/reviews/{id}/text", "", REVIEW, (), (TXT,)),
    Route("work_list", "/v1/works", "work_list", takes=WORKS),
    Route("work_get", "/v1/works/{id}", "work", WORK, ONE),
    Route("agent_list_by_work", "/v1/works/{id}/characters", "agent_list", WORK, without(AGENT_LISTS, "work")),
    Route("quote_list_by_work", "/v1/works/{id}/quotes", "quote_list", WORK, without(QUOTES, "work")),
    Route("review_list_by_work", "/v1/works/{id}/reviews", "review_list", WORK, without(REVIEWS, "work")),
)

# Those that answer the same as long as nobody writes.
LASTING = tuple(route for route in ROUTES if route.name != "metrics_get")
# Those that answer nothing without a parameter, which no test of all routes can know.
ASKED = (
    Route("search", "/v1/search", "hit_list", takes=(*LIST, "offsets", *WORDS), query="?q=gulzig"),
    Route("suggest", "/v1/suggest", "suggestion_list", takes=(*LIST, "q"), query="?q=ker"),
    Route("verify", "/v1/verify", "verification", takes=(*PLAIN, "offsets", "speaker", "text"), query="?text=gulzig"),
)

# Those that take the same by POST.
ASKED_BY_POST = tuple(route for route in ASKED if route.name == "verify")

# Not one of those, for it gives another answer each time.
BY_CHANCE = Route("quote_random", "/v1/quotes/random", "quote", takes=(*QUOTE, *QUOTE_FILTER, "seed"))

LISTS = tuple(route for route in ROUTES if route.is_list)
QUOTE_LISTS = tuple(route for route in ROUTES if route.shape == "quote_list")
REVIEW_LISTS = tuple(route for route in ROUTES if route.shape == "review_list")
# Those that answer 200, 304 and an entity tag.
CACHED = tuple(route for route in ROUTES if route.is_cached)
# Those with an id in the path that may be wrong.
WITH_ID = tuple(route for route in ROUTES if route.has_id)
# What is written out in a path comes before what may be anything.
PATTERNS = [(re.compile(VARIABLE.sub("[^/]+", route.template)), route) for route in sorted((*ROUTES, *ASKED, BY_CHANCE), key=lambda r: r.has_id)]


# The methods that take a body or delete, on the paths that have them; and the shape of what they answer.
WRITES = (
    (r"/v1/import", "POST"),
    (r"/v1/verify", "POST"),
    (r"/v1/reviews", "POST"),
    (r"/v1/reviews/[^/]+", "DELETE, PUT"),
    (rf"/v1/({'|'.join(AGENTS)})/[^/]+", "PUT"),
    (r"/v1/works/[^/]+", "PUT"),
)
# The same as rows of the product's table: name, path, method, formats.
WRITE_ROWS = (
    ("bundle_import", "/v1/import", "POST", (NDJSON,)),
    ("review_post", "/v1/reviews", "POST", (JSON,)),
    ("review_delete", "/v1/reviews/{id}", "DELETE", (JSON,)),
    ("review_put", "/v1/reviews/{id}", "PUT", (JSON,)),
    *(("agent_put", f"/v1/{collection}/{{id}}", "PUT", (JSON,)) for collection in AGENTS),
    ("verify_post", "/v1/verify", "POST", (JSON, TXT)),
    ("work_put", "/v1/works/{id}", "PUT", (JSON,)),
)
WRITTEN = (("/v1/reviews", "review"), ("/v1/works", "work"), ("/v1/", "agent"))


def split_suffix(path):
    """(path without suffix, format or None). A suffix stands on the last segment, behind something."""
    match = re.fullmatch(rf"(.*[^/])\.({'|'.join(SUFFIXES)})", path, re.S)
    return (match[1], match[2]) if match else (path, None)


def decoded(path):
    """A path without percent-encoding, in which an encoded slash still makes no segment."""
    return "/".join(urllib.parse.unquote(segment).replace("/", "_") for segment in path.split("/"))


def find(target):
    """(route or None, format of the suffix or None) of a target."""
    whole = decoded(target.split("?")[0])
    path, suffix = split_suffix(whole)
    # A path may end like a suffix, and is as good as one.
    for form in (path, whole):
        for pattern, route in PATTERNS:
            if pattern.fullmatch(form):
                return route, suffix
    return None, suffix


def methods(target):
    """What Allow has to say of a target."""
    if target == "*":
        return "GET, HEAD, OPTIONS, DELETE, POST, PUT"
    path, _ = split_suffix(decoded(target.split("?")[0]))
    writes = [names for pattern, names in WRITES if re.fullmatch(pattern, path)]
    return ", ".join((["GET, HEAD, OPTIONS"] if find(target)[0] else ["OPTIONS"]) + writes)


def variants():
    """Every route in every format it has: (route, path with the suffix, format)."""
    for route in ROUTES:
        if route.has_suffixes:
            for form in filter(SUFFIXES.__contains__, route.formats):
                yield route, f"{route.path}.{form}", form


def ids(rows):
    """Names for pytest: of the routes, or of the rows that begin with one."""
    named = []
    for row in rows:
        route = row if isinstance(row, Route) else row[0]
        more = "" if isinstance(row, Route) else "-" + str(row[-1])
        named.append(route.label + more)
    return named
