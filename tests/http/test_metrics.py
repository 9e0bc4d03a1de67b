# SPDX-License-Identifier: MIT
"""/metrics, read as Prometheus reads it, and whether it has counted right."""
import concurrent.futures
import math
import re
import time

import process
import pytest
import wire
from client import Client

SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
REQUESTS = "reviewd_http_requests_total"
SECONDS = "reviewd_http_request_duration_seconds"


@pytest.fixture(scope="module", name="server")
def fixture_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("metrics")
    with process.Server(folder, "--db", folder / "reviews.db", "--threads", 3) as server:
        server.db = folder / "reviews.db"
        yield server


@pytest.fixture(name="client")
def fixture_client(server):
    return Client(server.port)


def scrape(client):
    """{(name, labels): value}; each family is one group behind its HELP and TYPE, and every sample is there once."""
    text = client.get("/metrics").text
    assert text.endswith("\n") and "\n\n" not in text
    samples, families, family = {}, {}, None
    for line in text.split("\n")[:-1]:
        if line.startswith("# HELP "):
            family = line.split(" ")[2]
            assert family not in families and len(line.split(" ", 3)) == 4
            families[family] = None
        elif line.startswith("# TYPE "):
            assert line.split(" ")[2] == family and families[family] is None
            families[family] = line.split(" ")[3]
        else:
            name, labels, value = SAMPLE.fullmatch(line).groups()
            assert name == family or (families[family] == "histogram" and name in {family + end for end in ("_bucket", "_sum", "_count")})
            key = (name, tuple(LABEL.findall(labels or "")))
            assert key not in samples
            samples[key] = float(value)
    assert set(families.values()) == {"counter", "gauge", "histogram"}
    return samples


def value(samples, name, **labels):
    return sum(number for (other, pairs), number in samples.items()
               if other == name and labels.items() <= dict(pairs).items())


def grown(client, work, name, **labels):
    """How much more there is after some work."""
    before = value(scrape(client), name, **labels)
    work()
    return value(scrape(client), name, **labels) - before


def wait_until(condition):
    deadline = time.monotonic() + process.DEADLINE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_metrics_get_is_prometheus_text(client):
    reply = client.get("/metrics")
    assert reply.get("Content-Type") == "text/plain; version=0.0.4; charset=utf-8"
    assert reply.get("Cache-Control") == "no-store"
    accept = "application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
    assert client.get("/metrics", accept=accept).get("Content-Type") == reply.get("Content-Type")
    client.get("/metrics", 406, accept="application/json")
    client.get("/metrics?pretty=1", 400)


@pytest.mark.parametrize(("method", "target", "labels"), [
    ("GET", "/v1", {"route": "/v1", "method": "GET", "code": "200"}),
    ("HEAD", "/v1", {"route": "/v1", "method": "HEAD", "code": "200"}),
    ("OPTIONS", "/v1/quotes", {"route": "/v1/quotes", "method": "OPTIONS", "code": "204"}),
    ("GET", "/v1/characters/darko-kerim-bey/quotes.txt",
     {"route": "/v1/characters/{id}/quotes", "method": "GET", "code": "200"}),
    ("GET", "/v1/characters/nobody/quotes", {"route": "/v1/characters/{id}/quotes", "method": "GET", "code": "404"}),
    ("GET", "/v1/characters/kerim%20bey", {"route": "/v1/characters/{id}", "method": "GET", "code": "302"}),
    ("GET", "/v1/quotes?limit=x", {"route": "/v1/quotes", "method": "GET", "code": "400"}),
    ("GET", "/nope", {"route": "none", "method": "GET", "code": "404"}),
    ("PATCH", "/v1", {"route": "/v1", "method": "PATCH", "code": "405"}),
    ("BREW", "/v1", {"route": "none", "method": "other", "code": "501"}),
    ("GET", "/v1/%zz", {"route": "none", "method": "GET", "code": "400"}),
    ("GET", "/", {"route": "/", "method": "GET", "code": "302"})])
def test_metrics_get_counts_by_route_method_and_status(client, method, target, labels):
    assert grown(client, lambda: [client.send(method, target) for _ in range(3)], REQUESTS, **labels) == 3


def test_metrics_get_counts_what_has_not_changed(client):
    tag = client.get("/v1").get("ETag")
    assert grown(client, lambda: client.get("/v1", 304, if_none_match=tag), REQUESTS, route="/v1", code="304") == 1


def test_metrics_get_counts_every_answer_on_every_thread(client):
    def work():
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            assert all(pool.map(lambda _: client.get("/v1/works").status == 200, range(300)))

    assert grown(client, work, REQUESTS, route="/v1/works", method="GET", code="200") == 300
    assert grown(client, work, SECONDS + "_count", route="/v1/works") == 300


def test_metrics_get_has_sound_histograms(client):
    for target in ("/v1", "/v1/quotes", "/docs", "/nope"):
        client.send("GET", target)
    samples = scrape(client)
    routes = {dict(pairs)["route"] for name, pairs in samples if name == SECONDS + "_count"}
    assert {"/v1", "/v1/quotes", "/docs", "none", "/metrics"} <= routes
    for route in routes:
        buckets = [(float(dict(pairs)["le"]), number) for (name, pairs), number in samples.items()
                   if name == SECONDS + "_bucket" and dict(pairs)["route"] == route]
        assert buckets == sorted(buckets) and buckets[-1][0] == math.inf
        assert [number for _, number in buckets] == sorted(number for _, number in buckets)
        count = value(samples, SECONDS + "_count", route=route)
        assert buckets[-1][1] == count == value(samples, REQUESTS, route=route) > 0
        assert 0 < value(samples, SECONDS + "_sum", route=route) < count * process.DEADLINE


def test_metrics_get_tells_open_connections(client):
    wait_until(lambda: value(scrape(client), "reviewd_http_connections") == 1)
    with wire.Connection(client.port) as first, wire.Connection(client.port) as second:
        for connection in (first, second):
            connection.send(wire.request_bytes("GET", "/livez"))
            assert connection.reply().status == 200
        # Connections that have ended, as their clients know, are counted for a moment more.
        wait_until(lambda: value(scrape(client), "reviewd_http_connections") == 3)
    wait_until(lambda: value(scrape(client), "reviewd_http_connections") == 1)


def test_metrics_get_tells_requests_in_flight(client):
    """The one that asks, and one whose body is still to come."""
    wait_until(lambda: value(scrape(client), "reviewd_http_requests_in_flight") == 1)
    with wire.Connection(client.port) as connection:
        connection.send(wire.request_bytes("GET", "/livez", {"Content-Length": "5"}, b"ab"))
        wait_until(lambda: value(scrape(client), "reviewd_http_requests_in_flight") == 2)
        connection.send(b"cde")
        assert connection.reply().status == 200
    wait_until(lambda: value(scrape(client), "reviewd_http_requests_in_flight") == 1)


def test_metrics_get_tells_of_the_store(client, server):
    samples, index = scrape(client), client.json("/v1")
    assert value(samples, "reviewd_store_up") == 1
    assert value(samples, "reviewd_store_revision") == index["revision"]
    for kind, count in index["counts"].items():
        assert value(samples, "reviewd_store_items", kind=kind) == count
    assert value(samples, "reviewd_store_file_bytes", file="database") == server.db.stat().st_size
    assert value(samples, "reviewd_store_file_bytes", file="wal") == server.db.with_name("reviews.db-wal").stat().st_size


def test_metrics_get_tells_of_the_process(client):
    samples = scrape(client)
    assert time.time() - 3600 < value(samples, "process_start_time_seconds") <= time.time()
    assert 1e6 < value(samples, "process_resident_memory_bytes") < 1e10
    assert 0 < value(samples, "process_cpu_seconds_total") < 3600
    version = client.json("/v1")["version"]
    assert value(samples, "reviewd_build_info", version=version) == 1


def test_metrics_get_is_answered_under_load(client):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(client.get, "/v1/quotes") for _ in range(200)]
        seen = [value(scrape(client), REQUESTS, route="/v1/quotes", code="200") for _ in range(20)]
        assert all(future.result().status == 200 for future in asking)
    assert seen == sorted(seen)
