"""What each kind of problem is called, what it says, and what to do about it, by its name in imports.md 14: in English,
to be translated. What is said of special cases, and of what came of a problem, stands in sentences.py.

{value} is the text as it stood, {label} the property, {object} the object in the singular, {order} the order of the
dates, {example} what a value looks like, {needed} what a record cannot do without, {homes} what
it may belong to. Titles and remedies are also shown over many rows at once, so they name no value.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Saying:
    title: str
    wrong: str
    remedy: str


def N_(text: str) -> str:
    """Marks a text for the translators."""
    return text


UNKNOWN = Saying(N_("Not importable"), N_("“{value}” cannot be imported."), N_("Correct it, or leave it empty."))

SAYINGS: dict[str, Saying] = {
    "CHANGED_SINCE_REHEARSAL": Saying(
        N_("Changed since the rehearsal"),
        N_("{label} is not what it was in the rehearsal: it is “{value}” now."),
        N_("Rehearse the held rows again, look at them, and import them."),
    ),
    "NOT_AS_REHEARSED": Saying(
        N_("Not as rehearsed"),
        N_("This would not become what the rehearsal foresaw."),
        N_("Rehearse the held rows again, look at them, and import them."),
    ),
    "AMBIGUOUS_ENUMERATION_OPTION": Saying(
        N_("Fits several options"),
        N_("“{value}” fits more than one option of {label}."),
        N_("Write the option's internal value."),
    ),
    "ASSOCIATION_LABEL_NOT_FOUND": Saying(
        N_("No such label"),
        N_("“{value}” is not a label of this association."),
        N_("Correct it, or create the label first."),
    ),
    "ASSOCIATION_LIMIT_EXCEEDED": Saying(
        N_("Too many associations"),
        N_("The {object} has as many associations of this kind as it may have."),
        N_("Remove some, or raise the limit."),
    ),
    "ASSOCIATION_RECORD_NOT_FOUND": Saying(
        N_("Record to associate with not found"),
        N_("“{value}” is no record that could be associated."),
        N_("Correct it, or import that record first."),
    ),
    "COLUMN_TOO_LARGE": Saying(
        N_("Text too long"), N_("The text is longer than 65,536 characters."), N_("Shorten it.")
    ),
    "COULD_NOT_FIND_OWNER": Saying(
        N_("Owner unknown"),
        N_("“{value}” is nobody here."),
        N_("Write the name or email of one of Kartotek's people, or add them."),
    ),
    "COULD_NOT_PARSE_DATE": Saying(
        N_("Not a date"),
        N_("“{value}” is not a date in {order}."),
        N_("Correct it, or choose the file's date format."),
    ),
    "COULD_NOT_PARSE_TERM": Saying(
        N_("Wrong form"), N_("“{value}” does not fit {label}."), N_("It looks like {example}.")
    ),
    "COULD_NOT_PARSE_NUMBER": Saying(
        N_("Not a number"),
        N_("“{value}” is not a number."),
        N_("Leave digits and marks only, or choose the file's number format."),
    ),
    "COULD_NOT_PARSE_ROW": Saying(
        N_("Unreadable row"),
        N_("The row cannot be read: a quotation mark is opened and not closed."),
        N_("Close or remove it."),
    ),
    "CREATE_ONLY_IMPORT": Saying(
        N_("Exists already"),
        N_("The {object} exists already, and this import only creates."),
        N_("Choose create and update instead."),
    ),
    "DUPLICATE_ALTERNATE_ID": Saying(
        N_("Same unique value on several rows"),
        N_("“{value}” in {label} stands on several rows of the file."),
        N_("Give each row a value of its own, or keep one row for each record."),
    ),
    "DUPLICATE_ASSOCIATION_ID": Saying(
        N_("Same key on several rows"),
        N_("“{value}” is the key of several rows, so it is not clear which of them is meant."),
        N_("Give each row a key of its own."),
    ),
    "DUPLICATE_OBJECT_ID": Saying(
        N_("Same record id on several rows"),
        N_("This record id stands on several rows of the file."),
        N_("Keep one row for each record."),
    ),
    "DUPLICATE_RECORD_ID": Saying(
        N_("Same record id on several rows"),
        N_("This record id stands on several rows of the file."),
        N_("Keep one row for each record."),
    ),
    "DUPLICATE_ROW_CONTENT": Saying(
        N_("Same row twice"), N_("The row says the same as an earlier one."), N_("Remove one of the two.")
    ),
    "DUPLICATE_UNIQUE_CREATION_KEY": Saying(
        N_("Key taken"), N_("“{value}” is the key of another record."), N_("Correct one of the two.")
    ),
    "DUPLICATE_UNIQUE_PROPERTY_VALUE": Saying(
        N_("Value taken by another record"),
        N_("“{value}” in {label} already belongs to another record."),
        N_("Correct one of the two."),
    ),
    "FAILED_TO_CREATE_ASSOCIATION": Saying(
        N_("Association not made"),
        N_("One of the two records went away meanwhile."),
        N_("Import the row again."),
    ),
    "FAILED_TO_FIND_RECORD_FOR_ASSOCIATIONS": Saying(
        N_("Belongs to no record"),
        N_("A new {object} belongs to a {homes}, and the row names none that is there."),
        N_("Name one."),
    ),
    "FAILED_TO_PROCESS_OBJECT_WITH_EMPTY_PROPERTY_VALUES": Saying(
        N_("Nothing in the row"), N_("The row says nothing about the {object}."), N_("Fill in at least one property.")
    ),
    "FAILED_VALIDATION": Saying(
        N_("Wrong form"), N_("“{value}” does not fit {label}."), N_("It looks like {example}.")
    ),
    "FILE_NOT_FOUND": Saying(N_("File gone"), N_("The uploaded file is not kept any more."), N_("Upload it again.")),
    "GDPR_BLACKLISTED_EMAIL": Saying(
        N_("Deleted permanently"),
        N_("The person with this address was deleted permanently for privacy, so the row is not imported."),
        N_("Leave the row out."),
    ),
    "INCORRECT_NUMBER_OF_COLUMNS": Saying(
        N_("Too many or too few cells"),
        N_("The row has another number of cells than the header."),
        N_("Add or remove some."),
    ),
    "INVALID_ALTERNATE_ID": Saying(
        N_("Identifier too long"),
        N_("“{value}” is too long to identify a record."),
        N_("Use at most 1,000 characters."),
    ),
    "INVALID_ASSOCIATION_IDENTIFIER": Saying(
        N_("Key not usable"), N_("“{value}” cannot be used to join the files."), N_("Correct it.")
    ),
    "INVALID_ASSOCIATION_KEY": Saying(
        N_("Key not usable"), N_("“{value}” cannot be used to associate the rows."), N_("It looks like {example}.")
    ),
    "INVALID_COLUMN_CONFIGURATION": Saying(
        N_("Columns contradict each other"),
        N_("The columns are mapped in a way that cannot be carried out."),
        N_("Map them anew."),
    ),
    "INVALID_CUSTOM_PROPERTY_VALIDATION": Saying(
        N_("Against a rule of the property"),
        N_("“{value}” is against the rules of {label}."),
        N_("Correct it, or change the rule."),
    ),
    "INVALID_DOMAIN": Saying(
        N_("Not a domain name"), N_("“{value}” is not a domain name."), N_("It looks like example.com.")
    ),
    "INVALID_EMAIL": Saying(
        N_("Not an email address"),
        N_("“{value}” is not an email address."),
        N_("It looks like name@example.com."),
    ),
    "INVALID_ENUMERATION_OPTION": Saying(
        N_("Not an option"),
        N_("“{value}” is not an option of {label}."),
        N_("Correct it, or add the option to the property."),
    ),
    "INVALID_ENUM_FILE_ID_OR_URL": Saying(
        N_("Not a file"),
        N_("“{value}” is neither the address nor the id of a file."),
        N_("It looks like {example}."),
    ),
    "INVALID_FILE_TYPE": Saying(
        N_("Not a spreadsheet"), N_("The file is neither text nor a spreadsheet."), N_("Save it as CSV or XLSX.")
    ),
    "INVALID_NUMBER_SIZE": Saying(N_("Number too large"), N_("“{value}” is too large a number."), N_("Correct it.")),
    "INVALID_OBJECT_ID": Saying(
        N_("No record with this id"),
        N_("“{value}” in {label} is no record's id."),
        N_("Correct it, or leave it empty."),
    ),
    "INVALID_PROPERTY_VALUE_FORMAT": Saying(
        N_("Wrong form"), N_("“{value}” is written in a form that {label} does not know."), N_("Correct it.")
    ),
    "INVALID_RECORD_ID": Saying(
        N_("No record with this id"),
        N_("“{value}” is not the record id of any {object}."),
        N_("Correct it, or leave it empty."),
    ),
    "INVALID_REQUIRED_PROPERTY": Saying(
        N_("Needed value unreadable"),
        N_("{label} is needed, and “{value}” cannot be read as it."),
        N_("Correct it."),
    ),
    "INVALID_SHEET_COUNT": Saying(
        N_("Several sheets"), N_("The workbook has several sheets."), N_("Say which one is meant.")
    ),
    "INVALID_SPREADSHEET": Saying(
        N_("Workbook cannot be opened"),
        N_("The workbook cannot be opened."),
        N_("Save it anew in the program that made it."),
    ),
    "LIMIT_EXCEEDED": Saying(
        N_("Limit reached"), N_("There is no room for another {object}."), N_("Ask an administrator for more.")
    ),
    "LINE_ITEM_MULTIPLE_PARENTS_IN_ROW": Saying(
        N_("Belongs to several records"),
        N_("A {object} belongs to one {homes}, and the file gives this one several."),
        N_("Keep the rows of one of them."),
    ),
    "MANY_ERRORS_IN_ROW": Saying(
        N_("Many errors in one row"),
        N_("So much in the row cannot be read that it is reported as one error."),
        N_("Compare the row with the header."),
    ),
    "MISSING_OBJECT_DEFINITION": Saying(
        N_("Object unknown"), N_("There is no object of this name."), N_("Choose one that exists, or create it.")
    ),
    "MISSING_REQUIRED_PROPERTY": Saying(
        N_("Needed value missing"), N_("{needed} is needed to create a {object}."), N_("Fill it in.")
    ),
    "MULTIPLE_COMPANIES_WITH_THIS_DOMAIN": Saying(
        N_("Domain of several companies"),
        N_("Several companies have the domain “{value}”."),
        N_("Give the record id of the one meant, in a column of its own."),
    ),
    "MULTIPLE_OWNERS_FOUND": Saying(
        N_("Several people of that name"),
        N_("Several people are called “{value}”."),
        N_("Write the email of the one that is meant."),
    ),
    "NO_OBJECT_ID_FROM_ASSOCIATION_IDENTIFIER": Saying(
        N_("Key leads to no row"),
        N_("“{value}” is not the key of any row."),
        N_("Correct it, or add the row that it names."),
    ),
    "OUTSIDE_VALID_TERM_RANGE": Saying(
        N_("Term out of range"),
        N_("“{value}” is out of range for {label}: it goes from 1 month to 100 years."),
        N_("Correct it."),
    ),
    "OUTSIDE_VALID_TIME_RANGE": Saying(
        N_("Date out of range"),
        N_("“{value}” is a date out of range: years go from 1000 to 9999, and nothing ends before it begins."),
        N_("Correct it."),
    ),
    "PORTAL_WIDE_CUSTOM_OBJECT_LIMIT_EXCEEDED": Saying(
        N_("Limit reached"), N_("There is no room for another {object}."), N_("Ask an administrator for more.")
    ),
    "PROPERTY_DEFINITION_NOT_FOUND": Saying(
        N_("No such property"),
        N_("The property of this column does not exist any more."),
        N_("Map the column to another one."),
    ),
    "PROPERTY_VALUE_NOT_FOUND": Saying(
        N_("Value missing"), N_("A value is expected here and there is none."), N_("Fill it in.")
    ),
    "ROW_DATA_TOO_LARGE": Saying(
        N_("Row too long"),
        N_("The cells of the row that are imported hold more than 4 MB together."),
        N_("Shorten them, or leave some of the columns out."),
    ),
    "SECONDARY_EMAIL_WRITE_FAILURE": Saying(
        N_("Additional address not kept"),
        N_("“{value}” is not an email address, or belongs to another contact."),
        N_("Correct it."),
    ),
    "UNKNOWN_ASSOCIATION_RECORD_ID": Saying(
        N_("No record with this id to associate with"),
        N_("“{value}” is not the id of a record that could be associated."),
        N_("Correct it, or leave it empty."),
    ),
    "UNKNOWN_ERROR": Saying(
        N_("Unexpected error"), N_("Kartotek met something that it did not expect."), N_("Import the row again.")
    ),
    "UPDATE_ONLY_IMPORT": Saying(
        N_("Does not exist yet"),
        N_("There is no such {object} yet, and this import only updates."),
        N_("Choose create and update instead."),
    ),
}
