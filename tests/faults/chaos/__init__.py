"""A random run: people click, things break, processes die; at the end the cloud's own books are compared."""
