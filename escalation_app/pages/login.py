"""The sign-in page: plain forms, so that it works before anything is live."""

import reflex as rx

from escalation_app import routes
from escalation_app.components import client
from escalation_app.components.native_form import native_form
from escalation_app.state.login import DemoAccount, LoginState


def page() -> rx.Component:
    """Username, password, and in demo mode the accounts for one click."""
    return rx.el.main(
        rx.el.div(
            rx.el.h1("Escalation desk"),
            rx.el.p("Where people take over from the AI agent.", class_name="quiet-text"),
            rx.cond(
                LoginState.error != "",
                rx.el.p(LoginState.error, role="alert", class_name="notice bad"),
            ),
            rx.cond(
                LoginState.news != "",
                rx.el.p(LoginState.news, role="status", class_name="notice news"),
            ),
            _form(),
            rx.cond(LoginState.demo_accounts.length() > 0, _demo()),
            class_name="login-card",
        ),
        class_name="login",
    )


def _form() -> rx.Component:
    return native_form(
        client.way_back(),
        _field(
            "Username",
            client.username(name="username", type="text", auto_complete="username", required=True),
        ),
        _field(
            "Password",
            rx.el.input(
                name="password", type="password", auto_complete="current-password", required=True
            ),
        ),
        rx.el.button("Sign in", type="submit", class_name="primary"),
        action=routes.SIGN_IN,
    )


def _field(label: str, control: rx.Component) -> rx.Component:
    return rx.el.label(rx.el.span(label, class_name="field-label"), control, class_name="field")


def _demo() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Demo accounts"),
        rx.foreach(LoginState.demo_accounts, _account),
        class_name="demo-accounts",
    )


def _account(account: rx.Var[DemoAccount]) -> rx.Component:
    return native_form(
        client.way_back(),
        rx.el.input(type="hidden", name="username", value=account.username),
        rx.el.input(type="hidden", name="password", value="demo"),
        rx.el.button(
            rx.el.strong(account.username),
            " ",
            rx.el.span(account.role, ": ", account.sees),
            type="submit",
        ),
        action=routes.SIGN_IN,
    )
