"""What the files of `examples/` must be; `python -m tests.examples` writes those anew that follow from others."""
