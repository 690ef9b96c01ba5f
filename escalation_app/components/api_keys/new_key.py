"""The key that was just made, which only the browser has."""

import reflex as rx


class _NewKey(rx.Component):
    library = "$/public/client/new_key.js"
    tag = "NewKey"


new_key = _NewKey.create
