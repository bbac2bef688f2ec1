"""Write the files of `examples/` anew that follow from others; read the difference before you commit it."""

from tests.examples.files import EXAMPLES, made, written_by_hand

if __name__ == "__main__":
    files = made()
    stale = [path for path in EXAMPLES.glob("[0b]*/*") if path not in files and not written_by_hand(path)]
    for path in stale:
        path.unlink()
    for path, content in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
