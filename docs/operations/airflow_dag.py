"""The nightly job as an Airflow DAG. The run id is the logical date: a task that is cleared and run again does nothing
where the run is published with equal inputs, and goes on where fetching stopped where it is not.

What passes between tasks are paths, never payloads: everything downstream reads RUNS/latest.
"""

from datetime import UTC, datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator

FOLDER = "/srv/trialweave"

with DAG(
    dag_id="trialweave",
    schedule="30 2 * * *",
    start_date=datetime(2026, 11, 23, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args={
        # 1 is worth another try: what was fetched is kept. 2 and 4 are for a person, and another try changes nothing
        # but the log; they are few.
        "retries": 2,
        "retry_delay": timedelta(minutes=20),
        "execution_timeout": timedelta(hours=6),
    },
) as dag:
    nightly = BashOperator(
        task_id="nightly",
        cwd=FOLDER,
        # 3 (news reached --fail-on) and 5 (a source gave up, published all the same) let the tasks after this one run.
        bash_command=(
            "trialweave nightly records.jsonl --runs runs --run-id {{ ds }} --config trialweave.toml --fail-on error"
            " || { code=$?; [ $code -eq 3 ] || [ $code -eq 5 ] || exit $code; }"
        ),
    )
    load = BashOperator(task_id="load", cwd=FOLDER, bash_command="duckdb trialweave.duckdb < load_duckdb.sql")
    nightly >> load
