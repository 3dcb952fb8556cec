"""The commands of docs/operation.md, taken from the page and run in the container."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

import pytest
from conftest import CHECKOUT, PORT, WEBS, Container, Servers, wait_until

PAGE = (CHECKOUT / "docs" / "operation.md").read_text(encoding="utf-8")
LINES = [
    line.strip()
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
INSIDE = [line for line in LINES if line.startswith("docker compose exec") and " web " in line]
ONCE = [line for line in LINES if line.startswith("docker compose run --rm --no-deps worker ")]
PASSWORD = "a-long-password\n" * 2  # what a person types


def command(line: str) -> list[str]:
    """What runs inside for *line*."""
    return shlex.split(re.sub(r"^docker compose (exec web|run --rm --no-deps worker) ", "", line))


def test_the_page_has_commands_to_try() -> None:
    assert len(INSIDE) >= 9
    assert len(ONCE) == len([line for line in LINES if line.startswith("docker compose run")]) >= 3


def test_every_command_inside_a_container_does_what_it_says(webs: list[Container]) -> None:
    for line in INSIDE:
        words = command(line)
        ended = webs[0].run(*words, given=PASSWORD if "--create" in words else "y\n")
        expected = (0, 1) if words[:2] == ["landlab", "doctor"] else (0,)  # it is right to find that there is no worker
        assert ended.returncode in expected, f"{line}\n{ended.stdout[-2000:]}"
        assert "Traceback" not in ended.stdout, line


def test_backup_restore_and_upgrade_run_in_a_container_of_their_own(
    start: Callable[..., Container], webs: list[Container], servers: Servers
) -> None:
    verbs = ("backup", "restore", "upgrade")
    backup, restore, upgrade = (next(command(line) for line in ONCE if f" {verb} " in line) for verb in verbs)
    data = webs[0].data

    def once(*words: str) -> tuple[int, str]:
        container = start(*words, data=data, **servers.environment)
        return container.wait(), container.text

    code, told = once(*backup)
    assert code == 0, told
    code, told = once(*restore, "--yes")
    assert code == 1, told
    assert "web and worker" in told, "while somebody uses the database it is not replaced"

    for container in start.started:  # type: ignore[attr-defined]
        container.stop()
    for words in ((*restore, "--yes"), upgrade):
        code, told = once(*words)
        assert code == 0, told
    again = start("serve", "web", data=data, **servers.environment, LANDLAB_BIND=f"{WEBS[0]}:{PORT}")
    wait_until(lambda: again.run("landlab", "answers", "web").returncode == 0, "web", again)


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("docker compose")])
def test_compose_knows_the_services_that_the_page_names(line: str) -> None:
    verbs = {"build", "up", "pull", "stop", "exec", "run", "logs", "ps"}
    words = shlex.split(line)[2:]
    services = set(re.findall(r"^  ([a-z-]+):$", (CHECKOUT / "docker-compose.yml").read_text(), re.MULTILINE))

    assert words[0] in verbs
    named = [word.partition("=")[0] for word in words[1:] if word.partition("=")[0] in services]
    assert named or words in (["up", "-d"], ["build", "--pull"])  # of all services
