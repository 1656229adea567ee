"""What Kartotek says while it runs: to stderr, for people on a terminal, as JSON lines otherwise."""

import logging
import sys

import structlog
from structlog.typing import Processor


def quiet(debug: bool = False) -> None:
    """For a command: only what went wrong, unless debugging. Its own words go to stdout."""
    _configure(logging.DEBUG if debug else logging.ERROR)


def talk() -> None:
    """For a server: what it does."""
    _configure(logging.INFO)


def _configure(level: int) -> None:
    people = sys.stderr.isatty()
    stamp = structlog.processors.TimeStamper(fmt="%H:%M:%S" if people else "iso", utc=not people)
    last: Processor = (
        structlog.dev.ConsoleRenderer() if people else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    shared: list[Processor] = [structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, stamp]
    raised: list[Processor] = [] if people else [structlog.processors.format_exc_info]
    structlog.configure(
        processors=[*shared, *raised, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Asked for anew each time: whoever redirects stderr may have closed it since.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    # Libraries speak through the standard library's logging, in the same voice; their chatter is not for people.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *raised, last],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)
    # These tell of every attempt while the database is down, with stack traces; we tell it once.
    for chatty in ("psycopg.pool", "procrastinate"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
