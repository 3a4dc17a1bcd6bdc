"""The verbs of the domain: whatever changes a backup, a project or a team goes through here."""
