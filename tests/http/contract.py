# SPDX-License-Identifier: MIT
"""What holds for every answer, whatever was asked: headers, framing, shapes, and the proof of every span."""
import dataclasses
import gzip
import hashlib
import html
import json
import re
import urllib.parse

import openapi
import routes
import schemas

# An address so long may have no room in the headers of the answer.
LINKED = 2048
EXPOSED = {"ETag", "Link", "Location", "X-Request-Id", "Retry-After", "Allow", "Content-Range", "Accept-Ranges"}
REVALIDATE = "public, max-age=0, must-revalidate"
STRONG_TAG = re.compile(r'"[\x21\x23-\x7e]+"')
ONCE = ("Content-Length", "Content-Type", "ETag", "Cache-Control", "Vary", "Location", "Link", "Allow", "X-Request-Id",
        "Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "X-Content-Type-Options", "Connection", "Date")
# What no answer may tell of the inside.
INSIDE = re.compile(r"\bSELECT\b|sqlite|/tmp/|\.[ch]:\d", re.I)
COLLECTIONS = {"character": "characters", "person": "people", "organisation": "organisations"}
SPAN_JOINT = " … "
CONTEXT = 32
# A page of so many bytes may end before its limit.
PAGE_WORDS = 8 << 20


def check(reply, texts):
    check_headers(reply)
    check_framing(reply)
    reply = check_coding(reply)
    openapi.check(reply)
    if reply.status >= 400:
        check_error(reply)
    elif reply.method == "POST" and routes.find(reply.target)[0] in routes.ASKED_BY_POST:
        check_asked(reply, texts)
    elif reply.method in ("PUT", "POST", "DELETE"):
        check_written(reply)
    else:
        {200: check_success, 204: check_options, 206: check_partial, 300: check_choices, 302: check_redirect,
         304: check_not_modified, 308: check_redirect}[reply.status](reply, texts)


def check_headers(reply):
    for name in ONCE:
        reply.get(name)
    assert reply.get("Access-Control-Allow-Origin") == "*"
    assert set(reply.get("Access-Control-Expose-Headers").split(", ")) >= EXPOSED
    assert reply.get("X-Content-Type-Options") == "nosniff"


def check_framing(reply):
    """A length, exactly right, and never in pieces but where it is not known; none where there is no body."""
    if reply.status == 200 and is_streamed(reply):
        pieces = "chunked" if (reply.version, reply.method) == ("HTTP/1.1", "GET") else None
        assert (reply.get("Transfer-Encoding"), reply.get("Content-Length")) == (pieces, None)
        assert pieces or reply.get("Connection").lower() == "close"
        return
    assert reply.get("Transfer-Encoding") is None
    length = reply.get("Content-Length")
    if reply.status == 204:
        assert (length, reply.body) == (None, b"")
    elif reply.status == 304:
        assert reply.body == b""
    elif reply.method == "HEAD":
        assert length is not None and length.isdigit() and reply.body == b""
    else:
        assert length == str(len(reply.body))


def is_streamed(reply):
    route, _ = routes.find(reply.target)
    return bool(route) and route.name == "export" and reply.method in ("GET", "HEAD")


def check_coding(reply):
    """The same answer without its coding, which was asked for and has a tag of its own."""
    tag = reply.get("ETag")
    if not reply.get("Content-Encoding"):
        assert not tag or not tag.endswith('-gzip"') or reply.status == 304
        return reply
    assert reply.get("Content-Encoding") == "gzip" and reply.status == 200
    assert re.search(r"gzip|\*", reply.asked["accept-encoding"], re.I)
    assert tag is None or tag.endswith('-gzip"')
    return dataclasses.replace(reply, body=gzip.decompress(reply.body)) if reply.body else reply


def vary(suffix):
    return "Accept-Encoding" if suffix else "Accept, Accept-Encoding"


def parameters(reply):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(reply.target).query, keep_blank_values=True)


def check_success(reply, texts):
    assert reply.method in ("GET", "HEAD")
    route, suffix = routes.find(reply.target)
    assert route and route.name != "root_get", f"{reply.target} must not answer 200"
    form = check_media_type(reply, route, suffix)
    assert reply.get("Vary") == vary(suffix)
    if is_cached(reply, route):
        check_cached(reply)
    else:
        assert reply.get("Cache-Control") == "no-store" and reply.get("ETag") is None
    if reply.method == "GET":
        check_body(reply, route, form, texts)


def is_cached(reply, route):
    """What is random is the same again only with a seed, and what is waited for is another one each time."""
    asked = parameters(reply)
    if asked.get("wait", ["0"]) != ["0"]:
        return False
    if route.name == "quote_random" or asked.get("sort") == ["random"]:
        return "seed" in asked
    return route.is_cached


def check_asked(reply, texts):
    """A question too long for an address: answered like a GET, but nobody may keep it."""
    assert reply.status == 200 and reply.get("ETag") is None and reply.get("Cache-Control") == "no-store"
    route, suffix = routes.find(reply.target)
    assert reply.get("Vary") == vary(suffix)
    check_body(reply, route, check_media_type(reply, route, suffix), texts)


def check_media_type(reply, route, suffix):
    forms = {media: form for form, media in routes.MEDIA_TYPES.items()}
    form = forms[reply.get("Content-Type")]
    assert form in route.formats
    if suffix:
        assert form == suffix
    elif "accept" not in reply.asked:
        assert form == route.formats[0]
    return form


def check_cached(reply):
    assert STRONG_TAG.fullmatch(reply.get("ETag") or ""), f"no strong entity tag: {reply.get('ETag')}"
    assert reply.get("Cache-Control") == REVALIDATE


def check_body(reply, route, form, texts):
    if form == routes.JSON:
        check_json(reply, route.shape, texts)
    elif route.shape:
        assert not reply.body or (reply.text.endswith("\n") and "\0" not in reply.text)


def check_json(reply, shape, texts):
    value = read_json(reply)
    asked = parameters(reply)
    texts.unit = asked.get("offsets", ["codepoint"])[0]
    if "fields" in asked:
        check_trimmed(reply, shape, value)
        return
    if shape:
        schemas.assert_valid_answer(shape, value)
    if shape.endswith("_list"):
        check_list(reply, shape, value, texts)
    elif shape in SEMANTICS:
        SEMANTICS[shape](value, texts)


def read_json(reply):
    """Real UTF-8, one newline at the end, no other white space unless it was asked for."""
    value = schemas.parse(reply.text)
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
    pretty = parameters(reply).get("pretty", ["0"])[0] not in ("0", "false")
    assert reply.text == compact or (pretty and reply.text.startswith("{\n  \"") and reply.text.endswith("\n}\n"))
    assert not (pretty and reply.status == 200 and reply.text == compact)
    return value


def check_trimmed(reply, shape, value):
    """The members that were asked for, in their shape; which of them have to be there, only the test knows."""
    names = {name.split(".")[0] for names in parameters(reply)["fields"] for name in names.split(",")}
    schemas.assert_valid(shape, value, trimmed=True)
    rows = value["data"] if shape.endswith("_list") else [value]
    assert all(set(row) <= names for row in rows)
    if shape.endswith("_list"):
        assert set(value) == {"data", "page", "revision"}
        check_page(reply, value)


def check_page(reply, value):
    asked, page = parameters(reply), value["page"]
    assert page["limit"] == int(asked.get("limit", ["20"])[0])
    assert len(value["data"]) <= min(page["limit"], page["total"])
    if page["next"]:
        full = len(value["data"]) == page["limit"]
        assert full or (value["data"] and (asked.get("include") or len(reply.body) > PAGE_WORDS))
        assert page["next"].split("?")[0] == reply.target.split("?")[0]
        link = reply.get("Link")
        assert link == f'<{page["next"]}>; rel="next"' or (link is None and len(page["next"]) > LINKED)
    else:
        assert reply.get("Link") is None


def check_list(reply, shape, value, texts):
    asked = parameters(reply)
    check_page(reply, value)
    item = shape.removesuffix("_list")
    for row in value["data"]:
        if item == "review":
            assert ("text" in row) == (asked.get("include") == ["text"])
        SEMANTICS[item](row, texts)
    same_revision(value)


def same_revision(value):
    """A review cannot be newer than the store it was read from."""
    for row in value["data"]:
        newest = row.get("review", row).get("revision", 0)
        assert newest <= value["revision"]


def cut(text, start, end, unit):
    """A slice of a text by offsets that count code points, units of UTF-16, or bytes."""
    if unit == "utf16":
        return text.encode("utf-16-le")[2 * start:2 * end].decode("utf-16-le")
    return text.encode("utf-8")[start:end].decode("utf-8") if unit == "byte" else text[start:end]


def check_span(span, text, unit):
    start, end = span["start"], span["end"]
    assert 0 <= start < end <= 4 * len(text)
    assert span["exact"] == cut(text, start, end, unit)
    assert span["prefix"] == cut(text, 0, start, unit)[-CONTEXT:]
    assert span["suffix"] == cut(text, end, 4 * len(text), unit)[:CONTEXT]


def check_quote(quote, texts):
    review = quote["review"]
    data = texts.bytes_of(review["id"], review["revision"])
    assert quote["text_sha256"] == hashlib.sha256(data).hexdigest()
    for span in quote["spans"]:
        check_span(span, data.decode("utf-8"), texts.unit)
    assert quote["text"] == SPAN_JOINT.join(span["exact"] for span in quote["spans"])
    assert quote["id"].startswith(review["id"] + "~")
    check_url(quote, "quotes")


def check_context(context, texts):
    quote = context["quote"]
    check_quote(quote, texts)
    text = texts.of(quote["review"]["id"], quote["review"]["revision"])
    first, last = (choose(span[end] for span in quote["spans"]) for choose, end in ((min, "start"), (max, "end")))
    assert context["before"] == cut(text, context["start"], first, texts.unit)
    assert context["exact"] == cut(text, first, last, texts.unit)
    assert context["after"] == cut(text, last, context["end"], texts.unit)


def check_change(change, _):
    if change["url"]:
        assert urllib.parse.unquote(change["url"]).split("/")[3:] == [change["id"]]
    assert (change["url"] is None) == (change["op"] == "delete")


def check_facets(value, _):
    for values in value["facets"].values():
        assert values == sorted(values, key=lambda row: (-row["count"], row["id"]))


def check_mention(mention, texts):
    check_span(mention["span"], texts.of(mention["review"]["id"]), texts.unit)


def check_review(review, texts):
    data = texts.bytes_of(review["id"], review["revision"])
    text = data.decode("utf-8")
    assert review["text_sha256"] == hashlib.sha256(data).hexdigest()
    assert (review["text_bytes"], review["text_codepoints"]) == (len(data), len(text))
    assert review.get("text", text) == text
    rating = review["rating"]
    assert rating is None or rating["worst"] <= rating["value"] <= rating["best"]
    check_url(review, "reviews")


def check_bundle(bundle, texts):
    assert bundle["text"] == texts.of(bundle["id"])
    for quote in bundle["quotes"]:
        assert quote["exact"] == [bundle["text"][start:end] for start, end in quote["spans"]]


def check_agent(agent, _):
    assert agent["name"] not in agent["aliases"]
    check_url(agent, COLLECTIONS[agent["kind"]])


def check_work(work, _):
    check_url(work, "works")


def check_url(value, collection):
    """The address of a thing leads back to its id."""
    assert value["url"].isascii()
    assert urllib.parse.unquote(value["url"], errors="strict") == f"/v1/{collection}/{value['id']}"


def check_hit(hit, texts):
    """The thing itself, and that the highlights and the marks of the snippet are of its text."""
    thing = hit[hit["type"]]
    SEMANTICS[hit["type"]](thing, texts)
    places = [(place["start"], place["end"]) for place in hit["highlights"]]
    assert all(start < end for start, end in places)
    if hit["field"] == "text":
        source = texts.of(thing["id"].split("~")[0])
        assert places
    else:
        source = [thing[key] for key in ("title", "name") if key in thing][0]
        if hit["field"] == "alias":
            source = next(alias for alias in thing["aliases"] if alias in html.unescape(bare(hit["snippet"])))
    found = [cut(source, start, end, texts.unit) for start, end in places]
    for (start, end), words in zip(places, found):
        assert words and words == words.strip()
        if hit["type"] == "quote":
            assert any(span["start"] <= start and end <= span["end"] for span in thing["spans"])
    shown = thing["text"] if hit["type"] == "quote" else source
    check_snippet(hit["snippet"], shown, found)


def bare(snippet):
    return snippet.replace("<mark>", "").replace("</mark>", "").removeprefix("… ").removesuffix(" …")


def check_snippet(snippet, shown, highlighted):
    """A part of what is shown, on one line, with nothing of a page in it but the marks."""
    assert not re.search(r"[<>]", re.sub(r"</?mark>", "", snippet)) and "\n" not in snippet
    assert html.unescape(bare(snippet)) in re.sub(r"[\x00-\x1f]", " ", shown)
    marks = [html.unescape(mark) for mark in re.findall(r"<mark>(.*?)</mark>", snippet)]
    assert len(marks) == snippet.count("<mark>") == snippet.count("</mark>")
    flat = [re.sub(r"[\x00-\x1f]", " ", words) for words in highlighted]
    assert all(any(mark in words or words in mark for words in flat) for mark in marks)


def check_suggestion(suggestion, _):
    assert suggestion["matched"]


def check_verification(verification, texts):
    kinds = {match["match"] for match in verification["matches"]}
    assert (verification["verdict"] == "absent") == (not kinds)
    if verification["verdict"] in ("exact", "normalised"):
        assert verification["matches"][0]["match"] == verification["verdict"]
    for match in verification["matches"]:
        check_span(match["span"], texts.of(match["review"]["id"]), texts.unit)
        assert match["speakers"] == (match["quote"]["speakers"] if match["quote"] else [])
        if match["quote"]:
            check_quote(match["quote"], texts)
            assert match["quote"]["review"]["id"] == match["review"]["id"]


SEMANTICS = {"hit": check_hit, "suggestion": check_suggestion, "verification": check_verification,
             "quote": check_quote, "context": check_context, "mention": check_mention, "review": check_review,
             "review_with_text": check_review, "bundle": check_bundle, "agent": check_agent, "work": check_work,
             "change": check_change, "facets": check_facets}


def check_written(reply):
    """What a write answers: the thing as it is now and its entity tag, where it is if it is new; or nothing at all."""
    assert reply.get("Cache-Control") == "no-store"
    if reply.method == "DELETE":
        assert (reply.status, reply.get("ETag"), reply.get("Content-Type")) == (204, None, None)
        return
    assert reply.get("Content-Type") in ("application/json", "application/x-ndjson")
    if reply.target.startswith("/v1/import"):
        assert reply.status == 200
        return
    value = read_json(reply)
    shape = next(shape for start, shape in routes.WRITTEN if reply.target.startswith(start))
    schemas.assert_valid(shape, value)
    assert STRONG_TAG.fullmatch(reply.get("ETag"))
    assert (reply.status, reply.get("Location")) in ((200, None), (201, value["url"]))


def check_options(reply, _):
    methods = routes.methods(reply.target)
    assert reply.method == "OPTIONS"
    assert reply.get("Allow") == methods
    assert reply.get("Access-Control-Allow-Methods") == methods
    assert reply.get("Access-Control-Allow-Headers")
    assert reply.get("Access-Control-Max-Age").isdigit()


def check_partial(reply, _):
    assert routes.find(reply.target)[0].name == "review_text_get"
    check_cached(reply)
    match = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", reply.get("Content-Range"))
    first, last, whole = (int(number) for number in match.groups())
    assert 0 <= first <= last < whole and last - first + 1 == int(reply.get("Content-Length"))


def check_choices(reply, texts):
    route, suffix = routes.find(reply.target)
    assert route.is_agent
    if reply.method == "GET" and reply.get("Content-Type") == "application/json":
        value = read_json(reply)
        trimmed = "fields" in parameters(reply)
        schemas.assert_valid("agent_list", value, trimmed)
        assert len(value["data"]) == value["page"]["total"] > 1
        for agent in () if trimmed else value["data"]:
            check_agent(agent, texts)
    assert reply.get("Content-Type") == routes.MEDIA_TYPES[suffix or "json"] or "accept" in reply.asked


def check_redirect(reply, _):
    location = reply.get("Location")
    assert re.fullmatch(r"/[!-~]*", location), f"no path: {location!r}"
    assert location.split("?")[0] != reply.target.split("?")[0], "leads to itself"
    if reply.method == "GET" and reply.get("Content-Type") == "application/json":
        value = read_json(reply)
        schemas.assert_valid("redirect", value)
        assert value == {"status": reply.status, "location": location}
    elif reply.method == "GET":
        assert reply.get("Content-Type") == "text/plain; charset=utf-8" and location in reply.text


def check_not_modified(reply, _):
    """What RFC 9110, section 15.4.5, wants of a 304 is what the 200 would have sent."""
    assert "if-none-match" in reply.asked
    check_cached(reply)
    assert reply.get("Vary") == vary(routes.find(reply.target)[1])


def check_error(reply):
    assert reply.get("Cache-Control") == "no-store"
    assert reply.get("ETag") is None
    assert reply.get("X-Request-Id")
    check_error_type(reply)
    if reply.status == 405:
        assert reply.get("Allow") == routes.methods(reply.target)
    if reply.method == "HEAD":
        return
    assert not INSIDE.search(reply.text), reply.text
    if reply.get("Content-Type") == "application/problem+json":
        check_problem(reply)
    else:
        assert re.fullmatch(r"[^\r\n\0]+\n", reply.text), f"not one plain line: {reply.text!r}"


def check_error_type(reply):
    """JSON unless .txt or Accept asks for text; either for the one route that has text alone."""
    kind = reply.get("Content-Type")
    assert kind in ("application/problem+json", "text/plain; charset=utf-8")
    route, suffix = routes.find(reply.target)
    accept = reply.asked.get("accept")
    if suffix == routes.TXT or (not suffix and accept == "text/plain"):
        assert kind == "text/plain; charset=utf-8"
    elif suffix == routes.JSON or (accept in (None, "*/*") and not (route and route.name in ("metrics_get", "review_text_get"))):
        assert kind == "application/problem+json"


def check_problem(reply):
    problem = read_json(reply)
    schemas.assert_valid("problem", problem)
    assert problem["status"] == reply.status
    assert problem["type"] == "/problems/" + problem["code"]
    assert problem["request_id"] == reply.get("X-Request-Id")
