"""Mails of the release check, through CKAN's mailer and so through every notifier that is plugged in."""

from __future__ import annotations

import logging

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import mailer
from ckan.plugins.toolkit import _
from ckanext.landlab import gate, release
from ckanext.landlab.language import reader
from ckanext.landlab.legal.parameters import written_day
from ckanext.landlab.legal.responsibilities import Body, bodies_of

log = logging.getLogger(__name__)


def tell_confirmers(found: release.Release, *, again: bool = False) -> int:
    """Queue a mail to everybody who may confirm; how many people that are."""
    people = release.confirmers(found.dataset.get("owner_org"), found.entered_by)
    subject = _("Reminder: a release waits for you") if again else _("A release waits for you")
    text = _("“{title}” waits for your confirmation. You find the answers here: {address}")
    body = text.format(title=found.dataset["title"], address=gate.page(found))
    for person in people:
        queue(person.id, subject, body)
    return len(people)


def tell_enterer(found: release.Release, reason: str) -> None:
    """Queue a mail to the person who entered the answers: something has to be changed."""
    if not (found.row and found.row.entered_by):
        return
    text = _("“{title}” was given back to you: {reason} You find the answers here: {address}")
    body = text.format(title=found.dataset["title"], reason=reason, address=gate.page(found))
    queue(found.row.entered_by, _("A release was given back"), body)


def tell_review(found: release.Release) -> int:
    """Queue a mail to those who confirm and to the custodian's mailbox: the review date has passed."""
    people = release.confirmers(found.dataset.get("owner_org"), frozenset())
    subject = _("A dataset is past its review date")
    text = _("The review date of “{title}” has passed. Please go through the release check again: {address}")
    body = text.format(title=found.dataset["title"], address=gate.page(found))
    for person in people:
        queue(person.id, subject, body)
    known = {(person.email or "").casefold() for person in people}
    offices = [body for body in bodies_of(found.dataset.get("custodian")) if body.email.casefold() not in {"", *known}]
    text = _(
        "Your office answers for the data “{title}”. They should have been reviewed by {day}. They stay public, with a"
        " notice that the review is outstanding. Please look whether they are still right: {address}"
    )
    address = tk.url_for("dataset.read", id=found.dataset["name"], qualified=True)
    day = written_day(found.confirmation.review_by, reader()) if found.confirmation else ""
    body = text.format(title=found.dataset["title"], day=day, address=address)
    for office in offices:
        queue_to_mailbox(office, subject, body)
    return len(people) + len(offices)


def queue(user_id: str, subject: str, body: str) -> None:
    """Have a mail sent by the job worker, so that nobody waits for a mail server."""
    tk.enqueue_job(send, [user_id, subject, body], title="landlab: mail about a release")


def queue_to_mailbox(office: Body, subject: str, body: str) -> None:
    """Have a mail sent to the mailbox of an office that need not have an account here."""
    tk.enqueue_job(send_to_mailbox, [office.name, office.email, subject, body], title="landlab: mail about a release")


def send_to_mailbox(name: str, address: str, subject: str, body: str) -> None:
    """Send a mail to a mailbox; a server that refuses is noted in the log."""
    try:
        mailer.mail_recipient(name, address, subject, body)
    except mailer.MailerException:
        log.warning("The mail %r to the mailbox of %s could not be sent", subject, name)


def send(user_id: str, subject: str, body: str) -> None:
    """Send a mail to a person of this site; one without an address, or a server that refuses, is noted in the log."""
    person = model.User.get(user_id)
    if person is None:
        return
    try:
        mailer.mail_user(person, subject, body)
    except mailer.MailerException:
        log.warning("The mail %r to the user %s could not be sent", subject, person.name)
