"""What happens to people and the tree that packages to the right must follow, in the same transaction.

``organisation_moved``   old_path, new_path, organisation – every stored path that begins with old_path is now new_path…
``organisation_merged``  organisation (now closed, below), into, actor, now – what waited for it now waits for ``into``
``invitation_letter_wanted``  invitation, actor, now – it is to go out by letter: draft one for people to read first
``work_requested``       name, key, params, title, actor – a long task of this package; the receiver returns the started run
"""

from django.dispatch import Signal

organisation_moved = Signal()
organisation_merged = Signal()
invitation_letter_wanted = Signal()
work_requested = Signal()
