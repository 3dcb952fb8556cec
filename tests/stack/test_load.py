"""Many visitors at once get right answers: the workers of the web server share nothing that they must not share."""

from concurrent.futures import ThreadPoolExecutor

import requests

VISITORS = 16
VISITS = 320


def test_requests_side_by_side_are_all_answered_rightly(site):
    address = site.status()["address"]

    def ask(number: int) -> tuple[int, object]:
        answer = requests.get(f"{address}/api/3/action/package_show?id=none-{number}", timeout=30)
        return answer.status_code, answer.json()["success"]

    with ThreadPoolExecutor(VISITORS) as visitors:
        answers = set(visitors.map(ask, range(VISITS)))

    assert answers == {(404, False)}
