"""Calendars for other programs to subscribe to (RFC 5545), the same text for the same facts."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from icalendar import Calendar, Event

PRODUCT = "-//portal//cycles//ZH"
REFRESH = "PT6H"


@dataclass(frozen=True)
class Item:
    """One entry: whole days from ``first`` to ``last`` (both included), or the moment ``at``."""

    uid: str
    title: str
    changed: dt.datetime
    first: dt.date | None = None
    last: dt.date | None = None
    at: dt.datetime | None = None
    text: str = ""
    url: str = ""
    category: str = ""


def calendar_text(name: str, items: Iterable[Item]) -> bytes:
    """The whole calendar. Lines are folded and text is escaped by the library; moments are written in UTC."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval;value=duration", REFRESH)
    calendar.add("x-published-ttl", REFRESH)
    for item in items:
        calendar.add_component(_event(item))
    return calendar.to_ical()


def _event(item: Item) -> Event:
    event = Event()
    event.add("uid", item.uid)
    # Without METHOD this is the moment of the last revision (RFC 5545 3.8.7.2), so an unchanged calendar stays the same.
    event.add("dtstamp", item.changed.astimezone(dt.UTC))
    event.add("last-modified", item.changed.astimezone(dt.UTC))
    event.add("summary", item.title)
    if item.at is not None:
        event.add("dtstart", item.at.astimezone(dt.UTC))
        event.add("dtend", item.at.astimezone(dt.UTC))
    elif item.first is not None and item.last is not None:
        event.add("dtstart", item.first)
        event.add("dtend", item.last + dt.timedelta(days=1))  # the end is not part of the event
    event.add("transp", "TRANSPARENT")
    if item.text:
        event.add("description", item.text)
    if item.url:
        event.add("url", item.url)
    if item.category:
        event.add("categories", [item.category])
    return event


def calendar_response(request: HttpRequest, text: bytes, *, private: bool) -> HttpResponse:
    """200 with the calendar, or 304 when the subscriber has this very text already."""
    etag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}
    if etag in known:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=300" if private else "public, max-age=300"
    return response
