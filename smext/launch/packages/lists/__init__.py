"""Lists of packages that people have beside their notebooks, each read as what pip would be given."""

from .package_list import FIELD, ListContext, PackageList, is_public, masked, shown
from .pip import requirement_of
from .reading import NAMES, read

__all__ = [
    "FIELD",
    "NAMES",
    "ListContext",
    "PackageList",
    "is_public",
    "masked",
    "read",
    "requirement_of",
    "shown",
]
