"""What is measured, and against whom: `python -m bench NAME` measures side by side, in one run, on one machine."""
