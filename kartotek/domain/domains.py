"""Contacts find their companies by domain, where the account has asked for it (records-and-associations.md 6).

A contact that is new, or has another email, and that nothing has given a company, gets the company of its email's
domain: the oldest that has it, else a new one. Providers that give addresses to everybody, and domains that the account
excludes, say nothing; then the contact's website may still lead to a company that is there.

It is a batch of its own, made of what was written before: a form's follows in the same transaction, an import's when
all its rows are in, so that the file's own word goes first and it does not matter where a batch ends.
"""

import re
from dataclasses import dataclass, field

import polars as pl

from kartotek import errors, standard
from kartotek.domain import Tx, account, catalogue, identifiers, writing
from kartotek.domain.comparing import OLD
from kartotek.domain.decisions import Decision, Work
from kartotek.model.account import Account
from kartotek.model.object_types import ObjectType
from kartotek.model.people import SYSTEM, Actor
from kartotek.model.records import Batch, Changes, Links, Source
from kartotek.store import domains as store
from kartotek.store import presence, records
from kartotek.store.associations import COMPANY
from kartotek.values import TYPES, Reading
from kartotek.values import domain as hosts

CONTACTS, COMPANIES = "contacts", "companies"
# What a contact's domain is read from, and what of a contact has to be new for it to be looked for.
NAMING = ("email", "website")
ASKED = {"_id": pl.Int64, "domain": pl.String, "makes": pl.Boolean}
# Under these, two letters of a country stand for less than a registered name: harbour.co.uk is called Harbour.
_SHARED = "(?:co|com|org|net|ac|edu|gov|go|or|ne|nom)"
_LABEL = rf"([^.]+)\.(?:{_SHARED}\.[a-z]{{2}}|[^.]+)$"
MOST_EXCLUDED = 1_000
_INITIALS = 3  # letters up to which a label is taken for initials


@dataclass(frozen=True, slots=True)
class Made:
    """The ids of the companies that were made, and of the contacts that were associated; `left`: contacts whose website
    has led nowhere so far."""

    companies: pl.Series = field(default_factory=lambda: _no_ids())
    contacts: pl.Series = field(default_factory=lambda: _no_ids())
    left: pl.Series = field(default_factory=lambda: _no_ids())


def follow(tx: Tx, decision: Decision) -> None:
    """What follows of something just written: in its transaction."""
    waiting = candidates(decision)
    if len(waiting) and (decided := account.load(tx)).associates_by_domain:
        associate(tx, decided, waiting)


def candidates(decision: Decision) -> pl.Series:
    """The contacts that are new or have another email, and get no company in the same breath."""
    found = [_no_ids()]
    for work in decision.works:
        if work.object_type.name == CONTACTS:
            found += [work.new.filter(_says_something(work.new))["_id"], _moved(work)["_id"]]
    ids, added = pl.concat(found), decision.links.added
    if ids.is_empty() or added.is_empty():
        return ids
    return ids.filter(~ids.is_in(added.filter(pl.col("second_type") == COMPANY)["first"].implode()))


def associate(tx: Tx, decided: Account, ids: pl.Series, source_id: int | None = None) -> Made:
    """Those of these contacts that have no company get that of their domain; `source_id`: the import that made them."""
    known = catalogue.load(tx)
    contacts, companies = known.object_type(CONTACTS), known.object_type(COMPANIES)
    presence.keep_from_archiving(tx, [companies])
    there = records.lock(tx, contacts, ids, [contacts.properties[name] for name in NAMING])
    asked = asking(there.filter(~pl.col("_archived") & pl.col("_primary").is_null()), decided)
    if asked.is_empty():
        return Made()
    return _carry_out(tx, contacts, companies, _acting(source_id), asked, holders(tx, companies, asked))


def note(tx: Tx, import_id: int, position: int, decision: Decision) -> None:
    """Keeps which contacts a batch of an import leaves without a company, until all its rows are in."""
    if account.load(tx).associates_by_domain and len(waiting := candidates(decision)):
        store.note(tx, import_id, position, waiting)


def is_due(tx: Tx, import_id: int) -> bool:
    """Whether contacts of the import wait for their turn."""
    return store.due(tx, import_id) is not None


def associate_next(tx: Tx, import_id: int) -> None:
    """Those of one batch of an import that its caller holds."""
    if (due := store.due(tx, import_id)) is not None:
        position, waiting = due
        made = associate(tx, account.load(tx), waiting, import_id)
        store.had(tx, import_id, position, made.companies, made.contacts, made.left)


def of_import(tx: Tx, import_id: int) -> dict[str, int]:
    """`companies` made and `contacts` associated after its rows were in."""
    return dict(store.of_import(tx, import_id))


def exclusions(text: str) -> tuple[str, ...]:
    """Domains to exclude from lines as people type them; the first that is none is an error that says so."""
    words = dict.fromkeys(word.removeprefix("@") for word in re.split(r"[\s,;]+", text) if word.strip("@"))
    kind, how = TYPES["domain"], Reading()
    read = pl.DataFrame({"word": list(words)}, schema={"word": pl.String}).with_columns(
        domain=kind.read(pl.col("word"), how), wrong=kind.wrong(pl.col("word"), how)
    )
    if len(bad := read.drop_nulls("wrong")):
        raise errors.Invalid(f"“{bad['word'][0]}” is not a domain. It looks like {kind.EXAMPLE}.")
    found = read["domain"].drop_nulls().unique().sort().to_list()
    if len(found) > MOST_EXCLUDED:
        raise errors.Invalid(
            f"At most {MOST_EXCLUDED:,} domains can be excluded, and these are {len(found):,}. Take some away."
        )
    return tuple(found)


def asking(contacts: pl.DataFrame, decided: Account) -> pl.DataFrame:
    """As ASKED: which domain leads each contact (`_id`, texts of NAMING) to its company, and whether it `makes` one
    where there is none: an address does, a website only finds."""
    kind, how = TYPES["domain"], Reading()
    said = contacts.select(
        "_id", mail=kind.read(pl.col("email").str.extract("@([^@]+)$"), how), site=kind.read(pl.col("website"), how)
    )
    nobodys = pl.Series([*standard.freemail(), *decided.excluded_domains], dtype=pl.String).implode()
    tells = {name: pl.col(name).is_not_null() & ~pl.col(name).is_in(nobodys) for name in ("mail", "site")}
    domain = pl.when(tells["mail"]).then("mail").when(tells["site"]).then("site")
    return said.select("_id", domain=domain, makes=tells["mail"]).drop_nulls("domain")


def holders(tx: Tx, companies: ObjectType, asked: pl.DataFrame) -> pl.DataFrame:
    """`domain`, `company`: of several companies with one domain the oldest."""
    held = identifiers.matching(tx, companies, companies.properties["domain"], asked["domain"])
    several = held.filter(pl.col("value").is_duplicated())["record"].unique().sort()
    ages = records.peek(tx, companies, several, [companies.properties["createdate"]])
    aged = held.join(ages.select(record="_id", age="createdate"), on="record", how="left").sort("age", "record")
    return aged.unique("value", keep="first", maintain_order=True).select(domain="value", company="record")


def named(domains: pl.Series) -> pl.Series:
    """What companies are called of which nothing but the domain is known."""
    label = pl.col("readable").str.extract(_LABEL)
    words = label.str.replace_all("-+", " ").str.to_titlecase()
    short = label.str.len_chars() <= _INITIALS
    name = pl.coalesce(pl.when(short).then(label.str.to_uppercase()).otherwise(words), "readable")
    readable = pl.Series("readable", map(hosts.own_letters, domains), pl.String)
    return readable.to_frame().select(name=name).to_series()


def _says_something(rows: pl.DataFrame) -> pl.Expr:
    return pl.any_horizontal(pl.lit(False), *(pl.col(name).is_not_null() for name in NAMING if name in rows.columns))


def _moved(work: Work) -> pl.DataFrame:
    if "email" not in work.old.columns:
        return work.old.clear()
    return work.old.filter(pl.col("email").is_not_null() & pl.col("email").ne_missing(pl.col(f"{OLD}email")))


def _acting(source_id: int | None) -> Actor:
    """Nobody did it by hand, whoever wrote the contact."""
    return SYSTEM.acting_for(Source.DOMAIN, source_id)


def _without(asked: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Those whose domain is to get a company, each domain once, in the order of the contacts."""
    fresh = asked.filter("makes").join(held, on="domain", how="anti", maintain_order="left")
    return fresh.unique("domain", keep="first", maintain_order=True)


def _carry_out(
    tx: Tx, contacts: ObjectType, companies: ObjectType, actor: Actor, asked: pl.DataFrame, held: pl.DataFrame
) -> Made:
    nobody = pl.lit(None, pl.Int64)
    fresh = _without(asked, held).with_row_index("_key").cast({"_key": pl.Int64})
    led = asked.join(held, on="domain", how="left", maintain_order="left").join(
        fresh.select("domain", "_key"), on="domain", how="left", maintain_order="left"
    )
    nowhere = pl.col("company").is_null() & pl.col("_key").is_null()
    ends = led.filter(~nowhere).select(first_id="_id", first_key=nobody, second_id="company", second_key="_key")
    sought = pl.lit("domain").alias(Changes.SOUGHT)
    made = fresh.select("_key", nobody.alias("_id"), named(fresh["domain"]), "domain", sought)
    changes = (Changes(companies, made),) if len(made) else ()
    decision = writing.decide(tx, actor, Batch(changes, (Links(contacts, companies, ends),)))
    writing.deliver(tx, writing.pack(actor, decision, tx.now))
    writing.keep_free(tx, actor, decision)
    new = [_no_ids(), *(work.new["_id"] for work in decision.works)]
    return Made(pl.concat(new), decision.links.added["first"], led.filter(nowhere)["_id"])


def _no_ids() -> pl.Series:
    return pl.Series("_id", [], pl.Int64)
