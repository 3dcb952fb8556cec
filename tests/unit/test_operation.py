"""Every command that the pages for operators show is run by a test, which is named here."""

import re
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
PAGES = ("operation.md", "privacy.md", "security.md")
RUN = {  # the command, and how the test that runs it writes it
    "landlab backup": ("tests/stack/test_backup.py", 'landlab("backup"'),
    "landlab restore": ("tests/stack/test_backup.py", 'landlab("restore"'),
    "landlab upgrade": ("tests/stack/test_backup.py", 'landlab("upgrade"'),
    "landlab up": ("tests/stack/conftest.py", 'landlab("up"'),
    "landlab down": ("tests/stack/test_command.py", 'landlab("down"'),
    "landlab doctor": ("tests/stack/test_watching.py", 'landlab("doctor"'),
    "landlab audit": ("tests/unit/stack/test_audit.py", '["audit"'),
    "landlab sbom": ("tests/unit/stack/test_sbom.py", '["sbom"]'),
    "curl -f": ("tests/stack/test_watching.py", "/health/ready"),
    "ckan landlab privacy report": ("tests/site/test_privacy.py", '"privacy", "report"'),
    "ckan landlab privacy erase": ("tests/site/test_privacy.py", '"privacy", "erase"'),
    "ckan landlab privacy tidy": ("tests/site/test_privacy.py", '"privacy", "tidy"'),
    "make install": ("tests/fresh-inside", "make"),
}
ELSEWHERE = (
    "cp .env",
    "docker compose ",
    "git ",
)  # needs a Docker engine, a remote repository, or the web


def commands(page):
    text = (CHECKOUT / "docs" / page).read_text(encoding="utf-8")
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        yield from (line.strip() for line in block.splitlines() if line.strip() and not line.strip().startswith("#"))


def test_every_command_is_run_by_a_test():
    shown = {line for page in PAGES for line in commands(page)}
    run = "docker compose run --rm --no-deps worker "
    within = {line.removeprefix(run) for line in shown if line.startswith("docker compose run")}
    wanted = {line for line in shown if not line.startswith(ELSEWHERE)} | {f"landlab {line}" for line in within}

    assert len(wanted) > 10
    assert [line for line in sorted(wanted) if not any(line.startswith(command) for command in RUN)] == []


def test_the_tests_that_are_named_run_them():
    missing = [
        command
        for command, (file, written) in RUN.items()
        if written not in re.sub(r"\(\s+", "(", (CHECKOUT / file).read_text(encoding="utf-8"))
    ]

    assert missing == []
