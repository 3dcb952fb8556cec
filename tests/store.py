"""A store that speaks S3 for tests: moto's server on loopback, a process of its own, empty at its start."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import requests

KEYS = {"key": "AKIATESTTESTTEST", "secret": "a-secret-of-the-test"}


@contextmanager
def running(*buckets: str) -> Iterator[str]:
    """The address of a store with empty *buckets*."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(address)
        for bucket in buckets:
            client(address).create_bucket(Bucket=bucket)
        yield address
    finally:
        server.kill()
        server.wait()


def client(address: str):
    """A connection of our own to the store at *address*."""
    return boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=KEYS["key"],
        aws_secret_access_key=KEYS["secret"],
    )


def contents(address: str, bucket: str) -> dict[str, bytes]:
    """Every file of *bucket*."""
    store = client(address)
    pages = store.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
    return {key: store.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}


def wait_for(address: str, seconds: float = 30) -> None:
    """Wait until the store at *address* answers."""
    until = time.monotonic() + seconds
    while not answers(address):
        assert time.monotonic() < until, f"no store after {seconds} s"
        time.sleep(0.1)


def answers(address: str) -> bool:
    """Whether anything answers at *address*."""
    try:
        return requests.get(address, timeout=1).ok
    except requests.RequestException:
        return False
