"""The outermost ring: wiring, and the face people see."""
