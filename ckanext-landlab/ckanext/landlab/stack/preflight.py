"""Says what a machine lacks before anything is installed; runs with whatever `python3` there is, so it is plain Python.

The first line of its output names the package to install.
"""

import sys

LEAST = (3, 10)


def missing(version, modules):
    """What to install, given the version of Python and the modules found; empty if all is there."""
    if version < LEAST:
        return "Python {}.{} or newer is needed, this is {}.{}. Set PYTHON=/path/to/python3, or install it.".format(
            *LEAST, *version[:2]
        )
    if "ensurepip" not in modules or "venv" not in modules:
        return "Please install the Debian package python3-venv: sudo apt install python3-venv"
    return ""


def found():
    """Which of the modules that we need are there; Debian leaves `ensurepip` out of python3."""
    modules = set()
    for name in ("venv", "ensurepip"):
        try:
            __import__(name)
        except ImportError:
            continue
        modules.add(name)
    return modules


if __name__ == "__main__":
    sentence = missing(tuple(sys.version_info[:2]), found())
    if sentence:
        print(sentence)
        sys.exit(1)
