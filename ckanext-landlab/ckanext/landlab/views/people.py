"""Pages about people answer strangers alike, whether or not there is somebody of that name."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import mailer
from ckan.plugins.toolkit import _
from flask import Blueprint

__all__ = ["landlab_people"]

landlab_people = Blueprint("landlab_people", __name__)


@landlab_people.before_app_request
def reset_link_is_good() -> None:
    """A link for a new password that is not good is refused in one way, be it the name or the key that is wrong."""
    if tk.request.endpoint != "user.perform_reset":
        return
    person = model.User.get((tk.request.view_args or {}).get("id", ""))
    if person is None or not mailer.verify_reset_link(person, tk.request.args.get("key")):
        tk.abort(403, _("This link is not valid any more. Please ask for a new one."))
