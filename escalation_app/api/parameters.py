"""The query's parameters: only those that an endpoint has, and each of them once."""

import typing

from fastapi import Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel

from escalation_app.api.refusals import InvalidFields
from escalation_app.domain.text import without_unstorable

# By name, whether it may be given several times.
Parameters = dict[str, bool]


def parameters_of(dependant: Dependant) -> Parameters:
    """What an endpoint takes. A model as the query stands for its fields."""
    known: Parameters = {}
    for inner in dependant.dependencies:
        known |= parameters_of(inner)
    for field in dependant.query_params:
        kind = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            known |= {
                name: typing.get_origin(one.annotation) is list
                for name, one in kind.model_fields.items()
            }
        else:
            known[field.alias] = typing.get_origin(kind) is list
    return known


def must_be_known(request: Request, known: Parameters) -> None:
    """Raises InvalidFields."""
    errors = []
    for name in request.query_params:
        shown = without_unstorable(name)[:200]
        if name not in known:
            errors.append((shown, "This parameter is not known."))
        elif not known[name] and len(request.query_params.getlist(name)) > 1:
            errors.append((shown, "Please give this parameter once."))
    if errors:
        raise InvalidFields(errors)
