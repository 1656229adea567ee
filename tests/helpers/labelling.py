"""Words for tests of labels: those of a world in which contacts are advisors and clients, and who has which."""

from kartotek.domain import Database

BILLING, ADVISOR, CLIENT, BUYER = 931, 9001, 9002, 9003
_OWN = [
    (ADVISOR, "contacts", "companies", "advisor", "Advisor", CLIENT),
    (CLIENT, "companies", "contacts", "client", "Client", ADVISOR),
    (BUYER, "contacts", "deals", "buyer", "Buyer", None),
]


def set_up(database: Database) -> None:
    """A label of two names between contacts and companies, and one between contacts and deals."""
    with database.transaction() as tx:
        for row in _OWN:
            tx.run("INSERT INTO kartotek.association_types VALUES (%s,'USER_DEFINED',%s,%s,'labeled',%s,%s,%s)", row)
        tx.run("UPDATE kartotek.catalogue SET version = version + 1")


def take_down(database: Database) -> None:
    with database.transaction() as tx:
        tx.run("DELETE FROM kartotek.association_types WHERE id >= %s", [ADVISOR])
        tx.run("UPDATE kartotek.catalogue SET version = version + 1")


def labels(database: Database) -> list[tuple[str, str, int]]:
    """The address of the contact, the domain of the company, and the label as the contact sees it."""
    with database.transaction() as tx:
        rows = tx.rows(
            "SELECT p.email, c.domain, l.type FROM kartotek.association_labels AS l "
            "JOIN crm.contacts AS p ON p._id = l.first JOIN crm.companies AS c ON c._id = l.second ORDER BY 1, 2, 3"
        )
    return [(row["email"], row["domain"], row["type"]) for row in rows]
