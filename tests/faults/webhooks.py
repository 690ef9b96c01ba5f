"""The published queue's webhook, switched by an administrator's program."""

import httpx

from tests.faults.shift import AS_ADMIN
from tests.servers.program import Program

HOOK = "/hook"


async def tells_of_cases(program: Program, url: str) -> None:
    """It leads there from now on, or nowhere if the address is ""."""
    settings = f"{program.address}/api/v1/settings"
    async with httpx.AsyncClient(headers=AS_ADMIN, timeout=20) as client:
        now = (await client.get(settings)).json()
        webhook = {"enabled": bool(url), "url": url}
        sent = {"revision": now["revision"], "draft": now["draft"] | {"webhook": webhook}}
        saved = await client.put(settings, json=sent)
        assert saved.status_code == 200, saved.text
        if saved.json()["changes"]:
            published = await client.post(f"{settings}/publish")
            assert published.status_code == 200, published.text
