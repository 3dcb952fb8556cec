"""Where the files live and how messages are compiled; everything else about the package stands in pyproject.toml."""

from pathlib import Path

import polib
from setuptools import find_namespace_packages, setup
from setuptools.command.build_py import build_py

SOURCE = "ckanext-landlab"
LINK = "ckanext.landlab.schemas*"  # leads to schemas/, for pyright, which reads no import hook of an editable install


class BuildWithMessages(build_py):
    """Compiles every .po beside its .mo first, so that wheels and checkouts both speak German."""

    def run(self):
        for po in Path(SOURCE, "ckanext", "landlab", "i18n").rglob("*.po"):
            polib.pofile(str(po)).save_as_mofile(str(po.with_suffix(".mo")))
        super().run()


setup(
    cmdclass={"build_py": BuildWithMessages},
    package_dir={"": SOURCE, "ckanext.landlab.schemas": "schemas"},
    packages=[
        *(name for name in find_namespace_packages(SOURCE, exclude=[LINK]) if name.startswith("ckanext.landlab")),
        "ckanext.landlab.schemas",
    ],
    include_package_data=False,
    package_data={
        "ckanext.landlab": ["config_declaration.yaml", "py.typed"],
        "ckanext.landlab.schemas": ["*.yaml", "*/*.yaml", "guideline/*.md"],
        "ckanext.landlab.assets": ["**/*"],
        "ckanext.landlab.legal": ["fonts/*"],
        "ckanext.landlab.i18n": ["**/*"],
        "ckanext.landlab.migration": ["**/*"],
        "ckanext.landlab.templates": ["**/*"],
        "ckanext.landlab.stack": ["sample/**/*", "*.ini"],
    },
)
