-- By what silos know each other's calls: one row, made by the first silo that starts. Hexadecimal digits.
CREATE TABLE IF NOT EXISTS service_secret (
    id integer PRIMARY KEY CHECK (id = 1),
    secret text NOT NULL CHECK (length(secret) = 64),
    made_at text NOT NULL
);
