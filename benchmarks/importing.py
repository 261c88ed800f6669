"""Importing a workbook of 5,000 people with 40,000 events: memory of the whole process, and its time for the record."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from openpyxl import Workbook

from benchmarks.measure import Result
from benchmarks.people import WAY

PEOPLE = 5_000
MEGABYTES = 500


def workbook(folder: Path) -> Iterator[Result]:
    """`ketnap import` in a process of its own; the bound is on its resident memory."""
    file = folder / "lon.xlsx"
    _write(file)
    env = os.environ | {"KETNAP_DATABASE_URL": f"sqlite:///{folder / 'import.db'}", "KETNAP_TODAY": "2025-12-01"}
    ketnap = [sys.executable, "-m", "console.cli"]
    subprocess.run([*ketnap, "init"], env=env, check=True, stdout=subprocess.DEVNULL)
    start = time.perf_counter()
    done = subprocess.Popen(
        [*ketnap, "import", str(file), "--json"], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    out, _ = done.communicate()
    took = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(out.decode()[:2000])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    yield Result(
        f"import of {PEOPLE:,} people, {PEOPLE * 8:,} events (peak memory)",
        peak,
        MEGABYTES,
        1,
        "MB",
        note=f"{took:.0f} s",
    )


def _write(file: Path) -> None:
    book = Workbook(write_only=True)
    units = book.create_sheet("don_vi")
    units.append(["ma", "ten", "loai"])
    for number in range(50):
        units.append([f"U{number:02d}", f"Chi bộ mẫu {number}", "chi_bo"])
    people = book.create_sheet("ung_vien")
    people.append(["ma", "ho_ten", "ngay_sinh", "hoc_van", "don_vi"])
    events = book.create_sheet("su_kien")
    columns = [
        "nguoi_giup_do",
        "noi_cap",
        "tai_lieu",
        "nguoi_gioi_thieu",
        "cung_sinh_hoat_tu",
        "trieu_tap",
        "tan_thanh",
    ]
    events.append(["ung_vien", "su_kien", "ngay", "so_van_ban", *columns])
    names = ["helper", "issuer", "documents", "introducers", "shared_since", "summoned", "in_favour"]
    vote = ("cell_vote", WAY[-1][1] + timedelta(days=30), {"summoned": 9, "in_favour": 8})
    helper = ("assign_helper", WAY[-1][1] + timedelta(days=10), {"helper": "Người Khác"})
    for number in range(PEOPLE):
        code = f"P{number:05d}"
        people.append([code, f"Người Mẫu {number}", "20/03/1995", "12/12", f"U{number % 50:02d}"])
        for trigger, on, raw in (*WAY, helper, vote):
            events.append([code, trigger, on, f"{number}/NQ", *(raw.get(name) for name in names)])
    book.save(file)
