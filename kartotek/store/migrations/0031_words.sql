-- The words that records are found by: a directory of them, in parts that are written once (docs/decisions/search.md).
SET LOCAL lock_timeout = '200ms';
-- Each batch of writing leaves a part; later ones have higher numbers. Many small parts are put together to a large one.
CREATE TABLE kartotek.word_parts (
    part        bigint PRIMARY KEY,
    object_type integer NOT NULL,
    size        bigint NOT NULL
);
-- A stretch of a part's words in their order, with the record that each belongs to; no two stretches of a part overlap.
-- One word that fills a stretch alone is named once.
CREATE TABLE kartotek.words (
    part    bigint NOT NULL,
    first   text COLLATE "C" NOT NULL,
    last    text COLLATE "C" NOT NULL,
    size    integer NOT NULL,
    words   text[] COLLATE "C" NOT NULL,
    records bigint[] NOT NULL
) WITH (toast_tuple_target = 8160);
-- To compress them takes longer than to write them.
ALTER TABLE kartotek.words ALTER COLUMN words SET STORAGE EXTERNAL, ALTER COLUMN records SET STORAGE EXTERNAL;
CREATE INDEX words_last ON kartotek.words (part, last, first) INCLUDE (size);
-- Of which properties the directory holds the words, of every record of the type.
CREATE TABLE kartotek.words_known (
    object_type integer PRIMARY KEY,
    properties  text[] NOT NULL
);

-- Text as it is searched: case, accents and Nordic spellings folded, all else that is no letter or digit a space.
-- values/words.py says the same.
CREATE FUNCTION kartotek.search_key(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN replace(replace(replace(translate(regexp_replace(normalize(
        replace(replace(replace(lower(value COLLATE pg_c_utf8), 'ß', 'ss'), 'æ', 'ae'), 'þ', 'th'), NFD),
        U&'[\0300-\036F]', '', 'g'),
        U&'øđðł!"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~\00A0\00AB\00B7\00BB\2013\2014\2018\2019\201C\201D\201E\2026' || chr(9) || chr(10) || chr(13) || chr(31),
        'oddl' || repeat(' ', 48)), 'aa', 'a'), 'ae', 'a'), 'oe', 'o') COLLATE "C";
