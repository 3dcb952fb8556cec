"""Who asks is known by the address that nginx saw, whatever a client claims: failed logins and limits count for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from ckanext.landlab.login import CLIENT_TRIES
from conftest import Container, Servers
from front import Front, certificate, front
from redis import Redis

__all__ = ["certificate", "front"]  # fixtures
RATE = 1  # so low that a slow machine asks more often as well
MANY = RATE * 4 + 20  # more than the rate and its burst


def claim(number: int) -> dict[str, str]:
    """What a client says that it is, another one each time."""
    address = f"203.0.113.{number % 250 + 1}"
    return {"X-Forwarded-For": address, "X-Real-IP": address, "Forwarded": f"for={address}"}


@pytest.fixture
def counts(webs: list[Container], servers: Servers) -> Iterator[Callable[[], list[str]]]:
    """What is counted of failed logins at this moment; nothing at the start and at the end."""
    address = servers.environment["LANDLAB_REDIS"]
    client = Redis.from_url(address, password=servers.environment["LANDLAB_SECRET_REDIS"], decode_responses=True)

    def told() -> list[str]:
        return sorted(client.scan_iter("landlab:login:client:*"))

    def forget() -> None:
        for key in client.scan_iter("landlab:login:*"):
            client.delete(key)

    forget()
    yield told
    forget()
    client.close()


def fail(asked: Front, number: int) -> int:
    """The answer to a login under a name of its own, which is never there."""
    names = {"login": f"nobody-{number}", "password": "wrong-wrong-wrong"}
    return asked.get("/user/login", "POST", data=names, headers=claim(number)).status_code


def at_once(asked: Front, claims: list[dict[str, str]]) -> list[int]:
    """The answers of the API to who claims that, many at a time."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda said: asked.get("/api/3/action/status_show", headers=said).status_code, claims))


def test_a_program_that_makes_up_addresses_is_counted_as_one(
    front: Callable[..., Front], counts: Callable[[], list[str]]
) -> None:
    open_to_all = front(LANDLAB_API_RATE="1000")

    found = [fail(open_to_all, number) for number in range(CLIENT_TRIES + 1)]

    assert len(counts()) == 1
    assert 429 not in found[:CLIENT_TRIES]
    assert found[CLIENT_TRIES] == 429


def test_people_behind_a_proxy_of_the_house_are_counted_each(
    front: Callable[..., Front], counts: Callable[[], list[str]]
) -> None:
    behind = front(LANDLAB_API_RATE="1000", LANDLAB_TRUSTED_PROXY="127.0.0.1")

    for number in range(4):
        fail(behind, number)

    assert len(counts()) == 4


def test_made_up_addresses_do_not_widen_the_limit_of_the_api(front: Callable[..., Front]) -> None:
    narrow = front(LANDLAB_API_RATE=str(RATE))

    found = at_once(narrow, [claim(number) for number in range(MANY)])

    assert set(found) == {200, 429}


def test_behind_a_proxy_of_the_house_each_address_has_a_limit_of_its_own(front: Callable[..., Front]) -> None:
    behind = front(LANDLAB_API_RATE=str(RATE), LANDLAB_TRUSTED_PROXY="127.0.0.1")

    each = at_once(behind, [claim(number) for number in range(MANY)])
    with_a_lie = at_once(behind, [{"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.77"} for number in range(MANY)])

    assert each == [200] * MANY
    assert 429 in with_a_lie, "what stands left of the address that the proxy saw is not believed"
