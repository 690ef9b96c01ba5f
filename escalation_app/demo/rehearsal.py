"""Stepping through the angry customer's script. What was said already is the only memory."""

from collections.abc import Iterable

from escalation_app.demo.angry_customer import EXTERNAL_ID, SCRIPT
from escalation_app.domain.vocabulary import Speaker

STEPS = len(SCRIPT)


def follows_the_script(external_id: str) -> bool:
    return external_id.startswith(EXTERNAL_ID)


def steps_done(said: Iterable[str]) -> int:
    """How far the script has come; what was said besides it does not count."""
    lines = [text for _, text in SCRIPT]
    done = 0
    for text in said:
        if text in lines[done:]:
            done = lines.index(text, done) + 1
    return done


def next_step(said: Iterable[str], *, agent_is_silent: bool) -> tuple[Speaker, str] | None:
    """Who says what next, None at the end. Once people have taken over, the agent's lines drop out."""
    for speaker, text in SCRIPT[steps_done(said) :]:
        if speaker is Speaker.USER or not agent_is_silent:
            return speaker, text
    return None
