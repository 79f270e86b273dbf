"""The benchmarks: what the workstation does beside a plain reference that does the same, in the same run."""
