"""What only the inside of a login shows: that it takes the same time for a name that nobody has."""

import time

import pytest
from ckan.tests import factories
from ckanext.landlab import login

ROUNDS = 5


@pytest.fixture
def someone(clean_db, with_plugins):
    return factories.User(password="ein-langes-passwort")


def fastest(name, app):
    """The least processor time of some failed logins under *name*, as CKAN asks it."""
    taken = []
    for _ in range(ROUNDS):
        with app.flask_app.test_request_context("/user/login"):
            began = time.process_time()
            login.before_login({"login": name, "password": "falsch-falsch"})
            user = login.model.User.by_name(name)
            if user:
                user.validate_password("falsch-falsch")
            taken.append(time.process_time() - began)
    return min(taken)


def test_an_unknown_name_takes_as_much_time_as_a_known_one(app, someone):
    known, unknown = fastest(someone["name"], app), fastest("gibt-es-nicht", app)

    assert 0.5 < unknown / known < 2
