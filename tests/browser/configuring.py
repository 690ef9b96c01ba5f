"""What others do to the settings while somebody looks at their page."""

from collections.abc import Callable
from dataclasses import replace

from escalation_app.demo.configuration import demo_bundle
from escalation_app.domain.configuration import Configuration
from escalation_app.services import settings
from escalation_app.services.desk import Desk
from tests.browser.events import viewer
from tests.servers.program import Program


def saves(
    program: Program, username: str, change: Callable[[Configuration], Configuration]
) -> None:
    async def save(desk: Desk) -> None:
        who = await viewer(desk, username)
        now = await settings.read(desk, who)
        await settings.save(desk, who, now.revision, change(now.draft))

    program.from_outside(save)


def publishes(program: Program, username: str) -> int:
    async def publish(desk: Desk) -> int:
        who = await viewer(desk, username)
        return await settings.publish(desk, who, (await settings.read(desk, who)).revision)

    return program.from_outside(publish)


def draft(program: Program) -> Configuration:
    async def read(desk: Desk) -> Configuration:
        return (await settings.read(desk, await viewer(desk, "lina"))).draft

    return program.from_outside(read)


def published(program: Program) -> tuple[int, Configuration]:
    async def read(desk: Desk) -> tuple[int, Configuration]:
        now = await settings.read(desk, await viewer(desk, "lina"))
        return now.version, now.published

    return program.from_outside(read)


def the_demo_s_settings_hold(program: Program) -> None:
    """In both queues, whatever was done before."""

    async def reset(desk: Desk) -> None:
        lina = await viewer(desk, "lina")
        now = await settings.read(desk, lina)
        demo = replace(demo_bundle(Configuration()), language="en")
        revision = await settings.save(desk, lina, now.revision, demo)
        if (await settings.read(desk, lina)).is_changed:
            await settings.publish(desk, lina, revision)

    program.from_outside(reset)
