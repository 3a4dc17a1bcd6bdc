"""The cloud's own endpoints, governed: clients change one host name, and gain approvals, audit, exactly-once.

Create and list, and the sign-in for them (contract.md); bodies, replies and errors are the cloud's own.
"""
