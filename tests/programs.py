"""Programs that some tests need and that pip does not install."""

from __future__ import annotations

import os

import pytest


def needs(program: object, reason: str) -> pytest.MarkDecorator:
    """Skip where the program is missing. A build machine (``CI`` set) has installed it: there the test runs, and fails."""
    return pytest.mark.skipif(not program and not os.environ.get("CI"), reason=reason)
