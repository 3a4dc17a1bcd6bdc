"""The domain: what is true about backups, whatever the face."""
