"""CKAN's settings file: the site's own settings, and over them what only this machine knows."""

from __future__ import annotations

import io
from collections.abc import Mapping
from configparser import Error as ConfigParserError
from configparser import RawConfigParser
from dataclasses import dataclass
from pathlib import Path

from ckanext.landlab.errors import SettingWrong
from ckanext.landlab.stack.bucket import bucket_of
from ckanext.landlab.stack.folder import Folder

TEMPLATE = Path(__file__).with_name("site.ini")
SECTION = "app:main"


@dataclass(frozen=True)
class Addresses:
    """Where CKAN finds its servers, and where people find CKAN."""

    database: str
    redis: str
    search: str
    site: str
    search_login: tuple[str, str] | None = None  # None: the address is somebody else's, and CKAN_SOLR_USER says who


def write(folder: Folder, addresses: Addresses, extra: Mapping[str, str] | None = None, own: str | None = None) -> Path:
    """Write CKAN's settings into the data folder and return the file; later sources win over earlier ones.

    The site's own settings lie in the data folder, or in the file *own*.
    """
    parser = RawConfigParser()
    parser.optionxform = str  # type: ignore[method-assign] CKAN's options keep their case
    _read(parser, TEMPLATE)
    _read(parser, Path(own) if own else folder.path / "site.ini")
    for option, value in {**_local(folder, addresses, parser), **(extra or {})}.items():
        parser.set(SECTION, option, value.replace("%", "%%"))
    text = io.StringIO()
    parser.write(text)
    folder.write_text(folder.ini.name, text.getvalue())
    return folder.ini


def _read(parser: RawConfigParser, file: Path) -> None:
    """Add what stands in *file*, if it exists."""
    try:
        parser.read(file, encoding="utf-8")
    except (ConfigParserError, UnicodeDecodeError) as error:
        raise SettingWrong("site.ini", str(file), f"it cannot be read: {' '.join(str(error).split())}") from error


def plugins() -> list[str]:
    """The plugins of the site, in their order."""
    parser = RawConfigParser()
    parser.read(TEMPLATE, encoding="utf-8")
    return parser.get(SECTION, "ckan.plugins").split()


def _local(folder: Folder, addresses: Addresses, site: RawConfigParser) -> dict[str, str]:
    secrets = folder.secrets()
    is_folder = not bucket_of(dict(site.items(SECTION)))
    uploads = {"ckan.files.storage.default.path": str(folder.path / "files")} if is_folder else {}
    login = dict(zip(("solr_user", "solr_password"), addresses.search_login or (), strict=False))
    return {
        "sqlalchemy.url": addresses.database,
        "ckan.redis.url": addresses.redis,
        "solr_url": addresses.search,
        "ckan.site_url": addresses.site,
        **login,
        "SECRET_KEY": secrets["site"],
        "WTF_CSRF_SECRET_KEY": secrets["site"],
        "api_token.jwt.encode.secret": f"string:{secrets['tokens']}",
        "api_token.jwt.decode.secret": f"string:{secrets['tokens']}",
        "ckan.storage_path": str(folder.path / "files"),
        **uploads,
        "ckan.webassets.path": str(folder.path / "webassets"),
    }
