"""What a file says that there shall be: reading it, and making it so."""
