"""How Safepoint is installed, started and supervised. The product imports `addresses`, and no more."""
