"""Every limit of every text, written here a second time; the days on both sides of each change of text."""

from datetime import date, timedelta

import pytest

import config
from states.calendar import Calendar, add_months
from states.errors import Unknown
from states.wording import fold

LAW = config.load(config.SHIPPED).law()
CALENDAR = Calendar()
PROFILES = {
    "qd29": date(2016, 7, 25),
    "qd24": date(2021, 7, 30),
    "qd232": date(2025, 1, 20),
    "qd294": date(2025, 7, 1),
    "qd20": date(2026, 4, 8),
    "qd208": date(2026, 7, 26),
}
READ = ("qd29", "qd24", "qd232", "qd294", "qd208")  # qd20 takes every value of qd294

# "60" read in the text · "60?" reported · "30+" carried over from an earlier text · "-" the text sets no such limit
TABLE = """
                                   qd29   qd24   qd232  qd294  qd208
min_age_months                     216    216    216?   216    216?
max_age_months                     720    720    720?   720    720?
certificate_valid_months           60?    60?    60?    60     60?
file_valid_months                  12     12     12?    12     12?
introducer_shared_months           12     12     12?    12     12?
verification_reply_home_wd         30     30?    30?    30     30?
verification_reply_abroad_wd       90     90?    90?    90     90?
admission_decision_wd              60     60?    60     45     45?
admission_decision_extension_wd    30     30?    30+    15     15?
ceremony_wd                        30     30     30     30     30?
declaration_wd                     -      -      -      30     30?
probation_months                   12     12     12     12     12
recognition_review_wd              30     30     30?    30     30?
recognition_decision_wd            30     30?    30?    30     30?
recognition_decision_extension_wd  30     30?    30+    15     15?
failed_votes_before_superior       3      3      3      3      3?
readmission_wait_months            36     36     36?    36     36?
readmission_wait_cleared_months    60     60     60?    60     60?
move_forward_wd                    -      -      -      15     15?
move_decide_wd                     -      -      -      30     30?
move_decision_valid_wd             -      -      -      30     30?
move_reexamine_wd                  -      -      -      60     60?
transfer_present_wd                -      -      -      30     30?
transfer_procedure_wd              -      -      -      60     60?
removal_complaint_wd               -      -      -      30     30?
removal_complaint_resolve_wd       -      -      -      90     90?
dissolved_handover_wd              -      -      -      30     30?
"""
ROWS = {row.split()[0]: dict(zip(READ, row.split()[1:], strict=True)) for row in TABLE.splitlines()[2:]}
CELLS = [(key, profile) for key in ROWS for profile in PROFILES]


@pytest.mark.parametrize(("key", "profile"), CELLS)
def test_the_value_and_its_status(key, profile):
    written = ROWS[key]["qd294" if profile == "qd20" else profile]
    status = {"?": "reported", "+": "carried_over"}.get(written[-1], "verified")
    limit = LAW.limit(key, PROFILES[profile])
    assert limit.value == (None if written == "-" else int(written.rstrip("?+")))
    assert limit.status == ("carried_over" if profile == "qd20" else status)
    assert (limit.key, limit.profile, limit.since) == (key, profile, PROFILES[profile])
    assert limit.citation


def test_no_limit_is_forgotten_and_none_invented():
    assert list(LAW.keys()) == list(ROWS)


def test_units_follow_the_names():
    for key in LAW.keys():  # noqa: SIM118
        unit = LAW.limit(key, date(2026, 1, 1)).unit
        assert unit == ("working_days" if key.endswith("_wd") else "months" if key.endswith("_months") else "times")


def test_every_rule_has_an_entry_of_its_own_on_the_first_day_of_every_text():
    for key in LAW.choice_keys():
        for profile, since in PROFILES.items():
            choice = LAW.choice(key, since)
            assert (choice.since, choice.profile) == (since, profile), key
            assert choice.citation
            assert (choice.status == "carried_over") == (profile == "qd20") or profile == "qd208"


def test_the_texts():
    assert {p.code: p.since for p in LAW.profiles} == PROFILES
    for profile in LAW.profiles:
        assert profile.title.vi
        assert profile.title.en
        assert profile.texts


@pytest.mark.parametrize("profile", list(PROFILES))
def test_a_text_holds_from_its_first_day_to_the_eve_of_the_next(profile):
    since = PROFILES[profile]
    assert LAW.profile(since).code == profile
    assert LAW.profile(since - timedelta(1)).code == (list(PROFILES)[max(0, list(PROFILES).index(profile) - 1)])


def test_days_before_the_first_text_take_it_as_carried_over():
    for on in (date(1, 1, 1), date(2011, 1, 1), date(2016, 7, 24)):
        for key in LAW.keys():  # noqa: SIM118
            limit = LAW.limit(key, on)
            assert (limit.status, limit.profile) == ("carried_over", "qd29")
            assert limit.value == LAW.limit(key, date(2016, 7, 25)).value
        assert LAW.choice("min_education", on).status == "carried_over"
    assert LAW.limit("ceremony_wd", date(2016, 7, 25)).status == "verified"


def test_the_change_of_text_on_1_july_2025():
    eve, day = date(2025, 6, 30), date(2025, 7, 1)
    assert LAW.due(LAW.limit("admission_decision_wd", eve), eve, CALENDAR) == date(2025, 9, 24)
    assert LAW.due(LAW.limit("admission_decision_wd", day), day, CALENDAR) == date(2025, 9, 4)
    assert LAW.due(LAW.limit("declaration_wd", eve), eve, CALENDAR) is None
    assert LAW.due(LAW.limit("declaration_wd", day), day, CALENDAR) == date(2025, 8, 12)


def test_due_days_in_months():
    assert LAW.due(LAW.limit("probation_months", date(2024, 2, 29)), date(2024, 2, 29), CALENDAR) == date(2025, 2, 28)
    start = date(2025, 8, 31)
    assert LAW.due(LAW.limit("certificate_valid_months", start), start, CALENDAR) == add_months(start, 60)


@pytest.mark.parametrize(
    "key", ["min_age_months", "max_age_months", "introducer_shared_months", "failed_votes_before_superior"]
)
def test_what_no_clock_measures_has_no_due_day(key):
    assert LAW.due(LAW.limit(key, date(2026, 1, 1)), date(2026, 1, 1), CALENDAR) is None


def test_words_and_ratios():
    on = date(2026, 1, 1)
    assert LAW.choice("ceremony_starts_at", date(2026, 7, 25)).value == "receipt"
    assert LAW.choice("ceremony_starts_at", date(2026, 7, 26)).value == "issue"
    assert LAW.choice("ceremony_starts_at", date(2026, 7, 26)).status == "reported"
    for body in ("chi_bo", "base", "delegated_base"):
        assert LAW.choice(f"vote_ratio_{body}", on).value == "2/3"
    assert LAW.choice("vote_ratio_standing_committee", on).value == "more than 1/2"
    assert LAW.choice("min_education", on).value == "thcs"


def test_documents_and_introducers():
    on = date(2026, 1, 1)
    assert LAW.choice("documents_admission", on).value == ("1-KNĐ", "2-KNĐ", "3-KNĐ", "5-KNĐ")
    assert LAW.choice("documents_refresh", on).value == ("2-KNĐ", "3-KNĐ", "5-KNĐ")
    rows = LAW.choice("introducer_pattern", on).value
    assert [(r.code, r.max_age, r.unit_has, r.person_is, r.must_be, r.members, r.documents) for r in rows] == [
        ("doan", 30, "co_doan", None, "doan_vien", 1, ("4-KNĐ",)),
        ("cong_doan", 30, "co_cong_doan", None, "cong_doan_vien", 1, ("4A-KNĐ",)),
        ("qua_tuoi_co_cong_doan", None, "co_cong_doan", "cong_doan_vien", None, 2, ("4A-KNĐ",)),
        ("hai_dang_vien", None, None, None, None, 2, ()),
    ]
    assert LAW.document_label("3-KNĐ").vi == "Giấy giới thiệu của đảng viên"
    assert set(LAW.document_codes()) == {"1-KNĐ", "2-KNĐ", "3-KNĐ", "4-KNĐ", "4A-KNĐ", "5-KNĐ"}


def test_labels_in_both_languages_and_no_two_alike():
    keys = [*LAW.keys(), *LAW.choice_keys()]
    for lang in ("vi", "en"):
        labels = [fold(LAW.label(key).say(lang)) for key in keys]
        assert all(labels)
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("ask", [LAW.limit, LAW.choice])
def test_an_unknown_key_is_told_with_the_nearest(ask):
    with pytest.raises(Unknown) as unknown:
        ask("ceremony_start_wd", date(2026, 1, 1))
    assert "«ceremony_" in unknown.value.say("vi")
    with pytest.raises(Unknown):
        LAW.label("nothing")
    with pytest.raises(Unknown):
        LAW.document_label("17-KNĐ")
