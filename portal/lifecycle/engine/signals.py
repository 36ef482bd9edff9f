"""Signals sent inside the transaction of a transition: a failing receiver rolls everything back."""

from django.dispatch import Signal

# kwargs: entry, transition (name), before (state), actor, now, payload
entry_transitioned = Signal()
# kwargs: entry, actor, now, item (ConferralItem)
entry_conferred = Signal()
# kwargs: entry, actor, now, reason
honour_revoked = Signal()
# kwargs: entry, actor, now, purpose – a consent to show personal data was taken back
consent_withdrawn = Signal()
