"""Safepoint with one of its rules taken out, to see that the suite notices (faults.md, "The matrix")."""
