"""The seeded test conversation: an angry customer who was charged twice."""

from escalation_app.domain.vocabulary import Speaker

EXTERNAL_ID = "demo-angry-customer"
REASON = "User is angry about being charged twice for one order and asks for an urgent refund."
TRIGGER = "Angry customer"
PROFILE = {
    "name": "Dana Whitfield",
    "e-mail": "dana.whitfield@example.com",
    "plan": "Premium, monthly",
    "order": "A-20417",
    "customer since": "2021",
}
SCRIPT = (
    (
        Speaker.USER,
        "Hi, I just looked at my bank statement and you charged me TWICE for order A-20417.",
    ),
    (
        Speaker.AGENT,
        "I'm sorry to hear that. I can see one charge of $89.90 for order A-20417 on 12 November.",
    ),
    (
        Speaker.USER,
        "One? I'm looking at two charges of $89.90, both on 12 November. That's $179.80.",
    ),
    (
        Speaker.AGENT,
        "A second amount can be a reservation that your bank releases within 5 working days.",
    ),
    (Speaker.USER, "It is NOT a reservation, it's booked. Just look at it."),
    (Speaker.AGENT, "I understand. May I ask you to send us a copy of the statement?"),
    (
        Speaker.USER,
        "I sent it on Monday and nobody cares. This is ridiculous, my rent bounced because of you! "
        "I want my $89.90 back TODAY!",
    ),
    (Speaker.USER, "And I want to talk to a real person. Now."),
)
