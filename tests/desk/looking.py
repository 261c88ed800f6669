"""What a machine has against the look of a page in the browser."""

from __future__ import annotations

from typing import Any

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


def against(page: Any) -> list[str]:
    """What an accessibility scan finds, what is wider than the window, headings too few or many."""
    from axe_playwright_python.sync_playwright import Axe

    found = [
        f"{one['id']}: {one['help']}: {node['target']} {node['failureSummary']}"
        for one in Axe().run(page, options=RULES).response["violations"]
        for node in one["nodes"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        found.append(f"{wide} px wider than its window")
    if (first := page.locator("h1").count()) != 1:
        found.append(f"{first} headings of the first order")
    return found
