"""An import from its file to its books: the steps in order. The only place here that knows them all.

prepare       open the file, guess and check the plan, settle its dates and numbers over all rows
prepare_plan  the same by a plan that is there: a recipe, or a former import's (`repeating`)
begin         keep the file and the plan, and put the import in line
work          go over the file: number the keys, then batch by batch check, match, write, report
rehearse      the same, writing nothing; `rehearse_draft` keeps its verdicts, and the import then holds what has changed
erase         make blank what kept files tell of an erased record; `erased_files` says before what that comes to
undo          take an import back, batch by batch
survey        what the import would find in the cells of a draft's file, for whoever maps its columns; `surveyed` so far
cells         what stood in the file where a value is from
template      a file to begin with, in one of the languages of headers
error_report  what went wrong, and `failed_file`, the rows to correct and send again
"""

from kartotek.imports.run.erasing import erase, erased_files
from kartotek.imports.run.inspecting import give_up_survey, inspect, surveyed
from kartotek.imports.run.inspecting import survey_draft as survey
from kartotek.imports.run.limits import Limit, Most, limits
from kartotek.imports.run.origin import Cell, cells
from kartotek.imports.run.passes import OnProgress, Step
from kartotek.imports.run.preparing import (
    Prepared,
    begin,
    begin_rehearsal,
    plan_for,
    plan_from_json,
    plan_to_json,
    prepare,
    require_details,
    settled,
)
from kartotek.imports.run.rehearsing import give_up_rehearsal, rehearse, rehearse_draft
from kartotek.imports.run.repeating import (
    Fit,
    check_recipe,
    fit_plan,
    open_given,
    plan_of,
    plan_to_repeat,
    prepare_plan,
    read_recipe,
    recipe_of,
)
from kartotek.imports.run.reporting import Tongue, error_report, failed_file
from kartotek.imports.run.sources import Places, Upload, names_of, of_import, open_all, places_of
from kartotek.imports.run.sources import found_in as sources_in
from kartotek.imports.run.templates import template
from kartotek.imports.run.undoing import undo
from kartotek.imports.run.working import work

__all__ = [
    "Cell",
    "Fit",
    "Limit",
    "Most",
    "OnProgress",
    "Places",
    "Prepared",
    "Step",
    "Tongue",
    "Upload",
    "begin",
    "begin_rehearsal",
    "cells",
    "check_recipe",
    "erase",
    "erased_files",
    "error_report",
    "failed_file",
    "fit_plan",
    "give_up_rehearsal",
    "give_up_survey",
    "inspect",
    "limits",
    "names_of",
    "of_import",
    "open_all",
    "open_given",
    "places_of",
    "plan_for",
    "plan_from_json",
    "plan_of",
    "plan_to_json",
    "plan_to_repeat",
    "prepare",
    "prepare_plan",
    "read_recipe",
    "recipe_of",
    "rehearse",
    "rehearse_draft",
    "require_details",
    "settled",
    "sources_in",
    "survey",
    "surveyed",
    "template",
    "undo",
    "work",
]
