"""Passwords: what one must be, how it is kept (argon2id, with the parameters of the day), and ones given only once."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import lru_cache
from threading import BoundedSemaphore

from pwdlib import PasswordHash

from states.errors import BadInput
from states.wording import Text, fold

HASHER = PasswordHash.recommended()
AT_ONCE = BoundedSemaphore(2)  # a hash takes 64 MiB: a rush of sign-ins queues here instead of filling the memory
LONGEST = 256  # characters; beyond it nothing is hashed
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another when read aloud or copied by hand
GROUPS, GROUP = 4, 4  # kf7d-m2qx-…: 79 bits
FEWEST_DIFFERENT = 5
DISGUISED = str.maketrans("@4$50!13", "aassoiie")  # how a common word is dressed up

# Long enough and still the first ones anybody tries, as states.wording.fold writes them; longer ones made of them
# count too ("matkhau123456!").
COMMON = (
    "123456789012", "1234567890", "0123456789", "0987654321", "password", "matkhau", "qwertyuiop",
    "qwerty123456", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t6y", "1qaz2wsx3edc", "abcdefghijkl", "abcd1234", "abc123",
    "iloveyou", "anhyeuem", "emyeuanh", "conyeume", "vietnam", "hochiminh", "hanoi", "saigon", "dangvien", "dangcongsan",
    "chibo", "dangbo", "ketnap", "ketnapdang", "quantri", "admin", "administrator", "letmein", "welcome", "xinchao",
    "doimatkhau", "khongbiet", "111111", "000000", "888888", "666666", "123123", "121212", "123321", "654321", "112233",
)  # fmt: skip

SHORT = Text(
    "Mật khẩu cần ít nhất {least} ký tự. Một câu ngắn dễ nhớ là tốt nhất.",
    "A password needs at least {least} characters. A short sentence you can remember is best.",
)
LONG = Text("Mật khẩu dài nhất {most} ký tự.", "A password has at most {most} characters.")
NAMED = Text(
    "Mật khẩu không được chứa tên đăng nhập hay tên của bạn.", "A password must not contain your username or your name."
)
EASY = Text(
    "Mật khẩu này quá dễ đoán. Xin ghép vài từ không liên quan với nhau.",
    "This password is too easy to guess. Please put together some words that have nothing to do with each other.",
)


def spelled(password: str) -> str:
    """The password as it is hashed: the same letters whichever keyboard composed them."""
    return unicodedata.normalize("NFC", password)


def check_password(password: str, least: int, *names: str | None) -> None:
    """BadInput for one that is too short, too long, made of the owner's own `names` or among the first anybody tries."""
    password = spelled(password)
    if len(password) < least:
        raise BadInput(SHORT, least=least)
    if len(password) > LONGEST:
        raise BadInput(LONG, most=LONGEST)
    folded = fold(password)
    words = {fold(word) for word in re.split(r"[\W_]+", password)}
    for name in map(fold, filter(None, names)):  # a short one is part of many words: «lan» of «làng»
        if len(name) > 2 and (name in words or (len(name) > 4 and name in folded)):
            raise BadInput(NAMED)
    plain = fold(password.translate(DISGUISED))
    if len(set(password.casefold())) < FEWEST_DIFFERENT or _easy(folded, least) or _easy(plain, least):
        raise BadInput(EASY)


def _easy(folded: str, least: int) -> bool:
    """Whether too little is left once every common word, every run of digits and every repetition is taken out."""
    rest = folded
    for word in sorted(COMMON, key=len, reverse=True):
        rest = rest.replace(word, "")
    rest = "".join(c for i, c in enumerate(rest) if not c.isdigit() and (i == 0 or rest[i - 1] != c))
    return rest != folded and len(rest) < least // 2


def hashed(password: str) -> str:
    """What is kept of a password."""
    with AT_ONCE:
        return HASHER.hash(spelled(password))


def matches(password: str, kept: str) -> tuple[bool, str | None]:
    """Whether it is the password; and a new hash where the kept one has old parameters. Takes as long either way."""
    fitting = spelled(password)[:LONGEST]
    with AT_ONCE:
        right, renewed = HASHER.verify_and_update(fitting, kept)
    return (True, renewed) if right and len(password) <= LONGEST else (False, None)


@lru_cache(maxsize=1)
def decoy() -> str:
    """The hash of a password nobody has: what an unknown name is tried against."""
    return HASHER.hash(secrets.token_urlsafe(32))


def make_one_time() -> str:
    """A password to be handed over once and changed at the first sign-in."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
