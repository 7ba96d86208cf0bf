"""Keys of many accounts to those that clash: the only room that needs more memory than one account takes."""

from premigrate.gathering.gathering import Gathering
from premigrate.gathering.groups import Group

__all__ = ["Gathering", "Group"]
