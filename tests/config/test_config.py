"""config.yaml and regulations.yaml: what is shipped, how an installation's lines are laid over it, what is refused."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

import config
from config.law import REGULATIONS, _read
from config.reading import read_yaml
from config.settings import Settings
from states.errors import Installation, Unknown
from states.membership import TABLE
from states.steps import STEP_LABELS
from states.wording import fold

WRONG = sorted(Path(__file__).with_name("wrong").glob("*.yaml"))


@pytest.fixture(autouse=True)
def _no_config_of_the_machine(monkeypatch, tmp_path):
    monkeypatch.delenv("KETNAP_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def load(tmp_path):
    def load(text: str) -> Settings:
        (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
        return config.load(tmp_path / "own.yaml")

    return load


@pytest.mark.parametrize("file", WRONG, ids=lambda file: file.stem)
def test_a_wrong_file_is_refused_with_file_line_and_fix(file):
    words = file.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
    with pytest.raises(Installation) as refused:
        config.load(file)
    assert words in refused.value.say("vi")
    assert refused.value.say("vi").startswith(f"{file}, dòng ")
    assert refused.value.say("en").startswith(f"{file}, line ")
    assert refused.value.details["file"] == str(file)
    assert refused.value.exit_code == 5


def test_no_two_wrong_files_make_the_same_mistake():
    words = [file.read_text(encoding="utf-8").partition("\n")[0] for file in WRONG]
    assert len(words) > 50
    assert len(set(words)) == len(words)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(Installation, match=r"There is no file .*none\.yaml"):
        config.load(tmp_path / "none.yaml")


def test_a_folder_and_another_encoding_are_refused(tmp_path):
    with pytest.raises(Installation, match="cannot be read"):
        config.load(tmp_path)
    (tmp_path / "latin.yaml").write_bytes("roles: {bi_thu: Bí thư}".encode("latin-1", "replace"))
    with pytest.raises(Installation, match="not UTF-8"):
        config.load(tmp_path / "latin.yaml")


def test_several_mistakes_are_told_at_once(load):
    with pytest.raises(Installation) as refused:
        load("percent: {decimals: 9}\nserver: {port: 0}\ntems: {}\n")
    assert refused.value.say().count("dòng ") == 3


def test_where_the_settings_come_from(load, monkeypatch, tmp_path):
    assert config.load().path == config.SHIPPED
    (tmp_path / "config.yaml").write_text("language: en\n", encoding="utf-8")
    assert config.load().path == tmp_path / "config.yaml"
    (tmp_path / "other.yaml").write_text("business_day: 2020-06-30\n", encoding="utf-8")
    monkeypatch.setenv("KETNAP_CONFIG", "other.yaml")
    assert config.load().business_day == date(2020, 6, 30)
    assert config.load(tmp_path / "config.yaml").language == "en"


def test_maps_merge_and_lists_and_values_replace(load):
    settings = load(
        "roles: {to_truong: Tổ trưởng}\n"
        "reminders: {default: {before: [3, 0]}, clocks: {ceremony_wd: {before: [10]}}}\n"
        "terms: {2017/2022: {first: 2017-07-01, last: 2022-06-30}}\n"
    )
    assert settings.roles["to_truong"] == "Tổ trưởng"
    assert settings.roles["bi_thu"] == "Bí thư"
    assert settings.reminders.default.before == [3, 0]
    assert settings.reminders.default.after_every == 7
    assert settings.reminders.for_clock("ceremony_wd").before == [10]
    assert settings.reminders.for_clock("ceremony_wd").after_every == 7
    assert settings.reminders.for_clock("probation_months") == settings.reminders.default
    assert settings.terms["2017/2022"] == (date(2017, 7, 1), date(2022, 6, 30))
    assert settings.terms["2020/2025"] == (date(2020, 7, 1), date(2025, 6, 30))


def test_null_takes_a_shipped_line_away(load):
    settings = load("indicators: {dialogues: null}\nschedules: {escalation: null}\nbusiness_day: null\n")
    assert "dialogues" not in settings.indicators
    assert "escalation" not in settings.schedules
    assert settings.business_day is None


@pytest.mark.parametrize("text", ["", "# nothing but a remark\n", "\ufeff"])
def test_an_empty_file_is_the_shipped_one(load, text):
    assert load(text).model_dump(exclude={"database"}) == config.load().model_dump(exclude={"database"})


def test_a_relative_database_lies_in_the_folder_of_its_config(load, tmp_path):
    assert load("database: data/a.db\n").database == f"sqlite:///{tmp_path}/data/a.db"
    assert load("database: ../b.db\n").database == f"sqlite:///{tmp_path.parent}/b.db"
    assert load("database: /srv/a.db\n").database == "sqlite:////srv/a.db"
    assert load("database: postgresql://host/ketnap\n").database == "postgresql://host/ketnap"
    assert config.load().database == f"sqlite:///{config.SHIPPED.parent}/var/ketnap.db"


def test_words_come_out_in_nfc(load):
    assert load("roles: {bi_thu: Bi\u0301 thu\u031b}\n").roles["bi_thu"] == "Bí thư"


def test_an_anchor_may_be_used_again(load):
    settings = load("reminders: {clocks: {ceremony_wd: &often {before: [5, 0]}, declaration_wd: *often}}\n")
    assert settings.reminders.for_clock("declaration_wd").before == [5, 0]


def test_an_installation_confirms_an_entry(load):
    law = load(
        "regulations:\n  ceremony_wd:\n"
        '    - {value: 30, since: 2026-07-26, cite: "208-QĐ/TW, 4.1 (đã đối chiếu)", status: verified}\n'
    ).law()
    confirmed = law.limit("ceremony_wd", date(2026, 7, 26))
    assert (confirmed.value, confirmed.status, confirmed.profile) == (30, "verified", "qd208")
    assert confirmed.citation == "208-QĐ/TW, 4.1 (đã đối chiếu)"
    assert law.limit("ceremony_wd", date(2026, 7, 25)).status == "carried_over"
    assert config.load().law().limit("ceremony_wd", date(2026, 7, 26)).status == "reported"


def test_an_installation_overrides_and_adds_entries(load):
    law = load(
        "regulations:\n"
        "  admission_decision_wd:\n"
        "    - {value: 40, since: 2026-04-08, cite: 20-QĐ/TW, status: verified}\n"
        "    - {value: 35, since: 2025-10-01, cite: Quy định riêng, status: verified}\n"
        "  ceremony_starts_at:\n"
        "    - {value: receipt, since: 2026-07-26, cite: 208-QĐ/TW, status: verified}\n"
    ).law()
    wanted = {date(2025, 9, 30): 45, date(2025, 10, 1): 35, date(2026, 4, 7): 35, date(2026, 4, 8): 40}
    assert {day: law.limit("admission_decision_wd", day).value for day in wanted} == wanted
    assert law.limit("admission_decision_wd", date(2026, 7, 26)).value == 45
    assert law.choice("ceremony_starts_at", date(2026, 8, 1)).value == "receipt"


def test_an_installations_days_win(load):
    calendar = load(
        "calendar:\n"
        "  days_off: {2026-01-05: Nghỉ theo lệnh của tỉnh}\n"
        "  worked: {2026-01-02: Đơn vị vẫn làm, 2026-02-16: Trực Tết}\n"
    ).make_calendar()
    assert calendar.day_off_name(date(2026, 1, 5)) == "Nghỉ theo lệnh của tỉnh"
    assert calendar.is_working_day(date(2026, 1, 2))
    assert calendar.is_working_day(date(2026, 2, 16))


# ---------------------------------------------------------------------- what is shipped


def test_the_shipped_file_names_every_setting_with_a_remark():
    text = config.SHIPPED.read_text(encoding="utf-8")
    data = read_yaml(config.SHIPPED).data

    def leaves(model: type[BaseModel], data: dict, name: str):
        for key, setting in model.model_fields.items():
            key = setting.alias or key
            assert key in data, f"{name}{key} has no line in config.yaml"
            kind = setting.annotation
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from leaves(kind, data[key], f"{name}{key}.")
            else:
                yield key

    for key in [*leaves(Settings, data, ""), *data]:
        lines = text.splitlines()
        place = next(n for n, line in enumerate(lines) if line.strip().startswith(f"{key}:"))
        assert "#" in lines[place] or lines[place - 1].startswith("#") or key == "rungs", f"{key} has no remark"


def test_the_shipped_defaults_are_those_of_the_code():
    data, settings = read_yaml(config.SHIPPED).data, config.load()
    bare = Settings.model_validate({k: data[k] for k, s in _required(data)})
    assert bare.model_dump(exclude={"database", "reminders"}) == settings.model_dump(exclude={"database", "reminders"})
    assert bare.reminders.default == settings.reminders.default


def _required(data):
    return [(s.alias or k, s) for k, s in Settings.model_fields.items() if s.is_required()]


def test_no_two_labels_fold_to_one_word():
    settings = config.load()
    for labels in (
        settings.unit_kinds.values(),
        settings.roles.values(),
        [i.label for i in settings.indicators.values()],
    ):
        assert len({fold(label) for label in labels}) == len(labels)


def test_shipped_indicators():
    indicators = config.load().indicators
    counted = {n: (i.trigger, i.basis, i.destination) for n, i in indicators.items() if i.source == "counted"}
    assert counted == {
        "introduced": ("nominate", "effective", None),
        "sent": ("send_to_class", "effective", None),
        "class": ("certify_class", "document", None),
        "admitted": ("hold_ceremony", "effective", None),
        "recognised": ("decide_recognition", "effective", "chinh_thuc"),
    }
    assert (indicators["conversion"].numerator, indicators["conversion"].denominator) == ("admitted", "introduced")
    assert indicators["unions_founded_over_25"].part_of == "unions_founded"
    assert len([i for i in indicators.values() if i.source == "reported"]) == 10
    triggers, steps = {row.trigger for row in TABLE}, set(STEP_LABELS)
    assert all(trigger in triggers and step in {None, *steps} for trigger, _, step in counted.values())


def test_shipped_unit_kinds_and_terms():
    settings = config.load()
    assert list(settings.unit_kinds) == [
        "tinh_uy",
        "huyen_uy",
        "dang_uy_xa",
        "dang_uy_co_so",
        "dang_uy_bo_phan",
        "chi_bo",
        "chi_bo_co_so",
        "ldld",
        "cong_doan_co_so",
        "nghiep_doan",
        "to_cong_doan",
        "doan_thanh_nien",
        "ban_chi_dao",
        "co_quan",
        "doanh_nghiep",
        "khac",
    ]
    assert list(settings.terms) == ["2010/2015", "2015/2020", "2020/2025", "2025/2030"]


# ---------------------------------------------------------------------- wrong regulations

ENTRY = '      - {value: 30, since: 2025-07-01, status: verified,     cite: "294-QĐ/TW, 4.1"}\n'
MISTAKES = {
    "unknown key": (ENTRY, ENTRY.replace("cite:", "source:"), "không có khóa «source» ở đây"),
    "missing cite": (
        ENTRY,
        ENTRY.replace(', cite: "294-QĐ/TW, 4.1"'.replace(", cite", ",     cite"), ""),
        "thiếu «cite»",
    ),
    "missing status": (ENTRY, ENTRY.replace(" status: verified,     ", " "), "thiếu «status»"),
    "missing since": (ENTRY, ENTRY.replace("since: 2025-07-01, ", ""), "thiếu «since»"),
    "missing value": (ENTRY, ENTRY.replace("value: 30, ", ""), "thiếu «value»"),
    "octal": (ENTRY, ENTRY.replace("30", "030", 1), "YAML hiểu 030"),
    "fraction": (ENTRY, ENTRY.replace("30", "30.5", 1), "phải là số nguyên"),
    "empty cite": (ENTRY, ENTRY.replace("294-QĐ/TW, 4.1", ""), "để trống"),
    "doubled day": (ENTRY, ENTRY + ENTRY, "ngày 01/07/2025 đã có một mục trước"),
    "doubled rule": ("  ceremony_wd:\n", "  declaration_wd:\n", "khóa «declaration_wd» viết hai lần"),
    "unknown unit": ("unit: times", "unit: days", "không nhận «days»; được dùng: working_days, months, times"),
    "unknown kind": ("kind: ratio", "kind: ration", "không nhận «ration»; gần nhất là «ratio»"),
    "no kind": ("    kind: word\n", "", "thiếu «kind»"),
    "key of another kind": ("kind: ratio\n", "kind: ratio\n    options: [a]\n", "không có khóa «options» ở đây"),
    "unknown document": ("documents: [4-KNĐ]", "documents: [4-KND]", "không có «4-KND»; gần nhất là «4-KNĐ»"),
    "unknown word": ("value: issue", "value: issued", "không có «issued»; gần nhất là «issue»"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_wrong_regulations_are_refused(mistake, tmp_path):
    right, wrong, words = MISTAKES[mistake]
    text = REGULATIONS.read_text(encoding="utf-8")
    assert right in text
    assert right != wrong
    file = tmp_path / "regulations.yaml"
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(Installation) as refused:
        _read(read_yaml(file))
    assert words in refused.value.say()
    assert refused.value.say().startswith(f"{file}, dòng ")


def test_unknown_keys_of_the_law():
    law = config.load().law()
    with pytest.raises(Unknown, match="nearest is 'ceremony_wd'") as unknown:
        law.limit("ceremony_w", date(2020, 1, 1))
    assert unknown.value.exit_code == 3
    with pytest.raises(Unknown, match="Keys: "):
        law.limit("xyz", date(2020, 1, 1))
    with pytest.raises(Unknown, match="min_education"):
        law.choice("education_min", date(2020, 1, 1))
