"""What is said of problems beside the sentences of each kind (sayings.py): what came of them, and special cases, in
English, to be translated.
"""

from kartotek.model.problems import Effect
from kartotek.model.sayings import N_, Saying

CONSEQUENCES = {
    Effect.VALUE: N_("The {object} was imported without it."),
    Effect.ROW: N_("The {object} was not imported."),
    Effect.LINK: N_("The {object} was imported, but not associated."),
    Effect.SKIP: N_("The row was left out for it."),
}
# Where that would not be the whole truth: an association is made without its label, what is held is not lost.
_HELD = N_("The {object} was held, and nothing of it was written.")
CONSEQUENCES_OF = {
    "DUPLICATE_ASSOCIATION_ID": N_("The row was imported without this association."),
    "NO_OBJECT_ID_FROM_ASSOCIATION_IDENTIFIER": N_("The row was imported without this association."),
    "ASSOCIATION_LABEL_NOT_FOUND": N_("The {object} was imported without it."),
    "INVALID_DOMAIN": N_("The {object} was imported without it, but not where it is all that identifies the {object}."),
    "CHANGED_SINCE_REHEARSAL": _HELD,
    "NOT_AS_REHEARSED": _HELD,
}
ORDERS = {
    "DMY": N_("day-month-year"),
    "MDY": N_("month-day-year"),
    "YMD": N_("year-month-day"),
}

# What stands in the place of a word that there is none for.
BLANK = N_("(blank)")
A_PROPERTY, A_RECORD, A_VALUE = N_("the property"), N_("record"), N_("A value")
# The headers of the error report.
REPORT = (N_("File"), N_("Line"), N_("Column"), N_("Object"), N_("Error type"), N_("Value"), N_("What to do"))
# The header above the reasons, behind the columns of rows that are given back.
WHY = N_("Kartotek: why")

# FAILED_TO_CREATE_ASSOCIATION of a label that says whose parent a company is; {value} names the companies upwards.
FAMILY = Saying(
    N_("Not a family of companies"),
    N_("{value}: a company has one parent at most, and is never above itself."),
    N_("Leave one of these labels out."),
)

# INCORRECT_NUMBER_OF_COLUMNS of a row of which it is known how many it has.
CELLS = Saying(
    N_("Too many or too few cells"),
    N_("Number of cells: {row} in the row, {header} in the header."),
    N_("Put a cell with the separator in it into quotation marks, or add or remove cells."),
)
# Between the number of cells of the row and of the header.
UNLIKE = " ≠ "

# ASSOCIATION_LIMIT_EXCEEDED where it is known how many of which there may be.
LIMITED = Saying(
    N_("Too many associations"),
    N_("A {object} may have {others} at most, and this one has them already."),
    N_("Remove some, or raise the limit."),
)
MOST_LABELLED = N_("{others} as “{value}”")
# The same of what belongs to one other record only.
HOUSED = Saying(
    N_("Too many associations"),
    N_("A {object} belongs to one {homes}, and this one has one already."),
    N_("Remove that association first, or leave the row out."),
)

# AMBIGUOUS_ENUMERATION_OPTION of a stage.
SHARED = Saying(
    N_("Stage of several pipelines"),
    N_("“{value}” is a stage of several pipelines."),
    N_("Give the pipeline in a column of its own, or write the stage that is meant as {options}."),
)

# INVALID_ENUMERATION_OPTION of a pipeline, and of a stage.
PIPELINE = Saying(
    N_("Not an option"), N_("“{value}” is not a pipeline."), N_("Correct it, or create the pipeline in the settings.")
)
STAGE = Saying(
    N_("Not an option"),
    N_("“{value}” is not a stage of the pipeline."),
    N_("Correct it, or add the stage to the pipeline in the settings."),
)

# COULD_NOT_PARSE_DATE where no order of day, month and year is known.
UNORDERED = Saying(
    N_("Not a date"), N_("“{value}” is not a date."), N_("Correct it, or choose the file's date format.")
)

# INVALID_CUSTOM_PROPERTY_VALIDATION of a property that still has rules; then these, one after the other.
RULED = Saying(
    N_("Against a rule of the property"),
    N_("“{value}” is against the rules of {label}: {rules}."),
    N_("Correct it, or change the rule."),
)
RULES = {
    "least": N_("{rule} at least"),
    "most": N_("{rule} at most"),
    "shortest": N_("{rule} characters at least"),
    "longest": N_("{rule} characters at most"),
    "pattern": N_("of the form {rule}"),
    "example": N_("like {rule}"),
}

# What a value looks like, where that is said in words.
EXAMPLES = {"boolean": N_("Yes or No"), "term": N_("12 months")}

# FAILED_TO_CREATE_ASSOCIATION of a cell that names the record of its own row.
SELF = Saying(
    N_("Associated with itself"),
    N_("“{value}” is the {object} of this row itself."),
    N_("Name another one, or leave the cell empty."),
)
# ASSOCIATION_RECORD_NOT_FOUND of a cell that says something of an association.
OF_NOTHING = Saying(
    N_("Record to associate with not found"),
    N_("“{value}” says something of an association, and the row does not name both of its ends: {first} and {second}."),
    N_("Name both, or leave the cell empty."),
)
# Between the names of companies, upwards (domain/families.py).
UPWARDS = " → "

# Between the beginning and the end of what would end before it begins.
TO = " – "

# OUTSIDE_VALID_TIME_RANGE of an association's two days.
BACKWARDS = Saying(
    N_("Date out of range"),
    N_("{value}: the association would end before it starts."),
    N_("Correct one of the two days."),
)
