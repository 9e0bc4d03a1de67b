# SPDX-License-Identifier: MIT
"""Servers that are measured: started on a free port and one processor, watched, stopped."""
import getpass
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time

SERVER_CPU, CLIENT_CPU = "0", "1"
READY_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_whole(data):
    """Not everybody closes a connection when asked to."""
    head, end, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.I)
    return bool(end and length) and len(body) >= int(length[1])


def fetch(port, target, headers=()):
    """(status line, header lines, body) of one request on a connection of its own."""
    with socket.create_connection(("127.0.0.1", port), timeout=READY_SECONDS) as connection:
        lines = [f"GET {target} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers, "", ""]
        connection.sendall("\r\n".join(lines).encode())
        data = b""
        while not is_whole(data) and (piece := connection.recv(1 << 16)):
            data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    status, *rest = head.decode("latin-1").split("\r\n")
    return status, dict(line.split(": ", 1) for line in rest), body


class Contender:
    """One server process and its children, on the server's processor."""

    def __init__(self, name, words, port, cwd=None, ready="/"):
        self.name, self.port = name, port
        started = time.monotonic()
        self.process = subprocess.Popen(["taskset", "-c", SERVER_CPU, *map(str, words)], cwd=cwd,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            try:
                fetch(port, ready)
                break
            except (OSError, ValueError):
                if self.process.poll() is not None or time.monotonic() - started > READY_SECONDS:
                    raise SystemExit(f"bench: {name} does not serve") from None
                time.sleep(0.002)
        self.ready_ms = 1000 * (time.monotonic() - started)

    def pids(self):
        """The process and all below it."""
        found, more = [], [self.process.pid]
        while more:
            pid = more.pop()
            found.append(pid)
            for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
                more += task.read_text().split()
        return found

    def cpu_seconds(self):
        """User and system time so far."""
        total = 0
        for pid in self.pids():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def rss_mb(self):
        total = 0
        for pid in self.pids():
            for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1])
        return total / 1024

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def reviewd(binary, store, *options, name="reviewd", ready="/livez"):
    port = free_port()
    return Contender(name, [binary, "serve", "--db", store, "--listen", f"127.0.0.1:{port}", *options], port, ready=ready)


def epoll_loop(programs, response_file):
    port = free_port()
    return Contender("epoll loop", [programs / "epoll_loop", port, response_file], port)


def bare_microhttpd(programs, body_file):
    port = free_port()
    return Contender("libmicrohttpd alone", [programs / "bare_microhttpd", port, body_file], port)


NGINX = """
user {user};
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
daemon off;
events {{ worker_connections 4096; use epoll; multi_accept on; }}
http {{
  access_log off;
  sendfile {sendfile};
  tcp_nodelay on;
  keepalive_requests 1000000000;
  open_file_cache max=100 inactive=1h;
  open_file_cache_valid 1h;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    root {folder}/www;
    types {{ application/json json; }}
    add_header Cache-Control "public, max-age=0, must-revalidate";
  }}
}}
"""


def nginx(folder, files, sendfile="off"):
    """The bodies as static files /NAME.json; sendfile off is the faster setting for small files. Its worker is the same
    user: started by root it would be nobody, who may not read them, and all answers 403."""
    port = free_port()
    (folder / "www").mkdir(parents=True)
    for name, body in files.items():
        (folder / "www" / f"{name}.json").write_bytes(body)
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(user=getpass.getuser(), folder=folder, port=port, sendfile=sendfile))
    return Contender("nginx, static file", ["nginx", "-c", config, "-p", folder], port)


def npm_package(folder, package, say):
    """Installs a package for node below the folder; False where there is no npm or no registry."""
    if not shutil.which("npm"):
        say(f"no npm, so {package} is left out")
        return False
    done = subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, package],
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        say(f"{package} could not be installed, so it is left out")
    return done.returncode == 0
