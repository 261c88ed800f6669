"""The installation: config.yaml and states/regulations.yaml read strictly, plain data handed in.

Whatever is wrong is refused with the file, the line and the fix (errors.Installation).
"""

from __future__ import annotations

import os
from pathlib import Path

from config.checking import check
from config.consistency import check_consistency
from config.figures import IndicatorSettings
from config.law import read_overrides
from config.reading import lay_over, read_yaml
from config.settings import Settings

__all__ = ["SHIPPED", "IndicatorSettings", "Settings", "load"]

SHIPPED = Path(__file__).resolve().parent.parent / "config.yaml"


def load(path: Path | None = None) -> Settings:
    """The settings of `path`, else of $KETNAP_CONFIG, else of ./config.yaml, else as shipped."""
    if path is None and (named := os.environ.get("KETNAP_CONFIG")):
        path = Path(named)
    if path is None and Path("config.yaml").is_file():
        path = Path("config.yaml")
    path = (path or SHIPPED).absolute()
    written = read_yaml(SHIPPED)
    if path.resolve() != SHIPPED:
        written = lay_over(written, read_yaml(path))
    settings: Settings = check(Settings, written)
    check_consistency(settings, written)
    return settings.settled(path, read_overrides(written))
