"""Invitations by letter: read first, the link is made when the letter leaves."""
