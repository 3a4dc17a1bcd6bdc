"""Commands of the benchmarks; known under `benchmarks.settings` alone."""
