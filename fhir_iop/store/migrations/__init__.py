"""The schema's steps, one file each under ``versions``, and the command that takes them (Alembic)."""
