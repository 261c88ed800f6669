"""The command line run inside the test's own process: a process of its own costs a second to start."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from console import cli


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Stdout as the one JSON document it must be."""
        return json.loads(self.out)


def ketnap(*words: str, folder: Path, environment: Mapping[str, str]) -> Ended:
    """`ketnap WORDS` in a folder, with these variables over those there are."""
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
        for name, value in environment.items():
            patched.setenv(name, value)
        patched.chdir(folder)
        code = cli.run(list(words))
    return Ended(code, out.getvalue(), err.getvalue())
