-- read: the settings that were made, if any
SELECT settings FROM kartotek.account;

-- keep: all of them
INSERT INTO kartotek.account (settings) VALUES (%(settings)s)
ON CONFLICT (one) DO UPDATE SET settings = excluded.settings;
