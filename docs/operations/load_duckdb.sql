-- The published files of the last run as tables in DuckDB. Run it in the folder that holds `runs`.
-- Columns are named and typed, so that a quiet night with an empty file loads as well as any other.

CREATE OR REPLACE TABLE records AS
SELECT
    record_id,
    json_extract_string(record, '$.drug_name') AS drug_name,
    json_extract_string(links, '$.study.outcome') AS study_outcome,
    json_extract_string(links, '$.study.id') AS nct_id,
    json_extract_string(links, '$.concept.outcome') AS concept_outcome,
    json_extract_string(links, '$.concept.id') AS concept_code,
    json_extract_string(study, '$.overall_status') AS overall_status,
    json_extract_string(concept, '$.name') AS concept_name,
    json_extract_string(edges, '$.record_study.verdict') AS record_study,
    json_extract_string(edges, '$.record_concept.verdict') AS record_concept,
    json_extract_string(edges, '$.study_concept.verdict') AS study_concept,
    suspect,
    record, study, concept, fields
FROM read_json(
    'runs/latest/enriched.jsonl',
    format = 'newline_delimited',
    maximum_object_size = 67108864,
    columns = {
        record_id: 'VARCHAR', record: 'JSON', links: 'JSON', study: 'JSON', concept: 'JSON', edges: 'JSON',
        fields: 'JSON', suspect: 'VARCHAR'
    }
);

CREATE OR REPLACE TABLE conflicts AS
SELECT *
FROM read_json(
    'runs/latest/conflicts.jsonl',
    format = 'newline_delimited',
    columns = {
        record_id: 'VARCHAR', record_ids: 'VARCHAR[]', kind: 'VARCHAR', severity: 'VARCHAR', field: 'VARCHAR',
        message: 'VARCHAR', claims: 'JSON', suggestion: 'JSON', fingerprint: 'VARCHAR', cause: 'VARCHAR',
        first_seen_run: 'VARCHAR', first_seen_on: 'DATE', acknowledged_until: 'DATE'
    }
);

CREATE OR REPLACE TABLE worklist AS
SELECT *
FROM read_csv(
    'runs/latest/worklist.csv',
    header = true,
    columns = {
        record_id: 'VARCHAR', field: 'VARCHAR', current: 'VARCHAR', proposed: 'VARCHAR', evidence: 'VARCHAR',
        cause: 'VARCHAR', fingerprint: 'VARCHAR', url: 'VARCHAR'
    }
);

-- One row for each published run: the trend.
CREATE OR REPLACE TABLE runs AS
SELECT DISTINCT run_id, started_at, exit_code, headline, records, conflicts, delta
FROM read_json(
    'runs/*/summary.json',
    columns = {
        run_id: 'VARCHAR', started_at: 'TIMESTAMP', exit_code: 'INTEGER', headline: 'VARCHAR', records: 'JSON',
        conflicts: 'JSON', delta: 'JSON'
    }
);
