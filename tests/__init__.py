"""A package, so that it is found first: pygeoapi installs one of the same name, which would hide a folder without this file."""
