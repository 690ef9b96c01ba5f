"""What somebody has in hand at a screen: none of it may be lost by what the line does."""

from typing import Any

from playwright.sync_api import Page

# The page's time of origin is another one after each loading.
IN_HAND = """() => {
    const list = document.querySelector('.list');
    const top = list.getBoundingClientRect().top;
    const inSight = [...document.querySelectorAll('[data-testid=escalation-row]')]
        .find((row) => row.getBoundingClientRect().bottom > top + 60);
    const { activeElement: focused } = document;
    return {
        loadedAt: performance.timeOrigin,
        address: location.href,
        fields: [...document.querySelectorAll('textarea, input, select')]
            .map((field) => `${field.name || field.type}: ${field.value}`),
        caret: `${focused.name} ${focused.selectionStart}`,
        firstRowInSight: inSight.dataset.id,
        caseScrolled: Math.round(document.querySelector('.detail').scrollTop),
    };
}"""


def in_hand(page: Page) -> dict[str, Any]:
    """Its page load, address, texts, caret, and where it is scrolled to."""
    return dict(page.evaluate(IN_HAND))


def busy_with(page: Page, note: str) -> dict[str, Any]:
    """Scroll the list, begin a note in the case that is open, and leave the caret in it."""
    page.locator(".list").evaluate("(list) => (list.scrollTop = 300)")
    happened = page.get_by_label("What happened")
    happened.fill(note)
    page.locator(".detail").evaluate("(pane) => (pane.scrollTop = 120)")
    happened.evaluate("(field) => (field.focus(), field.setSelectionRange(3, 3))")
    return in_hand(page)
