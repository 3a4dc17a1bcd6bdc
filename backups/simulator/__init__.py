"""A simulated cloud: the backup calls of the contract, read anew and served over HTTP.

It stands alone on the standard library and shares no line with the product, so that what both believe about
the cloud has been read twice. `python -m backups.simulator --help` says how to start it; so does
`manage.py simulator --help`. With `--control` it can be told to fail, see `backups.simulator.control`.
"""
