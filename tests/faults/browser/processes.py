"""Which process of the desk a tab is on, as far as the wire tells."""

import re

from playwright.sync_api import Page, WebSocket

FEED = re.compile(r'"feed_rx_state_":"(\w+)"')


class Tab:
    """A tab that looks at a queue. Each process gives the feed of the same view another name."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.feed = ""
        page.on("websocket", self._listen)
        self.load(address)

    def load(self, address: str) -> None:
        self.page.goto(address)
        self.page.get_by_text("Connected", exact=True).wait_for()

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._read)

    def _read(self, frame: str | bytes) -> None:
        if isinstance(frame, str) and (found := FEED.search(frame)):
            self.feed = found[1]


def three_on_both(first: Page) -> list[Tab]:
    """Three tabs of one person in one browser, not all of them on one process."""
    context, address = first.context, first.url
    tabs = [Tab(first, address), *(Tab(context.new_page(), address) for _ in range(2))]
    for _ in range(30):
        if len({tab.feed for tab in tabs}) > 1:
            return tabs
        tabs[-1].load(address)
    raise AssertionError("The kernel gave every connection to the same process.")
