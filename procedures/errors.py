"""Failures and sentences as the rooms above the procedures know them; they are declared in states."""

from states.errors import BadInput, Conflict, Installation, KetnapError, Refused, Unknown
from states.wording import Text

__all__ = ["BadInput", "Conflict", "Installation", "KetnapError", "Refused", "Text", "Unknown"]
