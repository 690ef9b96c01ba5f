"""What may be expected of clocks."""

from datetime import timedelta

# So far may those of several machines be apart; a time further ahead was written by a wrong one.
CLOCKS_DIFFER_BY = timedelta(minutes=1)
