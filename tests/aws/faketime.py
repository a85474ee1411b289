"""Time that a test sets, for a whole process.

PyPI's `libfaketime` ships the shared library; it reads the offset ("-70d", "+0d") from a file at every question for the time.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

PROOF = "FINOPS_FAKETIME_PROOF"


class NoFakedTime(Exception):
    """Why time cannot be faked here."""


def library() -> Path:
    if sys.platform != "linux":
        raise NoFakedTime("the shared library is preloaded on Linux only")
    try:
        import libfaketime
    except ImportError as error:
        raise NoFakedTime(f"PyPI's libfaketime is not installed: {error}") from error
    found = Path(libfaketime.__file__).parent / "vendor/libfaketime/src/libfaketime.so.1"
    if not found.exists():
        raise NoFakedTime(f"libfaketime came without {found.name}")
    return found


def set_clock(clock: Path, offset: str) -> None:
    """Replaces the file whole: the library reads it at any moment, and must not see it empty."""
    new = clock.with_suffix(".new")
    new.write_text(f"{offset}\n")
    new.replace(clock)


def restart_under(clock: Path) -> None:
    """Starts this program again with its time taken from that file; returns in the second life.

    The first life sets the clock back a day; where the second does not see that, the library does not work.
    """
    if PROOF not in os.environ:
        wanted = clock.read_text().strip()
        set_clock(clock, "-1d")
        environment = {
            **os.environ,
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(clock),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Without it every wait of a Python thread for another takes far too long: eight clients were fifteen times slower.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
            PROOF: f"{time.time()} {wanted}",
        }
        os.execve(sys.executable, [sys.executable, *sys.argv], environment)
    before, wanted = os.environ.pop(PROOF).split(" ", 1)
    if time.time() > float(before) - 80_000:
        raise NoFakedTime("the library was preloaded, but the time is not faked")
    set_clock(clock, wanted)
