"""A server that speaks S3, as a process of its own, on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from gis.settings import BucketSettings
from scripts.bench.service import free_port
from tests.plain import NO_TLS

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "var" / "s3"
START_S = 120.0


@contextmanager
def bucket_server() -> Iterator[str]:
    """Give the address of a server without buckets."""
    if not FOLDER.is_dir():
        pytest.skip(f"{FOLDER} isn't there: scripts/test makes it from requirements/s3.txt")
    port = free_port()
    environ = os.environ | {"PYTHONPATH": str(FOLDER)}
    command = [sys.executable, "-P", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    running = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + START_S
        while not _answers(url):
            assert running.poll() is None, "the server of buckets has ended"
            assert time.monotonic() < until
            time.sleep(0.1)
        yield url
    finally:
        running.terminate()
        running.wait(20)


def new_bucket(url: str) -> BucketSettings:
    """Make a bucket of its own name."""
    name = f"photos-{uuid4().hex[:12]}"
    assert httpx.put(f"{url}/{name}", timeout=30, verify=NO_TLS).status_code == 200
    return BucketSettings(name=name, endpoint=url, key_id="test", secret="test", prefix="weiwang")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, verify=NO_TLS).status_code < 500
    except httpx.HTTPError:
        return False
