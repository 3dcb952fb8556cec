"""The tests beside this file need `../shared/testdata`; without it none of them runs, and the summary says so loudly.

Those in the folders below bring their own data.
"""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
TESTDATA = HERE.parents[2] / "shared" / "testdata"

left_out: list[str] = []


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave a module out before it is imported, because many read their data while they are."""
    if TESTDATA.is_dir() or collection_path.parent != HERE or not collection_path.name.startswith("test_"):
        return None
    left_out.append(collection_path.name)
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if left_out:
        terminalreporter.write_line(
            f"SKIPPED: THERE IS NO {TESTDATA}, so nothing of these was tested: {', '.join(sorted(left_out))}",
            yellow=True,
        )
