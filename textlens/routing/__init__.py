"""Which 課 should read it, from an editable 組織表."""

from textlens.routing.router import DepartmentRouter

__all__ = ["DepartmentRouter"]
