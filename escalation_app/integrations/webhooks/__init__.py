"""Webhooks leave the desk here: to a receiver that was judged, at the address that was judged."""
