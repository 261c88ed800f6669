"""Words of the process for people, taken from the table that runs it (states.membership), loaded only when shown."""

from __future__ import annotations

from pathlib import Path

from states.wording import Text

STATES_OF_CLOCKS = {
    "running": Text("đang chạy", "running"),
    "met": Text("đúng hạn", "met"),
    "late": Text("trễ hạn", "late"),
    "void": Text("không tính", "void"),
}


STATUSES_OF_TEXTS = {
    "verified": Text("đã đối chiếu văn bản gốc", "checked against the text"),
    "reported": Text("theo nguồn tin, chưa đối chiếu", "as reported, not checked"),
    "carried_over": Text("tiếp nối văn bản trước, chưa đối chiếu", "carried over from the text before, not checked"),
}


def step_label(step: str, lang: str) -> str:
    """The step's words; the step itself when it is none of ours."""
    from states.steps import STEP_LABELS

    return STEP_LABELS[step].say(lang) if step in STEP_LABELS else step


def trigger_label(trigger: str, lang: str) -> str:
    """The trigger's words."""
    from states.membership import OPEN_LABEL, PROCESS

    if trigger == "open_at":
        return OPEN_LABEL.say(lang)
    return PROCESS[trigger].label.say(lang) if trigger in PROCESS else trigger


def triggers_help(lang: str) -> str:
    """Every trigger an officer can record, with its words and what --data it takes."""
    from states.events import FIELDS
    from states.membership import TABLE

    lines = [Text("Các việc (và --data của từng việc):", "Triggers (and the --data of each):").say(lang)]
    for row in TABLE:
        if row.automatic:
            continue
        lines.append(f"  {row.trigger:<22} {row.label.say(lang)}")
        if row.records:
            lines.append(" " * 25 + ", ".join(f"{name} ({FIELDS[name].label.say(lang)})" for name in row.records))
    return "\n".join(lines)


def limits_help(lang: str) -> str:
    """Every limit that can be looked up, with its words."""
    import config

    law = config.load(Path(config.__file__).parent.parent / "config.yaml").law()
    lines = [Text("Các thời hạn:", "Limits:").say(lang)]
    return "\n".join([*lines, *(f"  {key:<32} {law.label(key).say(lang)}" for key in law.keys())])  # noqa: SIM118
