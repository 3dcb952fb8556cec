"""Settings: a wrong one stops the start, and some are changed on a page of the administration."""

import pytest
from bs4 import BeautifulSoup
from ckan.common import config, config_declaration
from ckan.exceptions import CkanConfigurationException
from ckan.tests import factories
from ckanext.landlab import config as ours
from ckanext.landlab import options

pytestmark = pytest.mark.usefixtures("with_plugins")
PAGE = "/ckan-admin/config"


def test_a_name_that_nobody_declared_is_refused_with_the_nearest_one():
    with pytest.raises(
        CkanConfigurationException, match=r"publisher\.nmae is set, but .* Did you mean .*publisher\.name\?"
    ):
        options.check_names(["ckan.site_title", "ckanext.landlab.publisher.nmae"])


def test_every_setting_of_this_site_is_declared():
    options.check_names(config)
    options.check_languages(config)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ckan.locale_default": "deu"}, "ckan.locale_default is set to 'deu'"),
        ({"ckan.locales_offered": "de klingonisch"}, "ckan.locales_offered is set to 'klingonisch'"),
        ({"ckan.locale_default": "fr"}, "set to 'fr', but ckan.locales_offered does not name it"),
    ],
)
def test_a_language_that_ckan_does_not_speak_is_refused_by_name(given, said):
    with pytest.raises(CkanConfigurationException, match=said):
        options.check_languages({**config, **given})


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("publisher.email", "opendata at example.org"),
        ("publisher.url", "www.example.org"),
        ("publisher.type", "http://purl.org/adms/publishertype/Village"),
        ("pages.imprint", "javascript:alert(1)"),
        ("release.mode", "perhaps"),
        ("package.max_size", "much"),
    ],
)
def test_a_wrong_value_is_refused_by_name(key, wrong):
    _data, errors = config_declaration.validate({**config, f"ckanext.landlab.{key}": wrong})

    assert list(errors) == [f"ckanext.landlab.{key}"]


@pytest.fixture
def sysadmin(clean_db):
    return {"Authorization": factories.SysadminWithToken()["token"]}


def test_the_administration_has_a_field_for_every_setting_that_may_change(app, sysadmin):
    page = BeautifulSoup(app.get(f"/de{PAGE}", headers=sysadmin).body, "html.parser")

    for key in options.editable():
        field = page.find(attrs={"name": key})
        assert field, key
        assert page.find("label", attrs={"for": field["id"]}).get_text(strip=True), key
    assert len(options.editable()) >= 9
    legends = [legend.get_text(strip=True) for legend in page.select(".landlab-settings legend")]
    assert legends == ["Herausgeber des Katalogs", "Der Katalog in Feeds", "Gesetzlich vorgeschriebene Seiten"]


@pytest.mark.usefixtures("clean_db")
def test_only_the_administration_may_change_them(app):
    member = {"Authorization": factories.UserWithToken()["token"]}

    assert app.get(PAGE, headers=member, status=403)
    assert app.post(PAGE, headers=member, data={"save": "", "ckanext.landlab.publisher.name": "x"}, status=403)


def test_a_change_holds_at_once_and_an_empty_field_gives_the_default_back(app, sysadmin):
    changed = {"save": "", "ckanext.landlab.publisher.name": "Stadt Rebenau", "ckan.site_title": "Daten"}
    app.post(PAGE, headers=sysadmin, data=changed)
    assert ours.publisher_name() == "Stadt Rebenau"
    assert "Stadt Rebenau" in app.get("/catalog.ttl").body

    app.post(PAGE, headers=sysadmin, data={**changed, "ckanext.landlab.publisher.name": ""})
    assert ours.publisher_name() == "Daten"


def test_a_wrong_value_is_told_at_its_field_and_not_kept(app, sysadmin):
    data = {"save": "", "ckanext.landlab.publisher.email": "keine Adresse"}
    page = app.post(f"/de{PAGE}", headers=sysadmin, data=data)

    assert (
        "Das ist keine E-Mail-Adresse" in page.body
        or "E-Mail" in BeautifulSoup(page.body, "html.parser").select_one(".error-block").get_text()
    )
    assert ours.publisher_email() == ""
