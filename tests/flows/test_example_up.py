"""Half a term of a Party committee through `up`: the first runs do the day's work, an officer asks for the term's figures."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, StateType

from flows.processes import end_all
from flows.serving import FIRST_TAG
from tests.flows.conftest import ROOT, Installation, Up, free_port, until

pytestmark = pytest.mark.prefect
EXAMPLE = ROOT / "examples" / "can_tho_2015"
# As `ketnap up --example` does on its first start.
FILL = (
    "import sys\nfrom pathlib import Path\nfrom console.cli_running import prepare\nfrom console.run import Run\n"
    "prepare(Run(), Path(sys.argv[1]))\n"
)


@pytest.fixture(scope="module")
def example() -> Iterator[Installation]:
    """The example with its own config, a database and ports of its own."""
    folder = Path(tempfile.mkdtemp(prefix="ketnap-example-"))
    made = Installation(folder, free_port(), free_port())
    lines = (EXAMPLE / "config.yaml").read_text(encoding="utf-8").replace("../../var/can_tho_2015", "var")
    lines += f"server: {{port: {made.port}, status_port: {made.status_port}}}\n"
    made.config.write_text(lines, encoding="utf-8")
    subprocess.run([sys.executable, "-c", FILL, str(EXAMPLE)], env=made.environment, cwd=ROOT, check=True)
    yield made
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def client(example: Installation) -> Iterator[SyncPrefectClient]:
    up: Up = example.up()
    try:
        with SyncPrefectClient(example.place.api) as made:
            yield made
    finally:
        up.terminate()
        end_all(up.children())


def ended(client: SyncPrefectClient, run: FlowRun) -> FlowRun:
    return until(lambda: (found := client.read_flow_run(run.id)).state.is_final() and found, 150)


def first_run(client: SyncPrefectClient, name: str) -> FlowRun:
    """The run that `up` starts by itself; the scheduled ones that stand beside it wait for their hour."""
    flow = FlowFilter(name=FlowFilterName(any_=[name]))
    first = FlowRunFilter(tags=FlowRunFilterTags(all_=[FIRST_TAG]))
    return ended(client, until(lambda: client.read_flow_runs(flow_filter=flow, flow_run_filter=first))[0])


def run_now(client: SyncPrefectClient, name: str, **parameters: Any) -> FlowRun:
    deployment = client.read_deployment_by_name(f"{name}/{name}")
    return ended(client, client.create_flow_run_from_deployment(deployment.id, parameters=parameters))


def test_an_officer_asks_for_the_term_and_gets_its_figures(client: SyncPrefectClient) -> None:
    assert first_run(client, "rollup").state_type == StateType.COMPLETED
    run = run_now(client, "rollup", period="2015/2020")
    assert (run.state_type, run.name.split(" · ")[0]) == (StateType.COMPLETED, "Tổng hợp 2015/2020")
    mine = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
    cards = [str(card.data) for card in client.read_artifacts(artifact_filter=mine)]
    assert any("23/30 (76%)" in card for card in cards)


def test_a_unit_behind_is_found_without_anybody_watching(client: SyncPrefectClient, example: Installation) -> None:
    first = first_run(client, "escalation")
    assert (first.state_type, first.state and first.state.name) == (StateType.COMPLETED, "Skipped")  # it is a Sunday
    assert run_now(client, "escalation", today="2018-01-02").state_type == StateType.COMPLETED
    with sqlite3.connect(f"file:{example.database}?mode=ro", uri=True) as ours:
        cases = ours.execute(
            "SELECT u.code, c.indicator, c.period FROM cases c JOIN units u ON u.id = c.unit_id"
        ).fetchall()
    assert cases == [("CB-DN", "admitted", "2015/2020")]  # one of the four it is to admit in the term


def test_what_prefect_keeps_names_nobody(client: SyncPrefectClient, example: Installation) -> None:
    with sqlite3.connect(f"file:{example.database}?mode=ro", uri=True) as ours:
        stored = ours.execute(
            "SELECT r.subtree FROM roll_ups r JOIN units u ON u.id = r.unit_id "
            "WHERE u.code = 'DU-LDLD' AND r.indicator = 'admitted' AND r.period = '2015/2020'"
        ).fetchone()
        names = [name for (name,) in ours.execute("SELECT name FROM people")]
    assert stored == (23,)
    content = b"".join(path.read_bytes() for path in example.place.home.glob("prefect.db*") if path.is_file())
    assert not [name for name in names if name.encode() in content or json.dumps(name)[1:-1].encode() in content]
