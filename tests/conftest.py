"""What every test may count on, and which tests may not stay out."""

from __future__ import annotations

import os
import re
import shutil

import pytest
from hypothesis import settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

# Data beside the repository may be absent anywhere. What can be installed may not, where all must run.
INSTALLABLE = re.compile(r"chromium|browser|server|installed", re.IGNORECASE)

# A busy machine must not fail a law, and two runs of one change must not differ.
settings.register_profile("at-hand", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if IN_CI else "at-hand")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """In CI, a test skipped for want of something that can be installed has failed."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if INSTALLABLE.search(reason):
            report.outcome = "failed"
            report.longrepr = f"{reason}: in CI this test must run"
    return report


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium to open pages in."""
    names = (os.environ.get("CHROMIUM", ""), *BROWSERS)
    found = next((path for name in names if (path := shutil.which(name))), "")
    if not found:
        pytest.skip("no Chromium on this machine (`make chromium` installs it)")
    return found
