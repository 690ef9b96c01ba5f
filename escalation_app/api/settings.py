"""The settings over HTTP: the draft, saved whole, and what is published, with its version."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StrictInt

from escalation_app.api.documentation import problems
from escalation_app.api.received import Received
from escalation_app.api.route import By, DeskRoute, TheDesk, permits
from escalation_app.domain.configuration import Configuration
from escalation_app.domain.configuration_document import parse
from escalation_app.domain.configuration_refusals import InvalidConfiguration
from escalation_app.domain.people import Permission
from escalation_app.services import settings
from escalation_app.services.settings_snapshots import SettingsSnapshot

router = APIRouter(prefix="/settings", tags=["Settings"], route_class=DeskRoute)
Revision = Annotated[
    StrictInt, Field(ge=0, lt=2**31, description="The revision of the draft that you read.")
]


class Change(BaseModel):
    """One field that publishing would change; what is not there on a side is empty."""

    model_config = ConfigDict(from_attributes=True)

    field: str
    label: str
    before: str
    after: str


class Settings(BaseModel):
    """The preview queue runs on the draft, the published queue on what is published."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_serialization_defaults_required=True
    )

    draft: Configuration
    revision: int = Field(description="Grows with each change of the draft.")
    saved_by: str
    saved_at: datetime
    published: Configuration
    version: int = Field(description="Of what is published; 0 before the first publishing.")
    published_by: str
    published_at: datetime
    changes: list[Change] = Field(description="What publishing the draft would change.")


class DraftToSave(Received):
    revision: Revision
    # Read by the settings' own reader, which names all that is wrong at once.
    draft: Any = Field(
        description="The whole draft. A supervisor's `topics` or `areas` being null means ALL."
    )


class DraftToPublish(Received):
    revision: Revision | None = Field(
        default=None, description="Publish this revision or nothing; left out, what is there now."
    )


@router.get("", summary="Read the settings", responses=problems())
@permits(Permission.CONFIGURE)
async def read(desk: TheDesk, by: By) -> Settings:
    """The draft, what is published, and what publishing would change. For builders and admins."""
    return _shown(await settings.read(desk, by))


@router.put("", summary="Save the draft", responses=problems(409, body=True))
@permits(Permission.CONFIGURE)
async def save(sent: DraftToSave, desk: TheDesk, by: By) -> Settings:
    """Save the draft whole: read the settings, change `draft`, send it with their `revision`.

    409 when somebody saved meanwhile: nothing is overwritten, and `changes` has what you sent as
    `before` and theirs as `after`. A draft that is stored already is answered as if it had just
    been saved, so a call whose answer was lost can be sent again. 422 names all fields that can't
    be taken.
    """
    try:
        await settings.save(desk, by, sent.revision, parse(sent.draft))
    except InvalidConfiguration as refusal:
        within = (replace(one, field=f"draft.{one.field}".rstrip(".")) for one in refusal.problems)
        raise InvalidConfiguration(list(within)) from None
    return _shown(await settings.read(desk, by))


@router.post("/publish", summary="Publish the draft", responses=problems(409, body=True))
@permits(Permission.CONFIGURE)
async def publish(desk: TheDesk, by: By, sent: DraftToPublish | None = None) -> Settings:
    """Make the draft the published version. 409 when there is nothing to publish."""
    revision = sent.revision if sent else None
    if revision is None:
        revision = (await settings.read(desk, by)).revision
    await settings.publish(desk, by, revision)
    return _shown(await settings.read(desk, by))


def _shown(snapshot: SettingsSnapshot) -> Settings:
    return Settings.model_validate(snapshot)
