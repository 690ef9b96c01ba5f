"""A blank Reflex page: what the framework itself sends before anything is shown."""

import reflex as rx

from benchmarks.peers.ready import ready

app = rx.App(api_transformer=ready)
app.add_page(lambda: rx.el.div("Here.", id="here"), route="/")
