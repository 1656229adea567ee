-- Who may come in: people, their links and sessions, programs' tokens; and what was done to them.

CREATE TABLE kartotek.people (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email      text NOT NULL,
    first_name text,
    last_name  text,
    role       text NOT NULL,
    password   text,
    settings   jsonb NOT NULL DEFAULT '{}',
    created    timestamptz NOT NULL DEFAULT now(),
    archived   timestamptz
);
CREATE UNIQUE INDEX people_email ON kartotek.people (lower(email));

-- Only hashes are kept of links, sessions and tokens: reading the database lets nobody in.
CREATE TABLE kartotek.sign_in_links (
    hash    bytea PRIMARY KEY,
    person  integer,          -- null: whoever opens it makes the first person
    role    text NOT NULL,
    expires timestamptz NOT NULL,
    used    timestamptz
);

CREATE TABLE kartotek.sessions (
    hash    bytea PRIMARY KEY,
    person  integer NOT NULL,
    csrf    text NOT NULL,
    created timestamptz NOT NULL DEFAULT now(),
    seen    timestamptz NOT NULL DEFAULT now(),
    expires timestamptz NOT NULL
);
CREATE INDEX sessions_person ON kartotek.sessions (person);

CREATE TABLE kartotek.tokens (
    id      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash    bytea NOT NULL UNIQUE,
    name    text NOT NULL,
    person  integer NOT NULL,
    scopes  text[] NOT NULL DEFAULT '{}',
    created timestamptz NOT NULL DEFAULT now(),
    used    timestamptz,
    revoked timestamptz
);

CREATE TABLE kartotek.audit (
    at    timestamptz NOT NULL DEFAULT now(),
    actor integer,
    what  text NOT NULL,
    about jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_at ON kartotek.audit (at);
