# SPDX-License-Identifier: MIT
"""The page for people, the way to it, and the catalog for programs."""
import base64
import functools
import hashlib
import html.parser
import json
import re
import urllib.parse

import curl_lines
import openapi
import pytest
import schemas

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
VOID = {"meta", "br", "hr", "link", "img", "input"}


class Page(html.parser.HTMLParser):
    """The elements of a page, which must all be closed in their order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.curl, self.ids = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == [], f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        self.ids += [attributes["id"]] if "id" in attributes else []
        if attributes.get("class") == "curl":
            self.curl.append("")
        if tag not in VOID:
            self.open.append((tag, attributes))

    def handle_endtag(self, tag):
        assert self.open and self.open.pop()[0] == tag, f"</{tag}> closes another element"

    def handle_data(self, data):
        if any(attributes.get("class") == "curl" for _, attributes in self.open):
            self.curl[-1] += data


@functools.cache
def page_of(client):
    return Page(client.get("/docs").text)


def test_docs_get_is_one_page_that_loads_nothing(seed):
    page = page_of(seed)
    names = {tag for tag, _ in page.elements}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "svg", "video", "audio"}
    for tag, attributes in page.elements:
        assert not any(name.startswith("on") or name in ("style", "src", "srcset") for name in attributes), (tag, attributes)
        href = attributes.get("href")
        assert href is None or href.startswith(("/", "#")) and not href.startswith("//")
    assert [tag for tag, _ in page.elements].count("style") == [tag for tag, _ in page.elements].count("h1") == 1
    assert len(set(page.ids)) == len(page.ids)
    assert ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}) in page.elements


def test_docs_get_allows_its_own_style_alone(seed):
    reply = seed.get("/docs")
    style = re.search(r"<style>(.*?)</style>", reply.text, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    policy = dict(part.strip().split(" ", 1) for part in reply.get("Content-Security-Policy").split(";"))
    assert policy == {"default-src": "'none'", "style-src": f"'sha256-{digest}'", "base-uri": "'none'", "form-action": "'none'",
                      "frame-ancestors": "'none'"}
    assert "prefers-color-scheme: dark" in style and "url(" not in style and "@import" not in style


def words(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_docs_get_tells_every_operation(seed):
    text = seed.get("/docs").text
    for operation in openapi.operations():
        article = re.search(rf'<article id="{operation.id}">(.*?)</article>', text, re.S)
        assert article, f"{operation.id} is missing"
        told = html.unescape(words(article[1]))
        assert told.startswith(f"{operation.method.upper()} {operation.path} {operation.body['summary']}.")
        for parameter in operation.parameters:
            if parameter["in"] == "query":
                assert f"{parameter['name']} " in told and parameter["description"] in told
                for value in parameter["schema"].get("items", parameter["schema"]).get("enum", ()):
                    assert value in told
    assert text.count("<article ") == len(openapi.operations())


def test_docs_get_tells_every_problem(seed):
    text = seed.get("/docs").text
    for code in schemas.documents()["problem.json"]["properties"]["code"]["enum"]:
        assert f'<a href="/problems/{code}">' in text


def test_docs_get_has_a_curl_line_for_every_operation_that_works(seed, tmp_path):
    if not curl_lines.CURL:
        pytest.skip("there is no curl")
    lines = page_of(seed).curl
    assert len(lines) == len(openapi.operations()) + 1 and len(set(lines)) >= len(openapi.operations())
    for line in filter(lambda line: "TOKEN" not in line, lines):
        assert f"127.0.0.1/" in line
        output = curl_lines.run(line.replace("127.0.0.1/", f"127.0.0.1:{seed.port}/"), seed.port, tmp_path)
        assert output


def test_docs_get_has_curl_lines_to_write_that_work(author, tmp_path):
    """One behind the other, what is deleted last: with the files that they name."""
    if not curl_lines.CURL:
        pytest.skip("there is no curl")
    for name in openapi.sent():
        body = json.dumps(openapi.document()["components"]["schemas"][name]["examples"][0])
        (tmp_path / f"{name.removeprefix('Given').lower()}.json").write_text(body, encoding="utf-8")
    imported = {**json.loads((tmp_path / "review.json").read_text(encoding="utf-8")), "id": "imported"}
    (tmp_path / "reviews.ndjson").write_text(json.dumps(imported) + "\n", encoding="utf-8")
    lines = [line for line in page_of(author).curl if "TOKEN" in line]
    assert len(lines) == sum("security" in operation.body for operation in openapi.operations())
    for line in sorted(lines, key=lambda line: ("-X DELETE" in line, "-X POST" in line)):
        if "-X POST" in line and "import" not in line:
            posted = {**imported, "id": "posted"}
            (tmp_path / "review.json").write_text(json.dumps(posted), encoding="utf-8")
        line = line.replace("127.0.0.1/", f"127.0.0.1:{author.port}/").replace("TOKEN", author.token)
        curl_lines.run(line, author.port, tmp_path)
    author.get("/v1/reviews/my-review", 410)
    for path in ("/v1/reviews/posted", "/v1/reviews/imported", "/v1/characters/my-character", "/v1/works/my-work"):
        author.get(path)


def test_docs_get_leads_only_to_what_is_there(seed):
    page = page_of(seed)
    links = {attributes["href"] for tag, attributes in page.elements if tag == "a"}
    for link in links:
        if link.startswith("#"):
            assert link[1:] in page.ids, link
        else:
            assert seed.send("GET", link).status == 200, link
    assert len(links) > 50


def test_docs_get_tells_where_the_client_found_it(seed):
    for host in ("reviews.example.org", "localhost:1", "[::1]:8080", "A-b_c.example:65535"):
        reply = seed.send("GET", "/docs", {"Host": host})
        lines = Page(reply.text).curl
        assert lines[0] == f"curl '{host}/v1/characters/darko-kerim-bey/quotes.txt'"
        assert reply.get("ETag") != seed.get("/docs").get("ETag")
        assert seed.send("GET", "/docs", {"Host": host}).get("ETag") == reply.get("ETag")


@pytest.mark.parametrize("host", ["a';id;'", "x$(id)", "a&b", "a;b", "a!b"])
def test_docs_get_makes_no_command_of_a_host(seed, host):
    """Where such a thing is a host at all."""
    reply = seed.send("GET", "/docs", {"Host": host})
    if reply.status == 200:
        assert all(re.match(f"curl (-[^']+'[^']+' )*(-[^']+ )?'{curl_lines.DEFAULT}/", line) for line in Page(reply.text).curl)


def test_docs_get_has_one_form(seed):
    assert seed.get("/docs.html").text == seed.get("/docs").text
    assert "text/html" in seed.get("/docs", 406, accept="application/json").text
    assert seed.get("/docs?pretty=1", 400)


def test_root_get_leads_browsers_to_the_page_and_others_to_the_index(seed):
    assert seed.get("/", 302, accept=BROWSER).get("Location") == "/docs"
    assert seed.get("/", 302, accept="text/html").get("Location") == "/docs"
    for accept in ("*/*", "application/json", "text/plain", "text/html;q=0.5, application/json"):
        assert seed.get("/", 302, accept=accept).get("Location") == "/v1"
    assert seed.get("/", 302).get("Location") == "/v1"
    assert seed.get("/", 302).get("Link") == '</.well-known/api-catalog>; rel="api-catalog"'


def test_catalog_get_leads_to_what_describes_the_service(seed):
    value = seed.json("/.well-known/api-catalog")
    interface = next(context for context in value["linkset"] if context["anchor"] == "/v1")
    for relation in ("service-desc", "service-doc", "status"):
        for link in interface[relation]:
            reply = seed.get(link["href"])
            assert reply.get("Content-Type").split(";")[0] == link["type"]
    assert value["linkset"][0]["item"] == [{"href": "/v1"}]


def test_catalog_get_answers_head_with_links(seed):
    """RFC 9727, section 2."""
    head = seed.send("HEAD", "/.well-known/api-catalog")
    assert '</v1>; rel="item"' in head.get("Link") and 'rel="api-catalog"' in head.get("Link")
    for accept in ("application/linkset+json", "application/json", "*/*"):
        assert seed.get("/.well-known/api-catalog", accept=accept).get("Content-Type").startswith("application/linkset+json;")
    seed.get("/.well-known/api-catalog", 406, accept="text/html")


def test_other_well_known_paths_are_not_there(seed):
    for path in ("/.well-known", "/.well-known/security.txt", "/.well-known/x"):
        assert urllib.parse.urlsplit(path).path == path and seed.get(path, 404)
