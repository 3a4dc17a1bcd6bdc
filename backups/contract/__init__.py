"""The cloud's rules as data and callables, for form, API, client and gateway alike (contract.md)."""
