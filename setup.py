"""Where the files live; everything else about the package stands in pyproject.toml."""

from setuptools import find_namespace_packages, setup

SOURCE = "ckanext-landlab"

setup(
    package_dir={"": SOURCE, "ckanext.landlab.schemas": "schemas"},
    packages=[
        *(name for name in find_namespace_packages(SOURCE) if name.startswith("ckanext.landlab")),
        "ckanext.landlab.schemas",
    ],
    include_package_data=False,
    package_data={
        "ckanext.landlab": ["config_declaration.yaml", "py.typed"],
        "ckanext.landlab.schemas": ["*.yaml", "*/*.yaml", "guideline/*.md"],
        "ckanext.landlab.assets": ["**/*"],
        "ckanext.landlab.i18n": ["**/*"],
        "ckanext.landlab.migration": ["**/*"],
        "ckanext.landlab.templates": ["**/*"],
        "ckanext.landlab.stack": ["sample/**/*", "*.ini"],
    },
)
