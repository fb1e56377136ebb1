"""Meetings as a calendar file (iCalendar, RFC 5545): title, day, time and place, and nobody's name."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

ZONE = "Asia/Tokyo"


def written(meetings: Sequence[Mapping[str, object]], register: str, now: datetime) -> bytes:
    """The file: an event a meeting, with `number title date time place status revision`.

    `register` tells registers apart: with the number it makes the UID, the same at each writing, so
    that a calendar that has the event takes the newer revision in its place.
    """
    from zoneinfo import ZoneInfo

    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//soc-cli//soc//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    zone = ZoneInfo(ZONE)
    for meeting in meetings:
        event = Event()
        event.add("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, f"soc:{register}:{meeting['id']}")))
        event.add("dtstamp", now.astimezone(ZoneInfo("UTC")))
        event.add("sequence", meeting["revision"])
        event.add("summary", meeting["title"])
        day = date.fromisoformat(str(meeting["date"]))
        if meeting["time"] is None:
            event.add("dtstart", day)
        else:
            clock = time.fromisoformat(str(meeting["time"]))
            event.add("dtstart", datetime.combine(day, clock, zone))
        if meeting["place"] is not None:
            event.add("location", meeting["place"])
        event.add("status", "CANCELLED" if meeting["status"] == "cancelled" else "CONFIRMED")
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
