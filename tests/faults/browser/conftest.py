"""What the browser tests have: the real program behind a line that can be cut, and people."""

from tests.browser.conftest import (
    browser,
    line,
    program,
    program_and_line,
    running_receiver,
    sign_in,
)

__all__ = ["browser", "line", "program", "program_and_line", "running_receiver", "sign_in"]
