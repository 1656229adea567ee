"""Recipes: a plan as a file that people read, change, review and keep, and the same plan back from it.

A recipe is TOML. It holds every field of Plan and of what is inside it, found by walking the dataclasses, so that what
is added there is in recipes, too. Columns are named by their headers: their places follow from the file that the recipe
meets (`fitting`). What was written by hand and cannot be meant is refused with its line (`lines`).
"""

from kartotek.imports.recipes.fitting import Difference, Headers, differences, fitted, headers_of, lacking, repeated
from kartotek.imports.recipes.reading import read
from kartotek.imports.recipes.writing import write

__all__ = ["Difference", "Headers", "differences", "fitted", "headers_of", "lacking", "read", "repeated", "write"]
