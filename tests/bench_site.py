"""What the benches that need CKAN share: the servers of the site tests, in a data folder of their own."""

import os
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
os.environ.setdefault("LANDLAB_TEST_DATA", str(CHECKOUT / "var" / "bench"))

_spec = spec_from_file_location("site_conftest", CHECKOUT / "tests" / "site" / "conftest.py")
assert _spec
assert _spec.loader
_site = module_from_spec(_spec)
_spec.loader.exec_module(_site)

pytest_configure = _site.pytest_configure
pytest_unconfigure = _site.pytest_unconfigure
reset_db = _site.reset_db
