"""One module per group of resources; thin: read, call one operation or query, tell."""
