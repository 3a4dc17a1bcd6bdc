"""`make bench`: how fast Safepoint is with a million backups, each figure beside a floor from the same run.

1. An own PostgreSQL and Valkey, started as `make run` starts them; in a directory that goes away again.
2. Worlds: databases filled by SQL, with the product's own migrations, constraints and indexes.
3. Web processes as `deploy.processes` starts them, with the bare views of this package beside the pages.
4. Suites measure through HTTP, as a browser that is signed in; subject and floor take turns, so that
   whatever else the machine does meets both.
"""
