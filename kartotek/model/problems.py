"""Problem: which row, which property, what is wrong; and what each kind of problem means (imports.md 14)."""

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a problem does to its row."""

    VALUE = "V"  # the record is imported, the value left empty
    ROW = "R"  # the record is not imported
    FILE = "F"  # nothing of the file is imported
    LINK = "A"  # the record is imported, the association or label is not made
    SKIP = "S"  # the record is left out because the mode says so


@dataclass(frozen=True, slots=True)
class Problem:
    file: str
    line: int  # as a spreadsheet counts; 0 for the whole file
    column: str | None  # the header
    object_type: str | None  # "contacts"
    type: str  # a name of imports.md 14
    value: str | None  # the text as it stood
    message: str  # a sentence for a person


# Beside those of imports.md 14: why a record is held that an import does not find as its rehearsal did.
CHANGED, DIFFERENT = "CHANGED_SINCE_REHEARSAL", "NOT_AS_REHEARSED"
HOLDS = (CHANGED, DIFFERENT)

# Every error type that can arise from a file of ours, with its effect.
EFFECTS: dict[str, Effect] = {
    "AMBIGUOUS_ENUMERATION_OPTION": Effect.VALUE,
    "ASSOCIATION_LABEL_NOT_FOUND": Effect.LINK,
    "ASSOCIATION_LIMIT_EXCEEDED": Effect.LINK,
    "ASSOCIATION_RECORD_NOT_FOUND": Effect.LINK,
    "COLUMN_TOO_LARGE": Effect.ROW,
    "COULD_NOT_FIND_OWNER": Effect.VALUE,
    "COULD_NOT_PARSE_DATE": Effect.VALUE,
    "COULD_NOT_PARSE_NUMBER": Effect.VALUE,
    "COULD_NOT_PARSE_ROW": Effect.ROW,
    "COULD_NOT_PARSE_TERM": Effect.VALUE,
    "CREATE_ONLY_IMPORT": Effect.SKIP,
    "DUPLICATE_ASSOCIATION_ID": Effect.LINK,
    "DUPLICATE_RECORD_ID": Effect.ROW,
    "DUPLICATE_UNIQUE_PROPERTY_VALUE": Effect.ROW,
    "FAILED_TO_CREATE_ASSOCIATION": Effect.LINK,
    "FAILED_TO_FIND_RECORD_FOR_ASSOCIATIONS": Effect.ROW,
    "FAILED_VALIDATION": Effect.VALUE,
    "FILE_NOT_FOUND": Effect.FILE,
    "GDPR_BLACKLISTED_EMAIL": Effect.ROW,
    "INCORRECT_NUMBER_OF_COLUMNS": Effect.ROW,
    "INVALID_ALTERNATE_ID": Effect.ROW,
    "INVALID_ASSOCIATION_KEY": Effect.LINK,
    "INVALID_COLUMN_CONFIGURATION": Effect.FILE,
    "INVALID_CUSTOM_PROPERTY_VALIDATION": Effect.VALUE,
    "INVALID_DOMAIN": Effect.VALUE,
    "INVALID_EMAIL": Effect.ROW,
    "INVALID_ENUMERATION_OPTION": Effect.VALUE,
    "INVALID_ENUM_FILE_ID_OR_URL": Effect.VALUE,
    "INVALID_FILE_TYPE": Effect.FILE,
    "INVALID_NUMBER_SIZE": Effect.VALUE,
    "INVALID_OBJECT_ID": Effect.ROW,
    "INVALID_RECORD_ID": Effect.ROW,
    "INVALID_REQUIRED_PROPERTY": Effect.ROW,
    "INVALID_SHEET_COUNT": Effect.FILE,
    "INVALID_SPREADSHEET": Effect.FILE,
    "LINE_ITEM_MULTIPLE_PARENTS_IN_ROW": Effect.ROW,
    "MISSING_OBJECT_DEFINITION": Effect.FILE,
    "MISSING_REQUIRED_PROPERTY": Effect.ROW,
    "MULTIPLE_COMPANIES_WITH_THIS_DOMAIN": Effect.ROW,
    "MULTIPLE_OWNERS_FOUND": Effect.VALUE,
    "NO_OBJECT_ID_FROM_ASSOCIATION_IDENTIFIER": Effect.LINK,
    "OUTSIDE_VALID_TERM_RANGE": Effect.VALUE,
    "OUTSIDE_VALID_TIME_RANGE": Effect.VALUE,
    "PROPERTY_DEFINITION_NOT_FOUND": Effect.FILE,
    "ROW_DATA_TOO_LARGE": Effect.ROW,
    "SECONDARY_EMAIL_WRITE_FAILURE": Effect.VALUE,
    "UNKNOWN_ASSOCIATION_RECORD_ID": Effect.LINK,
    "UPDATE_ONLY_IMPORT": Effect.SKIP,
}
