-- Domains are kept as the DNS has them (xn--mbler-vua.dk), and people look for møbler.dk: so they are searched by both. Of what is
-- there already a worker reads the words anew, where a domain has letters of its own.
SET LOCAL lock_timeout = '200ms';
CREATE FUNCTION kartotek.punycode(label text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
-- RFC 3492, 6.2; what is none is given back as it stands.
DECLARE
    dash integer := length(label) - strpos(reverse(label), '-') + 1;
    letters text[] := CASE WHEN strpos(label, '-') > 1 THEN string_to_array(left(label, dash - 1), NULL) ELSE '{}' END;
    rest text := CASE WHEN strpos(label, '-') > 0 THEN substr(label, dash + 1) ELSE label END;
    read integer := 1;
    code bigint := 128;
    place bigint := 0;
    bias integer := 72;
    before bigint;
    weight bigint;
    step integer;
    digit integer;
    lowest integer;
    size integer;
BEGIN
    WHILE read <= length(rest) LOOP
        before := place;
        weight := 1;
        step := 36;
        LOOP
            digit := strpos('abcdefghijklmnopqrstuvwxyz0123456789', substr(rest, read, 1)) - 1;
            IF read > length(rest) OR digit < 0 OR weight > 100000000 THEN
                RETURN 'xn--' || label;
            END IF;
            read := read + 1;
            place := place + digit * weight;
            lowest := greatest(1, least(26, step - bias));
            EXIT WHEN digit < lowest;
            weight := weight * (36 - lowest);
            step := step + 36;
        END LOOP;
        size := cardinality(letters) + 1;
        before := CASE WHEN before = 0 THEN (place - before) / 700 ELSE (place - before) / 2 END;
        before := before + before / size;
        bias := 0;
        WHILE before > 455 LOOP
            before := before / 35;
            bias := bias + 36;
        END LOOP;
        bias := bias + 36 * before / (before + 38);
        code := code + place / size;
        place := place % size;
        IF code > 1114111 OR code BETWEEN 55296 AND 57343 THEN
            RETURN 'xn--' || label;
        END IF;
        letters := letters[:place] || chr(code::integer) || letters[place + 1:];
        place := place + 1;
    END LOOP;
    RETURN array_to_string(letters, '');
END $$;
CREATE FUNCTION kartotek.own_letters(value text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    label text;
BEGIN
    FOR label IN SELECT DISTINCT coded[1] FROM regexp_matches(value, 'xn--([a-z0-9-]+)', 'g') AS r(coded)
                  ORDER BY 1 DESC
    LOOP
        value := replace(value, 'xn--' || label, kartotek.punycode(label));
    END LOOP;
    RETURN value;
END $$;
DO $$
BEGIN
    IF to_regclass('crm.companies') IS NOT NULL THEN
        INSERT INTO kartotek.words_due (object_type, records)
        SELECT 2, range_agg(int8range(_id, _id, '[]')) FROM crm.companies AS c
         WHERE strpos(domain, 'xn--') > 0 OR strpos(to_jsonb(c) ->> 'hs_additional_domains', 'xn--') > 0
        HAVING count(*) > 0;
    END IF;
END $$;
