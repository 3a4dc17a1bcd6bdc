"""What is read from a request, and what is told of a row."""
