"""All tables together: importing this fills SQLModel.metadata and gives every column its comment."""

from sqlmodel import SQLModel

from store import (  # noqa: F401
    access_log,
    accounts,
    attempts,
    candidates,
    claims,
    clocks,
    closings,
    escalation,
    figures,
    heading_maps,
    imports,
    journal,
    notices,
    people,
    rulings,
    seals,
    sessions,
    targets,
    units,
)

metadata = SQLModel.metadata


def _comment() -> None:
    """A field's description is its column's comment, the first line of a model's docstring its table's."""
    for mapper in SQLModel._sa_registry.mappers:
        model = mapper.class_
        table = model.__table__
        table.comment = (model.__doc__ or "").strip().partition("\n")[0] or None
        for name, field in model.model_fields.items():
            column = mapper.columns.get(name)
            if column is not None and column.comment is None:
                column.comment = field.description


_comment()
