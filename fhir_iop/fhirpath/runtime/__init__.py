"""What compiled expressions call where plain Python isn't enough; nothing here knows of expressions."""
