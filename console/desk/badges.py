"""Every status the desk shows, with its colour and words; the words are those of the room that decides it."""

from __future__ import annotations

from console.labels import STATES_OF_CLOCKS, STATUSES_OF_TEXTS
from states import escalation, pace

# What the colours mean: ok done or in force, near to be looked at, late wrong or overdue, info under way, quiet neither
KINDS = {
    pace.VUOT: "ok", pace.DAT: "ok", pace.DUNG_TIEN_DO: "info", pace.CHUA_CO_NGUON: "near", pace.NGUY_CO: "late",
    pace.CHAM: "late",
    "running": "info", "met": "ok", "late": "late", "void": "quiet",
    escalation.THEO_DOI: "info", escalation.NHAC: "near", escalation.CAP_TREN: "late", escalation.THUONG_VU: "late",
    escalation.DA_DONG: "quiet",
    "verified": "ok", "reported": "near", "carried_over": "near",
}  # fmt: skip

WORDS = {**pace.STATUSES, **STATES_OF_CLOCKS, **escalation.LABELS, **STATUSES_OF_TEXTS}


def status_words(status: str, lang: str) -> tuple[str, str]:
    """(kind of colour, words) of a status; one we do not know is quiet and says itself."""
    words = WORDS.get(status)
    return KINDS.get(status, "quiet"), words.say(lang) if words else status
