-- What happened in the federation. Appends take turns (see Queries/events.sql), so that a number is seen only after all
-- smaller ones; a number is never given out twice.
CREATE TABLE event (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at text NOT NULL,
    kind text NOT NULL,
    application text,
    site text,
    text text NOT NULL,
    detail_json json
);
