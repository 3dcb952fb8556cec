"""The WSGI application for a web server; `CKAN_INI` names the settings."""

from __future__ import annotations

import logging

from ckan import model
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.lib import webassets_tools
from ckanext.landlab.stack.lines import JsonLines

application = make_app(load_config())

for handler in logging.getLogger("gunicorn.error").handlers:
    handler.setFormatter(JsonLines())  # so that all lines of the log look alike

# Styles and scripts are made here if they are not yet; to look at each page whether a source of theirs has changed
# since would be a tenth of its cost.
for bundle in webassets_tools.env:
    bundle.urls()
webassets_tools.env.auto_build = False

# A web server that loads us and then forks must not share a connection between its workers: two of them
# speaking on one connection get each other's answers, or wait for ever.
model.Session.remove()
if model.meta.engine:
    model.meta.engine.dispose()
