"""What every test may count on."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

# A busy machine must not fail a law, and two runs of one change must not differ.
settings.register_profile("at-hand", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if IN_CI else "at-hand")


def missing(what: str) -> None:
    """A test lacks something of this machine: said aloud here, a failure where everything must run."""
    if IN_CI:
        pytest.fail(f"{what}; in CI every test must run", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium to open pages in."""
    found = next(
        (path for name in (os.environ.get("CHROMIUM", ""), *BROWSERS) if (path := shutil.which(name))), ""
    )
    if not found:
        missing("there is no Chromium on this machine (`make chromium` installs it)")
    return found
